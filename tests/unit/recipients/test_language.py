"""In which language, and after which custom, people are written to: only what their row says."""

from __future__ import annotations

import pytest

from notify.recipients.language import country_of, language_of, read_language


def row(text: str) -> dict[str, str]:
    """Return the columns that a line of a table stands for."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        *(
            (cell, "de")
            for cell in ("de", "DE", "de-DE", "de_AT", "Deutsch", "Deutsch (Deutschland)", "German", "ger", "D")
        ),
        *((cell, "de") for cell in ("Swiss German", "Deutsch, Französisch")),
        *(
            (cell, "en")
            for cell in ("en", "en-GB", "English", "englisch", "English (United States)", "eng", "British English")
        ),
        *(
            (cell, "fr")
            for cell in ("fr", "fr-CH", "français", "Français (France)", "French", "Französisch", "fra", "F")
        ),
        *(
            (cell, None)
            for cell in ("", " ", "cs", "Deutschland", "?", "Keine Angabe", "kein Deutsch", "D'accord", "Italiano")
        ),
    ],
)
def test_a_language_is_read_from_its_names(cell: str, language: str | None) -> None:
    """Codes and names in several languages are understood; any other language is left to the campaign's."""
    assert read_language(cell) == language


@pytest.mark.parametrize(
    ("columns", "language"),
    [
        ("language=English|country=DE", "en"),
        ("language=?|country=DE", "de"),
        *((f"country={country}", "de") for country in ("DE", "D", "Deutschland", "Germany", "AT", "Österreich")),
        *(
            (f"country={country}", "en")
            for country in ("GB", "UK", "United Kingdom", "USA", "United States", "Ireland")
        ),
        *((f"country={country}", "fr") for country in ("FR", "France", "Frankreich")),
        *((f"country={country}", None) for country in ("", "CH", "Schweiz", "Italia", "Estado de México", "Canada")),
        ("country=AT - Österreich", "de"),
        ("country=Northern Ireland", "en"),
        ("", None),
    ],
)
def test_a_language_is_taken_from_the_country_when_the_row_names_none(columns: str, language: str | None) -> None:
    """Switzerland and Canada speak several."""
    assert language_of(row(columns)) == language


@pytest.mark.parametrize(
    ("postcode", "country", "language"),
    [
        ("A-1010", "AT", "de"),
        ("AT-1010", "AT", "de"),
        ("a - 1010", "AT", "de"),
        ("D-20095", "DE", "de"),
        ("DE–20095", "DE", "de"),
        ("FL-9490", "LI", "de"),
        ("LI-9490", "LI", "de"),
        ("F-75001", "FR", "fr"),
        ("CH-8001", "CH", None),
        # a letter that is no country's, or no letter before a number of that country
        *(
            (cell, None, None)
            for cell in ("", "20095", "1010", "SW1A 1AA", "D02 AF30", "I-39100", "L-1234", "PL-00-950")
        ),
        *((cell, None, None) for cell in ("CA 90210", "CA-90210", "DE 19801", "A-10100", "D-1010", "D-20095-1", "D-")),
    ],
)
def test_a_letter_before_the_postal_code_is_a_country(postcode: str, country: str | None, language: str | None) -> None:
    """Language and custom follow it, if its country has only one language."""
    fields = {"postcode": postcode}
    assert (country_of(fields), language_of(fields)) == (country, language)


@pytest.mark.parametrize(
    ("columns", "country"),
    [
        ("country=AT|postcode=D-20095", "AT"),
        ("country=?|postcode=D-20095", "DE"),
        ("postcode=CH-8001|language=de-DE", "CH"),
        ("postcode=8001|language=de-CH", "CH"),
    ],
)
def test_the_custom_is_that_of_the_place(columns: str, country: str) -> None:
    """What the row says of the place counts more than the region of its language, which programs fill in."""
    assert country_of(row(columns)) == country


@pytest.mark.parametrize(
    ("columns", "address", "language"),
    [
        *(("", f"anna@firma.{domain}", "de") for domain in ("de", "at", "li", "DE")),
        *(("", f"anna@firma.{domain}", "en") for domain in ("co.uk", "ie", "us", "com.au", "nz")),
        ("", "anna@firma.fr", "fr"),
        *(("", f"anna@firma.{domain}", None) for domain in ("ch", "ca", "be", "lu", "com", "io", "example", "de.com")),
        ("", "", None),
        ("language=English|country=AT", "anna@firma.fr", "en"),
        ("country=AT", "anna@firma.fr", "de"),
        ("postcode=D-20095", "anna@firma.fr", "de"),
        ("country=CH", "anna@firma.fr", "fr"),
    ],
)
def test_a_domain_tells_the_language_where_nothing_else_does(columns: str, address: str, language: str | None) -> None:
    """Only the domains of countries that have one language; and it never tells the custom."""
    assert language_of(row(columns), address) == language
    assert language_of({"email": address}) is None
    assert country_of({"email": address}) is None


@pytest.mark.parametrize(
    ("cell", "among", "language"),
    [
        ("fr, de", ("de", "en", "fr"), "fr"),
        ("fr, de", ("de", "en"), "de"),
        ("es, en", ("de", "en"), "en"),
        ("Deutsch / Englisch", ("en",), "en"),
        # nobody else's language is put in the place of the one that was asked for
        ("fr", ("de", "en"), "fr"),
        ("es", ("de",), None),
    ],
)
def test_of_several_languages_the_first_that_can_be_written(
    cell: str, among: tuple[str, ...], language: str | None
) -> None:
    """Who prefers French and speaks German is written to in German where there is no French message."""
    assert language_of({"language": cell}, among=among) == language
