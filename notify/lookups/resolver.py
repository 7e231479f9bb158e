"""Asks DNS. A name that is not there is an empty answer; that nobody answered is another matter, and is told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: For one question, all servers and repetitions together.
_WITHIN_S = 5.0


class NoAnswerError(Exception):
    """No server of names answered: there is no network, or it fails. It says nothing about the name."""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A server of a service (RFC 2782). A ``host`` that is empty says that there is no such service."""

    priority: int
    weight: int
    port: int
    host: str


class Resolver:
    """Asks the servers of names that this machine is set to, or other ones.

    :param servers: their IP addresses; none for those of the machine.
    """

    def __init__(self, servers: Sequence[str] = (), port: int = 53) -> None:
        import dns.exception
        import dns.resolver

        try:
            self._resolver = dns.resolver.Resolver(configure=not servers)
        except dns.exception.DNSException as error:
            raise NoAnswerError(str(error)) from error
        if servers:
            self._resolver.nameservers = list(servers)
        self._resolver.port = port
        self._resolver.lifetime = _WITHIN_S

    def services(self, name: str) -> list[ServiceRecord]:
        """Return the servers of a service such as ``_submissions._tcp.neu.example``, the preferred one first.

        :raises NoAnswerError: nobody answered.
        """
        found = [
            ServiceRecord(record.priority, record.weight, record.port, record.target.to_text(omit_final_dot=True))
            for record in self._ask(name, "SRV")
        ]
        return sorted(found, key=lambda record: (record.priority, -record.weight))

    def exchangers(self, domain: str) -> list[str]:
        """Return the mail exchangers of a domain, the preferred one first.

        :raises NoAnswerError: nobody answered.
        """
        found = sorted(
            (record.preference, record.exchange.to_text(omit_final_dot=True)) for record in self._ask(domain, "MX")
        )
        return [host for _, host in found]

    def _ask(self, name: str, kind: str) -> Iterator[Any]:
        import dns.exception
        import dns.name
        import dns.resolver

        try:
            yield from self._resolver.resolve(name, kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return
        except dns.exception.DNSException as error:
            raise NoAnswerError(str(error)) from error
