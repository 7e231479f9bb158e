"""Looks at every row of the contact files as an enrolment would, without one: for reports and for the preview."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from notify.actions.rows import Rows
from notify.actions.selection import Selection
from notify.contacts import Source
from notify.core.contact import Contact, Origin, Recipient, Rejected
from notify.ledger import (
    Given,
    Group,
    Groups,
    Intake,
    Sharing,
    Sorted,
    Store,
    Suppressions,
    Twin,
    dead_addresses,
    objections_of,
)

_NOT_ASKED_FOR = "the condition does not hold"
#: Why a row is a duplicate; the place is that of the other row.
_DUPLICATES = {
    Twin.DUPLICATE: "the address stands in {} already",
    Twin.SAME_PERSON: "the same person is written to by {}",
}


class Fate(StrEnum):
    """What becomes of a row."""

    ADMITTED = "admitted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One row, what becomes of it and, unless it is admitted, why."""

    row: Recipient | Rejected | Contact
    fate: Fate
    reason: str = ""


class Survey:
    """The rows of all contact files, with what becomes of each."""

    def __init__(self, sources: Sequence[Source], selection: Selection, intake: Intake, ledger: Store | None) -> None:
        self._selection = selection
        dead = dead_addresses(ledger, selection.campaign_id) if ledger else ()
        self._rows = Rows(sources, selection, intake, _packed, dead=dead)
        self._suppressions = Suppressions(ledger) if ledger else None

    def rows(self) -> Iterator[Surveyed]:
        """Yield first who is rejected or filtered, then everybody else; each in the order of the files. Only once."""
        yield from self.left_out()
        yield from self.taken_in()

    def left_out(self) -> Iterator[Surveyed]:
        """Read all files; yield who is rejected or filtered."""
        for row in self._rows.take_in():
            if row.is_meant and row.is_asked_for:
                yield from (Surveyed(rejected, Fate.REJECTED, rejected.reason) for rejected in row.rejected)
            elif not row.admitted and not isinstance(row.found, Rejected):
                yield Surveyed(row.found, Fate.FILTERED, _NOT_ASKED_FOR)

    def taken_in(self) -> Iterator[Surveyed]:
        """Yield everybody else, after all files were read.

        A row that is not asked for comes once, however many addresses it has; one of them may be written to all the
        same, for another row that is asked for.
        """
        filtered = ""
        for found in self._rows.sorted():
            surveyed = self._fate(found)
            if surveyed.fate is Fate.FILTERED:
                if found.given.origin == filtered:
                    continue
                filtered = found.given.origin
            yield surveyed

    def refuse_keys_twice(self) -> None:
        """Refuse keys that several addresses have, after all files were read.

        :raises InputError: a value of the key column stands with different addresses.
        """
        self._rows.refuse_keys_twice()

    @property
    def sharing(self) -> Sharing:
        """What is done where several rows seem to mean the same."""
        return self._selection.sharing

    def groups(self, kind: Groups) -> Iterator[Group]:
        """Yield the groups of rows that belong together, after all rows."""
        return self._rows.groups(kind)

    def unused_overrides(self) -> tuple[str, ...]:
        """Return where overrides stand that no contact was found for, after all rows."""
        return self._selection.unused_overrides()

    def _fate(self, found: Sorted) -> Surveyed:
        recipient = _unpacked(found.given)
        if not found.given.selected:
            return Surveyed(recipient, Fate.FILTERED, _NOT_ASKED_FOR)
        if found.twin in _DUPLICATES:
            return Surveyed(recipient, Fate.DUPLICATE, _DUPLICATES[found.twin].format(found.other_origin))
        if found.twin is Twin.KEY_TWICE:
            reason = f'the key "{recipient.key}" belongs to another address in {found.other_origin}'
            return Surveyed(Rejected(recipient.origin, reason, recipient.row, recipient.address), Fate.REJECTED, reason)
        if recipient.opted_out:
            return Surveyed(recipient, Fate.SUPPRESSED, recipient.opted_out)
        if self._suppressions and (entry := self._suppressions.find(found.given.identity)) is not None:
            return Surveyed(recipient, Fate.SUPPRESSED, entry.reason or "on the suppression list")
        return Surveyed(recipient, Fate.ADMITTED)


@contextmanager
def survey(sources: Sequence[Source], selection: Selection, ledger: Path) -> Iterator[Survey]:
    """Give a survey of the contact files inside this ``with``.

    :param ledger: the campaign's ledger, which need not be there; its suppression list is honoured, and which addresses
        it knows to be dead.
    """
    with ExitStack() as stack:
        store = stack.enter_context(Store(ledger)) if ledger.exists() else None
        yield Survey(sources, selection, stack.enter_context(Intake()), store)


def _packed(recipient: Recipient) -> str:
    """Return as JSON what the ledger's columns do not hold of a recipient."""
    own = [recipient.salutation, recipient.fell_back, recipient.origin.path, recipient.origin.line]
    own += [recipient.why, recipient.doubt, recipient.other_addresses]
    return json.dumps([*own, dict(recipient.fields), dict(recipient.row)], ensure_ascii=False)


def _unpacked(given: Given) -> Recipient:
    salutation, fell_back, path, line, why, doubt, others, fields, row = json.loads(given.fields)
    if given.salutation != salutation:
        fell_back, why = True, "several people share the address"
    return Recipient(
        key=given.key,
        address=given.address,
        name=given.name,
        language=given.language,
        salutation=given.salutation,
        fell_back=fell_back,
        origin=Origin(path, line),
        fields=fields,
        row=row,
        other_addresses=tuple(others),
        person=given.person,
        shared_salutation=given.shared_salutation,
        why=why,
        doubt=doubt,
        opted_out=given.opted_out,
        objections=objections_of(given),
    )
