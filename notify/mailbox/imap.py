"""Looks into a mailbox by IMAP (RFC 9051, RFC 3501), read only: nothing is marked as read, moved or deleted.

One login is tried, once, and no error carries the password: imaplib's own would, for a password that is not ASCII.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Self

from notify.core.late_pattern import late_pattern
from notify.core.outcome import Loss
from notify.core.probe import Sighting
from notify.core.redaction import Redaction
from notify.mailbox.account import MailboxAccount, Unopened
from notify.mailbox.sightings import FIELDS, Wanted, is_perhaps_returned, sighting_in, wanted_in

#: A line of LIST: flags, separator, name.
_LISTED = late_pattern(rb'\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>.+)')
_UID = late_pattern(rb"\bUID (\d+)")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
#: How the folder for spam is called where no server says which it is (RFC 6154), as it goes over the wire.
_SPAM = frozenset(
    "spam junk junk-e-mail junk-email spamverdacht spamordner bulk unerw&apw-nscht junkmail spam-verdacht".split()
)
#: So many messages of a folder are looked at, the latest.
_MOST = 300
#: So much of a message that may be a bounce is read.
_MOST_OCTETS = 65_536
#: No header of a message is larger, so no server has a reason to send more.
_LARGEST = 4_000_000


class _Client(imaplib.IMAP4):
    """imaplib's client, which takes no answer that is larger than anything that is asked for."""

    def read(self, size: int) -> bytes:
        """Read so many octets.

        :raises imaplib.IMAP4.abort: they are too many.
        """
        if size > _LARGEST:
            raise self.abort(f"it sends {size:,} octets at once")
        return super().read(size)


class _TlsClient(_Client, imaplib.IMAP4_SSL):
    """The same, under TLS from the first octet."""


class Mailbox:
    """An open mailbox; close it, or use it in a ``with``."""

    def __init__(self, imap: imaplib.IMAP4, account: MailboxAccount) -> None:
        self._imap = imap
        self._account = account
        self._folders = [("INBOX", False), *((name, True) for name in _spam_folders(imap))]
        self._looked_at: set[tuple[str, bytes]] = set()
        #: Who logged in, and the whole as it is called.
        self.user, self.name = account.user, account.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the server."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()
        # where the server is gone, that has closed nothing
        _hang_up(self._imap)

    def look(self, wanted: Mapping[str, Wanted], since: dt.date) -> Iterator[tuple[str, Sighting]]:
        """Yield which of the messages have come since a day, or have come back; what was looked at is not read again.

        :param wanted: by Message-ID.
        :raises ConnectionError: the server is gone, or says what is not IMAP.
        """
        try:
            for folder, is_spam in self._folders:
                for octets in self._new_in(folder, since, wanted):
                    if found := sighting_in(octets, wanted, own_host=self._account.host, in_spam=is_spam):
                        yield found
        except (imaplib.IMAP4.error, OSError) as error:
            raise ConnectionError(f"{self._account.name} was lost: {_words(error)}") from None

    def _new_in(self, folder: str, since: dt.date, wanted: Mapping[str, Wanted]) -> Iterator[bytes]:
        """Yield the messages of a folder, as far as they are needed, that are wanted or may tell of those that are."""
        status, _ = self._imap.select(folder, readonly=True)
        if status != "OK":
            return
        # some servers go by the day in their own zone
        day = since - dt.timedelta(days=1)
        date = f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        status, found = self._imap.uid("SEARCH", f"SINCE {date}")
        listed = found[0].split() if status == "OK" and found and found[0] else []
        uids = [uid for uid in listed[-_MOST:] if (folder, uid) not in self._looked_at]
        if not uids:
            return
        for uid, head in self._fetched(b",".join(uids), f"BODY.PEEK[HEADER.FIELDS ({' '.join(FIELDS)})]"):
            self._looked_at.add((folder, uid))
            if wanted_in(head, wanted):
                yield from (octets for _, octets in self._fetched(uid, "BODY.PEEK[HEADER]"))
            elif is_perhaps_returned(head):
                yield from (octets for _, octets in self._fetched(uid, f"BODY.PEEK[]<0.{_MOST_OCTETS}>"))

    def _fetched(self, uids: bytes, what: str) -> Iterator[tuple[bytes, bytes]]:
        """Yield UID and octets of messages."""
        status, lines = self._imap.uid("FETCH", uids.decode("ascii"), f"(UID {what})")
        for number, line in enumerate(lines if status == "OK" else []):
            if isinstance(line, tuple):
                # some servers name the UID behind the octets
                rest = lines[number + 1] if number + 1 < len(lines) else b""
                told = _UID.search(line[0]) or _UID.search(rest if isinstance(rest, bytes) else b"")
                if told:
                    yield told[1], line[1]


def open_mailbox(account: MailboxAccount, *, timeout_s: float = 30) -> Mailbox | Unopened:
    """Connect, secure the connection and log in once.

    :raises LoginError: a command that gives the password or token failed.
    """
    # first, as no server waits for somebody who types
    secret = account.reveal()
    try:
        imap = _connected(account, timeout_s)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        return Unopened(is_login=False, reason=_unreached(error, account.host))
    try:
        _log_in(imap, account, secret)
        return Mailbox(imap, account)
    except imaplib.IMAP4.abort as error:
        reason, is_login = _words(error), False
    except imaplib.IMAP4.error as error:
        reason, is_login = _words(error), True
    except UnicodeError:
        reason, is_login = "it takes no password with letters that are not ASCII", True
    except OSError as error:
        reason, is_login = _unreached(error, account.host), False
    _hang_up(imap)
    redacted = Redaction(secret, account.user).answer(Loss(reason))
    return Unopened(is_login, redacted.reason if isinstance(redacted, Loss) else "")


def _connected(account: MailboxAccount, timeout_s: float) -> imaplib.IMAP4:
    if account.tls == "implicit":
        return _TlsClient(account.host, account.port, ssl_context=_context(), timeout=timeout_s)
    imap = _Client(account.host, account.port, timeout=timeout_s)
    try:
        if account.tls == "starttls":
            imap.starttls(_context())
    except BaseException:
        _hang_up(imap)
        raise
    return imap


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _hang_up(imap: imaplib.IMAP4) -> None:
    with contextlib.suppress(OSError):
        imap.shutdown()


def _log_in(imap: imaplib.IMAP4, account: MailboxAccount, secret: str) -> None:
    """Log in: by token, by PLAIN in UTF-8 where that is offered (RFC 4616), else by LOGIN."""
    if account.is_token:
        token = f"user={account.user}\1auth=Bearer {secret}\1\1".encode()
        imap.authenticate("XOAUTH2", lambda challenge: b"" if challenge else token)
    elif "AUTH=PLAIN" in imap.capabilities:
        imap.authenticate("PLAIN", lambda _: f"\0{account.user}\0{secret}".encode())
    else:
        imap.login(account.user, secret)


def _spam_folders(imap: imaplib.IMAP4) -> list[str]:
    """Return the folders for spam, each as it is named to the server; that which the server calls so, if it does."""
    _, lines = imap.list()
    listed = [found for line in lines if isinstance(line, bytes) and (found := _LISTED.fullmatch(line))]
    marked = [found["name"] for found in listed if b"\\junk" in found["flags"].lower()]
    named = [found["name"] for found in listed if _last_part(found["name"]) in _SPAM]
    return [name.decode("ascii", "replace") for name in marked or named]


def _last_part(name: bytes) -> str:
    return re.split(r"[./]", name.decode("ascii", "replace").strip('"'))[-1].lower()


def _words(error: Exception) -> str:
    """Return what the server said, from an error of imaplib: its argument is a text, or octets."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:300] or type(error).__name__


def _unreached(error: Exception, host: str) -> str:
    """Return in plain words why there is no connection."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} cannot be trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS with {host} failed: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return f"{host} does not answer"
    if isinstance(error, OSError) and error.strerror:
        return f"{host} cannot be reached: {error.strerror}"
    return _words(error)
