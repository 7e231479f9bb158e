"""Which column of a contact file holds what: by the names that programs give their columns, and by their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from notify.contacts import cell_shapes as like
from notify.contacts.address_columns import (
    ADDRESS_FIELDS,
    AddressColumn,
    address_columns,
    called_addresses,
    in_order,
)
from notify.contacts.field_names import check_assigned, is_called, recognise, with_addresses
from notify.contacts.guess import (
    Evidence,
    Guess,
    contradicted,
    guess_addresses,
    guess_by_cells,
    guess_by_name,
    names_nobody,
)
from notify.contacts.optouts import tells_wishes
from notify.contacts.vocabulary import matches
from notify.core.contact import AddressCell
from notify.core.record import record

__all__ = [
    "AddressColumn",
    "Columns",
    "Guess",
    "check_assigned",
    "recognise",
    "survey_columns",
]


@record(frozen=True, slots=True)
class Columns:
    """What the columns of a file hold; they are counted from 0.

    ``fields`` has each field of :data:`notify.core.contact.FIELDS` at most once; ``addresses`` has every column that
    may hold an address of the contact, the one that is meant first in front; ``wishes`` those that say who is not to be
    written to, to be read with :func:`notify.contacts.optouts.objections`; ``sensitive`` those that are neither shown
    nor kept unless a template names them. What of ``guesses`` is sure is in the others already.
    """

    fields: Mapping[int, str]
    addresses: tuple[AddressColumn, ...] = ()
    wishes: tuple[int, ...] = ()
    guesses: tuple[Guess, ...] = ()
    sensitive: frozenset[int] = frozenset()

    def addresses_in(self, row: Sequence[str]) -> tuple[AddressCell, ...]:
        """Return the cells of a row that may hold addresses, without those that say nothing, the first one in front.

        Entries of an Exchange directory are left out, unless the row has nothing else: then they are the reason why it
        is not written to.
        """
        if len(self.addresses) == 1:
            # as in nearly every file, and nearly every row of it
            cell = self.addresses[0].cell(row)
            if "@" in cell.text and "=" not in cell.text:
                return (cell,)
        cells = [
            cell
            for column in self.addresses
            if "@" in (cell := column.cell(row)).text or not like.is_nothing(cell.text)
        ]
        if "=" not in "".join([cell.text for cell in cells]):
            return tuple(cells)
        return tuple(cell for cell in cells if not like.is_directory_entry(cell.text.strip())) or tuple(cells)


def survey_columns(
    headers: Sequence[str], assigned: Mapping[str, str], samples: Sequence[Sequence[str]] = ()
) -> Columns:
    """Find out what the columns of a file hold.

    :param headers: the cells of the header row; empty ones where the file has none.
    :param assigned: headers by field, from ``[contacts.columns]`` of notify.toml; they win where the file has them.
    :param samples: some rows. Without them the headers alone decide.
    :raises ConfigError: an assigned header is assigned twice.
    """
    known, guesses = _believed(headers, assigned, [like.column(samples, place) for place in range(len(headers))])
    guesses += guess_addresses(known)
    known = _with_addresses(known, [guess.column for guess in guesses if guess.sure and guess.field])
    for guess in sorted([*guess_by_name(known), *guess_by_cells(known)], key=lambda guess: not guess.sure):
        if guess.column in known.free and guess.field not in known.fields.values():
            guesses.append(guess)
            known = _with_field(known, guess)
    return _described(known, assigned, guesses)


def _believed(
    headers: Sequence[str], assigned: Mapping[str, str], cells: Sequence[Sequence[str]]
) -> tuple[Evidence, list[Guess]]:
    """Go by the headers, but pass over the columns whose cells contradict them."""
    passed_over: list[Guess] = []
    no_names = {place for place, header in enumerate(headers) if names_nobody(header, cells[place])}
    while True:
        wrong = {guess.column for guess in passed_over}
        fields = recognise(headers, assigned, wrong | no_names)
        chosen = [place for place, field in fields.items() if field in ADDRESS_FIELDS]
        called = [place for place in called_addresses(headers, chosen, wrong) if place not in fields]
        addresses = frozenset([*chosen, *called])
        explained = {*fields, *addresses, *wrong}
        free = [place for place, header in enumerate(headers) if place not in explained and not _has_a_use(header)]
        known = Evidence(headers, cells, fields, addresses, free)
        found = list(contradicted(known, {place for place, field in fields.items() if field in assigned}))
        if not found:
            return known, passed_over
        passed_over += found


def _has_a_use(header: str) -> bool:
    return tells_wishes(header) or matches(header, "sensitive.names")


def _with_addresses(known: Evidence, columns: Iterable[int]) -> Evidence:
    added = in_order(known.headers, columns)
    fields = {place: field for place, field in known.fields.items() if place not in added}
    free = [place for place in known.free if place not in added]
    return replace(known, fields=with_addresses(fields, added), addresses=known.addresses.union(added), free=free)


def _with_field(known: Evidence, guess: Guess) -> Evidence:
    """Note a guess; only what is sure becomes a field, but no column is guessed twice."""
    known = replace(known, free=[place for place in known.free if place != guess.column])
    if not guess.sure:
        return known
    if guess.field in ADDRESS_FIELDS:
        return _with_addresses(known, [guess.column])
    return replace(known, fields={**known.fields, guess.column: guess.field})


def _described(known: Evidence, assigned: Mapping[str, str], guesses: Sequence[Guess]) -> Columns:
    headers, used = known.headers, {*known.fields, *known.addresses}
    by_field = {field: place for place, field in known.fields.items()}
    ranked = [by_field[field] for field in ADDRESS_FIELDS if field in by_field]
    ranked += in_order(headers, known.addresses.difference(ranked))
    chosen = "email" in assigned and "email" in by_field and is_called(headers[by_field["email"]], assigned["email"])
    return Columns(
        fields=known.fields,
        addresses=address_columns(headers, ranked, chosen=by_field["email"] if chosen else None),
        wishes=tuple(place for place, header in enumerate(headers) if place not in used and tells_wishes(header)),
        guesses=tuple(sorted(guesses, key=lambda guess: guess.column)),
        sensitive=frozenset(
            place
            for place, header in enumerate(headers)
            if place not in used
            and (matches(header, "sensitive.names") or like.nearly_all(known.cells[place], like.is_iban))
        ),
    )
