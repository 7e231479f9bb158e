"""Visits a website as a reader's browser would: whether it answers, by which certificate, and where it leads."""

from __future__ import annotations

import codecs
import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Sequence
from urllib.parse import SplitResult, urljoin, urlsplit

from notify.core.late_pattern import late_pattern
from notify.core.name_records import Ask
from notify.core.record import record

#: For a connection, and for each part of an answer; and for all of one answer, however it drips.
_WITHIN_S = 10.0
_ALL_WITHIN_S = 20.0
_MOST_STEPS = 6
#: No page with a few details in it is larger; and where its encoding stands in it.
_MOST_OCTETS, _HEAD = 1_000_000, 2048
_CHARSET = late_pattern(rb"charset\s*=\s*[\"']?([\w\-]+)", re.IGNORECASE)
_MOVED = frozenset({301, 302, 303, 307, 308})


@record(frozen=True, slots=True)
class Visit:
    """What came of a visit. ``url`` is where it ended, ``status`` what was answered there: 0 where nothing was.

    ``trouble`` says in words why nothing was; ``is_distrusted`` whether that is the certificate. ``text`` is the page,
    where it was to be read.
    """

    url: str
    status: int = 0
    trouble: str = ""
    is_distrusted: bool = False
    text: str = ""


def visit(url: str, ask: Ask, *, reads: bool = False, only_safe: bool = False) -> Visit:
    """Visit a site, and follow where it leads.

    :param ask: tells the addresses of names.
    :param reads: whether the page is read too; no more of it than 1 MB.
    :param only_safe: nothing is asked that is not https.
    """
    for _ in range(_MOST_STEPS):
        if only_safe and not url.startswith("https://"):
            return Visit(url, trouble=f"it leads to {url}, which is not https")
        reached = _step(url, ask, _MOST_OCTETS if reads else 0)
        if not isinstance(reached, str):
            return reached
        url = reached
    return Visit(url, trouble="it leads from one address to another without an end")


def _step(url: str, ask: Ask, most: int) -> Visit | str:
    """Ask for one address; return what came of it, or where it leads."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return Visit(url, trouble=f"it leads to {url}, which is no website")
    addresses = _addresses(parts.hostname, ask)
    if not addresses:
        return Visit(url, trouble=f"the name {parts.hostname} has no address")
    try:
        status, to, text = _asked(parts, addresses, most)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Visit(url, trouble=_in_words(error), is_distrusted=isinstance(error, ssl.SSLError))
    return urljoin(url, to) if to and status in _MOVED else Visit(url, status, text=text)


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or error})"
    if isinstance(error, TimeoutError):
        return f"nothing came within {_WITHIN_S:.0f} seconds"
    return f"it cannot be reached ({getattr(error, 'strerror', '') or error})"


def _addresses(host: str, ask: Ask) -> tuple[str, ...]:
    try:
        return (str(ipaddress.ip_address(host)),)
    except ValueError:
        return (*ask(host, "A").records, *ask(host, "AAAA").records)


def _asked(parts: SplitResult, addresses: Sequence[str], most: int) -> tuple[int, str, str]:
    """Return the status, where it leads, if anywhere, and so many octets of the page as text."""
    host, is_safe = parts.hostname or "", parts.scheme == "https"
    sock = _connected(addresses, parts.port or (443 if is_safe else 80))
    kept = sock.dup()
    late = threading.Timer(_ALL_WITHIN_S, _hang_up, (kept,))
    late.start()
    try:
        if is_safe:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection = http.client.HTTPConnection(host, parts.port, timeout=_WITHIN_S)
        connection.sock = sock
        path = parts.path or "/"
        connection.request("GET", f"{path}?{parts.query}" if parts.query else path, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        text = _decoded(_read(answer, most), answer.headers.get_content_charset() or "") if most else ""
        return answer.status, answer.getheader("Location") or "", text
    finally:
        late.cancel()
        kept.close()
        sock.close()


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    """Return so much of a page, or as much as came; that it answers is known already."""
    octets = b""
    with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        while len(octets) < most and (piece := answer.read1(most - len(octets))):
            octets += piece
    return octets


def _decoded(octets: bytes, charset: str) -> str:
    """Return the text of a page; where it does not say in which encoding it is, UTF-8 is tried first."""
    named = charset or next((found[1].decode() for found in _CHARSET.finditer(octets[:_HEAD])), "utf-8")
    for encoding in (named, "utf-8"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            # the last letter may be cut
            return codecs.getincrementaldecoder(encoding)().decode(octets)
    return octets.decode("latin-1")


def _hang_up(sock: socket.socket) -> None:
    """End a connection that another thread reads from."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connected(addresses: Sequence[str], port: int) -> socket.socket:
    """Return a connection to the first of some addresses that answers."""
    *others, last = addresses
    for address in others:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, port), timeout=_WITHIN_S)
    return socket.create_connection((last, port), timeout=_WITHIN_S)
