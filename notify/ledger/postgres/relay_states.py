"""What all machines know of a relay's trouble: until when it is left alone, and why."""

from __future__ import annotations

import json
from collections.abc import Callable

from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.record import record
from notify.core.status import Status
from notify.ledger.connection import Row
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.postgres.store import PostgresStore

#: Every statement of relay_states.sql, by name.
_STATEMENTS = own_queries("relay_states.sql")

#: So long a worker has the relay to itself, to see whether it is back.
_PROBE_S = 60.0
#: So long the trouble of a worker counts as its own once others had none.
_ALONE_S = 3600.0
#: What has passed for so long begins anew when it comes again.
_FORGOTTEN_S = 86400.0


@record(frozen=True, slots=True)
class Trouble:
    """A relay in trouble: for how many seconds it is still left alone, and since when it is tried in vain.

    ``probes`` is how often it was tried since it was healthy, and ``rested_s`` how long it has been left alone in all.
    ``prober`` is the worker that sees at this moment whether it is back, or empty.
    """

    left_s: float
    probes: int
    rested_s: float
    why: Outcome
    prober: str = ""


class RelayStates:
    """The state of one relay, in the database, as one worker deals with it."""

    def __init__(self, store: PostgresStore, relay: str, worker: str) -> None:
        """Deal with a relay, named as attempts name it, for a worker, by whatever name no other one has."""
        self._store = store
        self._values = {"relay": relay, "worker": worker}

    def known(self) -> Trouble | None:
        """Return its trouble, if it is in any."""
        rows = self._store.ask_all(_STATEMENTS["known"], **self._values, forgotten_s=_FORGOTTEN_S)
        return _trouble(rows[0]) if rows else None

    def take_probe(self) -> bool:
        """Tell whether this worker, and it alone, is to see now whether the relay is back."""
        return bool(self._store.ask_all(_STATEMENTS["probe"], **self._values, length_s=_PROBE_S))

    def rest(self, why: Outcome, length_s: Callable[[int, float], float | None]) -> Trouble | None:
        """Leave it alone, as this worker was in trouble there; return for how long.

        Whoever is in the same trouble at the same time adds nothing to it. None: others are not in trouble, so this is
        the worker's own.

        :param length_s: tells from the number of the probe and how long it has rested in all for how many seconds;
            None: it is not tried any more.
        """
        with self._store.concurrent() as db:
            db.execute(_STATEMENTS["enter"], self._values)
            [row] = db.execute(_STATEMENTS["locked"], self._values)
            if row["is_alone"]:
                return None
            before = _trouble(row) if row["probes"] and row["left_s"] > -_FORGOTTEN_S else None
            if before and before.left_s > 0 and before.prober != self._values["worker"]:
                return before
            probes, rested_s = (before.probes + 1, before.rested_s) if before else (1, 0.0)
            length = length_s(probes, rested_s)
            if length is None:
                return Trouble(0, probes, rested_s, why)
            values = {"length_s": length, "probes": probes, "rested_s": rested_s + length, "why": _written(why)}
            db.execute(_STATEMENTS["rest"], self._values | values)
            return Trouble(length, probes, rested_s + length, why)

    def heal(self) -> None:
        """Let all know that it takes mail."""
        with self._store.concurrent() as db:
            db.execute(_STATEMENTS["heal"], self._values | {"alone_s": _ALONE_S})


def _trouble(row: Row) -> Trouble:
    return Trouble(row["left_s"], row["probes"], row["rested_s"], _read(row["why"]), row["prober"])


def _written(why: Outcome) -> str:
    answer = why.answer
    values = {
        "status": why.status,
        "scope": why.scope,
        "action": why.action.value,
        "phase": why.phase,
        "code": answer.code if isinstance(answer, Reply) else None,
        "answer": answer.lines if isinstance(answer, Reply) else answer.reason,
        "words": why.words,
    }
    return json.dumps(values)


def _read(text: str) -> Outcome:
    values = json.loads(text)
    code, said = values["code"], values["answer"]
    return Outcome(
        Status(values["status"]),
        Scope(values["scope"]),
        Action(values["action"]),
        Phase(values["phase"]),
        Loss(said) if code is None else Reply(code, tuple(said)),
        values["words"],
    )
