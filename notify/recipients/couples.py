"""Two people in one row, where it is certain which name and title is whose: Herr Dr. und Frau Müller."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from notify.recipients.cells import words
from notify.recipients.honorifics import Gender, read_gender
from notify.recipients.names import Name
from notify.recipients.surname import told_apart
from notify.recipients.titles import AND, HONORIFICS, TITLES, peel, titles_in


class Person(NamedTuple):
    """Who is greeted by surname: the words of the Anrede, what gender they say, the titles, the surname."""

    anrede: frozenset[str]
    gender: Gender | None
    titles: str
    last: str


def two_people(cell: str, anrede: str, name: Name) -> tuple[Person, ...]:
    """Return the two people of a row; empty where there are not two, or a name or title may belong to either.

    :param cell: a name: Herr Max Müller und Frau Dr. Anna Schmidt.
    :param anrede: the Anrede beside one surname: Herr Dr. und Frau.
    """
    pieces = [piece.strip() for piece in AND.split(cell)]
    if len(pieces) == 2 and all(map(_begins_with_anrede, pieces)):
        people, known = _with_names(pieces), cell
        shared = not peel(pieces[0], whole=True).text
    elif name.last and not AND.search(name.last) and "/" not in name.last and not TITLES.search(name.first):
        people, known = [_person(piece, anrede=piece, last=name.last) for piece in AND.split(anrede)], anrede
        shared = True
    else:
        return ()
    # a title that stands elsewhere may be hers or his
    elsewhere = Counter(words(name.titles)) - Counter(words(titles_in(known, anywhere=True)))
    if len(people) != 2 or elsewhere:
        return ()
    first, second = people
    # Herr und Frau Dr. Müller: one doctor, or two?
    return () if shared and second.titles and not first.titles else (first, second)


def _begins_with_anrede(piece: str) -> bool:
    """Tell whether it is said how somebody is addressed: Mrs Smith, Dr. Smith."""
    return bool(HONORIFICS.match(piece) or TITLES.match(piece))


def _with_names(pieces: list[str]) -> list[Person]:
    """Return the people of two pieces of a name; the first may leave the surname to the second."""
    peeled = [peel(piece, whole=True) for piece in pieces]
    (first, last), (other_first, other_last) = (told_apart(name.text) for name in peeled)
    behind = TITLES.search(pieces[1].partition(",")[2])  # Herr Müller und Frau Schmidt, Dr.
    if behind or not other_last or (peeled[0].text and (not last or bool(first) != bool(other_first))):
        return []  # Herr Max und Frau Anna Müller
    former, latter = peeled
    return [
        _person(former.titles, anrede=former.honorifics, last=last or other_last),
        _person(latter.titles, anrede=latter.honorifics, last=other_last),
    ]


def _person(titles: str, *, anrede: str, last: str) -> Person:
    """Return one of two people; her titles may stand among other words."""
    return Person(frozenset(words(anrede)), read_gender(anrede), titles_in(titles, anywhere=True), last)
