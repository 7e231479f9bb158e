"""As many connections to a relay as it may have, kept busy until there is nothing left to hand over.

Opening a session blocks, with all that can go wrong there, so each is opened by a thread of its own; one thread then
drives them all.

A connection that is lost is replaced, at once or after a short wait (:mod:`~notify.delivery.patience`). While others
work, one that the relay does not want is done without; when none is left and the patience is at its end, the relay
counts as away and the run ends. No more are opened than have something to write: on those that only wait for the pace a
relay may hang up.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping

from notify.accounts import Account, Session, open_session
from notify.core.outcome import Action, Loss, Outcome, Phase
from notify.core.record import record
from notify.core.verdict import given_up
from notify.delivery.clock import Clock
from notify.delivery.dispatcher import Dispatcher
from notify.delivery.events import Over, Reason
from notify.delivery.patience import WAITS_S, Patience
from notify.delivery.routes import Route
from notify.errors import WriteError
from notify.relays import Channel, End, Ended, EventLoop, Wire

_LOG = logging.getLogger(__name__)

#: What took so many seconds to fail is no passing loss.
_SLOW_S = 20.0


@record(frozen=False, slots=True)
class _Place:
    """One of the connections that a route may have.

    ``fruitless`` is how many in a row have carried nothing on it, ``wait_s`` what passes before the next is opened, and
    ``since`` how many losses the relay had when it was begun.
    """

    fruitless: int = 0
    wait_s: float = 0.0
    since: int = 0


@record(frozen=True, slots=True)
class _Arrival:
    """What came of opening a session on a place; ``is_slow``: it took its time."""

    place: _Place
    opened: Session | Outcome | Exception
    is_slow: bool = False


class Connections:
    """The connections of one batch. Other threads may use only :meth:`wake`, :meth:`abort` and ``phases``.

    The first is opened alone, so that a wrong password is tried once. The others follow when the relay has taken a
    message of this run: so a text that it refuses is offered to it only once, and after trouble it is not rushed.
    """

    def __init__(
        self,
        account: Account,
        route: Route,
        dispatcher: Dispatcher,
        clock: Clock,
        *,
        taken: int = 0,
        patience: Patience | None = None,
    ) -> None:
        """Prepare.

        :param taken: how many of the route's connections earlier batches still open; at least one is left in any case.
        :param patience: with what this run has seen of the relay before.
        """
        self._account = account
        self._clock = clock
        self._patience = patience or Patience()
        self._is_let_in = False
        #: The route as it has turned out to be: without pipelining, when the relay has lost commands.
        self.route = route
        self._dispatcher = dispatcher
        self._loop = EventLoop(dispatcher, clock.sleep)
        self._places: dict[Channel, _Place] = {}
        self._unopened = [_Place() for _ in range(max(1, route.relay.connections - taken))]
        self._opening = 0
        self._turn = threading.Lock()
        self._arrived: deque[_Arrival] = deque()
        self._is_over = False

    @property
    def phases(self) -> list[Phase | None]:
        """The phase of each connection; None for one that waits until the next message may leave."""
        opening: list[Phase | None] = [] if self._is_over else [Phase.CONNECT] * self._opening
        return opening + self._loop.phases

    @property
    def opening(self) -> int:
        """How many sessions are still being opened, also when nobody waits for them any more."""
        return self._opening

    def wake(self) -> None:
        """Make the loop notice at once that the dispatcher gives out no more messages."""
        self._loop.wake()

    def abort(self) -> None:
        """Close all connections at once."""
        self._loop.abort()

    def serve(self) -> None:
        """Hand over until this batch has no more messages, or the dispatcher gives out no more.

        After a failure on one connection the messages that are under way on the others are finished first.

        :raises WriteError: the ledger cannot be written any more.
        :raises BusyError: another process kept this one from recording what was to leave.
        """
        failures = self._loop.failures
        with self._loop as loop, contextlib.closing(self):
            self._open_more()
            is_wanted = True
            while loop.busy or (self._opening and is_wanted and not self._dispatcher.is_over):
                ended = loop.turn()
                try:
                    self._dispatcher.catch_up()
                    for channel, how in ended:
                        self._follow(self._places.pop(channel), how)
                    self._let_in()
                    self._open_more()
                    is_wanted = loop.busy or self._dispatcher.has_more()
                except Exception as error:  # noqa: BLE001  # the others have dots under way; it is raised at the end
                    failures.append(error)
                if failures:
                    self._dispatcher.stop(Over(Reason.RELAY))
                if self._dispatcher.is_over:
                    loop.abandon()
        if failures:
            self._dispatcher.settle_up()
            self._dispatcher.catch_up()
            # the last error about a broken ledger names all the answers that could not be recorded
            raise next((error for error in reversed(failures) if isinstance(error, WriteError)), failures[0])

    def _follow(self, place: _Place, ended: Ended) -> None:
        """Free the place of a session that has ended; end the run where that is the relay's last word."""
        if ended.end is End.UNHEARD:
            self.route = self.route.without_pipelining()
        place.fruitless = 0 if ended.sent else place.fruitless + 1
        place.wait_s = 0.0
        if ended.end is End.RECONNECT and ended.outcome is not None:
            silent = isinstance(ended.outcome.answer, Loss) and ended.outcome.answer.silent
            self._bear(place, ended.outcome, is_slow=silent and not ended.sent)
        elif ended.end in (End.PAUSE, End.STOP) and ended.outcome is not None:
            self._dispatcher.stop(Over(Reason.RELAY, ended.outcome))
        else:
            self._unopened.append(place)

    def _bear(self, place: _Place, lost: Outcome, *, is_slow: bool) -> None:
        """Free a place whose connection was lost, do without it, or count the relay as away."""
        wait_s = self._patience.wait_s(lost, answers=self._dispatcher.answers, since=place.since, is_slow=is_slow)
        others_work = bool(self._places)
        if wait_s is not None and not (others_work and place.fruitless >= len(WAITS_S)):
            place.wait_s = wait_s
            self._unopened.append(place)
        elif others_work or self._opening or not self._dispatcher.has_more():
            _LOG.info("%s is written to on fewer connections: %s", self.route.name, lost.answer)
        else:
            self._dispatcher.stop(Over(Reason.RELAY, given_up(lost)))

    def _let_in(self) -> None:
        """Begin a channel on each session that was opened."""
        while self._arrived:
            arrival = self._arrived.popleft()
            self._opening -= 1
            opened, place = arrival.opened, arrival.place
            if isinstance(opened, Exception):
                raise opened
            if isinstance(opened, Outcome):
                self._refused(place, opened, is_slow=arrival.is_slow)
            else:
                self._is_let_in = True
                most = self.route.relay.messages_per_connection
                wire = Wire(opened.sock, replies=opened.replies, redaction=opened.redaction)
                channel = self._loop.add(wire, self._features(opened), messages_per_session=most)
                self._places[channel] = place

    def _refused(self, place: _Place, refused: Outcome, *, is_slow: bool) -> None:
        """Go on with the connections that there are; if there are none, try again where that may help.

        A login that is refused is not tried again, unless the relay has just let us in with the same one.
        """
        is_known = refused.phase is Phase.AUTH and (self._is_let_in or self._dispatcher.answers > 0)
        if refused.action is Action.STOP and not is_known:
            self._dispatcher.stop(Over(Reason.RELAY, refused))
        elif self._places or (refused.phase is Phase.AUTH and self._opening):
            # a login that is refused on one is not tried by all of them
            _LOG.info("%s takes no more connections at a time: %s", self.route.name, refused.answer)
        elif refused.action is Action.PAUSE:
            if not self._opening and self._dispatcher.has_more():
                self._dispatcher.stop(Over(Reason.RELAY, refused))
        else:
            self._bear(place, refused, is_slow=is_slow)

    def _open_more(self) -> None:
        """Open the first connection, and the others when the relay has taken a message and they have work."""
        while self._unopened and self._dispatcher.has_more() and self._is_another_wanted():
            self._open(self._unopened.pop())

    def _is_another_wanted(self) -> bool:
        if not (self._places or self._opening):
            return True
        return self._dispatcher.accepted > 0 and None not in self._loop.phases and self._dispatcher.is_due()

    def _open(self, place: _Place) -> None:
        self._opening += 1
        place.since = self._patience.losses
        told = {"place": place, "is_proven": self._dispatcher.is_proven}
        threading.Thread(target=self._bring, kwargs=told, name="opens a session", daemon=True).start()

    def _bring(self, place: _Place, *, is_proven: bool) -> None:
        """Open a session, in a thread of its own, when its wait is over and it is still wanted."""
        opened: Session | Outcome | Exception | None = None
        began = time.monotonic()
        try:
            if place.wait_s:
                self._clock.sleep(place.wait_s)
                began = time.monotonic()
            if not self._is_over:
                opened = open_session(self._account, proven=is_proven)
        except Exception as error:  # noqa: BLE001  # it is raised by the thread that waits for this one
            opened = error
        with self._turn:
            if opened is not None and not self._is_over:
                self._arrived.append(_Arrival(place, opened, is_slow=time.monotonic() - began > _SLOW_S))
                self._loop.wake()
                return
            self._opening -= 1
        if isinstance(opened, Session):
            opened.sock.close()

    def close(self) -> None:
        """Close the sessions that were opened too late, and let those that are still being opened be closed."""
        with self._turn:
            self._is_over = True
            self._opening -= len(self._arrived)
        for arrival in self._arrived:
            if isinstance(arrival.opened, Session):
                arrival.opened.sock.close()

    def _features(self, session: Session) -> Mapping[str, str]:
        """Return those of the relay's offers that are used."""
        unused = set() if self.route.relay.pipelining else {"pipelining"}
        return {name: value for name, value in session.features.items() if name not in unused}
