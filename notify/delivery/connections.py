"""As many connections to a relay as it may have, kept busy until there is nothing left to hand over.

Opening a session blocks, with all that can go wrong there, so each is opened by a thread of its own; one thread then
drives them all.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from notify.accounts import Account, Session, open_session
from notify.core.outcome import Action, Outcome, Phase
from notify.delivery.clock import Clock
from notify.delivery.dispatcher import Dispatcher
from notify.delivery.events import Over, Reason
from notify.delivery.routes import Route
from notify.errors import WriteError
from notify.relays import Channel, End, Ended, EventLoop, Wire

_LOG = logging.getLogger(__name__)

_ANEW = frozenset({End.RECONNECT, End.USED_UP, End.FENCED, End.UNHEARD})
#: The run ends after so many connections in a row on which the relay took nothing: it wants to be left alone.
_FRUITLESS = 2


@dataclass(slots=True)
class _Place:
    """One of the connections that a route may have, and how many sessions in a row have carried nothing on it."""

    fruitless: int = 0


class Connections:
    """The connections of one batch. Other threads may use only :meth:`wake`, :meth:`abort` and ``phases``.

    The first is opened alone, so that a wrong password is tried once. The others follow when the relay has taken a
    message of this run: so a text that it refuses is offered to it only once, and after trouble it is not rushed.
    """

    def __init__(self, account: Account, route: Route, dispatcher: Dispatcher, clock: Clock, *, taken: int = 0) -> None:
        """Prepare.

        :param taken: how many of the route's connections earlier batches still open; at least one is left in any case.
        """
        self._account = account
        #: The route as it has turned out to be: without pipelining, when the relay has lost commands.
        self.route = route
        self._dispatcher = dispatcher
        self._loop = EventLoop(dispatcher, clock.sleep)
        self._places: dict[Channel, _Place] = {}
        self._unopened = [_Place() for _ in range(max(1, route.relay.connections - taken))]
        self._opening = 0
        self._turn = threading.Lock()
        self._arrived: deque[tuple[_Place, Session | Outcome | Exception]] = deque()
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
            self._open(self._unopened.pop())
            is_wanted = True
            while loop.busy or (self._opening and is_wanted and not self._dispatcher.is_over):
                ended = loop.turn()
                try:
                    for channel, how in ended:
                        self._follow(self._places.pop(channel), how)
                    self._let_in()
                    is_wanted = loop.busy or self._dispatcher.has_more()
                except Exception as error:  # noqa: BLE001  # the others have dots under way; it is raised at the end
                    failures.append(error)
                if failures:
                    self._dispatcher.stop(Over(Reason.RELAY))
                if self._dispatcher.is_over:
                    loop.abandon()
        if failures:
            self._dispatcher.settle_up()
            # the last error about a broken ledger names all the answers that could not be recorded
            raise next((error for error in reversed(failures) if isinstance(error, WriteError)), failures[0])

    def _follow(self, place: _Place, ended: Ended) -> None:
        """Open another session in place of one that has ended, where there is more to hand over."""
        if ended.end is End.UNHEARD:
            self.route = self.route.without_pipelining()
        place.fruitless = 0 if ended.sent else place.fruitless + 1
        if ended.end not in _ANEW or not self._dispatcher.has_more():
            return
        if place.fruitless >= _FRUITLESS and ended.outcome is not None:
            self._dispatcher.stop(Over(Reason.RELAY, ended.outcome))
        else:
            self._open(place)

    def _let_in(self) -> None:
        """Begin a channel on each session that was opened, and open the others when it is time."""
        while self._arrived:
            place, opened = self._arrived.popleft()
            self._opening -= 1
            if isinstance(opened, Exception):
                raise opened
            if isinstance(opened, Outcome):
                self._do_without(opened)
            else:
                most = self.route.relay.messages_per_connection
                wire = Wire(opened.sock, replies=opened.replies, redaction=opened.redaction)
                channel = self._loop.add(wire, self._features(opened), messages_per_session=most)
                self._places[channel] = place
        while self._dispatcher.accepted and self._unopened and self._dispatcher.has_more():
            self._open(self._unopened.pop())

    def _do_without(self, refused: Outcome) -> None:
        """Go on with the connections that there are; if there are none and somebody is left, end the run."""
        is_last = not (self._loop.busy or self._opening)
        if refused.action is Action.STOP or (is_last and self._dispatcher.has_more()):
            self._dispatcher.stop(Over(Reason.RELAY, refused))
        else:
            _LOG.info("%s takes no more connections at a time: %s", self.route.name, refused.answer)

    def _open(self, place: _Place) -> None:
        self._opening += 1
        told = {"place": place, "is_proven": self._dispatcher.is_proven}
        threading.Thread(target=self._bring, kwargs=told, name="opens a session", daemon=True).start()

    def _bring(self, place: _Place, *, is_proven: bool) -> None:
        """Open a session, in a thread of its own."""
        opened: Session | Outcome | Exception
        try:
            opened = open_session(self._account, proven=is_proven)
        except Exception as error:  # noqa: BLE001  # it is raised by the thread that waits for this one
            opened = error
        with self._turn:
            if not self._is_over:
                self._arrived.append((place, opened))
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
        for _, opened in self._arrived:
            if isinstance(opened, Session):
                opened.sock.close()

    def _features(self, session: Session) -> Mapping[str, str]:
        """Return those of the relay's offers that are used."""
        unused = set() if self.route.relay.pipelining else {"pipelining"}
        return {name: value for name, value in session.features.items() if name not in unused}
