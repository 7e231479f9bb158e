"""Damages to a file, as they happen on the way: octets flipped, cut out or put in, lines lost or there twice."""

from __future__ import annotations

import random

_KINDS = ("flip", "insert", "delete", "twice", "line away", "line twice", "cut off", "quote", "nul", "end")


def damaged(octets: bytes, chooser: random.Random) -> tuple[bytes, bool]:
    """Return a file with one to three damages, and whether its records are all there and still apart."""
    untouched = True
    for _ in range(chooser.randint(1, 3)):
        octets, whole = _hurt(octets, chooser.choice(_KINDS), chooser)
        untouched = untouched and whole
    return octets, untouched


def _hurt(octets: bytes, kind: str, chooser: random.Random) -> tuple[bytes, bool]:
    """Do one damage to a file; tell whether it leaves the records apart."""
    if len(octets) < 80:
        return octets, False
    if kind.startswith("line"):
        return _lines_hurt(octets, kind, chooser), False
    place = chooser.randrange(len(octets))
    before, behind = octets[:place], octets[place:]
    some = chooser.randint(1, 9)
    hurts = {
        "flip": lambda: before + bytes([behind[0] ^ 1 << chooser.randrange(8)]) + behind[1:],
        "insert": lambda: before + chooser.randbytes(some) + behind,
        "delete": lambda: before + behind[some:],
        "twice": lambda: before + behind[:some] + behind,
        "cut off": lambda: octets[: max(place, 80)],
        "quote": lambda: before + b'"' * chooser.randint(1, 2) + behind,
        "nul": lambda: before + b"\0" + behind,
        "end": lambda: octets + chooser.choice([b"\r\n", b"\n\n", b"\x1a", b"\0\0"]),
    }
    # nobody reads a NUL, nor what old programs end a file with, where it is no half of a letter
    return hurts[kind](), kind in {"nul", "end"} and octets[:2] not in {b"\xff\xfe", b"PK"}


def _lines_hurt(octets: bytes, kind: str, chooser: random.Random) -> bytes:
    """Take a line away, or write it twice."""
    lines = octets.splitlines(keepends=True)
    line = chooser.randrange(len(lines))
    return b"".join([*lines[:line], *[lines[line]] * (2 * (kind == "line twice")), *lines[line + 1 :]])
