"""Files that a command writes for people: none of theirs is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.cli.sheet import sheet
from notify.errors import WriteError
from tests.campaign import Folder


def test_not_over_a_file_that_is_there(tmp_path: Path) -> None:
    """What must not be replaced stays, though it was made only after somebody has looked for it."""
    settings = Folder(tmp_path / "campaign").settings()
    path = tmp_path / "overrides.csv"
    path.write_text("filled in", "utf-8")
    with pytest.raises(WriteError, match="File exists"), sheet(settings, path, overwrite=False):
        pass
    assert path.read_text("utf-8") == "filled in"
    with sheet(settings, path) as write:
        write(["a", "b"])
    assert path.read_text("utf-8-sig") == "a;b\n"
