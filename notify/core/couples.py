"""Two people in one row, where it is certain who is who: Herr Dr. und Frau Müller."""

from __future__ import annotations

from dataclasses import dataclass

from notify.core.cells import words
from notify.core.honorifics import Gender, read_gender
from notify.core.names import Name
from notify.core.surname import told_apart
from notify.core.titles import AND, HONORIFICS, peel, titles_in


@dataclass(frozen=True, slots=True)
class Person:
    """Who is greeted by surname: the words of the Anrede, what gender they say, the titles, the surname."""

    anrede: frozenset[str]
    gender: Gender | None
    titles: str
    last: str


def two_people(cell: str, anrede: str, name: Name) -> tuple[Person, ...]:
    """Return the two people of a row; empty where there are not two, or their names may belong to either.

    :param cell: a name: Herr Max Müller und Frau Dr. Anna Schmidt.
    :param anrede: the Anrede beside one surname: Herr Dr. und Frau.
    """
    pieces = [piece.strip() for piece in AND.split(cell)]
    if len(pieces) == 2 and all(map(HONORIFICS.match, pieces)):
        people = _with_names(pieces)
    elif name.last and not AND.search(name.last) and "/" not in name.last:
        # a title that stands elsewhere may be hers or his
        elsewhere = name.titles not in {"", titles_in(anrede, anywhere=True)}
        people = [] if elsewhere else [_person(piece, anrede=piece, last=name.last) for piece in AND.split(anrede)]
    else:
        return ()
    if len(people) != 2:
        return ()
    one, other = people
    # Herr und Frau Dr. Müller: one doctor, or two?
    return () if one.last == other.last and other.titles and not one.titles else (one, other)


def _with_names(pieces: list[str]) -> list[Person]:
    """Return the people of two pieces of a name; the first may leave the surname to the second."""
    peeled = [peel(piece, whole=True) for piece in pieces]
    (first, last), (other_first, other_last) = (told_apart(one.text) for one in peeled)
    if not other_last or (peeled[0].text and (not last or bool(first) != bool(other_first))):
        return []  # Herr Max und Frau Anna Müller
    one, other = peeled
    return [
        _person(one.titles, anrede=one.honorifics, last=last or other_last),
        _person(other.titles, anrede=other.honorifics, last=other_last),
    ]


def _person(titles: str, *, anrede: str, last: str) -> Person:
    """Return one of two people; her titles may stand among other words."""
    return Person(frozenset(words(anrede)), read_gender(anrede), titles_in(titles, anywhere=True), last)
