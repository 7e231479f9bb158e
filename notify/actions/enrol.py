"""Brings the contacts into the ledger and renders each of them once, before the first connection."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from notify.actions.prepare import Prepared
from notify.actions.rows import NAMED, Row, Rows, not_meant
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

_RENDERED = (Enrolled.NEW, Enrolled.UPDATED, Enrolled.BACK)


@dataclass(slots=True)
class Enrolling:
    """What an enrolment has done so far: counted, with the first few rows of each kind that a person must look at."""

    rows: int = 0
    counts: dict[Enrolled, int] = field(default_factory=lambda: dict.fromkeys(Enrolled, 0))
    rejected: int = 0
    filtered: int = 0
    left_out: Counter[Against] = field(default_factory=Counter)
    written_to_though: Counter[Against] = field(default_factory=Counter)
    withdrawn: int = 0
    doubted: int = 0
    with_further: int = 0
    first_rejected: list[Rejected] = field(default_factory=list)
    first_left_out: list[str] = field(default_factory=list)
    first_moved: list[str] = field(default_factory=list)
    unused_overrides: tuple[str, ...] = ()

    def count_objections(self, given: Given, *, is_done: bool) -> None:
        """Count what speaks against writing to a recipient: why it is left out, or why some would leave it out."""
        against = [objection.against for objection in objections_of(given)]
        if not given.opted_out:
            # of whom nothing is left to be decided, nothing is asked
            self.written_to_though.update([] if is_done else against)
            return
        self.left_out[against[0]] += 1
        if len(self.first_left_out) < NAMED:
            self.first_left_out.append(f"{given.origin}: {against[0]}: {given.opted_out}")

    def count(self, row: Row, enrolment: Enrolment) -> None:
        """Count a row, and note in the ledger why it is not written to."""
        self.rows += 1
        self.filtered += not row.is_meant
        self.with_further += row.has_further
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
    *,
    dead: Iterable[tuple[str, Objection]] = (),
    accept_change: bool = False,
) -> Iterator[Enrolling]:
    """Enrol everybody, a row a step. It is durable when it ends, and nothing is changed unless it ends.

    Who is new or has changed is rendered; everybody is when the version is newer than the latest enrolment.

    :param dead: addresses that are known to be dead, with what says so.
    :param accept_change: the user accepts that many have left the contact files.
    :raises InputError: a key has two addresses, the template cannot be rendered for somebody, or too many of those who
        wait have left the contact files since somebody was reached.
    """
    done = Enrolling()
    guarded = not accept_change and Versions(store).anybody_reached(record)
    selection, named = prepared.selection, prepared.template.named
    with Enrolment.of(store, record, version.number) as enrolment, Intake() as intake:

        def keep(recipient: Recipient) -> str:
            return json.dumps(named.of(recipient.fields, recipient.row), ensure_ascii=False)

        def known(contact: Contact) -> tuple[bytes, Given | None]:
            digest = selection.digest(contact, named.described)
            return digest, enrolment.made_from(digest)

        rows = Rows(prepared.sources, selection, intake, keep, known, dead=dead)
        yield done
        for row in rows.take_in():
            done.count(row, enrolment)
            yield done
        done.unused_overrides = selection.unused_overrides()
        rows.refuse_keys_twice()
        for recipient in rows.sorted():
            _enrol(prepared, enrolment, record, recipient, done, anew=record.rendered != version.number)
            yield done
        if guarded:
            _refuse_shrunk(prepared, enrolment)
    done.withdrawn = enrolment.withdrawn
    # a mended address: nobody new, but somebody who failed before
    done.counts[Enrolled.NEW] -= enrolment.replaced
    done.counts[Enrolled.BACK] += enrolment.replaced


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


def _enrol(
    prepared: Prepared, enrolment: Enrolment, record: CampaignRecord, found: Sorted, done: Enrolling, *, anew: bool
) -> None:
    if found.twin in (Twin.DUPLICATE, Twin.SAME_PERSON):
        done.counts[Enrolled.DUPLICATE] += 1
        return
    # a key may pass to somebody else, and a recipient may be given a new message: neither must get an old Message-ID
    mark = f"{enrolment.round}\0{found.given.key}"
    who = replace(found.given, message_id=message_id(record.secret, record.id, mark, prepared.campaign.sender.domain))
    result = enrolment.take(who)
    done.counts[result.became] += 1
    done.count_objections(who, is_done=result.is_done)
    if result.became is Enrolled.MOVED_AFTER_SENDING and len(done.first_moved) < NAMED:
        done.first_moved.append(f"{who.origin}: {who.address}")
    if result.became in _RENDERED or (anew and result.became is Enrolled.KNOWN):
        prepared.template.render(who.language, who.salutation, json.loads(who.fields), who.origin)
