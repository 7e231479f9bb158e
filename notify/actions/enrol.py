"""Brings the contacts into the ledger and proves of each that it can be rendered, before the first connection."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notify.actions.check import begin_inspection, refuse_grave
from notify.actions.forms import FormNotes, refuse_without_text
from notify.actions.own_files import Counted, refuse_changed_files, with_own_files
from notify.actions.prepare import Prepared
from notify.actions.repeat import refuse_repeat
from notify.actions.rows import NAMED, Row, Rows, not_meant
from notify.checks import Inspection, Reader
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.message import message_id
from notify.core.objection import Against, Objection
from notify.errors import InputError, Problem
from notify.ledger import (
    CampaignRecord,
    Enrolled,
    Enrolment,
    Given,
    Intake,
    Reports,
    Sorted,
    Store,
    Twin,
    Version,
    Versions,
    objections_of,
)

#: Those who wait and have left the contact files are withdrawn; more than this part of them, unless few, is refused.
_GONE = 0.2
_FEW = 5
#: So of those whose address is another one now, if some of them were written to at the old one.
_MOVED = 0.2

_PROVED = (Enrolled.NEW, Enrolled.UPDATED, Enrolled.BACK)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not written to, because its owner was at an older address, or its address when it was another's."""

    origin: str
    address: str
    old_address: str
    is_taken_over: bool

    def __str__(self) -> str:
        if self.is_taken_over:
            return f"{self.address} was written to already, when it was somebody else's"
        return f"{self.address} is a new address of somebody already written to"


@dataclass(slots=True)
class Enrolling:
    """What an enrolment has done so far: counted, with the first few rows of each kind that a person must look at."""

    rows: int = 0
    counts: dict[Enrolled, int] = field(default_factory=lambda: dict.fromkeys(Enrolled, 0))
    rejected: int = 0
    filtered: int = 0
    hidden: int = 0
    #: Whom objections leave out, by the gravest, and to whom some are made who are written to all the same.
    objected: Counter[Against] = field(default_factory=Counter)
    written_to_though: Counter[Against] = field(default_factory=Counter)
    withdrawn: int = 0
    #: Rows left out for an address that has changed, which stand for nobody whom the ledger counts; known at the end.
    left_out: int = 0
    doubted: int = 0
    #: Rows that name more addresses than are written to.
    with_more_addresses: int = 0
    first_rejected: list[Rejected] = field(default_factory=list)
    first_objected: list[str] = field(default_factory=list)
    first_moved: list[LeftOut] = field(default_factory=list)
    #: The files that only one recipient gets.
    own_files: Counted = field(default_factory=Counted)
    unused_overrides: tuple[str, ...] = ()
    #: Of the rows that were read anew.
    form_notes: FormNotes = field(default_factory=FormNotes)
    #: What was noticed in the messages that were rendered; None before the first.
    inspection: Inspection | None = None

    def count_objections(self, given: Given) -> None:
        """Count what speaks against writing to a recipient: why it is left out, or why some would leave it out."""
        against = [objection.against for objection in objections_of(given)]
        if not given.opted_out:
            self.written_to_though.update(against)
            return
        self.objected[against[0]] += 1
        if len(self.first_objected) < NAMED:
            self.first_objected.append(f"{given.origin}: {against[0]}: {given.opted_out}")

    def count(self, row: Row, enrolment: Enrolment) -> None:
        """Count a row, and note in the ledger why it is not written to."""
        self.rows += 1
        is_hidden = isinstance(row.found, Contact) and row.found.is_hidden
        self.hidden += is_hidden
        self.filtered += not row.is_meant and not is_hidden
        self.with_more_addresses += row.has_more_addresses
        for rejected in row.rejected:
            enrolment.reject(str(rejected.origin), rejected.reason)
            self.rejected += 1
            if len(self.first_rejected) < NAMED:
                self.first_rejected.append(rejected)


def enrol(
    prepared: Prepared,
    store: Store,
    record: CampaignRecord,
    version: Version,
    now: dt.datetime,
    *,
    dead: Iterable[tuple[str, Objection]] = (),
    accept_change: bool = False,
    accept_repeat: bool = False,
    rehearsal: bool = False,
) -> Iterator[Enrolling]:
    """Enrol everybody, a row a step. It is durable when it ends, and nothing is changed unless it ends.

    Of who is new or has changed it is proved that its message can be rendered, and what that says is looked at; of
    everybody when the version is newer than the latest enrolment.

    :param dead: addresses that are known to be dead, with what says so.
    :param accept_change: the user accepts that many have left the contact files, or have other addresses now.
    :param accept_repeat: the user accepts that people were sent the same words in another campaign.
    :param rehearsal: nothing is sent, so nothing that is wrong in the text is refused.
    :raises InputError: a key has two addresses, the template cannot be rendered for somebody, or has no text for the
        form in which somebody is greeted, or since somebody was reached too many of those who wait have left the
        contact files, or too many keys have other addresses;
        or people were sent the same words in another campaign; or what nobody can mean stands in the text.
    :raises ConfigError: what nobody can mean stands in notify.toml.
    """
    done = Enrolling(inspection=begin_inspection(prepared))
    guarded = not accept_change and Versions(store).anybody_reached(record)
    selection, named = prepared.selection, prepared.template.named
    codes = prepared.template.prints_codes
    with Enrolment.of(store, record, now, version.number, with_codes=codes) as enrolment, Intake() as intake:

        def keep(recipient: Recipient) -> str:
            done.form_notes.add(recipient)
            return json.dumps(named.of(recipient.fields, recipient.row) | _greeting(recipient), ensure_ascii=False)

        def known(contact: Contact) -> tuple[bytes, Given | None]:
            digest = selection.digest(contact, named.described)
            return digest, enrolment.made_from(digest)

        enrolled = Reports(store, record).known()
        rows = Rows(prepared.sources, selection, intake, keep, enrolled=enrolled, known=known, dead=dead)
        yield done
        for row in rows.take_in():
            done.count(row, enrolment)
            yield done
        done.unused_overrides = selection.unused_overrides()
        rows.refuse_keys_twice()
        for recipient in rows.sorted():
            _enrol(prepared, enrolment, record, recipient, done, anew=record.rendered != version.number)
            yield done
        done.own_files.refuse_problems()
        if guarded:
            refuse_changed_files(enrolment)
        if not accept_repeat and prepared.settings.relays:
            # rehearsals in the sandbox may be repeated
            refuse_repeat(prepared, store, record, enrolment)
        refuse_without_text(prepared.settings, prepared.template, Reports(store, record))
        if done.inspection:
            _finish_inspection(done.inspection, rows, refuses=bool(prepared.settings.relays) and not rehearsal)
        if guarded:
            _refuse_moved(enrolment, done)
            _refuse_shrunk(prepared, enrolment)
    done.withdrawn = enrolment.withdrawn
    # a mended address: nobody new, but somebody who failed before
    done.counts[Enrolled.NEW] -= enrolment.replaced
    done.counts[Enrolled.BACK] += enrolment.replaced
    done.left_out = done.counts[Enrolled.MOVED_AFTER_SENDING] - enrolment.written_to_before


def _greeting(recipient: Recipient) -> dict[str, str]:
    """Return what is noted of a greeting that is the neutral one, or that names nobody though it is meant so."""
    if recipient.fell_back:
        return {"greeting": "neutral"}
    return {"greeting": "general"} if recipient.salutation == recipient.shared_salutation else {}


def _refuse_shrunk(prepared: Prepared, enrolment: Enrolment) -> None:
    """Refuse when many who wait have left the contact files: more likely a file is missing or was cut.

    :raises InputError: more than a fifth has left.
    """
    bound = max(_FEW, enrolment.waited * _GONE)
    # only then are the files read again, to tell a row that is gone from one that the campaign is not for any more
    if sum(1 for _ in enrolment.missing()) < bound:
        return
    gone, first = 0, []
    for gone, (address, origin) in enumerate(
        enrolment.missing(not_meant(prepared.sources, prepared.selection)), start=1
    ):
        first += [Problem(origin, address)] * (gone <= NAMED)
    if gone >= _FEW and gone > enrolment.waited * _GONE:
        raise InputError(
            f"{gone:,} of {enrolment.waited:,} who still wait are not in the contact files any more.",
            hint="Is a file missing, or cut? Bring it back.\n"
            "If they are not to be written to:  notify send --accept-change",
            problems=first,
        )


def _refuse_moved(enrolment: Enrolment, done: Enrolling) -> None:
    """Refuse when many keys have other addresses now, and some of these are left out: rows may be numbered anew.

    :raises InputError: more than a fifth has.
    """
    moved, rows = enrolment.moved, sum(done.counts.values())
    if enrolment.newly_left_out and moved >= _FEW and moved > rows * _MOVED:
        raise InputError(
            f"{moved:,} of {rows:,} rows have another address than before, and {enrolment.newly_left_out:,} of them "
            "would be left out: the same key was written to at the old address.",
            hint="Were the rows numbered anew? Bring the old numbers back, or leave key out of [contacts]: then people "
            "are known by their addresses.\n"
            "If these people have moved, they are not written to again:  notify send --accept-change",
            problems=[Problem(row.origin, str(row)) for row in done.first_moved],
        )


def _finish_inspection(inspection: Inspection, rows: Rows, *, refuses: bool) -> None:
    """Look at everybody once more where that is needed, and refuse what nobody can mean."""
    if inspection.wants_all_again:
        for recipient in rows.sorted():
            inspection.look_again(recipient.given.identity, recipient.given.origin)
    if refuses:
        refuse_grave(inspection)


def _enrol(
    prepared: Prepared, enrolment: Enrolment, record: CampaignRecord, found: Sorted, done: Enrolling, *, anew: bool
) -> None:
    template = prepared.template
    found, own = with_own_files(template, enrolment, found)
    who = found.given
    # a key may pass to somebody else, and a recipient may be given a new message: neither must get an old Message-ID
    mark = f"{enrolment.round}\0{who.key}"
    result = enrolment.take(found, message_id(record.secret, record.id, mark, prepared.campaign.sender.domain))
    done.counts[result.became] += 1
    if not result.is_done:
        # of whom nothing is left to be decided, nothing is said
        done.count_objections(who)
    if result.became is Enrolled.MOVED_AFTER_SENDING and len(done.first_moved) < NAMED:
        taken_over = found.twin is Twin.TAKEN_OVER
        done.first_moved.append(LeftOut(who.origin, who.address, found.old_address, taken_over))
    template = prepared.template
    if template.wording_for(who.language, who.form) is None:
        # refused when all were taken, if it is to be sent to
        return
    if own is not None and not result.is_done:
        done.own_files.note(own)
    # without its files a message cannot be made; which those are is said when all are known
    if (result.became in _PROVED or (anew and result.became is Enrolled.KNOWN)) and not (own and own.problems):
        # the code is given when all are enrolled; here it matters only that the message can be made
        fields = json.loads(who.fields) | {"code": SAMPLE_CODES[who.language]}
        proved = template.prove(who.language, who.salutation, fields, who.origin, form=who.form)
        if done.inspection:
            done.inspection.look(proved, Reader(who.address, who.name, who.salutation, who.origin))
