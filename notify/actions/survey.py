"""Looks at every row of the contact files as an enrolment would, without one: for reports and for the preview."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from notify.actions.enrol import given
from notify.actions.selection import Selection
from notify.contacts import Source
from notify.core.contact import Contact, Origin, Recipient, Rejected
from notify.ledger import Given, Group, Groups, Intake, Sharing, Sorted, Store, Suppressions, Twin


class Fate(StrEnum):
    """What becomes of a row."""

    ADMITTED = "admitted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    FILTERED = "filtered"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One row, what becomes of it and, unless it is admitted, why. Only a contact can be filtered."""

    row: Recipient | Rejected | Contact
    fate: Fate
    reason: str = ""


class Survey:
    """The rows of all contact files, with what becomes of each."""

    def __init__(self, sources: Sequence[Source], selection: Selection, intake: Intake, ledger: Store | None) -> None:
        self._sources = sources
        self._selection = selection
        self._intake = intake
        self._suppressions = Suppressions(ledger) if ledger else None

    def rows(self) -> Iterator[Surveyed]:
        """Yield first who is rejected or filtered, then everybody else; each in the order of the files. Only once."""
        yield from self.left_out()
        yield from self.taken_in()

    def left_out(self) -> Iterator[Surveyed]:
        """Read all files; yield who is rejected or filtered."""
        for source in self._sources:
            for row in source:
                yield from self._take_in(row)
        self._intake.sort(self._selection.sharing)

    def taken_in(self) -> Iterator[Surveyed]:
        """Yield everybody else, after all files were read."""
        return map(self._fate, self._intake.rows())

    @property
    def sharing(self) -> Sharing:
        """What is done where several rows seem to mean the same."""
        return self._selection.sharing

    def groups(self, kind: Groups) -> Iterator[Group]:
        """Yield the groups of rows that belong together, after all rows."""
        return self._intake.groups(kind)

    def unused_overrides(self) -> tuple[str, ...]:
        """Return where overrides stand that no contact was found for, after all rows."""
        return self._selection.unused_overrides()

    def _take_in(self, row: Contact | Rejected) -> Iterator[Surveyed]:
        if isinstance(row, Rejected):
            yield Surveyed(row, Fate.REJECTED, row.reason)
            return
        contact = self._selection.corrected(row)
        if not (self._selection.belongs(contact) and self._selection.is_asked_for(contact)):
            yield Surveyed(contact, Fate.FILTERED, "the condition does not hold")
            return
        for one in self._selection.admit(contact):
            if isinstance(one, Rejected):
                yield Surveyed(one, Fate.REJECTED, one.reason)
            else:
                self._intake.add(given(one, _packed(one)))

    def _fate(self, one: Sorted) -> Surveyed:
        recipient = _unpacked(one.given)
        if one.twin is Twin.DUPLICATE:
            return Surveyed(recipient, Fate.DUPLICATE, f"the address stands in {one.other_origin} already")
        if one.twin is Twin.SAME_PERSON:
            return Surveyed(recipient, Fate.DUPLICATE, f"the same person is written to by {one.other_origin}")
        if one.twin is Twin.KEY_TWICE:
            reason = f'the key "{recipient.key}" belongs to another address in {one.other_origin}'
            return Surveyed(Rejected(recipient.origin, reason, recipient.row, recipient.address), Fate.REJECTED, reason)
        if recipient.opted_out:
            return Surveyed(recipient, Fate.SUPPRESSED, recipient.opted_out)
        if self._suppressions and (entry := self._suppressions.find(one.given.identity)) is not None:
            return Surveyed(recipient, Fate.SUPPRESSED, entry.reason or "on the suppression list")
        return Surveyed(recipient, Fate.ADMITTED)


@contextmanager
def survey(sources: Sequence[Source], selection: Selection, ledger: Path) -> Iterator[Survey]:
    """Give a survey of the contact files inside this ``with``.

    :param ledger: the campaign's ledger, which need not be there; its suppression list is honoured.
    """
    with ExitStack() as stack:
        store = stack.enter_context(Store(ledger)) if ledger.exists() else None
        yield Survey(sources, selection, stack.enter_context(Intake()), store)


def _packed(one: Recipient) -> str:
    """Return as JSON what the ledger's columns do not hold of a recipient."""
    own = [one.salutation, one.fell_back, one.origin.path, one.origin.line, one.why, one.doubt, one.other_addresses]
    return json.dumps([*own, dict(one.fields), dict(one.row)], ensure_ascii=False)


def _unpacked(one: Given) -> Recipient:
    salutation, fell_back, path, line, why, doubt, others, fields, row = json.loads(one.fields)
    if one.salutation != salutation:
        fell_back, why = True, "several people share the address"
    return Recipient(
        key=one.key,
        address=one.address,
        name=one.name,
        language=one.language,
        salutation=one.salutation,
        fell_back=fell_back,
        origin=Origin(path, line),
        fields=fields,
        row=row,
        other_addresses=tuple(others),
        person=one.person,
        shared_salutation=one.shared_salutation,
        why=why,
        doubt=doubt,
        opted_out=one.opted_out,
    )
