"""A header that explains the codes below it: Geschlecht (m=1, w=2), Anrede 1=Herr 2=Frau.

A number is nobody's gender by itself: 1 is a woman to one program, and a man to the next.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple

from notify.contacts.header import normal
from notify.contacts.vocabulary import vocabulary
from notify.core.late_pattern import late_pattern
from notify.core.text import as_code

_SIGN = r"\s*(?:=>?|:|-?>|→|–|-)\s*"
_WORD = r"[^\W\d_]+\.?"
# 1=Herr, H=Herr, Herr=1; and 1 Herr, where a second one follows
_PAIR = late_pattern(
    rf"\b(?P<code>\d{{1,2}}|[^\W\d_]{{1,2}}(?={_SIGN}[^\W\d_]))(?P<sign>{_SIGN}|\s+)(?P<word>{_WORD})"
    rf"|\b(?P<name>{_WORD}){_SIGN}(?P<number>\d{{1,2}})\b"
)
_BETWEEN = late_pattern(r"\s*[,;/|]\s*|\s+(?:(?:und|and|et|oder|or)\s+)?")
# Geschlecht (m/w/d), Anrede Herr/Frau: no codes, but words that say what stands below
_LISTED = late_pattern(rf"(?P<bare>.*?)[\s:,(\[{{]+(?P<words>{_WORD}(?:\s*[/,|]\s*{_WORD})+)[\s)\]}}]*")
_LETTERS = frozenset("m w f h d x".split())


class Legend(NamedTuple):
    """A header without its explanation, and what each code below it stands for; no codes where it only lists words."""

    bare: str
    codes: Mapping[str, str]

    def decoded(self, cell: str) -> str:
        """Return what a cell stands for; the cell itself where it is none of the codes."""
        return self.codes.get(as_code(cell), cell) if self.codes else cell


@functools.lru_cache(maxsize=4096)
def read_legend(header: str) -> Legend | None:
    """Return the legend in a header for an Anrede or a gender; None where there is none."""
    if listed := _LISTED.fullmatch(header):
        found = re.split(r"\s*[/,|]\s*", listed["words"])
        if normal(listed["bare"]) and all(map(_is_said, found)):
            return Legend(listed["bare"].strip(), {})
    for start in (match.start() for match in re.finditer(r"\b\w", header)):
        bare, codes = header[:start].rstrip(" \t:,([{-"), _codes(header[start:].rstrip(" )]}."))
        if codes and normal(bare):
            return Legend(bare, codes)
    return None


def _codes(text: str) -> dict[str, str]:
    """Return the codes of a legend with their words; empty where anything else stands in it."""
    codes: dict[str, str] = {}
    place, signed = 0, False
    while place < len(text):
        pair = _PAIR.match(text, place)
        word = pair["word"] or pair["name"] if pair else ""
        if pair is None or not _is_said(word):
            return {}
        codes[as_code(pair["code"] or pair["number"])] = word
        signed = signed or not pair["sign"] or not pair["sign"].isspace()
        place = pair.end()
        if between := _BETWEEN.match(text, place):
            place = between.end()
    return codes if signed or len(codes) > 1 else {}


def _is_said(word: str) -> bool:
    """Tell whether a word says how somebody is addressed, or a gender."""
    lists = vocabulary().words
    called = normal(word)
    return called in lists["cells.prefix"] | lists["cells.gender"] or called in _LETTERS
