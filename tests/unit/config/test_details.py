"""The announced details: what must not be told to everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.config import details
from notify.config.iban import LENGTHS, parse_iban
from notify.core.message import Mailbox


@pytest.mark.parametrize(
    "written",
    [
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "GB82 WEST 1234 5698 7654 32",
        "NL91 ABNA 0417 1643 00",
        "NO93 8601 1117 947",
        "CH93 0076 2011 6238 5295 7",
        "FR14 2004 1010 0505 0001 3M02 606",
    ],
)
def test_iban(written: str) -> None:
    """The examples of the registry are valid, and stay grouped as they were."""
    assert parse_iban(written) == written
    assert details.iban(written.lower()) == written


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("DE89 3704 0044 0532 0130 01", "check digits"),
        ("DE98 3704 0044 0532 0130 00", "check digits"),
        ("DE89 3704 0044 0532 0130 0", "has 22 characters, not 21"),
        ("DE89 3704 0044 0532 0130 000", "has 22 characters, not 23"),
        ("XX89 3704 0044 0532 0130 00", "no country XX"),
        ("DE", "two letters, two digits"),
        ("DE89-3704-0044-0532-0130-00", "two letters, two digits"),
        ("DE89 3704 0044 0532 0130 0٣", "two letters, two digits"),
    ],
)
def test_no_iban(written: str, reason: str) -> None:
    """Country, length and check digits each have their own words."""
    with pytest.raises(ValueError, match=reason):
        details.iban(written)


@given(st.integers(0, 99), st.sampled_from(range(2, 22)), st.integers(1, 9))
def test_one_wrong_digit_is_found(account: int, position: int, by: int) -> None:
    """Mod 97 finds every single wrong digit."""
    body = f"37040044053201{account:04}"
    check = 98 - int(f"{body}131400") % 97
    digits = f"{check:02}{body}"
    assert parse_iban(f"DE{digits}") == f"DE{digits}"
    at = position - 2
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    with pytest.raises(ValueError, match="check digits"):
        parse_iban(f"DE{wrong}")


def test_iban_lengths() -> None:
    """No country's line of the table was mistyped beyond what the standard allows."""
    assert all(15 <= length <= 34 for length in LENGTHS.values())
    assert (LENGTHS["DE"], LENGTHS["AT"], LENGTHS["CH"], LENGTHS["LI"], LENGTHS["GB"]) == (22, 20, 21, 21, 22)


@pytest.mark.parametrize("written", ["", "MUSTDEHH", "MUSTDEHHXXX", "mustdehhxxx", "1234DE56"])
def test_bic(written: str) -> None:
    """A BIC has 8 or 11 characters and is written in capitals."""
    assert details.bic(written) == written.upper()


@pytest.mark.parametrize("written", ["MUST", "MUSTDEHHX", "MUST12HH", "MUST DE HH", "MUSTDEHHXXXX", 5])
def test_no_bic(written: object) -> None:
    """Anything else is none."""
    with pytest.raises(ValueError, match=r".+"):
        details.bic(written)


@pytest.mark.parametrize("written", ["", "+49 40 111111", "040/11 11-11", "(040) 111.111", "11111"])
def test_phone(written: str) -> None:
    """A number stays grouped as it was given."""
    assert details.phone(written) == written


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("+49 40 l11111", 'has "l" in it'),
        ("+49\u00a040 111111", r'has "\\u00a0" in it'),
        ("040 – 111111", 'has "–" in it'),
        ("1234", "fewer than 5 digits"),
        ("+- ()", "fewer than 5 digits"),
        (40111111, "in quotes"),
    ],
)
def test_no_phone(written: object, reason: str) -> None:
    """The sign that does not belong there is named: an l for a 1 is easily overlooked."""
    with pytest.raises(ValueError, match=reason):
        details.phone(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "https://muster.example",
        "http://www.muster.example/neu?a=1#b",
        "https://müller.example",
        "https://a.example:8443",
    ],
)
def test_website(written: str) -> None:
    """Both http and https, with whatever follows."""
    assert details.website(written) == written


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("www.muster.example", "did you mean https://www.muster.example?"),
        ("muster.example/neu", "did you mean https://muster.example/neu?"),
        ("ftp://muster.example", "such as https://"),
        ("https:/muster.example", "such as https://"),
        ("https://muster", "such as https://"),
        ("https://", "such as https://"),
        ("https://[::1", "such as https://"),
        ("https://muster.example:x", "such as https://"),
        ("https://muster.example neu", "such as https://"),
        ("javascript:alert(1)", "such as https://"),
        ("info@muster.example", "such as https://"),
    ],
)
def test_no_website(written: str, mend: str) -> None:
    """The usual slip, a missing https://, is mended in the message."""
    with pytest.raises(ValueError, match=r".+") as caught:
        details.website(written)
    assert mend in str(caught.value)


def test_address_on_the_wire_and_on_paper() -> None:
    """The sender's domain goes out in ASCII; an announced address is read by people."""
    assert details.address(" info@müller.example ") == "info@xn--mller-kva.example"
    assert details.announced_address("info@müller.example") == "info@müller.example"


def test_no_address_at_all() -> None:
    """Only where it may be left out, an address may be empty."""
    assert details.address_or_none("") == ""
    assert details.announced_address("") == ""
    with pytest.raises(ValueError, match="empty"):
        details.address("")


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Büro Muster <info@müller.example>", "Büro Muster", "info@xn--mller-kva.example"),
        ('"Muster, Büro" <info@neu.example>', "Muster, Büro", "info@neu.example"),
        (" <info@neu.example> ", "", "info@neu.example"),
        ("info@neu.example", "", "info@neu.example"),
        ("", "", ""),
    ],
)
def test_an_address_for_answers(written: str, name: str, address: str) -> None:
    """It may have a name in front, as in the header of a mail, or be none at all."""
    assert details.mailbox_or_none(written) == Mailbox(name, address)


@pytest.mark.parametrize(
    "written", ["Büro <a@neu.example", "a@neu.example (Büro)", "Büro <info>", "Büro", "a\nb <a@x.example>", 5]
)
def test_no_address_for_answers(written: object) -> None:
    """What is more than a name and an address, or has none, is refused."""
    with pytest.raises(ValueError, match=r"is not an address|is more than an address|is not text|line|character"):
        details.mailbox_or_none(written)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("müller@@example.com", '"müller@@example.com" is not an address: two @ signs'),
        ("Muster PR <info@alt.example>", 'write only "info@alt.example"'),
        ("mailto:info@alt.example", 'write only "info@alt.example"'),
        ("info", "is not an address"),
        ("müller@example.com", '"ü" before the @ would need SMTPUTF8 at every recipient'),
        (5, "is not text"),
    ],
)
def test_no_address(written: object, reason: str) -> None:
    """What parse_address forgives in a list of contacts would be announced to everyone here."""
    for reader in (details.address, details.address_or_none, details.announced_address):
        with pytest.raises(ValueError, match=r".+") as caught:
            reader(written)
        assert reason in str(caught.value)


def judged(reader: Callable[[object], object], written: object) -> str:
    """Return what a reader says against a value, or nothing."""
    try:
        reader(written)
    except ValueError as err:
        return str(err)
    return ""


@given(st.text() | st.integers() | st.lists(st.text()))
def test_whatever_stands_there_is_judged(written: object) -> None:
    """Every reader returns, or raises ValueError with one printable line."""
    readers = (details.address, details.announced_address, details.website, details.phone, details.iban, details.bic)
    for reader in readers:
        assert judged(reader, written).isprintable()
