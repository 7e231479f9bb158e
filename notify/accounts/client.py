"""smtplib's client, whose replies are read within bounds of time and size, and which greets by a name that relays take.

smtplib reads for as long as something comes: any number of lines, each within a time of its own. Here the time is that
for a whole reply, as it is in a transaction (:mod:`notify.core.replies`). Of smtplib these are relied on, and held by a
contract test: everything that a relay says is read by ``getreply``, and the constructor connects.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import time
from typing import Any

from notify.core.outcome import Loss, Reply
from notify.core.replies import Replies

_CHUNK = 16384


class LostError(smtplib.SMTPServerDisconnected):
    """No reply came; ``loss`` tells why."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(str(loss))
        self.loss = loss


class Client(smtplib.SMTP):
    """A connection that is being opened. ``replies`` has what was read beyond the last reply."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        timeout: float,
        ehlo_name: str = "",
        **more: Any,  # noqa: ANN401  # what else smtplib knows
    ) -> None:
        """Connect, and hear the greeting.

        :param timeout: how many seconds a reply may take.
        :param ehlo_name: what we call ourselves; if it is empty, the address that this connection comes from.
        """
        self.replies = Replies()
        self._heard_on: socket.socket | None = None
        # without a name it would ask the DNS for one
        super().__init__(host, port, local_hostname="localhost", timeout=timeout, **more)
        self.local_hostname = ehlo_name or address_literal(_connected(self.sock).getsockname()[0])

    def ehlo(self, name: str = "") -> tuple[int, bytes]:
        """Say EHLO.

        :raises smtplib.SMTPHeloError: it was refused; yagmail would go on and blame what comes next.
        """
        code, text = super().ehlo(name)
        if not self.does_esmtp:
            raise smtplib.SMTPHeloError(code, text)
        return code, text

    def getreply(self) -> tuple[int, bytes]:
        """Return the code of the next reply, and its lines as one text.

        :raises LostError: none came, or what came is not SMTP, or has no end.
        """
        answer = self._next_reply(_connected(self.sock))
        if isinstance(answer, Loss):
            self.close()
            raise LostError(answer)
        return answer.code, "\n".join(answer.lines).encode()

    def _next_reply(self, sock: socket.socket) -> Reply | Loss:
        if sock is not self._heard_on:
            # what was said in clear is not believed under TLS (RFC 3207, 4.2)
            self._heard_on, self.replies = sock, Replies()
        deadline = time.monotonic() + self.timeout
        try:
            while (answer := self.replies.next()) is None:
                self.replies.feed(_received(sock, deadline))
            sock.settimeout(self.timeout)
        except TimeoutError:
            return Loss("no answer in time")
        except OSError:
            return Loss("the connection was closed")
        return answer


class TlsClient(Client, smtplib.SMTP_SSL):
    """The same, under TLS from the first octet."""


def address_literal(address: str) -> str:
    """Return an IP address as EHLO takes it (RFC 5321, 4.1.3).

    Who has no name gives that (4.1.4). "localhost" is nobody's, and Postfix's reject_non_fqdn_helo_hostname says so.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return f"[{parsed}]" if parsed.version == 4 else f"[IPv6:{parsed}]"


def _received(sock: socket.socket, deadline: float) -> bytes:
    """Return what comes next.

    :raises TimeoutError: nothing came by ``deadline``, in the seconds of ``time.monotonic()``.
    :raises OSError: the connection is lost.
    """
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError
    sock.settimeout(left)
    if octets := sock.recv(_CHUNK):
        return octets
    raise ConnectionError


def _connected(sock: socket.socket | None) -> socket.socket:
    if sock is None:
        raise LostError(Loss("the connection was closed"))
    return sock
