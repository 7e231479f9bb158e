"""Whether what is sent will be believed to come from the sender: SPF and DMARC of the domain, and the relay in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notify.checks.dmarc import Dmarc, is_aligned, read_dmarc
from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.checks.spf import MOST_LOOKUPS, Policy, Verdict, judge, read_policy
from notify.checks.spf_record import with_server
from notify.checks.submission import Submission
from notify.core.name_records import Ask

#: What names a provider's servers in an SPF record, by how its relays end; the first of several is the one to write.
_INCLUDES = {
    "smtp.gmail.com": ("_spf.google.com",),
    "smtp.office365.com": ("spf.protection.outlook.com",),
    "ionos.de": ("_spf-eu.ionos.com", "_spf.perfora.net", "_spf.kundenserver.de"),
    "1und1.de": ("_spf-eu.ionos.com", "_spf.perfora.net", "_spf.kundenserver.de"),
    "strato.de": ("_spf.strato.com",),
    "kasserver.com": ("spf.kasserver.com", "kasserver.com"),
    "fastmail.com": ("spf.messagingengine.com",),
    "mailbox.org": ("mailbox.org",),
    "infomaniak.com": ("spf.infomaniak.ch",),
    "gandi.net": ("_mailcust.gandi.net",),
    "mail.me.com": ("icloud.com",),
    "zoho.eu": ("zohomail.eu", "zoho.eu", "one.zoho.eu"),
    "zoho.com": ("zohomail.com", "zoho.com", "one.zoho.com"),
}


def sender_domain(facts: Facts, ways: Sequence[Submission], ask: Ask) -> Iterator[Remark]:
    """Yield why receivers will distrust the sender. Where DNS does not answer nothing is said."""
    sender = facts.campaign.sender
    # a provider's domains are the provider's business, and whether the relay is its own is known without DNS
    if any(way.owner.label for way in ways):
        return
    bounces = sender.return_path.rpartition("@")[2].lower()
    spf = read_policy(bounces, ask)
    dmarc = read_dmarc(sender.domain.lower(), ask)
    where = facts.place("sender.return_path" if bounces != sender.domain else "sender.email")
    yield from _spf(bounces, spf, ways, where)
    if spf.is_known and spf.lookups <= MOST_LOOKUPS and not (spf.several or spf.flaw):
        for way in ways:
            yield from _relay(bounces, spf, way, ask)
    yield from _dmarc(sender.domain.lower(), dmarc, facts.place("sender.email"))
    yield from _alignment(facts, bounces, dmarc, ask)


def _spf(domain: str, spf: Policy, ways: Sequence[Submission], where: str) -> Iterator[Remark]:
    """Yield what is wrong with the record itself."""
    if spf.several:
        what = f"{domain} has {len(spf.several)} SPF records, so none of them counts: {_quoted(*spf.several)}"
        mend = f'Make one of them; keep a single TXT record "v=spf1 …" at {domain}.'
        yield Remark("spf-several", what, mend, where=where)
    elif spf.flaw:
        yield Remark("spf-broken", f"the SPF record of {domain} cannot be read: {spf.flaw}", "Mend it.", where=where)
    elif spf.lookups > MOST_LOOKUPS:
        what = (
            f"the SPF record of {domain} takes {spf.lookups} look-ups; with more than {MOST_LOOKUPS} it does not count"
        )
        yield Remark("spf-lookups", what, "Leave out services that do not send for you any more.", where=where)
    elif spf.is_known and not spf.record and ways:
        what = f"{domain} has no SPF record: nobody can tell who may send for it"
        yield Remark("spf-missing", what, _set(domain, with_server("", _mechanism(ways[0]))), where=where)
    elif spf.is_open:
        what = f"the SPF record of {domain} lets everybody send for it (+all), which counts as spam does"
        yield Remark("spf-open", what, 'Write "~all" in its place.', where=where)


def _relay(domain: str, spf: Policy, way: Submission, ask: Ask) -> Iterator[Remark]:
    """Yield that the record does not name the relay, where there is a record."""
    known = _includes(way)
    if not spf.record or any(name in spf.included for name in known):
        return
    answers = [ask(way.host, kind) for kind in ("A", "AAAA")]
    verdicts = [judge(domain, address, ask) for answer in answers for address in answer.records]
    if {Verdict.PASS, Verdict.UNKNOWN} & {*verdicts} or not (verdicts or known):
        return
    servers = way.carrier.label or way.host
    what = f"the SPF record of {domain} does not name the servers of {servers}: {_quoted(spf.record)}"
    mend = _set(domain, with_server(spf.record, _mechanism(way)))
    if not known:
        mend = f"Ask its owner which servers your mail leaves from; if it is this one, {mend[0].lower()}{mend[1:]}"
    yield Remark("spf-relay", what, mend, where=way.where)


def _dmarc(domain: str, dmarc: Dmarc, where: str) -> Iterator[Remark]:
    if dmarc.several:
        what = f"_dmarc.{domain} has {len(dmarc.several)} DMARC records, so none of them counts"
        yield Remark("dmarc-several", what, "Keep one of them.", where=where)
    elif dmarc.flaw:
        what = f"the DMARC record at _dmarc.{dmarc.at} is not understood: {dmarc.flaw}"
        yield Remark("dmarc-broken", what, "Write p=none, p=quarantine or p=reject.", where=where)
    elif dmarc.is_known and not dmarc.at:
        what = f"{domain} has no DMARC record, and Gmail, Yahoo and Microsoft distrust such domains"
        mend = f'Set a TXT record at _dmarc.{domain}:  "v=DMARC1; p=none"'
        yield Remark("dmarc-missing", what, mend, where=where)


def _alignment(facts: Facts, bounces: str, dmarc: Dmarc, ask: Ask) -> Iterator[Remark]:
    """Yield that SPF proves another domain than that of the sender, where that has consequences."""
    domain = facts.campaign.sender.domain.lower()
    if dmarc.policy in ("", "none") or dmarc.is_test or is_aligned(domain, bounces, dmarc, ask) is not False:
        return
    what = (
        f"bounces go to {bounces}, and {domain} wants what does not prove to be its own "
        f"{'refused' if dmarc.policy == 'reject' else 'put into the spam folder'} (DMARC): SPF proves {bounces} alone"
    )
    mend = f"Set return_path in [sender] to an address of {domain}, unless the relay signs for it (DKIM)."
    yield Remark("dmarc-unaligned", what, mend, where=facts.place("sender.return_path"))


def _includes(way: Submission) -> tuple[str, ...]:
    host = f".{way.host.lower()}"
    return next((names for ending, names in _INCLUDES.items() if host.endswith(f".{ending}")), ())


def _mechanism(way: Submission) -> str:
    known = _includes(way)
    return f"include:{known[0]}" if known else f"a:{way.host}"


def _set(domain: str, record: str) -> str:
    return f"Set the TXT record of {domain} to  {_quoted(record)}"


def _quoted(*texts: str) -> str:
    return ", ".join(f'"{text}"' for text in texts)
