"""A whole name in one cell: what is first name, what is surname."""

from __future__ import annotations

from typing import NamedTuple

from notify.recipients.surname import from_register, is_particle, told_apart
from notify.recipients.titles import AND, HONORIFICS, is_no_name, peel


class WholeName(NamedTuple):
    """A whole name, taken apart as far as it can be.

    ``text`` is the name as one says it, empty when it cannot be said so; ``certain`` tells that a comma told the
    surname.
    """

    honorifics: str = ""
    titles: str = ""
    first: str = ""
    last: str = ""
    text: str = ""
    certain: bool = False


def read_whole(text: str, *, register: bool = False) -> WholeName:
    """Take a whole name apart.

    :param register: the surname stands first, as in a register: Müller Anna.
    """
    if not text:
        return WholeName(certain=register)
    if "," in text:
        return _by_comma(text)
    peeled = peel(text)
    first, last = from_register(peeled.text) if register else told_apart(peeled.text)
    spoken = f"{first} {last}".strip() if register else peeled.text
    return WholeName(peeled.honorifics, peeled.titles, first, last, _speakable(spoken), certain=register)


def _by_comma(text: str) -> WholeName:
    """Take "Last, First" apart, with titles and degrees wherever they stand."""
    cut = [piece.strip() for piece in text.split(",") if not is_no_name(piece.strip())]
    pieces = [peel(piece, whole=place > 0) for place, piece in enumerate(cut)]
    honorifics = " ".join(piece.honorifics for piece in pieces if piece.honorifics)
    titles = " ".join(piece.titles for piece in pieces if piece.titles)
    names = [piece.text for piece in pieces if piece.text]
    if len(names) > 1 and is_particle(names[1]):  # Heide, von der, Katrin
        names[:2] = [f"{names[1]} {names[0]}"]
    if len(names) == 1:  # Anna Müller, M. A.
        return WholeName(honorifics, titles, *told_apart(names[0]), _speakable(names[0]))
    if len(names) > 2 or not names or (" " in AND.split(names[1])[-1] and AND.search(names[1])):
        return WholeName(honorifics, titles)  # Anna, Max und Eva Müller
    last, first = names
    return WholeName(honorifics, titles, first, last, f"{first} {last}", certain=True)


def _speakable(text: str) -> str:
    """Return what can follow "Guten Tag"; Müller und Dr. Schmidt, and Müller und Frau, cannot."""
    pieces = [piece.strip() for piece in AND.split(f" {text}")]
    if len(pieces) == 1:
        return text
    in_full = any(" " in peel(piece, whole=True).text for piece in pieces)
    return text if in_full and all(pieces) and not HONORIFICS.search(text) else ""
