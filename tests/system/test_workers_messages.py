"""What workers send that have no campaign folder: the messages that the folder itself would send."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.sandbox import Outbox, Sandbox
from notify.sandbox.kept import kept, kept_files
from tests.folders import run
from tests.images import png
from tests.servers.postgres import Database, Postgres
from tests.servers.scripted import ScriptedServer
from tests.workers import Shop, ended, shop, twice

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"), pytest.mark.long]

SETTINGS = """
[campaign]
id = "alles"
template = "templates/alles"
kind = "newsletter"
[sender]
name = "Müster PR"
email = "info@alt.example"
reply_to = "Büro <info@neu.example>"
logo = "logo.png"
[change]
effective = 2026-12-01
[change.old]
phone = "+49 40 111111"
[change.new]
phone = "+49 40 222222"
mobile = "+49 170 1234567"
[[audience]]
name = "friends"
sees = ["mobile"]
where = "row['Land'] == 'AT'"
[attach]
vcard = true
calendar = true
qr = true
[newsletter]
unsubscribe = "https://muster.example/ab/{{token}}"
[contacts]
files = ["contacts/people.csv"]
[[relay]]
host = "127.0.0.1"
port = {port}
tls = "none"
rate = "100000/s"
[send]
pause = "0s"
"""
PEOPLE = """\
Anrede;Nachname;E-Mail;Sprache;Land;Form;Datei
Frau;Muster;anna@example.com;de;DE;Sie;rechnungen/1.pdf
Herr;Größe;ben@example.com;de;AT;Du;"rechnungen/2.pdf; preise.pdf"
Ms;Cedar;cora@example.com;en;AT;Sie;
"""
HEAD = 'Subject: {subject}\nAttachment: agb.pdf\nAttachment: {{{{ row["Datei"] }}}}\n\n{{{{ salutation }}}}\n\n'
BODY = (
    "{% if new.mobile %}{{ new.mobile }}{% endif %} {{ row.Land }} ![Code](qr.png) ![Bild](bild.png)\n\n"
    '{% include "fuss.md" %}\n\n{{ unsubscribe }}\n'
)
#: What is drawn for each ledger: Message-IDs and tokens, and the moment.
DRAWN = re.compile(rb"(?m)^(Date|Message-ID|X-Notify-Id): .*$|/ab/[a-z2-7]{26}|/ab/[a-z2-7=\r\n]{26,32}")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Return an empty database."""
    with postgres.database() as made:
        yield made


def campaign(folder: Path, port: int, more: str = "") -> Path:
    """Write a campaign in which there is whatever can be: languages, forms, audiences, files, pictures, tokens."""
    template = folder / "templates" / "alles"
    template.mkdir(parents=True)
    for name, subject in (("de", "Neu für {{ contact.last_name }}"), ("de.du", "Neu für Dich"), ("en", "New")):
        text = HEAD.format(subject=subject) + BODY
        (template / f"message.{name}.md").write_text(text, "utf-8")
    (template / "fuss.md").write_text("Viele Grüße, **{{ sender.name }}**\n", "utf-8")
    (template / "bild.png").write_bytes(png(40, 30, b"\x00\xff\x00"))
    (template / "agb.pdf").write_bytes(b"%PDF agb" * 99)
    (folder / "logo.png").write_bytes(png(30, 20))
    (folder / "contacts").mkdir()
    (folder / "rechnungen").mkdir()
    for number in (1, 2):
        (folder / "rechnungen" / f"{number}.pdf").write_bytes(b"%PDF" + bytes([number]) * 4000)
    (folder / "preise.pdf").write_bytes(b"%PDF preise")
    (folder / "contacts" / "people.csv").write_text(PEOPLE, "utf-8")
    (folder / "notify.toml").write_text(SETTINGS.format(port=port) + more, "utf-8")
    return folder


def messages(outbox: Path) -> dict[str, bytes]:
    """Return what everybody got, without what is drawn for each ledger."""
    return {one.to: DRAWN.sub(b"", one.path.read_bytes()) for one in kept(kept_files(outbox))}


def test_the_same_messages(tmp_path: Path, database: Database) -> None:
    """From a machine that has nothing of the campaign, everybody gets what they would get from its folder."""
    with Sandbox(Outbox(tmp_path / "one")) as relay:
        alone = campaign(tmp_path / "alone", relay.port)
        done = run(alone, "send", "--yes")
        assert done.returncode == 0, done.stderr
    with Sandbox(Outbox(tmp_path / "two")) as relay:
        folder = campaign(tmp_path / "campaign", relay.port, f'[ledger]\nurl = "{database.url}"\n')
        placing = Shop(folder, database)
        placed = placing.run("send", "--yes")
        assert placed.returncode == 0, placed.stderr
        shutil.rmtree(folder)
        placing.deliver()
    expected = messages(tmp_path / "one")
    assert len(expected) == 3
    assert sum(message.count(b"filename=") for message in expected.values()) > 12
    assert messages(tmp_path / "two") == expected


def test_a_password_of_the_machine(tmp_path: Path, database: Database) -> None:
    """The command of the campaign's folder is run nowhere else, and no password goes to a server that only it names."""
    ran, user = tmp_path / "ran", "info@alt.example"
    with ScriptedServer(tmp_path / "record", users={user: "geheim"}) as server:
        placing = shop(tmp_path, database, server, contacts=3)
        toml = placing.folder / "notify.toml"
        text = toml.read_text("utf-8")
        command = f'[[relay]]\nuser = "{user}"\npassword_command = "touch {ran.as_posix()}"\n'
        toml.write_text(text.replace("[[relay]]\n", command), "utf-8")
        assert placing.run("send", "--yes").returncode == 0
        with placing.working(more={"NOTIFY_PASSWORD": "geheim"}) as unnamed:
            assert unnamed.stderr is not None
            said = next(line for line in unnamed.stderr if "which wants a login" in line)
        assert f"127.0.0.1:{server.port} ({user}): the campaign names this relay" in said
        assert (server.connections, ran.exists()) == (0, False)
        home = tmp_path / "home"
        home.mkdir()
        own = f'[[relay]]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\nuser = "{user}"\n'
        (home / "worker.toml").write_text(f'{own}password_command = "echo geheim"\n', "utf-8")
        ended(placing.worker_at(home, "--until-idle"))
        assert placing.counts() == {"sent": 3}
        assert {one["user"] for one in server.accepted()} == {user}
    assert not ran.exists()


def test_a_machine_whose_relay_is_down(tmp_path: Path, database: Database) -> None:
    """With a relay of its own on each machine, what is the matter with one holds up nobody on the others."""
    with ScriptedServer(tmp_path / "gone") as gone:
        down = gone.port
    with ScriptedServer(tmp_path / "record") as server:
        placing = shop(tmp_path, database, server, contacts=600)
        assert placing.run("send", "--yes").returncode == 0
        homes = {}
        for name, port in (("down", down), ("up", server.port)):
            homes[name] = tmp_path / name
            homes[name].mkdir()
            own = f'[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nrate = "100000/s"\n'
            (homes[name] / "worker.toml").write_text(own, "utf-8")
        process = placing.worker_at(homes["down"])
        try:
            assert process.stderr is not None
            assert next(line for line in process.stderr if "left alone" in line)
            began = time.monotonic()
            ended(placing.worker_at(homes["up"], "--until-idle"))
            assert time.monotonic() - began < 25
        finally:
            process.kill()
            process.communicate()
        assert (placing.counts(), twice(server)) == ({"sent": 600}, [])
