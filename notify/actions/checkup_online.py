"""Finds by asking DNS and the website what would go wrong: nothing is sent, and nobody but these is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from notify.actions.check import facts_of
from notify.actions.checkup import Checkup, Watch
from notify.actions.mailbox_findings import is_told, wants_signature
from notify.actions.prepare import Prepared
from notify.actions.second_source import notices_of, pages_of, second_source
from notify.actions.submissions import submissions
from notify.checks import Facts, Remark
from notify.checks.mail_domains import MAIL_KINDS, is_answered, own_domains, refusal_of
from notify.checks.sender_domain import sender_domain
from notify.checks.website import website
from notify.core.name_records import exchangers
from notify.lookups import Names, visit

#: So many domains of recipients are named.
_NAMED = 20
#: When for so many of them nobody has answered, and for none anybody has, the others are not waited for.
_ENOUGH = 400


def check_online(prepared: Prepared, checkup: Checkup, names: Names, watch: Watch) -> bool:
    """Look at what a campaign needs of the net; after :func:`notify.actions.checkup.check`. Tell whether there is one.

    :param watch: is led through the domains of recipients.
    """
    facts = facts_of(prepared)
    if not is_answered(names.ask):
        what = "DNS does not answer as it should: there is no network, or a page that wants a login is in between"
        _add(checkup, facts, [Remark("no-network", what, "Try again with a network; nothing was looked up.")])
        return False
    ways = tuple(submissions(prepared.settings))
    _add(checkup, facts, own_domains(facts, names.ask))
    _add(checkup, facts, sender_domain(facts, ways, names.ask))
    _add(checkup, facts, _website(facts, names))
    _add(checkup, facts, second_source(prepared, facts, names))
    is_known = checkup.mailboxes is not None and is_told(prepared.settings, checkup.mailboxes)
    if ways and not is_known and not any(way.owner.label for way in ways):
        _add(checkup, facts, _signatures(facts, checkup))
    _add(checkup, facts, _recipients(checkup, names, watch))
    return True


def sites_of(prepared: Prepared) -> tuple[str, ...]:
    """Return which sites are visited."""
    site = prepared.campaign.change.new.website
    notices = (f"{site} with its legal and privacy notice",) if site else ()
    return (*notices, *pages_of(prepared))


def _add(checkup: Checkup, facts: Facts, remarks: Iterable[Remark]) -> None:
    for remark in remarks:
        checkup.add(remark.finding("", facts.texts))


def _website(facts: Facts, names: Names) -> Iterator[Remark]:
    if url := facts.campaign.change.new.website:
        seen = visit(url, names.ask, reads=True)
        where = facts.place("change.new.website")
        yield from website(url, where, seen.url, seen.status, seen.trouble, is_distrusted=seen.is_distrusted)
        yield from notices_of(seen, facts, names, dt.datetime.now().astimezone().date())


def _signatures(facts: Facts, checkup: Checkup) -> Iterator[Remark]:
    """Yield that it is not known whether the relay signs, where that decides over many."""
    if strict := sum(count for domain, (count, _) in checkup.domains.items() if wants_signature(domain)):
        domain = facts.campaign.sender.domain
        what = (
            f"{strict:,} of the recipients are at GMX or WEB.DE, which refuse what is not signed for {domain} (DKIM); "
            "DNS does not show whether the relay signs"
        )
        mend = (
            "Send a test message to a mailbox of your own, and give it as you received it:\n"
            "notify probe ADDR, then  notify probe --message FILE; with [mailbox] in notify.toml the first is enough."
        )
        yield Remark("dkim-unseen", what, mend)


def _recipients(checkup: Checkup, names: Names, watch: Watch) -> Iterator[Remark]:
    """Yield the domains of recipients that take no mail; nobody is left out for it."""
    refused: list[tuple[str, str]] = []
    unknown, known = [], 0
    for domain, answers in watch(names.ask_for_all(checkup.domains, MAIL_KINDS)):
        if refusal := refusal_of(answers):
            refused.append((domain, refusal))
        if answers[0].is_known:
            checkup.exchangers[domain] = next(iter(exchangers(answers[0])), "")
        if all(answer.is_known for answer in answers):
            known += 1
            continue
        unknown.append(domain)
        if not known and len(unknown) == _ENOUGH:
            unknown = [*checkup.domains]
            break
    # in the order of the files, whichever answered first
    order = {domain: number for number, domain in enumerate(checkup.domains)}
    refused.sort(key=lambda found: order[found[0]])
    for domain, refusal in refused[:_NAMED]:
        count, first = checkup.domains[domain]
        whom = "one recipient has" if count == 1 else f"{count:,} recipients have"
        what = f"{domain} {refusal}, and {whom} an address there"
        mend = "Mend the address where the list comes from, or give new_email in overrides.csv."
        yield Remark("recipient-domain", what, mend, where=first)
    if (more := len(refused) - _NAMED) > 0:
        yield Remark("recipient-domain", f"{more:,} more domains of recipients take no mail", "Mend these first.")
    if unknown:
        named = ", ".join(sorted(unknown, key=order.__getitem__)[:3])
        what = (
            f"for {len(unknown):,} of {len(checkup.domains):,} domains of recipients nobody answered, such as {named}"
        )
        yield Remark("recipient-domain-unknown", what, "That says nothing about them; try again later if you like.")
