"""What is wrong with the relays of a file beside their own keys: one without a server, or two that are the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from notify.config.problems import Places, missing
from notify.config.providers import PROVIDERS
from notify.config.relay import RelaySettings
from notify.config.unknown import is_mistyped
from notify.errors import Problem


def without_host(relays: object, places: Places) -> Iterator[Problem]:
    """Yield the relays that name no server, and no provider whose server is known."""
    for number, relay in enumerate(relays if isinstance(relays, list) else ()):
        if not isinstance(relay, dict) or "host" in relay or is_mistyped(("relay", "host"), relay):
            continue
        provider = PROVIDERS.get(str(relay.get("preset", "")).strip().lower())
        # a preset that is not known is a problem of its own: nobody can tell whether the right one has a host
        is_unknown = "preset" in relay and provider is None
        if not is_unknown and not (provider and provider.host) and not is_mistyped(("relay", "preset"), relay):
            yield missing(("relay", number, "host"), places)


def there_before(relays: Sequence[RelaySettings], places: Places) -> Iterator[Problem]:
    """Yield the relays that stand there before, under the same name: what leaves is counted by it."""
    names = [relay.name for relay in relays]
    for number, name in enumerate(names):
        if name in names[:number]:
            what = f"{name} is a [[relay]] already, and its limits are those of both; leave one of them out"
            yield Problem(places.where(("relay", number)), what)
