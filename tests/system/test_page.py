"""The page for one's own website: what stands on it, for people and for programs, and where it is written."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions.public_page import public_page
from notify.cli.exits import Exit
from notify.config import load
from notify.pages.public_page import values_on
from tests.audiences import AUDIENCE_OF_ALL
from tests.browser import PROGRAM, Browser, browser
from tests.folders import make_folder
from tests.system.test_page_in_chromium import AXE
from tests.telling import Tell, teller

pytestmark = pytest.mark.both_ledgers

ACCOUNT = 'iban = "{}"\naccount_holder = "Muster <PR> & Söhne"\n'
OLD = 'phone = "+49 40 111111"\nstreet = "Altweg 1"\npostcode = "20095"\ncity = "Hamburg"\n'
NEW = 'phone = "+49 40 222222"\nstreet = "Neuweg 2"\npostcode = "20099"\ncity = "Hamburg"\n'
PUBLIC = AUDIENCE_OF_ALL.replace("everybody = true", "public = true")


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Give what runs a command that sends nothing."""
    return teller(capsys)


def folder(path: Path, *, more: str = "", account: bool = False, language: str = "de") -> Path:
    """Write a campaign that announces number, address and, if asked, an account."""
    made = make_folder(path, contacts=1, more=more)
    toml = made / "notify.toml"
    text = toml.read_text("utf-8").replace('email = "info@neu.example"', 'email = "info@alt.example"')
    text = text.replace(
        "[change.new]", (ACCOUNT.format("DE02120300000000202051") if account else "") + OLD + "[change.new]"
    )
    text = text.replace(
        "\n\n[contacts]", "\n" + (ACCOUNT.format("DE89370400440532013000") if account else "") + NEW + "\n[contacts]"
    )
    # still to come, on whatever day the tests are run
    text = text.replace("effective = 2026-12-01", "effective = 2099-12-01")
    toml.write_text(text.replace('language = "de"', f'language = "{language}"'), "utf-8")
    return made


def test_what_stands_on_it(tell: Tell, tmp_path: Path) -> None:
    """Who speaks, from when, old and new values, what stays; the same for people and for programs."""
    made = folder(tmp_path / "c")
    told = tell(made, "page")
    assert told.status == 0, told.stderr
    assert "wrote" in told.stderr
    assert "[second_source]" in told.stderr
    html = (made / "page.html").read_text("utf-8")
    shown = " ".join(re.sub(r"<[^>]*>", " ", html.partition("<main>")[2]).split())
    assert shown.startswith("Muster PR Neue Telefonnummer und Postanschrift ab 1. Dezember 2099")
    assert "Anschrift neu Neuweg 2 , 20099 Hamburg bisher Altweg 1 , 20095 Hamburg" in shown
    assert "Unverändert: E-Mail-Adresse." in shown
    assert values_on(html) == {
        "effective": "2099-12-01",
        "new.phone": "+49 40 222222",
        "old.phone": "+49 40 111111",
        "new.street": "Neuweg 2",
        "new.postcode": "20099",
        "new.city": "Hamburg",
        "old.street": "Altweg 1",
        "old.postcode": "20095",
        "old.city": "Hamburg",
    }
    if sys.platform != "win32":
        assert (made / "page.html").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("more", ["", AUDIENCE_OF_ALL])
def test_the_public_sees_no_account_unless_that_is_said(tell: Tell, tmp_path: Path, more: str) -> None:
    """All recipients are not the public; where it is said, the old account is shown by its last places."""
    made = folder(tmp_path / "c", account=True, more=more)
    assert tell(made, "page").status == 0
    html = (made / "page.html").read_text("utf-8")
    assert "DE89" not in html
    assert "Konto" not in html
    toml = made / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace(more, "") + PUBLIC, "utf-8")
    assert tell(made, "page", "--force").status == 0
    html = (made / "page.html").read_text("utf-8")
    assert ">DE89 3704 0044 0532 0130 00<" in html
    assert "DE … 2051" in html
    assert "0300000000" not in html
    assert "Muster &lt;PR&gt; &amp; Söhne" in html
    assert values_on(html)["new.iban"] == "DE89370400440532013000"


def test_nothing_for_the_public(tell: Tell, tmp_path: Path) -> None:
    """A campaign of an account alone has no page, and it is said how it gets one."""
    made = folder(tmp_path / "c", account=True)
    toml = made / "notify.toml"
    toml.write_text(toml.read_text("utf-8").replace(NEW, OLD), "utf-8")
    told = tell(made, "page")
    assert told.status == Exit.CONFIG
    assert "(iban, account_holder)" in told.stderr
    assert "public = true" in told.stderr
    toml.write_text(toml.read_text("utf-8").replace("DE89370400440532013000", "DE02120300000000202051"), "utf-8")
    assert "Nothing changes" in tell(made, "page").stderr
    assert not (made / "page.html").exists()


def test_where_it_is_written(tell: Tell, tmp_path: Path) -> None:
    """By the name that it has on the site; into a folder, to a file, and over nothing that is there."""
    made = folder(tmp_path / "c", more='\n[second_source]\nurl = "https://alt.example/aktuell/neue-nummer"\n')
    told = tell(made, "page")
    assert (made / "neue-nummer.html").is_file()
    assert "Put it on https://alt.example/aktuell/neue-nummer" in told.stderr
    (made / "neue-nummer.html").write_text("mine", "utf-8")
    refused = tell(made, "page")
    assert refused.status == Exit.CANNOT_WRITE
    assert "--force" in refused.stderr
    assert (made / "neue-nummer.html").read_text("utf-8") == "mine"
    assert tell(made, "page", "--force").status == 0
    (tmp_path / "site").mkdir()
    for to, where in (("../site", "../site/neue-nummer.html"), ("new/x.html", "new/x.html")):
        assert tell(made, "page", "--to", to).status == 0
        assert "neue-nummer" in where or (made / where).is_file()
        assert (made / where).is_file()
    assert tell(made, "page", "--to", "notify.toml/x.html").status == Exit.CANNOT_WRITE


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_each_language(tmp_path: Path, language: str) -> None:
    """In every language of a campaign, and it is the same file each time."""
    page = public_page(load(folder(tmp_path / "c", language=language), options={}, environment={}, contacts_only=True))
    html = page.html().decode()
    assert f'<html lang="{language}">' in html
    assert "{" not in html.partition("</style>")[2]
    assert html == page.html().decode()


def test_it_asks_for_nothing(tmp_path: Path) -> None:
    """No script, no link, no picture, and a policy that forbids them."""
    page = public_page(load(folder(tmp_path / "c"), options={}, environment={}, contacts_only=True))
    html = page.html().decode()
    assert not re.search(r"<(?:script|link|img|a|iframe|form)\b|\bsrc=|url\(|@import|\bon\w+=", html)
    assert "default-src 'none'" in html


@pytest.fixture(scope="module")
def tab() -> Iterator[Browser]:
    """Give a browser."""
    with browser() as opened:
        yield opened


@pytest.mark.long
@pytest.mark.skipif(PROGRAM is None, reason="needs Chromium (Debian, Ubuntu: apt install chromium)")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 375, 1000])
def test_in_a_browser(tmp_path: Path, tab: Browser, width: int, *, dark: bool) -> None:
    """Nothing is wider than the window, with and without its style; contrast and structure please axe."""
    made = folder(tmp_path / "c", account=True, more=PUBLIC)
    html = public_page(load(made, options={}, environment={}, contacts_only=True)).html().decode()
    for text in (html, re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)):
        tab.show(text, width, dark=dark)
        assert tab.measure("document.documentElement.scrollWidth") <= width
        assert "DE89 3704 0044 0532 0130 00" in tab.measure("document.body.innerText")
    if AXE is not None:
        tab.show(html.replace("default-src 'none'", "default-src 'none'; script-src 'unsafe-inline'"), width, dark=dark)
        tab.measure(AXE.read_text("utf-8"))
        found = tab.measure(
            "axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(found.violations))"
        )
        assert found == "[]"
