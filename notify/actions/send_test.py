"""Messages to yourself through the configured relay: exactly what recipients will get, and nobody is recorded."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterator, Sequence

from notify.accounts import Account, open_session
from notify.actions.cohorts import Example, Examples, examples
from notify.actions.prepare import Prepared
from notify.actions.preview import previewed, recipient_at
from notify.actions.previewed import Previewed
from notify.actions.watch import Watch
from notify.composing import Composer
from notify.core.address import identity
from notify.core.message import Mailbox, Message
from notify.core.outcome import Outcome
from notify.core.pace import Rate
from notify.core.verdict import given_up
from notify.relays import Later, Wire, run_channel


class ExampleMessages:
    """A dispatcher with a few messages and no ledger."""

    def __init__(
        self, messages: Sequence[Message], rates: Sequence[Rate] = (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Give out these messages, as fast as the rates allow.

        ``outcomes`` is what came of each, by its Message-ID, once that is known.
        """
        self._messages = [*reversed(messages)]
        self._rates, self._clock, self._began = rates, clock, clock()
        self._given = 0
        self.outcomes: dict[str, Outcome] = {}

    def take(self) -> Message | Later | None:
        """Give out the next one, once, or tell when it may leave."""
        if not self._messages:
            return None
        if (seconds := self._began + leaves_after(self._given, self._rates) - self._clock()) > 0:
            return Later(seconds)
        self._given += 1
        return self._messages.pop()

    def give_back(self, message: Message) -> None:
        """Take it back."""
        self._given -= 1
        self._messages.append(message)

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Let them leave; nobody counts as reached."""
        return [True] * len(beginning)

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Keep what came of it."""
        self.outcomes[message.message_id] = outcome


def leaves_after(number: int, rates: Sequence[Rate]) -> float:
    """Return after how many seconds a message may leave that so many others came before; not one by one as in a run."""
    return max((number // rate.count * rate.per_s for rate in rates), default=0)


def chosen(
    prepared: Prepared, only: str, watch: Watch
) -> tuple[list[tuple[Previewed, Example | None]], Examples | None]:
    """Return whose messages are sent: one of each cohort, and those who stand out; or that of ``only``.

    :param watch: is given the rows of all files, then all who are written to, and passes them on.
    :raises InputError: there is nobody whose message could be sent, or no text for the form in which somebody is
        greeted.
    """
    if only:
        return [(previewed(prepared, recipient_at(prepared, only, watch)), None)], None
    found = examples(prepared, watch)
    return [(previewed(prepared, example.recipient), example) for example in found.shown], found


def send_to(
    prepared: Prepared,
    account: Account,
    to: str,
    messages: Sequence[tuple[Previewed, Example | None]],
    rates: Sequence[Rate] = (),
) -> Iterator[tuple[Outcome, Previewed, Example | None]]:
    """Send these messages to the address ``to``, over one connection; yield what came of each.

    Each is marked as a test in a header, so that its text is the real one; and its Message-ID is its own: the real one
    that follows must not be taken for a duplicate of it.
    """
    made = [_composed(prepared, one, to, example) for one, example in messages]
    for outcome, (one, example) in zip(handed_over(account, made, rates), messages, strict=False):
        yield outcome, one, example


def handed_over(account: Account, messages: Sequence[Message], rates: Sequence[Rate] = ()) -> Iterator[Outcome]:
    """Hand messages over that no ledger knows, over one connection; yield what came of each.

    Where the relay does not let us in, that is told once.
    """
    session = open_session(account)
    if isinstance(session, Outcome):
        yield given_up(session)
        return
    dispatcher = ExampleMessages(messages, rates)
    wire = Wire(session.sock, replies=session.replies, redaction=session.redaction)
    ended = run_channel(wire, session.features, dispatcher)
    for message in messages:
        outcome = dispatcher.outcomes.get(message.message_id) or ended.outcome
        assert outcome is not None  # noqa: S101  # a dispatcher that gives out a message gets its outcome
        yield given_up(outcome)


def _composed(prepared: Prepared, one: Previewed, to: str, example: Example | None) -> Message:
    recipient, sender = one.recipient, prepared.campaign.sender
    return Composer.of(prepared.campaign).compose(
        one.content,
        Mailbox(recipient.name if identity(to) == identity(recipient.address) else "", to),
        f"<test-{secrets.token_hex(12)}@{sender.domain}>",
        dt.datetime.now().astimezone().replace(microsecond=0),
        test=str(example) if example else f"{recipient.language} {recipient.form}",
    )
