"""Where a line may break inside of what a person has to copy, and where not.

A long e-mail address or link breaks before a dot or an @ and after a slash, instead of anywhere. In a table, which may
be squeezed, an IBAN or a telephone number breaks at its blanks only.

Both work on HTML: on the text of a shape, which is the same for many recipients, and on the escaped values that are put
into it. So the slots of the text get kinds of their own (:data:`notify.rendering.slots.SLOT`), and those in tags stay.
"""

from __future__ import annotations

import re

from notify.core.late_pattern import late_pattern
from notify.rendering import slots

_PIECES = late_pattern(r"(<[^>]*>)")
#: Shorter words fit on the narrowest screen.
_LONG_WORD = late_pattern(r"[^\s<>]{32,}")
#: Where it may break: behind these …
_BEHIND = r"&#?\w+;|/+|[?=_\-]"
#: … or before those.
_BREAK = late_pattern(rf"({_BEHIND})|([.@])")
#: Digits in groups, as people write telephone numbers: at least six of them.
_PHONE = r"\+?[\d(](?:[ \u00a0\u202f()/.\-–]{0,3}\d){5,18}\)?"
_IBAN = r"[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9•*]{1,4}){3,8}"
#: In a cell: such a number, or a word that is long for its large letters.
_IN_CELL = late_pattern(rf"(?P<number>(?<![\w@/=.])(?:{_IBAN}|{_PHONE})(?![\w@]|[-/.–]\d))|[^\s<>]{{20,}}")
#: So much of a word without any place to break leaves no room for the other columns, and so much of it does.
_UNBROKEN = late_pattern(r"(?:&#?\w+;|[^\s<>&]){20,}")
_STRETCH = late_pattern(r"(?:&#?\w+;|[^\s<>&]){12}(?=[^\s<>])")
_GROUP = late_pattern(r"[^ ]+")
#: A longer group would stick out of a narrow screen.
_LONGEST_GROUP = 22


def soften(body: str) -> str:
    """Return the HTML of a message's body with places to break; the slots get theirs when they are filled."""
    pieces = _PIECES.split(body)
    depth = 0
    for number, piece in enumerate(pieces):
        if number % 2:
            depth += piece.startswith("<table") - piece.startswith("</table")
        elif piece:
            pieces[number] = _in_cell(piece) if depth else slots.of_kind(in_text(piece), slots.TEXT)
    return "".join(pieces)


def _in_cell(piece: str) -> str:
    return slots.of_kind(in_cell(piece), slots.CELL)


def in_text(text: str) -> str:
    """Return escaped text with places to break in its long words."""
    return _LONG_WORD.sub(_broken, text) if len(text) >= 32 else text


def in_cell(text: str) -> str:
    """Return the escaped text of a table's cell: as in other text, and with numbers whose groups are held together."""
    if len(text) < 6:
        return text
    return _IN_CELL.sub(lambda found: _grouped(found) if found["number"] else _cut(_broken(found)), text)


def _broken(word: re.Match[str]) -> str:
    return _BREAK.sub(lambda found: f"{found[1]}<wbr>" if found[1] else f"<wbr>{found[2]}", word[0])


def _cut(word: str) -> str:
    if slots.SLOT.search(word):  # a slot in pieces is none
        return word
    return _UNBROKEN.sub(lambda stretch: _STRETCH.sub(r"\g<0><wbr>", stretch[0]), word)


def _grouped(number: re.Match[str]) -> str:
    return _GROUP.sub(_whole, number[0])


def _whole(group: re.Match[str]) -> str:
    text = group[0]
    # an IBAN whose groups are tied together has no room in a column, and would be broken inside of one
    return "\u00a0<wbr>".join(map(_held, text.split("\u00a0") if len(text) > _LONGEST_GROUP else [text]))


def _held(group: str) -> str:
    return f'<span style="white-space: nowrap;">{group}</span>' if len(group) <= _LONGEST_GROUP else group
