"""``notify outbox``: what the sandbox kept is listed, and one message is given to the mail program."""

from __future__ import annotations

import json
import stat
import sys
import time
from pathlib import Path

import pytest

from notify.actions.outbox import as_eml
from notify.cli.exits import Exit
from notify.errors import InputError
from notify.sandbox import Outbox
from tests.folders import kept, make_folder, run

pytestmark = pytest.mark.both_ledgers

#: A message whose subject would be a path, and obeys a terminal.
HOSTILE = b"To: =?utf-8?q?J=C3=B6rg?= <joerg@example.com>\r\nSubject: ../../\x1b]0;x\x07/etc/passwd\r\n\r\nHallo\r\n"


def test_listed(tmp_path: Path) -> None:
    """In the order in which they came, with number, moment, address and subject; the latest ones, of many."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    empty = run(folder, "outbox")
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "The outbox is empty." in empty.stderr
    assert json.loads(run(folder, "outbox", "--json").stdout) == []
    assert run(folder, "send").returncode == 0
    listed = run(folder, "outbox")
    first, *others = listed.stdout.splitlines()
    assert first.split()[0] == "1"
    assert first.endswith("Vera1 Muster1 <p000001@example.com>  Neue E-Mail-Adresse ab 1. Dezember 2026")
    assert len(others) == 2
    assert "3 messages. To see one in your mail program:  notify outbox --open 3" in listed.stderr
    latest = run(folder, "outbox", "-n", "1")
    assert latest.stdout.split()[0] == "3"
    assert "The latest 1 of 3 messages." in latest.stderr
    records = json.loads(run(folder, "outbox", "--json").stdout)
    assert [record["number"] for record in records] == [1, 2, 3]
    assert [Path(record["path"]).read_bytes() for record in records] == kept(folder)
    assert {len(kept(folder)[0]), *(record["size"] for record in records)} == {records[0]["size"]}


def test_opened(tmp_path: Path) -> None:
    """As a file for its owner only, whose name nobody but notify chooses; where there is no desktop it is named."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    path = Outbox(folder / "outbox").keep(HOSTILE)
    opened = run(folder, "outbox", "--open", "1", environment={"DISPLAY": "", "WAYLAND_DISPLAY": ""})
    assert opened.returncode == 0, opened.stderr
    copy = folder / "outbox" / "opened" / "1.eml"
    assert opened.stdout.strip() == str(copy)
    assert copy.read_bytes() == path.read_bytes() == HOSTILE
    assert run(folder, "outbox", "--open", "1").returncode == 0
    if sys.platform != "win32":
        assert (stat.S_IMODE(copy.stat().st_mode), stat.S_IMODE(copy.parent.stat().st_mode)) == (0o600, 0o700)
    listed = run(folder, "outbox")
    assert "\x1b" not in listed.stdout
    assert "Jörg <joerg@example.com>" in listed.stdout
    assert len(listed.stdout.splitlines()) == 1


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="xdg-open is for the others")
def test_given_to_the_mail_program(tmp_path: Path) -> None:
    """On a desktop the program that opens such files gets it."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    Outbox(folder / "outbox").keep(HOSTILE)
    opener, given = tmp_path / "xdg-open", tmp_path / "given"
    opener.write_text(f'#!/bin/sh\necho "$1" >{given}.new; mv {given}.new {given}\n', "utf-8")
    opener.chmod(0o755)
    environment = {"DISPLAY": ":9", "PATH": f"{tmp_path}:/usr/bin:/bin"}
    opened = run(folder, "outbox", "--open", "1", environment=environment)
    assert "Message 1 opens in your mail program." in opened.stderr
    assert opened.stdout == ""
    for _ in range(500):
        if given.exists():
            break
        time.sleep(0.02)
    assert given.read_text("utf-8").strip() == str(folder / "outbox" / "opened" / "1.eml")


@pytest.mark.parametrize(("number", "said"), [("4", "there are 3"), ("9" * 18, "there are 3")])
def test_no_such_message(tmp_path: Path, number: str, said: str) -> None:
    """A number that there is not is refused, and nothing is written."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    for _ in range(3):
        Outbox(folder / "outbox").keep(HOSTILE)
    refused = run(folder, "outbox", "--open", number)
    assert refused.returncode == Exit.INPUT
    assert said in refused.stderr
    with pytest.raises(InputError, match="There is no message 0"):
        as_eml(folder / "outbox", 0)
    assert not (folder / "outbox" / "opened").exists()
