"""A job starts from a ledger: whoever hands over needs neither contact files nor what they were read with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notify.accounts import Account, Tls
from notify.actions.opening import open_template
from notify.actions.run import begun
from notify.config import load
from notify.core.status import Status
from notify.delivery.events import Over, Reason
from notify.delivery.failover import Failover
from notify.delivery.job import Job, Orders
from notify.delivery.routes import routes_of
from notify.ledger import Versions, Watch, hold
from tests.campaign import NOW, Folder, enrolled
from tests.folders import addresses
from tests.servers.scripted import ScriptedServer

pytestmark = pytest.mark.both_ledgers

ADDRESSES = ["anna@example.com", "ben@example.com", "cora@example.com"]


def test_job_without_contact_files(tmp_path: Path) -> None:
    """What was enrolled is handed over by a job made of ledger, template and settings, though all contacts are gone."""
    with ScriptedServer(tmp_path / "record") as server:
        folder = Folder(tmp_path / "campaign", port=server.port)
        with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
            enrolled(run)
        shutil.rmtree(folder.path / "contacts")

        settings = load(folder.path, options={}, environment={})
        with hold(folder.ledger, NOW) as store:
            versions = Versions(store)
            record = versions.find(settings.campaign().id)
            assert record is not None
            version = versions.latest(record)
            assert version is not None
            routes = routes_of(settings, NOW.date())
            template = open_template(settings)
            job = Job(settings.campaign(), lambda: template, store, record, version, routes, NOW, False, Watch())
            account = Account("127.0.0.1", server.port, Tls.NONE)
            *_, over = Failover(job, lambda _: account, Orders(batch=50, pause_s=0)).events()
            assert over == Over(Reason.EXHAUSTED)
            assert job.reports().counts()[Status.SENT] == 3
        assert sorted(addresses(server.accepted())) == ADDRESSES
