"""How an entry of the log is shown: as a line for people, and as a record for JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.approvals import as_words
from notify.cli.screen import STATUS_WORDS, moment
from notify.core.approval import Approval
from notify.core.outcome import Phase

if TYPE_CHECKING:
    from notify.core.outcome import Attempt

#: The names of a record's values, in their order.
COLUMNS = ("time", "key", "to", "message_id", "relay", "phase", "reply", "status", "scope")
#: Of a copy, whose message it is a copy of.
COPY_OF = "copy_of"


def as_record(entry: Attempt | Approval) -> dict[str, str]:
    """Return an attempt, or an approval, as the JSON documents hold it."""
    time = {"time": entry.time.astimezone().isoformat(timespec="milliseconds")}
    if isinstance(entry, Approval):
        status = "sent_alone" if entry.is_alone else "approved"
        return dict.fromkeys(COLUMNS, "") | time | {"reply": as_words(entry), "status": status}
    names = (*COLUMNS, COPY_OF) if entry.copy_of else COLUMNS
    return {name: str(getattr(entry, name)) for name in names} | time


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


def as_line(entry: Attempt | Approval) -> str:
    """Return an attempt as one line for people: when, what came of it, whom, and the answer to what."""
    if isinstance(entry, Approval):
        return f"{moment(entry.time)}  {as_words(entry)}"
    answer = entry.reply
    if entry.phase:
        phase = Phase(entry.phase)
        answer = f"{_PHASE_WORDS.get(phase, phase)} ({phase}): {entry.reply}"
    to = f"{entry.to} (copy of that to {entry.copy_of})" if entry.copy_of else entry.to
    return f"{moment(entry.time)}  {STATUS_WORDS[entry.status]:<9}  {to}  {answer}".rstrip()
