"""Takes portions out of the queue on the side of a worker, and keeps each until it is told what became of it.

In a thread of its own. When the database goes away, the worker keeps what it has, which the ledger knows; the queue is
asked again after a while, and whatever it has forgotten meanwhile is put in anew by whoever finds it in the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import queue
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import PoolTimeout

from notify.placing.app import FIRST, QUEUE, Placed, job_of, to_take_out
from notify.placing.server import WAIT_S, Server

if TYPE_CHECKING:
    from procrastinate import App

_LOG = logging.getLogger(__name__)

#: A worker tells the queue so often that it lives; after so long without a word what it had goes to others.
HEARTBEAT_S, STALLED_S = 2.0, 6.0
#: So often the queue is looked into without being told: what was put off is not announced when its time has come.
_POLL_S = 1.0
#: So long whoever is asked to stop waits before it lets go of its jobs.
_LET_GO_S = 1.0
#: So long it is waited for that what was begun with a server that is away comes to its end.
_PARTING_S = 20.0
#: So often what runs beside is cancelled at the end.
_CANCELLATIONS = 30
#: The waits before the queue is asked again after the database has gone away; the last repeats.
_WAITS_S = (0.5, 1.0, 2.0, 5.0)


class _Back(NamedTuple):
    """When others may take a portion, and whether before all others that wait."""

    after: dt.datetime
    is_first: bool = True


class Arrivals:
    """The portions that are placed with this worker, in a ``with``. For any thread."""

    def __init__(self, server: Server, *, ahead: int = 2) -> None:
        """Prepare.

        :param ahead: how many it is given before it has told of one what became of it.
        """
        self._server = server
        self._ahead = ahead
        self._arrived: queue.SimpleQueue[Placed] = queue.SimpleQueue()
        # of each: comes to None when nothing is left of it, or to when others may take it
        self._held: dict[Placed, asyncio.Future[_Back | None]] = {}
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._is_over = False
        self._thread = threading.Thread(target=self._serve, name="placing", daemon=True)
        #: Why the queue cannot be asked at this moment; empty while it can.
        self.trouble = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give everything back of which nobody has told what became of it, and end."""
        self._call(self._stop)
        self._thread.join()

    def next(self, wait_s: float) -> Placed | None:
        """Return a portion that has arrived, after at most so many seconds; None when none has."""
        with contextlib.suppress(queue.Empty):
            return self._arrived.get(timeout=wait_s) if wait_s else self._arrived.get_nowait()
        return None

    @property
    def held(self) -> set[Placed]:
        """The portions that have arrived and of which nobody has told yet what became of them."""
        return set(self._held)

    def stop(self) -> None:
        """Let no more arrive."""
        self._call(self._stopping.set)

    def done(self, placed: Placed) -> None:
        """Say that this worker has nothing to do with a portion any more."""
        self._call(self._end, placed, None)

    def put_back(self, placed: Placed, after: dt.datetime | None = None, *, is_first: bool = True) -> None:
        """Say that others may take a portion.

        :param after: not before.
        :param is_first: before all others; else behind them, so that this worker sees these first.
        """
        self._call(self._end, placed, _Back(after or dt.datetime.now(dt.UTC), is_first))

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        # once the thread has ended there is nobody to be told
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def _end(self, placed: Placed, back: _Back | None) -> None:
        ended = self._held.get(placed)
        if ended is not None and not ended.done():
            ended.set_result(back)

    def _stop(self) -> None:
        self._stopping.set()
        self._is_over = True
        for placed in self._held:
            self._end(placed, _Back(dt.datetime.now(dt.UTC)))

    def _serve(self) -> None:
        # what procrastinate cannot tell a server that is away is told by what it could not ask it
        self._loop.set_exception_handler(lambda _, told: _LOG.debug("%s", told.get("message")))
        try:
            self._loop.run_until_complete(self._until_stopped())
            # a cancellation may be lost, and what listens would listen for ever: so it is repeated
            for _ in range(_CANCELLATIONS):
                if not (tasks := asyncio.all_tasks(self._loop)):
                    break
                for task in tasks:
                    task.cancel()
                self._loop.run_until_complete(asyncio.wait(tasks, timeout=0.1))
        finally:
            self._loop.close()

    async def _until_stopped(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._through_one_connection()
            except (ConnectorException, PoolTimeout, TimeoutError) as error:
                self.trouble = _in_words(error)
            wait_s = _WAITS_S[min(failures, len(_WAITS_S) - 1)]
            failures = failures + 1 if self.trouble else 0
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait_s)

    async def _through_one_connection(self) -> None:
        """Take portions out until this worker stops, or the database goes away."""
        app: App
        app = to_take_out(self._server, lambda placed: self._hold(app, placed))
        try:
            await asyncio.wait_for(app.open_async(), WAIT_S)
            self.trouble = ""
            await self._take(app)
        finally:
            await app.close_async()

    async def _take(self, app: App) -> None:
        """Take portions out while the database answers."""
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._ahead,
                fetch_job_polling_interval=_POLL_S,
                shutdown_graceful_timeout=_LET_GO_S,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=10 * STALLED_S,
            )
        )
        sweeping = asyncio.create_task(_sweep(app))
        stopping = asyncio.create_task(self._stopping.wait())
        ended, _ = await asyncio.wait([worker, sweeping, stopping], return_when=asyncio.FIRST_COMPLETED)
        if error := next((error for task in ended if (error := task.exception())), None):
            # to part with a server that does not answer takes its time
            self.trouble = _in_words(error)
        for task in (worker, sweeping, stopping):
            task.cancel()
        parting = asyncio.gather(worker, sweeping, stopping, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(parting, None if self._stopping.is_set() else _PARTING_S)
        if error:
            raise error

    async def _hold(self, app: App, placed: Placed) -> None:
        """Let a portion arrive, and hold its job until this worker says what became of it."""
        if placed in self._held:
            # put in a second time while this worker has it
            return
        ended = self._held[placed] = self._loop.create_future()
        if self._is_over:
            # it was on its way when the last word was said
            self._end(placed, _Back(dt.datetime.now(dt.UTC)))
        self._arrived.put(placed)
        try:
            try:
                back = await asyncio.shield(ended)
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
                # what is in flight may take longer than procrastinate waits
                back = await ended
            if back is not None:
                # as a new job, because others are told of those at once
                with contextlib.suppress(AlreadyEnqueued):
                    job = job_of(placed, is_first=back.is_first, after=back.after)
                    await app.job_manager.defer_job_async(job)
        finally:
            del self._held[placed]


def _in_words(error: BaseException) -> str:
    return str(error.__cause__ or error).strip() or "it does not answer"


async def _sweep(app: App) -> None:
    """Put in again, for ever, what workers had that have died.

    :raises TimeoutError: the database does not answer.
    """
    manager = app.job_manager
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        stalled = manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_S)
        for job in await asyncio.wait_for(stalled, STALLED_S):
            # another worker may sweep at the same time, or it waits again already: then this one ends
            try:
                await manager.retry_job(job, priority=FIRST)
            except ConnectorException:
                with contextlib.suppress(ConnectorException):
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
