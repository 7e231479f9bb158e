"""Puts portions into the queue, and tells which are in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from psycopg_pool import PoolTimeout

from notify.errors import BusyError
from notify.placing.app import QUEUE, Placed, job_of, portion_of, to_put_in
from notify.placing.schema import is_made, make
from notify.placing.server import Server

#: What is raised where the database cannot be reached, or does not do what it is asked for.
_AWAY = (ConnectorException, PoolTimeout)


class Queue:
    """The portions that wait for a worker; for one thread, in a ``with``.

    Every method raises :class:`BusyError` where the database cannot be reached.
    """

    def __init__(self, server: Server) -> None:
        """Prepare to put portions in."""
        self._server = server
        self._app = to_put_in(server)

    def __enter__(self) -> Self:
        try:
            with _in_words():
                self._app.open()
                if not is_made(self._app, self._server.schema):
                    make(self._app, self._server.schema)
        except BaseException:
            self._app.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._app.close()

    def put(self, placed: Sequence[Placed]) -> None:
        """Put portions in, in their order. One that waits there already stays where it is."""
        jobs = [job_of(one) for one in placed]
        manager = self._app.job_manager
        with _in_words():
            try:
                if jobs:
                    manager.batch_defer_jobs(jobs)
            except AlreadyEnqueued:
                # then this has put in none of them
                for job in jobs:
                    with contextlib.suppress(AlreadyEnqueued):
                        manager.defer_job(job)

    def portions(self) -> set[int]:
        """Return which are in: those that wait, and those that a worker has, or had when it died."""
        with _in_words():
            return {portion_of(job) for job in self._app.job_manager.list_jobs(queue=QUEUE)}


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise BusyError(
            f"The database with the queue of the workers cannot be used: {error.__cause__ or error}".rstrip(),
            hint="Run the same command again when it can: what was placed stays placed.",
        ) from error
