"""Headers: a name and a value, folded (RFC 5322, 2.2.3), with nothing in them that could start another header."""

from __future__ import annotations

from collections.abc import Sequence

from notify.composing.characters import one_line
from notify.composing.encoded_words import encoded_words
from notify.core.late_pattern import late_pattern
from notify.core.message import Mailbox

#: RFC 2047, 2: no line with an encoded word is longer; RFC 5322 would allow 78 to the others.
LONGEST_LINE = 76

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_ATOMS = late_pattern(rf"{_ATEXT}+(?: {_ATEXT}+)*")
# the dots are not counted: some providers gave out addresses with two in a row
_ADDRESS = late_pattern(rf"(?:{_ATEXT}|\.){{1,254}}@[A-Za-z0-9_.-]{{1,255}}")
_WIDE_ADDRESS = late_pattern(rf"(?:{_ATEXT}|\.|[^\0-\x7f]){{1,254}}@[A-Za-z0-9_.-]{{1,255}}")
_BLANKS = late_pattern(r" {2,}")
_WORD = late_pattern(r" +[^ ]+")
_SPECIAL = late_pattern(r'(["\\])')


def is_address(address: str) -> bool:
    """Tell whether an address can stand in a header, or in an SMTP command, as it is: ASCII, nothing to quote."""
    return _ADDRESS.fullmatch(address) is not None


def is_wide_address(address: str) -> bool:
    """Tell the same where letters of every script may stand before the @ (RFC 6532, 3.2).

    The address is written in UTF-8: there are no encoded words in one, and none could be read back.
    """
    return is_address(address) or (address.isprintable() and _WIDE_ADDRESS.fullmatch(address) is not None)


def text(name: str, value: str) -> str:
    """Return a header of free text, as Subject is (RFC 5322, 3.6.5), with its CRLF."""
    value = one_line(value)
    return _folded(f"{name}:", _words(value, value, LONGEST_LINE - len(name) - 1))


def mailbox(name: str, value: Mailbox) -> str:
    """Return a header of one mailbox (RFC 5322, 3.4), with its CRLF.

    The address is written as it is, so the header is ASCII if that is: see :func:`is_address`.
    """
    phrase = one_line(value.name)
    if not phrase:
        return f"{name}: {value.address}\r\n"
    if "  " in phrase:
        phrase = _BLANKS.sub(" ", phrase)
    is_plain = not phrase.isascii() or _ATOMS.fullmatch(phrase)
    plain = phrase if is_plain else '"' + _SPECIAL.sub(r"\\\1", phrase) + '"'
    return _folded(f"{name}:", [*_words(phrase, plain, LONGEST_LINE - len(name) - 1), f" <{value.address}>"])


def _words(value: str, plain: str, room: int) -> list[str]:
    """Return the words that a header may be folded between, each with the blanks in front of it.

    ``plain`` is how the value is written when it needs no encoding. A word longer than a line is encoded, because that
    can be folded; so is text that only looks like an encoded word.
    """
    if value.isascii() and "=?" not in value:
        if 0 < len(plain) < room:
            # nothing of it is folded
            return [f" {plain}"]
        words = _WORD.findall(" " + plain)
        if all(len(word) <= room for word in words):
            return words
    return [f" {word}" for word in encoded_words(value, room - 1)]


def _folded(line: str, words: Sequence[str]) -> str:
    """Return a header of these words, on as many lines as it takes."""
    whole = line + "".join(words)
    if len(whole) <= LONGEST_LINE:
        return f"{whole}\r\n"
    lines = []
    started = False
    for word in words:
        if started and len(line) + len(word) > LONGEST_LINE:
            lines.append(line)
            line = ""
        line += word
        started = True
    return "\r\n".join([*lines, line, ""])
