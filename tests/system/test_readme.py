"""The README's commands, word for word, in the order in which a newcomer types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from notify.cli.lazy import COMMANDS
from tests.servers.scripted import Rule, ScriptedServer, make_certificates, say

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")

#: What the README's reader has in ~/Downloads.
EXPORT = """\
Kundennr.;Anrede;Titel;Vorname;Name;Firma;E-Mail
00123;Frau;Dr.;Ute;Sommer;;ute.sommer@praxis-sommer.example
00124;Herr;;Jens;Böttcher;Böttcher Holzbau GmbH;jens@boettcher-holzbau.example
00125;;;;;Druckerei Nord GmbH;auftrag@druckerei-nord.example
00126;Familie;;;Özdemir;;familie.oezdemir@example.org
00127;;;Kim;Lorenz;;kim.lorenz@example.net
00128;Frau;;Petra;Wagner;;petra.wagner@@example.com
"""

RULES = [
    Rule("rcpt", say("550 5.1.1 no such user here"), to="oezdemir"),
    Rule("rcpt", say("450 4.2.0 Greylisted, come back later"), to="kim.lorenz"),
]


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the README and the output that stands below it; or a piece of notify.toml."""

    command: str
    output: tuple[str, ...] = ()
    toml: str = ""


def _steps(text: str) -> Iterator[Step]:
    for kind, block in re.findall(r"^```(console|toml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if kind == "toml":
            yield Step("", toml=block)
            continue
        # a command may go on in the next line, as a shell has it
        for command in re.split(r"^\$ ", re.sub(r" \\\n\s*", " ", block), flags=re.MULTILINE)[1:]:
            line, *output = command.rstrip("\n").split("\n")
            yield Step(line, tuple(output))


def _like(expected: str, line: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), line) is not None


def _assert_shown(step: Step, shown: str) -> None:
    """Every line that the README shows is in the output, in its order; … is anything."""
    lines = iter(shown.split("\n"))
    for expected in step.output:
        if expected == "…":
            continue
        # an ellipsis of notify's own, where it shortens a value, is matched by ours
        assert any(_like(expected, line) for line in lines), f"$ {step.command}\nno {expected!r} in:\n{shown}"


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """Make a home with an export in it, and notify and run on the path."""
    (tmp_path / "home" / "Downloads").mkdir(parents=True)
    (tmp_path / "home" / "Downloads" / "kontakte.csv").write_text(EXPORT, "utf-8")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "notify"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notify "$@"\n', "utf-8")
    program.chmod(0o755)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}
    return ours | {
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": "",
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


def _sh(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=120,
    )
    output = done.stdout.decode()
    assert "Traceback" not in output
    assert done.returncode in {Exit.DONE, Exit.AGAIN_LATER}, f"$ {command}\n{output}"
    return output


@pytest.mark.skipif(sys.platform == "win32", reason="the README shows a POSIX shell")
def test_try_it(tmp_path: Path, shell: dict[str, str]) -> None:
    """What "Try it" shows is what a fresh checkout says; ./run itself is tested apart."""
    folder = tmp_path / "clone"
    _sh(f"notify init {folder} --lang en", tmp_path, shell)
    run = folder / "run"
    run.write_text('#!/bin/sh\nexec "$@"\n', "utf-8")
    run.chmod(0o755)
    part = README[README.index("## Try it") : README.index("## Your first real campaign")]
    steps = list(_steps(part))
    assert len(steps) == 3
    for step in steps:
        _assert_shown(step, _sh(step.command, folder, shell))


@pytest.mark.skipif(sys.platform == "win32", reason="the README shows a POSIX shell")
def test_the_first_real_campaign(tmp_path: Path, shell: dict[str, str]) -> None:
    """The whole way from an export to the log works as it is told, only with a relay on loopback."""
    folder = Path(shell["HOME"])
    certificates = make_certificates(tmp_path)
    shell |= {"SSL_CERT_FILE": str(certificates.authority), "NOTIFY_PASSWORD": "geheim"}
    part = README[README.index("## Your first real campaign") : README.index("## Commands")]
    with ScriptedServer(
        tmp_path / "record",
        rules=RULES,
        tls="implicit",
        certificate=certificates.server,
        users={"info@neu.example": "geheim"},
    ) as server:
        for step in _steps(part):
            if step.toml:
                relay = step.toml.replace('"smtp.neu.example"', f'"127.0.0.1"\nport = {server.port}')
                with (folder / "notify.toml").open("a", encoding="utf-8") as file:
                    file.write("\n" + relay)
                # the example waits six seconds between messages; the test does not
                shell["NOTIFY_RELAY_RATE"] = "10/min, 200/hour" if "--dry-run" in step.command else "100/s"
                continue
            if step.command.startswith("cd "):
                folder /= step.command.removeprefix("cd ")
                continue
            environment = shell | {"NOTIFY_RELAY_RATE": "10/min, 200/hour"} if "--dry-run" in step.command else shell
            shown = _sh(step.command, folder, environment).replace(f"127.0.0.1:{server.port}", "smtp.neu.example:465")
            _assert_shown(step, shown)
        assert [one["to"] for one in server.accepted()] == [
            "me@example.com",
            "me@example.com",
            "ute.sommer@praxis-sommer.example",
            "jens@boettcher-holzbau.example",
            "auftrag@druckerei-nord.example",
        ]


def test_every_command_is_documented() -> None:
    """The table of commands names each of them, with every option that it has."""
    from notify.cli import group

    rows = dict(re.findall(r"^\| `notify (\w+)([^`]*)`", README, re.MULTILINE))
    assert list(rows) == list(COMMANDS)
    common = {"--contacts", "--template", "--from"}
    for name in COMMANDS:
        command = group.get_command(None, name)  # type: ignore[arg-type]  # it needs no context
        assert command is not None
        options = {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
        for option in options - common:
            assert re.search(rf"{option}\b", rows[name]), f"notify {name} {option} is not in the README"


def test_the_overview_says_what_the_commands_say() -> None:
    """The help of the group is written down once more, to import nothing; it must not drift."""
    from notify.cli import group

    for name, words in COMMANDS.items():
        command = group.get_command(None, name)  # type: ignore[arg-type]  # it needs no context
        assert command is not None
        assert command.short_help == words


def test_every_exit_status_is_documented() -> None:
    """The table of exit statuses is the one of the code."""
    part = README[README.index("## Exit status") : README.index("## When something is wrong")]
    assert [int(found) for found in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)] == [int(one) for one in Exit]


def test_every_field_of_a_contact_is_documented() -> None:
    """The table of fields in docs/templates.md is the one of the code."""
    from notify.core.contact import FIELDS

    documented = (ROOT / "docs" / "templates.md").read_text("utf-8")
    for field, words in FIELDS.items():
        assert f"| `{field}` | {words} |" in documented
