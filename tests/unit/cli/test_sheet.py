"""Files that a command writes for people: none of theirs is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.cli.sheet import sheet
from notify.errors import WriteError
from tests.campaign import Folder


def test_not_over_a_file_that_is_there(tmp_path: Path) -> None:
    """What must not be replaced stays; what is empty is nobody's loss."""
    settings = Folder(tmp_path / "campaign").settings()
    path = tmp_path / "overrides.csv"
    path.write_text("filled in", "utf-8")
    with pytest.raises(WriteError, match="there is such a file") as caught, sheet(settings, path, keep="Keep it."):
        pass
    assert (caught.value.hint, path.read_text("utf-8")) == ("Keep it.", "filled in")
    path.write_text("", "utf-8")
    with sheet(settings, path, keep="Keep it.") as write:
        write(["a", "b"])
    assert path.read_text("utf-8-sig") == "a;b\n"
    with sheet(settings, path) as write:
        write(["c"])
    assert path.read_text("utf-8-sig") == "c\n"


def test_not_over_a_file_that_comes_to_be_there(tmp_path: Path) -> None:
    """Nor is one replaced that was made only after somebody has looked for it, as if by the other end of a link."""
    settings = Folder(tmp_path / "campaign").settings()
    path = tmp_path / "overrides.csv"
    path.symlink_to(tmp_path / "not there")
    with pytest.raises(WriteError, match="File exists"), sheet(settings, path, keep="Keep it."):
        pass
    assert not path.exists()


def test_not_under_a_name_that_would_be_read(tmp_path: Path) -> None:
    """Only the list that is to be filled in may be called as the overrides are."""
    settings = Folder(tmp_path / "campaign").settings()
    path = settings.folder / "overrides.csv"
    with pytest.raises(WriteError, match="the next run would read it as your overrides"), sheet(settings, path):
        pass
    assert not path.exists()
    with sheet(settings, path, corrections=True) as write:
        write(["a", "b"])
    assert path.read_text("utf-8-sig") == "a;b\n"
