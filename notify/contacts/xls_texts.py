"""Texts in the records of old workbooks ([MS-XLS] 2.5.293, 2.5.294): one octet for each letter, or two, or a code page.

A record holds 8,224 octets. A text that is longer goes on in the next one, and may change its width there.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

from notify.contacts.shared_texts import SharedTexts

_WIDE, _HAS_SOUND, _IS_RICH = 1, 4, 8
_APPLE, _UTF_16, _ANSI = 10000, 1200, 0x8001
_NAMES = {_APPLE: "mac_roman", 0x8000: "mac_roman", _ANSI: "cp1252"}


class Letters:
    """How the texts of a workbook are written."""

    __slots__ = ("_encoding", "are_wide")

    def __init__(self) -> None:
        """Begin with what Excel 97 writes."""
        #: Each text says itself how wide its letters are; before Excel 97 all are of one code page.
        self.are_wide = True
        self._encoding = "cp1252"

    def choose(self, page: int) -> None:
        """Take the code page of the workbook; one that nobody knows is passed over."""
        name = _NAMES.get(page, f"cp{page}")
        try:
            codecs.lookup(name)
        except LookupError:
            return
        if page != _UTF_16:
            self._encoding = name

    def text(self, body: bytes, at: int) -> str:
        """Return a text whose length takes two octets."""
        return whole(self.begun(body, at)[0])

    def short_text(self, body: bytes, at: int) -> str:
        """Return a text whose length takes one octet."""
        return self._letters(body, at + 1, body[at])[0]

    def begun(self, body: bytes, at: int) -> tuple[str, int]:
        """Return as much of a text as stands in a record, and how many letters are missing."""
        (many,) = struct.unpack_from("<H", body, at)
        return self._letters(body, at + 2, many)

    def more(self, body: bytes, many: int) -> tuple[str, int]:
        """Return how a text goes on in the next record, and how many letters are missing still."""
        return self._letters(body, 0, many)

    def _letters(self, body: bytes, at: int, many: int) -> tuple[str, int]:
        if not self.are_wide:
            part = body[at : at + many]
            return part.decode(self._encoding, "replace"), many - len(part)
        is_wide = bool(body[at : at + 1]) and body[at] & _WIDE
        part = body[at + 1 : at + 1 + many * (1 + is_wide)]
        return _decoded(part, is_wide=bool(is_wide)), many - len(part) // (1 + is_wide)


def shared_texts(bodies: Iterator[bytes], letters: Letters) -> SharedTexts:
    """Read the texts that cells refer to by their number, from a record and those in which it goes on.

    :raises ValueError: they end too early.
    :raises TooLargeError: they are more than there is memory for.
    """
    reader = _Shared(bodies)
    texts = SharedTexts()
    if not letters.are_wide:
        return texts
    _, many = struct.unpack("<II", reader.octets(8))
    for _ in range(many):
        if reader.is_over():
            break  # some programs count wrong
        texts.add(reader.text())
    return texts


class _Shared:
    """Reads across records."""

    def __init__(self, bodies: Iterator[bytes]) -> None:
        self._bodies = bodies
        self._body = b""
        self._at = 0

    def is_over(self) -> bool:
        """Tell whether there is nothing more."""
        while self._at >= len(self._body):
            found = next(self._bodies, None)
            if found is None:
                return True
            self._body, self._at = found, 0
        return False

    def octets(self, many: int) -> bytes:
        """Return the next ones."""
        parts = []
        while many > 0:
            if self.is_over():
                raise ValueError
            part = self._body[self._at : self._at + many]
            self._at += len(part)
            many -= len(part)
            parts.append(part)
        return b"".join(parts)

    def text(self) -> str:
        """Return the next text; its looks and its sound are passed over."""
        many, flags = struct.unpack("<HB", self.octets(3))
        runs = struct.unpack("<H", self.octets(2))[0] if flags & _IS_RICH else 0
        sound = struct.unpack("<I", self.octets(4))[0] if flags & _HAS_SOUND else 0
        text = self._letters(many, is_wide=bool(flags & _WIDE))
        self._pass_over(4 * runs + sound)
        return text

    def _letters(self, many: int, *, is_wide: bool) -> str:
        parts = []
        while many > 0:
            if self._at >= len(self._body):
                if self.is_over():
                    raise ValueError
                is_wide = bool(self._body[0] & _WIDE)  # said anew in each record
                self._at = 1
            part = self._body[self._at : self._at + many * (1 + is_wide)]
            self._at += len(part)
            many -= (len(part) + is_wide) // (1 + is_wide)
            parts.append(_decoded(part, is_wide=is_wide))
        return whole("".join(parts))

    def _pass_over(self, many: int) -> None:
        while many > 0 and not self.is_over():
            step = min(many, len(self._body) - self._at)
            self._at += step
            many -= step


def _decoded(octets: bytes, *, is_wide: bool) -> str:
    return octets.decode("utf-16-le", "surrogatepass") if is_wide else octets.decode("latin-1")


def whole(text: str) -> str:
    """Return a text without halves of letters: the other half may have stood in the next record, or nowhere."""
    if text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
