"""``notify init`` as it is used: a person at a terminal of 80×24, and options alone where there is none."""

from __future__ import annotations

import os
import re
import signal
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from notify.actions.init_questions import QUESTIONS
from tests.folders import kept, run
from tests.system.test_terminal import Terminal

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")

PEOPLE = "Anrede;Vorname;Nachname;E-Mail\nFrau;Vera;Muster;vera@example.com\nHerr;Max;Muster;max@example.com\n"
#: What is typed at each question, by how the question begins; what else is asked is left to its default.
GERMAN = {
    "Wer schreibt?": "Büro Müller",
    "Von welcher E-Mail-Adresse": "anna@web.de",
    "Was ändert sich?": "1, 2",
    "Neue E-Mail-Adresse?": "info@müller.example",
    "Bisherige Telefonnummer?": "+49 40 111111",
    "Neue Telefonnummer?": "+49 40 222222",
    "Ab wann?": "1.12.2026",
    "Bis wann": "31.1.2027",
    "Wo liegt Ihre Adressliste?": "liste.csv",
    "Die Liste in den neuen Ordner": "ja",
}
ENGLISH = {
    "Who writes?": "Miller Ltd",
    "From which e-mail address?": "info@miller.example",
    "What changes?": "postal address",
    "Old street": "Old Road 1",
    "Old postal code": "20095",
    "Old town": "Hamburg",
    "New street": 'New "Road" 2 \\ 3',
    "New postal code": "20099",
    "Which telephone number stays?": "+49 40 111111",
}
_QUESTION = re.compile(r"\n.*(?:\?|:|\)|\]) $")


class Person:
    """Answers at a terminal what was thought of beforehand, and presses Enter at everything else."""

    def __init__(self, terminal: Terminal, answers: dict[str, str]) -> None:
        self._terminal = terminal
        self._answers = answers
        self.asked: list[str] = []

    def next_question(self) -> str:
        """Wait for the next question, and return it; empty when there is none any more."""
        start = len(self._terminal.shown)
        while self._terminal.read():
            if _QUESTION.search(plain(self._terminal.shown[start:])):
                # what ends like a question may go on
                self._terminal.settle()
                question = plain(self._terminal.shown[start:]).rpartition("\n\n")[2]
                self.asked.append(question)
                return question
        return ""

    def answer(self, question: str) -> None:
        """Type the answer, and Enter."""
        self._terminal.type(
            next((text for words, text in reversed(self._answers.items()) if words in question), "") + "\n"
        )

    def go_through(self, most: int = 100) -> None:
        """Answer so many questions, or all."""
        for _ in range(most):
            if not (question := self.next_question()):
                return
            self.answer(question)


def plain(shown: str) -> str:
    """Return what was shown without colours and carriage returns."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown).replace("\r\n", "\n")


def _sit_down(
    folder: Path, *arguments: str, language: str = "de", term: str = "xterm", more: Mapping[str, str] | None = None
) -> Terminal:
    (folder / "liste.csv").write_text(PEOPLE, "utf-8")
    environment = {"LANG": f"{language}_XX.UTF-8", "LC_ALL": "", "LC_CTYPE": "C.UTF-8", "TERM": term, "NO_COLOR": "1"}
    environment |= more or {}
    cwd = Path.cwd()
    os.chdir(folder)
    try:
        terminal = Terminal(folder, "init", *arguments, wide=80, high=24, environment=environment, is_controlling=True)
    finally:
        os.chdir(cwd)
    return terminal


@on_posix
def test_in_german(tmp_path: Path) -> None:
    """From an empty folder to the first message in the sandbox, in German, with the list copied."""
    terminal = _sit_down(tmp_path, "neu")
    person = Person(terminal, GERMAN)
    person.go_through()
    assert terminal.end() == 0
    shown = plain(terminal.shown)
    assert "WEB.DE lässt Programme erst herein, wenn POP3 und IMAP" in " ".join(shown.split())
    assert "liste.csv: CSV, UTF-8, Semikolons, 2 Zeilen" in shown
    assert "Begrüßt: Sehr geehrte Frau Muster, Sehr geehrter Herr Muster," in " ".join(shown.split())
    assert "  cd neu  &&  notify preview -n 2   zeigt, was Ihre Leser bekommen\n  notify send" in shown
    assert "wenn im neuen Postfach eine Testnachricht angekommen ist: notify probe" in " ".join(shown.split())
    lines = [line.rpartition("\r")[2] for line in shown.split("\n")]
    assert max(len(line) for line in lines if str(tmp_path) not in line) <= 80  # paths stay in one piece
    assert "\x1b[3" not in terminal.shown
    campaign = tmp_path / "neu"
    settings = tomllib.loads((campaign / "notify.toml").read_text("utf-8"))
    assert settings["sender"]["name"] == "Büro Müller"
    assert settings["change"]["old"] == {"email": "anna@web.de", "phone": "+49 40 111111"}
    assert settings["change"]["new"] == {"email": "info@müller.example", "phone": "+49 40 222222"}
    assert "relay" not in settings
    assert '# user = "anna" ' in (campaign / "notify.toml").read_text("utf-8")
    sent = run(campaign, "send")
    assert (sent.returncode, len(kept(campaign))) == (0, 2), sent.stderr
    assert not list(campaign.rglob("*kunden*"))


@on_posix
def test_in_english_without_a_clever_terminal(tmp_path: Path) -> None:
    """The same in English; the language of the system decides, and quotes and backslashes stay what they are."""
    terminal = _sit_down(tmp_path, "new", language="en", term="dumb")
    person = Person(terminal, ENGLISH)
    person.go_through()
    assert terminal.end() == 0
    assert not any("Welche" in question for question in person.asked)
    assert "May notify ask the Internet" in " ".join(plain(terminal.shown).split())
    assert f"First put your address list into {tmp_path / 'new' / 'contacts'}" in " ".join(
        plain(terminal.shown).split()
    )
    settings = tomllib.loads((tmp_path / "new" / "notify.toml").read_text("utf-8"))
    assert settings["campaign"]["template"] == "templates/new-address"
    assert settings["change"]["new"]["street"] == 'New "Road" 2 \\ 3'
    assert settings["change"]["new"]["city"] == "Hamburg"  # the old one, taken by Enter
    assert (tmp_path / "new" / "contacts").is_dir()


#: An address of which nothing is known, a server that is typed, and everything that may change beside it.
EVERYTHING = {
    "Wer schreibt?": "Büro Müller",
    "Von welcher E-Mail-Adresse": "anna@alt-müller.example",
    "Darf notify im Internet": "nein",
    "Über welchen Postausgangsserver": "smtp.alt-mueller.example",
    "Seit wann haben Sie": "1.11.2026",
    "Was ändert sich?": "1, 2, 3, 4, 5, 6, 8",
    "Bisherige E-Mail-Adresse?": "anna@alt-müller.example",
    "Neue E-Mail-Adresse?": "info@neu-müller.example",
    **{f"{side} {what}?": f"+49 40 {number}{end}" for side, number in (("Bisherige", 11111), ("Neue", 22222))
       for what, end in (("Telefonnummer", 1), ("Mobilnummer", 2), ("Faxnummer", 3))},
    "Bisherige Website?": "https://alt-mueller.example",
    "Neue Website?": "https://neu-mueller.example",
    "Bisherige Straße": "Altweg 1",
    "Bisherige Postleitzahl": "20095",
    "Bisheriger Ort": "Hamburg",
    "Neue Straße": "Neuweg 2",
    "Neue Postleitzahl": "20099",
    "Bisheriger Name": "Müller PR",
    "Neuer Name": "Müller Kommunikation",
    "Ab wann?": "1.12.2026",
    "Wo liegt Ihre Adressliste?": "liste.csv",
}  # fmt: skip
#: Another account, and by what readers can check that.
ACCOUNT = {
    "Wer schreibt?": "Büro Müller",
    "Von welcher E-Mail-Adresse": "anna@web.de",
    "Was ändert sich?": "7",
    "Bisherige IBAN?": "DE02 1203 0000 0000 2020 51",
    "Bisheriger Kontoinhaber": "Anna Müller",
    "Neue IBAN?": "DE89 3704 0044 0532 0130 00",
    "Neuer Kontoinhaber": "Anna Müller",
    "Ab wann?": "1.12.2026",
    "Wo liegt Ihre Adressliste?": "liste.csv",
}


@on_posix
@pytest.mark.parametrize("number", [0, 3])
def test_interrupted(tmp_path: Path, number: int) -> None:
    """Ctrl-C, or the end of input, at a question leaves nothing at all, and ends with 130."""
    assert _interrupted(tmp_path, GERMAN, number)


@on_posix
@pytest.mark.long
@pytest.mark.parametrize("answers", [GERMAN, EVERYTHING, ACCOUNT], ids=["some", "everything", "account"])
def test_interrupted_at_each_question(tmp_path: Path, answers: dict[str, str]) -> None:
    """At whichever of them, however much was answered before."""
    number = 0
    while _interrupted(tmp_path, answers, number):
        number += 1
    assert number > 10


def _interrupted(folder: Path, answers: dict[str, str], number: int) -> bool:
    """Answer so many questions, and break off at the next; tell whether there was one."""
    terminal = _sit_down(folder, "neu")
    person = Person(terminal, answers)
    person.go_through(number)
    if not person.next_question():
        assert terminal.end() == 0, terminal.shown
        return False
    terminal.type("\x03" if number % 2 == 0 else "\x04")
    assert terminal.end() == 130, terminal.shown
    assert "Es wurde nichts geschrieben." in terminal.shown
    assert "Traceback" not in terminal.shown
    assert [path.name for path in folder.iterdir() if path.name != f"{folder.name}.state"] == ["liste.csv"]
    return True


@on_posix
@pytest.mark.long
def test_each_question_is_asked(tmp_path: Path) -> None:
    """Each of them in one of the three dialogues, so none is left out where they are broken off.

    The name and BIC of the old bank interest nobody, and only options give them.
    """
    asked = ""
    library = _keyring(tmp_path)
    for name, answers in (("some", GERMAN), ("everything", EVERYTHING), ("account", ACCOUNT)):
        terminal = _sit_down(tmp_path, name, more={"PYTHONPATH": _path(library)})
        Person(terminal, answers).go_through()
        assert terminal.end() == 0, terminal.shown
        asked += " ".join(plain(terminal.shown).split())
    never = [question.name for question in QUESTIONS if " ".join(question.words.de.split()) not in asked]
    assert never == ["old.bank", "old.bic"]


KEYRING = """
from pathlib import Path

class Keyring:
    pass

Keyring.__module__ = "keyring.backends.SecretService"
get_keyring = Keyring

def set_password(service, user, password):
    Path(__file__).with_name("kept").write_text(f"{service} {user} {password}")

def get_password(service, user):
    kept = Path(__file__).with_name("kept")
    return kept.read_text().split()[2] if kept.exists() else None
"""


def _keyring(folder: Path) -> Path:
    library = folder / "library"
    library.mkdir()
    (library / "keyring.py").write_text(KEYRING, "utf-8")
    return library


def _path(library: Path) -> str:
    return os.pathsep.join([str(library), str(Path(__file__).parents[2])])


@on_posix
def test_password(tmp_path: Path) -> None:
    """A password goes into the keyring when that is wanted, unseen, and after everything else was written."""
    library = _keyring(tmp_path)
    answers = GERMAN | {
        "Wo liegt": "",
        "Das Passwort im": "j",
        "Passwort von anna": "geheim",
        "Gleich über diesen Server": "ja",
    }
    terminal = _sit_down(tmp_path, "neu", more={"PYTHONPATH": _path(library)})
    Person(terminal, answers).go_through()
    assert terminal.end() == 0, terminal.shown
    assert "geheim" not in terminal.shown
    assert "Das Passwort liegt im Schlüsselbund." in terminal.shown
    assert "notify send                       sendet, und fragt vorher" in plain(terminal.shown)
    assert (library / "kept").read_text("utf-8") == "notify anna geheim"
    assert "geheim" not in (tmp_path / "neu" / "notify.toml").read_text("utf-8")
    assert tomllib.loads((tmp_path / "neu" / "notify.toml").read_text("utf-8"))["relay"][0]["preset"] == "web.de"


@on_posix
@pytest.mark.long
def test_password_without_a_terminal(tmp_path: Path) -> None:
    """Where nobody can be asked, NOTIFY_PASSWORD is what is kept; without it nothing is written."""
    library = _keyring(tmp_path)
    options = [*OPTIONS, "--store-password"]
    there = {"PYTHONPATH": _path(library), "NOTIFY_PASSWORD": "streng"}
    assert run(tmp_path, "init", "b", *options, environment=there).returncode == 0
    assert (library / "kept").read_text("utf-8") == "notify anna@gmx.de streng"
    refused = run(tmp_path, "init", "c", *options, environment=there | {"NOTIFY_PASSWORD": ""})
    assert (refused.returncode, (tmp_path / "c").exists()) == (2, False)
    assert "give it by NOTIFY_PASSWORD" in refused.stderr


@on_posix
def test_hostile_answers(tmp_path: Path) -> None:
    """Several lines that are pasted at once, control characters and far too much text are no answer; nothing breaks."""
    terminal = _sit_down(tmp_path, "neu")
    person = Person(terminal, GERMAN | {"Wo liegt": ""})
    for typed in ("\x1b[200~Müller\nGmbH\x1b[201~\n", "x" * 2000 + "\n", "\x16\x1b]0;Titel\n", "\n"):
        assert person.next_question().startswith("Wer schreibt?") or "Wer schreibt?" in person.asked[-1]
        terminal.type(typed)
    person.go_through()
    assert terminal.end() == 0
    shown = " ".join(plain(terminal.shown).split())
    assert "mehr als 500 sind keine Antwort" in shown
    assert "Hier braucht es eine Antwort" in shown
    assert tomllib.loads((tmp_path / "neu" / "notify.toml").read_text("utf-8"))["sender"]["name"] == "Büro Müller"


@on_posix
def test_a_campaign_is_there(tmp_path: Path) -> None:
    """Whoever stands in a campaign is told so before the first question."""
    assert run(tmp_path, "init", "neu").returncode == 0
    terminal = _sit_down(tmp_path, "neu")
    assert terminal.end() == 73
    assert "is there already; nothing was written." in " ".join(plain(terminal.shown).split())


OPTIONS = (
    "--name", "Muster PR", "--from", "anna@gmx.de", "--old", "phone=+49 40 111111", "--new", "phone=+49 40 222222",
    "--keep", "website=https://pr.example", "--effective", "2026-12-01", "--lang", "de",
)  # fmt: skip


def test_options_alone(tmp_path: Path) -> None:
    """With options it needs no terminal, asks nothing and writes the same."""
    (tmp_path / "liste.csv").write_text(PEOPLE, "utf-8")
    done = run(tmp_path, "init", "neu", *OPTIONS, "--contacts", str(tmp_path / "liste.csv"), "--use-relay")
    assert (done.returncode, done.stdout) == (0, "")
    assert "cd neu  &&  notify preview -n 2" in done.stderr
    settings = tomllib.loads((tmp_path / "neu" / "notify.toml").read_text("utf-8"))
    assert settings["campaign"]["template"] == "templates/new-phone"
    assert settings["contacts"]["files"] == [str(tmp_path / "liste.csv")]
    assert settings["relay"] == [{"preset": "gmx", "user": "anna@gmx.de"}]
    dry = run(tmp_path / "neu", "send", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "Through  mail.gmx.net:465 (anna@gmx.de), at most 6/min, 200/hour" in dry.stderr
    assert run(tmp_path, "init", "neu", *OPTIONS).returncode == 73


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["--name", "Muster PR"], 2, "this is missing: --from, --new."),
        (["--new", "iban"], 2, "--new iban: write it as  --new email=TEXT"),
        (["--new", "fone=1"], 2, 'there is no detail "fone": did you mean phone?'),
        (["--keep", "iban=1"], 2, 'there is no detail "iban": there are phone, website.'),
        (["--example", "--name", "x"], 2, "--example writes invented details"),
        ([*OPTIONS, "--server", "gmxx"], 78, "--server: "),
        ([*OPTIONS, "--store-password"], 78, "--store-password: it is of no use here"),
        (["--template", "new-fone"], 2, "did you mean new-phone?"),
    ],
)
def test_wrong_options(tmp_path: Path, options: list[str], status: int, words: str) -> None:
    """What is missing or wrong is named, all of it at once, and nothing is written."""
    refused = run(tmp_path, "init", "neu", *options)
    assert (refused.returncode, refused.stdout) == (status, "")
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "neu").exists()


def test_example_and_list(tmp_path: Path) -> None:
    """Without options and terminal, and with --example, it is the example; --list shows templates and providers."""
    assert run(tmp_path, "init", "a").returncode == run(tmp_path, "init", "b", "--example").returncode == 0
    texts = [(tmp_path / name / "notify.toml").read_text("utf-8") for name in "ab"]
    assert texts[0] == texts[1]
    shown = run(tmp_path, "init", "--list", "--lang", "de").stdout
    assert "new-bank-account" in shown
    assert "Ihre Bankverbindung ändert sich" in shown
    assert "mail.gmx.net:465" in shown


@on_posix
@pytest.mark.long
def test_signal_while_asking(tmp_path: Path) -> None:
    """SIGTERM at a question leaves nothing either."""
    terminal = _sit_down(tmp_path, "neu")
    assert Person(terminal, {}).next_question()
    terminal.process.send_signal(signal.SIGTERM)
    terminal.end()
    assert not (tmp_path / "neu").exists()
