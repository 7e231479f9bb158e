"""The one kind of job that there is: a portion of the ledger may be taken.

In a module of its own, because procrastinate names tasks after the module that they stand in.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.jobs import Job

from notify.placing.server import Server


class Placed(NamedTuple):
    """A portion that is in the queue, and the number of its campaign."""

    portion: int
    campaign: int


TASK = "take"
QUEUE = "portions"
#: Of a portion that was with somebody before: whoever waits longest comes first.
FIRST = 10

# a server that is away is told in words of ours, once, and not by each of them with a traceback
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def to_put_in(server: Server) -> App:
    """Return what puts jobs in, from one thread."""

    def configure(connection: Any) -> None:  # noqa: ANN401  # psycopg's, which has another door
        connection.execute(server.first_words)
        connection.commit()

    return App(connector=SyncPsycopgConnector(configure=configure, **server.pool()))


def to_take_out(server: Server, take: Callable[[Placed], Awaitable[None]]) -> App:
    """Return what takes jobs out: for each, ``take`` is awaited with what was placed."""

    async def configure(connection: Any) -> None:  # noqa: ANN401  # as above
        await connection.execute(server.first_words)
        await connection.commit()

    app = App(connector=PsycopgConnector(configure=configure, **server.pool()))

    @app.task(name=TASK, queue=QUEUE)
    async def _(portion: int, campaign: int) -> None:
        await take(Placed(portion, campaign))

    return app


def job_of(placed: Placed, *, is_first: bool = False, after: dt.datetime | None = None) -> Job:
    """Return the job of a portion, which waits at most once.

    :param is_first: before all others.
    :param after: not earlier.
    """
    return Job(
        queue=QUEUE,
        lock=None,
        queueing_lock=str(placed.portion),
        task_name=TASK,
        task_kwargs=placed._asdict(),
        priority=FIRST if is_first else 0,
        scheduled_at=after,
    )


def portion_of(job: Job) -> int:
    """Return the portion of a job."""
    return int(str(job.task_kwargs["portion"]))
