"""The sections [policy] and [newsletter]: days, names that are accepted, and the page on which readers unsubscribe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.config import details, values

PAGE = "https://muster.example/abmelden/{token}"
accept = values.choices("iban-with-contact", "other")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("14 days", 14),
        ("1 day", 1),
        ("2 weeks", 14),
        ("1 Week", 7),
        ("3w", 21),
        ("10d", 10),
        (" 5 ", 5),
        (0, 0),
        (366, 366),
    ],
)
def test_days(written: object, number: int) -> None:
    """Days are a number, or one with its unit."""
    assert values.days(written) == number


@pytest.mark.parametrize(
    "written", ["", "fortnight", "1.5 days", -1, 1.0, True, "14 months", [14], "367 days", "60 weeks"]
)
def test_no_days(written: object) -> None:
    """Anything else is told with how to write it."""
    with pytest.raises(ValueError, match=r"14 days|longer than a year"):
        values.days(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ([], ()),
        (["other"], ("other",)),
        ("other", ("other",)),
        ("iban-with-contact, other", ("iban-with-contact", "other")),
        (["other", "other"], ("other",)),
    ],
)
def test_accepted(written: object, read: tuple[str, ...]) -> None:
    """Names stand in a list; one alone needs no brackets, and a variable has commas."""
    assert accept(written) == read


@pytest.mark.parametrize("written", ["", "iban", ["iban"], [1], True, {"other": 1}])
def test_not_accepted(written: object) -> None:
    """What cannot be accepted is told with what can."""
    with pytest.raises(ValueError, match="iban-with-contact"):
        accept(written)


@pytest.mark.parametrize(
    "written", [PAGE, "https://muster.example:8443/x?t={token}&y=1", "https://a.muster.example/{token}/"]
)
def test_page(written: str) -> None:
    """A page has a place for the token in its path or query."""
    assert details.unsubscribe_page(written) == written


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("http://muster.example/{token}", "not the https address"),
        ("muster.example/{token}", "not the https address"),
        ("mailto:info@muster.example?{token}", "not the https address"),
        ("https://müller.example/{token}", "not the https address"),
        ("https://muster.example/abmelden", "needs {token}"),
        ("https://muster.example/{token}/{token}", "needs {token}"),
        ("https://muster.example/#{token}", "needs {token}"),
        ("https://{token}.muster.example/", "needs {token}"),
        (f"https://muster.example/{'x' * 500}/{{token}}", "longer than 500"),
        ("https://muster.example/{token}>,<mailto:x", "not the https address"),
        ("https://muster.example/{token}\nX: y", "line break"),
        ("", "is empty"),
    ],
)
def test_no_page(written: str, mend: str) -> None:
    """What a mail program could not ask by one click, or what could not tell who asks, is refused."""
    with pytest.raises(ValueError, match=r".") as caught:
        details.unsubscribe_page(written)
    assert mend in str(caught.value)


@given(st.text() | st.integers() | st.lists(st.text()))
def test_whatever_stands_there_is_judged(written: object) -> None:
    """Every reader returns, or raises ValueError with one printable line."""
    for reader in (values.days, accept, details.unsubscribe_page):
        said = ""
        try:
            reader(written)
        except ValueError as error:
            said = str(error)
        assert said.isprintable()
