"""``notify send`` where the ledger is in a database: workers deliver, and this command places, or follows them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from notify.cli.exits import Exit
from notify.cli.screen import how_many, note, warn
from notify.cli.send_progress import SendProgress
from notify.delivery.events import Over, Reason

if TYPE_CHECKING:
    from notify.actions.placing import Placement, Standing
    from notify.actions.run import Run
    from notify.actions.send import Plan
    from notify.cli.signals import Signals
    from notify.core.outcome import Attempt
    from notify.ledger import NewAttempts

#: So often it is looked how far they are.
_LOOKS_S = 1.0


def place(run: Run, plan: Plan, *, trust: bool) -> Placement:
    """Place what a run has enrolled, and say how many that are and who is there to deliver it."""
    from notify.actions import placing

    done = placing.place(run, plan, dt.datetime.now(dt.UTC), trust=trust)
    if done.portions:
        who = how_many(plan.waiting + plan.copies_due, "message")
        note(f"Placed: {who}, in {how_many(done.portions, 'portion')}.")
    elif done.open.open:
        note(f"Placed before, and not over yet: {how_many(done.open.open, 'portion')}.")
    else:
        note("Nobody is to be placed now.")
    if done.workers:
        names = ", ".join(f"{one.host} ({one.pid})" for one in done.workers[:5])
        more = f" and {len(done.workers) - 5:,} more" if len(done.workers) > 5 else ""
        there = how_many(len(done.workers), "worker delivers", "workers deliver")
        note(f"{there}: {names}{more}. How far they are:  notify status")
    else:
        warn("No worker is there, so nothing leaves yet. Start one, on any machine:  notify worker")
    return done


class Following:
    """Follows what workers do, until that is over or a signal comes; it stops nobody but itself."""

    def __init__(self, run: Run, *, as_json: bool) -> None:
        self._run = run
        self._as_json = as_json
        self._stopped: Reason | None = None

    def stop(self, reason: Reason) -> None:
        """Follow no more. Called by a signal handler."""
        self._stopped = self._stopped or reason

    def until_over(self, plan: Plan, signals: Signals) -> tuple[Over, Standing]:
        """Show how far it is until it is over; return how it ended, and how things stand."""
        from notify.actions.placing import place_copies, standing
        from notify.ledger import NewAttempts

        signals.attach(self)
        now = standing(self._run.job)
        began, new = now.done, NewAttempts(self._run.job.store, self._attempts, self._latest())
        with SendProgress(plan.total, plan.orders.batch, list) as progress:
            while self._stopped is None:
                now = standing(self._run.job)
                progress.advance_to(now.done - began)
                self._emit(new)
                if now.is_over and (now.held or not place_copies(self._run, _now())):
                    break
                time.sleep(_LOOKS_S)
        return Over(self._stopped or Reason.EXHAUSTED), now

    def _latest(self) -> int:
        """Return the number of the latest attempt; those after it are written where that is asked for."""
        return max((number for number, _ in self._attempts(0)), default=0) if self._as_json else 0

    def _attempts(self, after: int) -> Iterator[tuple[int, Attempt]]:
        copies = self._run.copying.job.record if self._run.copying else None
        return self._run.job.reports().attempts(after, copies)

    def _emit(self, new: NewAttempts) -> None:
        from notify.cli.send_delivery import emit

        for attempt in new.look() if self._as_json else ():
            emit(attempt)


def say_how_it_ended(over: Over, now: Standing) -> Exit | None:
    """Say why this command follows no more, where the summary does not say it; return the exit status of that."""
    if now.held:
        warn(f"{now.held.who} has held the campaign, so that nobody goes on: {now.held.why}")
        note("To go on:  notify send")
        return Exit.REFUSED
    if over.reason is Reason.EXHAUSTED:
        return None
    note("The workers go on. How far they are:  notify status")
    note("To stop them:  notify workers --stop")
    return Exit.INTERRUPTED if over.reason is Reason.INTERRUPTED else Exit.AGAIN_LATER


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
