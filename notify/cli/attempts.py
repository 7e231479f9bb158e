"""How an attempt is shown: as a line for people, and as a record for JSON and CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import STATUS_WORDS, moment

if TYPE_CHECKING:
    from notify.core.outcome import Attempt

#: The names of a record's values, in their order.
COLUMNS = ("time", "key", "to", "message_id", "relay", "phase", "reply", "status", "scope")


def as_record(attempt: Attempt) -> dict[str, str]:
    """Return an attempt as the JSON documents hold it."""
    record = {name: str(getattr(attempt, name)) for name in COLUMNS}
    return record | {"time": attempt.time.astimezone().isoformat(timespec="milliseconds")}


def as_line(attempt: Attempt) -> str:
    """Return an attempt as one line for people."""
    words = f"{attempt.to}  {attempt.phase} {attempt.reply}"
    return f"{moment(attempt.time)}  {STATUS_WORDS[attempt.status]:<9}  {words}".rstrip()
