"""What is needed to reach a relay."""

from __future__ import annotations

import ipaddress
from enum import StrEnum

from notify.accounts.secrets import Secret
from notify.accounts.tokens import Tokens
from notify.core.record import record


class Tls(StrEnum):
    """How the connection is secured. There is no "if offered": that is what an attacker would take away."""

    #: From the first octet, usually port 465 (RFC 8314).
    IMPLICIT = "implicit"
    #: By the STARTTLS command, usually port 587 (RFC 3207).
    STARTTLS = "starttls"
    #: Not at all; only towards this very machine.
    NONE = "none"


@record(frozen=True, slots=True)
class Account:
    """A relay, and who we are there.

    ``credential`` is the password, or where access tokens come from. Without one nobody logs in. ``ehlo_name`` is what
    we call ourselves; if it is empty, the address that the connection comes from.
    """

    host: str
    port: int
    tls: Tls
    user: str = ""
    credential: Secret | Tokens | None = None
    ehlo_name: str = ""

    @property
    def loopback(self) -> bool:
        """Whether the relay is on this machine, by its name or its address."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
