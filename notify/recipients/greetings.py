"""How each language and country greets, as tables (DIN 5008; usage of Austria, Switzerland, Britain, America, France).

A new language is a new entry of :data:`GREETINGS`. In the texts ``{name}`` is the surname with the title that is
spoken, ``{last}`` the surname alone, ``{title}`` the title alone, ``{whole}`` the whole name with its title and
``{first}`` the first name. None has its comma: ``end`` has it, and Switzerland none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.recipients.honorifics import Gender


@record(frozen=True, slots=True)
class SpokenTitle:
    """A title that is spoken, by the gender of who bears it; ``{found}`` is the title as the row has it."""

    pattern: re.Pattern[str]
    text: Mapping[Gender | None, str]

    def spoken(self, titles: str, gender: Gender | None) -> str | None:
        """Return how it is said of somebody with these titles; None when it is not among them."""
        match = self.pattern.search(titles)
        if match is None:
            return None
        found = match.groupdict().get("found", "")
        # a column of titles leaves out the full stop: Mag, Ing
        return self.text[gender].format(found=f"{found}." if found.isalpha() and not found.isupper() else found)


@record(frozen=True, slots=True)
class Greeting:
    """How people are greeted in one language, or after the custom of one country."""

    #: before one person, and between two
    opening: str
    between: str
    #: by the honorific of the file where the language keeps it, else by gender
    person: Mapping[str, str]
    #: two people together, by their honorifics if they share a surname, else by their genders
    pair: Mapping[frozenset[str], str]
    #: the same with a title that needs no gender; empty where it does
    titled: str
    firm: str
    family: str
    #: a married couple that says no more; empty where there is no such word
    spouses: str
    #: whoever cannot be greeted with certainty, with a name and without
    neutral: str
    nobody: str
    #: who is neither Herr nor Frau
    diverse: str
    diverse_nobody: str
    familiar: Mapping[Gender | None, str]
    familiar_family: str
    familiar_nobody: str
    #: the word between two first names
    conjunction: str
    #: the highest first: only one is spoken
    titles: tuple[SpokenTitle, ...]
    end: str = ","
    #: a person is greeted without the name: Madame
    nameless: bool = False

    def spoken_title(self, titles: str, gender: Gender | None) -> str:
        """Return the highest title as it is spoken; the others stand in the address only."""
        spoken = (title.spoken(titles, gender) for title in self.titles) if titles else ()
        return next((text for text in spoken if text is not None), "")


def _each(text: str) -> dict[Gender | None, str]:
    """Return a text that is the same for everyone."""
    return dict.fromkeys(("m", "f", "d", None), text)


_PROFESSOR = late_pattern(r"prof|\bPr\b", re.IGNORECASE)
_DOCTOR = late_pattern(r"\bd{0,3}dr(?:es)?\b|\bdo[kc]t(?:eu|o)r", re.IGNORECASE)
# a doctor of law or letters is no Docteur; one of whom nothing more is said may be
_PHYSICIAN = late_pattern(
    r"(?:\bdr\b\.?|\bdocteure?)(?=.*\b(?:m[ée]d|dent|vet)|(?!.*\b(?:phil|rer|nat|iur|jur|ing|h|theol|oec|pol|sc|techn)\b))",
    re.IGNORECASE,
)
# the highest of each kind as it stands in the row, without what it was taken in; MMag. is spoken once
_MAGISTER = late_pattern(r"(?<!\w)m{0,2}(?P<found>mag\b\.?(?:a\b|[ªᵃ])?)", re.IGNORECASE)
_ENGINEER = late_pattern(r"(?<!\w)(?P<found>dipl\S*?[\s-]?ing\w*\b\.?(?:in\b)?|di\b|ing\b\.?(?:in\b)?)", re.IGNORECASE)

_GERMAN = Greeting(
    opening="Sehr ",
    between=", sehr ",
    person={
        "m": "geehrter Herr {name}",
        "f": "geehrte Frau {name}",
        "lord": "geehrter Lord {last}",
        "lady": "geehrte Lady {last}",
    },
    pair={},
    titled="",
    firm="Sehr geehrte Damen und Herren",
    family="Sehr geehrte Familie {last}",
    spouses="Sehr geehrte Eheleute {last}",
    neutral="Guten Tag {whole}",
    nobody="Guten Tag",
    diverse="Guten Tag {whole}",
    diverse_nobody="Guten Tag",
    familiar={**_each("Hallo {first}"), "m": "Lieber {first}", "f": "Liebe {first}"},
    familiar_family="Liebe Familie {last}",
    familiar_nobody="Hallo",
    conjunction="und",
    titles=(
        SpokenTitle(_PROFESSOR, {**_each("Prof."), "m": "Professor", "f": "Professorin"}),
        SpokenTitle(_DOCTOR, _each("Dr.")),
    ),
)
_PEERS = {"lord": "Lord {last}", "lady": "Lady {last}"}
_BRITISH = Greeting(
    opening="Dear ",
    between=" and ",
    person={"m": "Mr {name}", "f": "Ms {name}", "mrs": "Mrs {name}", "miss": "Miss {name}", **_PEERS},
    pair={frozenset({"mr", "mrs"}): "Dear Mr and Mrs {last}"},
    titled="{name}",
    firm="Dear Sir or Madam",
    family="Dear {last} family",
    spouses="",
    neutral="Dear {whole}",
    nobody="Hello",
    diverse="Dear {whole}",
    diverse_nobody="Hello",
    familiar=_each("Dear {first}"),
    familiar_family="Dear {last} family",
    familiar_nobody="Hello",
    conjunction="and",
    titles=(SpokenTitle(_PROFESSOR, _each("Professor")), SpokenTitle(_DOCTOR, _each("Dr"))),
)
_AMERICAN = replace(
    _BRITISH,
    person={"m": "Mr. {name}", "f": "Ms. {name}", "mrs": "Mrs. {name}", "miss": "Miss {name}", **_PEERS},
    pair={frozenset({"mr", "mrs"}): "Dear Mr. and Mrs. {last}"},
    titles=(SpokenTitle(_PROFESSOR, _each("Professor")), SpokenTitle(_DOCTOR, _each("Dr."))),
)
_FRENCH = Greeting(
    opening="",
    between=", ",
    person={"m": "Monsieur", "f": "Madame"},
    pair={frozenset("f"): "Mesdames", frozenset("m"): "Messieurs", frozenset("fm"): "Madame, Monsieur"},
    titled="{title}",
    firm="Madame, Monsieur",
    family="Madame, Monsieur",
    spouses="",
    neutral="Madame, Monsieur",
    nobody="Madame, Monsieur",
    diverse="Bonjour {whole}",
    diverse_nobody="Bonjour",
    familiar={**_each("Bonjour {first}"), "m": "Cher {first}", "f": "Chère {first}"},
    familiar_family="Bonjour",
    familiar_nobody="Bonjour",
    conjunction="et",
    titles=(
        SpokenTitle(_PROFESSOR, {**_each(""), "m": "Monsieur le Professeur", "f": "Madame la Professeure"}),
        SpokenTitle(_PHYSICIAN, _each("Docteur")),
    ),
    nameless=True,
)

#: By language, and by language and country where it has a custom of its own.
GREETINGS = {
    "de": _GERMAN,
    "de-AT": replace(
        _GERMAN,
        # Austria speaks them all, but only the highest
        titles=(*_GERMAN.titles, SpokenTitle(_MAGISTER, _each("{found}")), SpokenTitle(_ENGINEER, _each("{found}"))),
    ),
    "de-CH": replace(_GERMAN, end=""),
    "de-LI": replace(_GERMAN, end=""),
    "en": _BRITISH,
    "en-US": _AMERICAN,
    "en-CA": _AMERICAN,
    "fr": _FRENCH,
}
