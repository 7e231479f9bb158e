"""Asks DNS. A name that is not there is an empty answer; that nobody answered is another matter, and is told apart."""

from __future__ import annotations

from notify.core.name_records import Answer, exchangers
from notify.core.record import record
from notify.lookups.names import Names


class NoAnswerError(Exception):
    """No server of names answered: there is no network, or it fails. It says nothing about the name."""


@record(frozen=True, slots=True)
class ServiceRecord:
    """A server of a service (RFC 2782). A ``host`` that is empty says that there is no such service."""

    priority: int
    weight: int
    port: int
    host: str


class Resolver:
    """Asks the servers of names that this machine is set to, or another one.

    :param server: its IP address; empty for those of the machine.
    """

    def __init__(self, server: str = "", port: int = 53) -> None:
        self._names = Names(server, port)

    def ask(self, name: str, kind: str) -> Answer:
        """Return the records of a name, also where nobody answered."""
        return self._names.ask(name, kind)

    def services(self, name: str) -> list[ServiceRecord]:
        """Return the servers of a service such as ``_submissions._tcp.neu.example``, the preferred one first.

        :raises NoAnswerError: nobody answered.
        """
        fields = (record.split(" ") for record in self._ask(name, "SRV").records)
        found = [ServiceRecord(int(priority), int(weight), int(port), host) for priority, weight, port, host in fields]
        return sorted(found, key=lambda record: (record.priority, -record.weight))

    def exchangers(self, domain: str) -> list[str]:
        """Return the mail exchangers of a domain, the preferred one first.

        :raises NoAnswerError: nobody answered.
        """
        return [*exchangers(self._ask(domain, "MX"))]

    def _ask(self, name: str, kind: str) -> Answer:
        answer = self._names.ask(name, kind)
        if not answer.is_known:
            raise NoAnswerError(name)
        return answer
