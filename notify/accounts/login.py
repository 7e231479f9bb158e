"""Logging in: one attempt, its answer looked at (RFC 4954).

smtplib would try every mechanism that is offered, so that one wrong password counts as several; some providers lock
an account for that. It also cannot take a password outside ASCII, and its error would carry the password.
"""

from __future__ import annotations

import base64
import re
import smtplib

from notify.accounts.account import Account
from notify.core.outcome import Loss, Reply

_WORD = re.compile(r"[^\s\"'<>]{6,}")


def log_in(client: smtplib.SMTP, account: Account) -> Reply | Loss:
    """Log in on a secured connection and return the relay's last answer.

    PLAIN (RFC 4616) where it is offered, else LOGIN; both in UTF-8.
    """
    offered = client.esmtp_features.get("auth", "").upper().split()
    password = account.password.reveal() if account.password else ""
    if "PLAIN" in offered:
        tokens = [_base64(f"\0{account.user}\0{password}")]
        steps = [f"AUTH PLAIN {tokens[0]}", tokens[0]]
    elif "LOGIN" in offered:
        tokens = [_base64(account.user), _base64(password)]
        steps = ["AUTH LOGIN", *tokens]
    else:
        what = " ".join(offered) or "none"
        return Loss(f"it offers no login by password (offered: {what})", lasting=True)
    return _without(_exchange(client, steps), [password, *tokens])


def heard(code: int, text: bytes | str) -> Reply | Loss:
    """Return a reply as smtplib gives it: all lines in one, and where there was none a code or words of its own."""
    if not 100 <= code < 600 or isinstance(text, str):
        return Loss("the relay sent a line that is not SMTP")
    return Reply.heard(code, text.split(b"\n"))


def lost(err: smtplib.SMTPServerDisconnected) -> Loss:
    """Return the loss behind smtplib's word for a lost connection and for a timeout alike."""
    return Loss("no answer in time" if isinstance(err.__context__, TimeoutError) else "the connection was closed")


def _exchange(client: smtplib.SMTP, steps: list[str]) -> Reply | Loss:
    """Write step by step for as long as the relay wants more (334)."""
    answer: Reply | Loss = Loss("nothing was asked")
    for step in steps:
        try:
            answer = heard(*client.docmd(step))
        except smtplib.SMTPServerDisconnected as err:
            return lost(err)
        except smtplib.SMTPResponseException as err:
            return heard(err.smtp_code, err.smtp_error)
        if not (isinstance(answer, Reply) and answer.code == 334):
            break
    return answer


def _without(answer: Reply | Loss, secrets: list[str]) -> Reply | Loss:
    """Take out of a reply what it repeats of the credentials: some relays quote a command that they do not like."""
    if isinstance(answer, Loss):
        return answer

    def mask(found: re.Match[str]) -> str:
        # a part too: quotations are cut off
        return "***" if any(found[0] in secret or (secret and secret in found[0]) for secret in secrets) else found[0]

    return Reply(answer.code, tuple(_WORD.sub(mask, line) for line in answer.lines))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
