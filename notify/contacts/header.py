"""The header of a column as text: its words, and what it was before other programs broke its letters."""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from collections.abc import Iterator

from notify.core.late_pattern import late_pattern

#: What stands in a header for a letter that an earlier program could not write: Stra?e.
BROKEN = "?\ufffd"

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# letters that Unicode does not take apart into a plain one and its accent
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# EmailID, mobilNummer; and the digits, which are words of their own
_SEAMS = late_pattern(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_BLANKS = late_pattern(rf"[^\w{re.escape(BROKEN)}]+|_+")
# as what a header was read, and what it is: UTF-8 as Windows-1252 makes StraÃŸe, Mac Roman as Windows-1252 Stra§e
_MISREAD = (
    ("cp1252", "utf-8"),
    ("mac_roman", "utf-8"),
    ("cp850", "utf-8"),
    ("cp437", "utf-8"),
    ("cp1252", "mac_roman"),
    ("cp1252", "cp850"),
    ("cp1252", "cp1250"),
    ("mac_roman", "cp1252"),
    ("cp850", "cp1252"),
    ("cp437", "cp1252"),
)


@functools.lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Return a header without case, blanks, signs and accents; broken letters stay."""
    # its words side by side: where they part does not matter
    bare = text.lower() if text.isascii() else _bare(_visible(text))
    return bare if bare.isalnum() else _BLANKS.sub("", bare)


@functools.lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a header in lower case and without accents; ä is ae, E-Mail is one word."""
    bare = _SEAMS.sub(" ", text).lower() if text.isascii() else _bare(_SEAMS.sub(" ", _visible(text)))
    found: list[str] = []
    for word in _BLANKS.split(bare):
        if found and found[-1] == "e" and word.startswith("mail"):
            found[-1] = f"e{word}"
        elif word:
            found.append(word)
    return tuple(found)


def _visible(text: str) -> str:
    """Return a header composed, and without what nobody sees."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")


def _bare(text: str) -> str:
    """Return a header in lower case, with plain letters only."""
    folded = text.casefold().translate(_UMLAUTS)
    if folded.isascii():
        return folded
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded).translate(_PLAIN)
        if not unicodedata.combining(letter)
    )


def without_umlauts(text: str) -> str:
    """Return the text with a, o and u for the umlauts, as programs write them that know no other letters."""
    if text.isascii():
        return text
    taken_apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", taken_apart.replace("\u0308", ""))


def readings(text: str) -> Iterator[str]:
    """Yield the header as it is, then what it may have been before it was read in a wrong encoding."""
    plain = html.unescape(text)
    yield plain
    if plain.isascii():
        return
    for read_as, really in _MISREAD:
        again = plain
        # twice, because what was broken once is often saved and broken once more
        for _ in range(2):
            try:
                again = _octets(again, read_as).decode(really)
            except UnicodeError:
                break
            yield again


def _octets(text: str, encoding: str) -> bytes:
    """Return the octets that were read as this text; Windows-1252 leaves some as the control characters they are."""
    octets = bytearray()
    for letter in text:
        try:
            octets += letter.encode(encoding)
        except UnicodeEncodeError:
            octets += letter.encode("latin-1")
    return bytes(octets)
