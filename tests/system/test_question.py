"""What stands before "Send?": enough to notice a mistake, and little enough to be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import counts, make_folder, run
from tests.servers.scripted import ScriptedServer
from tests.system.test_terminal import Terminal

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Nachname;E-Mail;E-Mail 2;Sprache;Unsubscribed;Werbung erlaubt
Frau;Muster;anna@example.com;anna@example.net;de;;nein
;Lorenz;kim@example.com;;de;;
Mr;Smith;john@example.org;;en;;ja
Frau;Muster;anna@example.com;;de;;
Frau;Beispiel;bea@@example.com;;de;;
Herr;Stumm;otto@example.com;;de;ja;
Frau;Weg;weg@example.com;;de;;
"""

OPTED_OUT = (
    "Without  1 contact who refused all mail; a notice may go to them all the same, if you decide so:"
    '  opted_out = "write"  in [contacts]'
)
ADVERTISING = (
    'With     1 contact who refused advertising; to leave them out:  refused_advertising = "leave_out"  in [contacts]'
)


def _folder(path: Path, people: str = PEOPLE) -> Path:
    folder = make_folder(path, contacts=people, relay_port=9)
    template = folder / "templates" / "change"
    text = (template / "message.de.md").read_text("utf-8")
    (template / "message.de.md").write_text(f"Attachment: karte.vcf\nAttachment: preise.pdf\n{text}", "utf-8")
    (template / "message.en.md").write_text("Subject: News for {{ contact.last_name }}\n\nHello\n", "utf-8")
    (template / "karte.vcf").write_text("BEGIN:VCARD\nEND:VCARD\n", "utf-8")
    (folder / "preise.pdf").write_bytes(bytes(1_250_000))
    assert run(folder, "suppress", "weg@example.com").returncode == 0
    return folder


def test_what_stands_before_the_question(tmp_path: Path) -> None:
    """Sender, subjects, kind, attachments, whom it reaches and whom not: each in a line, in a dry run too."""
    folder = _folder(tmp_path / "campaign")
    dry = run(folder, "send", "--dry-run")
    facts = dry.stderr[dry.stderr.index("From  ") :].split("Takes  ")[0].splitlines()
    assert facts == [
        "From     Muster PR <info@alt.example>",
        "Subject  Neue E-Mail-Adresse ab 1. Dezember 2026  (German, to 2)",
        "         News for Smith  (English, to 1)",
        "Kind     notice",
        "Files    karte.vcf (22 bytes, to 2), preise.pdf (1.2 MB, to 2)",
        "To       3 recipients",
        "Without  1 contact on the suppression list:  notify suppress --list",
        OPTED_OUT,
        "Without  1 rejected row:  notify contacts",
        ADVERTISING,
        "Greeted  1 of them neutrally, as nothing better is known:  notify contacts",
        'Besides  1 row with further addresses, which get nothing; to write to all:  address = "all"',
        "Through  127.0.0.1:9, at most 100000/s, 1 connection",
    ]
    assert dry.stderr.startswith(
        "7 rows: 3 to send, 1 duplicate, 1 rejected, 1 left out (refused all mail), 1 on the suppression list.\n"
    )
    document = json.loads(run(folder, "send", "--dry-run", "--json").stdout)
    assert document["subjects"] == {"de": "Neue E-Mail-Adresse ab 1. Dezember 2026", "en": "News for Smith"}
    assert [file["filename"] for file in document["attachments"]] == ["karte.vcf", "preise.pdf"]
    numbers = ("rows", "recipients", "neutral", "with_further_addresses", "rejected", "suppressed")
    assert [document[name] for name in numbers] == [7, 3, 1, 1, 1, 1]
    assert document["left_out"] == {"refused all mail": 1}
    assert document["written_to_though"] == {"refused advertising": 1}


def test_numbers_add_up(tmp_path: Path) -> None:
    """Later runs tell what is new apart from what becomes of it; what becomes of the rows makes up all of them."""
    folder = _folder(tmp_path / "campaign")
    run(folder, "send", "--dry-run")
    people = folder / "contacts" / "people.csv"
    run(folder, "send", "--yes", "--limit", "1")
    more = "".join(f"Frau;Neu{n};neu{n}@example.com;;de;{'ja' * (n < 3)};\n" for n in range(5))
    people.write_text(PEOPLE + more, "utf-8")
    said = run(folder, "send", "--dry-run", "--only", "neu4@example.com").stderr
    assert said.startswith(
        "12 rows, 5 new since the last run: 5 to send, 1 duplicate, 1 rejected, 4 left out (refused all mail), "
        "1 on the suppression list.\n"
    )
    assert "To       1 recipient\n" in said
    assert "Later    4 others, not asked for by this run\n" in said


def test_subjects_that_differ(tmp_path: Path) -> None:
    """Where recipients get subjects of their own, the first is shown as what it is: an example."""
    folder = make_folder(tmp_path / "campaign", contacts=3, message="Subject: An {{ contact.last_name }}\n\nText\n")
    said = run(folder, "send", "--dry-run").stderr
    assert "From Muster PR <info@alt.example> to 3 recipients, into the sandbox" in said
    assert "Subject  An Muster1  (the first; others differ)\n" in said


@pytest.mark.parametrize(("answer", "words"), [("j", "3 sent."), ("Ja", "3 sent."), ("nein", "Nothing was sent.")])
def test_answers(tmp_path: Path, answer: str, words: str) -> None:
    """Yes and no are understood in German too, in any case; anything else is asked again."""
    from tests.servers.scripted import ScriptedServer

    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        terminal = Terminal(folder, "send")
        terminal.wait_for("Send? [y/N]: ")
        terminal.type("vielleicht\n")
        terminal.wait_for("Please answer y (yes) or n (no).")
        terminal.type(f"{answer}\n")
        terminal.wait_for(words)
        assert terminal.end() == 0
    assert counts(folder) == ({"sent": 3} if answer != "nein" else {"pending": 3})


def test_nobody_left(tmp_path: Path) -> None:
    """Where nobody is left to be sent to, programs are told so too."""
    folder = make_folder(tmp_path / "campaign", contacts=2)
    assert run(folder, "send").returncode == 0
    done = run(folder, "send", "--dry-run", "--json")
    assert "Nothing left to send.\n" in done.stderr
    assert json.loads(done.stdout)["recipients"] == 0


def test_what_was_noticed_is_named_once_more(tmp_path: Path) -> None:
    """By its names alone, as it was told before; and the same when some were sent to already."""
    with ScriptedServer(tmp_path / "record") as server:
        text = "Subject: Neu\n\n{{ salutation }}\n\nDringend: TODO\n"
        folder = make_folder(tmp_path / "c", contacts=4, relay_port=server.port, message=text)
        for limit in ("2", "1"):
            done = run(folder, "send", "--yes", "--limit", limit)
            assert "Noticed  urgency, unfinished-text:  notify preview\n" in done.stderr
        assert run(folder, "send", "--yes").returncode == 0
        terminal = Terminal(folder, "approve")
        assert terminal.end() == 0
    assert "Everybody was sent to already: nothing is left to approve." in terminal.shown
    assert "Approve?" not in terminal.shown
