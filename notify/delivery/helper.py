"""A process beside the run that makes messages before they are wanted, where there is a second core for it.

The run keeps the ledger and the connections, and this process (:mod:`notify.delivery.forked`) has neither: it is forked
before a credential is looked for, is told recipients and gives back octets, in order and in batches. Without it the run
makes its messages alone, and the same ones.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from notify.composing import Composer
from notify.core.form import Form
from notify.core.message import Envelope, Message
from notify.delivery.composition import messages_for
from notify.delivery.forked import Forked, can_be_forked, each_that_can
from notify.delivery.job import Job
from notify.delivery.routes import Route
from notify.ledger import Claimed, CopyOf
from notify.rendering import Template

#: For fewer messages it is not started, nor for relays that are to get fewer in a second.
WORTHWHILE = 250
_FAST = 200

_FORMS = {str(form): form for form in Form}

#: What is made of a recipient: reverse-path, forward-path, Message-ID, octets, their digest, and the octets with their
#: dots doubled, which marshal writes only once where they are the same; None where it cannot be made.
_Made = tuple[str, str, str, bytes, str, bytes] | None


class Helper:
    """Makes messages ahead. For one thread, in a ``with``: without, or after the end of it, it makes none."""

    def __init__(self, template: Template, composer: Composer) -> None:
        """Prepare to make the messages of a campaign."""
        self._template = template
        self._composer = composer
        self._forked: Forked | None = None
        # what it was asked for and has not answered, the oldest first, and what it has made
        self._asked: deque[list[tuple[int, dt.datetime]]] = deque()
        self._waiting: dict[int, str] = {}
        self._made: dict[int, tuple[Message, dt.datetime]] = {}

    def __enter__(self) -> Self:
        self._forked = Forked(self._answer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._forked:
            self._forked.end()
        self._forget()

    @property
    def process(self) -> int:
        """Its number, from the beginning on."""
        return self._forked.process if self._forked else 0

    def expect(self, claimed: Sequence[Claimed], now: dt.datetime) -> None:
        """Say whose messages are wanted next; those are dated ``now`` that had no other date before."""
        if not (self._forked and claimed):
            return
        today = now.astimezone().replace(microsecond=0)
        if self._forked.ask((today.isoformat(), [*map(_told, claimed)])):
            self._asked.append([(one.id, one.date or today) for one in claimed])
            self._waiting.update([(one.id, one.message_id) for one in claimed])

    def take(self, claimed: Claimed) -> tuple[Message, dt.datetime] | None:
        """Return the message of a recipient and its date; None where the run has to make it."""
        while self._forked and self._waiting.get(claimed.id) == claimed.message_id:
            self._receive(self._forked.answer())
        return self._made.pop(claimed.id, None)

    def _answer(self, question: tuple[str, list[tuple[Any, ...]]]) -> list[_Made]:
        """Make the messages of a batch, there."""
        written, rows = question
        today, claimed = dt.datetime.fromisoformat(written), [*map(_heard, rows)]

        def made(some: Sequence[Claimed]) -> list[_Made]:
            return [*map(_made, messages_for(some, today, self._template, self._composer))]

        return each_that_can(made, claimed)

    def _receive(self, answers: list[_Made] | None) -> None:
        """Receive the oldest batch that was asked for; nothing comes any more where it is None."""
        if answers is None:
            self._forget()
            return
        for (recipient, date), made in zip(self._asked.popleft(), answers, strict=True):
            self._waiting.pop(recipient, None)
            if made is not None:
                reverse_path, forward_path, message_id, octets, digest, stuffed = made
                envelope = Envelope(reverse_path, forward_path)
                self._made[recipient] = Message(envelope, message_id, octets, digest, stuffed), date

    def _forget(self) -> None:
        self._asked.clear()
        self._waiting.clear()


def helper_for(job: Job, messages: int) -> contextlib.AbstractContextManager[Helper | None]:
    """Return a helper for a run that hands over so many messages, or nothing where none pays; for a ``with``."""
    if messages < WORTHWHILE or not all(map(_is_fast, job.routes)) or not can_be_forked():
        return contextlib.nullcontext()
    return Helper(job.template, job.composer())


def _is_fast(route: Route) -> bool:
    """Tell whether so many may leave that the time which one takes counts. Slow ones must not be dated long before."""
    relay = route.relay
    is_limited = bool(relay.per_domain or relay.ramp)
    return not is_limited and all(rate.count >= rate.per_s * _FAST for rate in route.rates)


def _made(message: Message) -> _Made:
    envelope = message.envelope
    return (
        envelope.reverse_path,
        envelope.forward_path,
        message.message_id,
        message.octets,
        message.digest,
        message.stuffed,
    )


def _told(claimed: Claimed) -> tuple[Any, ...]:
    """Return a recipient as what can be told quickly: plain values."""
    return (
        claimed.id,
        claimed.key,
        claimed.address,
        claimed.name,
        claimed.language,
        str(claimed.form),
        claimed.salutation,
        claimed.stored,
        claimed.message_id,
        claimed.date and claimed.date.isoformat(),
        claimed.code,
        claimed.token,
        claimed.copy_of and tuple(claimed.copy_of),
    )


def _heard(row: tuple[Any, ...]) -> Claimed:
    number, key, address, name, language, form, salutation, stored, message_id, date, code, token, copied = row
    return Claimed(
        number,
        key,
        address,
        name,
        language,
        _FORMS[form],
        salutation,
        stored,
        message_id,
        dt.datetime.fromisoformat(date) if date else None,
        None,
        code,
        token,
        CopyOf(*copied) if copied else None,
    )
