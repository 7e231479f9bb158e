"""One message to yourself through the configured relay: exactly what a recipient will get, and nobody is recorded."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from notify.accounts import Account, open_session
from notify.actions.prepare import Prepared
from notify.actions.preview import preview, refuse_without_text
from notify.composing import Composer
from notify.core.address import identity
from notify.core.message import Mailbox, Message
from notify.core.outcome import Outcome
from notify.core.verdict import given_up
from notify.relays import Wire, run_channel


class OneMessage:
    """A dispatcher with one message and no ledger."""

    def __init__(self, message: Message) -> None:
        """Give out this message. ``outcome`` is what came of it, once that is known."""
        self._messages = [message]
        self.outcome: Outcome | None = None

    def take(self) -> Message | None:
        """Give it out, once."""
        return self._messages.pop() if self._messages else None

    def give_back(self, message: Message) -> None:
        """Take it back."""
        self._messages.append(message)

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Let it leave; nobody counts as reached."""
        return [True] * len(beginning)

    def finish(self, message: Message, outcome: Outcome) -> None:  # noqa: ARG002
        """Keep what came of it."""
        self.outcome = outcome


def send_one(prepared: Prepared, account: Account, to: str, only: str) -> tuple[Outcome, str]:
    """Send the first recipient's message, or that of ``only``, to the address ``to``.

    Returns what came of it and whose message it was. Its Message-ID is its own: the real one that follows must not be
    taken for a duplicate of it.

    :raises InputError: there is nobody whose message could be sent, or no text for the form in which somebody is
        greeted.
    """
    refuse_without_text(prepared)
    first = next(preview(prepared, most=1, only=only))
    sender = prepared.campaign.sender
    message = Composer.of(prepared.campaign).compose(
        first.content,
        Mailbox(first.recipient.name if identity(to) == identity(first.recipient.address) else "", to),
        f"<test-{secrets.token_hex(12)}@{sender.domain}>",
        dt.datetime.now().astimezone().replace(microsecond=0),
    )
    session = open_session(account)
    if isinstance(session, Outcome):
        return given_up(session), first.recipient.address
    dispatcher = OneMessage(message)
    wire = Wire(session.sock, replies=session.replies, redaction=session.redaction)
    ended = run_channel(wire, session.features, dispatcher)
    outcome = dispatcher.outcome or ended.outcome
    assert outcome is not None  # noqa: S101  # a dispatcher that gives out a message gets its outcome
    return given_up(outcome), first.recipient.address
