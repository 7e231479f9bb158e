"""A campaign that an earlier notify began, and this one finishes."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import filelock
import pytest

from tests.folders import addresses, counts, run
from tests.servers.scripted import ScriptedServer
from tests.unit.ledger.earlier import LEDGERS, earlier_versions, make_earlier
from tests.unit.ledger.mailing import read

#: Who waits in the ledger of version 1. Carla was set aside there by the word of a journal, and is to be sent to again.
WAITING = [f"{name}@example.com" for name in ("carla", "doris", "emil", "ida", "jonas", "klara", "ludwig")]


def _campaign(folder: Path, version: int, port: int) -> tuple[Path, dict[str, str]]:
    """Write a campaign that was begun by the program of an earlier version; return it and its environment."""
    shutil.copytree(LEDGERS / f"version-{version}", folder)
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace("port = 2525", f"port = {port}"), "utf-8")
    make_earlier(folder / "ledger.db", version, port=port)
    return folder, {"NOTIFY_STATE_DIR": str(folder / "state")}


@pytest.mark.parametrize("version", earlier_versions())
def test_finished_by_this_version(tmp_path: Path, version: int) -> None:
    """Begun by an earlier notify, a campaign is finished by this one: nobody is written to twice, nobody is left out.

    Before that somebody was sent to, deferred before and after the dot, refused, in doubt, in flight when the run was
    killed, set aside by the word of a journal and resolved, suppressed, and some were waiting.
    """
    with ScriptedServer(tmp_path / "record") as server:
        folder, environment = _campaign(tmp_path / "campaign", version, server.port)
        before = read(folder / "ledger.db", "SELECT * FROM recipient ORDER BY id")
        done = run(folder, "send", "--yes", environment=environment)
        assert done.returncode == 1, done.stderr
        assert Counter(addresses(server.accepted())) == Counter(WAITING), done.stderr
        assert counts(folder) == {"sent": 9, "failed": 1, "in_doubt": 2, "suppressed": 1}
        copy = folder / f"ledger.db.version-{version}"
        assert (
            f"ledger.db was brought up to date for this notify. As it was before, it is kept in {copy.name}."
            in done.stderr
        )
        assert read(copy, "SELECT * FROM recipient ORDER BY id") == before
        again = run(folder, "send", "--yes", environment=environment)
        assert (again.returncode, len(server.accepted())) == (1, len(WAITING)), again.stderr
        # whoever was in doubt is still the user's to decide; each was begun, as the journal of that version says
        in_doubt = [doubt["to"] for doubt in json.loads(run(folder, "resolve", "--json").stdout)]
        assert in_doubt == ["gustav@example.com", "hanna@example.com"]
        assert run(folder, "resolve", "--again", *in_doubt).returncode == 0
        assert run(folder, "send", "--yes", "--retry-failed", environment=environment).returncode == 0
        assert Counter(addresses(server.accepted())) == Counter([*WAITING, *in_doubt, "frida@example.com"])
    assert sorted(path.name for path in folder.glob("ledger.db*")) == ["ledger.db", "ledger.db.lock", copy.name]


@pytest.mark.parametrize("version", earlier_versions())
def test_the_journal_of_an_earlier_version(tmp_path: Path, version: int) -> None:
    """What the journal of an earlier notify holds counts against a ledger that knows less than it."""
    with ScriptedServer(tmp_path / "record") as server:
        folder, environment = _campaign(tmp_path / "campaign", version, server.port)
        (folder / "ledger.db").unlink()
        refused = run(folder, "send", "--yes", environment=environment)
        assert (refused.returncode, server.accepted()) == (73, [])
        # anna, bruno, emil, gustav and hanna; the user had acknowledged what the journal tells of carla
        assert "in /home/anna/neue-adresse: 5 recipients were written to" in refused.stderr
        trusted = run(folder, "send", "--yes", "--trust-ledger", environment=environment)
        assert trusted.returncode == 1, trusted.stderr
        assert counts(folder)["in_doubt"] == 6
        assert not {"anna@example.com", "bruno@example.com", "emil@example.com"} & set(addresses(server.accepted()))


@pytest.mark.parametrize("version", earlier_versions())
def test_the_sandbox_leaves_it(tmp_path: Path, version: int) -> None:
    """The sandbox takes the suppression list from the real ledger, which stays as it was."""
    folder, environment = _campaign(tmp_path / "campaign", version, 2525)
    text, _, _ = (folder / "notify.toml").read_text("utf-8").partition("[[relay]]")
    (folder / "notify.toml").write_text(text, "utf-8")
    before = (folder / "ledger.db").read_bytes()
    done = run(folder, "send", environment=environment)
    assert done.returncode == 0, done.stderr
    assert counts(folder)["suppressed"] == 1
    assert (folder / "ledger.db").read_bytes() == before


@pytest.mark.parametrize("version", earlier_versions())
def test_a_rehearsal_leaves_it(tmp_path: Path, version: int) -> None:
    """A rehearsal works on a ledger of an earlier version and leaves it as it was, with nothing beside it."""
    folder, environment = _campaign(tmp_path / "campaign", version, 2525)
    before = (folder / "ledger.db").read_bytes()
    done = run(folder, "send", "--dry-run", environment=environment)
    assert done.returncode == 0, done.stderr
    assert (folder / "ledger.db").read_bytes() == before
    assert [path.name for path in folder.glob("ledger.db*")] == ["ledger.db"]
    assert "brought up to date" not in done.stderr


def test_beside_a_run_of_an_earlier_version(tmp_path: Path) -> None:
    """While a run of the earlier notify holds its ledger it is not brought up to date; who wants to look is told."""
    folder, _ = _campaign(tmp_path / "campaign", 1, 2525)
    before = (folder / "ledger.db").read_bytes()
    with filelock.FileLock(folder / "ledger.db.lock"):
        for command in (["status"], ["log"], ["suppress", "ida@example.com"], ["send", "--yes"]):
            refused = run(folder, *command)
            assert refused.returncode == 75, refused.stderr
            assert "on office.example, since " in refused.stderr
            assert "another run" in refused.stderr
    assert (folder / "ledger.db").read_bytes() == before
    assert run(folder, "status").returncode == 0
    assert (folder / "ledger.db.version-1").exists()
