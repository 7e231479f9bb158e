"""The greeting of a message, in the reader's language and after the custom of the reader's country.

Whoever cannot be greeted with certainty is greeted neutrally, with the reason for the list of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from notify.core.form import Form
from notify.core.text import one_line
from notify.recipients.couples import Person, two_people
from notify.recipients.form import form_of, greets_formally, read_form
from notify.recipients.greetings import GREETINGS, Greeting
from notify.recipients.honorifics import Anrede, Gender, read_anrede, read_gender
from notify.recipients.language import Language, country_of, language_of, read_language
from notify.recipients.names import Name, full_name, read_name
from notify.recipients.positions import anrede_cell
from notify.recipients.ready_made import ReadyMade, doubts, ended, ready_made
from notify.recipients.surname import is_initials
from notify.recipients.titles import AND, TITLES, joins

__all__ = [
    "Gender",
    "Language",
    "Salutation",
    "full_name",
    "language_of",
    "read_gender",
    "read_language",
    "salute",
]

#: Why somebody is greeted neutrally whose Anrede is a number.
NUMBERED = "the Anrede is a number"


class Salutation(NamedTuple):
    """The greeting as it stands on the message.

    ``fell_back`` tells that it is the neutral one because nothing better was known, and ``reason`` why. ``doubt`` is
    what speaks against a greeting that the file brought along; it is used all the same. Both are for people to read.
    ``shared`` greets whoever reads the address, in the same language, form and custom, and names nobody. The text
    below it is in the same ``form``.
    """

    text: str
    fell_back: bool
    reason: str = ""
    doubt: str = ""
    shared: str = ""
    form: Form = Form.FORMAL


def salute(fields: Mapping[str, str], language: str, *, du: bool = False, name: Name | None = None) -> Salutation:
    """Return the greeting for a row, from its salutation, else from Anrede and gender, else the neutral one.

    :param fields: cells by the names of :data:`notify.core.contact.FIELDS`; a missing one counts as empty.
    :param language: de, en or fr; the custom is that of the row's country.
    :param du: the row is one of those that are greeted with Du unless they say otherwise.
    :param name: of these fields, where it was read already.
    """
    greeting = GREETINGS.get(f"{language}-{country_of(fields)}") or GREETINGS[language]
    name = read_name(fields) if name is None else name
    row = _row(fields, name, greeting)
    ready = ready_made(fields, name, language)
    form = form_of(fields, name, ready.text, language, du=du)
    familiar = form is Form.FAMILIAR
    if familiar and greets_formally(ready.text) and not read_form(fields.get("form", "")):
        # what a program puts before every name says less than who decides for these contacts
        ready = ReadyMade(doubt=f'the greeting of the file is not used, it is formal: "{ready.text[:40]}"')
    shared = (greeting.familiar_nobody if familiar else greeting.firm if row.firm else greeting.nobody) + greeting.end
    if ready.text:
        against = "; ".join(doubts(ready.text, fields, name, greeting, language, form=form))
        text = ended(ready.text, greeting.end)
        return Salutation(text, fell_back=False, doubt=against, shared=shared, form=form)
    text, reason = _familiar(row) if familiar else _formal(row)
    return Salutation(text + greeting.end, bool(reason), reason, ready.doubt, shared, form)


class _Row(NamedTuple):
    """What is known of a row when it is greeted."""

    greeting: Greeting
    name: Name
    anrede: Anrede
    people: tuple[Person, ...]
    several: bool
    firm: bool


def _row(fields: Mapping[str, str], name: Name, greeting: Greeting) -> _Row:
    """Put together what the cells of a row say about who is greeted."""
    prefix, salutation = anrede_cell(fields), fields.get("salutation", "")
    anrede, both = _said(fields.get("gender", ""), prefix, salutation, name.honorifics)
    cell = one_line(fields.get("name", "") or fields.get("last_name", ""))
    people = two_people(cell, both, name) if both or joins(cell) else ()
    joined = "/" in name.first or any(map(joins, (name.first, name.last, name.whole or cell)))
    return _Row(
        greeting,
        name,
        anrede,
        people,
        several=bool(both or people) or anrede.several or joined,
        firm=anrede.firm or (bool(name.company) and not (name.whole or name.last)),
    )


@lru_cache(maxsize=4096)
def _said(gender: str, prefix: str, salutation: str, honorifics: str) -> tuple[Anrede, str]:
    """Return what the cells say about who is greeted, and the one that names two people, if any does."""
    greeting = one_line(salutation)
    both = next(filter(joins, (prefix, greeting, honorifics)), "")
    return read_anrede((gender, prefix, greeting, honorifics)), both


def _familiar(row: _Row) -> tuple[str, str]:
    """Greet by the first name; return the greeting, and the reason if it is a neutral one."""
    greeting, name = row.greeting, row.name
    first = _joined(name.first or name.whole, greeting)
    if row.anrede.family and name.last:
        return greeting.familiar_family.format(last=name.last), ""
    if row.firm or is_initials(first):
        return greeting.familiar_nobody, "a firm" if row.firm else "no first name"
    return greeting.familiar[None if row.several else row.anrede.gender].format(first=first), ""


def _formal(row: _Row) -> tuple[str, str]:
    """Greet by surname and title, or neutrally; return the greeting, and the reason if it is the neutral one."""
    greeting, anrede, last = row.greeting, row.anrede, row.name.last
    if row.firm:
        return greeting.firm, ""
    if anrede.family and last:
        return greeting.family.format(last=last), ""
    titled = greeting.spoken_title(row.name.titles, None)
    if anrede.spouses and last and greeting.spouses and not titled:
        return greeting.spouses.format(last=last), ""
    if row.several:
        text = _couple(greeting, row.people)
    elif addressed := _addressed(greeting, Person(anrede.words, anrede.gender, row.name.titles, last)):
        text = greeting.opening + addressed
    else:
        text = ""
    return (text, "") if text else _neutral(row)


def _couple(greeting: Greeting, people: tuple[Person, ...]) -> str:
    """Greet two people, each by surname and title; empty where they are not known, or would be greeted alike."""
    titled = any(greeting.spoken_title(person.titles, person.gender) for person in people)
    if not titled and (together := _together(greeting, people)):
        return together
    told = all(person.gender for person in people)
    ladies_first = sorted(people, key=lambda person: person.gender or "") if told else people
    each = [_addressed(greeting, person) for person in ladies_first]
    return greeting.opening + greeting.between.join(each) if all(each) and len(set(each)) == 2 else ""


def _together(greeting: Greeting, people: tuple[Person, ...]) -> str:
    """Greet two people in one, where the language has words for it: Mr and Mrs Smith; no title has its place there."""
    both = frozenset(word for person in people for word in person.anrede)
    if len({person.last for person in people}) == 1 and both in greeting.pair:
        return greeting.pair[both].format(last=people[0].last)
    return greeting.pair.get(frozenset(person.gender or "" for person in people), "")


def _addressed(greeting: Greeting, person: Person) -> str:
    """Name one person by surname and title; empty where gender or surname is not known."""
    if not (person.last or greeting.nameless):
        return ""
    title = greeting.spoken_title(person.titles, person.gender)
    named = {"title": title, "name": f"{title} {person.last}".strip(), "last": person.last}
    if title and greeting.titled:
        return greeting.titled.format_map(named)
    if person.gender is None or person.gender == "d":
        return ""
    kept = next((word for word in greeting.person if word in person.anrede and len(word) > 1), person.gender)
    return greeting.person[kept].format_map(named)


def _neutral(row: _Row) -> tuple[str, str]:
    """Greet by the whole name if there is one; return the greeting and what is missing for a better one."""
    greeting, name, several = row.greeting, row.name, row.several
    title = "" if several else greeting.spoken_title(name.titles, row.anrede.gender)
    # Dr. Max und Dr. Anna Müller: the one stands in front, the other between, and nobody is left without
    named = "" if several and name.titles and TITLES.search(name.whole) else name.whole
    whole = _joined(named, greeting) or (title and name.last)
    if row.anrede.gender == "d":
        return (greeting.diverse if whole else greeting.diverse_nobody).format(whole=f"{title} {whole}".strip()), ""
    text = greeting.neutral.format(whole=f"{title} {whole}".strip()) if whole else greeting.nobody
    return text, _reason(row)


def _joined(names: str, greeting: Greeting) -> str:
    """Say "and" between names in the greeting's language, however they were joined."""
    return one_line(AND.sub(f" {greeting.conjunction} ", names))


def _reason(row: _Row) -> str:
    """Return why somebody is greeted neutrally, in words for the list of those who are."""
    name, anrede = row.name, row.anrede
    if row.several:
        return "it cannot be told whose the title is" if name.titles and not row.people else "several people"
    if not (name.whole or name.last):
        return "no name"
    if anrede.contradicts:
        return "Anrede and gender contradict each other"
    if anrede.gender:
        return "the surname cannot be told" if " " in name.whole else "only a first name"
    if anrede.coded:
        return NUMBERED
    return "no Anrede, no gender" if name.whole else "only a surname"
