"""The workers of a ledger, as they tell of themselves, and the duties that one of them does for all."""

from __future__ import annotations

import datetime as dt

from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.postgres.store import PostgresStore
from notify.ledger.queries import as_text
from notify.ledger.versions import CampaignRecord

#: Every statement of workers.sql, by name.
WORKER_QUERIES = own_queries("workers.sql")

#: Whoever has said nothing for so long is not mentioned any more.
_FORGOTTEN_S = 86_400.0


@record(frozen=True, slots=True)
class Word:
    """What a worker tells of itself: ``sent`` since it began, ``per_s`` lately, and at which campaign it is."""

    sent: int = 0
    per_s: float = 0.0
    campaign: str = ""
    trouble: str = ""


@record(frozen=True, slots=True)
class WorkerSeen:
    """A worker as it has told of itself, ``silent_s`` seconds ago."""

    id: str
    host: str
    pid: int
    version: str
    since: dt.datetime
    last_word: dt.datetime
    silent_s: float
    word: Word


class Workers:
    """The workers of a ledger. Every method is a transaction of its own."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def say(self, worker: str, host: str, pid: int, version: str, word: Word) -> None:
        """Note what a worker tells of itself."""
        self._do("say", id=worker, host=host, pid=pid, version=version, **_values(word))

    def leave(self, worker: str) -> None:
        """Forget a worker that has ended."""
        self._do("leave", id=worker)

    def seen(self) -> list[WorkerSeen]:
        """Return those of whom somebody has heard lately, the longest at work first."""
        with self._store.concurrent() as db:
            rows = db.execute(WORKER_QUERIES["workers"]).fetchall()
        return [
            WorkerSeen(
                row["id"],
                row["host"],
                row["pid"],
                row["version"],
                row["since"],
                row["last_word"],
                row["silent_s"],
                Word(row["sent"], row["per_s"], row["campaign"], row["trouble"]),
            )
            for row in rows
        ]

    def take_duty(self, name: str, every_s: float) -> bool:
        """Tell whether whoever asks does this duty now, because nobody has done it for so long."""
        with self._store.concurrent() as db:
            values = {"name": name, "every_s": every_s}
            return db.execute(WORKER_QUERIES["take_duty"], values).fetchone() is not None

    def forget(self) -> None:
        """Forget those of whom nobody has heard for a day."""
        self._do("forget", silent_s=_FORGOTTEN_S)

    def to_gather(self, now: dt.datetime) -> list[CampaignRecord]:
        """Return the campaigns in which somebody waits again whose moment has come."""
        values = {"now": as_text(now), "beyond": as_text(now + LONGEST_WAIT)}
        with self._store.concurrent() as db:
            return [CampaignRecord(*row) for row in db.execute(WORKER_QUERIES["to_gather"], values)]

    def to_place(self, most: int) -> list[tuple[int, int]]:
        """Return up to so many portions that could be leased now, each with its campaign, these by turns."""
        with self._store.concurrent() as db:
            return [(row["id"], row["campaign"]) for row in db.execute(WORKER_QUERIES["to_place"], {"most": most})]

    def anything_open(self) -> bool:
        """Tell whether a portion is not done yet, of any campaign that nothing holds."""
        with self._store.concurrent() as db:
            return db.execute(WORKER_QUERIES["anything_open"]).fetchone() is not None

    def _do(self, query: str, **values: object) -> None:
        with self._store.concurrent() as db:
            db.execute(WORKER_QUERIES[query], values)


def _values(word: Word) -> dict[str, object]:
    return {"sent": word.sent, "per_s": word.per_s, "campaign": word.campaign, "trouble": word.trouble}
