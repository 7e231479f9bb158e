"""What programs read is documented, key by key."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.folders import make_folder, run
from tests.system.test_checks import PEOPLE, WRONG

pytestmark = pytest.mark.both_ledgers

PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    [
        "contacts --json",
        "preview -n 1 --json",
        "check --offline --json",
        "send --dry-run --json",
        "status --json",
        "suppress --list --json",
        "providers --json",
    ],
)
def test_every_key_is_documented(tmp_path: Path, command: str) -> None:
    """The page names each key of each command, and none that there is not."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG)
    if command.startswith("status"):
        assert run(folder, "send", "--yes", "--limit", "1").returncode in {0, 75}
    if command.startswith("suppress"):
        assert run(folder, "suppress", "anna@example.com").returncode == 0
    document = json.loads(run(folder, *command.split()).stdout)
    keys = set(document[0] if isinstance(document, list) else document)
    title = " ".join(word for word in command.split() if word not in {"-n", "1", "--offline"})
    section = PAGE.partition(f"## `notify {title}`\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == keys
