"""Numbers, codes and banks that are announced: what cannot be right is found, and what can is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.checks import Facts
from notify.checks.announced import announced_details
from notify.checks.banks import mismatch
from notify.checks.countries import code_of, is_postcode
from notify.checks.phone_numbers import flaw_of, is_same
from notify.config import OCCASIONS, load, sample


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+49 40 222222", "phone"),
        ("040 / 22 22 22", "phone"),
        ("+49 (0)40 222222", "phone"),
        ("+49 40 222222-17", "fax"),
        ("0049 40 222222", "phone"),
        ("+49 171 2345678", "mobile"),
        ("+49 171 2345678", "phone"),
        ("0800 1234567", "phone"),
        ("+43 1 5330000", "phone"),
        ("+41 44 222 33 44", "phone"),
        ("+39 06 69812345", "phone"),
        ("+44 20 7946 0958", "phone"),
    ],
)
def test_numbers_that_can_be(number: str, kind: str) -> None:
    """However they are written; the zero of Italy stays."""
    assert flaw_of(number, kind, "DE") == ""


@pytest.mark.parametrize(
    ("number", "kind", "flaw"),
    [
        ("+49 040 222222", "phone", "zero"),
        ("0049 040 222222", "phone", "zero"),
        ("+49 171 23456", "mobile", "digit"),
        ("+49 40 1234567890123456", "phone", "too long"),
        ("+999 40 222222", "phone", "no country"),
        ("+49 40 222222", "mobile", "fixed line"),
        ("+49 171 2345678", "fax", "takes no fax"),
        ("0900 1234567", "phone", "extra"),
    ],
)
def test_numbers_that_cannot_be(number: str, kind: str, flaw: str) -> None:
    """Each with what is wrong."""
    assert flaw in flaw_of(number, kind, "DE")


def test_a_number_without_its_country_is_not_judged_where_that_is_not_known() -> None:
    """It may be anybody's."""
    assert flaw_of("040 22", "phone", "") == ""


def test_the_same_number_in_two_ways() -> None:
    """Grouping, brackets and the country make no other number; a direct line does."""
    assert is_same("+49 (0)40 222222", "040/222222", "DE")
    assert not is_same("+49 40 222222", "+49 40 222222-17", "DE")
    assert not is_same("+49 40 222222", "+43 40 222222", "DE")


@pytest.mark.parametrize(
    ("iban", "bic", "bank", "is_right"),
    [
        ("DE02120300000000202051", "BYLADEM1001", "DKB", True),
        ("DE02120300000000202051", "", "Deutsche Kreditbank AG", True),
        ("DE02120300000000202051", "COBADEFFXXX", "", False),
        ("DE02120300000000202051", "", "Sparkasse", False),
        ("DE89370400440532013000", "MUSTDEHHXXX", "Musterbank", True),
        ("DE89370400440532013000", "GIBAATWWXXX", "", False),
        ("FR1420041010050500013M02606", "PSSTGPPTXXX", "", True),
        ("AT611904300234573201", "BKAUATWW", "", True),
    ],
)
def test_banks(iban: str, bic: str, bank: str, *, is_right: bool) -> None:
    """The country must be the same, and the bank where it is known."""
    assert (mismatch(iban, bic, bank) == "") is is_right


@pytest.mark.parametrize(
    ("code", "country", "is_right"),
    [
        ("20095", "Deutschland", True),
        ("D-20095", "Germany", True),
        ("2009", "DE", False),
        ("00123", "DE", False),
        ("1010", "Österreich", True),
        ("A-1010", "AT", True),
        ("10100", "AT", False),
        ("8001", "Schweiz", True),
        ("SW1A 1AA", "United Kingdom", True),
        ("1012 AB", "NL", True),
        ("whatever", "Atlantis", True),
    ],
)
def test_postal_codes(code: str, country: str, *, is_right: bool) -> None:
    """Those of countries that are not known here can be anything."""
    assert is_postcode(code, code_of(country)) is is_right


@pytest.mark.parametrize("template", OCCASIONS)
def test_nothing_is_found_in_the_details_of_the_example(tmp_path: Path, template: str) -> None:
    """What notify init writes is invented, and could be."""
    (tmp_path / "notify.toml").write_text(sample("de", template), "utf-8")
    campaign = load(tmp_path, options={}, environment={}).campaign()
    assert [*announced_details(Facts(campaign))] == []
