"""What one try to hand a message over came to.

A relay's answer is a value here, never an exception. Postfix sorts every failure by whose trouble it is (server,
message, recipient) before it decides anything; so do we, see :class:`Scope`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import Enum, StrEnum

from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.status import Status

_ENHANCED = late_pattern(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
#: Relays that explain themselves at length do it in a few hundred characters.
_LONGEST_SHOWN = 2000


class Phase(StrEnum):
    """Where in the SMTP dialogue something happened, in the order in which a session goes through them."""

    CONNECT = "connect"
    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    #: The message is being written; the relay has nothing to say yet.
    BODY = "body"
    #: The final dot has left: from here on only the relay knows.
    DOT = "dot"
    #: A refused transaction is being cleared; no message depends on the answer.
    RSET = "rset"
    QUIT = "quit"


class Scope(StrEnum):
    """Whose trouble a failure is. Only the recipient's own trouble is charged to the recipient."""

    RECIPIENT = "recipient"
    #: The message itself, and so every recipient of this campaign: they all get the same text.
    MESSAGE = "message"
    #: The server, the network or our account there.
    RELAY = "relay"


class Action(Enum):
    """What the run does after an outcome, beyond settling the recipient."""

    #: The next message, on this connection.
    GO_ON = "go on"
    #: The next message, on a new connection; nothing more for now when that is of no use several times in a row.
    RECONNECT = "reconnect"
    #: Nothing more for now: the relay is away, or wants to be left alone. Nobody loses a try.
    PAUSE = "pause"
    #: Nothing more until the user has mended something.
    STOP = "stop"


@record(frozen=True, slots=True)
class Reply:
    """An SMTP reply: its code and all of its lines, without the codes in front (RFC 5321, 4.2)."""

    code: int
    lines: tuple[str, ...]

    @classmethod
    def heard(cls, code: int, lines: Iterable[bytes]) -> Reply:
        """Return the reply whose lines came off the wire, without codes and line ends.

        They are shown on a terminal and stored, so they are read as UTF-8 or else Latin-1, and what is not
        printable is left out.
        """
        return cls(code, tuple(map(_printable, lines)))

    @property
    def enhanced(self) -> str:
        """The enhanced status code (RFC 3463), or an empty string. GMX and WEB.DE send none.

        The last line decides, as postmaster.gmx.com says.
        """
        for line in reversed(self.lines):
            if found := _ENHANCED.match(line):
                return found[1]
        return ""

    @property
    def text(self) -> str:
        """All lines as one, for people and for looking for words."""
        # nearly all have one
        return self.lines[0].strip() if len(self.lines) == 1 else " ".join(filter(None, map(str.strip, self.lines)))

    def __str__(self) -> str:
        """Return it as it is shown and kept: of one that would fill the screen, beginning and end."""
        text = self.text
        if len(text) > _LONGEST_SHOWN:
            text = f"{text[: _LONGEST_SHOWN // 2]} … {text[-_LONGEST_SHOWN // 2 :]}"
        return f"{self.code} {text}".strip()


@record(frozen=True, slots=True)
class Loss:
    """No reply: the connection was lost, timed out or said something that is not SMTP. ``reason`` is for people.

    ``lasting``: trying again is of no use before the user has mended something, such as the name of the host.
    ``silent``: nothing arrived in the time that a reply may take.
    """

    reason: str
    lasting: bool = False
    silent: bool = False

    def __str__(self) -> str:
        return self.reason


@record(frozen=True, slots=True)
class Outcome:
    """What one try came to: the new status of the recipient, whose trouble it was, what the run does now.

    ``words`` is one sentence for the user; the raw ``answer`` is kept beside it. ``wait_s`` is how long a pause should
    last at least; 0: whoever runs the campaign decides.
    """

    status: Status
    scope: Scope
    action: Action
    phase: Phase
    answer: Reply | Loss
    words: str
    wait_s: float = 0

    @property
    def is_refusal_of_the_message(self) -> bool:
        """Whether the relay had all of the message and refused it for good: nobody got it, and nobody will.

        After 4xx the same message comes again, so that a relay which took it all the same can tell (RFC 5321, 4.2.1).
        """
        return self.phase is Phase.DOT and isinstance(self.answer, Reply) and 500 <= self.answer.code < 600


@record(frozen=True, slots=True)
class Attempt:
    """The record of one try, or of the user's word about it. Appended to the ledger, never changed.

    ``scope`` is empty for a success and for the user's word; ``relay`` is ``host:port``, behind it the account in
    brackets, or ``you`` for the user's word. ``copy_of`` is whose message it is a copy of; empty where it is none.
    """

    time: dt.datetime
    key: str
    to: str
    message_id: str
    relay: str
    phase: str
    reply: str
    status: Status
    scope: str
    copy_of: str = ""


def _printable(line: bytes) -> str:
    """Decode a line of a reply; blanks stay blanks, other characters that are not printable are left out."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode("latin-1")
    if text.isprintable():
        return text
    return "".join(" " if char.isspace() else char for char in text if char.isprintable() or char.isspace())
