"""Where a run hands over: the relays that may send for the campaign, in the order of failover, or the sandbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from notify.config.settings import RelaySettings, Settings
from notify.core.pace import Rate
from notify.core.record import record
from notify.core.window import Window
from notify.errors import ConfigError

#: The embedded relay that forwards nothing: no limits hold for it.
_SANDBOX = RelaySettings(host="localhost", tls="none", connections=1)


@record(frozen=True, slots=True)
class Route:
    """A relay as the settings have it, with what holds for it in this run.

    ``rates`` are those of today, as they depend on the account's age; ``window`` are the hours of all relays.
    """

    relay: RelaySettings
    rates: tuple[Rate, ...] = ()
    window: Window | None = None
    is_sandbox: bool = False

    @property
    def name(self) -> str:
        """Its name in the ledger: attempts and limits are counted by it."""
        return "sandbox" if self.is_sandbox else self.relay.name

    def without_pipelining(self) -> Route:
        """Return the same for a relay that loses commands when several come at once."""
        return replace(self, relay=replace(self.relay, pipelining=False))


#: The route of a campaign without a relay.
SANDBOX = Route(_SANDBOX, is_sandbox=True)


def routes_of(settings: Settings, today: dt.date) -> tuple[Route, ...]:
    """Return where a run of this campaign hands over, in the order of failover.

    :raises ConfigError: no relay may send for the campaign's sender.
    """
    if not settings.relays:
        return (SANDBOX,)
    sender = settings.campaign().sender.mailbox.address
    routes = tuple(
        Route(relay, relay.rates_on(today), settings.send.window)
        for relay in settings.relays
        if relay.may_send_for(sender)
    )
    if not routes:
        raise ConfigError(
            f"No [[relay]] may send for {sender}.", hint="Mend `from` of the relays, or [sender], in notify.toml."
        )
    return routes
