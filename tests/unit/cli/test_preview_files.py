"""The folder of a preview: this preview and no earlier one, and nothing of somebody else's is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.cli.preview_files import PreviewFiles
from notify.errors import WriteError

PREVIEW = b"To: a@example.com\r\nX-Notify-Id: <set-when-sent@alt.example>\r\n\r\nHallo\r\n"
SENT = b"To: a@example.com\r\nX-Notify-Id: <abc@alt.example>\r\n\r\nHallo\r\n"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_earlier_preview_goes(tmp_path: Path) -> None:
    """Messages of an earlier preview are removed, when the first one is written and not before."""
    earlier = PreviewFiles(tmp_path / "out")
    for address in ("anna@example.com", "ben@example.com", "cora@example.com"):
        earlier.write(address, PREVIEW)
    later = PreviewFiles(tmp_path / "out")
    assert len(_names(tmp_path / "out")) == 3
    later.write("dora@example.com", PREVIEW)
    assert _names(tmp_path / "out") == ["0001-dora@example.com.eml"]
    assert (later.written, later.removed, later.others) == (1, 3, 0)


def test_what_it_did_not_write_stays(tmp_path: Path) -> None:
    """Notes, sent messages, links and files of other names stay, and are counted."""
    (tmp_path / "notes.txt").write_bytes(PREVIEW)
    (tmp_path / "0001-sent@example.com.eml").write_bytes(SENT)
    (tmp_path / "mine.eml").write_bytes(PREVIEW)
    (tmp_path / "0002-link@example.com.eml").symlink_to(tmp_path / "mine.eml")
    (tmp_path / "0003-folder.eml").mkdir()
    before = _names(tmp_path)
    files = PreviewFiles(tmp_path)
    files.write("anna@example.com", PREVIEW)
    assert _names(tmp_path) == sorted([*before, "0001-anna@example.com.eml"])
    assert (files.removed, files.others) == (0, 5)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A file that did not come from a preview is not written over, nor what a link of that name leads to."""
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0001-anna@example.com.eml").symlink_to(target)
    with pytest.raises(WriteError, match="did not come from a preview"):
        PreviewFiles(tmp_path / "out").write("anna@example.com", PREVIEW)
    assert target.read_bytes() == b"mine"
