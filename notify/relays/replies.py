"""Octets in, SMTP replies out (RFC 5321, 4.2)."""

from __future__ import annotations

import re

from notify.core.outcome import Loss, Reply

#: RFC 5321 (4.5.3.1.5) allows 512 octets in a line and relays write more; nobody honest comes near these.
LONGEST_LINE = 8192
MOST_LINES = 100

# 1yz exists in the grammar, and 6 to 9 do not
_LINE = re.compile(rb"([1-5]\d\d)(?:([ -])(.*))?", re.DOTALL)


class Replies:
    """Reads replies as they arrive, however they are cut into pieces.

    What is not SMTP makes the stream unreadable from there on: every further answer is the same :class:`Loss`.
    """

    def __init__(self) -> None:
        self._octets = bytearray()
        self._code = 0
        self._lines: list[bytes] = []
        self._garbage: Loss | None = None

    def feed(self, octets: bytes) -> None:
        """Take what has arrived."""
        if self._garbage is None:
            self._octets += octets

    def next(self) -> Reply | Loss | None:
        """Return the next whole reply, a loss when it is no reply, or nothing while it is not complete."""
        while self._garbage is None:
            end = self._octets.find(b"\n", 0, LONGEST_LINE)
            if end < 0:
                return self._spoil("a line without an end") if len(self._octets) >= LONGEST_LINE else None
            line = bytes(self._octets[:end]).removesuffix(b"\r")
            del self._octets[: end + 1]
            if reply := self._take(line):
                return reply
        return self._garbage

    @property
    def empty(self) -> bool:
        """Whether nothing has arrived that was not returned yet, not even half a line."""
        return not self._octets and not self._lines and self._garbage is None

    def _take(self, line: bytes) -> Reply | Loss | None:
        """Take one line; return the reply that it completes."""
        found = _LINE.fullmatch(line)
        if found is None:
            return self._spoil("a line that is not SMTP")
        code, more, text = int(found[1]), found[2] == b"-", found[3] or b""
        if self._lines and code != self._code:
            return self._spoil("a reply with two codes")
        if len(self._lines) == MOST_LINES:
            return self._spoil("a reply without an end")
        self._code = code
        self._lines.append(text)
        if more:
            return None
        lines, self._lines = self._lines, []
        return Reply.heard(code, lines)

    def _spoil(self, what: str) -> Loss:
        self._octets.clear()
        self._garbage = Loss(f"the relay sent {what}")
        return self._garbage
