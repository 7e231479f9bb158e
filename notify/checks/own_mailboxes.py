"""Whether the sender's own mailboxes were seen to receive, and what the receiving server found of the test message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.core.authentication import PASS, Authentication
from notify.core.own_mailbox import KEYS, MailboxState, Role
from notify.core.probe import VALID_DAYS

#: What comes to a mailbox that is not announced.
_COMES = {Role.ANSWERS: "answers", Role.BOUNCES: "bounces"}
_PROBE = "Send a test message there, and see that it arrives:  notify probe"
#: What SPF says of a server that it does not allow.
_REFUSED_BY_SPF = ("fail", "softfail", "permerror")


def own_mailboxes_receive(facts: Facts, states: Sequence[MailboxState], day: dt.date) -> Iterator[Remark]:
    """Yield the mailboxes of which nobody knows, on a day, whether they receive; and those that are known not to."""
    for state in states:
        where = facts.place(KEYS[state.mailbox.roles[0]])
        if state.has_returned:
            yield _returned(state, where)
        elif not state.is_proved_on(day):
            yield _unproved(state, where)
        elif state.settled and state.settled.sighting and state.settled.sighting.in_spam:
            what = f"the test message to {state.mailbox.address} lay in the folder for spam; those of others may, too"
            mend = "Mark it as no spam there, and mend what else is found of SPF, DKIM and DMARC."
            yield Remark("arrived-as-spam", what, mend, where=where)


def _returned(state: MailboxState, where: str) -> Remark:
    address, sighting = state.mailbox.address, state.settled.sighting if state.settled else None
    reason = f": {sighting.reason}" if sighting and sighting.reason else ""
    what = f"{address} does not receive: the test message came back{reason}"
    mend = "Have the mailbox made, or make room in it, or mend the address; then try again:  notify probe"
    return Remark("address-bounced", what, mend, where=where)


def _unproved(state: MailboxState, where: str) -> Remark:
    address, settled = state.mailbox.address, state.settled
    name = "unproved-address" if state.mailbox.is_needed else "unproved-reply"
    mend = _PROBE
    if state.waiting:
        day = state.waiting.time.astimezone().date()
        what = f"nobody has seen yet that the test message of {day} arrived at {address}"
        mend = "Look for it, in the folder for spam too, and type the code in it:  notify probe --code CODE"
    elif settled and settled.seen:
        day = settled.seen.astimezone().date()
        what = f"that {address} receives was seen on {day}, over {VALID_DAYS} days ago"
    else:
        what = f"nobody has seen yet whether {address} receives"
    return Remark(name, f"{what}; {_use(state)}", mend, where=where)


def _use(state: MailboxState) -> str:
    """Return what a mailbox is for, as a sentence."""
    roles = state.mailbox.roles
    comes = " and ".join(_COMES[role] for role in roles if role in _COMES)
    parts = ["it is announced as the new address"] * (Role.ANNOUNCED in roles)
    parts += [f"{comes} go there"] * bool(comes)
    return ", and ".join(parts)


def signed_as_seen(facts: Facts, found: Authentication, address: str, server: str, strict: int) -> Iterator[Remark]:
    """Yield what the receiving server has found wrong in a test message; nothing where it says nothing.

    :param found: what it has found in the latest that came from this sender through this relay.
    :param address: to which that went.
    :param server: whose relay it is, as it is called in a sentence.
    :param strict: so many recipients are at providers that refuse what is not signed for the sender's domain.
    """
    domain = facts.campaign.sender.domain
    where = facts.place("sender.email")
    if found.tells_of_dkim and not found.signed_for(domain):
        unsigned = _unsigned(found, domain, server, strict, where)
        yield replace(unsigned, mend=f"{unsigned.mend}\nThen send another, and look again:  notify probe {address}")
    if found.spf in _REFUSED_BY_SPF:
        what = f"SPF refuses the relay: {_by(found)} found spf={found.spf} for {found.spf_domain or domain}"
        mend = f"Let the TXT record of {found.spf_domain or domain} name {server}:  notify check  has the record."
        yield Remark("spf-fails", what, mend, where=where)
    if found.dmarc == "fail":
        what = f"DMARC fails: {_by(found)} does not believe that the message is from {domain}"
        mend = "Mend SPF or DKIM: one of both must pass for the domain of the sender."
        yield Remark("dmarc-fails", what, mend, where=where)


def _unsigned(found: Authentication, domain: str, server: str, strict: int, where: str) -> Remark:
    others = sorted({one.domain for one in found.dkim if one.result == PASS and one.domain})
    results = sorted({one.result for one in found.dkim} - {"none", "temperror"})
    if others:
        name = "dkim-unaligned"
        what = f"the messages are signed for {' and '.join(others)}, not for {domain} (DKIM)"
    elif results:
        name = "dkim-broken"
        what = f"the signature of the messages does not hold: {_by(found)} found dkim={', '.join(results)}"
    else:
        name = "dkim-missing"
        what = f"the messages are not signed (DKIM): {_by(found)} found no signature"
    if strict:
        at = "one recipient is" if strict == 1 else f"{strict:,} recipients are"
        what += f"; {at} at GMX, WEB.DE or mail.com, which refuse such messages"
    mend = (
        f"Switch on DKIM for {domain} at {server}: it names a record below _domainkey.{domain}, which is set where the "
        "domain's DNS is. Where it cannot sign for your domain, send through a provider that can."
    )
    return Remark(name, what, mend, where=where, is_grave=bool(strict))


def _by(found: Authentication) -> str:
    return found.server or "the receiving server"
