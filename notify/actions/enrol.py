"""Brings the contacts into the ledger and proves of each that it can be rendered, before the first connection."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from contextlib import nullcontext

from notify.actions.check import begin_inspection
from notify.actions.enrol_again import refuse_what_came_up, refuse_what_was_sent
from notify.actions.enrolling import NAMED, Enrolling, LeftOut
from notify.actions.form_notes import FormNotes
from notify.actions.kept import Kept
from notify.actions.own_files import refuse_changed_files, with_own_files
from notify.actions.prepare import Prepared
from notify.actions.proving import Proving
from notify.actions.rows import Rows, not_meant
from notify.actions.second_core import SecondCore
from notify.actions.unchanged import made_from, remember
from notify.core.contact import Contact, Recipient
from notify.core.objection import Objection
from notify.errors import InputError, Problem
from notify.ledger import (
    CampaignRecord,
    Enrolled,
    Enrolment,
    Forgotten,
    Given,
    Intake,
    Known,
    Pack,
    Reports,
    Sorted,
    Store,
    Twin,
    Version,
    Versions,
    forgotten_in,
)
from notify.rendering import Template

#: Those who wait and have left the contact files are withdrawn; more than this part of them, unless few, is refused.
_GONE = 0.2
_FEW = 5
#: So of those whose address is another one now, if some of them were written to at the old one.
_MOVED = 0.2

_PROVED = (Enrolled.NEW, Enrolled.UPDATED, Enrolled.BACK)


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

    It is proved of who is new or has changed that its message can be rendered, and what that says is looked at; of
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
    inspection, dead = begin_inspection(prepared), tuple(dead)
    done, is_quiet = Enrolling(inspection=inspection, form_notes=FormNotes()), not inspection.total
    digest = made_from(prepared, version, dead)
    codes = prepared.template.prints_codes
    with Enrolment.of(store, record, now, version.number, with_codes=codes, made_from=digest) as enrolment:
        yield done
        guarded = not accept_change and Versions(store).anybody_reached(record)
        with Intake() as intake:
            enrolled, forgotten = Reports(store, record).known(), forgotten_in(store)
            proving = Proving(prepared.template, record, enrolment.round, prepared.campaign.sender.domain, done)
            rows = _rows(prepared, enrolment, intake, proving, done, enrolled=enrolled, dead=dead, forgotten=forgotten)
            # a later one makes few anew: most rows are as they were
            with rows.second_core() if enrolment.is_first else nullcontext() as core:
                anew = record.rendered != version.number
                yield from _enrol_all(prepared, enrolment, proving, rows, done, core=core, anew=anew)
            if guarded:
                refuse_changed_files(enrolment)
            _look_again(done, rows)
        refuse_what_was_sent(prepared, store, record, enrolment, accept_repeat=accept_repeat)
        refuse_what_came_up(prepared, store, record, done, rehearsal=rehearsal)
        if guarded:
            _refuse_moved(enrolment, done)
            _refuse_shrunk(prepared, enrolment)
        if digest == made_from(prepared, version, dead):
            # or a file has changed while it was read, and nobody can tell what was read of it
            remember(prepared, enrolment, done, is_quiet=is_quiet)
    done.withdrawn = enrolment.withdrawn
    # a mended address: nobody new, but somebody who failed before
    done.counts[Enrolled.NEW] -= enrolment.replaced
    done.counts[Enrolled.BACK] += enrolment.replaced
    done.left_out = done.counts[Enrolled.MOVED_AFTER_SENDING] - enrolment.written_to_before


def _rows(
    prepared: Prepared,
    enrolment: Enrolment,
    intake: Intake,
    proving: Proving,
    done: Enrolling,
    *,
    enrolled: Iterable[Known],
    dead: Iterable[tuple[str, Objection]],
    forgotten: Forgotten,
) -> Rows:
    """Return the walk over all rows, which makes nobody anew whose row is as it was."""
    selection, named = prepared.selection, prepared.template.named
    described, kept, notes = named.described, Kept(named), done.form_notes

    def keep(recipient: Recipient) -> str:
        if notes:
            notes.add(recipient)
        return kept.of(recipient)

    def known(contact: Contact) -> tuple[bytes, Given | None]:
        digest = selection.digest(contact, described)
        return digest, enrolment.made_from(digest)

    return Rows(
        prepared.sources,
        selection,
        intake,
        keep,
        enrolled=enrolled,
        known=known,
        dead=dead,
        forgotten=forgotten,
        prove=proving.proofs,
    )


def _enrol_all(
    prepared: Prepared,
    enrolment: Enrolment,
    proving: Proving,
    rows: Rows,
    done: Enrolling,
    *,
    core: SecondCore | None,
    anew: bool,
) -> Iterator[Enrolling]:
    """Read everybody, then enrol everybody, a row a step."""
    for row in rows.take_in(core):
        done.count(row, enrolment)
        yield done
    done.unused_overrides = prepared.selection.unused_overrides()
    rows.refuse_keys_twice()
    for pack in rows.packs():
        if _enrol_at_once(enrolment, proving, pack, done):
            yield from itertools.repeat(done, len(pack.taken))
            continue
        for found in pack.rows():
            _enrol(prepared.template, enrolment, proving, found, done, anew=anew)
            yield done
    enrolment.write()
    done.own_files.refuse_problems()
    done.withheld.refuse()


def _look_again(done: Enrolling, rows: Rows) -> None:
    """Look at everybody once more where that is needed."""
    if done.inspection and done.inspection.wants_all_again:
        for recipient in rows.sorted():
            done.inspection.look_again(recipient.given.identity, recipient.given.origin)


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


def _enrol_at_once(enrolment: Enrolment, proving: Proving, pack: Pack, done: Enrolling) -> bool:
    """Enrol all of a pack where of none of them there is more to be said; tell whether that was so."""
    plain = pack.plain if enrolment.is_first else ()
    if not plain or not proving.count([mark for _, (_, mark) in plain]):
        return False
    enrolment.take_all((values, message_id) for values, (message_id, _) in plain)
    done.counts[Enrolled.NEW] += len(plain)
    return True


def _enrol(
    template: Template,
    enrolment: Enrolment,
    proving: Proving,
    found: Sorted,
    done: Enrolling,
    *,
    anew: bool,
) -> None:
    """Enrol somebody, and prove the message, unless that was done beforehand."""
    if found.proof and found.twin is None and not found.given.objections:
        message_id, mark = found.proof
        done.counts[enrolment.take(found, message_id).became] += 1
        proving.prove(found.given, mark)
        return
    found, own = with_own_files(template, enrolment, found)
    who = found.given
    result = enrolment.take(found, proving.message_id_for(who.key))
    done.counts[result.became] += 1
    if found.twin is None:
        done.note_objections(who)
    if not result.is_done:
        # of whom nothing is left to be decided, nothing is said
        done.count_objections(who)
    if result.became is Enrolled.MOVED_AFTER_SENDING and len(done.first_moved) < NAMED:
        taken_over = found.twin is Twin.TAKEN_OVER
        done.first_moved.append(LeftOut(who.origin, who.address, found.old_address, taken_over))
    if template.wording_for(who.language, who.form) is None:
        # refused when all were taken, if it is to be sent to
        return
    if own is not None and not result.is_done:
        done.own_files.note(own)
    # without its files a message cannot be made; which those are is said when all are known
    if (result.became in _PROVED or (anew and result.became is Enrolled.KNOWN)) and not (own and own.problems):
        proving.prove(who)
