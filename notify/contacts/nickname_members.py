"""Whom an alias stands for: addresses, with or without names, and other nicknames."""

from __future__ import annotations

from collections.abc import Collection

from notify.contacts.control_characters import without_controls
from notify.core.damaged_text import mended
from notify.core.late_pattern import late_pattern
from notify.core.record import record

# commas part them, but not in quotation marks, angle brackets or comments (RFC 5322)
_PART = late_pattern(r'(?:"[^"]*"|<[^<>]*>|\([^()]*\)|[^",<>()])+')
_WORD = late_pattern(r'"[^"]*"|[^\s"]+')
# Anna <anna@example.com>; <anna@example.com> (Anna); anna@example.com (Anna); a name may be in quotation marks
_IN_BRACKETS = late_pattern(r'([^<>()@]*)<([^<>()\s"]*)>\s*(?:\(([^()@]*)\))?')
_WITH_COMMENT = late_pattern(r'([^<>()\s"@]*@[^<>()\s"@]*)\s*\(([^()@]*)\)')


@record(frozen=True, slots=True)
class Member:
    """Somebody an alias stands for: an ``address`` and a ``name``, as far as there is one.

    Without an address the ``text`` is the nickname of somebody else.
    """

    text: str
    address: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """The address or the nickname, for comparison."""
        return (self.address or self.text).casefold()


def members_of(value: str, nicknames: Collection[str]) -> list[Member]:
    """Return whom the text behind a nickname stands for; nothing where a part of it cannot be read.

    :param nicknames: those of the file, in lower case; in front of an address one is no name.
    """
    if _PART.sub("", value).strip(", \t"):
        return []
    found: list[Member] = []
    for part in filter(None, map(str.strip, _PART.findall(value))):
        members = _members(part, nicknames)
        if not members:
            return []
        found += members
    return found


def _members(part: str, nicknames: Collection[str]) -> list[Member]:
    """Return whom a part between two commas stands for; several have blanks between them."""
    if found := _IN_BRACKETS.fullmatch(part):
        return [_member(part, found[2], found[1].strip() or found[3] or "")] if "@" in found[2] else []
    if found := _WITH_COMMENT.fullmatch(part):
        return [_member(part, found[1], found[2])]
    words = _WORD.findall(part)
    quoted = [word for word in words if word.startswith('"') and "@" in word]
    if "@" not in part:
        return [Member(part.strip('"'))]
    if not quoted and any(sign in part for sign in "<>()"):
        return []
    names, last = words[:-1], words[-1]
    if names and not quoted and "@" not in "".join(names) and not any(_key(name) in nicknames for name in names):
        return [_member(part, last, " ".join(names))]
    # mailx: each word is a member, and one in quotation marks may have a name in it
    each = [_members(word.strip('"'), nicknames) if word in quoted else [_word(word)] for word in words]
    return [member for members in each for member in members] if all(each) else []


def _key(word: str) -> str:
    return word.strip('"').casefold()


def _word(word: str) -> Member:
    text = word.strip('"')
    return _member(text, text, "") if "@" in text else Member(text)


def _member(text: str, address: str, name: str) -> Member:
    return Member(text, without_controls(address), without_controls(mended(name.replace('"', " ").strip())))
