"""The greeting of a message, in the reader's language (DIN 5008; usage of British business letters).

Whoever cannot be greeted with certainty is greeted neutrally. Nobody's gender is guessed from a first name: one
mistake in fifty would stand in the very message that must look trustworthy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from notify.core.names import Name, full_name, one_line, read_name

__all__ = ["Gender", "Language", "Salutation", "full_name", "read_gender", "read_language", "salute"]

Gender = Literal["m", "f", "d"]
Language = Literal["de", "en"]

# these say it wherever they stand in a cell: "Herr Dr. M. Müller"
_GENDER_WORDS: dict[str, Gender] = {
    **dict.fromkeys("herr herrn hr hrn mr mister monsieur männlich maennlich mann male man".split(), "m"),
    **dict.fromkeys("frau fr frl fräulein mrs ms miss madame mme mlle weiblich female woman".split(), "f"),
    **dict.fromkeys("divers diverse binär binary nichtbinär nonbinary".split(), "d"),
}
# these only when they are the whole cell; 1 and 2 are ISO/IEC 5218
_GENDER_CODES: dict[str, Gender] = {"m": "m", "1": "m", "w": "f", "f": "f", "2": "f", "d": "d", "x": "d"}
_LANGUAGE_WORDS: dict[str, Language] = {
    **dict.fromkeys("de deu ger deutsch german allemand".split(), "de"),
    **dict.fromkeys("en eng englisch english anglais".split(), "en"),
}
_FAMILIAR_WORDS = frozenset("du duzen familiar informal informell".split())
_FIRM_WORDS = frozenset("firma fa company damen unternehmen behörde verein".split())
_FAMILY_WORDS = frozenset("familie fam family".split())
_SEVERAL_WORDS = frozenset("eheleute ehepaar couple".split())
# a cell of one such word is an Anrede, and a greeting that ends in one waits for a name
_ANREDE_WORDS = frozenset({*_GENDER_WORDS, *_GENDER_CODES, *_FIRM_WORDS, *_FAMILY_WORDS, *_SEVERAL_WORDS})
_UNFINISHED_WORDS = frozenset(
    "herr herrn hr frau fr mr mrs ms miss firma familie dr prof professor professorin".split()
    + "dear geehrte geehrter liebe lieber".split()
)
_BARE_GREETINGS = frozenset("tag hallo hello hi hey moin servus".split())

_WORD = re.compile(r"[^\W_]+")
_AND = re.compile(r"\s(?:und|u\.|and|&|\+)\s", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:sehr|geehrte|werte|liebe|guten|grüß|good)\w*\s|(?:hallo|grüezi|servus|moin|dear|hello|hey|hi)\b", re.IGNORECASE
)
_PROFESSOR = re.compile(r"prof", re.IGNORECASE)
_DOCTOR = re.compile(r"\bd?dr\b|\bdo[kc]tor", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Salutation:
    """The greeting with its comma, and whether it is the neutral one because nothing better was known."""

    text: str
    fell_back: bool


@dataclass(frozen=True, slots=True)
class _Forms:
    """How one language greets. ``{last}`` and ``{whole}`` come with the title that is spoken."""

    person: Mapping[str, str]  # by the honorific of the file where the language keeps it, else by gender
    titled: str  # when the title makes the gender needless; empty where it does not
    firm: str
    family: str
    neutral: str
    nobody: str
    familiar: Mapping[Gender | None, str]
    familiar_nobody: str
    doctor: str
    professor: Mapping[Gender | None, str] = field(default_factory=dict)


_FORMS = {
    "de": _Forms(
        person={"m": "Sehr geehrter Herr {last},", "f": "Sehr geehrte Frau {last},"},
        titled="",
        firm="Sehr geehrte Damen und Herren,",
        family="Sehr geehrte Familie {last},",
        neutral="Guten Tag {whole},",
        nobody="Guten Tag,",
        familiar={"m": "Lieber {first},", "f": "Liebe {first},", "d": "Hallo {first},", None: "Hallo {first},"},
        familiar_nobody="Hallo,",
        doctor="Dr. ",
        professor={"m": "Professor ", "f": "Professorin ", "d": "Prof. ", None: "Prof. "},
    ),
    "en": _Forms(
        person={"m": "Dear Mr {last},", "f": "Dear Ms {last},", "mrs": "Dear Mrs {last},", "miss": "Dear Miss {last},"},
        titled="Dear {last},",
        firm="Dear Sir or Madam,",
        family="Dear {last} family,",
        neutral="Dear {whole},",
        nobody="Hello,",
        familiar={"m": "Dear {first},", "f": "Dear {first},", "d": "Dear {first},", None: "Dear {first},"},
        familiar_nobody="Hello,",
        doctor="Dr ",
        professor={"m": "Professor ", "f": "Professor ", "d": "Professor ", None: "Professor "},
    ),
}


def salute(fields: Mapping[str, str], language: str) -> Salutation:
    """Return the greeting for a row.

    :param fields: cells by the names of :data:`notify.core.people.FIELDS`; a missing one counts as empty.
    :param language: one of :data:`notify.core.campaign.LANGUAGES`.
    """
    if ready := _ready_made(fields):
        return Salutation(ready, fell_back=False)
    forms = _FORMS[language]
    name = read_name(fields)
    honorific = " ".join((fields.get("prefix", ""), fields.get("salutation", ""), name.honorifics)).strip()
    words = frozenset(_words(honorific))
    several = bool(words & _SEVERAL_WORDS or len(_genders(honorific)) > 1 or _AND.search(name.first or name.whole))
    gender = None if several else _agreed(fields.get("gender", ""), honorific)
    firm = bool(words & _FIRM_WORDS) or (bool(name.company) and not (name.whole or name.last))
    if _FAMILIAR_WORDS.intersection(_words(fields.get("form", ""))):
        return _familiar(forms, Name() if firm else name, gender)
    if firm:
        return Salutation(forms.firm, fell_back=False)
    if words & _FAMILY_WORDS and name.last:
        return Salutation(forms.family.format(last=name.last), fell_back=False)
    return _formal(forms, name, gender, words, several=several)


def read_gender(text: str) -> Gender | None:
    """Return what a gender or Anrede cell says, None when it says nothing or both (Herr/Frau)."""
    genders = _genders(text)
    return next(iter(genders)) if len(genders) == 1 else None


def read_language(text: str) -> Language | None:
    """Return the language of de, de-DE, Deutsch (Deutschland), English …; None when it is another one or none."""
    words = _words(text)
    return _LANGUAGE_WORDS.get(words[0]) if words else None


def _words(text: str) -> list[str]:
    """Return the words of a cell in lower case, without punctuation."""
    return _WORD.findall(text.casefold())


def _genders(text: str) -> set[Gender]:
    """Return every gender that a cell names."""
    words = _words(text)
    if len(words) == 1 and words[0] in _GENDER_CODES:
        return {_GENDER_CODES[words[0]]}
    return {_GENDER_WORDS[word] for word in words if word in _GENDER_WORDS}


def _agreed(*cells: str) -> Gender | None:
    """Return the gender that the cells agree on; nothing is known when they contradict each other."""
    said = {gender for cell in cells if (gender := read_gender(cell))}
    return said.pop() if len(said) == 1 else None


def _ready_made(fields: Mapping[str, str]) -> str:
    """Return the greeting that the file has ready, with its comma; empty when it has none."""
    for column, unfinished in (
        ("salutation", _UNFINISHED_WORDS),
        ("prefix", _UNFINISHED_WORDS | _BARE_GREETINGS),
    ):
        text = one_line(fields.get(column, "")).rstrip(" ,")
        words = _words(text)
        if not words or words[-1] in unfinished or (len(words) == 1 and words[0] in _ANREDE_WORDS):
            continue
        if column == "salutation" or _GREETING.match(text):
            return text if text[-1] in ".!?:;" else f"{text},"
    return ""


def _familiar(forms: _Forms, name: Name, gender: Gender | None) -> Salutation:
    """Greet by the first name."""
    if not (first := name.first or name.whole):
        return Salutation(forms.familiar_nobody, fell_back=True)
    return Salutation(forms.familiar[gender].format(first=first), fell_back=False)


def _formal(forms: _Forms, name: Name, gender: Gender | None, words: frozenset[str], *, several: bool) -> Salutation:
    """Greet by surname and title, or neutrally by the whole name."""
    title = _spoken_title(forms, name.titles, gender)
    titled_last = f"{title}{name.last}"
    if name.last and not several:
        if title and forms.titled:
            return Salutation(forms.titled.format(last=titled_last), fell_back=False)
        if gender in ("m", "f"):
            kept = next((word for word in words if word in forms.person), gender)
            return Salutation(forms.person[kept].format(last=titled_last), fell_back=False)
    whole = f"{title}{name.whole}" if name.whole else titled_last if title and name.last else ""
    text = forms.neutral.format(whole=whole) if whole else forms.nobody
    return Salutation(text, fell_back=gender != "d")


def _spoken_title(forms: _Forms, titles: str, gender: Gender | None) -> str:
    """Return the highest title as it is spoken, with its blank: the others stand in the address only."""
    if _PROFESSOR.search(titles):
        return forms.professor[gender]
    return forms.doctor if _DOCTOR.search(titles) else ""
