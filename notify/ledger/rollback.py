"""Compares a ledger with its journals: was it rolled back, so that it knows nothing of messages that were handed over?

A ledger is rolled back when an earlier state of it takes its place: from a backup, a copied folder, without its
``-wal``, or as a new one where the old one was deleted. A comparison holds as long as nobody adds to a journal, so from
the moment before it until the run ends no second ledger of the campaign sends.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from notify.core.record import record
from notify.errors import OlderError
from notify.ledger.held_journal import held
from notify.ledger.journal import Journal, JournalRegister
from notify.ledger.lock import only_run
from notify.ledger.place import Place
from notify.ledger.queries import read_queries
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

_QUERIES = read_queries("rollback.sql")
#: Up to how many entries of a journal are compared in memory, which takes a third of the time.
_FEW = 20_000


class RollbackCheck:
    """What the journals of a campaign hold that its ledger does not know. Use it in a ``with``.

    Few entries that are all known are compared in memory, all others by SQLite in a file without a name: a million are
    never all in memory.
    """

    def __init__(self, own: Journal, others: Sequence[Journal], known: Callable[[], Iterable[tuple[str, int]]]) -> None:
        """Compare.

        :param own: the journal of this ledger.
        :param others: those of other ledgers from which the same campaign was sent.
        :param known: returns every try that this ledger knows, as its Message-ID and how many were made with it before.
        :raises OSError: a journal cannot be read.
        """
        self._journals = (own, *others)
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.create_function("acknowledgement_of", 2, self._acknowledgement_of, deterministic=True)
        try:
            self._compare(known)
        except BaseException:
            self._db.close()
            raise
        #: Whether the journals hold anything that the ledger does not know.
        self.found_any = self._db.execute(_QUERIES["anything_unknown"]).fetchone() is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def refuse(self, place: Place) -> None:
        """Refuse the ledger when the journals hold more than it knows, unless the user has acknowledged that before.

        :param place: where it is kept.
        :raises WriteError: says how many were written to, and the ways out.
        """
        for number, journal in enumerate(self._journals):
            if people := self._count_people(number):
                raise _older(people, place) if number == 0 else _another(people, journal, self._journals[0])

    def acknowledge(self) -> None:
        """Note that the user trusts the ledger: what it does not know today is no reason to refuse it any more.

        :raises OSError: a journal cannot be written.
        """
        for number, journal in enumerate(self._journals):
            journal.acknowledge(mark for (mark,) in self._db.execute(_QUERIES["not_acknowledged"], (number,)))

    def count_messages(self, identity: str) -> int:
        """Return how many messages were handed over to an address that the ledger does not know."""
        if not self.found_any:
            return 0
        return sum(
            int(self._db.execute(_QUERIES["count_messages"], (number, journal.seal.person(identity))).fetchone()[0])
            for number, journal in enumerate(self._journals)
        )

    def _compare(self, known: Callable[[], Iterable[tuple[str, int]]]) -> None:
        self._db.execute("PRAGMA journal_mode = OFF")
        for statement in ("make_noted", "make_known", "make_unknown", "make_acknowledged"):
            self._db.execute(_QUERIES[statement])
        if self._are_few_and_known(known):
            return
        self._db.execute("BEGIN")
        for number, journal in enumerate(self._journals):
            entries = ((number, mark, person) for mark, person in journal.messages())
            self._db.executemany(_QUERIES["note"], entries)
            self._db.executemany(_QUERIES["acknowledge"], ((mark,) for mark in journal.acknowledgements()))
        if self._db.execute(_QUERIES["anything_noted"]).fetchone() is not None:
            seal = self._journals[0].seal
            self._db.executemany(_QUERIES["know"], ((seal.message(*known_try),) for known_try in known()))
        for statement in ("index_noted", "index_known", "find_unknown", "index_people"):
            self._db.execute(_QUERIES[statement])
        self._db.execute("COMMIT")

    def _are_few_and_known(self, known: Callable[[], Iterable[tuple[str, int]]]) -> bool:
        """Tell whether the journals hold a few entries at most, and the ledger knows them all."""
        own, *others = self._journals
        if any(True for journal in others for _ in journal.messages()):
            return False
        noted = [mark for mark, _ in itertools.islice(own.messages(), _FEW + 1)]
        if not noted or len(noted) > _FEW:
            return not noted
        return not {*noted}.difference(own.seal.message(*known_try) for known_try in known())

    def _count_people(self, number: int) -> int:
        (people,) = self._db.execute(_QUERIES["count_people"], (number,)).fetchone()
        return int(people)

    def _acknowledgement_of(self, number: int, mark: bytes) -> bytes:
        return self._journals[number].seal.acknowledgement(mark)


def known_tries(store: Store, campaign: CampaignRecord) -> Iterator[tuple[str, int]]:
    """Yield every try that the ledger knows, as :class:`RollbackCheck` wants them."""
    latest, counts = None, dict[str, int]()
    for recipient, message_id in store.rows("tries", campaign=campaign.number):
        if recipient != latest:
            latest, counts = recipient, {}
        tries = counts.get(message_id, 0)
        yield message_id, tries
        counts[message_id] = tries + 1


@record(frozen=True, slots=True)
class Watch:
    """What keeps a run from sending from a ledger that was rolled back, as far as there is anything.

    ``trouble`` says why the ledger's own journal, or its lock, cannot be used, where there should be one.
    """

    journal: Journal | None = None
    rollback: RollbackCheck | None = None
    trouble: str = ""


@contextmanager
def watched(
    store: Store,
    campaign: CampaignRecord,
    state: Path,
    sender: str,
    folder: Path,
    *,
    trust: bool,
    is_shared: bool = False,
) -> Iterator[Watch]:
    """Compare the ledger with its journals in ``state``; from now on it has one of its own there.

    Until this ``with`` ends no other ledger of the campaign sends, be it a copy of this one or another one with the
    campaign's id and sender, as far as it uses the same state directory.

    :param trust: the user wants to send from this ledger, whatever the journals hold.
    :param is_shared: several processes send from this ledger, and keep one journal on this machine: nobody is kept out.
        What is in the journal is in the ledger before, so that a comparison holds all the same.
    :raises BusyError: another ledger of the campaign is sending.
    :raises WriteError: messages were sent that the ledger does not know.
    """
    own, register = Journal.of(state, campaign.secret, folder), JournalRegister(state, campaign.id, sender)
    trouble = ""
    with ExitStack() as stack:
        try:
            if not is_shared:
                stack.enter_context(only_run((register.path, own.path), lambda: _other_ledgers(register, store.place)))
        except OSError as error:
            # what the journals hold is heeded all the same
            trouble = _in_words(error, state)
        try:
            others = [journal for journal in register.journals() if journal.path != own.path]
            rollback = stack.enter_context(RollbackCheck(own, others, lambda: known_tries(store, campaign)))
        except OSError as error:
            yield Watch(trouble=_in_words(error, state))
            return
        if not trust:
            rollback.refuse(store.place)
        try:
            if trust:
                rollback.acknowledge()
            own.open()
            register.add(own)
        except OSError as error:
            watch = Watch(rollback=rollback, trouble=_in_words(error, state))
        else:
            # who is not alone adds at the end, wherever that is by then
            is_alone = not (is_shared or trouble)
            watch = Watch(stack.enter_context(held(own)) if is_alone else own, rollback, trouble)
        yield watch


def _other_ledgers(register: JournalRegister, own: Place) -> Iterator[Path]:
    """Yield the files of ledgers from which the campaign was sent, as far as is known, but for ``own``."""
    there = [Path(journal.folder) / "ledger.db" for journal in register.journals()]
    return (path for path in there if not (isinstance(own, Path) and path.resolve() == own.resolve()))


def _in_words(error: OSError, state: Path) -> str:
    return f"{error.filename or state}: {error.strerror or error}"


_TRUST = (
    "If it is lost for good, those people are set aside as in doubt, nobody of them is sent to, and you decide "
    "(notify resolve):  notify send --trust-ledger"
)


def _older(people: int, place: Place) -> OlderError:
    is_file = isinstance(place, Path)
    newer = "ledger.db, with ledger.db-wal where there is one" if is_file else f"what is newer of {place}"
    return OlderError(
        f"This ledger is older than what was sent: {_messages(people)} that it knows nothing of.",
        hint=f"Bring the newer ledger back: {newer}.\n{_TRUST}",
    )


def _another(people: int, journal: Journal, own: Journal) -> OlderError:
    mend = "" if journal.folder == own.folder else ", or send from there"
    return OlderError(
        f"This campaign was sent from another ledger, in {journal.folder}: {_messages(people)} that this one knows "
        "nothing of.",
        hint=f"Bring that ledger back{mend}. Is this another mailing? Then give it an id of its own in "
        f"notify.toml.\n{_TRUST}",
    )


def _messages(people: int) -> str:
    return f"{people:,} {'recipient was' if people == 1 else 'recipients were'} written to"
