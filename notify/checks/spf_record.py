"""An SPF record as text: its terms, and the same record with one server more (RFC 7208, 4.6, 5 and 6)."""

from __future__ import annotations

import ipaddress
import re

from notify.core.late_pattern import late_pattern
from notify.core.name_records import Answer
from notify.core.record import record

_VERSION = late_pattern(r"v=spf1(?: |$)", re.IGNORECASE)
_MECHANISM = late_pattern(
    r"(?P<sign>[+\-~?]?)(?P<name>all|include|a|mx|ptr|exists)(?::(?P<value>[^\s/]+))?(?P<length>/\d+)?(?://\d+)?",
    re.IGNORECASE,
)
_ADDRESS = late_pattern(r"(?P<sign>[+\-~?]?)ip[46]:(?P<value>\S+)", re.IGNORECASE)
_MODIFIER = late_pattern(r"(?P<name>[a-z][a-z0-9_.\-]*)=(?P<value>\S*)", re.IGNORECASE)
_ALL = late_pattern(r" [+\-~?]?all\b.*", re.IGNORECASE)


@record(frozen=True, slots=True)
class Term:
    """A mechanism, or the redirect, which is looked at last.

    ``name`` is in lower case: ``ip`` for both kinds of addresses, ``broken`` for what is not understood. ``value`` is a
    domain in lower case, a network, or what is broken; ``length`` the prefix of a mechanism, such as ``/24``.
    """

    name: str
    value: str = ""
    sign: str = "+"
    length: str = ""


def spf_records(answer: Answer) -> tuple[str, ...]:
    """Return those of a domain's texts that are SPF records."""
    return tuple(text for text in answer.records if _VERSION.match(text))


def terms(record: str) -> tuple[Term, ...]:
    """Return the terms of a record in the order in which they count; none behind ``all``, not even a redirect."""
    found: list[Term] = []
    redirect: list[Term] = []
    for text in record.split()[1:]:
        term = _term(text)
        if term is None:
            continue
        if term.name == "redirect":
            redirect = [term]
            continue
        found.append(term)
        if term.name == "all":
            return tuple(found)
    return (*found, *redirect)


def with_server(record: str, mechanism: str) -> str:
    """Return a record that names one server more; of an empty one, a first record."""
    if not record:
        return f"v=spf1 {mechanism} ~all"
    kept, rest = _ALL.sub("", record), _ALL.search(record)
    return f"{kept} {mechanism}{rest[0] if rest else ''}"


def _term(text: str) -> Term | None:
    """Return a term; None for one that tells nothing here."""
    if found := _ADDRESS.fullmatch(text):
        is_network = _is_network(found["value"])
        return Term("ip", found["value"], found["sign"] or "+") if is_network else Term("broken", text)
    if found := _MECHANISM.fullmatch(text):
        name, value = found["name"].lower(), (found["value"] or "").lower().rstrip(".")
        if name in ("include", "exists") and not value:
            return Term("broken", text)
        return Term(name, value, found["sign"] or "+", found["length"] or "")
    if found := _MODIFIER.fullmatch(text):
        is_redirect = found["name"].lower() == "redirect"
        return Term("redirect", found["value"].lower().rstrip(".")) if is_redirect else None
    return Term("broken", text)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
