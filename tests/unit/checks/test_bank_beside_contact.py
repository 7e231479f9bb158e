"""A new account together with a new way to be reached, wherever the one or the other stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.checks.facts import Facts
from notify.checks.fraud import account_in_file, contacts_on_card
from notify.core.campaign import Campaign
from tests.audiences import TO_EVERYBODY
from tests.unit.checks.mailing import BANK, CHANGE, SENDER, Mailing

ACCOUNT = "DE02 1203 0000 0000 2020 51"


def facts(*, bank: bool) -> Facts:
    """Return what files of a campaign are held against, that of an account or that of a number."""
    return Facts(Campaign("x", SENDER, "de", BANK if bank else CHANGE, disclosure=TO_EVERYBODY))


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (f"Auch unser Konto ist neu: {ACCOUNT}", True),
        (f"Bitte künftig auf {ACCOUNT} überweisen.", True),
        (f"Sie erreichen uns neu so:\n\n{{{{ new.phone }}}}\n\nBank: {ACCOUNT}", False),
        ("Auch unser Konto ist neu; es kommt ein Brief.", False),
    ],
)
def test_an_account_that_is_typed(tmp_path: Path, text: str, *, is_found: bool) -> None:
    """As new, in the notice of a new number; at the foot of a letter it is no news."""
    assert ("bank-with-contact" in Mailing(tmp_path).names(text)) is is_found


def test_an_account_in_a_file() -> None:
    """The same in a text that is attached; in the notice of an account it is what is announced."""
    text = f"Unser neues Konto:\r\n{ACCOUNT}"
    assert [remark.where for remark in account_in_file("konto.txt", text, facts(bank=False))] == ["konto.txt"]
    assert [*account_in_file("konto.txt", text, facts(bank=True))] == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("TEL;TYPE=WORK,VOICE:+49 40 222222", False),
        ("item1.TEL;VALUE=uri:tel:+49-40-222222", False),
        ("TEL:+49 170 9999999", True),
        ("EMAIL;TYPE=WORK:info@neu.example", False),
        ("email:info@alt.example", False),
        ("EMAIL:konto@anderswo.example", True),
        ("NOTE:+49 170 9999999", False),
    ],
)
def test_a_card_beside_an_account(line: str, *, is_found: bool) -> None:
    """A number or an address that readers do not know yet cannot confirm an account."""
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\n{line}\r\nEND:VCARD\r\n"
    assert [remark.name for remark in contacts_on_card("x.vcf", card, facts(bank=True))] == [
        "bank-with-contact"
    ] * is_found
    assert [*contacts_on_card("x.vcf", card, facts(bank=False))] == []
