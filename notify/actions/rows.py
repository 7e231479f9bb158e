"""The one walk over the rows of the contact files: corrected, filtered, admitted, taken in, and sorted.

A preview, a report and an enrolment all walk here, so that whom they find, and how each is greeted, cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from notify.actions.enrolling import NAMED
from notify.actions.selection import Selection
from notify.contacts import Source
from notify.core.address import identity
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.objection import Objection
from notify.core.record import record
from notify.errors import InputError, Problem
from notify.ledger import Given, Group, Groups, Intake, Known, Member, Sorted
from notify.recipients.admission import identities_of, names_more_addresses


@record(frozen=True, slots=True)
class Row:
    """A row of a contact file, and what the walk made of it.

    ``is_meant`` tells whether the campaign is for it (``[contacts] where`` and ``hidden_rows``), ``is_asked_for``
    whether this run is (``--where``). Who is not meant is not admitted. ``rejected``: why it, or one of its addresses,
    is not written to.
    """

    found: Contact | Rejected
    is_meant: bool = True
    is_asked_for: bool = True
    admitted: int = 0
    rejected: tuple[Rejected, ...] = ()

    @property
    def has_more_addresses(self) -> bool:
        """Whether it is written to, but not at every address that stands in it."""
        return isinstance(self.found, Contact) and self.admitted > 0 and names_more_addresses(self.found, self.admitted)


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
    ) -> None:
        """Walk into an intake.

        :param keep: returns what is kept of a recipient beside the columns of the intake, as JSON.
        :param enrolled: whom earlier enrolments have brought in.
        :param known: returns the digest of a row, and whom an earlier enrolment has made of the same row.
        :param dead: addresses that a ledger knows to be dead.
        """
        self._sources = sources
        self._selection = selection
        self._intake = intake
        self._keep = keep
        self._enrolled = enrolled
        self._known = known
        self._dead = dead

    def take_in(self) -> Iterator[Row]:
        """Yield every row of every file; after the last one all who were admitted are sorted."""
        for address, objection in self._dead:
            self._object(address, objection)
        for source in self._sources:
            for found in source:
                yield Row(found, rejected=(found,)) if isinstance(found, Rejected) else self._take_in(found)
        self._intake.sort(self._selection.sharing, self._enrolled)

    def sorted(self) -> Iterator[Sorted]:
        """Yield everybody who was admitted, in the order of the files, with who is there twice."""
        return self._intake.rows()

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
        admitted = selection.admit(contact)
        recipients = [recipient for recipient in admitted if isinstance(recipient, Recipient)]
        for recipient in recipients:
            alone = digest or None if len(admitted) == 1 else None
            self._intake.add(_given(recipient, self._keep(recipient), selected=asked_for, row_digest=alone))
        rejected = tuple([rejection for rejection in admitted if isinstance(rejection, Rejected)])
        return Row(contact, is_asked_for=asked_for, admitted=len(recipients), rejected=rejected)


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
    return Given(
        key=recipient.key,
        identity=identity(recipient.address),
        address=recipient.address,
        name=recipient.name,
        language=recipient.language,
        salutation=recipient.salutation,
        origin=str(recipient.origin),
        fields=fields,
        person=_unnamed(recipient.person),
        shared_salutation=recipient.shared_salutation,
        selected=selected,
        row_digest=row_digest,
        form=recipient.form,
    )


def _unnamed(person: str) -> str:
    """Return digests of name and place, each by itself: the ledger can compare people without knowing them."""
    parts = person.split("\n", 1) if person else []
    return "\n".join(hashlib.blake2b(part.encode(), digest_size=8).hexdigest() for part in parts)


def _addressed(member: Member) -> str:
    return f"{member.address} ({member.origin})"
