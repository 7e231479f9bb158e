"""What mail programs drop, weighed by who reads with them."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from docs.mail_clients import condensed, written
from notify.checks.mail_clients import Readership, find_losses, program_of
from notify.checks.mail_features import FEATURES
from notify.checks.mail_page import Page
from notify.core.finding import Finding, Severity

LAYOUT = "templates/notice/layout.html"


def losses(html: str, readership: Readership, *, needs_style: bool = True, source: str = "") -> list[Finding]:
    """Return what is found in a page whose layout is the page itself."""
    return list(find_losses(Page(html), readership, {LAYOUT: source or html}, needs_style=needs_style))


def readers(**hosts: int) -> Readership:
    """Return so many recipients at each host; an underscore is a dot."""
    return Readership(f"x{n}@{host.replace('_', '.')}" for host, many in hosts.items() for n in range(many))


@pytest.mark.parametrize(
    ("host", "program"),
    [
        ("gmx.de", "gmx"),
        ("gmx.net", "gmx"),
        ("gmx.co.uk", "gmx"),
        ("web.de", "web-de"),
        ("t-online.de", "t-online-de"),
        ("googlemail.com", "gmail"),
        ("hotmail.co.uk", "outlook"),
        ("live.com", "outlook"),
        ("me.com", "apple-mail"),
        ("yahoo.com.br", "yahoo"),
        ("aol.de", "aol"),
        # read in many ways, or never tested
        ("posteo.de", ""),
        ("mailbox.org", ""),
        ("muster.example", ""),
        # no hosts of theirs
        ("gmx.muster.example", ""),
        ("notgmx.de", ""),
        ("web.de.example", ""),
        ("liveexample.com", ""),
    ],
)
def test_the_host_tells_the_program(host: str, program: str) -> None:
    """Only a provider's own host says what its people read with."""
    assert program_of(host) == program


def test_it_is_weighed_by_the_recipients() -> None:
    """Who loses something is counted and named, the commonest first, with where they read; who is not known, too."""
    readership = readers(gmx_net=91, web_de=74, icloud_com=200, muster_example=47)
    (found,) = losses("<style>@media x { p { color: red } }</style><p>x</p>", readership)
    assert (found.name, found.severity, found.where) == ("dropped-html", Severity.WARNING, f"{LAYOUT}:1")
    assert found.what == (
        "<style> is dropped for up to 40 % of the 412 recipients: GMX 91 (in the browser), WEB.DE 74 (in the browser); "
        "for 47 it is not known; then what stands in @media, for narrow or dark screens, has no effect"
    )


def test_everywhere_is_not_said_of_each() -> None:
    """Where a program drops it on every system, none is named."""
    (found,) = losses('<p style="position: fixed">x</p>', readers(gmail_com=3, googlemail_com=1))
    assert "for up to 100 % of the 4 recipients: Gmail 4; then " in found.what


def test_not_known_is_never_fine() -> None:
    """A firm's host and a program without tests may drop everything; a program that is known to show it does not."""
    html = '<div style="display: flex">x</div>'
    (found,) = losses(html, readers(muster_example=2, posteo_de=1, icloud_com=7))
    assert "whether by that of 3 of the 10 recipients is not known" in found.what
    assert losses(html, readers(icloud_com=10)) == []


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<main>x</main>", "a tag such as <main> or <section>"),
        ('<p style="display:grid">x</p>', "display: grid"),
        ('<p style="DISPLAY: none">x</p>', "display: none"),
        ('<p style="float:left">x</p>', "float"),
        ('<p style="width:calc(1px + 2%)">x</p>', "calc()"),
        ("<p style=\"background:#fff url('cid:a;b') top\">x</p>", "background-image"),
        ('<img alt="" src="data:image/png;base64,AA==">', "a picture in a data: URL"),
        ("<svg></svg>", "<svg>"),
        ("<p hidden>x</p>", "hidden"),
    ],
)
def test_what_is_looked_for(html: str, label: str) -> None:
    """Each is found in the message, and in the line of the layout that it comes from."""
    (found,) = losses(html, readers(muster_example=1), source=f"<html>\n\n{html}")
    assert found.what.startswith(f"{label} is dropped ")
    assert found.where == f"{LAYOUT}:3"
    assert found.mend


@pytest.mark.parametrize(
    "html",
    [
        '<p style="display: block; background-color: #ffffff; border-radius: 4px">floating grid, &lt;main&gt;</p>',
        '<div class="flex">display: flex</div>',
        "<!-- <main> -->",
        "<style>p { display: flex }</style>",
    ],
)
def test_what_is_no_loss(html: str) -> None:
    """Words are no tags, ornament may go, and what stands in <style> was an addition where the layout holds without."""
    assert losses(html, readers(gmx_de=1, gmail_com=1, muster_example=1), needs_style=False) == []


def test_the_data() -> None:
    """They hold every feature that is looked for, the licence beside them, and no answer that is none."""
    read = json.loads(resources.files("notify.checks").joinpath("mail_clients.json").read_text("utf-8"))
    assert set(read["features"]) == {feature.slug for feature in FEATURES}
    assert "MIT License" in resources.files("notify.checks").joinpath("mail_clients.LICENSE").read_text("utf-8")
    answers = {
        answer
        for feature in read["features"].values()
        for platforms in feature["programs"].values()
        for answer in platforms.values()
    }
    assert answers == {"y", "a", "n"}


def test_the_data_are_condensed() -> None:
    """The newest answer of a program counts, without its notes; what nobody tested is left out."""
    stats = {
        "gmx": {"desktop-webmail": {"2019-01": "y", "2022-06": "n #1"}, "ios": {"2022-06": "u"}},
        "hey": {"desktop-webmail": {"2022-06": "u"}},
    }
    data = [{"slug": feature.slug, "last_test_date": "2022-06-01", "stats": stats} for feature in FEATURES]
    short = condensed({"last_update_date": "2025-09-09 18:08:06 +0000", "data": [*data, {"slug": "amp"}]})
    assert short["updated"] == "2025-09-09"
    assert short["features"]["html-style"] == {"tested": "2022-06-01", "programs": {"gmx": {"desktop-webmail": "n"}}}
    assert json.loads(written(short)) == short
    with pytest.raises(SystemExit, match="html-style"):
        condensed({"last_update_date": "2025-09-09", "data": data[1:]})
