"""What is wrong in a text is shown by the preview, counted before the question, and the worst of it is not sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from notify.core.check_names import CHECKS, GRAVE
from tests.folders import counts, kept, make_folder, run

ROOT = Path(__file__).parents[2]
WRONG = """\
Subject: Neue E-Mail-Adresse ab {{ effective }}

{{ salutation }}

Hallo {Vorname}, besuchen Sie uns; {{ contact.city }}
"""
PEOPLE = "Anrede;Nachname;E-Mail;Ort\nFrau;Muster;anna@example.com;nan\n" + "".join(
    f"Herr;Name{n};p{n}@example.com;Ort\n" for n in range(9)
)


REAL = """
[[relay]]
host = "192.0.2.1"
user = "x"
password_command = "echo x"
"""


def test_the_preview_looks_at_everybody(tmp_path: Path) -> None:
    """Also at those who are not shown; each finding has its place, its mend and the name by which it is silenced."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE.replace("Ort\n", "Ort\n", 1), message=WRONG)
    done = run(folder, "preview", "-n", "1", "--to", "p3@example.com")
    assert "value-missing" not in done.stderr
    done = run(folder, "preview", "-n", "1")
    assert done.returncode == 0
    said = " ".join(done.stderr.split())
    assert "3 things were noticed in 10 messages, 1 of which must be mended before it is sent:" in said
    assert 'templates/change/message.de.md:5: "{Vorname}" stands in the text' in said
    assert "(leftover-placeholder)" in said
    assert 'contacts/people.csv:2: "nan" is printed' in said
    assert "example" not in said.partition("noticed")[2]


def test_the_preview_for_programs(tmp_path: Path) -> None:
    """Each message has its own findings, with the same names."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG)
    first, second, *_ = json.loads(run(folder, "preview", "--json").stdout)
    assert [found["name"] for found in first["findings"]] == ["leftover-placeholder", "advertising", "value-missing"]
    assert [found["name"] for found in second["findings"]] == ["leftover-placeholder", "advertising"]
    assert set(first["findings"][0]) == {"name", "severity", "where", "what", "mend"}


def test_the_worst_is_not_sent_and_the_rest_is_counted(tmp_path: Path) -> None:
    """A relay gets nothing, and nothing is recorded; the sandbox and a dry run take all."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG, relay_port=9)
    done = run(folder, "send", "--yes")
    assert done.returncode == 65
    assert "One thing must be mended before this is sent." in done.stderr
    assert 'silence = ["leftover-placeholder"]' in " ".join(done.stderr.split())
    assert sum(counts(folder).values()) == 0
    dry = run(folder, "send", "--dry-run", "--json")
    assert dry.returncode == 0
    assert json.loads(dry.stdout)["findings"] == {"leftover-placeholder": 1, "advertising": 1, "value-missing": 1}
    assert "Noticed" in dry.stderr
    sandbox = make_folder(tmp_path / "s", contacts=PEOPLE, message=WRONG)
    assert run(sandbox, "send").returncode == 0
    assert len(kept(sandbox)) == 10


def test_what_was_noticed_is_said_before_every_question(tmp_path: Path) -> None:
    """Also when everybody is known from a run that was not agreed to; and what is grave is refused then, too."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG, relay_port=9)
    toml = folder / "notify.toml"
    text = toml.read_text("utf-8")
    toml.write_text(text + '[checks]\nsilence = ["leftover-placeholder"]\n', "utf-8")
    for listed in (["2 things were noticed in 10 messages:"], []):
        done = run(folder, "send")
        assert done.returncode == 2
        assert "\nNoticed  advertising, value-missing:  notify preview\n" in done.stderr
        assert [line for line in done.stderr.splitlines() if "were noticed" in line] == listed
    assert counts(folder) == {"pending": 10}
    toml.write_text(text, "utf-8")
    done = run(folder, "send", "--yes")
    assert done.returncode == 65
    assert "(leftover-placeholder)" not in done.stdout
    assert counts(folder) == {"pending": 10}


def test_a_sender_that_is_named_on_the_command_line(tmp_path: Path) -> None:
    """It stands on no line of notify.toml."""
    folder = make_folder(tmp_path / "c", contacts="E-Mail\nanna@kunde.internal\n", more=REAL)
    done = run(folder, "send", "--yes", "--from", "Muster PR <post@alt.example>")
    said = " ".join(done.stderr.split())
    assert "email in [sender]: email is still an example: post@alt.example" in said
    assert "notify.toml:7: name is still an example: Muster PR" in said
    assert done.returncode == 78


def test_what_is_meant_so_for_one_run(tmp_path: Path) -> None:
    """By its name, beside what the file accepts; a name that there is not is a mistake."""
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG, relay_port=9)
    done = run(folder, "send")
    assert "Or for this run alone:  notify send --accept leftover-placeholder" in done.stderr
    done = run(folder, "send", "--accept", "leftover-placeholder")
    assert (done.returncode, counts(folder)) == (2, {"pending": 10})
    assert "leftover-placeholder" not in done.stderr
    done = run(folder, "send", "--accept", "leftover-placeholer")
    assert done.returncode == 2
    assert "No finding is called 'leftover-placeholer'. Did you mean leftover-placeholder?" in " ".join(
        done.stderr.split()
    )


def test_what_is_meant_so_is_silenced(tmp_path: Path) -> None:
    """By its name, which must be one."""
    more = '[checks]\nsilence = ["leftover-placeholder", "advertising", "value-missing"]\n'
    folder = make_folder(tmp_path / "c", contacts=PEOPLE, message=WRONG, more=more)
    assert "noticed" not in run(folder, "preview").stderr
    toml = folder / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace('"advertising"', '"advertisng"'), "utf-8")
    done = run(folder, "preview")
    assert done.returncode == 78
    assert 'no check is called "advertisng"; did you mean "advertising"?' in done.stderr


@pytest.mark.parametrize("others", ["", "ben@example.com\nc@example.org\n"])
def test_examples_do_not_leave_this_machine(tmp_path: Path, others: str) -> None:
    """Those of the sender, of the change and of the contact files, each with its place; before any connection."""
    folder = make_folder(tmp_path / "c", contacts=f"E-Mail\nanna@kunde.internal\n{others}", more=REAL)
    done = run(folder, "send", "--yes")
    said = " ".join(done.stderr.split())
    assert "notify.toml:7: name is still an example: Muster PR" in said
    assert "notify.toml:8: email is still an example: info@alt.example" in said
    assert "notify.toml:15: email is still an example: info@neu.example" in said
    if others:
        assert done.returncode == 65
        assert "contacts/people.csv:3: ben@example.com is an example" in said
        assert "c@example.org" not in said
    else:
        assert done.returncode == 78
    assert sum(counts(folder).values()) == 0


def test_an_example_in_the_text(tmp_path: Path) -> None:
    """Everything else may be right."""
    message = "Subject: Neues\n\n{{ salutation }}\n\nSchreiben Sie an info@neu.example.\n"
    folder = make_folder(tmp_path / "c", contacts="E-Mail\nanna@kunde.internal\n", message=message, more=REAL)
    toml = folder / "notify.toml"
    text = toml.read_text("utf-8").replace("Muster PR", "Petra Berg").replace("alt.example", "alt-berg.internal")
    toml.write_text(text.replace("neu.example", "berg.internal"), "utf-8")
    done = run(folder, "send", "--yes")
    assert done.returncode == 65
    assert 'templates/change/message.de.md:5: "neu.example" in the text is an example' in " ".join(done.stderr.split())


def test_every_check_is_documented() -> None:
    """With the words that the program has for it, the grave ones in bold."""
    lines = (ROOT / "docs" / "checks.md").read_text("utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ") and not line.startswith("| name | ")]
    rows = []
    for name, words in CHECKS.items():
        shown = f"**{name}**" if name in GRAVE else name
        rows.append(f"| {shown} | {words.replace('|', chr(92) + '|')} |")
    assert table == rows


def test_after_a_rehearsal(tmp_path: Path) -> None:
    """What the sandbox has kept was sent to nobody, and a check says whose it is."""
    folder = make_folder(tmp_path / "c", contacts=2)
    assert "2 recipients; without a [[relay]]" in run(folder, "check", "--offline").stdout
    assert run(folder, "send").returncode == 0
    assert run(folder, "check", "--offline").stdout.endswith("The sandbox has everything already.\n")
