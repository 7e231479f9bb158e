"""The page on which readers look up a notice, on a real site: what it says otherwise is found by its name."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from notify.actions import second_source
from notify.actions.checkup import Checkup
from notify.actions.checkup_online import check_online
from notify.actions.prepare import prepare
from notify.actions.public_page import public_page
from notify.config import load
from notify.core.finding import Finding
from notify.lookups import Names, sites, visit
from tests import clean_campaigns as clean
from tests.audiences import AUDIENCE_OF_ALL
from tests.planted_in_dns import CLEAN, OWN
from tests.servers.zone import ZoneServer
from tests.system.test_check_online import edit, with_site
from tests.telling import teller

OTHER = "fremd.internal"
START = """<h1>Berg</h1><a href="/impressum.html">Impressum</a> <a href='/datenschutz/'>Datenschutz&shy;erklärung</a>
<a href="https://elsewhere.internal/impressum">Impressum</a> <a href="mailto:x@y.internal">Mail</a>"""
IMPRESSUM = "<p>Berg Kommunikation<br>Tel.: (040) 778 89 90<br>petra&#64;berg-kommunikation.internal</p>"


class _Site(BaseHTTPRequestHandler):
    """A site whose pages stand in :attr:`pages`, by their paths: a text, or a status and where it leads."""

    pages: dict[str, str | tuple[int, str]] = {}  # noqa: RUF012  # one site for all requests
    asked: list[str] = []  # noqa: RUF012  # as above

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        page = self.pages.get(self.path, (404, ""))
        status, to = page if isinstance(page, tuple) else (200, "")
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        if to:
            self.send_header("Location", to)
        self.end_headers()
        if isinstance(page, str):
            self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve a site by TLS, at the own domain and at another; give its port."""
    folder = tmp_path_factory.mktemp("site")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(OWN, OTHER).configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
        yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def pages() -> Iterator[dict[str, str | tuple[int, str]]]:
    """Give the pages of the site, to be changed."""
    _Site.pages = {"/": START, "/impressum.html": IMPRESSUM, "/datenschutz/": IMPRESSUM}
    _Site.asked.clear()
    yield _Site.pages
    _Site.pages = {}


Pages = dict[str, "str | tuple[int, str]"]


def campaign(
    folder: Path, port: int, pages: Pages, write: Callable[[Path], Path] = clean.phone_campaign, host: str = OWN
) -> Path:
    """Write a campaign whose page is on a site, as notify writes it."""
    made = with_site(write(folder / "c"), port, "/")
    url = f"https://{host}:{port}/neu.html"
    edit(made, "[contacts]", f'[second_source]\nurl = "{url}"\n\n[contacts]')
    pages["/neu.html"] = public_page(load(made, options={}, environment={})).html().decode()
    return made


def found_in(folder: Path) -> list[Finding]:
    """Return what is found online."""
    prepared, checkup = prepare(load(folder, options={}, environment={})), Checkup()
    with ZoneServer({**CLEAN, (OTHER, "A"): ["127.0.0.1"]}) as server:
        assert check_online(prepared, checkup, Names("127.0.0.1", server.port), iter)
    return checkup.findings()


@pytest.mark.parametrize("write", [one for one in clean.CLEAN if one is not clean.bank_campaign])
def test_a_page_that_says_the_same(tmp_path: Path, port: int, pages: Pages, write: Callable[[Path], Path]) -> None:
    """Whatever is announced, nothing is found on the page that notify writes."""
    made = campaign(tmp_path, port, pages, write)
    if write is clean.mailbox_campaign:
        mended = IMPRESSUM.replace("petra&#64;berg-kommunikation", "petra&#64;berg-neu")
        pages["/impressum.html"] = pages["/datenschutz/"] = mended
    assert found_in(made) == []
    assert "/neu.html" in _Site.asked


_PAGE = "/neu.html"


@pytest.mark.parametrize(
    ("name", "path", "old", "new"),
    [
        ("page-differs", _PAGE, "7788990", "7788999"),
        ("page-differs", _PAGE, 'value="+49 40 3344556"', 'value="+49 40 3344557"'),
        ("page-differs", _PAGE, 'value="+49 40 7788990"', 'value="+49 40 3344556"'),
        ("page-differs", _PAGE, f'datetime="{clean.SOON}" data', 'datetime="2020-01-01" data'),
        ("page-incomplete", _PAGE, '<data value="+49 40 7788990" data-detail="new.phone">+49 40 7788990</data>', "-"),
        ("legal-notice-due", "/impressum.html", "(040) 778 89 90", "(040) 334 45-56"),
        ("legal-notice-due", "/datenschutz/", "(040) 778 89 90", "0049 40 3344556"),
        ("legal-notice-unseen", "/", '/impressum.html">Impressum', '/team.html">Team'),
    ],
)
def test_each_mistake_is_found_by_its_name(  # noqa: PLR0917  # one case
    tmp_path: Path, port: int, pages: Pages, name: str, path: str, old: str, new: str
) -> None:
    """And nothing else beside it."""
    made = campaign(tmp_path, port, pages)
    if name == "legal-notice-unseen":
        pages["/"] = START.replace("datenschutz", "x").replace("Datenschutz", "x")
    text = pages[path]
    assert isinstance(text, str)
    assert old in text
    pages[path] = text.replace(old, new)
    assert {finding.name for finding in found_in(made)} == {name}


def test_a_page_of_ones_own_making(tmp_path: Path, port: int, pages: Pages) -> None:
    """Without our elements its words count: numbers grouped otherwise, and the old one beside the new one."""
    made = campaign(tmp_path, port, pages)
    pages[_PAGE] = "<p>Neu: 040 / 77 88 99 0, bisher <b>040</b> 334 45 56</p><!-- 040 1 -->"
    assert found_in(made) == []
    pages[_PAGE] = "<p>Tel. 040 3344556</p><script>'040 7788990'</script>"
    (found,) = found_in(made)
    assert (found.name, found.where) == ("page-incomplete", "notify.toml:18")
    assert "still says the old one" in found.what


def test_where_the_page_is(tmp_path: Path, port: int, pages: Pages) -> None:
    """On a site that nobody knows, or that leads to one, and where there is none."""
    made = campaign(tmp_path, port, pages, host=OTHER)
    (found,) = found_in(made)
    assert found.name == "page-elsewhere"
    assert f"that is {OWN}" in found.what
    edit(made, f"https://{OTHER}", f"https://{OWN}")
    pages["/there"] = pages[_PAGE]
    pages[_PAGE] = (302, f"https://{OTHER}:{port}/there")
    assert [finding.name for finding in found_in(made)] == ["page-elsewhere"]
    del pages[_PAGE]
    assert [finding.name for finding in found_in(made)] == ["page-unreachable"]
    edit(made, f'url = "https://{OWN}', f'url = "https://www.{OWN}')
    assert [finding.name for finding in found_in(made)] == ["page-unreachable"]


def test_a_mailbox_at_a_provider_makes_no_site_known(tmp_path: Path, port: int, pages: Pages) -> None:
    """Nobody has a page at posteo.de: where nothing is known, nothing is said."""
    made = campaign(tmp_path, port, pages, clean.provider_campaign, host=OTHER)
    edit(made, f'website = "https://{OWN}:{port}/"\n', "")
    pages[_PAGE] = public_page(load(made, options={}, environment={})).html().decode()
    assert found_in(made) == []


def test_it_tells_more_than_the_public_may_see(tmp_path: Path, port: int, pages: Pages) -> None:
    """An account that all customers see is not for the whole world."""
    public = AUDIENCE_OF_ALL.replace("everybody = true", "public = true")
    made = with_site(clean.bank_campaign(tmp_path / "c"), port, "/")
    edit(made, "[contacts]", f'[second_source]\nurl = "https://{OWN}:{port}/neu.html"\n\n[contacts]')
    edit(made, AUDIENCE_OF_ALL, public)
    pages[_PAGE] = public_page(load(made, options={}, environment={})).html().decode()
    assert found_in(made) == []
    edit(made, public, AUDIENCE_OF_ALL)
    found = found_in(made)
    assert {finding.name for finding in found} == {"page-tells-too-much"}
    assert any("the new iban" in finding.what for finding in found)


def test_once_it_holds(tmp_path: Path, port: int, pages: Pages) -> None:
    """From the day on the old number must be gone from the notices, also beside the new one."""
    made = campaign(tmp_path, port, pages)
    edit(made, f"effective = {clean.SOON}", f"effective = {dt.date.today() - dt.timedelta(days=1)}")  # noqa: DTZ011
    pages[_PAGE] = public_page(load(made, options={}, environment={})).html().decode()
    assert found_in(made) == []
    pages["/impressum.html"] = f"{IMPRESSUM} Fax 040 3344556"
    (found,) = found_in(made)
    assert found.name == "legal-notice-old"
    assert "beside the new one" in found.what


def test_nobody_is_asked_offline_or_elsewhere(
    tmp_path: Path, port: int, pages: Pages, capsys: pytest.CaptureFixture[str]
) -> None:
    """Offline no page is asked for; online only those of the own site, and few of them."""
    made = campaign(tmp_path, port, pages)
    found = json.loads(teller(capsys)(made, "check", "--offline", "--json").stdout)["findings"]
    assert found == []
    assert _Site.asked == []
    pages["/"] = "".join(f'<a href="/impressum-{number}">Impressum {number}</a>' for number in range(40))
    found_in(made)
    assert len(_Site.asked) == 6


def test_a_page_without_an_end(tmp_path: Path, port: int, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of it is read than any page needs, and no more pages are asked for once it takes too long."""
    made = campaign(tmp_path, port, pages)
    pages["/"] = START + "x" * 3_000_000
    with ZoneServer(CLEAN) as server:
        ask = Names("127.0.0.1", server.port).ask
        assert len(visit(f"https://{OWN}:{port}/", ask, reads=True).text) == 1_000_000 - START.count("ä")
        assert visit(f"https://{OWN}:{port}/", ask).text == ""
    monkeypatch.setattr(second_source, "_ALL_WITHIN_S", -1.0)
    pages["/impressum.html"] = "040 3344556"
    began = time.monotonic()
    assert found_in(made) == []
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("Größe".encode(), "", "Größe"),
        ("Größe".encode("latin-1"), "", "Größe"),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe"),
        (b'<meta charset="windows-1252">\x80', "", '<meta charset="windows-1252">\u20ac'),
        (b"x\xff", "no-such-encoding", "x\xff"),
    ],
)
def test_encodings(octets: bytes, charset: str, text: str) -> None:
    """By what the server says, by what stands in the page, and by what it can be."""
    assert sites._decoded(octets, charset) == text  # noqa: SLF001  # no server says so much
