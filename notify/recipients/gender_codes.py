"""What the numbers in a column for Anrede or gender mean, where the user knows it: ``1=Frau, 2=Herr``."""

from __future__ import annotations

from collections.abc import Mapping

from notify.core.text import as_code
from notify.recipients.honorifics import ANREDE_WORDS, CODED

_WRITTEN = 'write them as "1=Frau, 2=Herr"'


def read_codes(text: str) -> dict[str, str]:
    """Return the word for each code.

    :raises ValueError: it is none, or a word says nothing of how somebody is addressed.
    """
    codes: dict[str, str] = {}
    for pair in filter(str.strip, text.split(",")):
        code, sign, word = (part.strip() for part in pair.partition("="))
        if not (code and sign and word):
            raise ValueError(f'"{pair.strip()}" is no code with its word; {_WRITTEN}')
        if word.casefold() not in ANREDE_WORDS:
            raise ValueError(f'"{word}" says nothing of how somebody is addressed; {_WRITTEN}')
        codes[as_code(code)] = word
    return codes


def decoded(fields: Mapping[str, str], codes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the fields of a row with the words in the place of the codes."""
    if not codes:
        return fields
    return {**fields, **{name: codes.get(as_code(fields.get(name, "")), fields.get(name, "")) for name in CODED}}
