"""DMARC (RFC 9989): which record holds for a domain, what it wants, and which other domain counts as its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from notify.checks.dmarc import is_aligned, read_dmarc
from tests.unit.checks.zone import asking

Zone = Mapping[tuple[str, str], Sequence[str]]


def _zone(**records: str) -> Zone:
    """Return a zone with DMARC records, by their domains with _ for the dot; all of these are there."""
    named = {name.replace("_", "."): record for name, record in records.items()}
    return {(f"_dmarc.{name}", "TXT"): [record] for name, record in named.items()} | {
        ("news.firm.example", "A"): ["192.0.2.1"]
    }


@pytest.mark.parametrize(
    ("zone", "at", "policy", "organization"),
    [
        ({}, "", "", "news.firm.example"),
        (_zone(firm_example="v=DMARC1; p=reject"), "firm.example", "reject", "firm.example"),
        (_zone(firm_example="v=DMARC1;p=reject;sp=none"), "firm.example", "none", "firm.example"),
        (_zone(firm_example="v=DMARC1; p=none; np=reject"), "firm.example", "none", "firm.example"),
        (
            _zone(news_firm_example="v=DMARC1; p=none", firm_example="v=DMARC1; p=reject"),
            "news.firm.example",
            "none",
            "firm.example",
        ),
        (
            _zone(news_firm_example="v=DMARC1; p=none; psd=n", firm_example="v=DMARC1; p=reject"),
            "news.firm.example",
            "none",
            "news.firm.example",
        ),
        (_zone(example="v=DMARC1; p=reject; psd=y"), "example", "reject", "firm.example"),
        (_zone(firm_example="v=DMARC1; rua=mailto:x@firm.example"), "firm.example", "none", "firm.example"),
        (_zone(firm_example="v = DMARC1 ; p = Quarantine"), "firm.example", "quarantine", "firm.example"),
        (_zone(firm_example="v=DMARC12; p=reject"), "", "", "news.firm.example"),
    ],
)
def test_which_record_holds(zone: Zone, at: str, policy: str, organization: str) -> None:
    """The nearest one says what is wanted; the topmost one, or a mark, where the organization begins."""
    found = read_dmarc("news.firm.example", asking(zone))
    assert (found.at, found.policy, found.organization) == (at, policy, organization)


def test_a_domain_that_is_not_there_has_a_policy_of_its_own() -> None:
    """For names below a domain that do not exist there is np (4.7)."""
    zone = {("_dmarc.firm.example", "TXT"): ["v=DMARC1; p=none; np=reject"]}
    assert read_dmarc("nowhere.firm.example", asking(zone)).policy == "reject"


def test_several_records_are_none() -> None:
    """Then none counts, and the walk goes on."""
    zone = {
        ("_dmarc.a.example", "TXT"): ["v=DMARC1; p=none", "v=DMARC1; p=reject"],
        ("_dmarc.example", "TXT"): ["v=DMARC1; p=quarantine"],
    }
    found = read_dmarc("a.example", asking(zone))
    assert found.several
    assert found.at == "example"


def test_a_long_name_is_not_asked_about_at_every_label() -> None:
    """Eight questions are the most (4.10)."""
    asked: list[tuple[str, str]] = []
    read_dmarc("a.b.c.d.e.f.g.h.i.j.example", asking({}, asked=asked))
    names = [name.removeprefix("_dmarc.") for name, kind in asked if kind == "TXT"]
    assert names[:2] == ["a.b.c.d.e.f.g.h.i.j.example", "e.f.g.h.i.j.example"]
    assert len(names) == 8
    asked.clear()
    read_dmarc("a.b.example", asking({}, asked=asked))
    assert [name for name, _ in asked] == ["_dmarc.a.b.example", "_dmarc.b.example", "_dmarc.example"]


@pytest.mark.parametrize(
    ("record", "other", "aligned"),
    [
        ("v=DMARC1; p=reject", "firm.example", True),
        ("v=DMARC1; p=reject", "bounces.firm.example", True),
        ("v=DMARC1; p=reject; aspf=s", "bounces.firm.example", False),
        ("v=DMARC1; p=reject; aspf=s", "firm.example", True),
        ("v=DMARC1; p=reject", "other.example", False),
        ("v=DMARC1; p=reject", "silent.example", None),
    ],
)
def test_whose_domain_counts_as_ones_own(record: str, other: str, *, aligned: bool | None) -> None:
    """Within one organization, unless the domain wants it to be the very same."""
    ask = asking({("_dmarc.firm.example", "TXT"): [record]}, silent=["_dmarc.silent.example"])
    assert is_aligned("firm.example", other, read_dmarc("firm.example", ask), ask) is aligned
