"""Whatever is wrong with what the user brings: one sentence with its mend, the right status, and nothing is sent."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.folders import contents, counts, kept, make_folder, run, shell
from tests.servers.scripted import ScriptedServer

PEOPLE = "Nr;Name;E-Mail\n1;Vera Muster;vera@example.com\n2;Jörg Klein;joerg@example.net\n"
LAST_ONLY = '{% if contact.email == "joerg@example.net" %}'
Break = Callable[[Path], object]


def complaint(done: subprocess.CompletedProcess[str], status: int) -> str:
    """See that a command failed with one error of ours, and return it with its mend."""
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert "bug in notify" not in done.stderr
    assert done.stderr.count("Error: ") == 1
    return done.stderr.partition("Error: ")[2]


def contact_file(text: str | bytes) -> Break:
    """Write another contact file."""
    octets = text if isinstance(text, bytes) else text.encode()
    return lambda folder: (folder / "contacts" / "people.csv").write_bytes(octets)


def message(text: str | bytes) -> Break:
    """Write another message."""
    octets = text if isinstance(text, bytes) else text.encode()
    return lambda folder: (folder / "templates" / "change" / "message.de.md").write_bytes(octets)


def settings(old: str, new: str) -> Break:
    """Write something else into notify.toml."""

    def change(folder: Path) -> None:
        text = (folder / "notify.toml").read_text("utf-8")
        assert old in text
        (folder / "notify.toml").write_text(text.replace(old, new), "utf-8")

    return change


def replaced(path: str, *, by: str = "") -> Break:
    """Take a file away, and put a link to something else there."""

    def change(folder: Path) -> None:
        (folder / path).unlink()
        if by:
            (folder / path).symlink_to(by)

    return change


# what is broken: the status, and a piece of the sentence and of its mend
CONTACTS: dict[str, tuple[Break, str, str]] = {
    "missing": (replaced("contacts/people.csv"), "No contacts: contacts/*.csv: no such file.", "--contacts FILE"),
    "nowhere": (replaced("contacts/people.csv", by="nix"), "No contacts: contacts/*.csv: no such file.", "--contacts"),
    "empty": (contact_file(""), "contacts/people.csv: the file is empty.", "Export the contacts again."),
    "binary": (contact_file(bytes(range(256))), "contacts/people.csv: this is a binary file", "Export the contacts"),
    "xlsx": (contact_file(b"PK\x03\x04..."), "contacts/people.csv: this is a workbook", "save the sheet as CSV"),
    "rejected only": (
        contact_file("E-Mail\nnix\n@\n"),
        "There is nobody to write to.",
        "See why:  notify contacts",
    ),
    "header only": (contact_file("E-Mail;Name\n"), "There is nobody to write to.", "See why:  notify contacts"),
    "no addresses": (
        contact_file("Name;Ort\nVera;Kiel\n"),
        "contacts/people.csv:1: no column holds e-mail addresses. The columns are Name, Ort.",
        "[contacts.columns]",
    ),
}
if sys.platform == "linux":
    CONTACTS["unreadable"] = (
        replaced("contacts/people.csv", by="/proc/self/mem"),
        "contacts/people.csv: the file cannot be read: Input/output error.",
        "Mend its permissions",
    )
TEMPLATES: dict[str, tuple[Break, str, str]] = {
    "missing": (
        settings("templates/change", "templates/nix"),
        "templates/nix: there is no such template.",
        "--template",
    ),
    "no message": (
        replaced("templates/change/message.de.md"),
        "templates/change: there is no message in this template.",
        "Write message.de.md",
    ),
    "language": (settings('"de"', '"en"'), "templates/change: there is no message.en.md", "set language to one of: de"),
    "no subject": (message("Hallo\n\nText\n"), "message.de.md:1: the message has no Subject.", "Begin the file with"),
    "latin-1": (message("Subject: ä\n\nä\n".encode("latin-1")), "message.de.md:1: the file is not UTF-8.", "Save it"),
    "variable": (
        message("Subject: x\n\n{{ saluation }}\n"),
        'templates/change/message.de.md:3: "saluation" is not defined.',
        "Did you mean salutation?",
    ),
    "filter": (message("Subject: x\n\n{{ salutation|uper }}\n"), "message.de.md:3: ", "Did you mean upper?"),
    "syntax": (message("Subject: x\n\n\n{% if x %}\n"), "message.de.md:4: ", "Mend the template."),
    "last contact": (
        message(f'Subject: x\n\n{LAST_ONLY}{{{{ row["Nix"] }}}}{{% endif %}}\n'),
        "message.de.md:3: there is no column 'Nix' (for the contact at contacts/people.csv:3).",
        "Name the column as the file's header does",
    ),
    "last branch": (
        message(f"Subject: x\n\n{LAST_ONLY}{{{{ 1 / 0 }}}}{{% endif %}}\n"),
        "message.de.md:3: division by zero (for the contact at contacts/people.csv:3).",
        "Mend the template, or the contact's row.",
    ),
    "attachment": (
        message("Subject: x\nAttachment: agb.pdf\n\nx\n"),
        "message.de.md:2: there is no attachment agb.pdf.",
        "Put it into the template's folder",
    ),
}


BROKEN = {**{f"contacts: {name}": case for name, case in CONTACTS.items()}, **TEMPLATES}


@pytest.mark.parametrize("name", BROKEN)
def test_contacts_and_template(tmp_path: Path, name: str) -> None:
    """What is wrong with contacts or template is named by file and line, before anything is sent, with its mend."""
    breaks, what, mend = BROKEN[name]
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    breaks(folder)
    done = run(folder, "send")
    sentence, _, mends = complaint(done, 65).partition("\n")
    assert what in sentence
    assert mend in mends
    assert kept(folder) == []
    assert counts(folder) == {}
    assert done.stdout == ""


def test_language_of_a_contact(tmp_path: Path) -> None:
    """Who reads a language that there is no message in, gets the campaign's, and the preview says so."""
    folder = make_folder(
        tmp_path / "campaign", contacts="E-Mail;Sprache\na@example.com;klingonisch\nb@example.com;de\n"
    )
    done = run(folder, "preview")
    assert done.returncode == 0
    assert done.stderr.count("klingonisch") == 1
    assert 'there is no message for "klingonisch"' in done.stderr


def test_notify_toml(tmp_path: Path) -> None:
    """All problems of notify.toml are shown at once, in the order of the file, and passwords are turned away."""
    folder = make_folder(tmp_path / "campaign")
    broken = """\
[campaign]
templat = "x"
language = "it"
[sender]
email = "info"
[change]
effective = "bald"
[[relay]]
port = 99999
password = "geheim"
rate = "schnell"
[send]
pause = "eine Woche"
"""
    (folder / "notify.toml").write_text(broken, "utf-8")
    said = complaint(run(folder, "send", "--batch", "7"), 78)
    assert said.startswith("9 things must be mended in the settings.\n")
    lines = re.findall(r"^  notify\.toml:(\d+): ", said, re.MULTILINE)
    assert lines == ["2", "3", "5", "7", "8", "9", "10", "11", "13"]
    assert "did you mean `template`?" in said
    assert "passwords never stand in this file" in said
    assert "geheim" not in said
    assert "\n  Mend it, then look again:  notify preview\n" in said


@pytest.mark.parametrize("command", ["preview", "send --yes"])
def test_no_relay_may_send_for_the_sender(tmp_path: Path, command: str) -> None:
    """The preview says it already, not the run that was to send."""
    folder = make_folder(tmp_path, contacts=1, more='\n[[relay]]\nhost = "smtp.example.net"\nfrom = "neu.example"\n')
    said = complaint(run(folder, *command.split()), 78)
    assert said.startswith("No [[relay]] may send for info@alt.example.\n  Mend `from` of the relays, or [sender]")


@pytest.mark.parametrize(
    ("octets", "what"),
    [
        (b"", "2 things must be mended in the settings."),
        (b'[campaign]\nid = "x\n', "notify.toml:2: Illegal character"),
        (b"\xff\xfe[\0", "notify.toml:1: it is not UTF-8; save it again with that encoding."),
        (None, "notify.toml: it is a folder, not a file."),
    ],
)
def test_notify_toml_that_is_none(tmp_path: Path, octets: bytes | None, what: str) -> None:
    """A file that is not TOML at all is told apart from one with mistakes."""
    folder = make_folder(tmp_path / "campaign")
    (folder / "notify.toml").unlink()
    if octets is None:
        (folder / "notify.toml").mkdir()
    else:
        (folder / "notify.toml").write_bytes(octets)
    assert what in complaint(run(folder, "status"), 78)


def test_wrong_words(tmp_path: Path) -> None:
    """Options that contradict each other, name nobody, or cannot be, are refused before anything is sent."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    for options, status, words in (
        ("--test me@example.com --dry-run", 2, "--test sends one message: without --dry-run"),
        ("--batch 0", 2, "0 is not in the range"),
        ("--limit 0", 2, "0 is not in the range"),
        ("--pause soon", 78, '--pause: "soon" is not a duration'),
        ("--from info", 78, '--from: "info" is not an address: has no @.'),
        ("--only nix", 65, '"nix" is not an address'),
        ("--only fremd@example.com", 65, "fremd@example.com: nobody in the contact files is written to"),
    ):
        assert words in complaint(run(folder, "send", *options.split()), status)
    assert kept(folder) == []


def test_contacts_that_change(tmp_path: Path) -> None:
    """Between runs rows come, go and change: nobody is written to twice, and whoever has moved is named."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, message="Subject: x\n\nx\n")
    settings("[contacts]", '[contacts]\nkey = "Nr"')(folder)
    assert run(folder, "send", "--limit", "1").returncode == 75
    contact_file("Nr;Name;E-Mail\n1;Vera Muster;neu@example.com\n3;Ida Neu;ida@example.com\n")(folder)
    done = run(folder, "send")
    assert done.returncode == 0
    assert (
        "2 rows, 1 new since the last run: 1 to send, 1 sent already. 1 no longer in the files: withdrawn.\n"
        in done.stderr
    )
    assert (
        "people.csv:2: neu@example.com is a new address of somebody already written to; not sent again" in done.stderr
    )
    assert counts(folder) == {"sent": 2, "withdrawn": 1}
    contact_file(PEOPLE)(folder)
    assert "1 back" in run(folder, "send").stderr
    assert [re.findall(rb"(?m)^To: .*<(.*)>", one) for one in kept(folder)] == [
        [b"vera@example.com"],
        [b"ida@example.com"],
        [b"joerg@example.net"],
    ]


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (message("Subject: Anders\n\n{{ salutation }}\n"), ["message.de.md: has changed:", "+Subject: Anders"]),
        (
            settings('email = "info@neu.example"', 'email = "info@ganz-neu.example"'),
            ["change: has changed:", '-new.email = "info@neu.example"', '+new.email = "info@ganz-neu.example"'],
        ),
    ],
)
def test_change_in_the_middle(tmp_path: Path, change: Break, shown: list[str]) -> None:
    """A campaign that has changed since the first were written to stops, shows what changed, and can go on."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    assert run(folder, "send", "--limit", "1").returncode == 75
    change(folder)
    said = complaint(run(folder, "send"), 65)
    assert said.startswith("The campaign test has changed since it was sent to the first recipients.\n")
    assert all(words in said for words in shown)
    assert "Send the rest as it is now:  notify send --accept-change\n" in said
    assert len(kept(folder)) == 1
    assert run(folder, "send", "--accept-change").returncode == 0
    assert len(kept(folder)) == 3


def test_ledger_that_is_not_ours(tmp_path: Path) -> None:
    """A file that is no ledger, or one of a newer notify, is left as it is, whatever is asked."""
    folder = make_folder(tmp_path / "campaign", relay_port=1)
    ledger = folder / "ledger.db"
    ledger.write_text("mein Tagebuch", "utf-8")
    for command in ("send --yes", "status", "suppress a@example.com"):
        assert "ledger.db: this is not a ledger of notify." in complaint(run(folder, *command.split()), 73)
    assert ledger.read_text("utf-8") == "mein Tagebuch"
    ledger.unlink()
    assert run(folder, "suppress", "a@example.com").returncode == 0
    # SQLite keeps user_version at octet 60
    newer = ledger.read_bytes()[:60] + (99).to_bytes(4, "big") + ledger.read_bytes()[64:]
    ledger.write_bytes(newer)
    for command in ("send --yes", "suppress --list"):
        assert "this ledger has version 99" in complaint(run(folder, *command.split()), 73)
    assert ledger.read_bytes() == newer


def test_unwritable(tmp_path: Path) -> None:
    """Where nothing can be written, that is said, with the place, and nothing is sent."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    (folder / "file").write_text("")
    before = contents(folder)
    for command, place in (
        ("init file/neu", "file/neu"),
        ("preview --out file", "file"),
        ("contacts --rejected file/list.csv", "file/list.csv"),
    ):
        assert f"{folder / place}: cannot be written: " in complaint(run(folder, *command.split()), 73)
    (folder / "outbox").write_text("")
    assert f"{folder / 'outbox' / 'ledger.db'}: the ledger cannot be " in complaint(run(folder, "send"), 73)
    assert contents(folder) == {**before, "outbox": b""}


@pytest.mark.parametrize(("kilobytes", "relay"), [(1, False), (88, True)])
def test_disk_full(tmp_path: Path, kilobytes: int, relay: bool) -> None:
    """A full disk ends the run in words; after room was made it goes on, and nobody is left out or written to twice.

    The limit is on the size of each file: of one kilobyte for the outbox, of some for the ledger.
    """
    wordy = "Subject: x\n\n" + "Viele Worte. " * 200
    with ScriptedServer(tmp_path / "record") as server:
        folder = make_folder(
            tmp_path / "campaign", contacts=300, message=wordy, relay_port=server.port if relay else None
        )
        if not relay:
            # its ledger is there already, and small
            assert run(folder, "send", "--limit", "1").returncode == 75
        full = shell(folder, f'ulimit -f {kilobytes}; exec "$PYTHON" -m notify send --yes')
        said = complaint(full, 73)
        assert re.search(r"the (ledger|outbox) cannot be written|the disk is full", said)
        assert re.search("room", said)
        done = run(folder, "send", "--yes")
        assert done.returncode in {0, 1}
        told = counts(folder)
        assert told.get("sent", 0) + told.get("in_doubt", 0) == 300
        assert told.get("in_doubt", 0) <= 1
        to = [one["to"] for one in server.accepted()]
        assert len(to) == len(set(to))
