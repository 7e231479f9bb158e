"""The one walk over the rows of the contact files: corrected, filtered, admitted, taken in, and sorted.

A preview, a report and an enrolment all walk here, so that whom they find, and how each is greeted, cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from notify.actions.enrolling import NAMED
from notify.actions.second_core import SecondCore
from notify.actions.selection import Selection
from notify.actions.sources import probable_rows
from notify.contacts import Source
from notify.contacts.rows import Misshapen
from notify.contacts.rows import Row as TableRow
from notify.contacts.table import Table
from notify.core.address import identity
from notify.core.contact import Contact, Origin, Recipient, Rejected
from notify.core.objection import Objection
from notify.core.record import record
from notify.delivery.forked import can_be_forked, each_that_can
from notify.errors import InputError, Problem
from notify.ledger import Forgotten, Given, Group, Groups, Intake, Known, Member, Pack, Proof, Sorted, values_of
from notify.recipients.admission import identities_of, names_more_addresses
from notify.recipients.findings import has_mixed_form, has_unclear_form


@record(frozen=True, slots=True)
class Row:
    """A row of a contact file, and what the walk made of it.

    ``is_meant`` tells whether the campaign is for it (``[contacts] where`` and ``hidden_rows``), ``is_asked_for``
    whether this run is (``--where``). Who is not meant is not admitted. ``rejected``: why it, or one of its addresses,
    is not written to. Of one that ``is_ordinary`` there is nothing to be said but that it was taken in.
    """

    found: Contact | Rejected
    is_meant: bool = True
    is_asked_for: bool = True
    admitted: int = 0
    rejected: tuple[Rejected, ...] = ()
    is_ordinary: bool = False

    @property
    def has_more_addresses(self) -> bool:
        """Whether it is written to, but not at every address that stands in it."""
        return isinstance(self.found, Contact) and self.admitted > 0 and names_more_addresses(self.found, self.admitted)


#: For fewer rows no second core is asked: they are done sooner than a process is started.
WORTHWHILE = 1_000

#: Why somebody is not written to whom the ledger was told to forget.
FORGOTTEN = "was forgotten, and is not written to any more (notify ledger forget)"

#: Any ordinary row.
_TAKEN = Row(Contact(Origin("", 0), {}, {}), admitted=1, is_ordinary=True)
#: Line and cells of a row of a table, and whether it is hidden.
_Plain = tuple[int, list[str], bool]
#: What the intake takes of a recipient: its values, and the proof of its message.
_Taken = tuple[tuple[object, ...], Proof | None]


class Rows:
    """The rows of all contact files on their way to recipients."""

    def __init__(
        self,
        sources: Sequence[Iterable[Contact | Rejected]],
        selection: Selection,
        intake: Intake,
        keep: Callable[[Recipient], str],
        *,
        enrolled: Iterable[Known],
        known: Callable[[Contact], tuple[bytes, Given | None]] = lambda _: (b"", None),
        dead: Iterable[tuple[str, Objection]] = (),
        forgotten: Forgotten | None = None,
        prove: Callable[[Sequence[Recipient]], Sequence[Proof | None]] = lambda some: [None] * len(some),
    ) -> None:
        """Walk into an intake.

        :param keep: returns what is kept of a recipient beside the columns of the intake, as JSON.
        :param enrolled: whom earlier enrolments have brought in.
        :param known: returns the digest of a row, and whom an earlier enrolment has made of the same row.
        :param dead: addresses that a ledger knows to be dead.
        :param forgotten: who is not taken in, though a row names them.
        :param prove: returns what is known beforehand of the messages of recipients who are taken in shortly.
        """
        self._sources = sources
        self._selection = selection
        self._intake = intake
        self._keep = keep
        self._enrolled = enrolled
        self._known = known
        self._dead = dead
        self._forgotten = forgotten
        self._prove = prove

    def take_in(self, core: SecondCore | None = None) -> Iterator[Row]:
        """Yield every row of every file; after the last one all who were admitted are sorted.

        :param core: does :meth:`taken_shortly` for the rows of tables; without it each row is taken in by itself.
        """
        for address, objection in self._dead:
            self._object(address, objection)
        for number, source in enumerate(self._sources):
            if core is not None and isinstance(source, Table):
                yield from self._take_in_by_batches(core, number, source)
            else:
                yield from map(self._row, source)
        self._intake.sort(self._selection.sharing, self._enrolled)

    def second_core(self) -> AbstractContextManager[SecondCore | None]:
        """Return what takes rows in by batches, shared with a second core where that pays; for a ``with``.

        Where the template says who is written to, each contact is corrected, and those are taken in one by one.
        """
        if self._selection.is_by_template:
            return nullcontext()
        many = probable_rows([source for source in self._sources if isinstance(source, Table)])
        return SecondCore(self.taken_shortly, is_there=many >= WORTHWHILE and can_be_forked())

    def sorted(self) -> Iterator[Sorted]:
        """Yield everybody who was admitted, in the order of the files, with who is there twice."""
        return self._intake.rows()

    def packs(self) -> Iterator[Pack]:
        """Yield the same, some at a time."""
        return self._intake.packs()

    def groups(self, kind: Groups) -> Iterator[Group]:
        """Yield the groups of rows that belong together."""
        return self._intake.groups(kind)

    def refuse_keys_twice(self) -> None:
        """Refuse keys that several addresses have: nobody could tell, the next time, whose address has changed.

        :raises InputError: a value of the key column stands with different addresses.
        """
        groups = list(self.groups(Groups.KEY_TWICE))
        if not groups:
            return
        problems = [
            Problem(group.members[0].origin, f'"{group.mark}": {", ".join(map(_addressed, group.members))}')
            for group in groups[:NAMED]
        ]
        raise InputError(
            "A value of the key column stands with different addresses.",
            hint='Mend the rows, or leave key out of [contacts]; to write to all addresses of a key:  address = "all"',
            problems=problems,
        )

    def _object(self, address: str, objection: Objection) -> None:
        self._intake.object(address, objection, leaves_out=objection.against in self._selection.leaves_out)

    def taken_shortly(self, question: tuple[int, Sequence[_Plain | None]]) -> list[_Taken | None]:
        """Return what the intake takes of each row in a part of a table, where that is all that becomes of it.

        None of a row of which more is to be said or noted: that is done when it is its turn. Nothing is changed here.

        :param question: which of the files it is, and the rows of the part; None where one is misshapen.
        """
        number, rows = question
        table = self._sources[number]
        if not isinstance(table, Table):
            return [None] * len(rows)
        return each_that_can(lambda some: self._shortly(table, some), rows)

    def _take_in_by_batches(self, core: SecondCore, number: int, table: Table) -> Iterator[Row]:
        def told(batch: Sequence[TableRow | Misshapen]) -> tuple[int, list[_Plain | None]]:
            return number, [
                (row.line, [*row.cells], row.is_hidden) if isinstance(row, TableRow) else None for row in batch
            ]

        for row, taken in core.shared(table.rows(), told):
            if taken is None:
                yield self._row(table.found_in(row))
            else:
                self._intake.add_values(*taken)
                yield _TAKEN

    def _shortly(self, table: Table, rows: Sequence[_Plain | None]) -> list[_Taken | None]:
        """Return what is taken in of ordinary rows: of each one recipient, and nothing beside it."""
        found = {place: table.found_in(TableRow(*row)) for place, row in enumerate(rows) if row}
        contacts = {place: one for place, one in found.items() if isinstance(one, Contact) and self._is_ordinary(one)}
        admitted = zip(contacts, self._selection.admit_all([*contacts.values()]), strict=True)
        recipients = {place: one for place, them in admitted if (one := self._alone(them))}
        known = {place: self._known(contacts[place]) for place in recipients}
        kept = {place: self._keep(one) for place, one in recipients.items()}
        proofs = dict(zip(recipients, self._prove([*recipients.values()]), strict=True))
        asked_for = {place: self._selection.is_asked_for(contacts[place]) for place in recipients}
        given = {
            place: _given(one, kept[place], selected=asked_for[place], row_digest=known[place][0] or None)
            for place, one in recipients.items()
            if known[place][1] is None
        }
        taken = {place: (values_of(one), proofs[place]) for place, one in given.items()}
        return [*map(taken.get, range(len(rows)))]

    def _is_ordinary(self, found: Contact) -> bool:
        """Tell whether nothing is to be noted of a row, whatever becomes of it."""
        selection = self._selection
        return (
            not found.objections
            and selection.corrected(found) is found
            and selection.belongs(found)
            and not names_more_addresses(found, 1)
        )

    def _alone(self, admitted: tuple[Recipient | Rejected, ...]) -> Recipient | None:
        """Return the one recipient that a row becomes; None where more is to be said of it."""
        recipient, *others = admitted
        if others or isinstance(recipient, Rejected) or self._is_forgotten(recipient):
            return None
        return None if has_unclear_form(recipient) or has_mixed_form(recipient) else recipient

    def _row(self, found: Contact | Rejected) -> Row:
        return Row(found, rejected=(found,)) if isinstance(found, Rejected) else self._take_in(found)

    def _take_in(self, found: Contact) -> Row:
        """Make recipients of a contact, unless an earlier enrolment has made them of the same row."""
        selection = self._selection
        contact = selection.corrected(found)
        # before any filter: what is said of an address holds, whatever becomes of the row that says so
        for objection in selection.objections(found) if found.objections else ():
            for address in {*identities_of(found), *identities_of(contact)}:
                self._object(address, objection)
        if not selection.belongs(contact):
            return Row(contact, is_meant=False)
        asked_for = selection.is_asked_for(contact)
        digest, known = self._known(contact)
        if known is not None:
            self._intake.add(replace(known, origin=str(contact.origin), opted_out="", selected=asked_for))
            return Row(contact, is_asked_for=asked_for, admitted=1)
        admitted = self._remembered(selection.admit(contact))
        recipients = [recipient for recipient in admitted if isinstance(recipient, Recipient)]
        for recipient in recipients:
            alone = digest or None if len(admitted) == 1 else None
            self._intake.add(_given(recipient, self._keep(recipient), selected=asked_for, row_digest=alone))
        rejected = tuple([rejection for rejection in admitted if isinstance(rejection, Rejected)])
        return Row(contact, is_asked_for=asked_for, admitted=len(recipients), rejected=rejected)

    def _is_forgotten(self, recipient: Recipient) -> bool:
        return bool(self._forgotten and self._forgotten.mark_of(identity(recipient.address)))

    def _remembered(self, admitted: tuple[Recipient | Rejected, ...]) -> tuple[Recipient | Rejected, ...]:
        """Return whom a row becomes, but for those who were forgotten: of them nothing is kept."""
        if not self._forgotten:
            return admitted
        return tuple(
            Rejected(one.origin, FORGOTTEN, one.row) if isinstance(one, Recipient) and self._is_forgotten(one) else one
            for one in admitted
        )


def not_meant(sources: Sequence[Source], selection: Selection) -> Iterator[str]:
    """Yield who stands in the contact files and is left out by ``[contacts] where``, as identities."""
    for source in sources:
        for found in source:
            if isinstance(found, Rejected) or selection.belongs(contact := selection.corrected(found)):
                continue
            admitted = selection.admit(contact)
            yield from (identity(row.address) for row in admitted if isinstance(row, Recipient))


def _given(recipient: Recipient, fields: str, *, selected: bool, row_digest: bytes | None) -> Given:
    """Return a recipient as the ledger takes it in."""
    # in the order of the fields: by their names it takes a microsecond longer
    return Given(
        recipient.key,
        identity(recipient.address),
        recipient.address,
        recipient.name,
        recipient.language,
        recipient.salutation,
        str(recipient.origin),
        fields,
        _unnamed(recipient.person),
        recipient.shared_salutation,
        "",
        "",
        row_digest,
        selected,
        recipient.form,
    )


def _unnamed(person: str) -> str:
    """Return digests of name and place, each by itself: the ledger can compare people without knowing them."""
    parts = person.split("\n", 1) if person else []
    return "\n".join(hashlib.blake2b(part.encode(), digest_size=8).hexdigest() for part in parts)


def _addressed(member: Member) -> str:
    return f"{member.address} ({member.origin})"
