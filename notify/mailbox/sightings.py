"""Recognises a test message, or what came back instead of it, and what was seen of it there."""

from __future__ import annotations

import email.message
import email.policy
from collections.abc import Collection, Mapping
from email.parser import BytesParser

from notify.core.late_pattern import late_pattern
from notify.core.probe import Fate, SeenBy, Sighting
from notify.core.record import record
from notify.mailbox.authentication_results import authentication_of

#: What tells a test message, and what may be a bounce, from all others.
FIELDS = (
    "Message-ID",
    "X-Notify-Id",
    "Content-Type",
    "Auto-Submitted",
    "Return-Path",
    "From",
    "X-Failed-Recipients",
)
_ROBOTS = late_pattern(r"(?i)\b(?:mailer-daemon|postmaster|mail-?delivery|mdaemon)\b")
_LONGEST_REASON = 300


@record(frozen=True, slots=True)
class Wanted:
    """A test message that is looked for: to which address it went, and the host of the relay that took it."""

    address: str
    relay_host: str


def wanted_in(octets: bytes, wanted: Collection[str]) -> str:
    """Return the Message-ID of the test message that this is, by either of the headers that have it; else nothing."""
    head = _parsed(octets)
    names = (str(head.get(name, "")).strip() for name in ("Message-ID", "X-Notify-Id"))
    return next((name for name in names if name in wanted), "")


def is_perhaps_returned(head: bytes) -> bool:
    """Tell by its headers whether a message may be one that says what was not delivered (RFC 3464, and before it)."""
    message = _parsed(head)
    is_automatic = str(message.get("Auto-Submitted", "no")).strip().lower() not in ("no", "")
    is_report = message.get_content_type() == "multipart/report"
    has_no_sender = str(message.get("Return-Path", "")).strip() == "<>"
    is_robot = bool(_ROBOTS.search(str(message.get("From", ""))))
    return is_automatic or is_report or has_no_sender or is_robot or "X-Failed-Recipients" in message


def sighting_in(
    octets: bytes,
    wanted: Mapping[str, Wanted],
    *,
    own_host: str = "",
    in_spam: bool = False,
    by: SeenBy = SeenBy.IMAP,
) -> tuple[str, Sighting] | None:
    """Return which of the messages this is, or says of that it was not delivered; None: it is about none of them.

    :param octets: of the message, or of its beginning.
    :param wanted: by Message-ID.
    :param own_host: the host of the mailbox that it lay in.
    """
    message = _parsed(octets)
    if found := wanted_in(octets, wanted):
        one = wanted[found]
        own = (one.address.rpartition("@")[2], *([own_host] if own_host else []))
        authentication = authentication_of(message, own, relay_host=one.relay_host)
        return found, Sighting(Fate.ARRIVED, by, in_spam=in_spam, found=authentication)
    if not is_perhaps_returned(octets):
        return None
    told = next((name for name in wanted if name.encode() in octets), "")
    reason = _why_returned(message) if told else None
    return None if reason is None else (told, Sighting(Fate.RETURNED, by, reason=reason))


def _why_returned(message: email.message.Message) -> str | None:
    """Return why a message was not delivered, in the words of the report; None: it was only delayed, or all is well."""
    reports = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    for report in reports:
        for fields in report.walk():
            action = str(fields.get("Action", "")).strip().lower()
            if action and action != "failed":
                return None
            if action:
                said = str(fields.get("Diagnostic-Code", "")).partition(";")[2] or str(fields.get("Status", ""))
                return _short(said)
    if _is_reply(message):
        return None
    return _short(_first_words(message))


def _is_reply(message: email.message.Message) -> bool:
    """Tell whether it is an answer to the message and no report: of somebody who is away (RFC 3834)."""
    return str(message.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied") and (
        message.get_content_type() != "multipart/report" and not _ROBOTS.search(str(message.get("From", "")))
    )


def _first_words(message: email.message.Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            octets = part.get_payload(decode=True)
            return octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""
    return ""


def _short(text: str) -> str:
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"


def _parsed(octets: bytes) -> email.message.Message:
    # the policy of old: it keeps headers as they are, and raises for none of them
    return BytesParser(policy=email.policy.compat32).parsebytes(octets)
