"""A message as SMTP carries it: the commands before it, its octets, and what of it SMTP cannot carry.

Messages are seven-bit, except those to an address beyond ASCII, whose To is UTF-8 (RFC 6532). They leave with
SMTPUTF8, and BODY=8BITMIME where that is offered, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from notify.core.late_pattern import late_pattern
from notify.core.message import Message
from notify.core.outcome import Phase, Reply

# RFC 5321, 4.1.2: what may stand between the angle brackets and cannot break out of the command
_PATH = late_pattern(r"[!-;=?-~]*")
# RFC 6531, 3.3: the same with SMTPUTF8
_WIDE_PATH = late_pattern(r"[!-;=?-~\x80-\U0010ffff]*")


def unfit(message: Message, features: Mapping[str, str]) -> tuple[Phase, Reply] | None:
    """Return the refusal of a message that the relay would not take, in the words that it would use itself."""
    envelope = message.envelope
    if not _can_be_written(envelope.reverse_path, features):
        return Phase.MAIL, _unasked(553, "5.1.7 The sender's address cannot be written in SMTP")
    if not envelope.forward_path or not _can_be_written(envelope.forward_path, features):
        return Phase.RCPT, _unasked(553, _unwritable(envelope.forward_path))
    limit = features.get("size", "")
    if limit.isdecimal() and 0 < int(limit) < len(message.octets):
        text = f"5.3.4 {len(message.octets)} octets; the relay takes at most {int(limit)}"
        return Phase.MAIL, _unasked(552, text)
    return None


def _unasked(code: int, text: str) -> Reply:
    # whoever reads the log must not take it for a reply of the relay
    return Reply(code, (f"{text}; it was not asked",))


def _unwritable(path: str) -> str:
    """Say why a recipient's address cannot be written: it could with SMTPUTF8, or never."""
    if path and _can_be_written(path, {"smtputf8": ""}):
        return "5.6.7 The relay does not offer SMTPUTF8, which this address needs"
    return "5.1.3 The recipient's address cannot be written in SMTP"


def _can_be_written(path: str, features: Mapping[str, str]) -> bool:
    if _PATH.fullmatch(path):
        return True
    return "smtputf8" in features and path.isprintable() and bool(_WIDE_PATH.fullmatch(path))


def commands_for(message: Message, features: Mapping[str, str]) -> list[bytes]:
    """Return MAIL, RCPT and DATA; the size is told where it is understood (RFC 1870), SMTPUTF8 where it is needed.

    A message to or from an address beyond ASCII has it in its header too, in eight bits (RFC 6531, 3.6).
    """
    envelope = message.envelope
    size = f" SIZE={len(message.octets)}" if "size" in features else ""
    wide = ""
    if not (envelope.reverse_path.isascii() and envelope.forward_path.isascii()):
        wide = " BODY=8BITMIME SMTPUTF8" if "8bitmime" in features else " SMTPUTF8"
    return [
        f"MAIL FROM:<{envelope.reverse_path}>{size}{wide}\r\n".encode(),
        f"RCPT TO:<{envelope.forward_path}>\r\n".encode(),
        b"DATA\r\n",
    ]
