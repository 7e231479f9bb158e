"""A newsletter from issue to issue: who unsubscribed gets no other one. And what is accepted, before it is sent."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from notify.cli.exits import Exit
from tests.folders import make_folder, run
from tests.servers.scripted import ScriptedServer
from tests.telling import Tell, teller

pytestmark = pytest.mark.both_ledgers

_ISSUE = "Subject: Neues im {month}\n\n{{{{ salutation }}}}\n\nim {month} …\n\n{{{{ unsubscribe }}}}\n"
_LIST = "E-Mail;Grund\np000001@example.com;abbestellt\nkeine Adresse\nP000001@example.com\n"


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs a command that does not send."""
    return teller(capsys)


def _write_issue(folder: Path, month: str, before: str) -> None:
    toml = folder / "notify.toml"
    toml.write_text(
        toml.read_text("utf-8").replace(f'id = "{before}"', f'id = "{month}"\nkind = "newsletter"'), "utf-8"
    )
    message = folder / "templates" / "change" / "message.de.md"
    message.write_text(_ISSUE.format(month=month), "utf-8")


def test_two_issues(tmp_path: Path, tell: Tell) -> None:
    """Whoever unsubscribed from the first issue, by mail or on the page, does not get the second one."""
    page = '\n[newsletter]\nunsubscribe = "https://muster.example/ab/{token}"\n'
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port, more=page)
        _write_issue(folder, "März", "test")
        assert run(folder, "send", "--yes").returncode == Exit.DONE
        previewed = tell(folder, "preview", "--to", "p000002@example.com").stdout
        (token,) = re.findall("https://muster.example/ab/([a-z2-7]{26})\n", previewed)
        (folder / "list.csv").write_text(f"{_LIST}GET /ab/{token}\n", "utf-8")
        listed = tell(folder, "suppress", "--from", "list.csv", "--reason", "abbestellt")
        assert listed.status == Exit.INPUT
        assert "list.csv: 2 addresses will not be written to, 0 were on the list already." in listed.stderr
        assert "list.csv:3: there is no address in this line" in listed.stderr
        _write_issue(folder, "April", "März")
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace('kind = "newsletter"\n', "", 1), "utf-8")
        assert run(folder, "send", "--yes").returncode == Exit.DONE
        names = [message["to"].partition("@")[0] for message in server.accepted()]
    assert names == ["p000001", "p000002", "p000003", "p000003"]


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_from_standard_input(tmp_path: Path, tell: Tell, monkeypatch: pytest.MonkeyPatch, more: list[str]) -> None:
    """Addresses come from standard input too, for people and for programs."""
    folder = make_folder(tmp_path / "campaign")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(_LIST.encode())))
    told = tell(folder, "suppress", "--from", "-", *more)
    assert told.status == Exit.INPUT
    if more:
        assert json.loads(told.stdout)["changed"] == 1
        assert json.loads(told.stdout)["unreadable"][0]["line"] == 3
    assert "standard input:3: there is no address" in told.stderr
    missing = tell(folder, "suppress", "--from", "missing.csv")
    assert (missing.status, "missing.csv: the file cannot be read" in missing.stderr) == (Exit.INPUT, True)


def test_it_must_say_so(tmp_path: Path, tell: Tell) -> None:
    """A newsletter that does not say how to unsubscribe is refused by preview, with the mend."""
    folder = make_folder(tmp_path / "campaign", contacts=1)
    _write_issue(folder, "März", "test")
    message = folder / "templates" / "change" / "message.de.md"
    message.write_text(message.read_text("utf-8").replace("{{ unsubscribe }}", ""), "utf-8")
    told = tell(folder, "preview")
    assert told.status == Exit.INPUT
    assert "templates/change/message.de.md: a newsletter says how to unsubscribe." in told.stderr


def test_what_is_accepted_is_said(tmp_path: Path) -> None:
    """A new account beside a new address is refused with the mend; accepted by name, it is said before it is sent."""
    folder = make_folder(tmp_path / "campaign", contacts=1)
    toml = folder / "notify.toml"
    account = 'email = "info@neu.example"\niban = "DE89 3704 0044 0532 0130 00"\naccount_holder = "Muster PR"'
    toml.write_text(toml.read_text("utf-8").replace('email = "info@neu.example"', account), "utf-8")
    refused = run(folder, "send", "--dry-run")
    assert refused.returncode == Exit.INPUT
    assert 'accept = ["iban-with-contact"]' in refused.stderr
    toml.write_text(toml.read_text("utf-8") + '\n[policy]\naccept = "iban-with-contact"\n', "utf-8")
    accepted = run(folder, "send", "--dry-run", "--json")
    said = "A new IBAN and a new e-mail address are announced together."
    assert said in json.loads(accepted.stdout)["accepted"][0]
    assert f"Accepted by [policy]: {said}" in " ".join(accepted.stderr.split())
