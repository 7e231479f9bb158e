"""By which relays the messages of a campaign go, with what is known of their providers: for the checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from notify.checks import Party, Submission
from notify.config import Settings, places
from notify.config.providers import PROVIDERS, Provider, label_of_address, provider_of_address
from notify.config.server import is_loopback
from notify.config.settings import RelaySettings
from notify.core.example_names import is_reserved


def submissions(settings: Settings) -> Iterator[Submission]:
    """Yield how each relay that may send for the sender does so, unless it is on this machine or an example."""
    sender = settings.sender.mailbox.address
    owner = _party(PROVIDERS.get(provider_of_address(sender)))
    if label := label_of_address(sender):
        owner = Party(label, (sender.rpartition("@")[2].lower(),))
    where = places(settings)
    for number, relay in enumerate(settings.relays):
        if is_loopback(relay.host) or is_reserved(relay.host) or not relay.may_send_for(sender):
            continue
        yield _submission(where[f"relay.{number}"], relay, owner)


def _submission(where: str, relay: RelaySettings, owner: Party) -> Submission:
    carrier = provider_of_relay(relay)
    way = Submission(where, relay.host, relay.user, owner, _party(carrier), rates=relay.rates)
    way = replace(way, port=relay.port, tls=relay.tls)
    if carrier is None:
        return way
    age = dt.datetime.now().astimezone().date() - relay.since if relay.since else None
    return replace(
        way,
        pitfall=carrier.note.en,
        published=carrier.rates_at(age) if carrier.is_published else (),
        source=carrier.source,
        while_young=() if relay.rates else carrier.while_young,
        is_age_given=relay.since is not None,
    )


def provider_of_relay(relay: RelaySettings) -> Provider | None:
    """Return whose a relay is: that of its preset, else the one that is known by such a host."""
    known = (provider for provider in PROVIDERS.values() if provider.host and provider.host == relay.host.lower())
    return relay.provider or next(known, None)


def _party(provider: Provider | None) -> Party:
    return Party(provider.label, provider.domains, provider.host) if provider else Party()
