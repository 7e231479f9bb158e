"""What a worker does while the database can be used: one turn after the other, each with one campaign."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from notify.actions.work_beat import Beat, Turn, fill
from notify.actions.work_campaign import ORDERS, Machine
from notify.actions.work_events import Aside, Began, Fenced, Holding, WorkEvent
from notify.actions.work_opened import OpenCampaign, OpenCampaigns
from notify.core.outcome import Outcome
from notify.delivery.clock import Clock
from notify.delivery.events import Over, Reason
from notify.delivery.failover import Failover, is_its_own
from notify.errors import (
    BusyError,
    ConfigError,
    FencedError,
    InputError,
    LoginError,
    NotifyError,
    OlderError,
    WriteError,
)
from notify.ledger import Database, open_store, set_reached_aside, state_folder
from notify.ledger.postgres.commissions import Commissions
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portions import Lease, Portions
from notify.ledger.postgres.workers import Workers
from notify.placing import Arrivals, Placed, Queue, Server

if TYPE_CHECKING:
    from notify.ledger.postgres.store import PostgresStore

#: For so long a lease holds that is not renewed, which each beat does: then others take over what a worker has.
LEASE_S, _DOT_S = 12.0, 4.0
#: So long it is waited for a portion before it is looked again whether anything has changed.
_LOOKS_S = 0.5
#: What a relay cannot take now is left for as long as it wants, but it is looked again after this. Nothing is put off
#: for all: other workers may have other relays.
_PUT_OFF = dt.timedelta(seconds=30)
#: So long a worker that leaves a campaign to others waits before it looks at the next portion.
_LEAVES_S = 0.25
#: What a person has to mend on this machine is looked at again after this.
_NOT_HERE = dt.timedelta(minutes=1)
#: And what is only a matter of moments.
_A_MOMENT = dt.timedelta(seconds=1)
#: So long one campaign has its turn while others wait.
_TURN = dt.timedelta(seconds=20)


def server_of(place: Database) -> Server:
    """Return where the queue of a ledger is."""
    from notify.ledger.postgres.connection import parameters

    return Server(place.url, lambda: parameters(place), f"{place.schema}_placing")


class Shift:
    """A worker with its connections to the database, in a ``with``.

    :raises WriteError: by every method: the database cannot be used.
    """

    def __init__(self, place: Database, machine: Machine, clock: Clock, sent: Callable[[], int]) -> None:
        """Prepare.

        :param sent: returns how many messages this worker has handed over.
        """
        self._place = place
        self._machine = machine
        self._clock = clock
        self._sent = sent
        #: Of this shift, and of no other one, now or later: the owner of its leases.
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopped: Reason | None = None
        self._delivery: Failover | None = None
        self._waiting: deque[Placed] = deque()
        self._aside: dict[int, dt.datetime] = {}
        self._told: dict[int, str] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._store = cast("PostgresStore", stack.enter_context(open_store(self._place)))
            self._see_where_it_is()
            beside = cast("PostgresStore", stack.enter_context(open_store(self._place)))
            server = server_of(self._place)
            self._queue = stack.enter_context(Queue(server))
            self._arrivals = stack.enter_context(Arrivals(server))
            self._beat = stack.enter_context(Beat(self._owner, beside, self._queue, self._clock, self._sent))
            self._portions, self._commissions = Portions(self._store), Commissions(self._store)
            self._workers = Workers(self._store)
            self._opened = stack.enter_context(OpenCampaigns(self._store, self._machine, self._clock))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._arrivals.stop()
        self._stack.__exit__(kind, error, trace)

    def _see_where_it_is(self) -> None:
        try:
            self._store.check()
        except WriteError:
            # before its user trusts it each machine has said whom it has reached
            set_reached_aside(self._store, state_folder(os.environ), self._clock.now())
            raise

    @property
    def per_s(self) -> float:
        """How many messages a second were handed over lately."""
        return self._beat.per_s

    @property
    def connections(self) -> int:
        """How many connections to relays are open."""
        return len(self._delivery.phases) if self._delivery else 0

    def stop(self, reason: Reason) -> None:
        """Finish what is in flight and begin nothing more; asked a second time, close the connections at once."""
        self._stopped = reason
        if self._delivery is not None:
            self._delivery.stop(reason)

    def anything_open(self) -> bool:
        """Tell whether a portion is open that is not put off."""
        if self._waiting or self._queue.portions():
            return True
        self._beat.gather()
        fill(self._workers, self._queue)
        return self._workers.anything_open()

    def one_turn(self) -> Iterator[WorkEvent]:
        """Wait for a portion, for a moment, and hand over its campaign until something else is to be done."""
        if self._beat.error is not None:
            raise self._beat.error
        if (placed := self._next(_LOOKS_S)) is None:
            return
        now = self._clock.now()
        if self._aside.get(placed.campaign, now) > now:
            self._leave_to_others(placed)
            return
        try:
            campaign = self._opened.at(placed.campaign)
        except (ConfigError, LoginError) as error:
            self._leave_to_others(placed)
            yield from self._set_aside(placed.campaign, error, now + _NOT_HERE)
        except BusyError:
            self._arrivals.put_back(placed, now + _A_MOMENT)
        except (OlderError, InputError) as error:
            self._arrivals.put_back(placed, now + _NOT_HERE)
            yield from self._hold(placed.campaign, error.message, error.hint)
        else:
            if campaign is None:
                # it is held, and comes back when it is placed again
                self._arrivals.done(placed)
            elif (lease := self._leased(placed)) is not None:
                yield from self._deliver(campaign, lease)

    def _leave_to_others(self, placed: Placed) -> None:
        """Give back a portion whose campaign this worker leaves alone for now: others may well go on with it.

        It goes behind all that waits, and the next one is looked at after a while: where nobody else is there, these
        two would hand it to and fro without an end.
        """
        self._arrivals.put_back(placed, is_first=False)
        pause = dt.timedelta(seconds=_LEAVES_S)
        self._clock.wait(self._clock.now() + pause, _LEAVES_S, lambda: self._stopped is not None)

    def _next(self, wait_s: float) -> Placed | None:
        """Return a portion that has arrived."""
        if self._waiting:
            return self._waiting.popleft()
        return self._arrivals.next(wait_s)

    def _leased(self, placed: Placed) -> Lease | None:
        """Lease a portion that was placed with us; from then on the queue need not know of it."""
        try:
            return self._portions.take_that(self._owner, placed.portion, self._clock.now(), lease_s=LEASE_S)
        finally:
            self._arrivals.done(placed)

    def _more(self, campaign: OpenCampaign) -> Lease | None:
        """Lease another portion of the campaign that is delivered; None where there is none, or others have a turn."""
        while self._stopped is None and (placed := self._next(0)) is not None:
            if placed.campaign != campaign.job.record.number:
                self._waiting.append(placed)
                return None
            if (lease := self._leased(placed)) is not None:
                return lease
        return None

    def _deliver(self, campaign: OpenCampaign, lease: Lease) -> Iterator[WorkEvent]:
        """Deliver a campaign under a lease, and whatever else of it is placed with us; then let go of what is left."""
        since = self._clock.now()
        leases = Leases(self._store, self._owner, lambda: self._more(campaign), lease_s=LEASE_S, dot_s=_DOT_S)
        leases.add(lease)
        delivery = Failover(campaign.job_with(leases), campaign.accounts, ORDERS, self._clock, waits=False)
        self._begin(delivery, campaign, leases, since)
        over: Over | None = None
        try:
            if campaign.is_new:
                yield Began(campaign.job.record.id)
            for event in delivery.events():
                if isinstance(event, Over):
                    over = event
                else:
                    yield event
        except FencedError:
            yield Fenced(campaign.job.record.id)
        except BusyError:
            pass
        except WriteError:
            raise
        except NotifyError as error:
            yield from self._hold(lease.campaign, error.message, error.hint)
        finally:
            self._delivery = None
            self._beat.attend(None)
        if over is not None:
            yield from self._heed(campaign, over)
        self._let_go(leases)

    def _begin(self, delivery: Failover, campaign: OpenCampaign, leases: Leases, since: dt.datetime) -> None:
        """Let signals and the beat reach what is delivered."""
        self._delivery = delivery
        if self._stopped is not None:
            delivery.stop(self._stopped)

        def end() -> None:
            campaign.is_stale = True
            delivery.stop(Reason.TERMINATED)

        def pause() -> None:
            others_wait = any(placed.campaign != campaign.job.record.number for placed in self._arrivals.held)
            if others_wait and self._clock.now() - since > _TURN:
                delivery.stop(Reason.TERMINATED)

        self._beat.attend(Turn(campaign.job.record, campaign.bundled, campaign.fingerprint, leases, end, pause))

    def _let_go(self, leases: Leases) -> None:
        """Give back what is left of the portions, and let others have it."""
        left = leases.held()
        leases.free()
        self._queue.put([Placed(lease.portion.id, lease.campaign) for lease in left])

    def _heed(self, campaign: OpenCampaign, over: Over) -> Iterator[WorkEvent]:
        """Do what the end of a delivery asks for: leave the campaign alone for a while, or hold it for everybody."""
        number, outcome = campaign.job.record.number, over.outcome
        now = self._clock.now()
        if over.is_passing or over.reason is Reason.EARLY:
            until = min(over.until or now + _PUT_OFF, now + _PUT_OFF)
            self._aside[number] = until
            if outcome is not None:
                yield from self._set_aside(number, _as_error(outcome), over.until or until)
        elif over.reason is Reason.RELAY and outcome is not None:
            if is_its_own(outcome):
                campaign.is_stale = True
                self._aside[number] = now + _NOT_HERE
                yield from self._set_aside(number, _as_error(outcome), now + _NOT_HERE)
            else:
                yield from self._hold(number, f"{outcome.answer} ({outcome.phase})", outcome.words)
        else:
            self._told.pop(number, None)

    def _set_aside(self, campaign: int, why: NotifyError, until: dt.datetime) -> Iterator[WorkEvent]:
        """Say, once, why a campaign is left alone by this worker."""
        self._aside[campaign] = max(until, self._aside.get(campaign, until))
        self._beat.trouble = why.message
        if self._told.get(campaign) != why.message:
            self._told[campaign] = why.message
            yield Aside(self._commissions.record_of(campaign).id, why.message, until, why.hint)

    def _hold(self, campaign: int, why: str, hint: str) -> Iterator[WorkEvent]:
        """Let nobody deliver a campaign until its user has looked."""
        self._commissions.hold(campaign, f"{why}\n{hint}".strip(), socket.gethostname(), self._clock.now())
        self._opened.forget(campaign)
        yield Holding(self._commissions.record_of(campaign).id, why, hint)


def _as_error(outcome: Outcome) -> BusyError:
    return BusyError(f"{outcome.answer} ({outcome.phase})", hint=outcome.words)
