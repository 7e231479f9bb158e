"""When the disk is full, or nothing may be written: one sentence, nothing lost, and it goes on later."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from notify.core.status import Status
from tests.unit.ledger.mailing import NOW, mailing

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and users are POSIX's")

#: Sends to everybody, and stops at what goes wrong. Its file may grow by argv[2] octets; "-" is without limit.
_RUN = """
import json, sys
from pathlib import Path
from notify.core.status import Status
from notify.errors import NotifyError
from notify.ledger import hold
from tests.unit.ledger.mailing import DATE, NOW, Mailing, begin, outcome, settle

told = {"begun": [], "settled": [], "errors": []}
try:
    with hold(Path(sys.argv[1]), NOW) as store:
        post = Mailing(store)
        told["recovered"] = post.transitions.recover(NOW)
        if sys.argv[2] != "-":
            import resource
            limit = Path(sys.argv[1] + "-wal").stat().st_size + int(sys.argv[2])
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        run = post.run(f"run {sys.argv[2]}")
        try:
            while claimed := run.claim(5, NOW):
                for recipient in claimed:
                    if begin(run, recipient.id, f"d{recipient.id}", DATE):
                        told["begun"].append(recipient.id)
                    settle(run, recipient.id, outcome(Status.SENT), NOW)
                    told["settled"].append(recipient.id)
        except NotifyError as error:
            told["errors"].append([type(error).__name__, error.message, error.hint])
            try:
                run.release()
            except NotifyError as error:
                told["errors"].append([type(error).__name__, error.message, error.hint])
            raise
except NotifyError as error:
    told["errors"].append([type(error).__name__, error.message, error.hint])
print(json.dumps(told))
"""


def _run(path: Path, growth: int | str, before: Sequence[str] = ()) -> dict[str, Any]:
    command = [*before, sys.executable, "-W", "error", "-c", _RUN, str(path), str(growth)]
    # what measures coverage could not write its own file either
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("growth", [0, 4096, 20_001, 150_000])
def test_full_disk(tmp_path: Path, growth: int) -> None:
    """Wherever the disk becomes full: what was recorded stays, no dot leaves without a record, and it goes on later."""
    with mailing(tmp_path) as post:
        post.enrol(*[f"K{number} p{number}@example.com" for number in range(40)])
    path = tmp_path / "ledger.db"
    told = _run(path, growth)
    assert told["errors"], "the disk was not full; lower the limit"
    for kind, message, hint in told["errors"]:
        assert kind == "WriteError"
        assert re.fullmatch(rf"{re.escape(str(path))}: [^:]+\.", message), message
        assert "room" in hint
    with mailing(tmp_path) as post:
        rows = {row["id"]: row for row in post.rows()}
        assert [number for number, row in rows.items() if row["status"] == Status.SENT] == told["settled"]
        assert {number for number, row in rows.items() if row["digest"]} == set(told["begun"])
        assert len(post.attempts()) == len(told["settled"])
        # handed over, and its answer could not be recorded: at most the one at which the disk became full
        doubts = set(told["begun"]) - set(told["settled"])
        assert len(doubts) <= 1
        assert post.transitions.recover(NOW)[1] == len(doubts)
    later = _run(path, "-")
    assert later["errors"] == []
    assert len(told["settled"]) + len(later["settled"]) + len(doubts) == 40
    assert not set(later["begun"]) & set(told["begun"])


def _read_only(folder: Path) -> list[str]:
    """Let nobody write in a folder; return what a command must begin with to notice it: root only sees mounts."""
    folder.chmod(0o555)
    if os.geteuid() != 0:
        return []
    mounted = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", mounted, str(folder)]
    if not shutil.which("unshare") or subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("root may write everywhere, and cannot mount anything here")
    return command


@pytest.mark.parametrize("there", [True, False])
def test_folder_that_cannot_be_written(tmp_path: Path, *, there: bool) -> None:
    """In a folder that may only be read no run begins; it is said which one, and the ledger stays as it is."""
    path = tmp_path / "ledger.db"
    if there:
        with mailing(tmp_path) as post:
            post.enrol("K1 anna@example.com")
    before = path.read_bytes() if there else b""
    told = _run(path, "-", _read_only(tmp_path))
    tmp_path.chmod(0o755)
    ((kind, message, hint),) = told["errors"]
    assert kind == "WriteError"
    assert str(path) in message
    assert "writable" in hint
    assert told["begun"] == []
    assert (path.read_bytes() if there else b"") == before
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"] * there
