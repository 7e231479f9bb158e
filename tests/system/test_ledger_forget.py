"""``notify ledger forget``: nothing in the ledger is about them afterwards, and nobody writes to them again."""

from __future__ import annotations

import json
from pathlib import Path

from tests.folders import addresses, counts, make_folder, run
from tests.servers.scripted import Rule, ScriptedServer, say

PEOPLE = (
    "Anrede;Vorname;Nachname;E-Mail\n"
    "Frau;Anna;Zwiebel;anna@example.com\n"
    "Herr;Ben;Beispiel;ben@example.com\n"
    "Frau;Cora;Vorlage;cora@example.com\n"
)


def octets(folder: Path) -> bytes:
    """Return all octets of the ledger's files, in small letters."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("ledger.db*"))).lower()


def test_somebody_who_was_written_to(tmp_path: Path) -> None:
    """The ledger counts them, and knows them only by a digest when the contact file names them again."""
    with ScriptedServer(
        tmp_path / "record", rules=[Rule("rcpt", say("550 5.1.1 cora@example.com"), to="cora")]
    ) as relay:
        folder = make_folder(tmp_path / "c", contacts=PEOPLE, relay_port=relay.port)
        run(folder, "send", "--yes")
        run(folder, "suppress", "dora@example.com")
        before = counts(folder)
        assert b"anna@example.com" in octets(folder)
        done = run(folder, "ledger", "forget", "Anna@example.com", "cora@example.com", "dora@example.com", "--yes")
        assert done.returncode == 0, done.stderr
        assert "anna@example.com: sent in the campaign test" in done.stderr
        assert "cora@example.com: failed in the campaign test" in done.stderr
        for name in (b"anna", b"zwiebel", b"cora", b"vorlage", b"dora"):
            assert name not in octets(folder)
        assert b"ben@example.com" in octets(folder)
        assert counts(folder) == before
        # with new rows, so that the files are read again
        (folder / "contacts" / "people.csv").write_text(
            PEOPLE + "Frau;Dora;Neu;dora@example.com\nHerr;Emil;Neu;emil@example.com\n"
        )
        again = run(folder, "send", "--yes", "--retry-failed")
        # cora's failure still counts
        assert again.returncode == 1, again.stderr
        assert "1 to send, 1 sent already, 3 rejected" in " ".join(again.stderr.split())
        assert "contacts/people.csv:2: was forgotten, and is not written to any more" in again.stderr
        assert addresses(relay.accepted()) == ["anna@example.com", "ben@example.com", "emil@example.com"]
        for name in (b"anna", b"zwiebel", b"cora", b"vorlage", b"dora"):
            assert name not in octets(folder)


def test_it_asks(tmp_path: Path) -> None:
    """Where nobody can be asked, nothing is changed without a word for it; nor for what is no address."""
    folder = make_folder(tmp_path / "c", relay_port=9)
    run(folder, "suppress", "dora@example.com")
    before = octets(folder)
    refused = run(folder, "ledger", "forget", "dora@example.com")
    assert (refused.returncode, "say --yes" in refused.stderr) == (2, True)
    assert run(folder, "ledger", "forget", "dora@@example.com", "--yes").returncode == 65
    assert octets(folder) == before


def test_somebody_of_whom_nothing_is_known(tmp_path: Path) -> None:
    """They are not written to either; the list names nobody who was forgotten, and lets them be written to again."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE)
    done = run(folder, "ledger", "forget", "anna@example.com", "--yes", "--json")
    assert json.loads(done.stdout) == {"forgotten": 1, "recipients": 0}
    assert "Nothing is known of anna@example.com." in done.stderr
    assert json.loads(run(folder, "suppress", "--list", "--json").stdout) == []
    for command in ("contacts", "send --yes"):
        done = run(folder, *command.split())
        assert "contacts/people.csv:2: was forgotten" in f"{done.stdout}{done.stderr}", command
    previewed = run(folder, "preview", "--json")
    assert [message["to"] for message in json.loads(previewed.stdout)] == ["ben@example.com", "cora@example.com"]
    assert "may be written to again" in run(folder, "suppress", "--remove", "anna@example.com").stderr
    assert "was forgotten" not in run(folder, "send", "--yes").stderr
