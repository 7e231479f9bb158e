"""Content lines, of which vCard and LDIF are made: a line that begins with a blank goes on with the one before it.

RFC 2425, 5.8.1; RFC 2849, note 2. Everything is bytes until a value is whole, because a fold may stand inside a
character, and because cards of one file may be written in different encodings: files are joined, and old telephones
export each card as it once came in.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from notify.contacts.text_lines import BlankLines, lines_of
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError

#: A line this long is no detail of a contact: a picture, or a key. What is beyond is not kept.
LONGEST_LINE = 1 << 16
#: A line of nothing else says nothing: old programs fill up a file with these, and end it with them.
NOTHING = b" \t\n\0\x1a"

# the first and the last line of a vCard; both in one where files without a last line end were joined
_EDGE = late_pattern(rb"(BEGIN|END)\s*:\s*VCARD[\s\xef\xbb\xbf]*", re.IGNORECASE)
_EDGES = late_pattern(rb"(?:%b)+\Z" % _EDGE.pattern, re.IGNORECASE)

_LARGEST_BLOCK = 1 << 20  # without what is dropped; beyond, its end must be missing
_LOOKED_AT = 1 << 16  # octets of values, to tell their encoding
_SHOWN = 40  # characters of a line in a reason

_LEFT_AS_IT_IS = frozenset({"utf-8", "utf-8-sig", "cp1252"})
_BOM = b"\xef\xbb\xbf"
_FOLD = late_pattern(rb"\n[ \t]")
_QUOTED_PRINTABLE = late_pattern(rb"[^:]*;\s*(?:ENCODING\s*=\s*)?\"?QUOTED-PRINTABLE\b", re.IGNORECASE)
_X500 = late_pattern(r"\s*(?:(?:EX:|X500:)?/o=|X400:)", re.IGNORECASE)

# what programs declare without looking; of these the bytes tell more
_DOUBTFUL = late_pattern(r"|utf-?\d+|(?:us-)?ascii|iso-?8859-15?|latin-?1|windows-1252|cp1252", re.IGNORECASE)
_WESTERN = late_pattern(r"iso-?8859-15?|latin-?1|windows-1252|cp1252", re.IGNORECASE)
# codecs of Python that are no charsets stay out: idna, unicode_escape …
_CHARSET = late_pattern(r"(?:big5|cp|euc|gb|iso|koi8|mac|shift|sjis|windows)[\w-]*", re.ASCII | re.IGNORECASE)


@record(frozen=True, slots=True)
class Line:
    """A content line and where it begins, counted from 1. Its folds are still in it: a line feed before the blank."""

    number: int
    text: bytes
    #: BEGIN or END, when it is the first or last line of a vCard.
    edge: str = ""

    @property
    def too_long(self) -> bool:
        """Whether there was more of it than is kept."""
        return len(self.text) >= LONGEST_LINE

    def unfolded(self, *, keep_blanks: bool = False) -> bytes:
        """Return it as one line.

        :param keep_blanks: the blank belongs to the value (vCard 2.1, as RFC 822 has it), not to the fold.
        """
        if b"\n" not in self.text:
            return self.text
        return self.text.replace(b"\n", b"") if keep_blanks else _FOLD.sub(b"", self.text)


@record(frozen=False, slots=True)
class Block:
    """The lines of a card or of a record, and the number of the first one. No more of them than is allowed are kept."""

    number: int
    lines: list[Line] = field(default_factory=list)
    size: int = 0

    def add(self, line: Line) -> None:
        """Add a line."""
        self.size += len(line.text) + 1
        if not self.too_large:
            self.lines.append(line)

    @property
    def too_large(self) -> bool:
        """Whether there was more of it than is kept."""
        return self.size > _LARGEST_BLOCK


class BrokenError(ValueError):
    """The card or the record cannot be trusted, for a reason in plain words."""

    @classmethod
    def of(cls, line: Line, text: bytes) -> BrokenError:
        """Return what to say of a line that nobody can read."""
        shown = one_line(Decoder().decode(text))[:_SHOWN]
        return cls(f'line {line.number} cannot be read: "{shown}"')


def read_lines(path: Path, encoding: str, label: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers, without their ends: LF, CRLF, or CRCRLF as iPhones write it.

    A CR alone belongs to the value, unless the file has no other line ends. UTF-8 and Windows-1252 are left as they
    are, because one file may have both; other encodings become UTF-8. Memory does not grow with the file nor a line.

    :param encoding: from :func:`notify.contacts.encoding_bytes.find_encoding`.
    :raises InputError: it cannot be read (any more).
    """
    inner, outer = ("latin-1", "latin-1") if encoding in _LEFT_AS_IT_IS else ("utf-8", encoding)
    try:
        with path.open(encoding=outer, errors="replace", newline="\n") as file:
            head = file.readline(LONGEST_LINE)
            only_cr = "\r" in head and "\n" not in head
        with path.open(encoding=outer, errors="replace", newline=None if only_cr else "\n") as file:
            number = 1
            for line in lines_of(file, LONGEST_LINE):
                text = line[:LONGEST_LINE].strip("\r\n")
                yield number, text.encode(inner, "replace").removeprefix(_BOM) if text else b""
                number += line.many if isinstance(line, BlankLines) else 1
    except OSError as error:
        raise InputError(f"{label}: the file cannot be read: {error.strerror}.") from error


def unfold(lines: Iterable[tuple[int, bytes]], dropped: re.Pattern[bytes], *, cards: bool) -> Iterator[Line]:
    """Yield the content lines, and the empty lines between them.

    :param dropped: of lines that begin so, only the beginning is kept.
    :param cards: it is a vCard: empty lines mean nothing and are left out, BEGIN and END always stand alone, and a
        quoted-printable value goes on after "=" (vCard 2.1; RFC 2045, 6.7).
    """
    start, held, drop, soft = 0, b"", False, False
    for number, text in lines:
        if cards and not text:
            soft = False
            continue
        edges = _EDGE.findall(text) if cards and _EDGES.match(text) else ()
        if held and not edges and (soft or text.startswith((b" ", b"\t"))):
            if not drop and len(held) < LONGEST_LINE:
                held = (held[:-1] + text if soft else held + b"\n" + text)[:LONGEST_LINE]
        else:
            if held:
                yield Line(start, held)
            start, held, drop = number, text, bool(dropped.match(text))
            if edges or not text:
                yield from (Line(number, text, edge.decode().upper()) for edge in edges or (b"",))
                held = b""
        soft = cards and text.endswith(b"=") and bool(_QUOTED_PRINTABLE.match(held))
    if held:
        yield Line(start, held)


@record(frozen=False, slots=True)
class Decoder:
    """Makes text of the values of a file, each by itself: by its charset, as UTF-8, or in the ``old`` encoding.

    ``doubtful`` has some values that are no UTF-8, with their lines: what the old encoding can be told by; ``whole``
    counts those that are UTF-8 and not ASCII.
    """

    old: str = "cp1252"
    doubtful: list[tuple[int, bytes]] = field(default_factory=list)
    whole: int = 0
    _size: int = 0

    def decode(self, raw: bytes, charset: str = "", line: int = 0) -> str:
        """Return the text of a value. Never fails: what cannot be decoded becomes U+FFFD.

        A charset that programs declare without looking is not believed. Where more characters are right than wrong, it
        is UTF-8 that was cut off in the middle of one.
        """
        if raw.isascii() and not charset:
            return raw.decode("ascii")
        if not _DOUBTFUL.fullmatch(charset) and _CHARSET.fullmatch(charset):
            try:
                return raw.decode(charset)
            except (LookupError, ValueError):
                pass  # nobody knows it, or it is not true
        text = raw.decode("utf-8", "replace")
        wrong = text.count("\ufffd") - raw.count(b"\xef\xbf\xbd")
        if wrong > 0 and 2 * wrong >= sum(not character.isascii() for character in text):
            return self._old(raw, charset, line)
        self.whole += not raw.isascii()
        return text

    def _old(self, raw: bytes, charset: str, line: int) -> str:
        if _WESTERN.fullmatch(charset):
            return raw.decode("cp1252", "replace")
        if self._size < _LOOKED_AT:
            self._size += len(raw)
            self.doubtful.append((line, raw))
        return raw.decode(self.old, "replace")


def octets_of(line: Line, raw: bytes, *, in_base64: bool) -> bytes:
    """Return the octets of the value of a line.

    :param raw: the value as it is written.
    :raises ValueError: it is too long, no base64, or no text; the message fits behind the name of the value.
    """
    if line.too_long:
        raise ValueError("is too long")
    if not in_base64:
        return raw
    try:
        decoded = base64.b64decode(b"".join(raw.split()), validate=True)
    except ValueError as error:
        raise ValueError("is not valid base64") from error
    if b"\0" in decoded:
        raise ValueError("holds binary data")
    return decoded


def is_directory_entry(address: str) -> bool:
    """Tell whether this is what Exchange calls an address: /o=ExchangeLabs/ou=…, which no mail can be sent to."""
    return bool(_X500.match(address))
