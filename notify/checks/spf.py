"""Which servers may send for a domain, as it says itself (SPF, RFC 7208): evaluated over what DNS answers."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum

from notify.checks.spf_record import Term, spf_records, terms
from notify.core.name_records import Ask, exchangers
from notify.core.record import record

#: More look-ups than these are an error wherever the record is read (4.6.4).
MOST_LOOKUPS = 10
_LOOKED_UP = frozenset({"include", "redirect", "a", "mx", "ptr", "exists"})

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Verdict(StrEnum):
    """What a domain says of a server, or why that cannot be told."""

    PASS = "pass"  # noqa: S105  # RFC 7208's word
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    #: The domain has no record.
    NONE = "none"
    #: DNS did not answer, or macros stand in it that only a real message fills in.
    UNKNOWN = "unknown"
    #: It cannot be read by anybody.
    BROKEN = "broken"


_SIGNS = {"+": Verdict.PASS, "-": Verdict.FAIL, "~": Verdict.SOFTFAIL, "?": Verdict.NEUTRAL}


@record(frozen=False, slots=True)
class Policy:
    """What a domain says of who may send for it.

    ``record`` is its record, ``several`` all of them where there are more than one; ``flaw`` says why it cannot be
    read. ``lookups`` counts all that a receiver may have to make, ``included`` has the domains that it refers to.
    ``is_open``: it lets everybody.
    """

    record: str = ""
    several: tuple[str, ...] = ()
    flaw: str = ""
    lookups: int = 0
    included: set[str] = field(default_factory=set)
    is_known: bool = True
    is_open: bool = False


def read_policy(domain: str, ask: Ask) -> Policy:
    """Read what a domain says, with all that it refers to."""
    answer = ask(domain, "TXT")
    records = spf_records(answer)
    policy = Policy(is_known=answer.is_known)
    if len(records) > 1:
        policy.several = records
    elif records:
        policy.record = records[0]
        _read(policy, records[0], ask, (domain,))
    return policy


def _read(policy: Policy, record: str, ask: Ask, path: tuple[str, ...]) -> None:
    """Go through a record and all that it refers to, as a receiver does whom nothing matches."""
    for term in terms(record):
        if term.name == "broken":
            policy.flaw = policy.flaw or f'"{term.value}" in the record of {path[-1]} is not understood'
        policy.is_open |= term.name == "all" and term.sign == "+" and len(path) == 1
        policy.lookups += term.name in _LOOKED_UP
        if term.name in ("include", "redirect") and "%" not in term.value and policy.lookups <= 2 * MOST_LOOKUPS:
            policy.included.add(term.value)
            _read_included(policy, term.value, ask, path)


def _read_included(policy: Policy, domain: str, ask: Ask, path: tuple[str, ...]) -> None:
    if domain in path:
        policy.flaw = policy.flaw or f"{domain} refers back to itself"
        return
    answer = ask(domain, "TXT")
    records = spf_records(answer)
    policy.is_known &= answer.is_known
    if len(records) == 1:
        _read(policy, records[0], ask, (*path, domain))
    elif answer.is_known:
        number = "several SPF records" if records else "no SPF record"
        policy.flaw = policy.flaw or f"it refers to {domain}, which has {number}"


def judge(domain: str, server: str, ask: Ask) -> Verdict:
    """Return what a domain says of a server (``check_host``).

    :param server: its IP address.
    """
    return _Judge(ipaddress.ip_address(server), ask).of(domain)


@record(frozen=False, slots=True)
class _Judge:
    """Judges one server. ``left``: so many other domains may still be asked about it."""

    server: _Address
    ask: Ask
    left: int = 2 * MOST_LOOKUPS

    def of(self, domain: str) -> Verdict:
        """Return what a domain says, which may be referred to by another."""
        self.left -= 1
        answer = self.ask(domain, "TXT") if self.left >= 0 and "%" not in domain else None
        if answer is None or not answer.is_known:
            return Verdict.UNKNOWN
        records = spf_records(answer)
        if len(records) != 1:
            return Verdict.BROKEN if records else Verdict.NONE
        return self._of_terms(terms(records[0]), domain)

    def _of_terms(self, given: Sequence[Term], domain: str) -> Verdict:
        unsure = Verdict.NEUTRAL
        for term in given:
            if term.name == "broken":
                return Verdict.BROKEN
            if term.name == "redirect":
                found = self.of(term.value)
                return found if found is Verdict.PASS or unsure is Verdict.NEUTRAL else unsure
            is_meant = self._is_meant(term, domain)
            if is_meant:
                # whoever comes behind something that is not known may be meant by that
                return _SIGNS[term.sign] if term.sign == "+" or unsure is Verdict.NEUTRAL else unsure
            if is_meant is None:
                unsure = Verdict.UNKNOWN
        return unsure

    def _is_meant(self, term: Term, domain: str) -> bool | None:
        """Tell whether a term means the server; None where that cannot be known."""
        target = term.value or domain
        if term.name == "all":
            return True
        if term.name == "ip":
            return _is_in(term.value, self.server)
        if "%" in target or term.name in ("ptr", "exists"):
            return None
        if term.name == "include":
            found = self.of(target)
            return None if found is Verdict.UNKNOWN else found is Verdict.PASS
        return self._is_one_of(target, term)

    def _is_one_of(self, target: str, term: Term) -> bool | None:
        """Tell whether the server is a host, or an exchanger of it, or near one by the term's prefix."""
        hosts: tuple[str, ...] = (target,)
        if term.name == "mx":
            answer = self.ask(target, "MX")
            if not answer.is_known:
                return None
            hosts = exchangers(answer)
        answers = [self.ask(host, "A" if self.server.version == 4 else "AAAA") for host in hosts if host]
        if any(_is_in(f"{address}{term.length}", self.server) for answer in answers for address in answer.records):
            return True
        return None if any(not answer.is_known for answer in answers) else False


def _is_in(network: str, server: _Address) -> bool:
    try:
        return server in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
