"""By which relays the messages of a campaign go, with what is known of their providers: for the checks."""

from __future__ import annotations

from collections.abc import Iterator

from notify.checks import Party, Submission
from notify.config import Settings, places
from notify.config.providers import PROVIDERS, Provider, provider_of_address
from notify.config.server import is_loopback
from notify.config.settings import RelaySettings
from notify.core.example_names import is_reserved


def submissions(settings: Settings) -> Iterator[Submission]:
    """Yield how each relay that may send for the sender does so, unless it is on this machine or an example."""
    sender = settings.sender.mailbox.address
    owner = _party(PROVIDERS.get(provider_of_address(sender)))
    where = places(settings)
    for number, relay in enumerate(settings.relays):
        if is_loopback(relay.host) or is_reserved(relay.host) or not relay.may_send_for(sender):
            continue
        carrier = provider_of_relay(relay)
        pitfall = carrier.note.en if carrier else ""
        yield Submission(where[f"relay.{number}"], relay.host, relay.user, owner, _party(carrier), pitfall)


def provider_of_relay(relay: RelaySettings) -> Provider | None:
    """Return whose a relay is: that of its preset, else the one that is known by such a host."""
    known = (provider for provider in PROVIDERS.values() if provider.host and provider.host == relay.host.lower())
    return relay.provider or next(known, None)


def _party(provider: Provider | None) -> Party:
    return Party(provider.label, provider.domains, provider.host) if provider else Party()
