"""The list that a page looks at in parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from notify.ledger import Listed, Listing

NAMES = ("Anna Muster", "Ben Beispiel", "Cora Probe", "Änne Größe", "Anna Probe")


@pytest.fixture
def listing() -> Iterator[Listing]:
    """Give a list of these people."""
    listing = Listing()
    listing.fill(_listed(number, name) for number, name in enumerate(NAMES))
    yield listing
    listing.close()


def _listed(number: int, name: str) -> Listed:
    first = name.split(maxsplit=1)[0].casefold()
    address = f"{first}{number}@example.com"
    return Listed(number, f"k{number}", address, name, address, "de Sie", f"{name} {address}".casefold(), "{}")


def test_it_is_read_in_parts(listing: Listing) -> None:
    """Any part, in any order."""
    assert listing.total == 5
    assert [one.name for one in listing.some(listing.wanted()[3:9])] == ["Änne Größe", "Anna Probe"]
    assert [one.number for one in listing.some([4, 0])] == [0, 4]
    assert listing.one(1) == _listed(1, "Ben Beispiel")
    assert (listing.one(5), listing.number_of("k5")) == (None, None)
    assert listing.number_of("k3") == 3


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("anna", [0, 4]),
        ("PROBE  anna", [4]),
        ("änne", [3]),
        ("GRÖSSE", [3]),
        ("%", []),
        ("_", []),
        ("anna' OR 1=1 --", []),
    ],
)
def test_every_word_must_be_there(listing: Listing, words: str, found: list[int]) -> None:
    """In any order, in small or large letters; and no letter means more than itself."""
    assert list(listing.wanted(words)) == found


def test_marks_are_asked_for(listing: Listing) -> None:
    """By cohort, by what was noticed, and with words; what is marked later is found at once."""
    assert list(listing.wanted(cohort=1)) == []
    listing.mark([(0, 0, ("too-large",)), (1, 1, ()), (4, 1, ("large", "too-large"))])
    assert list(listing.wanted(cohort=1)) == [1, 4]
    assert list(listing.wanted(flag="large")) == [4]
    assert list(listing.wanted("anna", flag="too-large")) == [0, 4]
    one = listing.one(4)
    assert one is not None
    assert (one.cohort, one.flags) == (1, ("large", "too-large"))
    listing.forget_marks()
    assert list(listing.wanted(cohort=1)) == list(listing.wanted(flag="large")) == []
