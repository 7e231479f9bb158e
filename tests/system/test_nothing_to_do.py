"""A run that opens neither template nor contact files says, does and refuses what one that opens them does.

Each state of a campaign is met by both: the second one has forgotten what was known of the files.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notify.actions.prepare import prepare_to_send
from notify.config import load
from notify.errors import NotifyError
from notify.ledger import hold
from tests.folders import Forked, make_folder
from tests.servers.scripted import Rule, ScriptedServer, lose_answer, say

#: One of each kind: sent, refused, told to come later, in doubt, with an objection, rejected, there twice.
PEOPLE = """\
Nr;Anrede;Vorname;Nachname;E-Mail;Newsletter
1;Frau;Anna;Muster;anna@example.com;
2;Herr;Ben;Beispiel;ben@example.com;
3;Frau;Cora;Probe;cora@example.com;
4;Herr;Dirk;Muster;dirk@example.com;
5;Frau;Eva;Ende;eva@example.com;nein
6;Herr;Falk;Falsch;falk@@example.com;
7;Frau;Anna;Muster;anna@example.com;
"""
RULES = (
    Rule("rcpt", say("451 4.7.1 Greylisted"), to="ben@"),
    Rule("rcpt", say("550 5.1.1 User unknown"), to="cora@"),
    Rule("dot", lose_answer(), to="dirk@", times=1),
)
MESSAGE = """\
Subject: Neue E-Mail-Adresse ab {{ effective }}
Attachment: preise.txt

{{ salutation }}

ab dem {{ effective }} erreichen Sie uns unter {{ new.email }}.

{% include "gruss.md" %}
"""
MORE = "\n[checks]\nsilence = []\n[policy]\ncool_off = 0\n"
#: What is remembered of the files, and who holds the ledger.
LEFT_OUT = ("enrolment", "holder")
_SECRET = 32


class Campaign:
    """A campaign that was sent, kept aside, so that each state of it begins with the same octets."""

    def __init__(self, path: Path, rules: tuple[Rule, ...], *, noticed: bool) -> None:
        self.noticed = noticed
        self.kept, self.folder = path / "kept", path / "now" / "campaign"
        with ScriptedServer(path / "record", rules=rules) as server:
            make_folder(self.folder, contacts=PEOPLE, relay_port=server.port, message=MESSAGE, more=MORE)
            (self.folder / "templates" / "change" / "gruss.md").write_text("Viele Grüße\n", "utf-8")
            (self.folder / "preise.txt").write_text("10 Euro\n", "utf-8")
            (self.folder / "overrides.csv").write_text("email;salutation\nanna@example.com;Guten Tag Anna,\n", "utf-8")
            if noticed:
                edit(TOML, 'info@neu.example"', 'info@neu.example"\nphone = "+49 40 1"')(self.folder)
            self.run("send", "--yes", "--limit", "1")
            shutil.copy(self.folder / "ledger.db", self.folder / "earlier.db")
            assert self.run("send", "--yes")["status"] in (0, 75)
        shutil.copytree(self.folder.parent, self.kept)

    @contextlib.contextmanager
    def again(self, change: Callable[[Path], object]) -> Iterator[Path]:
        """Bring back the kept folder, with what has changed in it."""
        shutil.rmtree(self.folder.parent)
        shutil.copytree(self.kept, self.folder.parent)
        change(self.folder)
        yield self.folder

    def run(self, *arguments: str) -> dict[str, Any]:
        """Run notify; return how it ended and what it said, without the moments in it."""
        with Forked(self.folder, *arguments) as process:
            done = process.wait()
        said = [
            re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d\S*|\d\d:\d\d(?::\d\d)?", "…", text)
            for text in (done.stdout, done.stderr)
        ]
        return {"status": done.returncode, "stdout": said[0], "stderr": said[1]}

    def ledger(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all that stands in the ledger, but for moments and what is remembered of the files."""
        path = self.folder / "ledger.db"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(path)) as db:
            try:
                names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                rows = {name: list(db.execute(f"SELECT * FROM {name}")) for name in names if name not in LEFT_OUT}  # noqa: S608  # our own names
            except sqlite3.DatabaseError:
                return {}
        return {name: [tuple(map(_without_chance, row)) for row in each] for name, each in rows.items()}


def _without_chance(value: object) -> object:
    """Return a value as it is in every run: without moments, secrets and Message-IDs."""
    if isinstance(value, bytes) and len(value) == _SECRET:
        return "…"
    return re.sub(r"\d{4}-\d\d-\d\dT\S*|\d{10}\.\d{6}|<\S+@\S+>", "…", value) if isinstance(value, str) else value


def forget(folder: Path) -> None:
    """Forget what is known of the files, so that all are opened."""
    if not (folder / "ledger.db").exists():
        return
    with _database(folder) as db:
        for campaign, told in list(db.execute("SELECT campaign, told FROM enrolment")):
            kept = json.dumps(json.loads(told) | {"files": None}, ensure_ascii=False)
            db.execute("UPDATE enrolment SET told = ? WHERE campaign = ?", (kept, campaign))


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as db:
        yield db
        db.commit()


def sql(*statements: str) -> Callable[[Path], None]:
    """Return what does this to the ledger."""

    def change(folder: Path) -> None:
        with _database(folder) as db:
            for statement in statements:
                db.execute(statement)

    return change


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return what puts something else in the place of what stands in a file."""

    def change(folder: Path) -> None:
        path = folder / name
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    return change


def put(name: str, text: str) -> Callable[[Path], object]:
    """Return what writes a file."""
    return lambda folder: (folder / name).write_text(text, "utf-8")


def gone(name: str) -> Callable[[Path], None]:
    """Return what takes a file away."""
    return lambda folder: (folder / name).unlink()


def link_out(folder: Path) -> None:
    """Put a link that leads out of the folder into the place of a file, with the same octets behind it."""
    path = folder / "templates" / "change" / "gruss.md"
    path.rename(folder.parent / "gruss.md")
    path.symlink_to(folder.parent / "gruss.md")


def nothing(_: Path) -> None:
    """Change nothing."""


CSV, TEXT, TOML = "contacts/people.csv", "templates/change/message.de.md", "notify.toml"
DUE = sql("UPDATE recipient SET due = '' WHERE status = 'deferred'")

#: What has happened since, with which options the next run begins, and whether without them all files are known.
STATES: dict[str, tuple[Callable[[Path], object], tuple[str, ...], bool]] = {
    "nothing": (nothing, (), True),
    "nothing, as a rehearsal": (nothing, ("--dry-run",), True),
    "nothing, as a rehearsal for programs": (nothing, ("--dry-run", "--json"), True),
    "nothing, for programs": (nothing, ("--json",), True),
    "only somebody": (nothing, ("--only", "anna@example.com"), True),
    "only nobody": (nothing, ("--only", "nobody@example.com"), True),
    "those who failed": (nothing, ("--retry-failed",), True),
    "one of those who failed": (nothing, ("--retry-failed", "--limit", "1"), True),
    "some of them": (nothing, ("--where", "row['Nr'] == '1'"), True),
    "a condition that is none": (nothing, ("--where", "row['Nr'"), True),
    "a finding is accepted": (nothing, ("--accept", "leftover-placeholder"), True),
    "somebody is due": (DUE, (), True),
    "somebody is due, and asked about": (DUE, ("--dry-run",), True),
    "an answer was lost for good": (
        sql("UPDATE recipient SET status = 'in_flight' WHERE status = 'deferred'"),
        (),
        True,
    ),
    "somebody is suppressed": (
        sql("INSERT INTO suppression SELECT identity, 'asked', '2026-01-01' FROM recipient WHERE status = 'deferred'"),
        (),
        True,
    ),
    "the deadline is over": (edit(TOML, 'language = "de"', 'language = "de"\ndeadline = 2026-01-01'), (), False),
    "a start to come": (edit(TOML, "[send]", "[send]\nstart = 2999-01-01"), (), False),
    "another rate": (edit(TOML, "100000/s", "50000/s"), (), False),
    "another announced address": (edit(TOML, "info@neu.example", "post@neu.example"), (), False),
    "an account is announced": (edit(TOML, "[change.new]", '[change.new]\niban = "DE89370400440532013000"'), (), False),
    "approval is asked for": (edit(TOML, "[send]", '[send]\napproval = "required"'), (), False),
    "copies are asked for": (
        edit(TOML, "[send]", '[send]\ncopy_to = "office@example.com"\ncopy_per = "recipient"'),
        (),
        False,
    ),
    "another setting that is none": (edit(TOML, "[send]", "[send]\nbatsch = 1"), (), False),
    "a letter in the text": (edit(TEXT, "ab dem", "nach dem"), (), False),
    "a letter in the text, accepted": (edit(TEXT, "ab dem", "nach dem"), ("--accept-change",), False),
    "a name that nobody knows": (edit(TEXT, "{{ salutation }}", "{{ salutatio }}"), (), False),
    "a letter in what is included": (edit("templates/change/gruss.md", "Viele", "Beste"), (), False),
    "what is included leads out": (link_out, (), False),
    "another attachment": (put("preise.txt", "20 Euro\n"), (), False),
    "no attachment": (gone("preise.txt"), (), False),
    "an attachment that stands before it": (put("templates/change/preise.txt", "30 Euro\n"), (), False),
    "a layout": (put("templates/change/layout.html", "<html><body>{{ body }}</body></html>"), (), False),
    "a text in English": (put("templates/change/message.en.md", "Subject: New\n\nHello\n"), (), False),
    "a file that is no text": (put("templates/change/message.de.md~", "Subject: Alt\n\nHallo\n"), (), False),
    "no text": (gone(TEXT), (), False),
    "other line ends in the text": (edit(TEXT, "\n", "\r\n"), (), True),
    "a row": (edit(CSV, "7;Frau", "8;Frau;Gerda;Neu;gerda@example.com;\n7;Frau"), (), False),
    "a letter in a row": (edit(CSV, "Ben;Beispiel", "Bern;Beispiel"), (), False),
    "most have left": (put(CSV, PEOPLE[:80] + "\n"), (), False),
    "no contact file": (gone(CSV), (), False),
    "another contact file": (put("contacts/more.csv", "E-Mail\nhanna@example.com\n"), (), False),
    "a file beside the contact files": (put("contacts/old.bak", "E-Mail\n"), (), True),
    "another correction": (edit("overrides.csv", "Tag Anna", "Tag, Anna"), (), False),
    "no corrections": (gone("overrides.csv"), (), False),
    "an answer stands in doubt no more": (
        sql("UPDATE recipient SET status = 'pending' WHERE status = 'in_doubt'"),
        (),
        True,
    ),
    "another campaign": (edit(TOML, 'id = "test"', 'id = "other"'), (), False),
    "the ledger is lost": (gone("ledger.db"), (), False),
    "the ledger is a copy": (lambda folder: shutil.copy(folder / "earlier.db", folder / "ledger.db"), (), True),
    "the ledger is none": (
        put("ledger.db", "nothing of the kind, and more than a hundred octets of it " * 9),
        (),
        False,
    ),
}
#: A few for the everyday run; the others take their time.
EVERYDAY = ("nothing", "a letter in what is included")


@pytest.fixture(
    scope="module", params=["mixed", *(pytest.param(name, marks=pytest.mark.long) for name in ("settled", "noticed"))]
)
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """Give a campaign in which all has happened that can, one that is done, and one in which something was noticed."""
    path, rules = tmp_path_factory.mktemp(request.param), RULES if request.param == "mixed" else ()
    return Campaign(path, rules, noticed=request.param == "noticed")


@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=[] if state in EVERYDAY else [pytest.mark.long]) for state in STATES]
)
def test_as_if_everything_was_opened(campaign: Campaign, state: str) -> None:
    """Words, exit status and ledger are the same, whatever has happened; and mostly nothing was opened."""
    change, options, is_known = STATES[state]
    with campaign.again(change) as folder:
        with contextlib.suppress(NotifyError):
            known = prepare_to_send(load(folder, options={}, environment={})).known
            assert (known is not None) == is_known
        short = campaign.run("send", "--yes", *options), campaign.ledger()
    with campaign.again(change) as folder:
        with contextlib.suppress(sqlite3.Error):
            forget(folder)
        assert (campaign.run("send", "--yes", *options), campaign.ledger()) == short


@pytest.mark.long
def test_the_same_words_under_another_id(campaign: Campaign) -> None:
    """Who waits in a campaign and got its words in another one is not sent them, whatever is known of the files."""
    with campaign.again(edit(TOML, 'id = "test"', 'id = "other"')) as folder:
        campaign.run("send", "--yes", "--again", "--limit", "1")
        assert prepare_to_send(load(folder, options={}, environment={})).known
        short = campaign.run("send", "--yes")
        assert (short["status"], "in the campaign test" in short["stderr"]) == (65, True)
        forget(folder)
        assert campaign.run("send", "--yes") == short


@pytest.mark.long
def test_another_run_holds_the_ledger(campaign: Campaign) -> None:
    """The lock is asked for by both."""
    with campaign.again(nothing) as folder:
        with hold(folder / "ledger.db", dt.datetime.now(dt.UTC)):
            short = campaign.run("send", "--yes")
        assert short["status"] == 75
        forget(folder)
        with hold(folder / "ledger.db", dt.datetime.now(dt.UTC)):
            assert campaign.run("send", "--yes") == short


def test_nothing_heavy_is_loaded(campaign: Campaign) -> None:
    """A run that finds nothing to do loads no engine of templates, no reader of contacts, and no check but to tell."""
    heavy = ("jinja2", "pandas", "notify.rendering", "notify.contacts", "notify.recipients", "notify.checks", "yagmail")
    program = (
        "import sys; sys.argv[0] = 'notify'\nfrom notify.cli import main\n"
        f"try: main()\nfinally: print(*[name for name in sys.modules if name.startswith({heavy})])"
    )
    with campaign.again(nothing) as folder:
        done = subprocess.run(
            [sys.executable, "-c", program, "-C", str(folder), "send", "--yes"],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "NOTIFY_STATE_DIR": f"{folder}.state"},
        )
    assert (done.stdout == "\n") is not campaign.noticed, done.stderr
