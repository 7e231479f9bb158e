"""Whatever a relay answers and a template asks for: the run ends with one sentence, soon, and in little memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.folders import counts, make_folder, run
from tests.servers.scripted import Act, Rule, ScriptedServer, say

ENDLESS = Act(raw="250-and more\r\n" * 2_000_000)
TOO_LONG = Act(raw="250 " + "x" * 20_000_000)


@pytest.mark.parametrize("phase", ["banner", "ehlo", "mail", "rcpt", "data", "dot"])
def test_reply_without_end(tmp_path: Path, phase: str) -> None:
    """At no step is a reply without an end read for long, and nobody is charged with it."""
    with ScriptedServer(tmp_path / "record", rules=[Rule(phase, ENDLESS if phase != "data" else TOO_LONG)]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        begun = time.monotonic()
        done = run(folder, "send", "--yes")
        assert time.monotonic() - begun < 60
    assert ("the relay sent a line" if phase == "data" else "the relay sent a reply without an end") in done.stderr
    assert "bug" not in done.stderr
    if phase != "dot":
        assert (done.returncode, counts(folder)) == (75, {"pending": 3})


@pytest.mark.parametrize("phase", ["ehlo", "mail", "rcpt", "dot"])
def test_name_that_is_refused(tmp_path: Path, phase: str) -> None:
    """A relay that refuses our name in EHLO charges nobody, wherever it says so; `ehlo` is the mend."""
    refused = say("504 5.5.2 <[127.0.0.1]>: Helo command rejected: need fully-qualified hostname")
    with ScriptedServer(tmp_path / "record", rules=[Rule(phase, refused, connection=1)]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        done = run(folder, "send", "--yes")
        assert done.returncode == 69
        assert "Helo command rejected" in done.stderr
        assert 'in [[relay]] of notify.toml, as in  ehlo = "mail.example.com"' in done.stderr
        assert counts(folder) == {"pending": 3}
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace("[[relay]]", '[[relay]]\nehlo = "mail.neu.example"'), "utf-8")
        assert run(folder, "send", "--yes").returncode == 0
        assert counts(folder) == {"sent": 3}
    greetings = [line for _, line in server.commands if line.upper().startswith("EHLO ")]
    assert [line.partition(" ")[2] for line in greetings] == ["[127.0.0.1]", "mail.neu.example"]


@pytest.mark.parametrize("bomb", ["{{ 'a' * 10**9 }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"])
@pytest.mark.parametrize("command", ["preview", "send --yes"])
def test_template_that_asks_for_too_much(tmp_path: Path, bomb: str, command: str) -> None:
    """It is the template that has to be mended, and on which line."""
    folder = make_folder(tmp_path / "campaign", contacts=3, message=f"Subject: x\n\n{bomb}\n")
    done = run(folder, *command.split())
    assert done.returncode == 65
    assert "Error: templates/change/message.de.md:3: " in done.stderr
    assert "Mend the template" in done.stderr
    assert "bug" not in done.stderr


def test_condition_that_asks_for_too_much(tmp_path: Path) -> None:
    """The same in a condition."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    done = run(folder, "preview", "--where", "'a' * 10**9 == company")
    assert done.returncode == 65
    assert "Error: --where ''a' * 10**9 == company': " in done.stderr
    assert "Mend the condition." in done.stderr
