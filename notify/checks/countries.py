"""The country of a sender, by its name, and what telephone numbers and postal codes look like there."""

from __future__ import annotations

import re

_NAMES = {
    name: code
    for code, names in {
        "AT": "at a austria österreich autriche",
        "BE": "be b belgium belgien belgique",
        "CH": "ch switzerland schweiz suisse svizzera",
        "CZ": "cz czechia tschechien",
        "DE": "de d germany deutschland allemagne brd",
        "DK": "dk denmark dänemark danemark",
        "ES": "es e spain spanien espagne",
        "FR": "fr f france frankreich",
        "GB": "gb uk england scotland wales großbritannien",
        "IT": "it i italy italien italie",
        "LI": "li fl liechtenstein",
        "LU": "lu l luxembourg luxemburg",
        "NL": "nl netherlands niederlande holland",
        "PL": "pl poland polen pologne",
    }.items()
    for name in names.split()
} | {"united kingdom": "GB", "vereinigtes königreich": "GB", "pays-bas": "NL"}

#: How a postal code is written (Universal Postal Union), without the letters of the country before it.
_POSTCODES = {
    "AT": r"[1-9]\d{3}",
    "BE": r"[1-9]\d{3}",
    "CH": r"[1-9]\d{3}",
    "CZ": r"\d{3} ?\d{2}",
    "DE": r"(?!00)\d{5}",
    "DK": r"\d{4}",
    "ES": r"\d{5}",
    "FR": r"\d{5}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "IT": r"\d{5}",
    "LI": r"94(?:8[5-9]|9[0-8])",
    "LU": r"\d{4}",
    "NL": r"[1-9]\d{3} ?[A-Z]{2}",
    "PL": r"\d{2}-\d{3}",
}


def code_of(name: str) -> str:
    """Return the two letters of a country (ISO 3166-1); empty for one that is not known here."""
    return _NAMES.get(name.strip().casefold(), "")


def is_postcode(text: str, country: str) -> bool:
    """Tell whether a postal code can be one of a country; of a country that is not known here, everything can."""
    bare = re.sub(r"^[A-Z]{1,2}-(?=\d)", "", text.strip().upper())
    pattern = _POSTCODES.get(country)
    return pattern is None or re.fullmatch(pattern, bare) is not None
