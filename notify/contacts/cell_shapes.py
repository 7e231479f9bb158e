"""What the cells of a column look like, whatever the header above them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from notify.contacts.header import BROKEN, normal, words
from notify.contacts.vocabulary import vocabulary
from notify.core.late_pattern import late_pattern

# of the cells of a column so many must agree: there is always a "keine" or a "-" among them
_NEARLY_ALL = 0.8

_BARE = r"[^\s<>()@]+@[^\s<>()@]+\.[^\s<>()@]{2,}"
_ADDRESS = late_pattern(rf"[^<>()@]*<(?:mailto:)?{_BARE}>|(?:mailto:)?{_BARE}")
_SEVERAL = late_pattern(r":::|[;,\r\n]")
_DIRECTORY = late_pattern(r"(?:EX:|X500:)?/o=", re.IGNORECASE)
_POSTCODE = late_pattern(
    r"(?:[A-Z]{1,3}-)?\d{4,5}|\d{5}-\d{4}|\d{4} ?[A-Z]{2}|\d{2}-\d{3}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"
)
_IBAN = late_pattern(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?")
_ERROR = late_pattern(r"#[A-ZÄÖÜ/0-9]{2,}[!?]?|Err:\d{3}", re.IGNORECASE)  # of Excel, of LibreOffice
_LETTER = late_pattern(r"[^\W\d_]")
_WITH_PREFIX = frozenset("und and et e y en i dr prof professor professorin med phil jur rer nat ing dipl mag".split())


def column(samples: Sequence[Sequence[str]], position: int) -> list[str]:
    """Return what stands in a column, without the empty cells."""
    return [cell for row in samples if position < len(row) and (cell := row[position].strip())]


def nearly_all(cells: Sequence[str], like: Callable[[str], bool]) -> bool:
    """Tell whether there are cells, and nearly all are like this."""
    return bool(cells) and sum(map(like, cells)) >= _NEARLY_ALL * len(cells)


def is_address(cell: str) -> bool:
    """Tell whether a cell holds nothing but mail addresses, one or several."""
    if "@" not in cell:
        return False
    parts = [part.strip() for part in _SEVERAL.split(cell) if part.strip()]
    return bool(parts) and not is_directory_entry(cell) and all(_ADDRESS.fullmatch(part) for part in parts)


def is_directory_entry(cell: str) -> bool:
    """Tell whether Outlook has put an entry of an Exchange directory here: ``/o=ExchangeLabs/ou=…``, no address."""
    return bool(_DIRECTORY.match(cell))


def is_nothing(cell: str) -> bool:
    """Tell whether a cell says in words or signs that there is nothing: keine, n/a, -, #N/A."""
    text = normal(cell).strip(BROKEN)
    return not text or text in vocabulary().words["cells.nothing"] or bool(_ERROR.fullmatch(cell.strip()))


def is_prefix(cell: str) -> bool:
    """Tell whether a cell is Herr, Frau Dr., Mr, Familie and nothing else."""
    found = words(cell)
    first = vocabulary().words["cells.prefix"]
    return any(word in first for word in found) and all(word in first or word in _WITH_PREFIX for word in found)


def is_whole_name(cell: str) -> bool:
    """Tell whether a cell may be a name of several words: Frau Muster, Anna Muster."""
    return " " in cell.strip() and not any(char.isdecimal() or char == "@" for char in cell)


def is_gender(cell: str) -> bool:
    """Tell whether a cell is a gender written out; M may be a size."""
    return normal(cell) in vocabulary().words["cells.gender"]


def is_form(cell: str) -> bool:
    """Tell whether a cell is Sie or Du."""
    return normal(cell) in vocabulary().words["cells.form"]


def is_greeting(cell: str) -> bool:
    """Tell whether a cell is a greeting with a name: Sehr geehrte Frau Müller."""
    found = words(cell)
    return len(found) > 1 and found[0] in vocabulary().words["cells.greeting"]


def is_postcode(cell: str) -> bool:
    """Tell whether a cell may be a postcode; 12345 may be a customer number too."""
    return bool(_POSTCODE.fullmatch(cell))


def is_plain_number(cell: str) -> bool:
    """Tell whether a cell is digits only."""
    return cell.isdecimal()


def is_iban(cell: str) -> bool:
    """Tell whether a cell has the shape of an IBAN."""
    return bool(_IBAN.fullmatch(cell))


def is_text(cell: str) -> bool:
    """Tell whether a cell may be a name of somebody or of a place."""
    return bool(_LETTER.search(cell)) and "@" not in cell and "://" not in cell and not _is_flag(cell)


def are_flags(cells: Sequence[str]) -> bool:
    """Tell whether a column only says yes or no, or has no letters at all: Firma: ja; Kunde: 10023."""
    return len(cells) > 1 and (
        not any(map(_LETTER.search, cells)) or (all(map(_is_flag, cells)) and len({*map(normal, cells)}) <= 2)
    )


def _is_flag(cell: str) -> bool:
    text = normal(cell) or cell
    return text in vocabulary().words["opt_out.yes"] or text in vocabulary().words["opt_out.no"]
