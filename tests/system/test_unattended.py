"""The lines of docs/unattended.md, as cron would run them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import make_folder

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "unattended.md").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no cron")
def test_cron(tmp_path: Path) -> None:
    """Cron looks for programs in two folders only, and notify is in neither."""
    folder = make_folder(tmp_path / "neue-adresse", contacts=1)
    program = tmp_path / ".local" / "bin" / "notify"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m notify "$@"\n', "utf-8")
    program.chmod(0o755)
    (line,) = re.findall(r"^\*/15 \* \* \* \* (.*)$", TEXT, re.MULTILINE)
    done = subprocess.run(
        ["/bin/sh", "-c", line.replace("/home/anna", str(tmp_path))],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        check=False,
        timeout=60,
    )
    log = (folder / "send.log").read_text("utf-8")
    assert done.returncode == 0, log
    assert "1 sent.\n" in log
