"""A worker while a run enrols: it hands nobody over until that is committed, asks now and then, and goes on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import cast

import pytest

from notify.ledger import Database, Versions, open_store
from notify.ledger.postgres.store import PostgresStore
from tests.servers.postgres import Postgres
from tests.servers.scripted import ScriptedServer
from tests.workers import shop, stop, until

pytestmark = pytest.mark.long


def test_a_long_enrolment(tmp_path: Path, postgres: Postgres) -> None:
    """Nobody is handed over while it is at work, the database is not kept busy, and then everybody is."""
    with postgres.database() as database, ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=20)
        assert placing.run("send", "--yes").returncode == 0
        place = Database(database.url, password=lambda: database.password)
        with cast("PostgresStore", open_store(place)) as store:
            record = Versions(store).find("test")
            assert record is not None
            with placing.working() as worker:
                with store.enrolling(record):
                    until(lambda: placing.ask("SELECT 1 FROM portion WHERE epoch > 0"))
                    time.sleep(4)
                    ((epoch,),) = placing.ask("SELECT epoch FROM portion")
                    assert server.accepted() == []
                # it was leased about once a second
                assert int(str(epoch)) < 10
                until(lambda: placing.counts() == {"sent": 20})
                stop(worker)
