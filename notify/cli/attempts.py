"""How an attempt is shown: as a line for people, and as a record for JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import STATUS_WORDS, moment
from notify.core.outcome import Phase

if TYPE_CHECKING:
    from notify.core.outcome import Attempt

#: The names of a record's values, in their order.
COLUMNS = ("time", "key", "to", "message_id", "relay", "phase", "reply", "status", "scope")
#: Of a copy, whose message it is a copy of.
COPY_OF = "copy_of"


def as_record(attempt: Attempt) -> dict[str, str]:
    """Return an attempt as the JSON documents hold it."""
    names = (*COLUMNS, COPY_OF) if attempt.copy_of else COLUMNS
    record = {name: str(getattr(attempt, name)) for name in names}
    return record | {"time": attempt.time.astimezone().isoformat(timespec="milliseconds")}


#: What a relay was at, in words; the phase is named after the command (RFC 5321, 3.3).
_PHASE_WORDS = {
    Phase.CONNECT: "connection",
    Phase.BANNER: "greeting",
    Phase.EHLO: "greeting",
    Phase.STARTTLS: "encryption",
    Phase.AUTH: "login",
    Phase.MAIL: "sender",
    Phase.RCPT: "recipient",
    Phase.DATA: "start of the message",
    Phase.BODY: "message",
    Phase.DOT: "whole message",
}


def as_line(attempt: Attempt) -> str:
    """Return an attempt as one line for people: when, what came of it, whom, and the answer to what."""
    answer = attempt.reply
    if attempt.phase:
        phase = Phase(attempt.phase)
        answer = f"{_PHASE_WORDS.get(phase, phase)} ({phase}): {attempt.reply}"
    to = f"{attempt.to} (copy for {attempt.copy_of})" if attempt.copy_of else attempt.to
    return f"{moment(attempt.time)}  {STATUS_WORDS[attempt.status]:<9}  {to}  {answer}".rstrip()
