"""The pages as a user starts them: where they are, what they show, and how they end."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from notify.actions.campaign_page import CampaignPage
from notify.pages import Wanted
from notify.pages.letter import read_letter
from tests.campaign import Folder
from tests.folders import make_folder, run, start
from tests.images import png

pytestmark = pytest.mark.both_ledgers

DRAWN_WHEN_SENT = re.compile(rb"(?m)^(Date|Message-ID|X-Notify-Id): .*\r\n")
PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Sprache;Land;Form;Firma
Frau;Anna;Muster;anna@example.com;de;AT;;
Herr;Ben;Beispiel;ben@example.com;de;DE;;Beispiel & Söhne
Herr;Ben;Freund;freund@example.com;de;DE;Du;
Ms;Cora;Probe;cora@example.com;en;GB;;
;;;leer@example.com;de;DE;;
;;;firma@example.com;de;DE;;Firma GmbH
Frau;Ирина;Петрова;irina@example.com;de;DE;;
"""
MESSAGE = """\
Subject: Neues für {{ contact.last_name or "alle" }}
Attachment: brief.txt

{{ salutation }}

{% if contact.country == "AT" %}Servus aus Österreich.{% endif %} ![Logo](logo.png) *umgezogen*.
"""


@contextmanager
def page_of(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """Start a page; give its process, its port and the cookie of somebody who came in."""
    process = start(folder, *arguments, "--web", "--no-open")
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        found = re.search(r"^The page is ready:  http://127\.0\.0\.1:(\d+)(/\?token=\S+)$", said)
        assert found, said
        assert process.stderr.readline() == "It ends when you close its last tab, or with Ctrl-C. Nothing is sent.\n"
        port = int(found[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", found[2])
        answer = connection.getresponse()
        answer.read()
        connection.close()
        yield process, port, answer.headers["Set-Cookie"].partition(";")[0]
    finally:
        process.kill()
        process.communicate()


def got(port: int, cookie: str, path: str) -> str:
    """Return what is at a path."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 200, text
    return text


def test_the_page_of_a_campaign(tmp_path: Path) -> None:
    """It says its address, shows the campaign, ends with the last tab, and leaves nothing behind."""
    folder = make_folder(tmp_path / "campaign")
    before = sorted(folder.rglob("*"))
    with page_of(folder, "preview") as (process, port, cookie):
        assert "alt.example" in got(port, cookie, "/strip")
        tab = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        tab.request("GET", "/events", headers={"Cookie": cookie})
        stream = tab.getresponse()
        stream.readline()
        assert process.poll() is None
        stream.close()
        tab.close()
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stdout is not None
        assert (process.stderr.read(), process.stdout.read()) == ("", "")
    assert sorted(folder.rglob("*")) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise on Windows")
def test_the_page_of_the_outbox_and_ctrl_c(tmp_path: Path) -> None:
    """What the sandbox kept is shown, the latest first, without a contact; Ctrl-C ends it, and is no failure."""
    folder = make_folder(tmp_path)
    assert run(folder, "send").returncode == 0
    with page_of(folder, "outbox") as (process, port, cookie):
        for _ in range(100):
            if "Muster5" in (listed := got(port, cookie, "/list")):
                break
            time.sleep(0.05)
        assert listed.index("Muster5") < listed.index("Muster1")
        assert "Neue E-Mail-Adresse" in got(port, cookie, "/message/0")
        assert "form data-correct" not in got(port, cookie, "/message/0")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("preview", "--web", "-n", "1"), 2, "--web shows everybody on a page"),
        (("preview", "--web", "--port", "70000"), 2, "'70000' is not a port: a number from 0 to 65535."),
        (("outbox", "--web", "--json"), 2, "--web shows all of them on a page"),
        (("preview", "--web", "--template", "nowhere"), 65, "nowhere"),
    ],
)
def test_what_does_not_go(tmp_path: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    """One sentence, and the status that it has elsewhere."""
    done = run(make_folder(tmp_path), *arguments)
    assert done.returncode == status
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_what_is_shown_is_what_is_sent(tmp_path: Path) -> None:
    """Byte for byte but for Date and Message-ID, for a message of each cohort and of each who stands out."""
    folder = Folder(tmp_path, people=PEOPLE, real=False)
    place = folder.message.parent
    (place / "brief.txt").write_text("Beilage\n", "utf-8")
    (place / "logo.png").write_bytes(png())
    for name in ("message.de.md", "message.de.du.md", "message.en.md"):
        (place / name).write_text(MESSAGE, "utf-8")
    with CampaignPage(folder.settings) as page:
        page.begin(lambda _: None)
        while page.progress().stage != "done":
            time.sleep(0.01)
        groups = page.groups()
        numbers = range(page.entries(Wanted(), 0, 99).total)
        items = [item for number in numbers if (item := page.item(number))]
    assert {group.example for group in groups} <= set(numbers)
    assert len([group for group in groups if group.kind == "cohort"]) == 4
    assert run(folder.path, "send").returncode == 0
    sent = {}
    for file in (folder.path / "outbox" / "new").iterdir():
        octets = file.read_bytes()
        sent[str(message_from_bytes(octets, policy=policy.default)["To"])] = octets
    assert len(items) == len(sent) == 7
    for item in items:
        to = next(value for name, value in read_letter(item.octets).headers if name == "To")
        assert DRAWN_WHEN_SENT.sub(b"", item.octets) == DRAWN_WHEN_SENT.sub(b"", sent[to])
