"""Looks at every row of the contact files as an enrolment would, without one: for reports and for the preview."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from itertools import chain

from notify.actions.ledgers import ledger_in_use, opened_if_there, real_ledger
from notify.actions.rows import Row, Rows
from notify.actions.selection import Selection
from notify.actions.watch import Watch, unwatched
from notify.config import Settings
from notify.core.contact import Contact, Origin, Recipient, Rejected
from notify.core.objection import Objection
from notify.core.record import record
from notify.ledger import (
    Forgotten,
    Given,
    Group,
    Groups,
    Intake,
    Known,
    Reports,
    Sharing,
    Sorted,
    Suppressions,
    Twin,
    Versions,
    dead_addresses,
    forgotten_in,
    objections_of,
)

_NOT_ASKED_FOR = "the condition does not hold"
_HIDDEN = "the row is hidden in the workbook"
#: Why a row is not enrolled; the place is that of the other row, or the address that stood there before.
_DUPLICATES = {
    Twin.DUPLICATE: "the address stands in {other_origin} already",
    Twin.SAME_PERSON: "the same person is written to by {other_origin}",
}
_MOVED = {
    Twin.MOVED: "written to already, at {old_address}",
    Twin.TAKEN_OVER: "written to already, when it was somebody else's",
}


class Fate(StrEnum):
    """What becomes of a row."""

    ADMITTED = "admitted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    FILTERED = "filtered"
    MOVED = "moved"


@record(frozen=True, slots=True)
class Surveyed:
    """One row, what becomes of it and, unless it is admitted, why."""

    row: Recipient | Rejected | Contact
    fate: Fate
    reason: str = ""


class Survey:
    """The rows of all contact files, with what becomes of each."""

    def __init__(
        self,
        sources: Sequence[Iterable[Contact | Rejected]],
        selection: Selection,
        intake: Intake,
        *,
        enrolled: Iterable[Known],
        dead: Iterable[tuple[str, Objection]],
        suppressions: Suppressions | None,
        forgotten: Forgotten | None,
        watch: Watch,
    ) -> None:
        self._selection = selection
        self._rows = Rows(sources, selection, intake, _packed, enrolled=enrolled, dead=dead, forgotten=forgotten)
        self._suppressions = suppressions
        self._read = watch(self._taken_in())

    def rows(self) -> Iterator[Surveyed]:
        """Yield first who is rejected or filtered, then everybody else; each in the order of the files. Only once."""
        yield from self.left_out()
        yield from self.taken_in()

    def left_out(self) -> Iterator[Surveyed]:
        """Read all files; yield who is rejected or filtered."""
        for row in self._read:
            if row.is_meant and row.is_asked_for:
                yield from (Surveyed(rejected, Fate.REJECTED, rejected.reason) for rejected in row.rejected)
            elif not row.admitted and not isinstance(row.found, Rejected):
                yield Surveyed(row.found, Fate.FILTERED, _HIDDEN if row.found.is_hidden else _NOT_ASKED_FOR)

    def _taken_in(self) -> Iterator[Row]:
        """Read all files; a second core makes half of it where they are long."""
        with self._rows.second_core() as core:
            yield from self._rows.take_in(core)

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
        for fate, reasons in ((Fate.DUPLICATE, _DUPLICATES), (Fate.MOVED, _MOVED)):
            if found.twin in reasons:
                places = {"other_origin": found.other_origin, "old_address": found.old_address}
                return Surveyed(recipient, fate, reasons[found.twin].format_map(places))
        if found.twin is Twin.KEY_TWICE:
            reason = f'the key "{recipient.key}" belongs to another address in {found.other_origin}'
            return Surveyed(Rejected(recipient.origin, reason, recipient.row, recipient.address), Fate.REJECTED, reason)
        if recipient.opted_out:
            return Surveyed(recipient, Fate.SUPPRESSED, recipient.opted_out)
        if self._suppressions and (entry := self._suppressions.find(found.given.identity)) is not None:
            return Surveyed(recipient, Fate.SUPPRESSED, entry.reason or "on the suppression list")
        return Surveyed(recipient, Fate.ADMITTED)


@contextmanager
def survey(
    sources: Sequence[Iterable[Contact | Rejected]],
    selection: Selection,
    settings: Settings,
    watch: Watch = unwatched,
) -> Iterator[Survey]:
    """Give a survey of the contact files inside this ``with``.

    The campaign's ledger need not be there; its suppression list is honoured, which addresses it knows to be dead, and
    who was written to before.

    :param watch: is given the rows as they are read, and passes them on.
    """
    with ExitStack() as stack:
        ledgers = (real_ledger(settings), ledger_in_use(settings))
        store, in_use = (stack.enter_context(opened_if_there(place)) for place in ledgers)
        campaign_id = settings.campaign().id
        record = Versions(in_use).find(campaign_id) if in_use else None
        enrolled = Reports(in_use, record).known() if in_use and record else ()
        dead = chain.from_iterable(dead_addresses(ledger, campaign_id) for ledger in (in_use, store) if ledger)
        suppressions, forgotten = (Suppressions(store), forgotten_in(store)) if store else (None, None)
        intake = stack.enter_context(Intake())
        yield Survey(
            sources,
            selection,
            intake,
            enrolled=enrolled,
            dead=dead,
            suppressions=suppressions,
            forgotten=forgotten,
            watch=watch,
        )


def _packed(recipient: Recipient) -> str:
    """Return as JSON what the ledger's columns do not hold of a recipient."""
    own = [recipient.salutation, recipient.fell_back, recipient.origin.path, recipient.origin.line]
    own += [recipient.why, recipient.doubt, recipient.other_addresses, recipient.audiences]
    return json.dumps([*own, dict(recipient.fields), dict(recipient.row)], ensure_ascii=False)


def _unpacked(given: Given) -> Recipient:
    salutation, fell_back, path, line, why, doubt, others, audiences, fields, row = json.loads(given.fields)
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
        form=given.form,
        audiences=tuple(audiences),
    )
