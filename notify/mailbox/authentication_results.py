"""What the receiving server wrote of a message into Authentication-Results (RFC 8601), and nobody else.

Everybody on the way can write such a header, and whoever sends a message can have written one into it. What counts is
written by the server that took it for the mailbox: it stands at the top, above everything that the message had when it
came. So the first such header counts, with those of the same server, as far down as the headers are the receiving
side's: to the first ``Received`` that another host wrote, and never below the last ``Received`` of all. One in the name
of the relay, or of whoever sends, is none of the receiving server's. Where nothing is left, nothing is known.

Outlook.com leaves out its own name; everything else it writes as others do.
"""

from __future__ import annotations

import email.message
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from notify.core.authentication import Authentication, Signature
from notify.core.late_pattern import late_pattern

#: A piece of a header: text in quotes, or what stands between blanks and semicolons.
_PIECE = late_pattern(r'"(?:[^"\\]|\\.)*"|[^\s;"]+|;')
_BY = late_pattern(r"(?:^|\s)by\s+(?P<host>[^\s;]+)")
_RESULT = late_pattern(r"(?P<method>[A-Za-z][\w-]*)(?:/\d+)?=(?P<result>[A-Za-z]+)")
_PROPERTY = late_pattern(r"(?P<name>[A-Za-z]+\.[\w-]+)=(?P<value>.*)")
#: Whose servers leave out their name.
_NAMELESS = frozenset({"outlook.com"})
#: Two labels that stand for a country's own top, as in co.uk.
_TOPS = frozenset("ac co com edu gov net or org".split())
_LONGEST = 20_000


def authentication_of(
    message: email.message.Message, own: Collection[str], *, relay_host: str = ""
) -> Authentication | None:
    """Return what the receiving server found of a message; None where it says nothing, or nobody can tell.

    :param own: hosts and domains of the receiving side, as far as they are known: that of the address, of the mailbox.
    :param relay_host: of the relay that sent it.
    """
    headers = [(name.lower(), str(value)[:_LONGEST]) for name, value in message.items()]
    own_side = {_organization(host) for host in own} - {""}
    end = _end_of_own_side(headers, own_side)
    written = [_Written(value) for name, value in headers[:end] if name == "authentication-results"]
    if not written:
        return None
    server = written[0].server
    others = {_organization(relay_host)} - {"", *own_side, _first_host(headers)}
    if _organization(server) in others or (not server and _first_host(headers) not in _NAMELESS):
        return None
    same = [one for one in written if one.server == server or _is_of_one(one.server, server)]
    return _merged(server, same)


def _end_of_own_side(headers: Sequence[tuple[str, str]], own: Collection[str]) -> int:
    """Return how many headers, from the top, the receiving side can have written."""
    hops = [(number, _host_of(value)) for number, (name, value) in enumerate(headers) if name == "received"]
    if not hops:
        return 0
    receiving = {_first_host(headers), *own} - {""}
    for number, host in hops:
        if host and _organization(host) not in receiving:
            return number
    # the last one is of whoever took the message first: what stands below came along with it
    return hops[-1][0]


def _first_host(headers: Sequence[tuple[str, str]]) -> str:
    """Return to whom the host belongs that took the message last; empty where it is not named."""
    hosts = (_organization(_host_of(value)) for name, value in headers if name == "received")
    return next(filter(None, hosts), "")


def _host_of(received: str) -> str:
    """Return which host wrote a Received; empty where it says nothing, or an address or a name without a dot."""
    found = _BY.search(_without_comments(received))
    host = found["host"].strip("[]").rstrip(".").lower() if found else ""
    last = host.rpartition(".")[2]
    return host if "." in host and not last.isdigit() and ":" not in host else ""


def _organization(host: str) -> str:
    """Return the part of a host's name that tells whose it is, by the names alone."""
    labels = host.lower().rstrip(".").rpartition("@")[2].split(".")
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _TOPS else 2
    return ".".join(labels[-count:]) if len(labels) > 1 else ""


def _is_of_one(one: str, other: str) -> bool:
    return bool(one and other) and _organization(one) == _organization(other) != ""


class _Written:
    """One header: who wrote it, and the results in it, each with its method, result and properties."""

    def __init__(self, value: str) -> None:
        clauses = list(_clauses(_without_comments(value)))
        first = clauses[0] if clauses else []
        # without its name, the first clause is a result already
        is_named = bool(first) and "=" not in first[0]
        self.server = first[0].strip('"').rstrip(".").lower() if is_named else ""
        self.results = [found for clause in clauses[is_named:] if (found := _result(clause))]


def _clauses(text: str) -> Iterator[list[str]]:
    clause: list[str] = []
    for piece in _PIECE.findall(text):
        if piece == ";":
            yield clause
            clause = []
        else:
            clause.append(piece)
    yield clause


def _result(clause: Sequence[str]) -> tuple[str, str, dict[str, str]] | None:
    """Return method, result and properties of a clause; None: it is no result."""
    found = _RESULT.match(clause[0]) if clause else None
    if not found:
        return None
    pairs = (_PROPERTY.fullmatch(piece) for piece in clause[1:])
    properties = {pair["name"].lower(): pair["value"].strip('"').lower() for pair in pairs if pair}
    return found["method"].lower(), found["result"].lower(), properties


def _without_comments(text: str) -> str:
    """Return a header without what stands in parentheses, which may be nested; those in quotes are none."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif char == "(" and not is_quoted:
            depth += 1
            kept.append(" ")
            continue
        elif char == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)


def _merged(server: str, written: Sequence[_Written]) -> Authentication:
    found = Authentication(server)
    for method, result, properties in (one for header in written for one in header.results):
        if method == "dkim":
            domain = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
            found = replace(found, dkim=(*found.dkim, Signature(result, domain)))
        elif method == "spf" and not found.spf:
            domain = properties.get("smtp.mailfrom", properties.get("smtp.helo", "")).rpartition("@")[2]
            found = replace(found, spf=result, spf_domain=domain)
        elif method == "dmarc" and not found.dmarc:
            found = replace(found, dmarc=result)
    return found
