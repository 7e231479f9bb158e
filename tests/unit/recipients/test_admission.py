"""Rows become recipients, or are rejected with a reason that their owner understands."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.composing import headers
from notify.core.contact import FIELDS, AddressCell, Contact, Origin, Recipient, Rejected
from notify.recipients.admission import Rules, admit, admit_all, names_more_addresses

ORIGIN = Origin("contacts/kunden.csv", 214)
RULES = Rules()
CELLS = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*"@.;,:/ \n<>\"'", ":::", "mailto:", "anna", "b.example", "müller", "Herr"])).map(
        "".join
    ),
)


def contact(row: dict[str, str] | None = None, /, **fields: str) -> Contact:
    """Return a contact with these fields; the others are empty, as they are in a file without such columns."""
    return Contact(ORIGIN, {**dict.fromkeys(FIELDS, ""), **fields}, row or {})


def in_cells(text: str, row: dict[str, str] | None = None) -> Contact:
    """Return a contact with these cells for addresses: ``work: a@firma.example | *private: b@firma.example``."""
    cells = []
    for written in text.split("|"):
        kind, _, cell = written.strip().rpartition(": ")
        cells.append(AddressCell(cell, kind.lstrip("*"), kind.startswith("*")))
    return replace(contact(row), addresses=tuple(cells))


def recipient(found: Contact, rules: Rules = RULES) -> Recipient:
    """Return the one recipient that a contact becomes."""
    (verdict,) = admit(found, rules)
    assert isinstance(verdict, Recipient)
    return verdict


def admitted(**fields: str) -> Recipient:
    """Return the recipient that a row with these fields becomes."""
    return recipient(contact(**fields))


def rejected(found: Contact, rules: Rules = RULES) -> Rejected:
    """Return the one reason why a contact is rejected, with its row."""
    (verdict,) = admit(found, rules)
    assert isinstance(verdict, Rejected)
    return verdict


def reason(**fields: str) -> str:
    """Return why a row with these fields is rejected."""
    return rejected(contact(**fields)).reason


@pytest.mark.parametrize("key_column", ["", "Nr"])
@pytest.mark.parametrize("address", ["first", "all"])
@pytest.mark.parametrize("codes", [{}, {"1": "Frau"}])
def test_many_at_once(key_column: str, address: str, codes: dict[str, str]) -> None:
    """Each row of many becomes what it becomes by itself."""
    cells = ["a@b.example", " a@b.example;", "A@b.example|c@b.example", "a@b", "a@b.example, c@d.example"]
    rows: list[dict[str, str]] = [{}, {"Nr": " 7 "}, {"Nr": ""}]
    words = product(("Anna", "Anna Maria", ""), ("Muster", "von Muster"), ("Frau", "1"))
    names = [dict(zip(("first_name", "last_name", "prefix"), them, strict=True)) for them in words]
    contacts = [
        replace(in_cells(cell, row), fields={**dict.fromkeys(FIELDS, ""), **name})
        for cell, row, name in product(cells, rows, names)
    ]
    rules, du = (
        Rules(key_column, address=address, gender_codes=codes),
        [place % 5 > 2 for place in range(len(contacts))],
    )
    alone = [admit(one, rules, du=greeted) for one, greeted in zip(contacts, du, strict=True)]
    assert admit_all(contacts, rules, du) == alone


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
    assert recipient(found) == Recipient(
        key="a.mueller@xn--bcher-kva.example",
        address="A.Mueller@xn--bcher-kva.example",
        name="Dr. Anna Müller",
        language="de",
        salutation="Sehr geehrte Frau Dr. Müller,",
        fell_back=False,
        origin=ORIGIN,
        fields=found.fields,
        row=found.row,
        person="anna müller",
        shared_salutation="Guten Tag,",
    )


@pytest.mark.parametrize(
    ("cell", "campaign", "spoken", "greeting"),
    [
        ("", "de", "de", "Guten Tag Kim Yu,"),
        ("", "en", "en", "Dear Kim Yu,"),
        ("English (United States)", "de", "en", "Dear Kim Yu,"),
        ("Deutsch", "en", "de", "Guten Tag Kim Yu,"),
        ("Français", "en", "fr", "Madame, Monsieur,"),
        ("Italiano", "en", "en", "Dear Kim Yu,"),
    ],
)
def test_the_contact_says_its_language(cell: str, campaign: str, spoken: str, greeting: str) -> None:
    """The language of the row wins over the campaign's, if notify speaks it, and the greeting is in it."""
    found = contact(email="kim@firma.example", first_name="Kim", last_name="Yu", language=cell)
    verdict = recipient(found, Rules(language=campaign))
    assert (verdict.language, verdict.salutation, verdict.fell_back) == (spoken, greeting, True)


def test_nobody_is_greeted_in_a_language_that_the_template_lacks() -> None:
    """A German template has no English text: who speaks English gets the German one, with a German greeting."""
    found = contact(email="kim@firma.example", first_name="Kim", last_name="Yu", language="en")
    verdict = recipient(found, Rules(languages=["de"]))
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
        '"a@@firma.example" is not an address: two @ signs; the row has another one that is valid: "b@firma.example"'
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
            "m\u00fcll\u0435r@firma.example",
            (
                '"m\u00fcll\u0435r@firma.example" is not an address: '
                'mixes Cyrillic and Latin letters before the @: "\u0435"'
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


def test_letters_of_any_script_may_stand_before_the_at() -> None:
    """Such a recipient is admitted, known by one identity, and found again in another row."""
    one = admitted(email="Jo\u0308rg Mu\u0308ller <JO\u0308RG@bücher.example>; 用户@münchen.example")
    assert one.address == "JÖRG@xn--bcher-kva.example"
    assert one.other_addresses == ("用户@xn--mnchen-3ya.example",)
    assert one.key == admitted(email="jörg@xn--bcher-kva.example").key == "jörg@xn--bcher-kva.example"


def test_a_mistyped_dot_does_not_make_another_address() -> None:
    """meier@firma.example may be somebody else than anna.meier@firma.example: nobody writes to strangers by a slip."""
    assert reason(email="anna,meier@firma.example").startswith('"anna,meier@firma.example" is not an address')
    assert reason(email="anna, meier@firma.example").startswith('"anna, meier@firma.example" is not an address')


@pytest.mark.parametrize(
    ("cells", "first", "work", "private"),
    [
        ("a@x.example | b@x.example", "a", "a", "a"),
        ("a@x.example | *: b@x.example", "b", "b", "b"),
        ("private: a@x.example | b@x.example | work: c@x.example", "c", "c", "a"),
        ("private: a@x.example | b@x.example", "a", "b", "a"),
        ("work: a@x.example | b@x.example", "a", "a", "b"),
        ("work: a@x.example | *work: b@x.example | *private: c@x.example", "b", "b", "c"),
        ("work: a@x.example | *private: b@x.example", "b", "a", "b"),
        ("a@x.example | *: b@x.example | private: c@x.example", "b", "b", "c"),
        (" ; | private: a@x.example", "a", "a", "a"),
        ("*work: ::: / | private: a@x.example", "a", "a", "a"),
        ("other: a@x.example | private: b@x.example", "a", "a", "b"),
    ],
)
def test_the_campaign_says_which_of_several_addresses_is_meant(cells: str, first: str, work: str, private: str) -> None:
    """The preferred one, else the one at work, else the first in the file; or by what the campaign asks for."""
    found = [recipient(in_cells(cells), Rules(address=rule)).address for rule in ("first", "work", "private")]
    assert found == [f"{local}@x.example" for local in (first, work, private)]


@pytest.mark.parametrize("rule", ["first", "work"])
def test_the_chosen_cell_is_not_passed_over(rule: str) -> None:
    """A mistyped address at work must be mended; the private one was not asked for."""
    verdict = rejected(in_cells("work: a@@x.example | private: b@x.example"), Rules(address=rule))
    assert verdict.reason == (
        '"a@@x.example" is not an address: two @ signs; the row has another one that is valid: "b@x.example"'
    )


@pytest.mark.parametrize(
    ("cells", "address"),
    [
        ("work: a@@x.example | private: b@x.example", "b"),
        ("a@ | b | c@x.example | d@x.example", "c"),
        ("a@x.example | b@@x.example", "a"),
    ],
)
def test_another_address_takes_the_place_of_one_that_is_not_valid(cells: str, address: str) -> None:
    """Where the campaign says so; the first one that is valid still wins, and without any the row is rejected."""
    assert recipient(in_cells(cells), Rules(fallback=True)).address == f"{address}@x.example"
    assert "another" not in rejected(in_cells("a@ | b@@x.example"), Rules(fallback=True)).reason


@pytest.mark.parametrize("sign", ["\x01", "\0", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
def test_a_control_character_makes_no_other_address(sign: str) -> None:
    """Neither taken out nor taken for a separator: ann and a are two people."""
    assert '@firma.example" is not an address: contains' in reason(email=f"ann{sign}a@firma.example")


@pytest.mark.parametrize(
    ("cells", "others"),
    [
        ("a@x.example", ()),
        ("a@x.example; b@x.example | c@x.example", ("b@x.example", "c@x.example")),
        ("a@x.example | A@X.example | c@bücher.example", ("c@xn--bcher-kva.example",)),
        ("private: b@x.example | a@@x.example | work: a@x.example | k. A.", ("b@x.example",)),
    ],
)
def test_the_other_addresses_of_a_row_are_known(cells: str, others: tuple[str, ...]) -> None:
    """Each once, as it would go on the wire; what is none is left out."""
    verdict = recipient(in_cells(cells))
    assert (verdict.address, verdict.other_addresses) == ("a@x.example", others)


@pytest.mark.parametrize(
    ("cells", "many"),
    [
        ("a@x.example | b@x.example", 2),
        ("a@x.example | A@X.example", 1),
        ("a@x.example und b@x.example; c@x.example", 3),
        ("Anna <a@x.example>, b@x.example", 2),
        ("a@@x.example | b@x.example", 1),
        ("a@ | b@x.example", 1),
    ],
)
def test_how_many_addresses_a_row_names(cells: str, many: int) -> None:
    """Each once, and not those in whose place another one was taken: nobody could be written to there."""
    contact = in_cells(cells)
    assert [names_more_addresses(contact, than) for than in range(4)] == [than < many for than in range(4)]


ALL = Rules(address="all")


def test_all_addresses_of_a_row_are_written_to() -> None:
    """One recipient each, by its address, alike in everything else; the preferred one first."""
    one, two, three = admit(in_cells("a@x.example; B@x.example | *: c@x.example | b@X.example"), ALL)
    assert isinstance(one, Recipient)
    assert (one.key, one.address, one.other_addresses) == ("c@x.example", "c@x.example", ("a@x.example", "B@x.example"))
    assert two == replace(one, key="a@x.example", address="a@x.example", other_addresses=("c@x.example", "B@x.example"))
    assert isinstance(three, Recipient)
    assert (three.key, three.address) == ("b@x.example", "B@x.example")


def test_all_addresses_share_the_key_of_their_row() -> None:
    """Each is written to once, so each needs an identity; a new address of a known customer is a new recipient."""
    verdicts = admit(in_cells("A@x.example | b@x.example", {"Nr": "7"}), replace(ALL, key_column="Nr"))
    assert [verdict.key for verdict in verdicts if isinstance(verdict, Recipient)] == ["7 a@x.example", "7 b@x.example"]


def test_of_all_addresses_those_that_are_none_are_rejected_each() -> None:
    """Nobody is passed over in silence, and nobody is told the same twice."""
    one, *others = admit(in_cells("a@@x.example; b@x.example | k. A. | k. A."), ALL)
    assert isinstance(one, Recipient)
    assert one.address == "b@x.example"
    assert others == [
        Rejected(ORIGIN, '"a@@x.example" in "a@@x.example; b@x.example" is not an address: two @ signs', {}),
        Rejected(ORIGIN, '"k. A." is not an address: has no @', {}),
    ]


def test_all_addresses_of_a_row_may_be_none() -> None:
    """A row without any cell is told once; one with malformed cells is told of each."""
    assert rejected(in_cells(" | ;"), ALL).reason == "no address"
    assert rejected(contact(), ALL).reason == "no address"
    reasons = [verdict.reason for verdict in admit(in_cells("a | b"), ALL) if isinstance(verdict, Rejected)]
    assert reasons == ['"a" is not an address: has no @', '"b" is not an address: has no @']


@pytest.mark.parametrize(
    ("fields", "spoken"),
    [
        ({"email": "kim@firma.de"}, "de"),
        ({"email": "Kim Yu <kim@FIRMA.UK>"}, "en"),
        ({"email": "kim@firma.ch"}, "fr"),
        ({"email": "kim@firma.de", "postcode": "F-75001"}, "fr"),
        ({"email": "kim@firma.example", "postcode": "A-1010"}, "de"),
    ],
)
def test_an_address_says_its_language(fields: dict[str, str], spoken: str) -> None:
    """Who says nothing else speaks the language of the domain that is written to; else the campaign's."""
    assert recipient(contact(**fields), Rules(language="fr")).language == spoken


@pytest.mark.parametrize(
    ("fields", "language", "shared"),
    [
        ({"first_name": "Kim", "last_name": "Yu"}, "de", "Guten Tag,"),
        ({"first_name": "Kim", "last_name": "Yu", "country": "CH"}, "de", "Guten Tag"),
        ({"first_name": "Kim", "last_name": "Yu"}, "en", "Hello,"),
        ({"first_name": "Kim", "last_name": "Yu"}, "fr", "Madame, Monsieur,"),
        ({"first_name": "Kim", "form": "du"}, "de", "Hallo,"),
        ({"first_name": "Kim", "form": "tu"}, "fr", "Bonjour,"),
        ({"salutation": "Liebe Tante Erna", "last_name": "Yu"}, "de", "Guten Tag,"),
        ({"company": "Nordkai GmbH"}, "de", "Sehr geehrte Damen und Herren,"),
        ({"company": "Nordkai GmbH"}, "en", "Dear Sir or Madam,"),
        ({"company": "Nordkai GmbH", "form": "du"}, "de", "Hallo,"),
    ],
)
def test_several_people_behind_one_address_can_be_greeted(fields: dict[str, str], language: str, shared: str) -> None:
    """In the language, form and custom of the row, and without a name."""
    verdict = recipient(contact(email="info@firma.example", **fields), Rules(language=language))
    assert verdict.shared_salutation == shared


def test_it_is_known_why_somebody_is_greeted_neutrally() -> None:
    """Exactly those who fell back have a reason."""
    neutral = admitted(email="a@x.example", first_name="Kim", last_name="Yu")
    assert (neutral.fell_back, neutral.why) == (True, "no Anrede, no gender")
    certain = admitted(email="a@x.example", prefix="Frau", first_name="Kim", last_name="Yu")
    assert (certain.fell_back, certain.why, certain.doubt) == (False, "", "")


def test_it_is_known_what_speaks_against_a_greeting_of_the_file() -> None:
    """It is used, and a person may look at it."""
    found = admitted(email="a@x.example", salutation="Sehr geehrte Frau Li", last_name="Wu")
    assert (found.salutation, found.doubt) == ("Sehr geehrte Frau Li,", "does not name Wu")


def test_the_key_column_is_the_identity() -> None:
    """With a key column, whoever changes his address stays the same recipient."""
    found = contact({"Kundennummer": " 00123 "}, email="anna@firma.example")
    assert recipient(found, Rules(key_column="Kundennummer")).key == "00123"


def test_a_file_without_the_key_column_is_known_by_its_addresses() -> None:
    """A second file, from another program, need not have the customer numbers of the first."""
    found = contact({"Nr": "1"}, email="Anna@Firma.example")
    assert recipient(found, Rules(key_column="Kundennummer")).key == "anna@firma.example"


def test_a_header_may_be_empty() -> None:
    """A column without a header is no key column."""
    assert recipient(contact({"": "1"}, email="a@x.example")).key == "a@x.example"


@pytest.mark.parametrize("rule", ["first", "all"])
def test_a_row_without_a_key_is_rejected(rule: str) -> None:
    """Without an identity nobody could tell whether this recipient was written to already."""
    row = {"Kundennummer": " "}
    found = contact(row, email="anna@firma.example; max@firma.example")
    assert rejected(found, Rules(key_column="Kundennummer", address=rule)) == Rejected(
        ORIGIN, 'no value in the key column "Kundennummer"', row, "anna@firma.example"
    )


def test_what_is_rejected_keeps_its_row() -> None:
    """The report of what was left out has the line and every cell."""
    row = {"Mail": "x", "Name": "Anna"}
    assert rejected(contact(row, email="x")) == Rejected(ORIGIN, '"x" is not an address: has no @', row)


RULES_OF_ALL_KINDS = st.builds(
    Rules,
    key_column=st.sampled_from(["", "Nr"]),
    language=st.sampled_from(["de", "en", "fr"]),
    address=st.sampled_from(["first", "work", "private", "all"]),
)
ADDRESS_CELLS = st.builds(AddressCell, CELLS, st.sampled_from(["", "work", "private"]), st.booleans())


@given(
    st.dictionaries(st.sampled_from([*FIELDS]), CELLS),
    st.lists(ADDRESS_CELLS, max_size=3).map(tuple),
    RULES_OF_ALL_KINDS,
)
def test_no_row_is_too_odd(fields: dict[str, str], cells: tuple[AddressCell, ...], rules: Rules) -> None:
    """Whatever stands in a row: recipients that can go into a header, or reasons of one line, never a traceback."""
    verdicts = admit(replace(contact({"Nr": "7"}, **fields), addresses=cells), rules)
    assert verdicts
    assert len(verdicts) == 1 or rules.address == "all"
    for verdict in verdicts:
        if isinstance(verdict, Rejected):
            assert verdict.reason == " ".join(verdict.reason.split())
            continue
        assert all(map(headers.is_wide_address, (verdict.address, *verdict.other_addresses)))
        assert verdict.key
        assert verdict.fell_back == bool(verdict.why)
        for shown in (verdict.name, verdict.salutation, verdict.shared_salutation):
            assert shown == " ".join(shown.split())


@pytest.mark.parametrize("word", ["und", "oder", "and", "or", "et", "&", "+", "UND"])
def test_a_word_between_two_addresses(word: str) -> None:
    """They are two, and not one with two @ signs; in other cells such a word belongs to a name."""
    found = admitted(email=f"a@firma.example {word} b@firma.example")
    assert (found.address, found.other_addresses) == ("a@firma.example", ("b@firma.example",))
    assert admitted(email=f"Anna {word} Max <a@firma.example>").address == "a@firma.example"


@pytest.mark.parametrize("quoted", ["“{}”", "„{}“", "‘{}’", "»{}«", "«{}»", '"{}"', "'{}'", "“<{}>”"])
def test_quotation_marks_around_an_address(quoted: str) -> None:
    """Those of Word are stripped as those of a keyboard are."""
    assert admitted(email=quoted.format("a@firma.example")).address == "a@firma.example"


def test_a_cell_of_thousands_of_lines() -> None:
    """What is said of each of them does not look at all of them again."""
    cell = "\n".join(f"a{number}.firma.example" for number in range(20_000))
    assert reason(email=cell).startswith('"a0.firma.example" in "a0.firma.example a1.')
    long = "a" * 100_000 + "@firma.example"
    assert "no address has more than 254" in reason(email=long)
