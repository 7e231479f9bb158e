"""What is not called by its name is found by its cells; what is not certain is only proposed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.contacts.columns import Columns, recognise, survey_columns
from notify.core.contact import FIELDS
from tests.unit.contacts.formats import FORMATS, headers_of


def survey(header: str, *rows: str, **assigned: str) -> Columns:
    """Survey a table whose cells are parted by ``|``."""
    return survey_columns(header.split("|"), assigned, [row.split("|") for row in rows])


def fields(columns: Columns) -> dict[str, int]:
    """Return the position of each field."""
    return {field: place for place, field in columns.fields.items()}


def guesses(columns: Columns) -> list[tuple[int, str, bool]]:
    """Return what was guessed: column, field, whether it is sure."""
    return [(guess.column, guess.field, guess.sure) for guess in columns.guesses]


@pytest.mark.parametrize("header", ["", "Kontakt", "column 2", "Spalte2", "Adresse", "Business Street", "Benutzername"])
def test_a_column_of_addresses_is_an_address_column(header: str) -> None:
    """Whatever it is called, even a street: when no column is called e-mail, the cells decide, and it is told."""
    columns = survey(
        f"Vorname|{header}", "Anna|anna@x.example", "Ida|Ida <ida@x.example>; i@y.example", "Max|mailto:m@x.example"
    )
    assert fields(columns) == {"first_name": 0, "email": 1}
    assert [column.position for column in columns.addresses] == [1]
    assert guesses(columns) == [(1, "email", True)]
    assert columns.guesses[0].why == "3 of 3 cells are e-mail addresses"


def test_a_file_without_header_has_its_addresses() -> None:
    """Nothing but rows: addresses and Herr and Frau give themselves away, names do not."""
    columns = survey("|||", "Frau|Anna|Meier|anna@x.example", "Herr Dr.|Max|Huber|max@x.example")
    assert fields(columns) == {"prefix": 0, "email": 3}


def test_some_odd_cells_do_not_matter() -> None:
    """Of ten cells two may be something else."""
    rows = [f"a{number}@x.example" for number in range(8)]
    assert fields(survey("Kontakt", *rows, "Fax", "siehe oben")) == {"email": 0}
    assert fields(survey("Kontakt", *rows[:7], "Fax", "siehe oben", "Brief")) == {}
    assert fields(survey("Kontakt", *rows[:7], "keine", "-", "unbekannt")) == {"email": 0}


def test_beside_addresses_others_are_only_proposed() -> None:
    """Where a column is called E-Mail, an unknown one may hold the addresses of colleagues."""
    columns = survey("E-Mail|Angelegt|Notiz", "a@x.example|chef@wir.example|b@x.example")
    assert [column.position for column in columns.addresses] == [0]
    assert guesses(columns) == [(1, "email", False)]


def test_an_unknown_word_beside_mail_is_settled_by_the_cells() -> None:
    """E-Mail Vorstand is an address column when addresses are below it; without cells nobody knows."""
    assert [column.position for column in survey("E-Mail|E-Mail Vorstand", "a@x.example|b@x.example").addresses] == [
        0,
        1,
    ]
    assert [column.position for column in survey("E-Mail|E-Mail Vorstand").addresses] == [0]


def test_those_who_serve_the_customer_are_not_the_customer() -> None:
    """The same two addresses in every row are those of the staff."""
    rows = [f"k{number}@x.example|{('anna', 'max')[number % 2]}@wir.example" for number in range(8)]
    columns = survey("Kontakt|Zuständig", *rows)
    assert fields(columns) == {"email": 0}
    assert guesses(columns) == [(0, "email", True), (1, "email", False)]
    assert fields(survey("Zuständig", *(row.partition("|")[2] for row in rows))) == {}


@pytest.mark.parametrize(
    "header",
    [
        *("E-Mail: Angezeigter Name", "E-Mail-Typ", "E-Mail Betreuer", "E-Mail alt", "Newsletter per E-Mail"),
        *("Notizen", "Passwort"),
    ],
)
def test_some_columns_are_never_addresses(header: str) -> None:
    """Not even when nothing but addresses is below them."""
    columns = survey(f"{header}|Name", "a@x.example|Anna", "b@x.example|Max")
    assert columns.addresses == ()
    assert columns.guesses == ()


def test_names_may_be_addresses() -> None:
    """Where a program has put the address for the name too, the addresses are those below Adresse."""
    columns = survey("Name|Adresse", "a@x.example|a@x.example", "b@x.example|b@x.example")
    assert fields(columns) == {"name": 0, "email": 1}
    assert fields(survey("Name|Kontakt", "a@x.example|a@x.example")) == {"name": 0, "email": 1}


def test_a_display_name_with_an_address_is_no_address() -> None:
    """What Outlook shows for an address may be somebody else's."""
    assert survey("X", "Anna (anna@x.example)", "Max (max@x.example)").addresses == ()


def test_directory_entries_are_no_addresses() -> None:
    """They neither make an address column nor unmake one."""
    assert survey("X", "/o=ExchangeLabs/ou=a@b.example").addresses == ()
    assert fields(survey("X", "/o=ExchangeLabs/ou=a", "/o=ExchangeLabs/ou=b", "a@x.example")) == {"email": 0}


def test_a_flag_is_no_address() -> None:
    """E-Mail: ja beside Kontakt: the addresses are below Kontakt."""
    columns = survey("E-Mail|Kontakt", "ja|a@x.example", "nein|b@x.example")
    assert fields(columns) == {"email": 1}
    assert guesses(columns) == [(0, "", True), (1, "email", True)]
    assert fields(survey("E-Mail|Mailadresse", "ja|a@x.example", "nein|b@x.example")) == {"email": 1}
    assert fields(survey("E-Mail|Kontakt", "fehlt|Anna")) == {"email": 0}


@pytest.mark.parametrize(
    ("headers", "rows", "expected"),
    [
        ("Firma|Kontakt|E-Mail", ["Muster AG|Frau Probe|a@x.example"], {"company": 0, "name": 1, "email": 2}),
        ("Name|Kontakt|E-Mail", ["Muster AG|Ben Probe|a@x.example"], {"company": 0, "name": 1, "email": 2}),
        ("Name|Contact|E-Mail", ["Muster Ltd|Ms Probe|a@x.example"], {"company": 0, "name": 1, "email": 2}),
        # how somebody was met, or can be reached, is nobody's name
        ("Name|Kontakt|E-Mail", ["Anna Probe|Messe|a@x.example"], {"name": 0, "email": 2}),
        ("Name|Kontakt|E-Mail", ["Anna Probe|040 123|a@x.example"], {"name": 0, "email": 2}),
        ("Name|Kontakt|E-Mail", ["Anna Probe|Messe Nord|a@x.example"] * 6, {"name": 0, "email": 2}),
    ],
)
def test_a_contact_may_be_a_person(headers: str, rows: list[str], expected: dict[str, int]) -> None:
    """Kontakt is the name of the person, beside that of the firm, where its cells may be names."""
    assert fields(survey(headers, *rows)) == expected


@pytest.mark.parametrize(("header", "cells"), [("Firma", "ja nein"), ("Kunde", "10023 10024"), ("Name", "1 0")])
def test_nobody_is_called_ja(header: str, cells: str) -> None:
    """A column of flags or numbers is no name; when the user says that it is one, it is."""
    first, second = cells.split()
    rows = (f"{first}|a@x.example", f"{second}|b@x.example")
    assert fields(survey(f"{header}|E-Mail", *rows)) == {"email": 1}
    assert fields(survey(f"{header}|E-Mail", *rows, name=header)) == {"name": 0, "email": 1}


def test_a_flag_gives_way_to_the_next_name() -> None:
    """Kunde says ja, Ansprechpartner has the name."""
    columns = survey("Ansprechpartner|Kunde|E-Mail", "Anna|ja|a@x.example", "Max|nein|b@x.example")
    assert fields(columns) == {"name": 0, "email": 2}


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("prefix", ["Herr", "Frau Dr."]),
        ("prefix", ["Mr.", "Ms"]),
        ("prefix", ["M.", "Mme", "Mme", "Mlle", "Mme"]),
        ("prefix", ["Herr und Frau", "Familie", "Firma"]),
        ("gender", ["weiblich", "männlich"]),
        ("gender", ["F?", "female", "male", "female", "Male"]),
        ("salutation", ["Sehr geehrte Frau Meier", "Liebe Anna"]),
        ("form", ["Sie", "du"]),
        ("postcode", ["D-12345", "A-1010"]),
        ("postcode", ["1234 AB", "9999 ZZ"]),
        ("postcode", ["SW1A 1AA", "M1 1AE"]),
    ],
)
def test_cells_give_away_what_they_are(field: str, cells: list[str]) -> None:
    """Words and shapes that can be nothing else are believed below any header, unless it speaks of somebody else."""
    assert fields(survey("X", *cells)) == {field: 0}
    assert guesses(survey("X Partner", *cells)) == [(0, field, False)]
    assert guesses(survey("X 2", *cells)) == [(0, field, False)]


@pytest.mark.parametrize(
    "cells",
    [
        ["M", "L"],
        ["m", "w"],
        ["Herr Meier", "Frau Huber"],
        ["de", "en"],
        ["12345", "54321"],
        ["Sie", "Er"],
        ["Dr.", "Prof. Dr."],
    ],
)
def test_nothing_is_read_into_cells(cells: list[str]) -> None:
    """M and L are sizes, Herr Meier is a name, and five digits may be anything."""
    assert survey("X", *cells) == Columns({})


def test_one_cell_is_not_enough() -> None:
    """A single Frau may be a word in a list of something else."""
    assert guesses(survey("X", "Frau", "")) == [(0, "prefix", False)]


def test_what_is_known_is_not_guessed() -> None:
    """A second column of Herr and Frau is that of the partner."""
    assert guesses(survey("Anrede|X", "Frau|Herr", "Herr|Frau")) == []


def test_numbers_beside_a_town_are_proposed_as_postcodes() -> None:
    """They may be customer numbers as well."""
    columns = survey("X|Ort|Y", "12345|Köln|10001", "10115|Berlin|10002")
    assert guesses(columns) == [(0, "postcode", False), (2, "postcode", False)]
    assert fields(columns) == {"city": 1}


def test_near_names_need_cells_that_agree() -> None:
    """Nachnahme is cash on delivery; below it stands ja and nein, and not a surname."""
    header = "Vornahme|Nachnahme|Postleizahl"
    assert guesses(survey(header)) == [(0, "first_name", False), (1, "last_name", False), (2, "postcode", False)]
    columns = survey(header, "Anna|ja|12345", "Max|nein|1010")
    assert fields(columns) == {"first_name": 0, "postcode": 2}
    assert [guess.why for guess in columns.guesses] == [
        'called nearly "vorname", and its cells agree',
        'called nearly "postleitzahl", and its cells agree',
    ]


@pytest.mark.parametrize(
    "header", ["Vorname 2", "Telefon 7", "Firmennummer", "Kundengruppe", "Stadtteil", "Sender", "phone_number_fax"]
)
def test_other_names_are_not_near(header: str) -> None:
    """Another number, or another word, is another column."""
    assert survey(header, "Anna", "Max") == Columns({})


def test_ibans_are_sensitive_whatever_they_are_called() -> None:
    """A column of account numbers is not shown."""
    assert survey("X|E-Mail", "DE89 3704 0044 0532 0130 00|a@x.example", "DE02120300000000202051|").sensitive == {0}


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "a@x.example", "b@x.example; c@x.example", "/o=X", "Herr", "Frau", "ja", "nein", "12345", "Köln"]
    ),
)
HEADERS = st.one_of(
    st.text(max_size=20),
    st.text("?\ufffd aemilE-?\u0301üß§Ã12"),
    st.sampled_from([header for name in FORMATS for header in headers_of(name)]),
)


@given(st.lists(HEADERS, max_size=12), st.lists(st.lists(CELLS, max_size=14), max_size=6))
def test_whatever_the_file_holds_is_surveyed(headers: list[str], rows: list[list[str]]) -> None:
    """Nothing raises; each field is found once, each column has one use, and only what is sure is acted upon."""
    columns = survey_columns(headers, {}, rows)
    addresses = [column.position for column in columns.addresses]
    assert sorted(columns.fields.values()) == sorted(set(columns.fields.values()) & FIELDS.keys())
    assert len(addresses) == len(set(addresses))
    assert {place for place, field in columns.fields.items() if field.startswith("email")} <= {*addresses}
    assert columns.sensitive.isdisjoint({*columns.fields, *addresses})
    assert set(columns.wishes).isdisjoint({*columns.fields, *addresses})
    assert {*columns.fields, *addresses, *columns.wishes, *columns.sensitive} <= {*range(len(headers))}
    for guess in columns.guesses:
        used = guess.column in {*columns.fields, *addresses}
        assert used == (guess.sure and bool(guess.field))
    for row in rows:
        assert all(cell.text.strip() for cell in columns.addresses_in(row))


@given(st.lists(HEADERS, max_size=12, unique=True))
def test_without_cells_nothing_but_names_counts(headers: list[str]) -> None:
    """A survey without rows finds the fields that are recognised by their names, neither more nor fewer."""
    assert survey_columns(headers, {}).fields == recognise(headers, {})
