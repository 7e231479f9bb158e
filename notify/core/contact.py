"""Contacts as they were found, and what becomes of them: admitted as recipients, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Mapping

from notify.core.form import Form
from notify.core.objection import Objection
from notify.core.record import record

#: What notify knows about a contact, with the words for the documentation. Templates say ``contact.last_name``,
#: notify.toml says ``[contacts.columns]`` ``last_name = "Name 1"``.
FIELDS: dict[str, str] = {
    "email": "the address that is written to",
    "email_2": "a second address; `address` in [contacts] says which is written to",
    "email_3": "a third address",
    "name": "the whole name, as one would say it",
    "first_name": "given name",
    "last_name": "family name, with its particles (von der Leyen)",
    "rank": "title of nobility, where it has a column of its own: Gräfin, Freiherr von",
    "particle": "what belongs before the family name, where it has a column of its own: von, van der",
    "prefix": "the Anrede column: Herr, Frau Dr., Mr, Firma, Familie",
    "title": "academic title: Dr., Prof. Dr.",
    "gender": "m, f or d, and the words for them",
    "company": "firm, authority or club",
    "salutation": "a greeting ready to use; it wins over every rule",
    "form": "Sie or du",
    "language": "de, en or fr, and the words for them",
    "street": "street and number",
    "postcode": "postal code",
    "city": "town",
    "country": "country",
    "phone": "telephone number",
    "customer_number": "the number in the customer list",
}


@record(frozen=True, slots=True)
class Origin:
    """Where a contact stands: the file as the user named it, and the line of its row, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@record(frozen=True, slots=True)
class AddressCell:
    """A cell that holds an address, or several. ``kind`` is ``work``, ``private`` or empty."""

    text: str
    kind: str = ""
    preferred: bool = False


@record(frozen=True, slots=True)
class Contact:
    """A row as it was found.

    ``fields`` has every name of :data:`FIELDS`, empty where the file has no such column; ``row`` has every cell of
    the file by the header above it; ``addresses`` are all cells that may hold addresses, in the file's order;
    ``objections`` are what the row says against writing to it. ``is_hidden``: it cannot be seen in its workbook, and
    such rows are to be left out.
    """

    origin: Origin
    fields: Mapping[str, str]
    row: Mapping[str, str]
    addresses: tuple[AddressCell, ...] = ()
    objections: tuple[Objection, ...] = ()
    is_hidden: bool = False


@record(frozen=True, slots=True)
class Rejected:
    """A row that is not written to, with the reason, and its cells for the report."""

    origin: Origin
    reason: str
    row: Mapping[str, str]
    address: str = ""


@record(frozen=True, slots=True)
class Recipient:
    """A contact that was admitted.

    ``key`` is its stable identity in the campaign, ``address`` is what goes on the wire (domain in ASCII form),
    ``other_addresses`` are those of its row that are not written to by this recipient.

    ``fell_back`` tells that the salutation is the neutral one because nothing better was known, ``why`` says what was
    missing and is empty otherwise; ``doubt`` is what speaks against a greeting that the file brought along.
    ``shared_salutation`` is for several people behind one address: it names nobody.

    ``form`` is that of the salutation, and of the text below it. ``audiences`` are those it belongs to, by their names.

    ``person`` says who it is, for comparison alone: recipients who share it are probably one and the same; empty when
    the name is not known in full. ``objections`` are what any row with the address says against writing to it, the one
    that decides in front; ``opted_out`` is why it is left out because of them, empty where it is written to.
    """

    key: str
    address: str
    name: str
    language: str
    salutation: str
    fell_back: bool
    origin: Origin
    fields: Mapping[str, str]
    row: Mapping[str, str]
    other_addresses: tuple[str, ...] = ()
    person: str = ""
    shared_salutation: str = ""
    why: str = ""
    doubt: str = ""
    opted_out: str = ""
    objections: tuple[Objection, ...] = ()
    form: Form = Form.FORMAL
    audiences: tuple[str, ...] = ()
