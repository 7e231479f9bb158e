"""How it is told what is known of the sender's own mailboxes: by probe, check, status, and before a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notify.cli.screen import moment

if TYPE_CHECKING:
    from notify.actions.own_mailboxes import OwnMailboxes
    from notify.core.authentication import Authentication
    from notify.core.own_mailbox import MailboxState
    from notify.core.probe import Probe, Sighting

#: What a mailbox is for.
_ROLES = {"announced": "the new address", "answers": "for answers", "bounces": "for bounces"}
_SEEN_BY = {"imap": "read by IMAP", "code": "its code was typed", "file": "from a saved message", "relay": "refused"}


def named(state: MailboxState) -> str:
    """Return a mailbox with what it is for."""
    roles = ", ".join(_ROLES[role] for role in state.mailbox.roles)
    return f"{state.mailbox.address} ({roles})" if roles else state.mailbox.address


def about_the_mailboxes(mailboxes: OwnMailboxes, sender: str, relays: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield whether each of the mailboxes was seen to receive, and how messages from a sender through these are signed.

    An empty label goes on with the line before.
    """
    for number, state in enumerate(mailboxes.states):
        yield "" if number else "Arrives", f"at {state.mailbox.address}: {_known(mailboxes, state, shortly=True)}"
    told, domain = mailboxes.latest_by(sender, relays), sender.rpartition("@")[2]
    found = told.sighting.found if told and told.sighting else None
    if found and found.tells_of_dkim:
        yield (
            "Signed",
            f"for {domain} (DKIM)" if found.signed_for(domain) else f"not for {domain} (DKIM):  notify check",
        )


def as_lines(mailboxes: OwnMailboxes) -> Iterator[str]:
    """Yield the same as sentences."""
    for state in mailboxes.states:
        known = _known(mailboxes, state)
        yield f"{named(state)}: {known}" + "." * (not known.endswith("notify probe"))


def proved_lines(mailboxes: OwnMailboxes, *, with_signature: bool) -> Iterator[str]:
    """Yield when those that were seen to receive were, and perhaps how the message was signed."""
    for state in mailboxes.states:
        if mailboxes.is_proved(state) and state.settled:
            yield f"{named(state)}: {proved(state.settled)}."
            if with_signature and state.settled.sighting and state.settled.sighting.found:
                yield as_signed(state.settled.sighting, state.settled.sender.rpartition("@")[2])


def _known(mailboxes: OwnMailboxes, state: MailboxState, *, shortly: bool = False) -> str:
    if mailboxes.is_proved(state) and state.settled:
        return proved(state.settled, shortly=shortly)
    if state.has_returned:
        return "a test message came back:  notify probe"
    if state.waiting:
        return f"a test message was sent {moment(state.waiting.time)}, and nobody has seen it yet:  notify probe"
    if state.settled:
        return "it is too long ago that a test message was seen there:  notify probe"
    return "nobody has seen yet whether it receives:  notify probe"


def proved(probe: Probe, *, shortly: bool = False) -> str:
    """Return when and how a message was seen to arrive, and for how long that counts."""
    if not (probe.seen and probe.sighting):
        return ""
    how = _SEEN_BY[probe.sighting.by]
    if shortly:
        return f"seen {moment(probe.seen)} ({how})"
    return f"a test message was seen {moment(probe.seen)} ({how}), which counts until {probe.valid_until()}"


def as_signed(sighting: Sighting, domain: str) -> str:
    """Return what the receiving server wrote of a message, in a sentence."""
    found = sighting.found
    if found is None:
        return "The receiving server does not say how it was signed."
    if found.signed_for(domain):
        signed = f"signed for {domain} (DKIM)"
    else:
        signed = f"not signed for {domain} (DKIM)" if found.tells_of_dkim else "of signatures (DKIM) nothing is said"
    more = [f"{name} {result}" for name, result in (("SPF", found.spf), ("DMARC", found.dmarc)) if result]
    return f"{found.server or 'The receiving server'} found: {', '.join([signed, *more])}."


def records(mailboxes: OwnMailboxes) -> list[dict[str, object]]:
    """Return the same for programs."""
    return [record(state, is_proved=mailboxes.is_proved(state)) for state in mailboxes.states]


def record(state: MailboxState, *, is_proved: bool) -> dict[str, object]:
    """Return what is known of one mailbox for programs."""
    settled, sighting = state.settled, state.settled.sighting if state.settled else None
    seen = settled.seen if settled else None
    until = settled.valid_until() if settled else None
    return {
        "address": state.mailbox.address,
        "roles": [str(role) for role in state.mailbox.roles],
        "needed": state.mailbox.is_needed,
        "proved": is_proved,
        "returned": state.has_returned,
        "waiting_since": state.waiting.time.astimezone().isoformat(timespec="seconds") if state.waiting else None,
        "seen": seen.astimezone().isoformat(timespec="seconds") if seen else None,
        "seen_by": str(sighting.by) if sighting else None,
        "relay": settled.relay if settled else None,
        "valid_until": until.isoformat() if until else None,
        "in_spam": sighting.in_spam if sighting else None,
        "reason": sighting.reason if sighting else None,
        "authentication": _results(sighting.found) if sighting and sighting.found else None,
    }


def _results(found: Authentication) -> dict[str, object]:
    return {
        "server": found.server,
        "spf": found.spf,
        "dkim": [{"result": one.result, "domain": one.domain} for one in found.dkim],
        "dmarc": found.dmarc,
    }
