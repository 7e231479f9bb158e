"""Rows become recipients, or are rejected with a reason that their owner understands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.admission import admit
from notify.core.people import FIELDS, Contact, Origin, Recipient, Rejected

ORIGIN = Origin("contacts/kunden.csv", 214)
CELLS = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*"@.;,:/ \n<>\"'", ":::", "mailto:", "anna", "b.example", "müller", "Herr"])).map(
        "".join
    ),
)


def contact(row: dict[str, str] | None = None, /, **fields: str) -> Contact:
    """Return a contact with these fields; the others are empty, as they are in a file without such columns."""
    return Contact(ORIGIN, {**dict.fromkeys(FIELDS, ""), **fields}, row or {})


def admitted(**fields: str) -> Recipient:
    """Return the recipient that a row with these fields becomes."""
    verdict = admit(contact(**fields), key_column=None, language="de")
    assert isinstance(verdict, Recipient)
    return verdict


def reason(**fields: str) -> str:
    """Return why a row with these fields is rejected."""
    verdict = admit(contact(**fields), key_column=None, language="de")
    assert isinstance(verdict, Rejected)
    return verdict.reason


def test_a_row_becomes_a_recipient() -> None:
    """Address, key, name, language and greeting are worked out; row and fields go on as they were found."""
    found = contact(
        {"Mail": "A.Mueller@Bücher.example"},
        email=" A.Mueller@Bücher.example",
        prefix="Frau",
        title="Dr.",
        first_name="Anna",
        last_name="Müller",
    )
    assert admit(found, key_column=None, language="de") == Recipient(
        key="a.mueller@xn--bcher-kva.example",
        address="A.Mueller@xn--bcher-kva.example",
        name="Dr. Anna Müller",
        language="de",
        salutation="Sehr geehrte Frau Dr. Müller,",
        fell_back=False,
        origin=ORIGIN,
        fields=found.fields,
        row=found.row,
    )


@pytest.mark.parametrize(
    ("cell", "campaign", "spoken", "greeting"),
    [
        ("", "de", "de", "Guten Tag Kim Yu,"),
        ("", "en", "en", "Dear Kim Yu,"),
        ("English (United States)", "de", "en", "Dear Kim Yu,"),
        ("Deutsch", "en", "de", "Guten Tag Kim Yu,"),
        ("Français", "en", "en", "Dear Kim Yu,"),
    ],
)
def test_the_contact_says_its_language(cell: str, campaign: str, spoken: str, greeting: str) -> None:
    """The language of the row wins over the campaign's, if notify speaks it, and the greeting is in it."""
    found = contact(email="kim@firma.example", first_name="Kim", last_name="Yu", language=cell)
    verdict = admit(found, key_column=None, language=campaign)
    assert isinstance(verdict, Recipient)
    assert (verdict.language, verdict.salutation, verdict.fell_back) == (spoken, greeting, True)


def test_nobody_is_greeted_in_a_language_that_the_template_lacks() -> None:
    """A German template has no English text: who speaks English gets the German one, with a German greeting."""
    found = contact(email="kim@firma.example", first_name="Kim", last_name="Yu", language="en")
    verdict = admit(found, key_column=None, language="de", languages=["de"])
    assert isinstance(verdict, Recipient)
    assert (verdict.language, verdict.salutation) == ("de", "Guten Tag Kim Yu,")


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("a@firma.example ::: b@firma.example", "a@firma.example"),
        ("a@firma.example; b@firma.example", "a@firma.example"),
        ("a@firma.example, b@firma.example", "a@firma.example"),
        ("a@firma.example,b@firma.example", "a@firma.example"),
        ("a@firma.example / b@firma.example", "a@firma.example"),
        ("a@firma.example\nb@firma.example", "a@firma.example"),
        ("a@@firma.example; b@firma.example", "b@firma.example"),
        ("keine; b@firma.example", "b@firma.example"),
        ("a@firma.example;", "a@firma.example"),
        ("; a@firma.example", "a@firma.example"),
        ("Müller, Anna <a@firma.example>", "a@firma.example"),
        ('"Müller, Anna" <a@firma.example>, "Meier, Max" <b@firma.example>', "a@firma.example"),
        ("Anna <a@firma.example>; Max <b@firma.example>", "a@firma.example"),
    ],
)
def test_the_first_valid_address_of_a_cell_is_taken(cell: str, address: str) -> None:
    """A cell may hold several addresses, with and without names; one of them is written to."""
    assert admitted(email=cell).address == address


def test_the_next_column_is_asked_when_the_first_is_empty() -> None:
    """E-Mail 2 is for those who have no E-Mail."""
    assert admitted(email=" ; ", email_2="b@firma.example").address == "b@firma.example"
    assert admitted(email_3="c@firma.example").address == "c@firma.example"
    assert admitted(email="a@firma.example", email_2="b@firma.example").address == "a@firma.example"


def test_the_next_column_is_not_asked_when_the_first_is_malformed() -> None:
    """A mistyped address must be mended; the second may be one that nobody reads."""
    assert reason(email="a@@firma.example", email_2="b@firma.example") == (
        '"a@@firma.example" is not an address: two @ signs'
    )


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", "no address"),
        (" \n;, ", "no address"),
        ("müller@@firma.example", '"müller@@firma.example" is not an address: two @ signs'),
        ("k. A.", '"k. A." is not an address: has no @'),
        ("anna@firma", '"anna@firma" is not an address: the domain has no dot'),
        (
            "/o=ExchangeLabs/ou=Exchange/cn=anna",
            '"/o=ExchangeLabs/ou=Exchange/cn=anna" is not an address: an entry of an Exchange directory (X.500)',
        ),
        (
            "müller@firma.example",
            (
                '"müller@firma.example" cannot be written to: '
                '"ü" before the @ needs SMTPUTF8, which notify does not send yet'
            ),
        ),
        ("a@firma; b@firma", '"a@firma" in "a@firma; b@firma" is not an address: the domain has no dot'),
        ("a@b\nc", '"a@b" in "a@b c" is not an address: the domain has no dot'),
        ("n" * 100, f'"{"n" * 60}…" is not an address: has no @'),
    ],
)
def test_a_reason_quotes_the_cell(cell: str, said: str) -> None:
    """The owner of the list finds the cell by its own words, and reads what is wrong with it."""
    assert reason(email=cell) == said


def test_a_mistyped_dot_does_not_make_another_address() -> None:
    """meier@firma.example may be somebody else than anna.meier@firma.example: nobody writes to strangers by a slip."""
    assert reason(email="anna,meier@firma.example").startswith('"anna,meier@firma.example" is not an address')
    assert reason(email="anna, meier@firma.example").startswith('"anna, meier@firma.example" is not an address')


def test_the_key_column_is_the_identity() -> None:
    """With a key column, whoever changes his address stays the same recipient."""
    verdict = admit(
        contact({"Kundennummer": " 00123 "}, email="anna@firma.example"), key_column="Kundennummer", language="de"
    )
    assert isinstance(verdict, Recipient)
    assert verdict.key == "00123"


def test_a_file_without_the_key_column_is_known_by_its_addresses() -> None:
    """A second file, from another program, need not have the customer numbers of the first."""
    verdict = admit(contact({"Nr": "1"}, email="Anna@Firma.example"), key_column="Kundennummer", language="de")
    assert isinstance(verdict, Recipient)
    assert verdict.key == "anna@firma.example"


def test_a_row_without_a_key_is_rejected() -> None:
    """Without an identity nobody could tell whether this recipient was written to already."""
    row = {"Kundennummer": " "}
    found = contact(row, email="anna@firma.example")
    assert admit(found, key_column="Kundennummer", language="de") == Rejected(
        ORIGIN, 'no value in the key column "Kundennummer"', row, "anna@firma.example"
    )


def test_what_is_rejected_keeps_its_row() -> None:
    """The report of what was left out has the line and every cell."""
    row = {"Mail": "x", "Name": "Anna"}
    verdict = admit(contact(row, email="x"), key_column=None, language="de")
    assert verdict == Rejected(ORIGIN, '"x" is not an address: has no @', row)


@given(st.dictionaries(st.sampled_from([*FIELDS]), CELLS), st.sampled_from(["de", "en"]), st.sampled_from([None, "Nr"]))
def test_no_row_is_too_odd(fields: dict[str, str], language: str, key_column: str | None) -> None:
    """Whatever stands in a row: a recipient that can go into a header, or a reason of one line, never a traceback."""
    verdict = admit(contact({"Nr": "7"}, **fields), key_column=key_column, language=language)
    if isinstance(verdict, Rejected):
        assert verdict.reason == " ".join(verdict.reason.split())
    else:
        assert verdict.address.isascii()
        assert verdict.key
        assert verdict.name == " ".join(verdict.name.split())
        assert verdict.salutation == " ".join(verdict.salutation.split())
