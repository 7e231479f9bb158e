"""The page in a real browser: its keys, its views, and that no message can do anything in it."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

from notify.actions.approval import approvals_of
from notify.actions.campaign_page import CampaignPage
from notify.pages import PageServer, answers
from notify.pages.paper import read_file
from tests.browser import PROGRAM, Browser, browser
from tests.campaign import Folder
from tests.images import png
from tests.outboxes import message, outbox_served, serving

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(PROGRAM is None, reason="needs Chromium (Debian, Ubuntu: apt install chromium)"),
]

#: `npm install -g axe-core` puts it in one of these.
_PLACES = (os.environ.get("AXE_CORE", ""), "/usr/local/lib/node_modules/axe-core", "/usr/lib/node_modules/axe-core")
AXE = next((path for place in _PLACES if place and (path := Path(place, "axe.min.js")).is_file()), None)

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Sprache;Firma
Frau;Anna;Muster;anna@example.com;de;<script>alert(1)</script>
Herr;Ben;Beispiel;ben@example.com;de;Beispiel & Söhne
;;;leer@example.com;de;
Frau;Cora;Probe;cora@example.com;de;
"""
MESSAGE = """\
Subject: Neue Anschrift

{{ salutation }}

wir sind *umgezogen*. ![Logo](logo.png)

""" + "\n\n".join(f"Absatz {number}" for number in range(80))

HOSTILE = """<!DOCTYPE html><html><head>
<base href="EVIL" target="_self">
<meta http-equiv="refresh" content="0; url=EVIL/refresh">
<link rel="preconnect" href="EVIL"><link rel="dns-prefetch" href="EVIL">
<link rel="stylesheet" href="EVIL/style.css"><link rel="prefetch" href="EVIL/next">
<style>@import url("EVIL/import.css"); @font-face { font-family: x; src: url(EVIL/font) }
body { font-family: x; background: url("EVIL/background.png") }</style>
<script>window.hacked = parent.hacked = top.hacked = 1; top.location = "EVIL/buster"</script>
<script src="EVIL/script.js"></script></head>
<body onload="parent.hacked = 2">
<img src="EVIL/pixel.png" onerror="parent.hacked = 3" srcset="EVIL/pixel2.png 2x">
<img src="/message/0/eml"><svg onload="parent.hacked = 4"><image href="EVIL/i.svg"/></svg>
<video poster="EVIL/p.png" src="EVIL/v.mp4" autoplay></video>
<iframe src="EVIL/frame"></iframe><object data="EVIL/o"></object><embed src="EVIL/e">
<input type="image" src="EVIL/n" autofocus onfocus="parent.hacked = 5">
<a id="link" href="EVIL/link" target="_top" ping="EVIL/ping">link</a>
<a id="script" href="javascript:parent.hacked = 6" target="_self">script</a>
<a id="here" href="/" target="_self">here</a>
<form id="form" action="EVIL/form" method="post" target="_top"><button id="send">send</button></form>
<p>LONG</p></body></html>"""


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Give the address of a server of somebody else, and what it was asked, be it only a connection."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.settimeout(0.3)
                        heard.append(b"connected")
                        with suppress(OSError):
                            heard.append(connection.recv(2000))
                            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>elsewhere")

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    """Give a tab."""
    with browser() as tab:
        yield tab


@contextmanager
def campaign_shown(
    place: Path, tab: Browser, *, width: int = 1280, language: str = "de", people: str = PEOPLE
) -> Iterator[Folder]:
    """Show a campaign in the tab, with everything looked at."""
    folder = Folder(place, people=people, real=False)
    (folder.message.parent / "logo.png").write_bytes(png(30, 20))
    folder.message.write_text(MESSAGE, "utf-8")
    with CampaignPage(folder.settings) as page, serving(page) as server:
        page.begin(server.tabs.tell)
        open_page(tab, server, width=width, language=language)
        tab.wait("document.querySelector('[data-stage]')?.dataset.stage === 'done'")
        yield folder
        # a picture that is not wanted is complained of
        assert [one for one in tab.complaints if "img-src 'none'" not in one] == []
        tab.open("about:blank")


def open_page(tab: Browser, server: PageServer, *, width: int = 1280, language: str = "de") -> None:
    """Open the page, and wait until a message is seen."""
    tab.open(server.address, width, 720, language=language)
    tab.wait("document.body.dataset.shown !== undefined")


def inside(script: str) -> str:
    """Return a script about what stands in the frame."""
    return (
        f"(() => {{ const inner = document.querySelector('#stage iframe:not(.coming)').contentDocument; {script} }})()"
    )


def wait_for(tab: Browser, number: int) -> None:
    """Wait until the message of this number is seen."""
    tab.wait(f"document.body.dataset.shown === '{number}' && !document.querySelector('#stage iframe.coming')")
    assert tab.measure("location.hash") == f"#{number}"


def test_a_hostile_message_does_nothing(tmp_path: Path, tab: Browser) -> None:
    """No script, no form, no link, no picture, no font, no other page; and the page can be used as before."""
    with listening() as (evil, heard), outbox_served(tmp_path, *hostile(evil)) as server:
        open_page(tab, server, language="en")
        tab.wait(inside("return inner.querySelector('#link') !== null"), 30)
        home = tab.measure("location.href")
        for element in ("link", "script", "here", "send"):
            tab.measure(inside(f"inner.getElementById('{element}').click()"))
            place = tab.measure(
                inside(
                    f"const one = inner.getElementById('{element}'); one.scrollIntoView();"
                    "const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]"
                )
            )
            # what is under the pointer is no link, so that the browser connects to nobody before it is pressed
            under = f"inner.elementFromPoint({place[0]}, {place[1]})?.closest('a, button')"
            assert tab.measure(inside(f"return !({under})"))
            frame = tab.measure(
                "(() => { const frame = document.querySelector('#stage iframe'), box = frame.getBoundingClientRect();"
                "return [box.x, box.y, box.width / frame.offsetWidth] })()"
            )
            tab.click(frame[0] + place[0] * frame[2], frame[1] + place[1] * frame[2])
            time.sleep(0.2)
        assert tab.measure("window.hacked") is None
        assert tab.measure("location.href") == home
        assert tab.measure(inside("return inner.querySelector('#link') !== null"))
        # the frame is the message's, and not another page of ours
        assert tab.measure(inside("return inner.location.pathname")) == "/message/0/html"
        tab.press("j")
        tab.wait(inside("return inner.body.textContent.includes('harmless')"))
        wait_for(tab, 1)
        # by itself, in a tab of its own, it does nothing either
        tab.open(f"http://127.0.0.1:{server.port}/message/0/html")
        time.sleep(0.3)
        assert tab.measure("location.pathname") == "/message/0/html"
        assert heard == []
        # it would have been heard
        tab.open(evil)
        assert heard
        tab.open("about:blank")


def hostile(evil: str) -> tuple[EmailMessage, EmailMessage]:
    """Return a message that does no harm, and one that would like to, with 5 MB of text."""
    html = HOSTILE.replace("EVIL", evil).replace("LONG", "x" * 5_000_000)
    return message("<p>harmless</p>", to="ben@example.com"), message(html)


def test_another_page_cannot_look(tmp_path: Path, tab: Browser) -> None:
    """A page on another port of this machine gets no answer, no event and no frame, cookie or not."""
    with listening() as (elsewhere, _), outbox_served(tmp_path, message("<p>secret</p>")) as server:
        open_page(tab, server)
        base = f"http://127.0.0.1:{server.port}"
        tab.open(elsewhere)
        for mode in ("cors", "same-origin"):
            asked = f"fetch('{base}/list', {{credentials: 'include', mode: '{mode}'}})"
            assert tab.measure(f"{asked}.then(() => 'read', () => 'refused')") == "refused"
        opened = f"new Promise(done => {{ const events = new EventSource('{base}/events', {{withCredentials: true}});"
        opened += "events.onopen = () => done('open'); events.onerror = () => done('refused') })"
        assert tab.measure(opened) == "refused"
        framed = f"new Promise(done => {{ const frame = document.createElement('iframe'); frame.src = '{base}/';"
        framed += "frame.onload = () => done(frame.contentDocument === null); document.body.append(frame) })"
        assert tab.measure(framed)
        tab.open("about:blank")


def test_by_the_keyboard_alone(tmp_path: Path, tab: Browser) -> None:
    """To the next and the one before; widths, dark, text, source, without pictures and style, help."""
    with campaign_shown(tmp_path, tab):
        wait_for(tab, 0)
        tab.press("j")
        tab.press("j")
        wait_for(tab, 2)
        tab.press("k")
        wait_for(tab, 1)
        widths = []
        for key in "123":
            tab.press(key)
            widths.append(tab.measure("document.querySelector('#stage iframe').offsetWidth"))
        assert widths[:2] == [375, 768]
        assert widths[2] >= 880
        tab.press("t")
        tab.wait(inside("return inner.location.pathname.endsWith('/text')"))
        tab.press("t")
        tab.wait(inside("return inner.body.textContent.startsWith('Date: ')"))
        tab.press("t")
        tab.wait(inside("return inner.images.length === 1 && inner.images[0].naturalWidth === 30"))
        tab.press("i")
        tab.wait(inside("return inner.images[0].naturalWidth === 0"))
        tab.press("s")
        tab.wait(inside("return inner.querySelectorAll('style').length === 2"))
        tab.press("s")
        tab.press("d")
        tab.wait(inside("return getComputedStyle(inner.documentElement).colorScheme === 'dark'"))
        tab.press("?")
        assert tab.measure("document.querySelector('#help').open")
        tab.press("Escape")


def test_groups_and_search_by_the_keyboard(tmp_path: Path, tab: Browser) -> None:
    """To a group and back, to who is searched, through the list with the arrows, and from inside of the message."""
    with campaign_shown(tmp_path, tab):
        wait_for(tab, 0)
        tab.press("]")
        tab.press("]")
        tab.wait("document.querySelector('#groups [aria-pressed=true]').textContent.includes('neutral')")
        wait_for(tab, 2)
        tab.press("[")
        tab.press("[")
        tab.press("/")
        for letter in "cora":
            tab.press(letter)
        tab.press("Enter")
        tab.wait("document.activeElement.id === 'list'")
        wait_for(tab, 3)
        tab.press("/")
        tab.measure("document.querySelector('#search').value = ''")
        tab.measure("document.querySelector('#search').dispatchEvent(new Event('input'))")
        tab.press("Escape")
        tab.wait("document.querySelectorAll('#rows [data-number]').length === 4")
        tab.press("ArrowUp")
        wait_for(tab, 2)
        # and from inside of the message
        tab.measure("document.querySelector('#stage iframe').contentWindow.focus()")
        tab.press("k")
        wait_for(tab, 1)


def test_a_list_that_is_taller_than_browsers_scroll(
    tmp_path: Path, tab: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first and the last row are reached, and the rows around one that was chosen are there."""
    monkeypatch.setattr(answers, "read_file", lambda name: read_file(name).replace(b"8_000_000", b"900"))
    rows = "".join(f"Frau;Vera{number};Muster{number};p{number}@example.com;de;\n" for number in range(60))
    in_sight = (
        "(() => { const box = document.querySelector('#list').getBoundingClientRect(), row = document.getElementById("
        "'entry-NUMBER')?.getBoundingClientRect(); return row && row.top >= box.top - 1 && row.bottom <= box.bottom + 1"
        " })()"
    )
    with campaign_shown(tmp_path, tab, people="Anrede;Vorname;Nachname;E-Mail;Sprache;Firma\n" + rows):
        assert tab.measure("document.querySelector('#list').scrollHeight") == 900
        tab.measure("document.querySelector('#list').focus()")
        for key, number in (("End", 59), ("ArrowUp", 58), ("Home", 0), ("ArrowDown", 1)):
            tab.press(key)
            tab.wait(in_sight.replace("NUMBER", str(number)))
            wait_for(tab, number)
        tab.measure("document.querySelector('#list').scrollTop = 99999")
        tab.wait(in_sight.replace("NUMBER", "59"))
        tab.press("Home")
        tab.press("ArrowUp")
        tab.wait(in_sight.replace("NUMBER", "0"))


def test_it_follows_a_save_and_keeps_the_place(tmp_path: Path, tab: Browser) -> None:
    """New words come where one was reading; an error stands before the last message, with its line."""
    with campaign_shown(tmp_path, tab) as folder:
        tab.press("j")
        wait_for(tab, 1)
        tab.measure(inside("inner.defaultView.scrollTo(0, 400)"))
        folder.edit(folder.message, "umgezogen", "verzogen")
        tab.wait(inside("return inner.body.textContent.includes('verzogen')"))
        assert tab.measure(inside("return inner.defaultView.scrollY")) == 400
        folder.edit(folder.message, "{{ salutation }}", "{{ salutatoin }}")
        tab.wait("!document.querySelector('#trouble').hidden")
        assert "message.de.md:3" in tab.measure("document.querySelector('#trouble').textContent")
        assert tab.measure("document.querySelector('#trouble .meant').textContent") == "3{{ salutatoin }}"
        assert tab.measure(inside("return inner.body.textContent.includes('verzogen')"))
        folder.edit(folder.message, "{{ salutatoin }}", "{{ salutation }}")
        tab.wait("document.querySelector('#trouble').hidden")
        folder.edit(folder.message, "logo.png", "logo2.png")
        tab.wait("document.querySelector('#headline .mend')?.textContent.includes('logo2.png')")
        assert tab.measure(inside("return inner.body.textContent.includes('verzogen')"))
        folder.edit(folder.message, "logo2.png", "logo.png")
        tab.wait("!document.querySelector('#headline .mend')")
        wait_for(tab, 1)
        assert tab.measure(inside("return inner.defaultView.scrollY")) == 400


def test_a_finding_is_shown_in_its_place(tmp_path: Path, tab: Browser) -> None:
    """One key opens it, marks the words in the message and brings them into sight."""
    with campaign_shown(tmp_path, tab) as folder:
        folder.edit(folder.message, "Absatz 79", "Absatz 79 {Vorname}")
        tab.wait("document.querySelector('#about [data-find]')")
        tab.press("n")
        tab.wait(inside("return inner.defaultView.CSS.highlights.get('found')?.size === 1"))
        tab.wait(inside("return inner.defaultView.scrollY > 400"))


def test_a_correction_is_shown_first_and_then_written(tmp_path: Path, tab: Browser) -> None:
    """The file is not touched before; what somebody is writing survives a save of the template."""
    with campaign_shown(tmp_path, tab) as folder:
        tab.measure("document.querySelector('[data-begin]').click()")
        for letter in "Guten Tag, Anna":
            tab.press(letter)
        folder.edit(folder.message, "umgezogen", "verzogen")
        tab.wait(inside("return inner.body.textContent.includes('verzogen')"))
        tab.press("Enter")
        tab.wait("document.querySelector('.difference')?.textContent.includes('+anna@example.com;Guten Tag, Anna')")
        assert not (folder.path / "overrides.csv").exists()
        tab.press("Enter")
        tab.wait(inside("return inner.body.textContent.includes('Guten Tag, Anna,')"))
        assert (folder.path / "overrides.csv").exists()


def test_an_approval_is_given_by_a_name(tmp_path: Path, tab: Browser) -> None:
    """One key shows what would be approved, Enter records it; and a change since is shown the next time."""
    with campaign_shown(tmp_path, tab) as folder:
        tab.press("a")
        tab.wait("document.querySelector('#approval input[name=name]')")
        tab.measure("document.querySelector('#approval input[name=name]').value = ''")
        for letter in "Cora Probe":
            tab.press(letter)
        tab.press("Enter")
        tab.wait("document.querySelector('#approval .earlier')?.textContent.includes('Cora Probe')")
        assert "Genau dies wurde freigegeben." in tab.measure("document.querySelector('#approval').textContent")
        assert [one.name for one in approvals_of(folder.settings())] == ["Cora Probe"]
        tab.press("Escape")
        folder.edit(folder.message, "umgezogen", "verzogen")
        tab.wait(inside("return inner.body.textContent.includes('verzogen')"))
        tab.press("a")
        tab.wait("document.querySelector('#approval .earlier')?.textContent.includes('+wir sind *verzogen*')")
        tab.press("Escape")


@pytest.mark.parametrize(("width", "scale"), [(1280, 1), (1280, 2), (390, 1), (900, 1)])
def test_nothing_is_cut_off(tmp_path: Path, tab: Browser, width: int, scale: int) -> None:
    """On a small laptop, magnified twice, and as on a telephone nothing stands beyond the right edge."""
    with campaign_shown(tmp_path, tab):
        tab.resize(width, 720, scale=scale)
        tab.measure("document.querySelector('#rows [data-number]').click()")
        time.sleep(0.3)
        assert tab.measure("document.documentElement.scrollWidth <= innerWidth")
        beyond = "[...document.querySelectorAll('button, input, h2, dd')].filter(one => one.checkVisibility() &&"
        assert (
            tab.measure(f"{beyond} one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML)") == []
        )
        tab.resize(1280, 720)


def test_many_marks_stay_in_their_row(tmp_path: Path, tab: Browser) -> None:
    """Whoever was sent to and was noticed for several things has a row like all others."""
    with campaign_shown(tmp_path, tab):
        assert tab.measure(
            """(() => {
                const row = document.querySelector('#list [role=option]'), place = row.getBoundingClientRect()
                const mark = '<span class="flag">neutrale Anrede</span>'
                row.querySelector('.name').insertAdjacentHTML('afterend', mark.repeat(3))
                const boxes = [...row.querySelectorAll('span')].map((one) => one.getBoundingClientRect())
                const fits = (box) => box.top >= place.top && box.bottom <= place.bottom && box.right <= place.right
                return boxes.every(fits)
            })()"""
        )


def test_german_and_english(tmp_path: Path, tab: Browser) -> None:
    """As the browser says."""
    for language, word in (("de-AT,en;q=0.5", "Alle"), ("en-GB", "Everybody")):
        with campaign_shown(tmp_path / word, tab, language=language):
            assert word in tab.measure("document.querySelector('#groups').textContent")
            assert tab.measure("document.documentElement.lang") == language[:2]


@pytest.mark.skipif(AXE is None, reason="needs axe-core (npm install -g axe-core)")
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(tmp_path: Path, tab: Browser, dark: bool) -> None:
    """The page, its help, an error and a correction are accessible as far as a program can tell."""
    assert AXE is not None
    with campaign_shown(tmp_path, tab) as folder:
        tab.resize(1280, 720, dark=dark)
        tab.measure(AXE.read_text("utf-8") + ";0")
        assert found(tab) == []
        folder.edit(folder.message, "Absatz 79", "Absatz 79 {Vorname}")
        tab.wait("document.querySelector('#about [data-find]')")
        tab.measure("document.querySelector('[data-begin]').click()")
        assert found(tab) == []
        folder.edit(folder.message, "{{ salutation }}", "{{ salutatoin }}")
        tab.wait("!document.querySelector('#trouble').hidden")
        assert found(tab) == []
        tab.measure("document.querySelector('#help').showModal()")
        assert found(tab) == []
        tab.measure("document.querySelector('#help').close()")
        folder.edit(folder.message, "{{ salutatoin }}", "{{ salutation }}")
        tab.wait("document.querySelector('#trouble').hidden")
        tab.measure("document.querySelector('[data-approve]').click()")
        tab.wait("document.querySelector('#approval input[name=name]')")
        assert found(tab) == []
        tab.press("Escape")
        tab.resize(390, 720, dark=dark)
        tab.measure("document.querySelector('#rows [data-number]').click()")
        time.sleep(0.3)
        assert found(tab) == []
        tab.resize(1280, 720)


def found(tab: Browser) -> list[object]:
    """Return what axe finds in the page, without what stands in the frame: that is the message."""
    rules = "axe.run({exclude: [['#stage iframe']]}, {resultTypes: ['violations']}).then(found => JSON.stringify("
    return list(
        json.loads(
            tab.measure(
                rules
                + "found.violations.map(one => [one.id, one.impact, one.nodes.map(n => n.html + n.failureSummary)])))"
            )
        )
    )
