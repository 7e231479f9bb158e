"""A server of names on loopback that answers from a zone, and as badly as the zone says."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Self

from dnslib import AAAA, MX, NS, QTYPE, RCODE, RR, TXT, A, DNSRecord
from dnslib.server import BaseResolver, DNSLogger, DNSServer

#: What stands in the place of records.
SERVFAIL = "SERVFAIL"
SILENCE = "SILENCE"

#: By name and kind; ``MX`` as ``"10 mail.example"``.
Zone = Mapping[tuple[str, str], Sequence[str] | str]

#: What every resolver knows.
TOPS: dict[tuple[str, str], Sequence[str] | str] = {("de", "NS"): ["a.nic.de"], ("com", "NS"): ["a.gtld-servers.net"]}


class NameServer:
    """Serves a zone. A name that has no record, and none below it, is not there. Use it in a ``with``."""

    def __init__(self, zone: Zone) -> None:
        self.asked: list[tuple[str, str]] = []
        self._released = threading.Event()
        zone_and_tops = {**TOPS, **zone}
        handler = _Handler(zone_and_tops, self.asked, self._released)
        logger = DNSLogger(log="-request,-reply,-truncated,-error", prefix=False)
        self._server = DNSServer(handler, port=0, address="127.0.0.1", logger=logger)
        self.port: int = self._server.server.server_address[1]

    def __enter__(self) -> Self:
        self._server.start_thread()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.server.shutdown()
        self._server.server.server_close()


class _Handler(BaseResolver):  # type: ignore[misc]  # dnslib has no types
    def __init__(self, zone: Zone, asked: list[tuple[str, str]], released: threading.Event) -> None:
        self._zone = {(name.lower(), kind): records for (name, kind), records in zone.items()}
        self._asked = asked
        self._released = released

    def resolve(self, request: DNSRecord, handler: object) -> DNSRecord:  # noqa: ARG002  # dnslib's signature
        """Answer a question."""
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self._asked.append((name, kind))
        reply = request.reply()
        records = self._zone.get((name, kind), ())
        if records == SILENCE:
            self._released.wait(60)
        if isinstance(records, str):
            reply.header.rcode = RCODE.SERVFAIL
        elif not records and not any(known == name or known.endswith(f".{name}") for known, _ in self._zone):
            reply.header.rcode = RCODE.NXDOMAIN
        for record in records if not isinstance(records, str) else ():
            reply.add_answer(RR(request.q.qname, request.q.qtype, rdata=_data(kind, record), ttl=60))
        return reply


def _data(kind: str, record: str) -> object:
    if kind == "MX":
        preference, _, host = record.partition(" ")
        return MX(host or ".", int(preference))
    if kind == "TXT":
        return TXT([record[start : start + 255].encode() for start in range(0, len(record), 255)])
    return {"A": A, "AAAA": AAAA, "NS": NS}[kind](record)
