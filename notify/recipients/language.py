"""In which language, and after which country's custom, a contact is written to: what its row says, and nothing else.

The row says it with a language, else with a country, else with the country's letter before a postal code (D-20095),
else with the domain of its address. Of the domains only those of countries count that have one language, and that are
registered by people who live there: a .com is everywhere, a .ch or .ca may speak any of several languages, and half of
all .io are not in the Indian Ocean. Somebody at a .fr reads French more probably than the language of a German
campaign. But a domain is no home: Germans have a .at too, and whoever is taken for an Austrian is called by a title
that he never used. So the domain tells the language, and never the custom.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Literal

from notify.core.campaign import LANGUAGES
from notify.core.late_pattern import late_pattern
from notify.recipients.cells import words

Language = Literal["de", "en", "fr"]

# D, E and F are what Swiss lists say
_LANGUAGE_WORDS: dict[str, Language] = {
    **dict.fromkeys("de d deu ger deutsch german allemand tedesco alemán duits niemiecki".split(), "de"),
    **dict.fromkeys("en e eng englisch english anglais inglese inglés engels angielski".split(), "en"),
    **dict.fromkeys("fr f fra fre französisch franzoesisch french français francais francese francés".split(), "fr"),
}
_LISTED = late_pattern(r"\s*[,;/|]\s*")
_NOT = frozenset("kein keine nicht no not non pas ohne".split())

_COUNTRY_NAMES = {
    "DE": "d de deu ger deutschland germany allemagne germania alemania duitsland niemcy brd bundesrepublik",
    "AT": "a at aut österreich oesterreich austria autriche oostenrijk",
    "CH": "ch che schweiz switzerland suisse svizzera suiza zwitserland",
    "LI": "fl li lie liechtenstein",
    "GB": "gb gbr uk england scotland schottland wales grossbritannien britain nordirland",
    "IE": "irl ie ireland irland irlande éire eire",
    "US": "us usa amerika america",
    "CA": "ca can canada kanada",
    "AU": "au aus australia australien",
    "NZ": "nz nzl neuseeland",
    "FR": "f fr fra france frankreich francia frankrijk",
}
_COUNTRIES = {word: code for code, names in _COUNTRY_NAMES.items() for word in names.split()}
_COUNTRY_PHRASES = {
    "united kingdom": "GB",
    "vereinigtes königreich": "GB",
    "royaume uni": "GB",
    "great britain": "GB",
    "northern ireland": "GB",
    "united states": "US",
    "united states of america": "US",
    "vereinigte staaten": "US",
    "vereinigte staaten von amerika": "US",
    "états unis": "US",
    "u s a": "US",
    "u s": "US",
    "u k": "GB",
    "new zealand": "NZ",
}
# Switzerland has four languages and Canada two: their row must say which
_SPOKEN: dict[str, Language] = {
    **dict.fromkeys(("DE", "AT", "LI"), "de"),
    **dict.fromkeys(("GB", "IE", "US", "AU", "NZ"), "en"),
    "FR": "fr",
}
# the hyphen is how Europe writes it: CA 90210 lies in California, DE 19801 in Delaware
_BEFORE_A_POSTCODE = late_pattern(r"\s*(?:(DE?|FR?)\s?[-–]\s?\d{5}|(AT?|CH|FL|LI)\s?[-–]\s?\d{4})\s*", re.IGNORECASE)
_DOMAINS = {"uk": "GB", **{code.lower(): code for code in ("DE", "AT", "LI", "FR", "IE", "US", "AU", "NZ")}}


def language_of(fields: Mapping[str, str], address: str = "", among: Collection[str] = LANGUAGES) -> Language | None:
    """Return the language that a row asks for: by its language, country, postal code or address; None when by none.

    :param address: the one that is written to, as :func:`notify.core.address.parse_address` returns it.
    :param among: of several languages the first one of these is taken.
    """
    asked_for = read_languages(fields.get("language", ""))
    if asked_for:
        return next((language for language in asked_for if language in among), asked_for[0])
    return (
        _SPOKEN.get(read_country(fields.get("country", "")) or "")
        or _SPOKEN.get(_country_before(fields.get("postcode", "")) or "")
        or _SPOKEN.get(_DOMAINS.get(address.rpartition(".")[2].lower(), ""))
    )


def country_of(fields: Mapping[str, str]) -> str | None:
    """Return the country whose custom a row follows: its country, its postal code (CH-8001), its language (de-CH)."""
    return (
        read_country(fields.get("country", ""))
        or _country_before(fields.get("postcode", ""))
        or _read_region(fields.get("language", ""))
    )


@lru_cache(maxsize=1024)
def read_languages(text: str) -> tuple[Language, ...]:
    """Return the languages of a list, the preferred one first: fr, de; a name with a comma is one language."""
    each = [language for piece in _LISTED.split(text) if (language := read_language(piece))]
    whole = read_language(text)
    return tuple(dict.fromkeys(each or ([whole] if whole else [])))


@lru_cache(maxsize=1024)
def read_language(text: str) -> Language | None:
    """Return the language of de, de-DE, Deutsch (Deutschland), English …; None when it is another one or none."""
    found = words(text)
    if not found or not _NOT.isdisjoint(found):
        return None
    if len(found) == 1 or len(found[0]) > 1:
        first = _LANGUAGE_WORDS.get(found[0])
        if first:
            return first
    languages = {_LANGUAGE_WORDS[word] for word in found if len(word) > 2 and word in _LANGUAGE_WORDS}
    return languages.pop() if len(languages) == 1 else None  # Swiss German, British English


@lru_cache(maxsize=1024)
def read_country(text: str) -> str | None:
    """Return the ISO 3166 code of a country whose custom is known: AT for Österreich, Austria, A; None for others."""
    found = words(text)
    whole = " ".join(found)
    if whole in _COUNTRIES or whole in _COUNTRY_PHRASES:
        return _COUNTRIES.get(whole) or _COUNTRY_PHRASES[whole]
    # "AT - Österreich", "Schweiz (CH)"; in Estado de México the short words are only words
    countries = {_COUNTRIES[word] for word in found if len(word) > 3 and word in _COUNTRIES}
    return countries.pop() if len(countries) == 1 else None


def _country_before(postcode: str) -> str | None:
    """Return the country whose letter stands before a postal code: A-1010, FL-9490; None where there is no letter."""
    found = None if not postcode or postcode[0].isdecimal() else _BEFORE_A_POSTCODE.fullmatch(postcode)
    return read_country(found[1] or found[2]) if found else None


@lru_cache(maxsize=1024)
def _read_region(text: str) -> str | None:
    """Return the country behind a language: de-CH, English (United States)."""
    return read_country(" ".join(words(text)[1:]))
