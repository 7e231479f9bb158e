"""What an enrolment has done so far, for those who say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from notify.actions.own_files import Counted
from notify.actions.withheld import Withheld
from notify.core.contact import Contact, Rejected
from notify.core.objection import Against
from notify.core.record import record
from notify.ledger import Enrolled, Enrolment, Given, objections_of

if TYPE_CHECKING:
    from notify.actions.form_notes import FormNotes
    from notify.actions.rows import Row
    from notify.checks import Inspection
    from notify.core.finding import Finding

#: How many rows an error names; all of them are counted.
NAMED = 10
#: Of more recipients nobody remembers what is said against them, so that the next enrolment reads all of them.
MOST_OBJECTIONS = 10_000


@record(frozen=True, slots=True)
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


@record(frozen=False, slots=True)
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
    #: Whose message would tell what they may not see.
    withheld: Withheld = field(default_factory=Withheld)
    unused_overrides: tuple[str, ...] = ()
    #: Those against whom something is said, whatever has become of them; only the first of very many.
    with_objections: list[Given] = field(default_factory=list)
    #: Of the rows that were read anew; None where none was.
    form_notes: FormNotes | None = None
    #: What was noticed in the messages that were rendered; None before the first.
    inspection: Inspection | None = None

    def form_findings(self) -> Iterator[Finding]:
        """Yield what the rows that were read anew leave unclear about Du and Sie."""
        if self.form_notes:
            yield from self.form_notes.findings()

    def note_objections(self, given: Given) -> None:
        """Keep a recipient against whom something is said."""
        if given.objections and len(self.with_objections) <= MOST_OBJECTIONS:
            self.with_objections.append(given)

    def count_objections(self, given: Given) -> None:
        """Count what speaks against writing to a recipient: why it is left out, or why some would leave it out."""
        if not given.objections:
            return
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
        if row.is_ordinary:
            return
        is_hidden = isinstance(row.found, Contact) and row.found.is_hidden
        self.hidden += is_hidden
        self.filtered += not row.is_meant and not is_hidden
        self.with_more_addresses += row.has_more_addresses
        for rejected in row.rejected:
            enrolment.reject(str(rejected.origin), rejected.reason)
            self.rejected += 1
            if len(self.first_rejected) < NAMED:
                self.first_rejected.append(rejected)
