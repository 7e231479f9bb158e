"""A campaign from end to end with a login for each role: none needs more than `notify ledger roles` gives it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.folders import run
from tests.servers.postgres import Postgres
from tests.servers.scripted import ScriptedServer
from tests.workers import Shop, shop, twice

pytestmark = pytest.mark.long

_LOGINS = {"anna": "owner", "petra": "sender", "node7": "worker", "rolf": "reader"}


@pytest.mark.parametrize("is_confined", [False, True])
def test_a_login_for_each(tmp_path: Path, postgres_of_its_own: Postgres, *, is_confined: bool) -> None:
    """The owner makes the ledger, the sender places, the worker delivers, the reader looks, and the owner forgets."""
    with postgres_of_its_own.database() as database, ScriptedServer(tmp_path / "record") as relay:
        made = shop(tmp_path, database, relay, contacts=60)

        def as_login(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            url = replace(database, user=name).url
            return run(made.folder, *arguments, environment=made.environment | {"NOTIFY_LEDGER_URL": url})

        with postgres_of_its_own.administrator(database.name) as db:
            db.execute(made.run("ledger", "roles").stdout.encode())
            for name, role in _LOGINS.items():
                db.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{database.password}' IN ROLE notify_{role}")
            db.execute("ALTER ROLE anna SET role TO notify_owner")
        refused = as_login("petra", "send", "--yes")
        assert refused.returncode == 73
        assert "notify ledger roles" in refused.stderr
        assert as_login("anna", "suppress", "p000007@example.com").returncode == 0
        if is_confined:
            with postgres_of_its_own.administrator(database.name) as db:
                db.execute("INSERT INTO notify.only_for (worker, campaign) VALUES ('node7', 'test')")
        placed = as_login("petra", "send", "--yes")
        assert placed.returncode == 0, placed.stderr
        said = Shop(made.folder, database, url=replace(database, user="node7").url).deliver()
        assert "So far: 59 sent" in said
        assert (len(relay.accepted()), twice(relay)) == (59, [])
        status = as_login("rolf", "status", "--json")
        assert status.returncode == 0, status.stderr
        assert json.loads(status.stdout)["counts"]["sent"] == 59
        assert as_login("rolf", "log", "--json").returncode == 0
        assert as_login("rolf", "suppress", "p000001@example.com").returncode == 73
        assert as_login("petra", "ledger", "forget", "p000001@example.com", "--yes").returncode == 73
        assert as_login("anna", "ledger", "forget", "p000001@example.com", "--yes").returncode == 0
        assert "p000001" not in as_login("rolf", "log", "--json").stdout
        assert as_login("petra", "send", "--yes").returncode == 0
        assert len(relay.accepted()) == 59
