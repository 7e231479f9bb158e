"""The desk at which the lanes of a run get their messages and report what came of them.

It knows batch, limit and pace; it composes; it crosses the line in the ledger before a dot, and settles after it. All
of its methods may be called by several threads.
"""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from notify.actions.clock import Clock
from notify.composing import Composer
from notify.core.breaker import Breaker
from notify.core.message import Mailbox, Message
from notify.core.outcome import Action, Attempt, Loss, Outcome, Phase, Scope
from notify.core.pace import Pace
from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import Claimed, Handover
from notify.rendering import Template

#: How many recipients are leased at once; a batch of a million is not in memory.
_CLAIM = 100
#: A wait that is longer ends the run: it says when it is worth going on.
LONGEST_WAIT_S = 3600.0
_SLICE_S = 0.2


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a run takes no more messages: the user's wish, a limit, or an outcome that concerns everybody."""

    #: ``interrupted``, ``terminated``, ``limit``, ``throttled``, ``relay``
    why: str
    outcome: Outcome | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    claimed: Claimed
    message: Message
    date: dt.datetime


class Desk:
    """Serves the lanes of one run. ``report`` is called with each attempt and its outcome, by the lane's thread."""

    def __init__(
        self,
        handover: Handover,
        template: Template,
        composer: Composer,
        pace: Pace,
        report: Callable[[Attempt, Outcome], None],
        *,
        relay: str,
        limit: int | None,
        only: Sequence[str],
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or Clock()
        self._handover = handover
        self._template = template
        self._composer = composer
        self._pace = pace
        self._report = report
        self._relay = relay
        self._left = limit
        self._batch_left = 0
        self._only = only
        self._breaker = Breaker()
        self._turn = threading.Lock()
        self._waiting: deque[Claimed] = deque()
        self._held: dict[str, _Held] = {}
        self._returned: deque[_Held] = deque()
        self._accepted: dict[int, int] = {}
        #: Why no more messages are given out, once that is so.
        self.stopped: Stopped | None = None

    def open_batch(self, size: int) -> bool:
        """Let up to ``size`` more be handed over. Returns whether there is anybody to hand over to."""
        with self._turn:
            self._batch_left = size
            return self._fill()

    def has_more(self) -> bool:
        """Tell whether this batch has more messages to take."""
        with self._turn:
            return self.stopped is None and (bool(self._returned) or self._fill())

    def accepted(self) -> int:
        """Return how many messages the calling thread's relay has taken so far."""
        return self._accepted.get(threading.get_ident(), 0)

    def stop(self, stopped: Stopped) -> None:
        """Give out no more messages. The first reason stays."""
        if self.stopped is None:
            self.stopped = stopped

    def take(self) -> Message | None:
        """Return the next message when it may leave, or None when there is none to be had in this batch."""
        return self._give_out(wait=True)

    def take_at_once(self) -> Message | None:
        """Return the next message if it may leave now; None says nothing about later."""
        return self._give_out(wait=False)

    def give_back(self, message: Message) -> None:
        """Take back a message that was taken and of which nothing was sent.

        It keeps its place in batch and limit and its moment, and is the next to leave. If the run is stopped, its lease
        ends with the run.
        """
        with self._turn:
            self._returned.append(self._held.pop(message.message_id))

    def _give_out(self, *, wait: bool) -> Message | None:
        if (returned := self._returned_before()) is not None:
            return returned.message
        while (claimed := self._next(wait=wait)) is not None:
            held = self._compose(claimed)
            self._held[held.message.message_id] = held
            if claimed.digest in {None, held.message.digest}:
                return held.message
            self.finish(held.message, _CHANGED)
        return None

    def _returned_before(self) -> _Held | None:
        with self._turn:
            if self.stopped is not None or not self._returned:
                return None
            held = self._returned.popleft()
            self._held[held.message.message_id] = held
            return held

    def _next(self, *, wait: bool) -> Claimed | None:
        """Return the next recipient when its message may leave; if it never may, its lease ends with the run."""
        with self._turn:
            if self.stopped is not None or not self._fill():
                return None
            now = self._clock.now().timestamp()
            moment, place = self._first_that_may(now)
            if not wait and moment > now:
                return None
            if moment - now > LONGEST_WAIT_S:
                self.stop(Stopped("throttled", until=dt.datetime.fromtimestamp(moment, dt.UTC)))
                return None
            claimed = self._waiting[place]
            del self._waiting[place]
            self._pace.book(moment, _domain(claimed))
            self._count(-1)
        while (left := moment - self._clock.now().timestamp()) > 0 and self.stopped is None:
            self._clock.sleep(min(left, _SLICE_S))
        return claimed if self.stopped is None else None

    def _first_that_may(self, now: float) -> tuple[float, int]:
        """Return when the next message may leave, and whose: the first one whose domain is not slower than the rest."""
        soonest = self._pace.next_moment(now)
        best = (math.inf, 0)
        for place, claimed in enumerate(self._waiting):
            moment = self._pace.next_moment(now, _domain(claimed))
            if moment <= soonest:
                return moment, place
            best = min(best, (moment, place))
        return best

    def begin(self, message: Message) -> bool:
        """Cross the line: durable when it returns True, and then the dot may leave."""
        held = self._held[message.message_id]
        begun = self._handover.begin(held.claimed.id, message.digest, held.date)
        if not begun:
            del self._held[message.message_id]
            with self._turn:
                self._count(1)
        return begun

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Settle what came of a message that was taken."""
        held = self._held.pop(message.message_id)
        now = self._clock.now()
        try:
            status = self._handover.settle(held.claimed.id, outcome, now)
        except WriteError as error:
            raise WriteError(
                f"{error.message} The relay's last answer could not be recorded: {held.claimed.address}: "
                f"{outcome.answer}.",
                hint=f"{error.hint}\nThen this recipient is in doubt:  notify resolve",
            ) from error
        if status is Status.PENDING:
            with self._turn:
                self._count(1)
        if status is Status.SENT:
            self._accepted[threading.get_ident()] = self.accepted() + 1
        if outcome.action is Action.STOP or outcome.action is Action.PAUSE:
            self.stop(Stopped("relay", outcome))
        with self._turn:
            if self._breaker.note(held.claimed.id, outcome):
                self.stop(Stopped("relay", self._breaker.hold_outcome()))
        self._report(_attempt(held, outcome, status, self._relay, now), replace(outcome, status=status))

    def _fill(self) -> bool:
        """Lease some more when none are waiting; tell whether there are any that this batch may have."""
        if self._batch_left <= 0 or self._left == 0:
            return False
        if not self._waiting:
            most = min(_CLAIM, self._batch_left, _CLAIM if self._left is None else self._left)
            self._waiting += self._handover.claim(most, self._clock.now(), self._only)
        return bool(self._waiting)

    def _count(self, number: int) -> None:
        self._batch_left += number
        if self._left is not None:
            self._left += number

    def give_back_refused(self) -> int:
        """Let those wait again who were refused and not at fault; return how many. Only after all lanes have ended."""
        held = self._breaker.hold_outcome()
        return self._handover.take_back(self._breaker.taken_back(), held, self._clock.now()) if held else 0

    @property
    def limit_is_reached(self) -> bool:
        """Whether the run has handed over as many as it was allowed to."""
        return self._left == 0

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


def _attempt(held: _Held, outcome: Outcome, status: Status, relay: str, now: dt.datetime) -> Attempt:
    return Attempt(
        time=now,
        key=held.claimed.key,
        to=held.claimed.address,
        message_id=held.message.message_id,
        relay=relay,
        phase=str(outcome.phase),
        reply=str(outcome.answer),
        status=status,
        scope="" if status is Status.SENT else str(outcome.scope),
    )
