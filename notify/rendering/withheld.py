"""Looks into a message for details that its recipient may not see, however they came there.

The variables of a template have no such detail. It may be typed all the same, in a text, a layout or a cell.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from notify.core.audience import Sight
from notify.core.campaign import LANGUAGES
from notify.core.late_pattern import late_pattern
from notify.core.message import Content
from notify.errors import WithheldError

_TAG = late_pattern(r"<[^<>]*>")
#: Details that people group as they like.
_GROUPED = ("iban", "bic")
_NUMBERS = ("phone", "mobile", "fax")
#: What stands between the digits of a number.
_BETWEEN = r"[\s./()\-\u2010-\u2015]*"
_LETTERS = string.ascii_letters + string.digits
_LOWER = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_OTHERS = bytes(set(range(256)) - set(_LETTERS.encode()))
#: Less of a number is part of many.
_FEWEST_DIGITS = 6


class _Hidden(NamedTuple):
    """A value that may not stand there: its detail, what must be in a squeezed text if it does, and how it is found."""

    name: str
    squeezed: bytes
    find: Callable[[str], object]


class Withheld:
    """What of a campaign may not stand in the messages to those who may see the rest."""

    def __init__(self, sight: Sight) -> None:
        self._hidden = tuple(_hidden(sight))

    def refuse(self, content: Content, texts: Callable[[], Mapping[str, str]], who: str) -> None:
        """Refuse a message that tells what its recipient may not see.

        :param texts: returns the files of the template, to find the line.
        :param who: where the contact stands.
        :raises WithheldError: it does.
        """
        if not self._hidden:
            return
        # a value may stand in an attribute, and a tag inside a value
        read = [content.subject, content.text, content.html, html.unescape(_TAG.sub("", content.html))]
        read += (_text_of(file.octets) for file in content.attachments if file.content_type.startswith("text/"))
        for text in filter(None, read):
            squeezed = _squeezed(text)
            for hidden in self._hidden:
                if hidden.squeezed in squeezed and hidden.find(text):
                    raise WithheldError.at(_place(hidden, texts()), f"{hidden.name} may not be seen", who)


def _hidden(sight: Sight) -> Iterator[_Hidden]:
    """Yield what is hidden and told by nothing that may be seen, as the name of the firm often is."""
    change, seen = sight.campaign.change, sight.seen.change
    sender = sight.campaign.sender
    known = [*seen.old.given().values(), *seen.new.given().values()]
    known += [sender.mailbox.name, sender.mailbox.address, sender.reply_to_name, sender.reply_to]
    known += [line for language in LANGUAGES for line in sender.letterhead.lines(language)]
    for name in sorted(sight.hidden):
        for value in filter(None, dict.fromkeys((getattr(change.new, name), getattr(change.old, name)))):
            find = re.compile(_pattern(name, value), re.IGNORECASE).search
            if not any(map(find, known)):
                yield _Hidden(name, _squeezed(_core(name, value)), find)


def _pattern(name: str, value: str) -> str:
    core = _core(name, value)
    if name in _GROUPED:
        return r"[\W_]*".join(map(re.escape, core))
    if name in _NUMBERS:
        return _BETWEEN.join(core) + r"(?!\d)"
    return r"(?<![\w@])" + r"\s+".join(map(re.escape, core.split())) + r"(?!\w)"


def _core(name: str, value: str) -> str:
    """Return what of a value stands there however it is written: a number without what comes before its area code."""
    if name in _GROUPED:
        return "".join(filter(str.isalnum, value))
    if name == "website":
        return value.partition("://")[2].removeprefix("www.").rstrip("/")
    if name not in _NUMBERS:
        return value
    digits = "".join(filter(str.isdecimal, value))
    national = digits[2:] if value.startswith("+") else digits.lstrip("0")
    return national if len(national) >= _FEWEST_DIGITS else digits


def _squeezed(text: str) -> bytes:
    """Return the letters and digits of a text alone, small, without those that are not ASCII: quickly made."""
    return text.encode(errors="surrogatepass").translate(_LOWER, _OTHERS)


def _text_of(octets: bytes) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _place(hidden: _Hidden, texts: Mapping[str, str]) -> str:
    """Return the line of the template on which a value is typed; the file where it came from a cell, or a file."""
    for label, text in texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if hidden.find(line):
                return f"{label}:{number}"
    return next(iter(texts))
