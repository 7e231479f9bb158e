"""What channels may rely on, whoever serves them: the dispatcher of a run, that of a test message, and the tests' own.

A subclass makes the dispatcher; :meth:`~notify.relays.Dispatcher` says the same in words.
"""

from __future__ import annotations

import re
from dataclasses import replace

from notify.core.message import Message
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.relays import Dispatcher
from tests.unit.ledger.mailing import outcome

#: Somebody is refused before the dot, and after it.
REFUSED = replace(outcome(Status.FAILED), phase=Phase.RCPT)
TAKEN = outcome(Status.SENT)


class DispatcherContract:
    """The suite. ``messages`` is how many the dispatcher that a test is given has."""

    messages = 3

    def take(self, dispatcher: Dispatcher) -> Message:
        """Take a message, which is there."""
        message = dispatcher.take()
        assert isinstance(message, Message)
        return message

    def hand_over(self, dispatcher: Dispatcher) -> Message:
        """Hand over the next message, in lock-step."""
        message = self.take(dispatcher)
        assert list(dispatcher.record([message])) == [True]
        dispatcher.finish(message, TAKEN)
        dispatcher.record([])
        return message

    def test_each_message_once(self, dispatcher: Dispatcher) -> None:
        """Every message is given out once; then there is none any more, however often one asks."""
        given = [self.hand_over(dispatcher) for _ in range(self.messages)]
        assert [dispatcher.take(), dispatcher.take()] == [None, None]
        assert len({message.message_id for message in given}) == self.messages

    def test_messages_are_whole(self, dispatcher: Dispatcher) -> None:
        """A message has one reader, a Message-ID that stands in it, and line ends as the wire wants them."""
        message = self.take(dispatcher)
        assert message.envelope.forward_path.count("@") == 1
        assert re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", message.message_id)
        assert message.message_id.encode() in message.octets
        assert b"\n" not in message.octets.replace(b"\r\n", b"")

    def test_given_back_is_the_next(self, dispatcher: Dispatcher) -> None:
        """A message that was not begun and comes back is the next one, at once, and nothing is recorded of it."""
        message = self.take(dispatcher)
        dispatcher.give_back(message)
        dispatcher.record([])
        assert self.take(dispatcher) == message

    def test_refused_before_it_was_begun(self, dispatcher: Dispatcher) -> None:
        """A message may end before its dot, and the others are given out nevertheless."""
        refused = self.take(dispatcher)
        dispatcher.finish(refused, REFUSED)
        dispatcher.record([])
        others = [self.hand_over(dispatcher) for _ in range(self.messages - 1)]
        assert dispatcher.take() is None
        assert refused not in others

    def test_finished_and_begun_at_once(self, dispatcher: Dispatcher) -> None:
        """One record may settle a message and begin the next; each dot that may leave is told in its place."""
        first = self.take(dispatcher)
        assert list(dispatcher.record([first])) == [True]
        following = [self.take(dispatcher)] if self.messages > 1 else []
        dispatcher.finish(first, TAKEN)
        assert list(dispatcher.record(following)) == [True] * len(following)

    def test_nothing_to_record(self, dispatcher: Dispatcher) -> None:
        """To record nothing is allowed at any moment, and changes nothing."""
        assert list(dispatcher.record([])) == []
        message = self.take(dispatcher)
        assert list(dispatcher.record([])) == []
        assert list(dispatcher.record([message])) == [True]
