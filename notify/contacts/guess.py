"""What a column may hold although its header does not say so: by a header that is nearly right, and by its cells."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from notify.contacts import cell_shapes as like
from notify.contacts.address_columns import ADDRESS_FIELDS, Holds, holds
from notify.contacts.header import normal
from notify.contacts.vocabulary import meanings, vocabulary, written
from notify.core.late_pattern import late_pattern
from notify.core.record import record

# "Vornahme" is near enough to be shown, "Kundengruppe" is not near to Kundennummer
_NEAR = 0.88
_SHORTEST = 5
# below these columns stand names; flags and numbers there mean that the column is called so for another reason
_TEXTS = ("street", "city", "company", "name", "last_name", "first_name", "salutation")
_EITHER = frozenset({"kontakt", "contact"})
# what spreadsheets, databases and notify itself call a column that has no name
_NAMELESS = late_pattern(r"(?:column|spalte|feld|field|unnamed|col|colonne|columna|colonna|kolom|kolumna|[cf])?\d*")

_SHAPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "prefix": (like.is_prefix, "words such as Herr and Frau"),
    "gender": (like.is_gender, "words for a gender"),
    "salutation": (like.is_greeting, "greetings"),
    "form": (like.is_form, "Sie or Du"),
}
_WITNESSES: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(_TEXTS, like.is_text),
    **{field: shape for field, (shape, _) in _SHAPES.items()},
    **dict.fromkeys(ADDRESS_FIELDS, like.is_address),
    "country": like.is_text,
    "postcode": like.is_postcode,
}


@record(frozen=True, slots=True)
class Guess:
    """What a column may hold although its header does not say so, and why.

    A guess that is ``sure`` is acted upon, and the user is told; any other is only proposed. An empty ``field`` means:
    the column does not hold what its header says.
    """

    column: int
    field: str
    why: str
    sure: bool


@record(frozen=True, slots=True)
class Evidence:
    """What is known of a file before anything is guessed.

    ``cells`` has the cells of each column that are not empty, ``free`` the columns that nobody has explained yet.
    """

    headers: Sequence[str]
    cells: Sequence[Sequence[str]]
    fields: Mapping[int, str]
    addresses: frozenset[int]
    free: Collection[int]


def contradicted(known: Evidence, assigned: Collection[int]) -> Iterator[Guess]:
    """Yield the columns whose cells cannot be what the header says: "Firma" with yes and no, "E-Mail" with ja.

    :param assigned: columns that notify.toml names; they are left alone.
    """
    elsewhere = any(like.nearly_all(cells, like.is_address) for cells in known.cells)
    for place in sorted({*known.fields, *known.addresses}.difference(assigned)):
        cells = known.cells[place]
        if place in known.addresses and cells and elsewhere and not any(map(_may_be_address, cells)):
            yield Guess(place, "", "its cells are no e-mail addresses", sure=True)
        elif known.fields.get(place) in _TEXTS and like.are_flags(cells):
            yield Guess(place, "", "its cells say yes or no, or are numbers", sure=True)


def guess_addresses(known: Evidence) -> Iterator[Guess]:
    """Yield the columns whose cells are mail addresses, whatever they are called.

    Beside a column that is called e-mail, an unknown one may as well hold the addresses of colleagues; and so may one
    that repeats the same few addresses in row after row.
    """
    found = [place for place in known.free if _holds_addresses(known, place)]
    own = [place for place in found if not _repeats(known.cells[place]) and not _of_others(known.headers[place])]
    for place in found:
        nameless = is_nameless(known.headers[place])
        called = nameless or holds(known.headers[place]) is Holds.PERHAPS
        alone = not known.addresses and (own == [place] or (nameless and found == [place]))
        yield _addresses(known, place, sure=alone or (called and place in own))
    if not found and not known.addresses:
        yield from (_addresses(known, place, sure=True) for place in _miscalled(known))


def _addresses(known: Evidence, place: int, *, sure: bool) -> Guess:
    cells = known.cells[place]
    again = ", the same few again and again" * _repeats(cells)
    why = f"{sum(map(like.is_address, cells))} of {len(cells)} cells are e-mail addresses{again}"
    return Guess(place, "email", why, sure)


def _holds_addresses(known: Evidence, place: int) -> bool:
    cells = [cell for cell in known.cells[place] if not (like.is_directory_entry(cell) or like.is_nothing(cell))]
    if is_nameless(known.headers[place]):
        # a column that nobody calls anything may have more slips in it
        return 2 * sum(map(like.is_address, cells)) >= len(cells) > 0
    return holds(known.headers[place]) is not Holds.NEVER and like.nearly_all(cells, like.is_address)


def _miscalled(known: Evidence) -> list[int]:
    """Find a column that is called Adresse, or else Name, and has mail addresses below it, each another."""
    places = {field: place for place, field in known.fields.items()}
    named = (places[field] for field in _TEXTS if field in places)
    return [place for place in named if _holds_addresses(known, place) and not _repeats(known.cells[place])][:1]


def guess_by_cells(known: Evidence) -> Iterator[Guess]:
    """Yield what cells give away: prefixes, genders, greetings, Sie or Du, and postcodes beside towns."""
    for place in known.free:
        cells, header = known.cells[place], known.headers[place]
        for field, (shape, words) in _SHAPES.items():
            if field not in known.fields.values() and like.nearly_all(cells, shape):
                sure = len(cells) > 1 and not _of_others(header)
                yield Guess(place, field, f"its cells are {words}", sure=sure)
        if "postcode" not in known.fields.values() and like.nearly_all(cells, like.is_postcode):
            numbers = like.nearly_all(cells, like.is_plain_number)
            if not numbers or "city" in {known.fields.get(place - 1), known.fields.get(place + 1)}:
                why = f"its cells look like postcodes{', beside a town' * numbers}"
                yield Guess(place, "postcode", why, sure=not numbers and not _of_others(header))


def guess_by_name(known: Evidence) -> Iterator[Guess]:
    """Yield columns that are called nearly as a field is. Only where the cells agree it is sure.

    Nachnahme (cash on delivery) is one letter away from Nachname.
    """
    for place in known.free:
        near = _nearest(known.headers[place], {*vocabulary().fields} - {*known.fields.values()})
        if near is None:
            continue
        field, name = near
        cells, witness = known.cells[place], _WITNESSES.get(field)
        agreed = witness is not None and like.nearly_all(cells, witness)
        if agreed or witness is None or not cells:
            why = f'called nearly "{name}"{", and its cells agree" * agreed}'
            yield Guess(place, field, why, sure=agreed and not _of_others(known.headers[place]))


def names_nobody(header: str, cells: Sequence[str]) -> bool:
    """Tell whether a column that may name people, such as Kontakt, has addresses, or how they came: Messe, Telefon."""
    if normal(header) not in _EITHER or not cells:
        return False
    return _repeats(cells) or not like.nearly_all(cells, like.is_whole_name)


def _may_be_address(cell: str) -> bool:
    return "@" in cell or like.is_directory_entry(cell)


def is_nameless(header: str) -> bool:
    """Tell whether a column has no name of its own: empty, ``column 3``, ``Spalte1``, ``Unnamed: 2``."""
    return bool(_NAMELESS.fullmatch(normal(header)))


def _nearest(header: str, fields: Collection[str]) -> tuple[str, str] | None:
    """Return the field and the name that a header comes nearest to."""
    called = normal(header)
    if len(called) < _SHORTEST or called in _EITHER or holds(header) is Holds.NEVER:
        return None
    candidates = {name: field for field, known in vocabulary().fields.items() if field in fields for name in known}
    near = difflib.get_close_matches(called, candidates, n=3, cutoff=_NEAR)
    found = next((name for name in near if _same_but_for_letters(name, called)), None)
    return (candidates[found], written()[found]) if found else None


def _same_but_for_letters(name: str, called: str) -> bool:
    """Tell whether two names differ in a letter or two, not in a number or a word."""
    digits, others = ("".join(filter(str.isdecimal, text)) for text in (name, called))
    return digits == others and abs(len(name) - len(called)) < 3


def _repeats(cells: Sequence[str]) -> bool:
    return len(cells) > 4 and 2 * len({*map(str.casefold, cells)}) <= len(cells)


def _of_others(header: str) -> bool:
    """Tell whether a header speaks of somebody else, or of a second one: Anrede Partner, Betreuer, Anrede 2."""
    if is_nameless(header):
        return False
    never = vocabulary().words["mail.never"] | vocabulary().words["mail.parents"]
    spoken = {word for reading in meanings(header) for word in reading}
    return bool(spoken & never) or any(word.isdecimal() and word.strip("01") for word in spoken)
