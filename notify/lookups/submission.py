"""The server that a domain names for sending: by its SRV records (RFC 6186, RFC 8314)."""

from __future__ import annotations

from notify.core.bilingual import NO_WORDS, Bilingual
from notify.core.record import record
from notify.lookups.resolver import Resolver

#: The services, the preferred one first: TLS from the first octet on (RFC 8314, 3.3), and STARTTLS.
_SERVICES = (("_submissions._tcp", "implicit"), ("_submission._tcp", "starttls"))


@record(frozen=True, slots=True)
class Submission:
    """A server that takes mail. ``tls`` is ``implicit`` or ``starttls``; ``user`` is empty for the address.

    ``first`` is what its provider wants done first; ``wants_token`` tells that it takes no passwords (OAuth2 only).
    """

    host: str
    port: int
    tls: str
    user: str = ""
    first: Bilingual = NO_WORDS
    wants_token: bool = False


def submission_by_dns(domain: str, resolver: Resolver) -> Submission | None:
    """Return the server that a domain names in DNS; None where it names none.

    :raises NoAnswerError: nobody answered.
    """
    for service, tls in _SERVICES:
        for offered in resolver.services(f"{service}.{domain}"):
            # a single dot for a host: there is decidedly no such service
            if offered.host not in ("", "."):
                return Submission(offered.host, offered.port, tls)
    return None
