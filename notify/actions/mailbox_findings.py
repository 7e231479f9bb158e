"""What is wrong with the sender's own mailboxes, and how the messages are signed: for check, and before sending."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

from notify.actions.check import facts_of
from notify.actions.own_mailboxes import OwnMailboxes
from notify.actions.run import Run
from notify.actions.submissions import provider_of_relay
from notify.checks import Facts
from notify.checks.mail_clients import program_of
from notify.checks.own_mailboxes import own_mailboxes_receive, signed_as_seen
from notify.config import Settings
from notify.config.providers import provider_of_address
from notify.core.finding import Finding, Severity
from notify.core.probe import Probe
from notify.errors import ConfigError, Problem

#: Whose servers refuse what is not signed for the sender's domain (postmaster.gmx.net, postmaster.web.de), by mail
#: program and by provider: all of them are one house.
_STRICT_PROGRAMS, _STRICT_PROVIDERS = ("gmx", "web-de"), ("gmx", "gmx.com", "mail.com", "web.de")


def wants_signature(domain: str) -> bool:
    """Tell whether recipients at a domain get nothing that is not signed for the sender's domain."""
    return program_of(domain) in _STRICT_PROGRAMS or provider_of_address(f"@{domain}") in _STRICT_PROVIDERS


def is_told(settings: Settings, mailboxes: OwnMailboxes) -> bool:
    """Tell whether a receiving server has told how the messages are signed."""
    probe = _told(settings, mailboxes)
    found = probe.sighting.found if probe and probe.sighting else None
    return found is not None and found.tells_of_dkim


def findings_of(
    settings: Settings, facts: Callable[[], Facts], mailboxes: OwnMailboxes, domains: Callable[[], Mapping[str, int]]
) -> Iterator[Finding]:
    """Yield what is wrong with the mailboxes, and with how the messages are signed; nothing where it is the sandbox.

    :param facts: what the campaign is.
    :param domains: returns how many recipients there are at each domain; not asked where it does not matter.
    """
    if not settings.relays or not (mailboxes.states or mailboxes.probes):
        return
    known, probe = facts(), _told(settings, mailboxes)
    remarks = [*own_mailboxes_receive(known, mailboxes.states, mailboxes.day)]
    if probe and probe.sighting and (found := probe.sighting.found):
        is_unsigned = found.tells_of_dkim and not found.signed_for(settings.sender.domain)
        strict = sum(count for at, count in domains().items() if wants_signature(at)) if is_unsigned else 0
        remarks += signed_as_seen(known, found, probe.address, _server_of(settings, probe), strict)
    for remark in remarks:
        if remark.name not in settings.checks.silence:
            yield remark.finding("", {})


def refuse_unproved(run: Run, mailboxes: OwnMailboxes, now: dt.datetime, only: Sequence[str]) -> None:
    """Refuse to send while a new mailbox may not receive, or recipients will refuse what is not signed.

    :param only: identities; when given, nobody else is sent to.
    :raises ConfigError: says which, and how it is proved or accepted.
    """
    found = findings_of(
        run.prepared.settings,
        lambda: facts_of(run.prepared),
        mailboxes,
        lambda: dict(run.job.reports().waiting_by_domain(now, only)),
    )
    grave = [finding for finding in found if finding.severity is Severity.ERROR]
    if not grave:
        return
    mends = "\n".join(dict.fromkeys(finding.mend for finding in grave))
    accept = " ".join(f"--accept {name}" for name in dict.fromkeys(finding.name for finding in grave))
    raise ConfigError(
        f"{'One thing' if len(grave) == 1 else f'{len(grave)} things'} must be seen to before this is sent.",
        hint=f"{mends}\nOr send all the same, this once:  notify send {accept}",
        problems=[Problem(finding.where, f"{finding.what}.") for finding in grave],
    )


def _told(settings: Settings, mailboxes: OwnMailboxes) -> Probe | None:
    sender = settings.sender.mailbox.address
    return mailboxes.latest_by(sender, (relay.name for relay in settings.relays if relay.may_send_for(sender)))


def _server_of(settings: Settings, probe: Probe | None) -> str:
    """Return whose relay a test message went through, as people call it."""
    relay = next((relay for relay in settings.relays if probe and relay.name == probe.relay), None)
    if relay is None:
        return ""
    provider = provider_of_relay(relay)
    return provider.label if provider else relay.host
