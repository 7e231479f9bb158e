"""A ledger that was rolled back is found out by its journals, and nobody is written to twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

import pytest

from notify.core.record import record
from notify.core.status import Status
from notify.errors import BusyError, WriteError
from notify.ledger import Handovers, Leaving, RollbackCheck, Store, Suppressions, Transitions, Watch, Word, watched
from notify.ledger.journal import Begun, Journal, Seal
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import DATE, NOW, Mailing, begin, outcome, settle


@contextmanager
def _watch(post: Mailing, folder: Path, *, trust: bool = False) -> Iterator[Watch]:
    with watched(post.store, post.record, folder / "state", "a@alt.example", folder, trust=trust) as watch:
        yield watch


def _run(post: Mailing, watch: Watch) -> Handovers:
    return post.run(journal=watch.journal, rollback=watch.rollback)


def _transitions(post: Mailing, watch: Watch) -> Transitions:
    return Transitions(post.store, post.record, watch.rollback)


def _hand_over(post: Mailing, watch: Watch, address: str, status: Status) -> None:
    run = _run(post, watch)
    (claimed,) = run.claim(1, NOW, [address])
    assert begin(run, claimed.id, "d1", DATE)
    settle(run, claimed.id, outcome(status), NOW)


@record(frozen=True, slots=True)
class Counting(Journal):
    """A journal that tells how often it was asked to keep something, and how much."""

    kept: list[int] = field(default_factory=list)

    def keep(self, begun: Iterable[Begun]) -> None:
        """Count, and keep."""
        some = list(begun)
        self.kept.append(len(some))
        Journal.keep(self, some)


class Unwritable(dt.datetime):
    """A Date on which what shares the commit breaks."""

    def isoformat(self, *_: object, **__: object) -> str:
        """Fail."""
        raise BusyError("something else in the same commit")


class _Slow(RollbackCheck):
    """Knows of a message to everybody; while it looks, another process suppresses the first."""

    def __init__(self, beside: Store, folder: Path) -> None:
        journal = Journal(folder / "x.witness", Seal(b"key"))
        journal.keep([Begun("<1@alt.example>", 0, "anna@example.com")])
        super().__init__(journal, [], list)
        self._beside = beside

    def count_messages(self, identity: str) -> int:
        """Suppress whoever is asked about first, and tell of one message."""
        if not list(Suppressions(self._beside).all()):
            Suppressions(self._beside).add(identity, "asked us to", NOW)
        return 1


def _backup(folder: Path) -> Path:
    backup = folder / "backup"
    backup.mkdir(exist_ok=True)
    return backup


class Rollbacks(LedgerKind):
    """A ledger and the journals that it is compared with."""

    @contextmanager
    def campaign(self, folder: Path) -> Iterator[Mailing]:
        """Open the ledger of a folder, with the campaign in it."""
        with self.opened(folder) as store:
            yield self.mailing(store, folder)

    def test_who_shares_a_commit_shares_the_entry(self, post: Mailing, tmp_path: Path) -> None:
        """All channels that share one commit are noted by one write; who is fenced is not noted."""
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(6)])
        journal = Counting(tmp_path / "x.witness", Seal(b"key"))
        run = post.run(journal=journal)
        claimed = run.claim(6, NOW)
        Suppressions(post.store).add("p3@example.com", "", NOW)
        run.record([], [Leaving(recipient.id, "d", DATE) for recipient in claimed], NOW)
        assert journal.kept == [5]
        assert len(list(journal.messages())) == 5
        settle(run, claimed[0].id, outcome(Status.SENT), NOW)
        assert journal.kept == [5]

    def test_what_was_undone_is_not_noted(self, post: Mailing, tmp_path: Path) -> None:
        """A begin that never became durable leaves no entry, which would stand against the ledger for ever."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        with _watch(post, tmp_path) as watch:
            assert watch.journal
            run = _run(post, watch)
            anna, ben = run.claim(2, NOW)
            unwritable = Leaving(ben.id, "d", Unwritable(2026, 12, 1))
            with pytest.raises(BusyError):
                run.record([], [Leaving(anna.id, "d", DATE), unwritable], NOW)
            assert list(watch.journal.messages()) == []
            assert begin(run, anna.id, "d", DATE)
            assert len(list(watch.journal.messages())) == 1

    @pytest.mark.parametrize("first", [Status.DEFERRED, Status.PENDING, Status.IN_DOUBT, Status.FAILED])
    def test_each_try_is_known_by_itself(self, tmp_path: Path, first: Status) -> None:
        """A ledger that knows of one try, and not of the next one with the same Message-ID, is older too."""
        with self.campaign(tmp_path) as post, _watch(post, tmp_path) as watch:
            post.enrol("K1 anna@example.com")
            _hand_over(post, watch, "anna@example.com", first)
            if first in {Status.IN_DOUBT, Status.FAILED}:
                post.resolve("anna@example.com", Word.AGAIN)
        self.copy(tmp_path, _backup(tmp_path))
        with self.campaign(tmp_path) as post, _watch(post, tmp_path) as watch:
            later = NOW.replace(day=2)
            run = _run(post, watch)
            (claimed,) = run.claim(1, later)
            assert begin(run, claimed.id, "d1", DATE)
            settle(run, claimed.id, outcome(Status.SENT), later)
        with self.campaign(tmp_path) as post, _watch(post, tmp_path) as watch:
            assert watch.rollback
            assert not watch.rollback.found_any
        self.copy(_backup(tmp_path), tmp_path)
        with self.campaign(tmp_path) as post:
            with pytest.raises(WriteError, match="1 recipient was written to"), _watch(post, tmp_path):
                pass
            with _watch(post, tmp_path, trust=True) as watch:
                assert _transitions(post, watch).set_doubted_aside(NOW) == 1
                assert _transitions(post, watch).set_doubted_aside(NOW) == 0
            assert post.statuses() == {"anna@example.com": Status.IN_DOUBT}
            with _watch(post, tmp_path) as watch:
                assert _run(post, watch).claim(1, later) == []

    def test_who_comes_to_wait_later(self, tmp_path: Path) -> None:
        """Whoever waits again only in the course of a run is not written to either, whatever brought that about."""
        with self.campaign(tmp_path) as post:
            post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
            post.bring("anna@example.com", Status.FAILED)
        self.copy(tmp_path, _backup(tmp_path))
        with self.campaign(tmp_path) as post, _watch(post, tmp_path) as watch:
            post.transitions.retry_failed()
            for name in ("anna", "ben"):
                _hand_over(post, watch, f"{name}@example.com", Status.SENT)
        self.copy(_backup(tmp_path), tmp_path)
        with self.campaign(tmp_path) as post, _watch(post, tmp_path, trust=True) as watch:
            Suppressions(post.store).add("ben@example.com", "", NOW)
            run = _run(post, watch)
            assert _transitions(post, watch).set_doubted_aside(NOW) == 0
            post.transitions.retry_failed()
            (cora,) = run.claim(5, NOW)
            Suppressions(post.store).remove("ben@example.com")
            (ben,) = run.claim(5, NOW)
            assert not begin(run, ben.id, "d1", DATE)
            assert begin(run, cora.id, "d1", DATE)
            assert post.statuses() == {
                "anna@example.com": Status.IN_DOUBT,
                "ben@example.com": Status.IN_DOUBT,
                "cora@example.com": Status.IN_FLIGHT,
            }

    def test_suppressed_while_others_are_set_aside(self, post: Mailing, tmp_path: Path) -> None:
        """Whoever is suppressed beside a run, just when it sets people aside, stays so; the others are set aside."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        with self.opened(tmp_path) as beside, _Slow(beside, tmp_path) as check:
            assert Transitions(post.store, post.record, check).set_doubted_aside(NOW) == 1
        assert post.statuses() == {"anna@example.com": Status.SUPPRESSED, "ben@example.com": Status.IN_DOUBT}
