"""What changes and nobody may see, and files that may tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notify.checks.disclosure import unread_attachments, withheld_from_all
from notify.checks.facts import Facts
from notify.core.campaign import BANK_DETAILS, Audience, Campaign, Change, Details, Disclosure
from tests.audiences import TO_EVERYBODY
from tests.unit.checks.mailing import BANK, CHANGE, SENDER

SOME = Disclosure((Audience("some", frozenset(BANK_DETAILS)),))


@pytest.mark.parametrize(
    ("change", "disclosure", "what"),
    [
        (BANK, Disclosure(), "iban changes, and nobody may see that"),
        (replace(BANK, new=replace(BANK.new, bic="MUSTDEHHXXX")), Disclosure(), "iban and bic change, and"),
        (Change(Details(iban="x"), Details()), Disclosure(), "iban changes"),
        (BANK, SOME, ""),
        (BANK, TO_EVERYBODY, ""),
        (CHANGE, Disclosure(), ""),
    ],
)
def test_what_nobody_may_see(change: Change, disclosure: Disclosure, what: str) -> None:
    """It is found, with what to write; where somebody may see it, and where nothing such changes, nothing is."""
    found = [*withheld_from_all(Facts(Campaign("x", SENDER, "de", change, disclosure=disclosure)))]
    assert [remark.name for remark in found] == ["withheld-from-all"] * bool(what)
    assert all(what in remark.what and "[[audience]]" in remark.mend for remark in found)


@pytest.mark.parametrize(("disclosure", "found"), [(SOME, 2), (Disclosure(), 2), (TO_EVERYBODY, 0)])
def test_files_that_are_not_looked_into(disclosure: Disclosure, found: int) -> None:
    """Each, as long as something is hidden from somebody."""
    facts = Facts(Campaign("x", SENDER, "de", BANK, disclosure=disclosure))
    assert len([*unread_attachments(["a.pdf", "b.png"], facts)]) == found
