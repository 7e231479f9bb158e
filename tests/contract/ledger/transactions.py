"""What is committed stays, whoever reads and writes beside it, and what is not leaves nothing."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import pytest

from notify.core.status import Status
from notify.errors import InputError, WriteError
from notify.ledger import Suppressions
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import DATE, NOW, Mailing, begin, outcome, settle


class Transactions(LedgerKind):
    """Several connections, several threads, failures, and opening again."""

    def suppressed(self, folder: Path) -> list[str]:
        """Return who is on the suppression list of a ledger, as another program sees it."""
        with self.connected(folder) as db:
            return [row["identity"] for row in db.execute("SELECT * FROM suppression ORDER BY identity").fetchall()]

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
    def test_transaction(self, post: Mailing, tmp_path: Path, error: type[BaseException]) -> None:
        """Whatever is raised inside, nothing of the transaction stays; the next one is as if it had not been."""
        with contextlib.suppress(error), post.store.transaction() as db:
            db.execute("INSERT INTO suppression VALUES ('anna@example.com', '', '')")
            raise error
        assert self.suppressed(tmp_path) == []
        assert Suppressions(post.store).add("anna@example.com", "", NOW)
        assert self.suppressed(tmp_path) == ["anna@example.com"]

    def test_after_a_failure_nothing_is_tried_again(self, post: Mailing, tmp_path: Path) -> None:
        """After the ledger failed once the store refuses everything that writes, with the same words."""
        post.enrol("K1 anna@example.com")
        with pytest.raises(WriteError) as first, post.store.transaction() as db:
            db.execute("UPDATE recipient SET status = 'sent'")
        with pytest.raises(WriteError) as second:
            Suppressions(post.store).add("anna@example.com", "", NOW)
        assert second.value.message == first.value.message
        with self.opened(tmp_path) as store:
            assert Suppressions(store).add("anna@example.com", "", NOW)

    def test_writers_wait_for_each_other(self, tmp_path: Path) -> None:
        """What two processes write at one moment is both written: one waits for the other."""
        with self.opened(tmp_path) as store, self.opened(tmp_path) as other:
            thread = threading.Thread(target=lambda: Suppressions(other).add("ben@example.com", "", NOW))
            with store.transaction() as db:
                thread.start()
                time.sleep(0.2)
                db.execute("INSERT INTO suppression VALUES ('anna@example.com', '', '')")
            thread.join(10)
        assert self.suppressed(tmp_path) == ["anna@example.com", "ben@example.com"]

    def test_threads_and_reports_at_once(self, post: Mailing) -> None:
        """Eight threads begin and settle as fast as they can, and a report reads: everything is durable, once."""
        people, threads_at_once = 240, 8
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(people)])
        waiting = post.run().claim(people, NOW)
        errors: list[BaseException] = []

        def serve(mine: int) -> None:
            try:
                for recipient in waiting[mine::threads_at_once]:
                    assert begin(post.run(), recipient.id, "d", DATE)
                    settle(post.run(), recipient.id, outcome(Status.SENT), NOW)
            except BaseException as error:  # noqa: BLE001  # shown below
                errors.append(error)

        threads = [threading.Thread(target=serve, args=(number,)) for number in range(threads_at_once)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            assert sum(post.reports.counts().values()) == people
        for thread in threads:
            thread.join()
        assert errors == []
        assert post.reports.counts()[Status.SENT] == people
        assert len(post.attempts()) == people

    def test_errors_of_others_pass(self, post: Mailing) -> None:
        """An error that is not the file's goes through as it is, and the store goes on."""
        with pytest.raises(InputError, match="no address"), post.store.transaction():
            raise InputError("no address")
        assert Suppressions(post.store).add("anna@example.com", "", NOW)

    def test_opened_again(self, tmp_path: Path) -> None:
        """Everything that was recorded is there when the ledger is opened again, and the campaign goes on."""
        with self.opened(tmp_path) as store:
            post = self.mailing(store, tmp_path)
            post.enrol(*[f"K{number} p{number}@example.com" for number in range(5)])
            for number, status in enumerate((Status.SENT, Status.DEFERRED, Status.IN_DOUBT, Status.IN_FLIGHT)):
                post.bring(f"p{number}@example.com", status)
            Suppressions(store).add("p4@example.com", "asked us to", NOW)
            rows, attempts, counts = post.rows(), post.attempts(), post.reports.counts()
        with self.opened(tmp_path) as store:
            post = self.mailing(store, tmp_path)
            assert (post.rows(), post.attempts(), post.reports.counts()) == (rows, attempts, counts)
            assert post.transitions.recover(NOW) == (0, 1)
            assert Suppressions(store).remove("p4@example.com")
            assert [claimed.key for claimed in post.run("run 2").claim(9, NOW)] == ["K4"]
