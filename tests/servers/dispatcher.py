"""A ledger in memory that knows the arrows: the dispatcher of channels in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from notify.core.message import Envelope, Message
from notify.core.outcome import Outcome
from notify.core.status import TRANSITIONS, Status
from notify.relays import Later


def letter(number: int) -> Message:
    """Return the n-th invented message, with dots where they hurt."""
    to, mark = f"n{number}@kunde.example", f"<{number}.x@alt.example>"
    head = f"From: <info@alt.example>\r\nTo: <{to}>\r\nSubject: Neue Nummer\r\nMessage-ID: {mark}\r\n"
    return Message(Envelope("info@alt.example", to), mark, f"{head}\r\n.\r\n..\r\n.hidden\r\nGuten Tag.\r\n".encode())


class MemoryDispatcher:
    """Messages and their statuses; every change is checked against the table of the core.

    ``pending`` comes back to the front of the line; ``deferred`` is not tried again. ``overlap``: a message is at hand
    while another one is open, so that its commands leave with the dot of that one.
    """

    def __init__(self, messages: int, *, overlap: bool = True, on_begin: Callable[[], None] = lambda: None) -> None:
        self.letters = {f"n{number}@kunde.example": letter(number) for number in range(1, messages + 1)}
        self.statuses = dict.fromkeys(self.letters, Status.PENDING)
        self.outcomes: list[Outcome] = []
        #: Who was taken, and neither finished nor given back.
        self.taken: set[str] = set()
        self._overlap = overlap
        self._on_begin = on_begin

    def take(self) -> Message | Later | None:
        """Claim the first who is pending."""
        waiting = (to for to, status in self.statuses.items() if status is Status.PENDING and to not in self.taken)
        if (to := next(waiting, None)) is None:
            return None
        if not self._overlap and any(self.statuses[other] is Status.PENDING for other in self.taken):
            return Later(0)
        self.taken.add(to)
        return self.letters[to]

    def give_back(self, message: Message) -> None:
        """Let it be taken again."""
        self.taken.remove(message.envelope.forward_path)

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Settle a message."""
        self.taken.remove(message.envelope.forward_path)
        self._move("settle", message.envelope.forward_path, outcome.status)
        self.outcomes.append(outcome)

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Put messages in flight: on one channel it is the only one."""
        for message in beginning:
            assert Status.IN_FLIGHT not in self.statuses.values()
            self._move("begin", message.envelope.forward_path, Status.IN_FLIGHT)
            self._on_begin()
        return [True] * len(beginning)

    def _move(self, arrow: str, to: str, status: Status) -> None:
        assert status is self.statuses[to] is Status.PENDING or (self.statuses[to], status) in TRANSITIONS[arrow]
        self.statuses[to] = status
