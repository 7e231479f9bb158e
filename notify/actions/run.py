"""Begins a run: takes the ledger, sorts what an earlier run left, guards against changes, enrols everybody."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from notify.actions.change import version_in_force
from notify.actions.enrol import Enrolling, enrol
from notify.actions.ledgers import ledger_in_use, real_ledger
from notify.actions.prepare import Prepared
from notify.config import RelaySettings, Settings
from notify.core.pace import Rate
from notify.core.window import Window
from notify.errors import ConfigError
from notify.ledger import (
    CampaignRecord,
    Handover,
    RelayHistory,
    Reports,
    Store,
    Suppressions,
    Transitions,
    Version,
    Versions,
    Watch,
    check_disk,
    copy_ledger,
    hold,
    latest_attempt,
    state_folder,
    watched,
)

#: How far clocks differ without anything being wrong.
_CLOCK_SLACK = dt.timedelta(minutes=5)
#: No local time is known from here on, on some systems.
_NEVER = dt.date(3000, 1, 1)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a run hands over: a relay, or the sandbox, for which no limits hold."""

    name: str
    is_sandbox: bool
    rates: tuple[Rate, ...] = ()
    per_domain: tuple[Rate, ...] = ()
    window: Window | None = None
    connections: int = 1
    messages_per_connection: int = 100
    pipelining: bool = True
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run that holds its ledger. ``routes`` are in the order of failover, ``route`` is the one in use.

    ``recovered`` and ``doubts``: what an earlier run that died has left. ``accept_change``: whatever has changed since
    somebody was reached is the user's will.
    """

    prepared: Prepared
    store: Store
    record: CampaignRecord
    version: Version
    routes: tuple[Route, ...]
    route: Route
    recovered: int
    doubts: int
    started: dt.datetime
    accept_change: bool
    #: Whether this machine's clock is behind what the ledger has recorded, so that no deadline is judged by it.
    clock_is_behind: bool
    watch: Watch

    def enrol(self) -> Iterator[Enrolling]:
        """Enrol everybody, one row a step. Durable when it ends; nothing is enrolled unless it ends.

        :raises InputError: somebody's message cannot be rendered, or too many have left the contact files.
        """
        accept = self.accept_change
        for done in enrol(self.prepared, self.store, self.record, self.version, accept_change=accept):
            yield done
        self.settle_deadline(self.started)
        done.doubted = self.transitions().set_doubted_aside(self.started)

    def reports(self) -> Reports:
        """Return what the ledger tells about this campaign."""
        return Reports(self.store, self.record)

    def handover(self) -> Handover:
        """Return the run's dealings with the recipients."""
        return Handover(
            self.store,
            self.record,
            self.version,
            self.route.name,
            f"{self.started.timestamp():.6f}",
            journal=self.watch.journal,
            rollback=self.watch.rollback,
        )

    def transitions(self) -> Transitions:
        """Return what moves the recipients outside of handing over."""
        return Transitions(self.store, self.record, self.watch.rollback)

    def relay_history(self) -> RelayHistory:
        """Return what the relay of the route in use has done before."""
        return RelayHistory(self.store, self.record, self.route.name)

    def settle_deadline(self, now: dt.datetime) -> None:
        """Let expire who still waits when the deadline has passed; let wait again who had expired when it was moved."""
        if self.is_closed(now):
            self.transitions().expire(now)
        elif not self.clock_is_behind:
            self.transitions().unexpire()

    def is_closed(self, now: dt.datetime) -> bool:
        """Tell whether the deadline has passed, so that nobody is left to be sent to."""
        return self.closes is not None and now >= self.closes

    @property
    def closes(self) -> dt.datetime | None:
        """When the deadline has passed, whose day is still a day to send on; None: none is minded."""
        deadline = self.prepared.campaign.deadline
        if deadline is None or deadline >= _NEVER or self.clock_is_behind:
            return None
        return dt.datetime.combine(deadline + dt.timedelta(days=1), dt.time()).astimezone()


def routes_of(settings: Settings, today: dt.date) -> tuple[Route, ...]:
    """Return where a run of this campaign hands over, in the order of failover.

    :raises ConfigError: no relay may send for the campaign's sender.
    """
    if not settings.relays:
        return (Route("sandbox", is_sandbox=True),)
    return tuple(_route(relay, settings, today) for relay in relays_in_use(settings))


def relays_in_use(settings: Settings) -> tuple[RelaySettings, ...]:
    """Return the relays that may send for the campaign's sender, in the order of failover.

    :raises ConfigError: there is none.
    """
    sender = settings.campaign().sender.mailbox.address
    relays = tuple(relay for relay in settings.relays if relay.may_send_for(sender))
    if not relays:
        raise ConfigError(
            f"No [[relay]] may send for {sender}.", hint="Mend `from` of the relays, or [sender], in notify.toml."
        )
    return relays


def _route(relay: RelaySettings, settings: Settings, today: dt.date) -> Route:
    return Route(
        relay.name,
        is_sandbox=False,
        rates=relay.rates_on(today),
        per_domain=relay.per_domain,
        window=settings.window,
        connections=relay.connections,
        messages_per_connection=relay.messages_per_connection,
        pipelining=relay.pipelining,
        pause_s=settings.pause_s,
    )


@contextmanager
def begun(
    prepared: Prepared, now: dt.datetime, *, accept_change: bool, rehearsal: bool, trust_ledger: bool = False
) -> Iterator[Run]:
    """Begin a run inside this ``with``.

    :param rehearsal: nothing is to be recorded; works on a copy of the ledger and wants no lock.
    :param trust_ledger: send from it though it is not the latest; whom others know to be reached are set aside.
    :raises BusyError: another run holds the ledger.
    :raises ChangedError: the campaign was changed in its middle, and the change is not accepted.
    :raises WriteError: the ledger cannot be written or trusted.
    """
    settings = prepared.settings
    path = ledger_in_use(settings)
    routes = routes_of(settings, now.astimezone().date())
    is_real = bool(settings.relays) and not rehearsal
    with ExitStack() as stack:
        if is_real:
            check_disk(path, os.environ)
        store = stack.enter_context(_copy(path) if rehearsal else hold(path, now))
        if not settings.relays:
            _adopt_suppressions(store, real_ledger(settings))
        versions = Versions(store)
        record = versions.register(prepared.campaign.id, now)
        clock_is_behind = _is_behind(store, now)
        recovered, doubts = Transitions(store, record).recover(now)
        watch = Watch()
        if is_real:
            watch = stack.enter_context(_watched(prepared, store, record, trust=trust_ledger))
        version = version_in_force(prepared, versions, record, now, accept=accept_change)
        yield Run(
            prepared,
            store,
            record,
            version,
            routes,
            routes[0],
            recovered,
            doubts,
            now,
            accept_change=accept_change,
            clock_is_behind=clock_is_behind,
            watch=watch,
        )


def _watched(prepared: Prepared, store: Store, record: CampaignRecord, *, trust: bool) -> AbstractContextManager[Watch]:
    folder, sender = prepared.settings.folder, prepared.campaign.sender.mailbox.address
    return watched(store, record, state_folder(os.environ), sender, folder, trust=trust)


def _is_behind(store: Store, now: dt.datetime) -> bool:
    """Tell whether the clock stands clearly before what the ledger has recorded."""
    latest = latest_attempt(store)
    return latest is not None and now < latest - _CLOCK_SLACK


@contextmanager
def _copy(path: Path) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="notify-") as folder:
        copy = Path(folder) / "ledger.db"
        if path.exists():
            copy_ledger(path, copy)
        with Store(copy, create=True) as store:
            yield store


def _adopt_suppressions(sandbox: Store, real: Path) -> None:
    """Let a rehearsal leave out whom the campaign leaves out."""
    if real.exists():
        with Store(real) as store:
            Suppressions(sandbox).adopt(Suppressions(store))
