"""The dispatcher of a run: gives the channels their messages, and records what came of each.

The :class:`~notify.delivery.queue.Queue` decides who is next. Here the message is composed, recorded as begun before
its dot leaves, and its outcome is settled. The thread of the channels calls it; other threads may only call
:meth:`Dispatcher.stop` and read attributes.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from notify.composing import Composer
from notify.core.message import Envelope, Message
from notify.core.outcome import Action, Loss, Outcome, Phase, Scope
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.breaker import ANSWERS, Breaker
from notify.delivery.clock import Clock
from notify.delivery.composition import message_for
from notify.delivery.events import Over, Reason, Tried
from notify.delivery.helper import Helper
from notify.delivery.lost_answers import LOSES_ANSWERS, LostAnswers
from notify.delivery.queue import Queue
from notify.errors import BusyError, ChangedError, LockedError, NotifyError, WriteError
from notify.ledger import Claimed, Leaving
from notify.relays import Later
from notify.rendering import Template

if TYPE_CHECKING:
    from notify.ledger import Handovers

#: No session is kept open for a wait that is longer: the relay would hang up (RFC 5321, 4.5.3.2.7).
LONGEST_WAIT_S = 300.0

#: Tells by a clock why a relay is left alone since others were in trouble there, if that is so.
Notices = Callable[[Callable[[], dt.datetime]], Over | None]


@record(frozen=True, slots=True)
class _Held:
    """A message that was given out; ``since`` is how many tries the breaker had counted then."""

    claimed: Claimed
    message: Message
    date: dt.datetime
    since: int


class Dispatcher:
    """Serves the channels of one run. What was tried is told to ``report``."""

    def __init__(
        self,
        handover: Handovers,
        queue: Queue,
        template: Template,
        composer: Composer,
        report: Callable[[list[Tried]], None],
        *,
        relay: str,
        is_proven: bool,
        closes: dt.datetime | None = None,
        noticed: Notices | None = None,
        breaker: Breaker | None = None,
        lost_answers: LostAnswers | None = None,
        helper: Helper | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Serve from a ledger.

        :param is_proven: this relay has taken a message in a run before.
        :param closes: from then on nobody is handed over any more.
        :param noticed: is asked before each message.
        :param breaker: with what it has seen of this relay before.
        :param lost_answers: with what this relay has lost before.
        :param helper: has made some of the messages already.
        """
        self._clock = clock or Clock()
        self._closes = closes
        self._noticed = noticed
        self._handover = handover
        self._queue = queue
        self._template = template
        self._composer = composer
        self._helper = helper
        self._report = report
        self._relay = relay
        self._took_before = is_proven
        self._breaker = breaker or Breaker()
        self._lost_answers = lost_answers or LostAnswers()
        self._held: dict[str, _Held] = {}
        self._returned: deque[_Held] = deque()
        self._finished: list[tuple[_Held, Outcome]] = []
        self._unrecorded: list[tuple[_Held, Outcome]] = []
        # what was recorded and not told yet, with the moment of each record
        self._untold: list[tuple[list[tuple[_Held, Outcome]], list[Status], dt.datetime]] = []
        #: How many messages the relay has taken in this run, and about how many recipients it has answered.
        self.accepted = 0
        self.answers = 0
        #: Why no more messages are given out, once that is so.
        self.stopped: Over | None = None

    def open_batch(self, size: int) -> bool:
        """Let up to ``size`` more be handed over. Returns whether somebody may be, now or soon."""
        self._queue.open_batch(size)
        if not self.has_more():
            return False
        if not self._returned:
            now = self._clock.now()
            self._wait(now, self._queue.next_moment(now))
        return self.stopped is None

    def has_more(self) -> bool:
        """Tell whether this batch has more messages to take."""
        return self._is_open() and (bool(self._returned) or self._queue.fill(self._clock.now()))

    def is_due(self) -> bool:
        """Tell whether the next recipient's message may leave now. This batch must have more."""
        now = self._clock.now()
        return self._queue.fill(now) and self._queue.next_moment(now) <= now.timestamp()

    @property
    def is_proven(self) -> bool:
        """Whether this relay has ever taken a message."""
        return self.accepted > 0 or self._took_before

    @property
    def is_over(self) -> bool:
        """Whether nothing may leave any more, not even a message whose moment had come."""
        return self.stopped is not None and self.stopped.reason is not Reason.THROTTLED

    def stop(self, over: Over) -> None:
        """Give out no more messages. The first reason stays, unless another one weighs more."""
        if self.stopped is None or _weighs_more(over, self.stopped):
            self.stopped = over

    def take(self) -> Message | Later | None:
        """Return the next message if it may leave now, or when it may; None when this batch gives out no more."""
        if self._is_open() and self._returned:
            held = replace(self._returned.popleft(), since=self._breaker.counted)
            self._held[held.message.message_id] = held
            return held.message
        while isinstance(claimed := self._next(), Claimed):
            held = self._compose(claimed)
            self._held[held.message.message_id] = held
            if held.message.octets and (claimed.digest is None or claimed.digest == held.message.digest):
                return held.message
            self.finish(held.message, _NO_COPY if claimed.copy_of else _CHANGED)
            self.record(())
        return claimed

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and of which nothing was sent.

        It keeps its place in batch and limit and its moment, and is the next to leave. If the run is stopped, its lease
        ends with the run.
        """
        self._returned.append(self._held.pop(message.message_id))

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Note what came of a message that was taken, and act on it at once; the next :meth:`record` settles it."""
        held = self._held.pop(message.message_id)
        self._finished.append((held, outcome))
        if outcome.status is Status.PENDING:
            self._queue.count_back()
        self.accepted += outcome.status is Status.SENT
        self.answers += outcome.status in ANSWERS
        if outcome.action is Action.STOP or outcome.action is Action.PAUSE:
            self.stop(Over(Reason.RELAY, outcome))
        if self._breaker.note(held.claimed.id, outcome, since=held.since):
            self.stop(Over(Reason.RELAY, self._breaker.hold_outcome()))
        self._lost_answers.note(held.claimed.id, outcome)
        if self._lost_answers.are_too_many:
            self.stop(Over(Reason.RELAY, LOSES_ANSWERS))

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Settle what was finished, and record what begins: that is durable when this returns.

        Once the run is over nothing may leave any more, not even a message that was taken before.
        """
        finished, self._finished = self._finished, []
        now = self._clock.now()
        tried = [(held.claimed.id, outcome) for held, outcome in finished]
        is_over = self.is_over
        leaving = [] if is_over else [self._leaving(message) for message in beginning]
        hold = self._breaker.hold_outcome()
        excused = (self._breaker.taken_back(), hold) if hold else None
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
            if may:
                self._lost_answers.begin(self._held[message.message_id].claimed.id)
            else:
                del self._held[message.message_id]
                self._queue.count_back()
        self._untold.append((finished, statuses, now))
        return may_leave

    def catch_up(self) -> None:
        """Do what no relay should wait for: once dots have left, tell what was tried, and lease who comes later."""
        if not self._untold:
            return
        untold, self._untold = self._untold, []
        # also when nothing was tried: whoever is told has the ledger follow up
        self._report(
            [
                self._tried(held, outcome, status, now)
                for finished, statuses, now in untold
                for (held, outcome), status in zip(finished, statuses, strict=True)
            ]
        )
        if self._is_open():
            self._queue.fill(self._clock.now())

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
        """Tell whether messages are given out; no more after the deadline, or when others saw the relay in trouble."""
        if self._closes is not None and self._clock.now() >= self._closes:
            self.stop(Over(Reason.DEADLINE))
        if self._noticed and self.stopped is None and (over := self._noticed(self._clock.now)):
            self.stop(over)
        return self.stopped is None

    def _next(self) -> Claimed | Later | None:
        """Return the next recipient if its message may leave now, or when it may."""
        now = self._clock.now()
        if self.stopped is not None or not self._queue.fill(now, ahead=False):
            return None
        taken = self._queue.take(now)
        return taken if isinstance(taken, Claimed) else self._wait(now, taken)

    def _wait(self, now: dt.datetime, moment: float) -> Later | None:
        """Return how long to wait until ``moment``; a run that would have to wait too long is stopped."""
        seconds = moment - now.timestamp()
        if seconds > LONGEST_WAIT_S:
            self.stop(Over(Reason.THROTTLED, until=dt.datetime.fromtimestamp(moment, dt.UTC)))
            return None
        return Later(seconds)

    def _tried(self, held: _Held, outcome: Outcome, status: Status, now: dt.datetime) -> Tried:
        outcome = outcome if outcome.status is status else replace(outcome, status=status)
        return Tried(now, held.claimed, self._relay, outcome)

    def _compose(self, claimed: Claimed) -> _Held:
        if self._helper and (made := self._helper.take(claimed)):
            return _Held(claimed, *made, self._breaker.counted)
        date = claimed.date or self._clock.now().astimezone().replace(microsecond=0)
        try:
            message = message_for(claimed, date, self._template, self._composer)
        except ChangedError:
            if claimed.digest is None and claimed.copy_of is None:
                raise
            # a file of its own is not what it was when the dot left: the same message cannot be made any more
            message = Message(Envelope("", claimed.address), claimed.message_id, b"")
        return _Held(claimed, message, date, self._breaker.counted)


#: A relay may have accepted a message that it refused with 4xx after the dot. Only the same octets may be sent again.
_CHANGED = Outcome(
    status=Status.FAILED,
    scope=Scope.MESSAGE,
    action=Action.GO_ON,
    phase=Phase.BODY,
    answer=Loss("the message has changed since it was handed over once"),
    words="It is not sent in another form by itself. If you want that:  notify resolve --again ADDR",
)


#: A copy is the message that it copies, and nothing else.
_NO_COPY = replace(
    _CHANGED, words="A file that only this message had is another one by now: no copy of it can be made."
)


def _weighs_more(over: Over, than: Over) -> bool:
    """Tell whether ``over`` outweighs ``than``: anything outweighs a limit of time, lasting trouble one that passes."""
    if than.reason is Reason.THROTTLED:
        return over.reason is not Reason.THROTTLED
    return than.is_passing and over.reason is Reason.RELAY and not over.is_passing


def _with_answers(error: NotifyError, finished: Sequence[tuple[_Held, Outcome]]) -> NotifyError:
    """Say what the relay has answered that could not be recorded: nobody else knows it."""
    if not finished:
        return error
    answers = ", ".join(f"{held.claimed.address}: {outcome.answer}" for held, outcome in finished)
    return type(error)(
        f"{error.message} The relay's last answers could not be recorded: {answers}.",
        hint=f"{error.hint}\nThose who are in doubt then:  notify resolve",
    )
