"""How a run shows itself while it goes on: a bar on a terminal, plain lines elsewhere; always on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, assert_never

from notify.cli.attempts import as_line
from notify.cli.screen import duration, is_terminal, moment, note, note_in_place
from notify.cli.wrapping import width_of, wrapped
from notify.core.outcome import Action, Phase
from notify.core.status import Status

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from notify.delivery.events import Event, LeftOut, Stopping, Switching, Tried, Waiting

T = TypeVar("T")

#: The speed is measured over so many seconds.
_ESTIMATE_S = 600
#: From so many columns on there is room for speed and times beside the bar.
_WIDE = 64
#: Where there is no terminal, reading writes a line after so many rows, and one as soon as it has taken a while.
_READ_EVERY = 50_000
_READ_FIRST, _A_WHILE_S = 1_000, 1.0


class SendProgress:
    """The progress of a run. A terminal that has gone away is no reason to stop sending: it is written to no more."""

    def __init__(
        self,
        total: int,
        batch: int,
        phases: Callable[[], Sequence[Phase | None]],
        *,
        what: str = "Sending",
        done: int = 0,
    ) -> None:
        """Begin with nothing done, or with so many who were handed over before.

        :param total: how many people are to be tried; it grows when others become due in the meantime.
        :param phases: returns the phase of each connection at this moment, as a delivery knows it.
        :param what: stands before the bar, and before its plain lines where it is not the messages.
        """
        self._what = what
        self._total = total
        self._phases = phases
        self._batch = batch
        self._done = done
        #: Who was tried and may be tried again: people are counted, not tries. Whoever was sent to never is.
        self._not_sent: set[tuple[str, str]] = set()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if is_terminal(sys.stderr):
            self._bar = _bar(self._phases)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total, completed=self._done, rate="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with contextlib.suppress(OSError):
                self._bar.stop()
        elif self._done % self._batch:
            self._line()

    def show(self, event: Event) -> None:
        """Show what happened; how the run ended is for the summary to say."""
        from notify.delivery.events import LeftOut, Over, Pausing, Stopping, Switching, Tried, Waiting

        match event:
            case Tried():
                self.show_tried(event)
            case Pausing(until):
                self._say(f"Pause; the next batch follows at {moment(until)}. Ctrl-C stops; notify send goes on.")
            case Stopping():
                self._stopping(event)
            case Switching():
                self._switching(event)
            case LeftOut():
                self._left_out(event)
            case Waiting():
                self._waiting(event)
            case Over():
                pass
            case _:
                assert_never(event)

    def show_tried(self, event: Tried) -> None:
        """Show that a message was tried, which most events are; what was not sent is shown, with what to do."""
        if event.outcome.status is not Status.SENT:
            self._say(as_line(event.attempt))
            # what ends the run is explained at its end
            if event.outcome.action not in {Action.PAUSE, Action.STOP}:
                self._say(f"    {event.outcome.words}")
        who, status = (event.claimed.key, event.claimed.address), event.outcome.status
        if status is Status.PENDING or who in self._not_sent:
            return
        if status is not Status.SENT:
            self._not_sent.add(who)
        self._done += 1
        self._total = max(self._total, self._done)
        if self._bar is not None and self._task is not None:
            rate = _rate(self._bar.tasks[0].speed)
            self._bar.update(self._task, advance=1, total=self._total, rate=rate)
        elif self._done % self._batch == 0:
            self._line()

    def advance_to(self, done: int) -> None:
        """Show that so many are done, of which others tell only how many they are."""
        before, self._done = self._done, max(self._done, done)
        self._total = max(self._total, self._done)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, total=self._total, rate=_rate(self._bar.tasks[0].speed))
        elif self._done // self._batch > before // self._batch:
            self._line()

    def _stopping(self, event: Stopping) -> None:
        """Show that the request to stop was noticed, and what the run still waits for."""
        from notify.delivery.events import Reason

        if event.reason is Reason.INTERRUPTED:
            self._say("Finishing the message in flight; Ctrl-C once more ends at once and may leave it in doubt.")
        else:
            self._say("Finishing the message in flight, then ending.")

    def _switching(self, event: Switching) -> None:
        """Show that another relay goes on."""
        outcome, until = event.over.outcome, event.over.until
        used_up = f"Used up until {moment(until)}" if until else "Used up"
        why = f"{outcome.answer} ({outcome.phase})" if outcome else used_up
        self._say(f"{why}. Going on through {event.to.name}.")

    def _left_out(self, event: LeftOut) -> None:
        """Show that the run does without a relay."""
        self._say(f"{event.route.name} is left out of this run: {event.outcome.answer} ({event.outcome.phase})")
        self._say(f"    {event.outcome.words}")

    def _waiting(self, event: Waiting) -> None:
        """Show that the run waits, for what and how long."""
        outcome = event.over.outcome
        why = f"{outcome.answer} ({outcome.phase}). " if outcome else ""
        self._say(f"{why}Waiting until {moment(event.until)}. Ctrl-C stops; notify send goes on.")

    def _line(self) -> None:
        what = "" if self._what == "Sending" else f"{self._what}: "
        note(f"{what}{self._done:,} of {self._total:,}")

    def _say(self, text: str) -> None:
        if self._bar is None:
            note(text)
            return
        with contextlib.suppress(OSError):
            self._bar.console.print(wrapped(text, width_of(sys.stderr)), markup=False, highlight=False, soft_wrap=True)


def reading(steps: Iterable[T], doing: str = "Reading contacts", total: Callable[[], int] = lambda: 0) -> Iterator[T]:
    """Show, on a terminal or when it takes long, how many contacts were read; or what else is done one by one.

    :param total: returns how many there probably are, for the time that is left; 0: nobody knows. It is asked once, and
        only when something is shown.
    """
    shows = is_terminal(sys.stderr)
    every, begun, width, many = 500 if shows else min(_READ_FIRST, _READ_EVERY), 0.0, 0, -1
    for number, step in enumerate(steps, start=1):
        # what comes before the first one is another matter
        begun = begun or time.monotonic()
        if number % every == 0 and (shows or _is_worth_a_line(number, time.monotonic() - begun, is_first=many < 0)):
            many = total() if many < 0 else many
            line = f"{doing} … {number:,}{pace(number, time.monotonic() - begun, many)}"
            (note_in_place if shows else note)(line.ljust(width))
            width = max(width, len(line))
        yield step
    if shows and width:
        note_in_place(" " * width)
        note_in_place("")


def _is_worth_a_line(number: int, took_s: float, *, is_first: bool) -> bool:
    """Tell whether a line is written where it stays."""
    return number % _READ_EVERY == 0 or (is_first and took_s >= _A_WHILE_S)


def pace(done: int, took_s: float, total: int) -> str:
    """Return how fast it goes and how long it still takes, once that can be told."""
    if took_s < 1:
        return ""
    per_s = done / took_s
    left_s = (total - done) / per_s
    # what is written in the end takes longer than that, and nobody knows how long
    left = f", {duration(left_s)} left" if left_s >= 1 else ""
    return f", {_rate(per_s)}{left}"


def _rate(per_s: float | None) -> str:
    """Return how fast it goes, as people count it."""
    if not per_s:
        return ""
    return f"{per_s:,.0f}/s" if per_s >= 10 else f"{per_s * 60:,.0f}/min"


_DOING = {
    Phase.CONNECT: "connecting",
    Phase.MAIL: "announcing",
    Phase.RCPT: "announcing",
    Phase.DATA: "announcing",
    Phase.BODY: "writing",
    Phase.DOT: "awaiting the answer",
    Phase.QUIT: "closing",
}


def in_words(phases: Sequence[Phase | None]) -> str:
    """Return what the connections are doing: ``3 connections: 2 awaiting the answer, 1 writing``."""
    doing = Counter("waiting for the next moment" if phase is None else _DOING.get(phase, "asking") for phase in phases)
    if not doing:
        return ""
    head = "1 connection" if len(phases) == 1 else f"{len(phases)} connections"
    shares = (what if len(phases) == 1 else f"{count} {what}" for what, count in doing.most_common())
    return f"{head}: {', '.join(shares)}"


def _bar(phases: Callable[[], Sequence[Phase | None]]) -> Progress:
    from rich.console import Console, RenderableType
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class WithConnections(Progress):
        """The bar, and below it what the connections are doing."""

        def get_renderables(self) -> Iterable[RenderableType]:
            yield from super().get_renderables()
            if words := in_words(phases()):
                yield Text(words, style="dim")

    # the terminal's own size, at each moment: a variable may tell that of another one, or what it was before
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
    console = Console(stderr=True, _environ=environment)
    speed_and_times = (
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("elapsed,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    return WithConnections(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        # on a narrow terminal they would be cut to nothing
        *(speed_and_times if console.width >= _WIDE else ()),
        # pauses between batches are part of it
        speed_estimate_period=_ESTIMATE_S,
        console=console,
        # what goes to a file or a pipe must not land on the terminal
        redirect_stdout=is_terminal(sys.stdout),
    )
