"""What stands on the page for one's own website, as far as everybody may see it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.public_page import public_page, write_page
from notify.config import Settings, load
from notify.errors import ConfigError, WriteError
from notify.pages.public_page import PublicPage, values_on
from tests.folders import make_folder

PUBLIC = """
[[audience]]
name = "public"
sees = ["iban", "account_holder"]
public = true
"""
ACCOUNTS = (
    'iban = "DE02120300000000202051"\naccount_holder = "Anna Muster"\n',
    'iban = "DE89370400440532013000"\naccount_holder = "Muster PR"\n',
)


#: Still to come, on whatever day the tests are run.
FAR = "effective = 2099-12-01"


def settings_of(path: Path, old: str, new: str, *, more: str = "", days: str = FAR) -> Settings:
    """Write a campaign that announces these details, and load it."""
    toml = make_folder(path / "c", contacts=1, more=more) / "notify.toml"
    text = toml.read_text("utf-8").replace('email = "info@neu.example"', 'email = "info@alt.example"')
    text = text.replace("[change.new]", f"{old}[change.new]").replace("\n\n[contacts]", f"\n{new}\n[contacts]")
    toml.write_text(text.replace("effective = 2026-12-01", days), "utf-8")
    return load(toml.parent, options={}, environment={})


def page_of(path: Path, old: str, new: str, *, more: str = "", days: str = FAR) -> PublicPage:
    """Return the page of such a campaign."""
    return public_page(settings_of(path, old, new, more=more, days=days))


PHONES = ('phone = "+49 40 111111"\n', 'phone = "+49 40 222222"\n')


def test_an_account(tmp_path: Path) -> None:
    """The new one in full and grouped, of the old one only the end; none of it for programs but the new one."""
    page = page_of(tmp_path, *ACCOUNTS, more=PUBLIC)
    shown = {
        line.label: ([piece.text for piece in line.new], [piece.text for piece in line.old]) for line in page.lines
    }
    assert shown["IBAN"] == (["DE89 3704 0044 0532 0130 00"], ["DE … 2051"])
    values = values_on(page.html().decode())
    assert values["new.iban"] == "DE89370400440532013000"
    assert "old.iban" not in values
    assert page.verify == "phone"


@pytest.mark.parametrize("more", ["", PUBLIC.replace("public = true", "everybody = true")])
def test_no_account_for_everybody(tmp_path: Path, more: str) -> None:
    """Neither the account nor that there is a new one is told; alone it makes no page."""
    page = page_of(tmp_path, ACCOUNTS[0] + PHONES[0], ACCOUNTS[1] + PHONES[1], more=more)
    assert [line.label for line in page.lines] == ["Telefon"]
    assert page.headline == "Neue Telefonnummer ab 1. Dezember 2099"
    assert "Konto" not in page.html().decode()
    (tmp_path / "alone").mkdir()
    with pytest.raises(ConfigError, match=r"Nothing of what changes may be seen by everybody \(iban, account_holder\)"):
        page_of(tmp_path / "alone", *ACCOUNTS, more=more)


def test_nothing_changes(tmp_path: Path) -> None:
    """There is no page then."""
    with pytest.raises(ConfigError, match="Nothing changes"):
        page_of(tmp_path, PHONES[0], PHONES[0])


@pytest.mark.parametrize(
    ("old", "new", "days", "former"),
    [
        (*PHONES, "old_works_until = 2999-01-31", "Die bisherige Telefonnummer funktioniert bis zum 31. Januar 2999."),
        (
            *PHONES,
            "old_works_until = 2020-01-31",
            "Die bisherige Telefonnummer war bis zum 31. Januar 2020 in Betrieb.",
        ),
        (
            PHONES[0] + 'fax = "+49 40 11111"\n',
            PHONES[1] + 'fax = "+49 40 22222"\n',
            "old_works_until = 2999-01-31",
            "Die bisherige Telefonnummer und Faxnummer funktionieren bis zum 31. Januar 2999.",
        ),
        (
            PHONES[0] + 'fax = "+49 40 11111"\n',
            PHONES[1],
            "old_works_until = 2020-01-31",
            "Die bisherige Telefonnummer und Faxnummer waren bis zum 31. Januar 2020 in Betrieb.",
        ),
        (*PHONES, "effective = 2026-12-01", ""),
    ],
)
def test_until_when_the_old_works(tmp_path: Path, old: str, new: str, days: str, former: str) -> None:
    """In the words of the notice, by the number of things and by whether it is over."""
    assert page_of(tmp_path, old, new, days=days).former == former


def test_what_has_gone(tmp_path: Path) -> None:
    """A detail that ends has no value for programs, and a word for people."""
    page = page_of(tmp_path, 'fax = "+49 40 11111"\n', "")
    assert [(line.label, line.new) for line in page.lines] == [("Fax", ())]
    assert "entfällt" in page.html().decode()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where a folder is to be, and a file that is there."""
    settings = settings_of(tmp_path, *PHONES)
    page = public_page(settings)
    assert page.written == dt.datetime.now().astimezone().date()
    path = write_page(page, settings, Path("site/x.html"), may_replace=False)
    assert path.read_bytes() == page.html()
    for to in (Path("site/x.html"), Path("notify.toml/x.html")):
        with pytest.raises(WriteError):
            write_page(page, settings, to, may_replace=False)
    assert write_page(page, settings, Path("site"), may_replace=False).name == "page.html"
    assert write_page(page, settings, Path("site"), may_replace=True).name == "page.html"
    assert {one.name for one in (settings.folder / "site").iterdir()} == {"x.html", "page.html"}
    assert write_page(page, settings, Path("other"), may_replace=False).relative_to(settings.folder) == Path(
        "other/page.html"
    )
