"""Opening a session: connected, secured and logged in, or an outcome that tells whose trouble it is.

Every failure is judged like a reply in a transaction, and none is an exception: an exception of the login would carry
the password. Of yagmail these are used, and held by a contract test: its constructor, ``login``, ``connection``,
``smtp``, ``is_closed``, and the name of its logger.
"""

from __future__ import annotations

import functools
import logging
import os
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from notify.accounts.account import Account, Tls
from notify.accounts.client import Client
from notify.accounts.login import heard, log_in_by_password, log_in_by_token, lost
from notify.accounts.secrets import Secret
from notify.accounts.tokens import Tokens
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply
from notify.core.record import record
from notify.core.redaction import Redaction
from notify.core.replies import Replies
from notify.core.verdict import goes_on, judge
from notify.errors import LoginError

if TYPE_CHECKING:
    import yagmail

# OpenSSL's reasons where a server speaks no TLS at all, or only a version that is too old
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "HTTP_REQUEST")


@record(frozen=True, slots=True)
class Session:
    """An open connection that takes MAIL next.

    ``features`` are the keywords of EHLO in lower case with their parameters; ``replies`` has what was read from the
    socket beyond the last reply; ``redaction`` is for all that the relay says from now on, too. Whoever takes over the
    socket closes it.
    """

    sock: socket.socket
    features: Mapping[str, str]
    replies: Replies
    redaction: Redaction


@record(frozen=True, slots=True)
class _Login:
    """How to log in, and with what."""

    log_in: Callable[[smtplib.SMTP, str, Secret], Reply | Loss]
    user: str
    secret: Secret


def open_session(account: Account, *, timeout_s: float = 120, proven: bool = False) -> Session | Outcome:
    """Connect to a relay, secure the connection and log in once.

    A token that is refused may have expired: when there is another, one more connection is opened with that.

    ``proven``: this relay has taken mail before, so that a name which is not found, or a server that speaks no TLS, is
    the network's trouble and passes. Otherwise it is a mistake in the configuration.
    """
    if account.tls is Tls.NONE and not account.loopback:
        plain = Loss(f'tls = "none" would show everything to everybody on the way to {account.host}', lasting=True)
        return judge(Phase.CONNECT, plain)
    opening = functools.partial(_open, functools.partial(_opener, account, timeout_s), proven=proven)
    if account.credential is None:
        return opening(None)
    if isinstance(account.credential, Tokens):
        return _open_by_token(opening, account.user, account.credential)
    return opening(_Login(log_in_by_password, account.user, account.credential))


def _open_by_token(opening: Callable[[_Login], Session | Outcome], user: str, tokens: Tokens) -> Session | Outcome:
    """Open a session with the token that is at hand, and with another if that one is refused."""
    try:
        token = tokens.current()
        opened = opening(_Login(log_in_by_token, user, token))
        if isinstance(opened, Outcome) and _may_have_expired(opened) and (other := tokens.instead_of(token)):
            opened = opening(_Login(log_in_by_token, user, other))
    except LoginError as err:
        # the command has printed a token before, so it was right: this may pass, as the network's trouble does
        return judge(Phase.AUTH, Loss(err.message.removesuffix(".")))
    return opened


def _may_have_expired(refused: Outcome) -> bool:
    """Tell whether a login was refused for its token; a login that is refused for now wants to be left alone."""
    code = refused.answer.code if isinstance(refused.answer, Reply) else 0
    return (refused.phase, refused.action, code) == (Phase.AUTH, Action.STOP, 535)


def _open(make: Callable[[], yagmail.SMTP], login: _Login | None, *, proven: bool) -> Session | Outcome:
    """Open one connection."""
    redaction = Redaction(login.secret.reveal(), login.user) if login else Redaction()
    opener = make()
    failure = _connect(opener, proven=proven)
    client: Client | None = opener.smtp
    # thrown away without this, it would say QUIT and wait for the answer
    opener.is_closed = True
    if client is not None:
        failure = failure or _log_in(client, login)
        if failure is None and (sock := client.sock) is not None:
            # out of smtplib's hands
            client.sock = None
            return Session(sock, dict(client.esmtp_features), client.replies, redaction)
        client.close()
    return redaction.outcome(judge(*(failure or (Phase.CONNECT, Loss("the connection was closed")))))


def _tls_context() -> ssl.SSLContext:
    return _context_with(*map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))


@functools.lru_cache(maxsize=1)
def _context_with(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Load the certificates that are trusted, once for all sessions: it takes longer than many a message.

    Where they come from beside the system's own, two variables of the environment say (OpenSSL).
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _opener(account: Account, timeout_s: float) -> yagmail.SMTP:
    """Return yagmail's client: it has opened nothing yet, and it shall not log in."""
    from notify.accounts.opener import Opener

    implicit = account.tls is Tls.IMPLICIT
    opener = Opener(
        # it would append @gmail.com to a user without a domain, so it is not told the user
        "nobody@localhost",
        # nor need it look at that, by a pattern that takes 4 ms to be compiled
        soft_email_validation=False,
        host=account.host,
        port=account.port,
        smtp_ssl=implicit,
        smtp_starttls={"context": _tls_context()} if account.tls is Tls.STARTTLS else False,
        smtp_skip_login=True,
        timeout=timeout_s,
        ehlo_name=account.ehlo_name,
        **({"context": _tls_context()} if implicit else {}),
    )
    # it puts a handler for the screen on its logger
    logging.getLogger("yagmail.log").disabled = True
    return opener


def _connect(opener: yagmail.SMTP, *, proven: bool) -> tuple[Phase, Reply | Loss] | None:
    """Connect, secure and greet; return where and how it failed."""
    try:
        opener.login()
        if not opener.smtp.does_esmtp:
            # where there is no STARTTLS, yagmail leaves EHLO to the login
            opener.smtp.ehlo()
    except smtplib.SMTPConnectError as err:
        return Phase.BANNER, heard(err.smtp_code, err.smtp_error)
    except smtplib.SMTPNotSupportedError:
        return Phase.STARTTLS, Loss(
            'it does not offer STARTTLS; try tls = "implicit", usually on port 465', lasting=True
        )
    except smtplib.SMTPResponseException as err:
        return _where(opener), heard(err.smtp_code, err.smtp_error)
    except smtplib.SMTPServerDisconnected as err:
        return _where(opener), lost(err)
    except (OSError, UnicodeError) as err:
        return (Phase.STARTTLS if opener.smtp else Phase.CONNECT), _unreached(err, opener.host, proven=proven)
    return None


def _where(opener: yagmail.SMTP) -> Phase:
    """Return the phase in which yagmail's client was when it lost the connection or refused the reply."""
    if opener.smtp is None:
        return Phase.BANNER
    return Phase.STARTTLS if opener.smtp.does_esmtp else Phase.EHLO


def _unreached(err: OSError | UnicodeError, host: str, *, proven: bool) -> Loss:
    """Return in plain words why there is no connection, and whether waiting may help."""
    if isinstance(err, ssl.SSLCertVerificationError):
        return Loss(f"the certificate of {host} cannot be trusted: {err.verify_message}", lasting=True)
    if isinstance(err, ssl.SSLError):
        return Loss(f"TLS with {host} failed: {err.reason or err}", lasting=not proven and err.reason in _NO_TLS)
    if isinstance(err, UnicodeError):
        return Loss(f'"{host}" is not the name of a host', lasting=True)
    if isinstance(err, socket.gaierror):
        return Loss(f"the name {host} is not known", lasting=not proven and err.errno == socket.EAI_NONAME)
    if isinstance(err, TimeoutError):
        return Loss(f"{host} does not answer")
    return Loss(f"{host} cannot be reached: {err.strerror or err}")


def _log_in(client: Client, login: _Login | None) -> tuple[Phase, Reply | Loss] | None:
    """Log in where that is wanted; return how it failed."""
    if login is None:
        return None
    answer = login.log_in(client, login.user, login.secret)
    return None if goes_on(Phase.AUTH, answer) else (Phase.AUTH, answer)
