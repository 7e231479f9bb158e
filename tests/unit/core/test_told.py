"""A detail is found however it is written, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from notify.core.told import Told, read_of, shown_of, squeezed


@pytest.mark.parametrize(
    ("detail", "value", "text"),
    [
        ("iban", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        ("iban", "DE89370400440532013000", "DE89-3704\xa00044 0532\n0130/00"),
        ("bic", "MUSTDEHHXXX", "BIC: MUST DE HH XXX."),
        ("phone", "+49 40 222222", "(040) 22 22-22"),
        ("phone", "+49 40 222222", "0049 40/222222"),
        ("phone", "+49 40 222222", "+49 (0)40 22\u201122\u201122"),
        ("phone", "040 222222", "+49 40 222222"),
        ("mobile", "+43 664 1234567", "0664/1234567"),
        ("email", "info@neu.example", "<INFO@neu.example>,"),
        ("website", "https://www.neu.example/", "neu.example"),
        ("street", "Altweg  1", "Altweg\n1, 20095"),
        ("account_holder", "Müller & Söhne", "auf müller & söhne."),
    ],
)
def test_it_is_found(detail: str, value: str, text: str) -> None:
    """By its letters and digits, whatever stands between them."""
    told = Told.of(detail, value)
    assert told.is_in(text)
    assert told.is_in(text, squeezed(text))


@pytest.mark.parametrize(
    ("detail", "value", "text"),
    [
        ("iban", "DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 0"),
        ("phone", "+49 40 222222", "040 2222223"),
        ("phone", "+49 40 222222", "040 222223"),
        ("email", "info@neu.example", "xinfo@neu.example"),
        ("email", "info@neu.example", "info@neu.examples"),
        ("website", "https://neu.example", "info@neu.example"),
        ("street", "Altweg 1", "Altweg 12"),
        ("account_holder", "Anna", "Annabel"),
        ("bank", "日本銀行", "Bank"),
    ],
)
def test_another_one_is_not_taken_for_it(detail: str, value: str, text: str) -> None:
    """A digit more, another letter before it, or half of a word."""
    assert not Told.of(detail, value).is_in(text)


def test_html() -> None:
    """Of a message everything is read; of a page what is shown, and what stands apart is apart."""
    assert read_of("<b>DE89</b><i>3704</i>&nbsp;x") == "DE893704\xa0x"
    shown = shown_of("<style>p{}</style><p>a</p><!-- b --><script>c</script><td>1</td><td>2</td>&euro;").split()
    assert shown == ["a", "1", "2", "€"]
