"""What preview tells of a campaign's HTML: of our own letter nothing, of an own layout what its readers lose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.html_check import HtmlCheck
from notify.actions.noticed import Noticed
from notify.actions.preview import preview
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.finding import Finding
from notify.core.message import Mailbox
from notify.rendering import Template
from tests.audiences import TO_EVERYBODY
from tests.campaign import Folder

EXAMPLE = Path(__file__).parents[3] / "notify" / "examples" / "templates" / "change-of-details"
PEOPLE = (
    "Nachname;E-Mail\n"
    + "".join(f"M{n};m{n}@gmx.de\n" for n in range(3))
    + "W;w@web.de\n"
    + "".join(f"X{n};x{n}@example.com\n" for n in range(6))
)


def found(folder: Folder, most: int | None = 1, only: str = "") -> tuple[Finding, ...]:
    """Return what is found when so many messages are looked at."""
    prepared = folder.prepared()
    noticed = Noticed(prepared)
    list(preview(prepared, most=most, only=only, noticed=noticed))
    return noticed.html.findings()


@pytest.mark.parametrize("language", ["de", "en"])
def test_our_own_letter_is_without_findings(language: str) -> None:
    """Whatever program its readers have, nothing that matters is lost, too faint, too wide or too long."""
    details = Details(email="a@b.example", phone="+49 40 1", iban="DE89 3704 0044 0532 0130 00", street="Weg 2")
    change = Change(Details(email="b@b.example", fax="2"), details, effective=dt.date(2026, 12, 1))
    sender = Sender(Mailbox("Muster PR", "b@b.example"), "", "b@b.example")
    template = Template(
        EXAMPLE, "notice", Campaign("x", sender, "de", change, disclosure=TO_EVERYBODY), EXAMPLE, lambda _: ""
    )
    check = HtmlCheck(template)
    for host in (
        "gmx.de",
        "web.de",
        "gmail.com",
        "outlook.de",
        "yahoo.de",
        "t-online.de",
        "icloud.com",
        "firma.example",
    ):
        check.count(f"kim@{host}")
    check.look(template.prove(language, "Guten Tag Kim,", {}, "x:1"))
    assert check.findings() == ()


def test_an_own_layout_is_weighed_by_everybody(tmp_path: Path) -> None:
    """Also by those whose messages were not looked at; it is said where in the layout it stands."""
    folder = Folder(tmp_path, people=PEOPLE)
    folder.message.with_name("layout.html").write_text(
        '<html>\n<div style="display: flex; width: 700px">{{ body }}</div></html>', "utf-8"
    )
    for arguments in ({"most": 1}, {"most": None}, {"most": 1, "only": "x5@example.com"}):
        findings = found(folder, **arguments)
        assert [finding.name for finding in findings] == ["dropped-html", "wide-html"]
        assert findings[0].where.endswith("layout.html:2")
        assert findings[0].what == (
            "display: flex is dropped for up to 40 % of the 10 recipients: GMX 3 (in the browser), WEB.DE 1 (in the "
            "browser); for 6 it is not known; then what stands side by side falls apart"
        )


def test_without_html_there_is_nothing(tmp_path: Path) -> None:
    """A plain text message has no layout, though one lies there; and nobody is counted for it."""
    folder = Folder(tmp_path, people=PEOPLE)
    folder.message.with_name("layout.html").write_text("<main>{{ body }}</main>", "utf-8")
    folder.message.rename(folder.message.with_suffix(".txt"))
    for other in folder.message.parent.glob("message.*.md"):
        other.unlink()
    assert found(folder) == ()


def test_every_shape_is_looked_at(tmp_path: Path) -> None:
    """Also that of the last one, which a condition makes."""
    people = (
        "Nachname;E-Mail;Ort\n" + "".join(f"X{n};x{n}@example.com;A\n" for n in range(40)) + "Z;z@example.com;Bonn\n"
    )
    folder = Folder(tmp_path, people=people)
    wide = '{% if contact.city == "Bonn" %}<table width="900"><tr><td>x</td></tr></table>{% endif %}'
    folder.message.with_name("layout.html").write_text(f"<html>{wide}{{{{ body }}}}</html>", "utf-8")
    assert [finding.name for finding in found(folder)] == ["wide-html"]
