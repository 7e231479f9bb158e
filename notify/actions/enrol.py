"""Brings the contacts into the ledger and renders each of them once, before the first connection."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from notify.actions.prepare import Prepared, read
from notify.core.address import identity
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.message import message_id
from notify.errors import InputError, Problem
from notify.ledger import (
    CampaignRecord,
    Enrolled,
    Enrolment,
    Given,
    Group,
    Groups,
    Intake,
    Member,
    Sorted,
    Store,
    Twin,
    Version,
    Versions,
)

#: How many rows are kept in memory to be shown; all of them are counted.
SHOWN = 10

#: Who waits and has left the contact files is withdrawn, but not more than this part of them, unless they are few.
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
    opted_out: int = 0
    withdrawn: int = 0
    doubted: int = 0
    first_rejected: list[Rejected] = field(default_factory=list)
    first_opted_out: list[str] = field(default_factory=list)
    first_moved: list[str] = field(default_factory=list)
    unused_overrides: tuple[str, ...] = ()

    def reject(self, row: Rejected, enrolment: Enrolment) -> None:
        """Count a rejected row, and note it in the ledger."""
        enrolment.reject(str(row.origin), row.reason)
        self.rejected += 1
        if len(self.first_rejected) < SHOWN:
            self.first_rejected.append(row)


def enrol(
    prepared: Prepared, store: Store, record: CampaignRecord, version: Version, *, accept_change: bool = False
) -> Iterator[Enrolling]:
    """Enrol everybody, a row a step. It is durable when it ends, and nothing is changed unless it ends.

    Who is new or has changed is rendered; everybody is when the version is newer than the latest enrolment.

    :param accept_change: that many have left the contact files is the user's will.
    :raises InputError: a key has two addresses, the template cannot be rendered for somebody, or too many of those who
        wait have left the contact files since somebody was reached.
    """
    done = Enrolling()
    guarded = not accept_change and Versions(store).anybody_reached(record)
    with Enrolment.of(store, record, version.number) as enrolment, Intake() as intake:
        yield done
        for row in read(prepared.sources):
            done.rows += 1
            if isinstance(row, Rejected):
                done.reject(row, enrolment)
            else:
                _take_in(prepared, prepared.selection.corrected(row), enrolment, intake, done)
            yield done
        done.unused_overrides = prepared.selection.unused_overrides()
        intake.sort(prepared.selection.sharing)
        refuse_keys_twice(intake.groups(Groups.KEY_TWICE))
        for one in intake.rows():
            _enrol(prepared, enrolment, record, one, done, anew=record.rendered != version.number)
            yield done
        if guarded:
            _refuse_shrunk(prepared, enrolment)
    done.withdrawn = enrolment.withdrawn


def _take_in(prepared: Prepared, contact: Contact, enrolment: Enrolment, intake: Intake, done: Enrolling) -> None:
    """Make recipients of a contact, unless an earlier enrolment has made them of the same row."""
    selection, named = prepared.selection, prepared.template.named
    if not selection.belongs(contact):
        done.filtered += 1
        return
    selected = selection.is_asked_for(contact)
    digest = selection.digest(contact, named.described)
    if (known := enrolment.made_from(digest)) is not None:
        intake.add(replace(known, origin=str(contact.origin), selected=selected))
        return
    admitted = selection.admit(contact)
    for one in admitted:
        if isinstance(one, Rejected):
            done.reject(one, enrolment)
        else:
            fields = json.dumps(named.of(one.fields, one.row), ensure_ascii=False)
            alone = digest if len(admitted) == 1 else None
            intake.add(given(one, fields, selected=selected, row_digest=alone))


def given(one: Recipient, fields: str, *, selected: bool = True, row_digest: bytes | None = None) -> Given:
    """Return a recipient as the ledger takes it in.

    :param fields: JSON: what is kept of the contact.
    """
    return Given(
        key=one.key,
        identity=identity(one.address),
        address=one.address,
        name=one.name,
        language=one.language,
        salutation=one.salutation,
        origin=str(one.origin),
        fields=fields,
        person=_unnamed(one.person),
        shared_salutation=one.shared_salutation,
        opted_out=one.opted_out,
        selected=selected,
        row_digest=row_digest,
    )


def _unnamed(person: str) -> str:
    """Return what is the same for the same person, name and place apart, and tells neither: the ledger keeps it."""
    parts = person.split("\n", 1) if person else []
    return "\n".join(hashlib.blake2b(part.encode(), digest_size=8).hexdigest() for part in parts)


def refuse_keys_twice(groups: Iterator[Group]) -> None:
    """Refuse keys that are none: nobody could tell, the next time, who has moved.

    :raises InputError: there are such groups.
    """
    found = list(groups)
    if not found:
        return
    problems = [
        Problem(group.members[0].origin, f'"{group.mark}": {", ".join(map(_addressed, group.members))}')
        for group in found[:SHOWN]
    ]
    raise InputError(
        "A value of the key column stands with different addresses.",
        hint='Mend the rows, or leave key out of [contacts]; to write to all addresses of a key:  address = "all"',
        problems=problems,
    )


def _refuse_shrunk(prepared: Prepared, enrolment: Enrolment) -> None:
    """Refuse when many who wait have left the contact files: more likely a file is missing or was cut.

    :raises InputError: more than a fifth has left.
    """
    bound = max(_FEW, enrolment.waited * _GONE)
    # only then are the files read again, to tell a row that is gone from one that the campaign is not for any more
    if sum(1 for _ in enrolment.missing()) < bound:
        return
    gone, first = 0, []
    for gone, (address, origin) in enumerate(enrolment.missing(_unmeant(prepared)), start=1):
        first += [Problem(origin, address)] * (gone <= SHOWN)
    if gone >= _FEW and gone > enrolment.waited * _GONE:
        raise InputError(
            f"{gone:,} of {enrolment.waited:,} who still wait are not in the contact files any more.",
            hint="Is a file missing, or cut? Bring it back.\n"
            "If they are not to be written to:  notify send --accept-change",
            problems=first,
        )


def _unmeant(prepared: Prepared) -> Iterator[str]:
    """Yield who stands in the contact files and is left out by [contacts] where."""
    for row in read(prepared.sources):
        if isinstance(row, Rejected) or prepared.selection.belongs(contact := prepared.selection.corrected(row)):
            continue
        for one in prepared.selection.admit(contact):
            if not isinstance(one, Rejected):
                yield identity(one.address)


def _addressed(member: Member) -> str:
    return f"{member.address} ({member.origin})"


def _enrol(
    prepared: Prepared, enrolment: Enrolment, record: CampaignRecord, one: Sorted, done: Enrolling, *, anew: bool
) -> None:
    if one.twin in (Twin.DUPLICATE, Twin.SAME_PERSON):
        done.counts[Enrolled.DUPLICATE] += 1
        return
    # keys wander: whoever is enrolled with one later, or is given a new message, must not get an old Message-ID
    mark = f"{enrolment.round}\0{one.given.key}"
    who = replace(one.given, message_id=message_id(record.secret, record.id, mark, prepared.campaign.sender.domain))
    result = enrolment.take(who)
    done.counts[result.became] += 1
    if who.opted_out:
        done.opted_out += 1
        if len(done.first_opted_out) < SHOWN:
            done.first_opted_out.append(f"{who.origin}: {who.opted_out}")
    if result.became is Enrolled.MOVED_AFTER_SENDING and len(done.first_moved) < SHOWN:
        done.first_moved.append(f"{who.origin}: {who.address}")
    if result.became in _RENDERED or (anew and result.became is Enrolled.KNOWN):
        prepared.template.render(who.language, who.salutation, json.loads(who.fields), who.origin)
