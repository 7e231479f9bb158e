"""A DNS server on loopback that answers from a zone: what has a name, or a name below it, is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.servers.names import NameServer, Trouble

SERVFAIL = "SERVFAIL"
SILENCE: Trouble = None

#: By name and type, each value as a zone file has it, but for texts, which have no quotation marks.
Zone = Mapping[tuple[str, str], Sequence[str] | Trouble]

#: What every resolver knows.
_TOPS: Zone = {("de", "NS"): ["a.nic.de."], ("com", "NS"): ["a.gtld-servers.net."]}


class ZoneServer(NameServer):
    """Answers while it is inside a ``with``."""

    def __init__(self, zone: Zone) -> None:
        super().__init__({})
        self._zone = {**_TOPS, **zone}

    def values_of(self, name: str, kind: str) -> Sequence[str] | Trouble:
        """Return what a name has of a type."""
        if (name, kind) not in self._zone:
            is_there = any(known == name or known.endswith(f".{name}") for known, _ in self._zone)
            return [] if is_there else "NXDOMAIN"
        values = self._zone[name, kind]
        if kind == "TXT" and not isinstance(values, str | None):
            return [_quoted(value) for value in values]
        return values


def _quoted(text: str) -> str:
    """Return a text in pieces that fit (RFC 1035, 3.3)."""
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
