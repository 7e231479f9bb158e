"""Reads lists of people who must not be written to: addresses, or the tokens of those who used a newsletter's page."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from notify.core.address import identity, parse_address
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.errors import InputError

_BETWEEN = late_pattern(r"[\s;,|\"'<>()\[\]]+")
#: As :func:`notify.core.unsubscribing.unsubscribe_token` makes them; the log of a server has them inside of an URL.
_TOKEN = late_pattern(r"(?<![a-z0-9])[a-z2-7]{26}(?![a-z0-9])")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@record(frozen=True, slots=True)
class Listed:
    """One person on a list: the address, as an identity, or the token; and the line."""

    line: int
    identity: str = ""
    token: str = ""


@record(frozen=True, slots=True)
class Unreadable:
    """A line that names nobody, and why."""

    line: int
    reason: str


def read_list(octets: bytes, label: str) -> Iterator[Listed | Unreadable]:
    """Yield who is named on a list: text with an address or a token on a line, whatever else stands beside it.

    The first line may be the header of a table; empty lines, and those that begin with ``#``, say nothing.

    :raises InputError: it is no text.
    """
    is_first = True
    for number, line in enumerate(_decoded(octets, label).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        named = list(_named(text, number))
        if not named and not is_first:
            named = [Unreadable(number, "there is no address in this line")]
        yield from named
        is_first = False


def _named(text: str, number: int) -> Iterator[Listed | Unreadable]:
    for word in _BETWEEN.split(text):
        if "@" in word:
            try:
                yield Listed(number, identity=identity(parse_address(word)))
            except ValueError as error:
                yield Unreadable(number, f'"{word}" is not an address: {error}')
        elif found := _TOKEN.search(word):
            yield Listed(number, token=found[0])


def _decoded(octets: bytes, label: str) -> str:
    if octets.startswith(_WIDE_MARKS):
        return octets.decode("utf-16", "replace")
    if b"\0" in octets:
        raise InputError(f"{label}: this is no text.", hint="Save the list as CSV, or as text with one address a line.")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        # what differs is in the names beside the addresses
        return octets.decode("cp1252", "replace")
