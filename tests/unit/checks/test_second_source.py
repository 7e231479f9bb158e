"""What a page that readers look at says otherwise than the campaign, and what a legal notice still says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from notify.checks.facts import Facts
from notify.checks.legal_notice import MOST_PAGES, legal_notice, none_found, notices_linked
from notify.checks.second_source import known_hosts, page_said, place_of_page, unreachable
from notify.core.campaign import Audience, Campaign, Change, Details, Disclosure, Sender
from notify.core.message import Mailbox

OLD = Details(email="info@alt.example", phone="+49 40 111111", street="Altweg 1", iban="DE02120300000000202051")
NEW = Details(email="info@neu.example", phone="+49 40 222222", street="Altweg 12", iban="DE89370400440532013000")
DAY = dt.date(2026, 12, 1)
URL = "https://alt.example/neu.html"
SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "", "info@alt.example")


def facts(change: Change | None = None, sender: Sender = SENDER, *audiences: Audience) -> Facts:
    """Return what a page is held against."""
    change = Change(OLD, NEW, DAY) if change is None else change
    return Facts(Campaign("x", sender, "de", change, disclosure=Disclosure(audiences)))


RIGHT = "<p>info@neu.example, 040/22 22 22, Altweg 12</p>"


@pytest.mark.parametrize(
    ("html", "values", "names"),
    [
        (RIGHT, {}, []),
        (RIGHT.replace("22 22 22", "22 22 23"), {}, ["page-incomplete"]),
        (f"<style>{RIGHT}</style>", {}, ["page-incomplete"] * 3),
        (RIGHT, {"new.phone": "+49 40 222222", "effective": "2026-12-01"}, []),
        (RIGHT, {"new.phone": "+49 40 111111"}, ["page-differs"]),
        (RIGHT, {"old.phone": "+49 40 111112"}, ["page-differs"]),
        (RIGHT, {"new.city": "Hamburg", "new.shoes": "1", "x": "1"}, ["page-differs"]),
        (RIGHT, {"effective": "2026-12-02"}, ["page-differs"]),
        (f"{RIGHT} DE89 3704 0044 0532 0130 00", {}, ["page-tells-too-much"]),
        (f"{RIGHT} DE89 3704 0044 0532 0130 01", {}, []),
    ],
)
def test_what_a_page_says(html: str, values: dict[str, str], names: list[str]) -> None:
    """In its words, and in what it has for programs; an account that the public may not see is too much."""
    assert [remark.name for remark in page_said(URL, html, values, facts())] == names


def test_an_account_for_the_public() -> None:
    """It has to be there then, however it is grouped."""
    public = Audience("public", frozenset({"iban"}), is_public=True)
    found = [*page_said(URL, RIGHT, {}, facts(None, SENDER, public))]
    assert [remark.name for remark in found] == ["page-incomplete"]
    assert [*page_said(URL, f"{RIGHT} DE89-3704 0044 0532 0130 00", {}, facts(None, SENDER, public))] == []
    assert [*page_said(URL, f"{RIGHT} DE89370400440532013000", {"new.iban": "de89 3704 0044 0532 0130 00"}, facts())]


@pytest.mark.parametrize(
    ("change", "address", "hosts"),
    [
        (Change(OLD, NEW), "info@alt.example", {"alt.example"}),
        (Change(OLD, NEW), "info@neu.example", {"alt.example"}),
        (Change(Details(), NEW), "info@neu.example", set()),
        (
            Change(Details(website="https://www.alt.example"), Details(website="https://neu.example")),
            "a@b.example",
            {"alt.example", "b.example"},
        ),
        (Change(Details(), Details(website="https://neu.example")), "a@b.example", {"b.example"}),
    ],
)
def test_by_which_hosts_the_sender_is_known(change: Change, address: str, hosts: set[str]) -> None:
    """By what was before; what is new is known to nobody."""
    sender = replace(SENDER, mailbox=Mailbox("Muster PR", address))
    assert known_hosts(facts(change, sender)) == hosts


@pytest.mark.parametrize(
    ("url", "final", "names"),
    [
        (URL, URL, []),
        ("https://www.alt.example/x", "https://alt.example/x/", []),
        ("https://neues.alt.example/x", "https://neues.alt.example/x", []),
        ("https://nichtalt.example/x", "https://nichtalt.example/x", ["page-elsewhere"]),
        (URL, "https://anderswo.example/", ["page-elsewhere"]),
        ("http://alt.example/x", "http://alt.example/x", ["unsafe-website"]),
    ],
)
def test_where_a_page_is(url: str, final: str, names: list[str]) -> None:
    """On the site that readers know, or a part of it."""
    assert [remark.name for remark in place_of_page(url, final, facts(), {"alt.example"})] == names


def test_no_page() -> None:
    """Nothing answers, or with an error."""
    assert [*unreachable(URL, 200, "", facts())] == []
    assert [remark.name for remark in unreachable(URL, 404, "", facts())] == ["page-unreachable"]
    assert "no address" in next(unreachable(URL, 0, "it has no address", facts())).what


def test_which_pages_are_looked_at() -> None:
    """Those that the site itself calls so, by their words or their address; each once, and few."""
    start = """<a href="/a">Impressum</a><a href="/a#top">impressum</a><a href="https://www.muster.example/privacy/x">Mehr</a>
    <a href="https://other.example/b">Datenschutz</a><a href="mailto:a@b.example">Legal notice</a>
    <a href="/team">Team</a><a href="http://[bad">Imprint</a><a href="/paralegal">Anwälte</a>"""
    assert notices_linked(start, "https://muster.example/") == [
        ("https://muster.example/a", "Impressum"),
        ("https://www.muster.example/privacy/x", "Mehr"),
    ]
    many = "".join(f'<a href="/{number}">Mentions légales</a>' for number in range(9))
    assert len(notices_linked(many, "https://muster.example/")) == MOST_PAGES
    assert none_found(URL).name == "legal-notice-unseen"


@pytest.mark.parametrize(
    ("html", "today", "names"),
    [
        ("Tel. 040 111111", DAY, ["legal-notice-old"]),
        ("Tel. (0)40-111 111 oder 040 222222", DAY, ["legal-notice-old"]),
        ("Tel. 040 111111", DAY - dt.timedelta(days=1), ["legal-notice-due"]),
        ("Tel. 040 111111, ab Dezember 040 222222", DAY - dt.timedelta(days=1), []),
        ("Tel. 040 222222, Altweg 12, info&#64;neu.example", DAY, []),
        ("info&#64;alt.example", DAY, ["legal-notice-old"]),
        ("Altweg 1", DAY, ["legal-notice-old"]),
        ("DE02 1203 0000 0000 2020 51", DAY, []),
        ("<!-- 040 111111 -->", DAY, []),
    ],
)
def test_what_a_notice_still_says(html: str, today: dt.date, names: list[str]) -> None:
    """The old details until the day, and none of them from then on."""
    assert [remark.name for remark in legal_notice(URL, "Impressum", html, facts(), today)] == names


def test_where_nothing_is_known() -> None:
    """Without a site that readers know nothing is said of where the page is."""
    assert [*place_of_page(URL, URL, facts(), ())] == []
