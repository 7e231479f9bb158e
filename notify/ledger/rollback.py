"""Holds a ledger against its witnesses: were messages handed over that it knows nothing of?"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from notify.errors import WriteError
from notify.ledger.journal import Register, Witness
from notify.ledger.store import Store, read_queries
from notify.ledger.versions import CampaignRecord

_QUERIES = read_queries("rollback.sql")


class Testimony:
    """What the witnesses of a campaign tell that its ledger does not know. Use it in a ``with``.

    It is compared by SQLite in a file without a name: a million entries are never all in memory.
    """

    def __init__(self, own: Witness, others: Sequence[Witness], known: Iterable[tuple[str, int]]) -> None:
        """Compare.

        :param own: the witness of this ledger.
        :param others: those of other ledgers from which the same campaign was sent.
        :param known: every try that this ledger knows, as its Message-ID and how many were made with it before.
        :raises OSError: a witness cannot be read.
        """
        self._witnesses = (own, *others)
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.create_function("excuse_of", 2, self._excuse_of, deterministic=True)
        try:
            self._hear(known)
        except BaseException:
            self._db.close()
            raise
        #: Whether there is anything that the ledger does not know.
        self.says_more = self._db.execute(_QUERIES["anything_unknown"]).fetchone() is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def refuse(self) -> None:
        """Refuse the ledger when the witnesses say more than it knows, and nobody has trusted it about that.

        :raises WriteError: says how many were written to, and the ways out.
        """
        for number, witness in enumerate(self._witnesses):
            if people := self._accused(number):
                raise _older(people) if number == 0 else _another(people, witness, self._witnesses[0])

    def trust(self) -> None:
        """Take note that the user trusts the ledger: what it does not know today is not held against it any more.

        :raises OSError: a witness cannot be written.
        """
        for number, witness in enumerate(self._witnesses):
            witness.excuse(mark for (mark,) in self._db.execute(_QUERIES["unexcused"], (number,)))

    def about(self, identity: str) -> int:
        """Return how many messages were handed over to an address that the ledger does not know."""
        if not self.says_more:
            return 0
        return sum(
            int(self._db.execute(_QUERIES["about"], (number, witness.seal.person(identity))).fetchone()[0])
            for number, witness in enumerate(self._witnesses)
        )

    def _hear(self, known: Iterable[tuple[str, int]]) -> None:
        self._db.execute("PRAGMA journal_mode = OFF")
        for statement in ("make_heard", "make_known", "make_entry", "make_excuse"):
            self._db.execute(_QUERIES[statement])
        self._db.execute("BEGIN")
        for number, witness in enumerate(self._witnesses):
            entries = ((number, mark, person) for mark, person in witness.messages())
            self._db.executemany(_QUERIES["hear"], entries)
            self._db.executemany(_QUERIES["excuse"], ((mark,) for mark in witness.excuses()))
        if self._db.execute(_QUERIES["anything_heard"]).fetchone() is not None:
            seal = self._witnesses[0].seal
            self._db.executemany(_QUERIES["know"], ((seal.message(*one),) for one in known))
        for statement in ("index_heard", "index_known", "sift", "index_people"):
            self._db.execute(_QUERIES[statement])
        self._db.execute("COMMIT")

    def _accused(self, number: int) -> int:
        (people,) = self._db.execute(_QUERIES["accused"], (number,)).fetchone()
        return int(people)

    def _excuse_of(self, witness: int, mark: bytes) -> bytes:
        return self._witnesses[witness].seal.excuse(mark)


def _known_tries(store: Store, campaign: CampaignRecord) -> Iterator[tuple[str, int]]:
    """Yield every try that the ledger knows, as :class:`Testimony` wants them."""
    rows = store.rows("tries", campaign=campaign.number)
    for _, tries in itertools.groupby(rows, key=lambda row: row["recipient"]):
        counts: dict[str, int] = {}
        for row in tries:
            message_id = str(row["message_id"])
            yield message_id, counts.get(message_id, 0)
            counts[message_id] = counts.get(message_id, 0) + 1


@dataclass(frozen=True, slots=True)
class Watch:
    """What keeps a run from sending from an old ledger, as far as there is anything.

    ``trouble`` says why the ledger's own witness cannot be used, where there should be one.
    """

    witness: Witness | None = None
    testimony: Testimony | None = None
    trouble: str = ""


@contextmanager
def watched(
    store: Store, campaign: CampaignRecord, state: Path, sender: str, folder: Path, *, trust: bool
) -> Iterator[Watch]:
    """Hold the ledger against its witnesses in ``state``; from now on it has one of its own there.

    :param trust: the user wants to send from this ledger, whatever they tell.
    :raises WriteError: messages were sent that the ledger does not know.
    """
    own, register = Witness.of(state, campaign.secret, folder), Register(state, campaign.id, sender)
    with ExitStack() as stack:
        try:
            others = [one for one in register.witnesses() if one.path != own.path]
            testimony = stack.enter_context(Testimony(own, others, _known_tries(store, campaign)))
        except OSError as error:
            yield Watch(trouble=_in_words(error, state))
            return
        if not trust:
            testimony.refuse()
        try:
            if trust:
                testimony.trust()
            own.open()
            register.add(own)
        except OSError as error:
            # what was heard is minded all the same
            watch = Watch(testimony=testimony, trouble=_in_words(error, state))
        else:
            watch = Watch(own, testimony)
        yield watch


def _in_words(error: OSError, state: Path) -> str:
    return f"{error.filename or state}: {error.strerror or error}"


_TRUST = (
    "If it is lost for good, those people are set aside as in doubt, nobody of them is sent to, and you decide "
    "(notify resolve):  notify send --trust-ledger"
)


def _older(people: int) -> WriteError:
    return WriteError(
        f"This ledger is older than what was sent: {_messages(people)} that it knows nothing of.",
        hint="Bring the newer ledger back: ledger.db, with ledger.db-wal where there is one.\n" + _TRUST,
    )


def _another(people: int, witness: Witness, own: Witness) -> WriteError:
    mend = "" if witness.folder == own.folder else ", or send from there"
    return WriteError(
        f"This campaign was sent from another ledger, in {witness.folder}: {_messages(people)} that this one knows "
        "nothing of.",
        hint=f"Bring that ledger.db back{mend}. Is this another mailing? Then give it an id of its own in "
        f"notify.toml.\n{_TRUST}",
    )


def _messages(people: int) -> str:
    return f"{people:,} {'recipient was' if people == 1 else 'recipients were'} written to"
