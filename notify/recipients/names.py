"""Who a row is about: a person with a name and titles, or a firm; read from the columns, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from notify.core.late_pattern import late_pattern
from notify.core.text import one_line
from notify.recipients.cells import meaning
from notify.recipients.firms import has_legal_form, is_abbreviated, is_body
from notify.recipients.honorifics import read_anrede, read_gender
from notify.recipients.positions import anrede_cell, is_position
from notify.recipients.surname import is_cjk, is_initials, is_particle, with_particles, without_particles
from notify.recipients.titles import HONORIFICS, Peeled, peel, titles_in
from notify.recipients.whole_name import WholeName, read_whole

__all__ = ["Name", "bare", "full_name", "read_name"]

_COLUMNS = "first_name last_name name surname_first prefix salutation title company gender rank particle".split()
# around a name: (privat), [alt], a bracket that was cut off, the number of a customer
_ASIDE = late_pattern(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\([^()]*$|\s\d+$)")
_ATTENTION = late_pattern(
    r"(?:z\. ?H(?:d?\.|änden)|zu Händen|att(?:n|ention)?[.:]|c/o|an(?= (?:frau|herrn)\b))\s*", re.IGNORECASE
)
_PLAIN = late_pattern(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
_NO_NAME = late_pattern(r"@|https?:|www\.", re.IGNORECASE)
_TIGHT_INITIAL = late_pattern(r"(?<=\b[^\W\d_]\.)(?=[^\W\d_]{2,}(?![\w.]))")


class Name(NamedTuple):
    """Who is addressed: ``honorifics`` and ``titles`` as they were found, ``last`` with its particles.

    ``first`` and ``last`` are empty when they cannot be told apart; ``whole`` is the name as one says it, without
    titles, and empty when nothing but a surname is known. A firm has nothing but ``company``.
    """

    honorifics: str = ""
    titles: str = ""
    first: str = ""
    last: str = ""
    whole: str = ""
    company: str = ""


class _Cells(NamedTuple):
    """The cells that a name is read from, cleaned; ``register`` is a whole name with the surname first."""

    first: str
    last: str
    name: str
    register: str
    prefix: str
    salutation: str
    title: str
    company: str
    gender: str
    rank: str
    particle: str


def read_name(fields: Mapping[str, str]) -> Name:
    """Return who stands in a row, by its columns for names, titles, Anrede, gender and company.

    A column ``surname_first`` holds whole names in the order of a register: "Müller Anna", with or without a comma.
    """
    return _read([fields.get(column, "") for column in _COLUMNS])


def full_name(fields: Mapping[str, str], name: Name | None = None) -> str:
    """Return the name as one says it: Prof. Dr. Erika Müller, or the firm's; empty when there is none.

    :param name: of these fields, where it was read already.
    """
    found = read_name(fields) if name is None else name
    whole = bare(fields.get("name", "") or fields.get("surname_first", ""))
    if not (found.whole or found.last):
        return found.company or whole
    person = found.whole or _with_anrede(found.last, found.honorifics or anrede_cell(fields))
    # Robert "Bob" Hanley
    if found.first and found.last and whole.startswith(found.first) and whole.endswith(found.last):
        person = whole
    return _joined([found.titles, person]) if found.titles else person


def _read(row: Sequence[str]) -> Name:
    """Return who stands in the cells of these columns."""
    cells = _cells(row)
    if _is_firm(cells):
        # as the file has it: Muster UG (haftungsbeschränkt)
        named = next(filter(str.strip, row[1:4]), "")
        return Name(company=cells.company or one_line(f"{row[0]} {named}"))
    given, family = peel(cells.first, whole=True), peel(cells.last)
    whole = read_whole(cells.register or cells.name, register=bool(cells.register))
    if given.text and family.text not in whole.text:
        whole = WholeName()  # somebody else, or the firm
    first, last = _completed(given.text, family.text.partition(",")[0].rstrip(), whole)
    if last:
        first, before = without_particles(first)
        last = f"{before} {last}" if before else last
        last = with_particles((cells.prefix, cells.title), (cells.rank, cells.particle), last)
    honorifics, titles = _around(cells, given, family, whole)
    return Name(honorifics, titles, first, last, _as_one_says_it(first, last, whole), cells.company)


def _cells(row: Sequence[str]) -> _Cells:
    """Return the cells of a name, each where it belongs: "Müller, Anna" below Nachname is a whole name."""
    first, last, name, register = map(bare, row[:4])
    prefix, salutation, title, company = map(meaning, row[4:8])
    prefix = "" if is_position(prefix) else prefix
    if name == company:
        name = ""
    if "," in first + last and not (first and last):
        first, last, name = "", "", first or last
    if last == company and not (first or name or prefix or read_gender(row[8])):
        last = ""
    if not (first or last or name or register):
        name = next(filter(_has_name, (prefix, salutation)), "")
    rank, particle = map(meaning, row[9:11])
    return _Cells(first, last, name, register, prefix, salutation, title, company, row[8], rank, particle)


def bare(text: str) -> str:
    """Return a name without what stands around it: (privat), z. Hd., *; empty when it is an address or a number."""
    line = meaning(text)
    # one word, and with a hyphen between two: nothing stands around it
    if not line or line.isalpha() or (line[0] != "-" != line[-1] and line.replace("-", "").isalnum()):
        return line
    if addressed := _ATTENTION.match(line):
        line = line[addressed.end() :]
    if _PLAIN.fullmatch(line):
        return line
    if _NO_NAME.search(line):
        return ""
    line = _TIGHT_INITIAL.sub(" ", _ASIDE.sub("", line)).strip(" ,;*†|/–-")
    return line[1:-1].strip() if line and line[0] in "\"'„»“" and line[-1] in "\"'“«”" else line


def _has_name(anrede: str) -> bool:
    """Tell whether a name stands behind the Anrede: Frau Müller, but not Frau Dr. and Herr/Frau."""
    return bool(HONORIFICS.match(anrede)) and peel(anrede, whole=True).text[:1].isalpha()


def _is_firm(cells: _Cells) -> bool:
    """Tell whether a row is a firm's: by a legal form, or by words like Praxis where nothing speaks for a person."""
    subject = cells.last or cells.name or cells.register
    if has_legal_form(subject):
        return True
    if cells.prefix or HONORIFICS.match(subject) or read_gender(cells.gender):
        return False
    if not cells.first and is_abbreviated(subject):
        return True
    return has_legal_form(cells.first) or is_body(cells.first or subject)


def _around(cells: _Cells, given: Peeled, family: Peeled, whole: WholeName) -> tuple[str, str]:
    """Return the honorifics and titles of a row, wherever they stand."""
    before, honorific = _titles_before(cells.title, cells.prefix)
    titles = (*before, given.titles, family.titles, whole.titles, titles_in(cells.salutation, anywhere=True))
    honorifics = (given.honorifics, family.honorifics, whole.honorifics, honorific)
    return _joined(honorifics) if any(honorifics) else "", _joined(titles) if any(titles) else ""


@lru_cache(maxsize=4096)
def _titles_before(title: str, prefix: str) -> tuple[tuple[str, str], str]:
    """Return the titles in the cells for title and Anrede, and the honorific that stands in the first."""
    honorific = HONORIFICS.match(title)
    return (titles_in(title), titles_in(prefix, anywhere=True)), honorific.group() if honorific else ""


def _completed(first: str, last: str, whole: WholeName) -> tuple[str, str]:
    """Fill in first and last name from a whole name, where one of them, or a comma, tells which is which."""
    if (first and last) or not whole.text:
        return first, last
    if whole.certain or not (first or last):
        return first or whole.first, last or whole.last
    known = first or last
    rest = whole.text.removeprefix(f"{known} ").removesuffix(f" {known}")
    if last:
        return (rest if rest != whole.text else ""), last
    # Anna, Müller Anna; but not Anna, Anna Maria Müller
    alone = " " not in rest or is_particle(rest.split()[0])
    return first, rest if rest != first and alone else ""


def _as_one_says_it(first: str, last: str, whole: WholeName) -> str:
    """Return the whole name, empty when it is only a surname."""
    if is_cjk(first) and is_cjk(last):
        return last + first
    if first and last:
        # capitals make it likely that DUPONT is the surname of DUPONT Jean; but not so that he is turned round
        return whole.text if whole.text == f"{last} {first}" and not whole.certain else f"{first} {last}"
    if first:
        return whole.text or ("" if is_initials(first) else first)
    return "" if last and not is_cjk(whole.text) else whole.text


def _with_anrede(last: str, anrede: str) -> str:
    """Return the surname of several people with the words for them: Familie Müller."""
    who = read_anrede([anrede])
    return f"{anrede} {last}" if who.several or who.family else last


def _joined(parts: Iterable[str]) -> str:
    """Join what is there, each once."""
    return " ".join(dict.fromkeys(filter(None, parts)))
