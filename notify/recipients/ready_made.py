"""Greetings that a file brings along: which can be used as they stand, and what speaks against one.

A greeting that the owner of the file wrote wins over every rule. It is only checked: a form that nobody filled in is
not sent, and where a greeting does not fit the rest of its row, the user is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from notify.core.form import Form
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.recipients.cells import folded, meaning, words
from notify.recipients.form import greets_familiarly, greets_formally
from notify.recipients.greetings import Greeting
from notify.recipients.honorifics import ANREDE_WORDS, read_anrede, read_gender
from notify.recipients.names import Name
from notify.recipients.openings import opening
from notify.recipients.positions import anrede_cell
from notify.recipients.titles import HONORIFICS, TITLES

#: What speaks against a greeting that does not fit the text below it.
FORMAL_ABOVE_DU = "is formal, and the form is du"
FAMILIAR_ABOVE_SIE = "is familiar, and the form is Sie"

_FRENCH = late_pattern(r"(?:madame|monsieur|mesdames|messieurs|docteur|maître)\b", re.IGNORECASE)
# no greeting ends with these words: a name is still to be filled in
_UNFINISHED = frozenset(
    """
    herr herrn hr frau fr mr mrs ms miss firma familie dr prof professor professorin sehr geehrte geehrter liebe lieber
    werte werter dear cher chère und and et r n
    """.split()
)
_BARE = frozenset("tag hallo hello hi hey moin servus bonjour".split())
_CONNECTIVES = frozenset("und u and et oder or".split())
_FORM = late_pattern(
    r"[{}<>«»\[\]_@]|%\w+%|https?:|\bx{3,}\b|\.\.\.|…|\w(?:/-?|\()r\b|(?:herrn?|frau|mr|ms)\s*/\s*(?:herrn?|frau|mr|ms)\b",
    re.IGNORECASE,
)
# with these at the end the full stop belongs to the word
_ABBREVIATED = late_pattern(r"(?:\b[^\W\d_]|\b(?:jr|sr|jun|sen|dr|prof|mag|ing))\.$", re.IGNORECASE)


@record(frozen=True, slots=True)
class ReadyMade:
    """A greeting of the file without its comma; empty when there is none, and then ``doubt`` may say why."""

    text: str = ""
    doubt: str = ""


_NONE = ReadyMade()


def ready_made(fields: Mapping[str, str], name: Name, language: str) -> ReadyMade:
    """Return the greeting in the columns ``salutation`` and ``prefix``.

    A cell that only says Herr or Frau Dr. Müller is an Anrede, not a greeting; nor is a cell where the name is still to
    be filled in.
    """
    doubt = ""
    for column in ("salutation", "prefix"):
        text = meaning(fields.get(column, "")).rstrip(" ,")
        if not text or not _is_greeting(text, language, column) or text in (name.first, name.whole):
            continue
        if not _FORM.search(text):
            return ReadyMade(text)
        doubt = f'the greeting of the file is not used, it reads like a form: "{text[:40]}"'
    return ReadyMade(doubt=doubt) if doubt else _NONE


@lru_cache(maxsize=4096)
def _is_greeting(text: str, language: str, column: str) -> bool:
    """Tell whether a cell in this column is a greeting, and one that is not cut off before the name."""
    if is_anrede(text, language) or words(text)[-1] in _UNFINISHED:
        return False
    if opening(text) is None and (column == "prefix" or len(words(text)) == 1):
        return False  # Sir and Baroness are no greetings
    return column != "prefix" or words(text)[-1] not in _BARE


def is_anrede(text: str, language: str) -> bool:
    """Tell whether a cell says who somebody is, and is no greeting: Herr, Frau Dr. Müller, Eheleute; not in French."""
    if language == "fr" and _FRENCH.match(text):
        return False
    found = words(TITLES.sub(" ", text))
    return not found or found[0] in ANREDE_WORDS


def ended(text: str, end: str) -> str:
    """Return a greeting with the sign that stands behind it, unless it has its own: Moin zusammen!"""
    return text if text[-1] in "!?:;" or (text[-1] == "." and not _ABBREVIATED.search(text)) else text + end


def doubts(
    text: str, fields: Mapping[str, str], name: Name, greeting: Greeting, language: str, *, form: Form
) -> Iterator[str]:
    """Yield what speaks against a greeting of the file: it names somebody else, it leaves out the doctor."""
    told = opening(text)
    if told is None:
        yield "begins like no greeting"
    elif told not in {"", language}:
        yield f'greets in another language than "{language}"'
    if form is Form.FAMILIAR and greets_formally(text):
        yield FORMAL_ABOVE_DU
    if form is Form.FORMAL and greets_familiarly(text, fields, name, language):
        yield FAMILIAR_ABOVE_SIE
    if greeting.nameless or not HONORIFICS.search(text):
        return
    surname = folded(name.last)
    if surname and ({word for word in surname if len(word) > 2} or surname).isdisjoint(folded(text)):
        yield f"does not name {name.last}"
    prefix = anrede_cell(fields)
    gender = read_anrede((fields.get("gender", ""), prefix if opening(prefix) is None else "")).gender
    if gender and read_gender(text) not in {gender, None}:
        yield "has another gender than the row"
    title = greeting.spoken_title(name.titles, gender)
    if title and not greeting.spoken_title(text, gender):
        yield f"leaves out {title}"
