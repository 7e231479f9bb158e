"""Nicknames of Eudora (nndbase.txt), and the alias lines of mailx (.mailrc) and mutt.

``alias Anna anna@example.com`` gives an address a nickname, ``note Anna <name:Anna Beispiel><phone:1>Text`` says more
of it. Several addresses are a group, for mailx with blanks between them; each of them is an entry of its own, because
it need not be anywhere else in the file. A member that is a nickname, or has one for itself, has its own line.

The format is that of Eudora's note 1353HQ, "Address book format", and of the manuals of mailx and mutt.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from notify.contacts.address_book import AddressBook, Entry
from notify.contacts.content_line import LONGEST_LINE
from notify.contacts.control_characters import without_controls
from notify.contacts.encoding import Encoding
from notify.contacts.nickname_members import Member, members_of
from notify.contacts.source import ContactFile, Format, Kind
from notify.core.contact import AddressCell
from notify.core.damaged_text import mended
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError

NNT = Format("nnt", "Eudora nicknames", (".nnt", ".mailrc"))

_LINE = late_pattern(
    r"(alias|group|note)\s+(?:-group\s+\S+\s+)*(?:\"([^\"]*)\"|(\S+))\s*(.*)", re.IGNORECASE | re.DOTALL
)
#: Of no contact: comments, and what else stands in a .mailrc.
_ASIDE = late_pattern(r"#|(?:set|unset|ignore|retain|discard|source|alternates|my_hdr|folders?|shell)\b", re.IGNORECASE)
_TAG = late_pattern(r"<([a-z]\w*)\s*:([^<>]*)>", re.IGNORECASE)

#: Which tags of a note hold a field. ``title`` is somebody's job.
_TAGS = {
    "name": "name",
    "first": "first_name",
    "last": "last_name",
    "company": "company",
    "address": "street",
    "city": "city",
    "zip": "postcode",
    "country": "country",
    "phone": "phone",
}
_ADDRESS = "e-mail"  # the tag ``address`` is a street
_NICKNAME = "nickname"
#: What else Eudora writes; of any other tag nobody knows what it is.
_KEPT = frozenset({*_TAGS, *(f"{tag}2" for tag in _TAGS), "state", "fax", "mobile", "web", "title", "otheremail"})
_MOST = 250_000  # nicknames; they are kept to find out who is a member
_MOST_LINES = 1_000_000
_WORD = late_pattern(r"\S+")
# Eudora writes it for a line end
_LINE_END = "\3"


class NicknameFile(AddressBook):
    """A contact file with nicknames: an entry is an address of an alias, a header the name of a tag."""

    format = NNT

    def _entries(self) -> Iterator[_Entry]:
        alias: _Alias | None = None
        for line in self._read():
            if alias and line.is_note_of(alias.line):
                alias.add(line)
                continue
            if alias:
                yield from alias.entries(self._known)
                alias = None
            if line.is_alias:
                alias = _Alias(line)
                for note in self._known.notes_on(line):
                    alias.add(note)
            elif not line.is_note:
                yield line.unread(line.fault or "the line is no alias and no note")
            elif self._known.nicknames[line.key] != 1:
                several = "several lines say" if line.key in self._known.nicknames else "no line says"
                yield line.unread(f'{several} whose nickname "{line.name}" is')
        if alias:
            yield from alias.entries(self._known)

    @functools.cached_property
    def _known(self) -> _Known:
        """What the file says of its nicknames, wherever it does."""
        found, astray = _Known(), 0
        alias: _Line | None = None
        for line in self._read():
            if not line.is_note:
                found.add(line)
                alias = line
            elif not (alias and line.is_note_of(alias)):
                found.astray.setdefault(line.key, []).append(line)
                astray += 1
            if max(len(found.nicknames), astray) > _MOST:
                raise self._with_too_many(f"{_MOST:,} nicknames, and as many notes elsewhere")
        return found

    def _read(self) -> Iterator[_Line]:
        """Read the lines that say something."""
        for number, raw in _joined(self._counted()):
            if line := _line(number, self._decoder.decode(raw, line=number), too_long=len(raw) >= LONGEST_LINE):
                yield line

    def _tell_old(self, told: Encoding) -> Encoding:
        """Tell the encoding; nicknames that were read in another one are read again."""
        found = super()._tell_old(told)
        self.__dict__.pop("_known", None)
        return found

    def _counted(self) -> Iterator[tuple[int, bytes]]:
        for count, line in enumerate(self._lines()):
            if count > _MOST_LINES:
                raise self._with_too_many(f"{_MOST_LINES:,} lines")
            yield line

    def _with_too_many(self, limit: str) -> InputError:
        return InputError(
            f"{self.label}: an address book with nicknames has no more than {limit}.",
            hint="Export the contacts as CSV.",
        )

    def _field(self, name: str) -> str:
        return "email" if name in {_ADDRESS, "otheremail"} else _TAGS.get(name.casefold(), "")

    def _passed_over(self, groups: int) -> str:
        if groups == 1:
            return "1 member of a group is passed over: it has a line of its own"
        return f"{groups} members of groups are passed over: they have lines of their own"

    def _without_entries(self) -> InputError:
        return InputError(
            f"{self.label}: there is no nickname in it; none of its lines is an alias with an address.",
            hint="Export the contacts again, as CSV.",
        )


@record(frozen=True, slots=True)
class _Line:
    """A line of the file, ``sort`` is its first word, and ``value`` what stands behind the nickname."""

    number: int
    text: str
    sort: str = ""
    name: str = ""
    value: str = ""
    fault: str = ""

    @property
    def key(self) -> str:
        return self.name.casefold()

    @property
    def is_alias(self) -> bool:
        return self.sort in {"alias", "group"}

    @property
    def is_note(self) -> bool:
        return self.sort == "note"

    def unread(self, why: str) -> _Entry:
        """Return an entry that cannot be read, and why."""
        return _Entry(self.number, self.is_alias, why, self.text)

    def is_note_of(self, alias: _Line) -> bool:
        return self.is_note and self.key == alias.key


@record(frozen=True, slots=True)
class _Entry(Entry):
    """An address of an alias, or a line that nobody can read. What ``is_elsewhere`` has a line of its own."""

    text: str = ""
    member: Member | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    nickname: str = ""
    is_elsewhere: bool = False

    @property
    def is_contact(self) -> bool:
        """Whether it is an address, and no member of a group that has a line of its own."""
        return bool(self.member) and not self.is_elsewhere

    def values(self) -> Iterator[tuple[str, str]]:
        """Yield the nickname, the address and the tags; of a line that nobody can read its text."""
        if self.member:
            yield _NICKNAME, self.nickname
            yield _ADDRESS, self.member.address or self.member.text
            if self.member.name and "name" not in self.tags:
                yield "name", self.member.name
            yield from self.tags.items()
        else:
            yield _ADDRESS, one_line(self.text)[:80]

    def addresses(self) -> Iterator[AddressCell]:
        """Yield the address, and another one of the notes."""
        if self.member:
            yield AddressCell(self.member.address)
            yield from (AddressCell(self.tags[tag]) for tag in self.tags if tag == "otheremail")

    def fields(self) -> dict[str, str]:
        """Return what its tags say; else the name that stands beside the address."""
        found = {name: one_line(self.tags[tag]) for tag, name in _TAGS.items() if tag in self.tags}
        found["street"] = self.tags.get("address", "").partition("\n")[0].strip()
        if self.member and not found.get("name"):
            found["name"] = self.member.name
        return found


@record(frozen=True, slots=True)
class _Known:
    """How many lines there are for each nickname, the addresses that have one for themselves, and notes elsewhere."""

    nicknames: Counter[str] = field(default_factory=Counter)
    own: set[str] = field(default_factory=set)
    astray: dict[str, list[_Line]] = field(default_factory=dict)

    def add(self, line: _Line) -> None:
        """Note an alias."""
        if not line.is_alias:
            return
        self.nicknames[line.key] += 1
        members = members_of(line.value, ()) if line.value.count("@") == 1 else []
        # a word in front of the address may be a nickname, and then both are members
        if len(members) == 1 and (not members[0].name or any(sign in line.value for sign in "<(")):
            self.own.add(members[0].key)

    def notes_on(self, alias: _Line) -> Sequence[_Line]:
        """Return the notes that do not stand behind their alias, if it is the only one that is called so."""
        return self.astray.get(alias.key, ()) if self.nicknames[alias.key] == 1 else ()


class _Alias:
    """A line with a nickname, and the notes on it."""

    def __init__(self, line: _Line) -> None:
        self.line = line
        self._fault = line.fault
        self._tags: dict[str, str] = {}

    def add(self, note: _Line) -> None:
        """Take what a note says; the first one wins."""
        self._fault = self._fault or note.fault
        for tag, value in _TAG.findall(note.value):
            text = without_controls(mended(value.replace(_LINE_END, "\n")))
            if text and tag.casefold() in _KEPT:
                self._tags.setdefault(tag.casefold(), text)

    def entries(self, known: _Known) -> Iterator[_Entry]:
        """Yield an entry for each member. A note on several of them is about none."""
        number, nickname = self.line.number, without_controls(mended(self.line.name))
        members = None if self._fault else members_of(self.line.value, known.nicknames)
        if not members:
            fault = self._fault or "the addresses behind the nickname cannot be read"
            yield self.line.unread(fault)
            return
        tags = self._tags if len(members) == 1 else {}
        for member in members:
            is_own = len(members) > 1 and member.key in known.own
            elsewhere = is_own if member.address else member.key in known.nicknames
            unknown = not member.address and not elsewhere
            fault = f'"{one_line(member.text)[:80]}" is no address, and no nickname in this file' if unknown else ""
            yield _Entry(number, self.line.is_alias, fault, self.line.text, member, tags, nickname, elsewhere)


def _joined(lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines; one goes on behind a backslash at its end, as long as it is not too long."""
    start, parts, size = 0, list[bytes](), 0
    for number, raw in lines:
        start = start if parts else number
        goes_on = raw.endswith(b"\\") and size < LONGEST_LINE
        parts.append(raw.removesuffix(b"\\"))
        size += len(raw) + 1
        if not goes_on:
            yield start, b" ".join(parts)
            parts, size = [], 0
    if parts:
        yield start, b" ".join(parts)


def _line(number: int, text: str, *, too_long: bool = False) -> _Line | None:
    """Take a line apart; None where it says nothing of a contact."""
    text = text.strip(" \t\r\n\0\x1a")
    if "\0" in text:
        # in an address it is an error, see notify.contacts.control_characters
        text = _WORD.sub(lambda word: word[0] if "@" in word[0] else word[0].replace("\0", ""), text)
    if not text or _ASIDE.match(text):
        return None
    fault = "the line is too long" if too_long else ""
    found = _LINE.fullmatch(text)
    if not found:
        return _Line(number, text, fault=fault)
    sort, quoted, plain, value = found.groups()
    return _Line(number, text, sort.casefold(), plain if quoted is None else quoted, value, fault)


def _recognise(file: ContactFile) -> Format | None:
    lines = [found for line in file.lines if (found := _line(0, line))]
    aliases = [line for line in lines if line.is_alias]
    begins = bool(lines) and (lines[0].is_alias or lines[0].is_note)
    return NNT if begins and any("@" in line.value for line in aliases) else None


KIND = Kind((NNT,), _recognise, lambda file, _: NicknameFile(file.path, file.label, file.encoding))
