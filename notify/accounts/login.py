"""Logging in: one attempt, its answer looked at (RFC 4954).

smtplib would try every mechanism that is offered, so that one wrong password counts as several; some providers lock
an account for that. It also cannot take a password outside ASCII, and its error would carry the password.

XOAUTH2 is Google's and Microsoft's (developers.google.com/workspace/gmail/imap/xoauth2-protocol, "Authenticate an IMAP,
POP or SMTP connection using OAuth" at learn.microsoft.com), OAUTHBEARER is RFC 7628. Both bring the token along with
AUTH, as those pages show it, although RFC 4954 would have a line of more than 512 octets wait for a challenge: no
client does, and only 12,288 are the end.
"""

from __future__ import annotations

import base64
import smtplib

from notify.accounts.client import LostError
from notify.accounts.secrets import Secret
from notify.core.outcome import Loss, Reply

#: RFC 4954, 4: the longest line of a login, with its end.
_LONGEST_LINE = 12288


def log_in_by_password(client: smtplib.SMTP, user: str, secret: Secret) -> Reply | Loss:
    """Log in on a secured connection and return the relay's last answer.

    PLAIN (RFC 4616) where it is offered, else LOGIN; both in UTF-8.
    """
    offered, password = _offered(client), secret.reveal()
    if "PLAIN" in offered:
        response = _base64(f"\0{user}\0{password}")
        return _exchange(client, [f"AUTH PLAIN {response}", response])
    if "LOGIN" in offered:
        return _exchange(client, ["AUTH LOGIN", _base64(user), _base64(password)])
    way = "; set token_command" if {"XOAUTH2", "OAUTHBEARER"} & set(offered) else ""
    return Loss(f"it offers no login by password (offered: {_listed(offered)}){way}", lasting=True)


def log_in_by_token(client: smtplib.SMTP, user: str, secret: Secret) -> Reply | Loss:
    """Log in with an access token on a secured connection and return the relay's last answer.

    XOAUTH2 where it is offered, else OAUTHBEARER. Who refuses a token says why in a challenge, and the code only after
    a response to that, which is empty or ^A.
    """
    offered, token = _offered(client), secret.reveal()
    if "XOAUTH2" in offered:
        name, farewell = "XOAUTH2", ""
        response = _base64(f"user={user}\1auth=Bearer {token}\1\1")
    elif "OAUTHBEARER" in offered:
        name, farewell = "OAUTHBEARER", _base64("\1")
        response = _base64(f"n,a={_saslname(user)},\1auth=Bearer {token}\1\1")
    else:
        return Loss(f"it offers no login by token (offered: {_listed(offered)})", lasting=True)
    command = f"AUTH {name} {response}"
    if len(command) + 2 > _LONGEST_LINE:
        return Loss(f"the token is too long: a login has {_LONGEST_LINE} octets at most", lasting=True)
    return _exchange(client, [command, farewell], late=response)


def heard(code: int, text: bytes | str) -> Reply | Loss:
    """Return what smtplib gives as a reply: all lines in one text.

    Where the relay sent no reply, smtplib gives a code or words of its own.
    """
    if not 100 <= code < 600 or isinstance(text, str):
        return Loss("the relay sent a line that is not SMTP")
    return Reply.heard(code, text.split(b"\n"))


def lost(err: smtplib.SMTPServerDisconnected) -> Loss:
    """Return the loss behind smtplib's word for a lost connection; what could not be written has that name too."""
    return err.loss if isinstance(err, LostError) else Loss("the connection was closed")


def _offered(client: smtplib.SMTP) -> list[str]:
    return client.esmtp_features.get("auth", "").upper().split()


def _listed(offered: list[str]) -> str:
    return " ".join(offered) or "none"


def _exchange(client: smtplib.SMTP, steps: list[str], *, late: str = "") -> Reply | Loss:
    """Write step by step for as long as the relay wants more (334), and return its last answer.

    ``late`` is written first when the relay's first challenge is empty: it has not taken what came with AUTH.
    """
    answer = _ask(client, steps[0])
    if late and _challenge(answer) == "":
        answer = _ask(client, late)
    for step in steps[1:]:
        if _challenge(answer) is None:
            break
        answer = _ask(client, step)
    return answer


def _ask(client: smtplib.SMTP, line: str) -> Reply | Loss:
    try:
        return heard(*client.docmd(line))
    except smtplib.SMTPServerDisconnected as err:
        return lost(err)
    except smtplib.SMTPResponseException as err:
        return heard(err.smtp_code, err.smtp_error)


def _challenge(answer: Reply | Loss) -> str | None:
    """Return what the relay asks, perhaps nothing in particular; None when it asks no more."""
    return answer.text if isinstance(answer, Reply) and answer.code == 334 else None


def _saslname(user: str) -> str:
    """Escape what would end the name (RFC 5801, 4)."""
    return user.replace("=", "=3D").replace(",", "=2C")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
