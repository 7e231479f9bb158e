"""Octets in, SMTP replies out (RFC 5321, 4.2), from the greeting to the farewell, and never more than is kept of one.

RFC 5321 (4.5.3.1.5) allows 512 octets in a line of a reply. It knows no end of lines; but whoever reads until there is
one gives its memory into the hands of whoever answers, before a certificate has told who that is.
"""

from __future__ import annotations

from collections import deque
from functools import lru_cache

from notify.core.outcome import Loss, Reply

#: Relays write longer lines than RFC 5321 allows, and long lists of what they offer; nobody honest comes near these.
LONGEST_LINE = 8192
MOST_LINES = 100
MOST_OCTETS = 65536

# 1yz exists in the grammar, and 6 to 9 do not
_CODES = {f"{code}".encode(): code for code in range(100, 600)}


class Replies:
    """Reads replies as they arrive, however they are cut into pieces.

    What is not SMTP makes the stream unreadable from there on: every further answer is the same :class:`Loss`.
    """

    def __init__(self) -> None:
        self._arrived: deque[bytes] = deque()
        self._rest = b""
        self._code = 0
        self._lines: list[bytes] = []
        self._octets = 0
        self._garbage: Loss | None = None

    def feed(self, octets: bytes) -> None:
        """Take what has arrived."""
        if self._garbage is None:
            *lines, self._rest = (self._rest + octets).split(b"\n")
            self._arrived += lines

    def next(self) -> Reply | Loss | None:
        """Return the next whole reply, a loss when it is not SMTP, or None while it is not complete."""
        while self._arrived:
            line = self._arrived.popleft()
            if reply := (None if self._lines else _of_one_line(line)) or self._take(line):
                return reply
        return self._spoil("a line without an end") if len(self._rest) >= LONGEST_LINE else self._garbage

    @property
    def empty(self) -> bool:
        """Whether nothing has arrived that was not returned yet, not even half a line."""
        return not (self._arrived or self._rest or self._lines or self._garbage)

    def _take(self, line: bytes) -> Reply | Loss | None:
        """Take one line; return the reply that it completes."""
        if len(line) >= LONGEST_LINE:
            return self._spoil("a line without an end")
        line = line.removesuffix(b"\r")
        code, mark, text = _CODES.get(line[:3]), line[3:4], line[4:]
        if code is None or mark not in b" -":
            return self._spoil("a line that is not SMTP")
        if self._lines and code != self._code:
            return self._spoil("a reply with two codes")
        self._code = code
        self._lines.append(text)
        self._octets += len(text)
        if len(self._lines) > MOST_LINES or self._octets > MOST_OCTETS:
            return self._spoil("a reply without an end")
        if mark == b"-":
            return None
        lines, self._lines, self._octets = self._lines, [], 0
        return Reply.heard(code, lines)

    def _spoil(self, what: str) -> Loss:
        self._arrived.clear()
        self._lines.clear()
        self._rest = b""
        self._garbage = Loss(f"the relay sent {what}")
        return self._garbage


@lru_cache(maxsize=64)
def _of_one_line(line: bytes) -> Reply | None:
    """Return the reply that a line is by itself, if it is one: most are, and few of them differ."""
    code = _CODES.get(line[:3])
    if code is None or line[3:4] == b"-" or len(line) >= LONGEST_LINE:
        return None
    line = line.removesuffix(b"\r")
    return Reply.heard(code, [line[4:]]) if line[3:4] in (b" ", b"") else None
