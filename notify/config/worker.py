"""The file of a machine that hands over what others have placed: its own relays, and where the ledger is.

It is read like notify.toml, and ``NOTIFY_RELAY_…`` and ``NOTIFY_LEDGER_…`` go before it. Only here stand commands that
tell a secret. And a secret is for a server that is named here, never for one that the ledger names: else whoever can
write there could have it sent to a server of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from notify.config.carried import values_of
from notify.config.document import Document, read
from notify.config.layers import from_environment, from_options, lay_over
from notify.config.ledger import LEDGER, LedgerSettings
from notify.config.problems import Places, config_error
from notify.config.reading import Reading
from notify.config.relay import RELAY, RelaySettings
from notify.config.relay_list import there_before, without_host
from notify.config.schema import SECTIONS
from notify.config.server import is_loopback
from notify.core.record import record
from notify.errors import ConfigError, Problem

_OTHERS = frozenset(section.path[0] for section in SECTIONS if section not in (RELAY, LEDGER))
#: Where a server is: what one of these says is not put together with what the campaign says of the others.
_WHEREABOUTS = frozenset({"preset", "host", "port", "tls"})


@record(frozen=True, slots=True)
class OwnRelay:
    """A [[relay]] of the machine: as it was read, and the values that it was given."""

    relay: RelaySettings
    given: Mapping[str, Any]

    def is_called_as(self, other: RelaySettings) -> bool:
        """Tell whether a relay of the campaign is meant: the same server, and the port and user that are given here."""
        said = {"host": self.relay.host.lower() == other.host.lower()}
        said |= {
            name: getattr(self.relay, name) == getattr(other, name) for name in ("port", "user") if name in self.given
        }
        return all(said.values())

    def beside(self, other: RelaySettings) -> RelaySettings:
        """Return this relay with what the campaign says of it and this machine does not: limits, senders, user."""
        others = values_of(RELAY, other)
        if _WHEREABOUTS & {*self.given} - {"host"}:
            others = {name: value for name, value in others.items() if name not in _WHEREABOUTS}
        reading = Reading({"relay": [{**others, **self.given}]}, Places("the relay of this machine", {}, {}))
        (relay,) = reading.repeated(RELAY)
        if reading.problems:
            raise config_error(reading.problems, _HINT)
        return relay


@record(frozen=True, slots=True)
class WorkerSettings:
    """What a machine says of itself."""

    relays: tuple[OwnRelay, ...]
    ledger: LedgerSettings

    def relays_for(
        self, campaign: Sequence[RelaySettings], by_token: Collection[str], machine: str
    ) -> tuple[RelaySettings, ...]:
        """Return the relays that a campaign is handed over to from here, in the order of failover.

        They are those of this machine, if it has any: no other is used then. One that is called as a relay of the
        campaign has the limits of that where it says nothing of its own. Else they are the campaign's.

        :param campaign: its relays, as it was placed with them.
        :param by_token: the names of those that are logged in to by a token there.
        :param machine: what this one is called. Its own servers on loopback are others than those of other machines.
        :raises ConfigError: there is none, or one wants a login that this machine knows nothing of.
        """
        relays = tuple(self._as_here(campaign, by_token, machine)) if self.relays else tuple(campaign)
        if len({relay.name for relay in relays}) < len(relays):
            names = ", ".join(relay.name for relay in relays)
            raise ConfigError(f"Two [[relay]] of this machine are the same: {names}.", hint="Leave one of them out.")
        if not relays:
            raise ConfigError("There is no relay.", hint=f"Name one in the file of this machine:\n  {_EXAMPLE}")
        if unknown := [relay.name for relay in relays if relay.user and not self.relays]:
            raise ConfigError(
                f"{', '.join(unknown)}: the campaign names this relay, which wants a login, and this machine does not.",
                hint="A password is only for a server that is named where it is kept. Name it in the file of this "
                f"machine, or by NOTIFY_RELAY_HOST:\n  {_EXAMPLE}",
            )
        return relays

    def _as_here(
        self, campaign: Sequence[RelaySettings], by_token: Collection[str], machine: str
    ) -> Iterator[RelaySettings]:
        for own in self.relays:
            meant = next((relay for relay in campaign if own.is_called_as(relay)), None)
            relay = own.beside(meant) if meant else own.relay
            if meant and meant.name in by_token and not (relay.token_command or relay.password_command):
                raise ConfigError(
                    f"{relay.name} is logged in to by a token, and this machine has no command for one.",
                    hint="Give that [[relay]] a token_command in the file of this machine.",
                )
            yield replace(relay, machine=machine) if is_loopback(relay.host) else relay


_HINT = "Mend it, then start again:  notify worker"
_EXAMPLE = (
    '[[relay]]\n  host = "smtp.neu.example"\n  user = "info@neu.example"\n'
    '  password_command = "pass show mail/neu.example"'
)


def load_worker(
    path: Path | None,
    environment: Mapping[str, str],
    options: Mapping[str, object] | None = None,
    *,
    is_of_a_campaign: bool = False,
) -> WorkerSettings:
    """Return what the file of a machine says, its environment before it, and the command line before both.

    :param path: None: there is no file.
    :param options: by dotted names, such as ``ledger.url``; None was not given.
    :param is_of_a_campaign: it is a notify.toml; what else stands there is not for a worker.
    :raises ConfigError: with every problem at once.
    """
    document = read(path) if path else Document()
    if document is None:
        raise ConfigError(f"There is no {path}.", hint="Name the file of this machine:  notify worker --config FILE")
    overrides = [*from_environment(environment), *from_options(options or {})]
    own = {name: value for name, value in document.values.items() if name not in _OTHERS}
    merged, sources = lay_over(own, overrides)
    places = Places(path.name if path else "the environment", document.lines, sources)
    reading = Reading(merged, places)
    relays = reading.repeated(RELAY)
    ledger = reading.section(LEDGER)
    others = () if is_of_a_campaign else _others(document, places)
    problems = [*others, *without_host(merged["relay"], places), *reading.problems]
    problems += [] if problems else there_before(relays, places)
    if problems:
        raise config_error(problems, _HINT)
    given = merged["relay"]
    return WorkerSettings(tuple(map(OwnRelay, relays, given)), ledger)


def _others(document: Document, places: Places) -> Iterator[Problem]:
    """Yield the sections that are the campaign's alone."""
    for name in document.values:
        if name in _OTHERS:
            what = f"`{name}` is for the campaign's folder; here stand {RELAY.header} and {LEDGER.header}"
            yield Problem(places.where((name,)), what)
