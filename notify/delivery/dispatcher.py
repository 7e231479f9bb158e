"""The dispatcher at which the channels of a run get their messages and report what came of them.

It knows batch, limit and pace; it composes; it crosses the line in the ledger before a dot, and settles after it. The
channels' thread calls it; only :meth:`Dispatcher.stop` and what is read from it are for others.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from notify.composing import Composer
from notify.core.message import Mailbox, Message
from notify.core.outcome import Action, Attempt, Loss, Outcome, Phase, Scope
from notify.core.pace import Pace
from notify.core.status import Status
from notify.delivery.breaker import Breaker
from notify.delivery.clock import Clock
from notify.errors import BusyError, LockedError, NotifyError, WriteError
from notify.ledger import Claimed, Handover, Leaving
from notify.relays import Later
from notify.rendering import Template

#: How many recipients are leased at once; a batch of a million is not in memory.
_CLAIM = 100
#: How soon it is looked again for somebody at a domain that is not held up: who was deferred may be due by then.
_LOOK_AGAIN_S = 60.0
#: No session is kept open for a wait that is longer: the relay would hang up (RFC 5321, 4.5.3.2.7).
LONGEST_WAIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a run takes no more messages: the user's wish, a limit, or an outcome that concerns everybody."""

    #: ``interrupted``, ``terminated``, ``throttled``, ``deadline``, ``relay``
    why: str
    outcome: Outcome | None = None
    until: dt.datetime | None = None

    @property
    def is_for_the_deadline(self) -> bool:
        """Whether the campaign's deadline has passed."""
        return self.why == "deadline"

    @property
    def lets_leave(self) -> bool:
        """Whether those still leave whose moment had come."""
        return self.why == "throttled"

    def yields_to(self, other: Stopped) -> bool:
        """Tell whether another reason weighs more: any other than a limit, lasting trouble than trouble that passes."""
        if self.lets_leave:
            return not other.lets_leave
        return self._passes and other.why == "relay" and not other._passes

    @property
    def _passes(self) -> bool:
        return self.outcome is not None and self.outcome.action is not Action.STOP


@dataclass(frozen=True, slots=True)
class _Held:
    claimed: Claimed
    message: Message
    date: dt.datetime


class Dispatcher:
    """Serves the channels of one run. ``report`` is called with the attempts of each record and their outcomes."""

    def __init__(
        self,
        handover: Handover,
        template: Template,
        composer: Composer,
        pace: Pace,
        report: Callable[[list[tuple[Attempt, Outcome]]], None],
        *,
        relay: str,
        took_before: bool,
        limit: int | None,
        only: Sequence[str],
        closes: dt.datetime | None = None,
        breaker: Breaker | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Serve from a ledger.

        :param took_before: whether the relay has ever taken a message.
        :param closes: from then on nobody is handed over any more.
        :param breaker: with what it has seen of this relay before.
        """
        self._clock = clock or Clock()
        self._closes = closes
        self._handover = handover
        self._template = template
        self._composer = composer
        self._pace = pace
        self._report = report
        self._relay = relay
        self._left = limit
        self._batch_left = 0
        self._only = only
        self._breaker = breaker or Breaker()
        self._waiting: deque[Claimed] = deque()
        # domains and until when; and when it was last looked in vain for who is at none of them
        self._held_up: dict[str, float] = {}
        self._looked_past: set[str] = set()
        self._look_again = 0.0
        self._held: dict[str, _Held] = {}
        self._returned: deque[_Held] = deque()
        self._finished: list[tuple[_Held, Outcome]] = []
        self._unrecorded: list[tuple[_Held, Outcome]] = []
        self._took_before = took_before
        #: How many messages the relay has taken in this run.
        self.accepted = 0
        #: Why no more messages are given out, once that is so.
        self.stopped: Stopped | None = None

    def open_batch(self, size: int) -> bool:
        """Let up to ``size`` more be handed over. Returns whether anybody is there who may be soon."""
        self._batch_left = size
        if not self.has_more():
            return False
        if not self._returned:
            now = self._clock.now().timestamp()
            self._wait(now, self._choose(now)[0])
        return self.stopped is None

    def has_more(self) -> bool:
        """Tell whether this batch has more messages to take."""
        return self._is_open() and (bool(self._returned) or self._fill())

    @property
    def is_proven(self) -> bool:
        """Whether this relay has ever taken a message."""
        return self.accepted > 0 or self._took_before

    @property
    def is_over(self) -> bool:
        """Whether not even those may leave whose moment had come."""
        return self.stopped is not None and not self.stopped.lets_leave

    def stop(self, stopped: Stopped) -> None:
        """Give out no more messages. The first reason stays, unless another one weighs more."""
        if self.stopped is None or self.stopped.yields_to(stopped):
            self.stopped = stopped

    def take(self) -> Message | Later | None:
        """Return the next message if it may leave now, or when it may; None when this batch has none to be had."""
        if self._is_open() and self._returned:
            held = self._returned.popleft()
            self._held[held.message.message_id] = held
            return held.message
        while isinstance(claimed := self._next(), Claimed):
            held = self._compose(claimed)
            self._held[held.message.message_id] = held
            if claimed.digest is None or claimed.digest == held.message.digest:
                return held.message
            self.finish(held.message, _CHANGED)
            self.record(())
        return claimed

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and of which nothing was sent.

        It keeps its place in batch and limit and its moment, and is the next to leave. If the run is stopped, its lease
        ends with the run.
        """
        self._returned.append(self._held.pop(message.message_id))

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Note what came of a message that was taken, and heed it at once; the next :meth:`record` settles it."""
        held = self._held.pop(message.message_id)
        self._finished.append((held, outcome))
        if outcome.status is Status.PENDING:
            self._count(1)
        elif outcome.status is Status.SENT:
            self.accepted += 1
        if outcome.action is Action.STOP or outcome.action is Action.PAUSE:
            self.stop(Stopped("relay", outcome))
        if self._breaker.note(held.claimed.id, outcome):
            self.stop(Stopped("relay", self._breaker.hold_outcome()))

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Settle what was finished, and cross the line: what may leave is durable when this returns.

        When the run is over nothing may leave any more, though it was taken before.
        """
        finished, self._finished = self._finished, []
        now = self._clock.now()
        tried = [(held.claimed.id, outcome) for held, outcome in finished]
        is_over = self.is_over
        leaving = [] if is_over else [self._leaving(message) for message in beginning]
        held = self._breaker.hold_outcome()
        excused = (self._breaker.taken_back(), held) if held else None
        try:
            statuses, begun = self._handover.record(tried, leaving, now, excused)
        except LockedError:
            # the ledger may be free again when others are recorded
            self._finished = finished + self._finished
            raise
        except (WriteError, BusyError) as error:
            self._unrecorded += finished
            raise _with_answers(error, self._unrecorded) from error
        may_leave = [False] * len(beginning) if is_over else begun
        for message, may in zip(beginning, may_leave, strict=True):
            if not may:
                del self._held[message.message_id]
                self._count(1)
        if finished:
            settled = zip(finished, statuses, strict=True)
            self._report([self._told(held, outcome, status, now) for (held, outcome), status in settled])
        return may_leave

    def settle_up(self) -> None:
        """Record what another process has kept from being recorded, if there is anything.

        :raises NotifyError: it still cannot be; it says what the relay had answered.
        """
        if self._finished:
            try:
                self.record(())
            except LockedError as error:
                raise _with_answers(error, self._finished) from error

    def _leaving(self, message: Message) -> Leaving:
        held = self._held[message.message_id]
        return Leaving(held.claimed.id, message.digest, held.date)

    def _is_open(self) -> bool:
        """Tell whether messages are given out; when the deadline has passed, no more."""
        if self._closes is not None and self._clock.now() >= self._closes:
            self.stop(Stopped("deadline"))
        return self.stopped is None

    def _next(self) -> Claimed | Later | None:
        """Return the next recipient if its message may leave now, or when it may."""
        if self.stopped is not None or not self._fill():
            return None
        now = self._clock.now().timestamp()
        moment, place = self._choose(now)
        if moment > now:
            return self._wait(now, moment)
        claimed = self._waiting[place]
        del self._waiting[place]
        self._pace.book(now, _domain(claimed))
        self._count(-1)
        return claimed

    def _choose(self, now: float) -> tuple[float, int]:
        """Return when to look for a message again, and whose may leave if that is now."""
        soonest = self._pace.next_moment(now)
        moment, place = self._first_that_may(now, soonest)
        while moment > soonest and self._look_past(now, soonest):
            moment, place = self._first_that_may(now, soonest)
        if moment > now:
            moment = max(soonest, min([moment, *self._held_up.values()]))
        return moment, place

    def _wait(self, now: float, moment: float) -> Later | None:
        """Return how long to wait; a run that would have to wait too long is stopped."""
        if moment - now > LONGEST_WAIT_S:
            self.stop(Stopped("throttled", until=dt.datetime.fromtimestamp(moment, dt.UTC)))
            return None
        return Later(moment - now)

    def _first_that_may(self, now: float, soonest: float) -> tuple[float, int]:
        """Return when the next message may leave, and whose: the first one whose domain is not slower than the rest."""
        best = (math.inf, 0)
        for place, claimed in enumerate(self._waiting):
            moment = self._pace.next_moment(now, _domain(claimed))
            if moment <= soonest:
                return moment, place
            best = min(best, (moment, place))
        return best

    def _look_past(self, now: float, soonest: float) -> bool:
        """Exchange those that wait, all held up by their own domains, for others; tell whether there are any."""
        slow = {_domain(claimed) for claimed in self._waiting}
        self._held_up |= {domain: self._pace.next_moment(now, domain) for domain in slow}
        self._held_up = {domain: moment for domain, moment in self._held_up.items() if moment > soonest}
        if now < self._look_again and slow == self._looked_past:
            return False
        others = self._lease(without=self._held_up)
        if not others:
            self._looked_past, self._look_again = slow, min(now + _LOOK_AGAIN_S, *self._held_up.values())
            return False
        self._handover.give_back(claimed.id for claimed in self._waiting)
        self._waiting = deque(others)
        return True

    def _fill(self) -> bool:
        """Lease some more when none are waiting; tell whether there are any that this batch may have."""
        if self._batch_left <= 0 or self._left == 0:
            return False
        if not self._waiting:
            self._waiting += self._lease()
        return bool(self._waiting)

    def _lease(self, without: Collection[str] = ()) -> list[Claimed]:
        most = min(_CLAIM, self._batch_left, _CLAIM if self._left is None else self._left)
        return self._handover.claim(most, self._clock.now(), self._only, without)

    def _count(self, number: int) -> None:
        self._batch_left += number
        if self._left is not None:
            self._left += number

    @property
    def limit_is_reached(self) -> bool:
        """Whether the run has handed over as many as it was allowed to."""
        return self._left == 0

    def _told(self, held: _Held, outcome: Outcome, status: Status, now: dt.datetime) -> tuple[Attempt, Outcome]:
        attempt = Attempt(
            time=now,
            key=held.claimed.key,
            to=held.claimed.address,
            message_id=held.message.message_id,
            relay=self._relay,
            phase=str(outcome.phase),
            reply=str(outcome.answer),
            status=status,
            scope="" if status is Status.SENT else str(outcome.scope),
        )
        return attempt, replace(outcome, status=status)

    def _compose(self, claimed: Claimed) -> _Held:
        date = claimed.date or self._clock.now().astimezone().replace(microsecond=0)
        content = self._template.render(
            claimed.language, claimed.salutation, claimed.fields, f"the contact {claimed.address}"
        )
        message = self._composer.compose(content, Mailbox(claimed.name, claimed.address), claimed.message_id, date)
        return _Held(claimed, message, date)


#: A relay may have accepted a message that it refused with 4xx after the dot. Only the same octets again are harmless.
_CHANGED = Outcome(
    status=Status.FAILED,
    scope=Scope.MESSAGE,
    action=Action.GO_ON,
    phase=Phase.BODY,
    answer=Loss("the message has changed since it was handed over once"),
    words="It is not sent in another form by itself. If you want that:  notify resolve --again ADDR",
)


def _domain(claimed: Claimed) -> str:
    return claimed.address.rpartition("@")[2].lower()


def _with_answers(error: NotifyError, finished: Sequence[tuple[_Held, Outcome]]) -> NotifyError:
    """Say what the relay has answered that could not be recorded: nobody else knows it."""
    if not finished:
        return error
    answers = ", ".join(f"{held.claimed.address}: {outcome.answer}" for held, outcome in finished)
    return type(error)(
        f"{error.message} The relay's last answers could not be recorded: {answers}.",
        hint=f"{error.hint}\nThose who are in doubt then:  notify resolve",
    )
