"""Doubts and refusals settled by the user's word: what is promised is what the next run does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import addresses, counts, make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, lose_answer, say

pytestmark = pytest.mark.both_ledgers

ANNA, BEN, CORA, DORA = (f"{name}@example.com" for name in ("anna", "ben", "cora", "dora"))


def test_the_last_answer_is_lost(tmp_path: Path) -> None:
    """With nobody left to be sent to, running again is not worth it: what is left is the user's to decide."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), times=1)]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=1, relay_port=server.port)
        first, second = (run(folder, "send", "--yes") for _ in range(2))
    assert (first.returncode, second.returncode) == (1, 1)
    assert "running again" not in first.stderr
    assert "You decide:  notify resolve" in first.stderr
    assert counts(folder) == {"in_doubt": 1}


@pytest.mark.both_ledgers("every day")
def test_again(tmp_path: Path) -> None:
    """Only those count as sent to again who will be; the others are named with the reason, and so in JSON."""
    rules = [Rule("rcpt", say("550 5.1.1 no such user"), to=who, times=1) for who in (BEN, CORA)]
    rules.append(Rule("dot", lose_answer(), to=ANNA, times=1))
    with ScriptedServer(tmp_path / "record", rules=rules) as server:
        people = f"E-Mail\n{DORA}\n{ANNA}\n{CORA}\n"
        folder = make_folder(tmp_path / "campaign", contacts=f"{people}{BEN}\n", relay_port=server.port)
        assert run(folder, "send", "--yes").returncode == 1
        (folder / "contacts" / "people.csv").write_text(people, "utf-8")
        assert run(folder, "send", "--yes").returncode == 1
        assert run(folder, "suppress", CORA).returncode == 0

        done = run(folder, "resolve", "--again", BEN, CORA)
        assert (done.returncode, done.stdout) == (0, "")
        assert f"{BEN}: will not be sent to, left the contact files, or was left out of the last run" in done.stderr
        assert f"{CORA}: will not be sent to, on the suppression list.\n" in done.stderr
        assert "0 recipients will be sent to again.\n" in done.stderr
        document = json.loads(run(folder, "resolve", "--again", "--json", ANNA, DORA).stdout)
        assert document == [
            {"to": ANNA, "settled": True, "status": "pending", "left_out": ""},
            {"to": DORA, "settled": False, "status": "sent", "left_out": ""},
        ]
        assert run(folder, "send", "--yes").returncode == 0
        assert counts(folder) == {"sent": 2, "suppressed": 1, "withdrawn": 1}
        assert set(addresses(server.accepted())) == {ANNA, DORA}


def test_the_word_is_no_try(tmp_path: Path) -> None:
    """After the user's word the state says nothing of a last try that failed: the word was none."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), times=1)]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=f"E-Mail\n{ANNA}\n", relay_port=server.port)
        run(folder, "send", "--yes")
        run(folder, "resolve", "--again", ANNA)
        said = run(folder, "status").stderr
    assert "last try" not in said
    assert "resolved by you" not in said
    assert "Who is pending waits to be sent to. To go on:  notify send\n" in said


def test_nobody_could_be_settled(tmp_path: Path) -> None:
    """What was asked for and could be done to nobody is no success; with nobody in doubt, all of them are settled."""
    folder = make_folder(tmp_path / "campaign", contacts=2)
    assert run(folder, "send").returncode == 0
    done = run(folder, "resolve", "--sent", "p000001@example.com", "p000002@example.com")
    assert done.returncode == 65
    assert "p000001@example.com: left as it is, sent.\n" in done.stderr
    assert "Nobody was settled.\n" in done.stderr
    document = run(folder, "resolve", "--again", "p000001@example.com", "--json")
    assert document.returncode == 65
    assert json.loads(document.stdout) == [
        {"to": "p000001@example.com", "settled": False, "status": "sent", "left_out": ""}
    ]
    everybody = run(folder, "resolve", "--sent", "--all")
    assert (everybody.returncode, everybody.stderr) == (0, "Nothing is in doubt.\n")
    assert json.loads(run(folder, "resolve", "--sent", "--all", "--json").stdout) == []


def test_one_word_at_a_time(tmp_path: Path) -> None:
    """Both words beside each other are no word: nobody is settled."""
    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), times=1)]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=f"E-Mail\n{ANNA}\n", relay_port=server.port)
        run(folder, "send", "--yes")
        done = run(folder, "resolve", "--sent", "--again", ANNA)
    assert (done.returncode, counts(folder)) == (2, {"in_doubt": 1})
    assert "They arrived (--sent) or they did not (--again): one of the two." in done.stderr
