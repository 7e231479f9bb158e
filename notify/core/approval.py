"""What somebody has approved: what the messages are made of, and every single one of them by its mark."""

from __future__ import annotations

import bisect
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping

from notify.core.record import record
from notify.core.text import one_line

#: Of a mark, so many bytes tell to whom a message goes; the others, which one it is.
_WHO, _WHICH = 8, 16
_MARK = _WHO + _WHICH


def mark(identity: str, message: Mapping[str, object]) -> bytes:
    """Return what stands for the message of one recipient, by everything that it is made from.

    :param message: what differs from one recipient to the next, in any order.
    """
    text = json.dumps(message, ensure_ascii=False, sort_keys=True)
    return _hash(identity, _WHO) + _hash(text, _WHICH)


def _hash(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


@record(frozen=True, slots=True)
class Marks:
    """The marks of many messages. ``octets`` has them one behind the other, sorted."""

    octets: bytes = b""

    @classmethod
    def of(cls, marks: Iterable[bytes]) -> Marks:
        """Collect marks."""
        return cls(b"".join(sorted(marks)))

    def __len__(self) -> int:
        return len(self.octets) // _MARK

    def __contains__(self, one: bytes) -> bool:
        return self._find(one) == one

    def knows(self, one: bytes) -> bool:
        """Tell whether there is a message to the same recipient, this one or another."""
        found = self._find(one[:_WHO])
        return found is not None and found[:_WHO] == one[:_WHO]

    def _find(self, least: bytes) -> bytes | None:
        """Return the first mark that is not less."""
        place = bisect.bisect_left(range(len(self)), least, key=self._at)
        return self._at(place) if place < len(self) else None

    def _at(self, place: int) -> bytes:
        return self.octets[place * _MARK : (place + 1) * _MARK]


@record(frozen=True, slots=True)
class Approval:
    """What one person has approved, and when.

    ``name`` is the one that was given, ``account`` that of the machine under which it was: ``anna@office``. ``parts``
    is what the messages are made of, by name. ``recipients`` is to how many it goes. ``is_alone``: nobody has approved
    it; it was sent without a second person, as notify.toml says that there is none.
    """

    time: dt.datetime
    name: str
    account: str
    parts: Mapping[str, str]
    recipients: int
    marks: Marks
    is_alone: bool = False

    @property
    def person(self) -> str:
        """The same for the same person, however the name is written."""
        return person_of(self.name)


def person_of(name: str) -> str:
    """Return a name as it is compared with others."""
    return one_line(name).casefold()
