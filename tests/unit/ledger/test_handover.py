"""What a run's dealings with recipients cost in the file."""

from __future__ import annotations

import contextlib
import sqlite3

from notify.core.status import Status
from notify.ledger import Leaving
from tests.unit.ledger.mailing import DATE, NOW, Mailing, outcome, read


def test_nothing_to_record(post: Mailing) -> None:
    """Where there is nothing to write nobody is waited for."""
    with contextlib.closing(sqlite3.connect(post.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert post.run().record([], [], NOW) == ([], [])


def test_who_was_written_down_as_claimed(post: Mailing) -> None:
    """Whom a run of an earlier notify had claimed when it died is left alone until recovery lets them wait again."""
    post.enrol("K1 anna@example.com", "K2 ben@example.com")
    with post.store.transaction() as db:
        db.execute("INSERT INTO arrow VALUES ('pending', 'claimed')")
        db.execute("UPDATE recipient SET status = 'claimed' WHERE key = 'K1'")
    assert [claimed.key for claimed in post.run().claim(9, NOW)] == ["K2"]
    assert post.transitions.recover(NOW) == (1, 0)
    assert [claimed.key for claimed in post.run().claim(9, NOW)] == ["K1"]


def test_a_claim_writes_nothing(post: Mailing) -> None:
    """Nobody is waited for, however many are claimed and given back."""
    post.enrol(*[f"K{number} p{number}@example.com" for number in range(12)])
    run = post.run()
    with contextlib.closing(sqlite3.connect(post.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        claimed = run.claim(9, NOW)
        run.give_back(one.id for one in claimed)
        assert run.claim(9, NOW) == claimed


def _commits(post: Mailing) -> int:
    """Return how many commits stand in the log (sqlite.org, "WAL-mode File Format", 2.2)."""
    log = post.path.with_name("ledger.db-wal").read_bytes()
    (page,) = read(post.path, "PRAGMA page_size")
    salt, step = log[16:24], 24 + int(page["page_size"])
    frames = [log[place : place + 24] for place in range(32, len(log) - 23, step)]
    return sum(any(frame[4:8]) for frame in frames if frame[8:16] == salt)


def test_rows_stay_on_their_pages(post: Mailing) -> None:
    """What is written when a dot leaves has its room since the enrolment, so that hardly a page is parted for it."""
    post.enrol(*[f"K{number} p{number}@example.com" for number in range(1000)])
    run = post.run("1796040000.123456")
    (before,) = read(post.path, "PRAGMA page_count")
    for _ in range(20):
        claimed = run.claim(50, NOW)
        run.record([], [Leaving(recipient.id, "d" * 43, DATE) for recipient in claimed], NOW)
    (after,) = read(post.path, "PRAGMA page_count")
    assert after["page_count"] - before["page_count"] < 0.02 * before["page_count"]


def test_one_commit_for_many(post: Mailing) -> None:
    """What many channels have to say at one moment is durable for all of them, and costs one commit."""
    post.enrol(*[f"K{number} p{number}@example.com" for number in range(12)])
    run = post.run()
    claimed = run.claim(12, NOW)
    before = _commits(post)
    leaving = [Leaving(recipient.id, f"d{recipient.id}", DATE) for recipient in claimed]
    assert run.record([], leaving[:6], NOW) == ([], [True] * 6)
    assert _commits(post) == before + 1
    finished = [(recipient.id, outcome(Status.SENT)) for recipient in claimed[:6]]
    assert run.record(finished, leaving[6:], NOW) == ([Status.SENT] * 6, [True] * 6)
    assert _commits(post) == before + 2
    assert {row["digest"] for row in post.rows()} == {f"d{recipient.id}" for recipient in claimed}
    assert list(post.statuses().values()) == [Status.SENT] * 6 + [Status.IN_FLIGHT] * 6
    assert [attempt["recipient"] for attempt in post.attempts()] == [recipient.id for recipient in claimed[:6]]
