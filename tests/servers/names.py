"""A DNS server on loopback that answers from a table, over UDP and TCP: for what notify asks of domains."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping, Sequence
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

#: The answer to a question of whose name and type there is nothing: ``NXDOMAIN``, ``SERVFAIL``, or None for silence.
Trouble = str | None


class NameServer:
    """Answers while it is inside a ``with``. ``asked`` are the questions, each as ``name type``.

    :param records: values by ``name type``, such as ``{"muster.example MX": ["10 mx.muster.example."]}``.
    :param otherwise: how every other question is answered.
    """

    def __init__(self, records: Mapping[str, list[str]], otherwise: Trouble = "NXDOMAIN") -> None:
        self.asked: list[str] = []
        names = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                octets, socket = self.request
                answer = names.answer(octets)
                if answer is not None:
                    socket.sendto(answer, self.client_address)

        self._records = {question.lower(): values for question, values in records.items()}
        self._otherwise = otherwise
        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]

    def answer(self, octets: bytes) -> bytes | None:
        """Return the answer to a question."""
        query = dns.message.from_wire(octets)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        values = self.values_of(name, kind)
        if values is None:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if isinstance(values, str):
            response.set_rcode(dns.rcode.from_text(values))
        elif values:
            response.answer.append(dns.rrset.from_text(question.name, 300, "IN", kind, *values))
        return response.to_wire()

    def values_of(self, name: str, kind: str) -> Sequence[str] | Trouble:
        """Return what a name has of a type."""
        return self._records.get(f"{name} {kind.lower()}", self._otherwise)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
