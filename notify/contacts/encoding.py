"""Which encoding a text file has: as notify.toml names it, as its octets prove it, or as its letters suggest."""

from __future__ import annotations

import codecs
import functools
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from notify.contacts.encoding_bytes import find_encoding
from notify.contacts.encoding_letters import choose_encoding
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.errors import ConfigError

_BLOCK = 1 << 20

# so many octets of lines with letters beyond ASCII are looked at
_LOOKED_AT = 1 << 16
# a line without end is looked at in pieces
_LONGEST_LINE = 1 << 16

_WORD = late_pattern(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_BROKEN_WORD = late_pattern(r"[^\W\d_]*\ufffd[\w\ufffd]*")


@record(frozen=True, slots=True)
class Encoding:
    """The encoding of a file as Python names it, and whether that is sure.

    Where it is not, ``line`` is the first line that could be wrong, and ``text`` the words there, as they are read now.
    """

    name: str
    sure: bool = True
    line: int = 0
    text: str = ""
    findings: tuple[Finding, ...] = ()


def tell_encoding(path: Path, label: str, named: str = "") -> Encoding:
    """Return the encoding of a text file, and what of it had to be guessed.

    A byte order mark and the NULs of UTF-16 decide. Otherwise ``named`` wins; then it is UTF-8 where nearly all of the
    file is; the rest is chosen by its letters, on some of the lines that have letters beyond ASCII.

    :param named: ``encoding`` of notify.toml, or empty.
    :raises InputError: it is missing, unreadable, empty or binary.
    :raises ConfigError: Python has no encoding of the name.
    """
    called = _checked(named) if named else ""
    found = find_encoding(path, label)
    if found not in {"utf-8", "cp1252"}:
        told = Encoding(found)
        if called and not _alike(called, found):
            told = replace(told, findings=(_not_followed(label, named, found),))
    elif called:
        told = Encoding(found) if _is_wide(called) else Encoding(called)
        told = replace(told, findings=_doubts(path, label, found, called, named))
    elif found == "utf-8":
        return Encoding(found)
    else:
        told = _guessed(path, label)
    return replace(told, findings=(*told.findings, *_undecodable(path, label, told.name)))


def _checked(named: str) -> str:
    """Return the name by which Python knows an encoding.

    :raises ConfigError: it is none, or none of text.
    """
    try:
        # idna and others are encodings, but not of files: they fail where a letter cannot be decoded
        with io.TextIOWrapper(io.BytesIO("E-Mail;Name\n".encode(named) + b"\xff\x81"), named, "replace") as probe:
            probe.read()
        return codecs.lookup(named).name
    except (LookupError, ValueError) as error:
        raise ConfigError(
            f'encoding = "{named}": there is no such encoding.',
            hint='Mend encoding in [contacts] of notify.toml: "utf-8", "cp1252" (Windows) or "mac_roman" (old Macs).',
        ) from error


def _alike(called: str, found: str) -> bool:
    return codecs.lookup(found).name.startswith(called.removesuffix("-sig"))


def _is_wide(called: str) -> bool:
    """Tell whether every letter takes two octets or four; a file without a NUL cannot be in such an encoding."""
    return b"\0" in "a".encode(called)


def _not_followed(label: str, named: str, found: str) -> Finding:
    what = f'encoding = "{named}" is not followed: the file is {found}, as its first octets tell'
    return Finding("encoding-not-followed", Severity.WARNING, label, what)


def _doubts(path: Path, label: str, found: str, called: str, named: str) -> tuple[Finding, ...]:
    """Return what speaks against the encoding that was named."""
    if _is_wide(called):
        return (_not_followed(label, named, found),)
    if found != "utf-8" or _alike(called, found):
        return ()
    line, text = _first_words(_beyond_ascii(path), called)
    what = f'the file looks like utf-8; with encoding = "{named}" line {line} says {text}'
    return (Finding("doubtful-encoding", Severity.WARNING, f"{label}:{line}", what),) if text else ()


def _guessed(path: Path, label: str) -> Encoding:
    """Tell the encoding of a file that is not UTF-8 to its end."""
    lines = list(_some(_beyond_ascii(path)))
    if 2 * sum(_is_utf_8(octets) for _, octets in lines) > len(lines):
        return Encoding("utf-8")
    return guess_encoding(lines, label)


def guess_encoding(lines: Sequence[tuple[int, bytes]], label: str) -> Encoding:
    """Tell the encoding of what is not UTF-8 by its letters.

    :param lines: numbers and octets of some lines with letters beyond ASCII.
    """
    octets = b"\n".join(octets for _, octets in lines)
    found = choose_encoding(octets, functools.partial(_model, octets))
    if found.sure:
        return Encoding(found.name)
    line, text = _first_words(lines, found.name)
    guess = Finding(
        "guessed-encoding",
        Severity.WARNING,
        f"{label}:{line}",
        f"the encoding is a guess: as {found.name}, line {line} says {text}",
        f'If that is wrong, say so in notify.toml:  [contacts]  encoding = "{found.rival}"',
    )
    return Encoding(found.name, sure=False, line=line, text=text, findings=(guess,) if text else ())


def _model(octets: bytes, among: Sequence[str] = ()) -> str:
    """Ask chardet, which knows languages by their letters; return Python's name, empty when none fits.

    :param among: chardet must choose one of these; empty: any encoding.
    """
    # imported here because hardly any file needs it
    import chardet

    found = chardet.detect(octets, include_encodings=among or None, compat_names=False)["encoding"]
    try:
        return codecs.lookup(found).name if found else ""
    except LookupError:
        return ""


def _beyond_ascii(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not ASCII, with their numbers."""
    number = 1
    # read as text, because a line may end with CR alone
    with path.open(encoding="latin-1", newline="") as file:
        while line := file.readline(_LONGEST_LINE):
            if not line.isascii():
                yield number, line.encode("latin-1")
            number += line.endswith(("\r", "\n"))


def _some(lines: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    size = 0
    for line in lines:
        size += len(line[1])
        yield line
        if size > _LOOKED_AT:
            return


def _is_utf_8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first_words(lines: Iterable[tuple[int, bytes]], encoding: str) -> tuple[int, str]:
    """Return the first words with a letter beyond ASCII, and their line."""
    for number, octets in lines:
        if words := _WORD.findall(octets.decode(encoding, "replace")):
            return number, _quoted(words)
    return 0, ""


def _quoted(words: Sequence[str]) -> str:
    return " and ".join(f'"{word[:30]}"' for word in [*dict.fromkeys(words)][:2])


def _undecodable(path: Path, label: str, encoding: str) -> tuple[Finding, ...]:
    """Return a finding on octets that are no letters in this encoding; they are read as U+FFFD."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        if not any("\ufffd" in block for block in iter(functools.partial(file.read, _BLOCK), "")):
            return ()
        file.seek(0)
        lines = ((number, line) for number, line in enumerate(file, start=1) if "\ufffd" in line)
        first, text = next(lines)
        many = 1 + sum(1 for _ in lines)
    words = _quoted(_BROKEN_WORD.findall(text))
    others = f" and {many - 1} more" if many > 1 else ""
    what = f"line {first}{others} cannot be read whole as {encoding}: {words}"
    return (Finding("undecodable-letters", Severity.WARNING, f"{label}:{first}", what),)
