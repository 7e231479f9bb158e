"""Files that are watched."""

from __future__ import annotations

import os
from pathlib import Path

from notify.pages import Watch


def told(watch: Watch) -> set[str]:
    """Look until a change has come to rest; return the names of what has changed."""
    return {path.name for _ in range(2) for path in watch.changed()}


def test_a_change_is_told_once_when_it_has_come_to_rest(tmp_path: Path) -> None:
    """Not while it is written, and not a second time."""
    file = tmp_path / "a.md"
    file.write_text("one")
    watch = Watch(files=[file])
    assert not watch.changed()
    file.write_text("one, t")
    assert not watch.changed()
    file.write_text("one, two")
    assert not watch.changed()
    assert watch.changed() == {file}
    assert not watch.changed()


def test_what_comes_and_goes(tmp_path: Path) -> None:
    """Files in folders and their folders, hidden ones left out; of a shallow folder only its own files."""
    deep = tmp_path / "deep" / "er"
    deep.mkdir(parents=True)
    watch = Watch(files=[tmp_path / "later.csv"], folders=[tmp_path / "deep"], shallow=[tmp_path, tmp_path / "gone"])
    (deep / "b.md").write_text("")
    (deep / ".b.md.swp").write_text("")
    (tmp_path / "later.csv").write_text("")
    (tmp_path / "c.png").write_text("")
    assert told(watch) == {"b.md", "later.csv", "c.png"}
    (deep / "b.md").unlink()
    assert told(watch) == {"b.md"}


def test_another_file_in_its_place(tmp_path: Path) -> None:
    """Editors write a new file and put it there; it may have the size and the time of the old one."""
    file, new = tmp_path / "a.md", tmp_path / "a.md~"
    for path in (file, new):
        path.write_text("same")
        os.utime(path, (1, 1))
    watch = Watch(files=[file])
    new.replace(file)
    assert told(watch) == {"a.md"}


def test_nothing_is_lost_between_two_watches(tmp_path: Path) -> None:
    """What was not told by the one before is told by its successor."""
    file = tmp_path / "a.md"
    file.write_text("one")
    before = Watch(files=[file])
    file.write_text("other")
    assert told(Watch(files=[file], before=before)) == {"a.md"}
    assert told(Watch(files=[file])) == set()


def test_what_is_ignored(tmp_path: Path) -> None:
    """A file that notify writes itself is no change."""
    watch = Watch(shallow=[tmp_path], ignored=lambda path: path.name == "ledger.db")
    (tmp_path / "ledger.db").write_text("")
    assert told(watch) == set()
