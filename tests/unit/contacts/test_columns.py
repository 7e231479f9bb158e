"""Columns are recognised by the names that export programs give them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.contacts.columns import AddressColumn, check_assigned, recognise, survey_columns
from notify.contacts.header import normal
from notify.core.contact import FIELDS, AddressCell
from notify.errors import ConfigError
from tests.unit.contacts.formats import FORMATS, headers_of, meanings_of

#: Columns with "mail" in their names that hold no address, or that of somebody else.
NO_ADDRESSES = (
    "E-Mail-Typ",
    "E-Mail: Angezeigter Name",
    "E-Mail 2: Typ",
    "E-Mail 2: Angezeigter Name",
    "E-mail Type",
    "E-mail Display Name",
    "E-mail 1 - Type",
    "E-mail 1 - Label",
    "E-Mail-Kategorie",
    "EMAIL_BLACKLISTED",
    "Type de messagerie",
    "Type de messagerie 2",
    "Nom complet de l'adresse de messagerie",
    "Nombre de pantalla de correo electrónico",
    "Nome visualizzato posta elettronica",
    "E-mail, weergegeven naam 2",
    "Wyświetlana nazwa e-mail",
    "Mailing",
    "Mailbox",
    "Mail Stop",
    "Newsletter per E-Mail",
    "Empfängt E-Mail",
    "E-Mail-Werbung",
    "E-Mail gesendet am",
    "Email verified",
    "E-Mail alt",
    "alte E-Mail",
    "Owner Email",
    "E-Mail Betreuer",
    "Dirección postal de correo",
)


def by_field(headers: list[str], assigned: dict[str, str] | None = None) -> dict[str, str]:
    """Return the header that was recognised, by its field."""
    return {field: headers[place] for place, field in recognise(headers, assigned or {}).items()}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_recognised(name: str) -> None:
    """An export is read without a word of configuration, and no other of its columns is taken for anything."""
    meanings = meanings_of(name)
    fields = {place: meaning.split()[0] for place, meaning in meanings.items() if meaning.split()[0] in FIELDS}
    columns = survey_columns(headers_of(name), {})
    assert recognise(headers_of(name), {}) == fields
    assert columns.fields == fields
    assert {column.position: column.kind for column in columns.addresses} == {
        place: " ".join(meaning.split()[1:])
        for place, meaning in meanings.items()
        if meaning.startswith(("email", "addr"))
    }
    assert columns.wishes == tuple(place for place, meaning in meanings.items() if meaning == "opted_out")
    assert columns.sensitive == {place for place, meaning in meanings.items() if meaning == "sensitive"}
    assert columns.guesses == ()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_an_address(name: str) -> None:
    """Each of the formats has addresses, and the first of them is the field that is written to."""
    columns = survey_columns(headers_of(name), {})
    assert columns.fields[columns.addresses[0].position] == "email"


@settings(deadline=None)
@given(st.data())
def test_the_order_of_the_columns_does_not_matter(data: st.DataObject) -> None:
    """However the columns of an export are put, each field is below the same header."""
    name = data.draw(st.sampled_from([*FORMATS]))
    headers = list(dict.fromkeys(headers_of(name)))
    # two columns of one name are a tie
    expected = {normal(header): field for field, header in by_field(headers).items()}
    moved = data.draw(st.permutations(headers))
    assert {normal(header): field for field, header in by_field(moved).items()} == expected
    addresses = [headers[column.position] for column in survey_columns(headers, {}).addresses]
    assert [moved[column.position] for column in survey_columns(moved, {}).addresses] == addresses


@pytest.mark.parametrize("header", NO_ADDRESSES)
def test_what_is_no_address_is_not_taken_for_one(header: str) -> None:
    """E-Mail: Angezeigter Name holds other people's addresses: whoever takes it for one writes to strangers."""
    assert recognise([header], {}) == {}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Namensvorsatz", "particle"),
        ("Vorsatzwort", "particle"),
        ("Namenspräfix", "particle"),
        ("Surname Prefix", "particle"),
        ("Tussenvoegsel", "particle"),
        ("Adelstitel", "rank"),
        ("Ansprechperson", "name"),
        ("Kontakt", "name"),
        ("z. Hd.", "name"),
        ("z.Hd. von", "name"),
        ("zu Händen", "name"),
        ("Attn.", "name"),
        ("zu Hd.", "name"),
        ("Ansprechperson Vorname", "first_name"),
        ("Nachname Ansprechperson", "last_name"),
        ("Ansprechperson Anrede", "prefix"),
        ("Contact Surname", "last_name"),
        ("Mr/Ms", "prefix"),
        ("Geschl.", "gender"),
        ("Vereinsname", "company"),
        ("Contact", "name"),
        ("Formatted Name", "name"),
        ("Honorific Prefixes", "prefix"),
        ("Anrede-Code", "prefix"),
        ("Anrede (1=Herr, 2=Frau)", "prefix"),
        ("Geschlecht(m=1,w=2)", "gender"),
        ("Geschlecht (m/w/d)", "gender"),
        ("Forename", "first_name"),
        ("Given Names", "first_name"),
        ("Family Names", "last_name"),
        ("Membership No", "customer_number"),
        ("Membership No.", "customer_number"),
        ("Member ID", "customer_number"),
        ("Mitglieds-ID", "customer_number"),
        ("E-MAIL ADRESSE", "email"),
        ('"Vorname"', "first_name"),
        (" Email", "email"),
        ("STRASSE", "street"),
        ("Strasse", "street"),
        ("Stra?e gesch?ftlich", "street"),
        ("Stra\ufffde gesch\ufffdftlich", "street"),
        ("Stra\ufffd\ufffde", "street"),
        ("Prima\u0308re E-Mail-Adresse", "email"),
        ("Primaere E-Mail-Adresse", "email"),
        ("Prim?re E-Mail-Adresse", "email"),
        ("Prenom", "first_name"),
        ("Pr?nom", "first_name"),
        ("E-Mail?", "email"),
        ("Brief-Anrede", "salutation"),
        ("1. E-Mail", "email"),
        ("kd_nr", "customer_number"),
        ("E\u2011Mail", "email"),
        ("Post\u00adleitzahl", "postcode"),
        ("FirstName", "first_name"),
        ("emailAddress", "email"),
        ("Plec", "gender"),
        ("Geschaftliche E-Mail-Adresse", "email"),
        ("Stra&szlig;e", "street"),
        ("EMailPrivat", "email"),
        ("Geschäftsmail", "email"),
        ("customer_number", "customer_number"),
    ],
)
def test_spelling_does_not_matter(header: str, field: str) -> None:
    """Case, blanks, quotation marks, ß and ss, ä and ae, and letters that were broken on the way make no difference."""
    assert recognise([header], {}) == {0: field}


def as_windows(octets: bytes) -> str:
    """Decode as Windows-1252, the five octets that it does not know as control characters."""
    return "".join(
        chr(octet) if octet in b"\x81\x8d\x8f\x90\x9d" else bytes([octet]).decode("cp1252") for octet in octets
    )


#: What programs before us have done to the letters of a header.
BREAKAGES: dict[str, Callable[[str], str]] = {
    "a question mark for each letter": lambda header: header.encode("ascii", "replace").decode(),
    "U+FFFD for each letter": lambda header: "".join(sign if sign.isascii() else "\ufffd" for sign in header),
    "U+FFFD for each octet": lambda header: header.encode().decode("ascii", "replace"),
    "UTF-8 read as Windows-1252": lambda header: as_windows(header.encode()),
    "and once more": lambda header: as_windows(as_windows(header.encode()).encode()),
    "UTF-8 read as Mac Roman": lambda header: header.encode().decode("mac_roman"),
    "UTF-8 read as the code page of DOS": lambda header: header.encode().decode("cp850"),
    "Mac Roman read as Windows-1252": lambda header: as_windows(header.encode("mac_roman", "replace")),
    "Windows-1252 read as Mac Roman": lambda header: header.encode("cp1252", "replace").decode("mac_roman"),
    "the code page of DOS read as Windows-1252": lambda header: as_windows(header.encode("cp850", "replace")),
    "Windows-1250 read as Windows-1252": lambda header: as_windows(header.encode("cp1250", "replace")),
}
#: "P?e?" and "T?l." are beyond telling, and so is a lonely question mark.
BEYOND_TELLING = {"Płeć", "Tél. professionnel", "Tél. personnel", "Nom à afficher"}


@pytest.mark.parametrize("breakage", BREAKAGES)
@pytest.mark.parametrize("name", FORMATS)
def test_broken_letters_do_not_matter(name: str, breakage: str) -> None:
    """An export that came through the wrong program is recognised as it was before."""
    headers = [header for header in headers_of(name) if header not in BEYOND_TELLING]
    broken = [BREAKAGES[breakage](header) for header in headers]
    before, after = survey_columns(headers, {}), survey_columns(broken, {})
    assert after.fields == before.fields
    assert after.addresses == before.addresses
    assert after.wishes == before.wishes


@pytest.mark.parametrize("header", ["", "???", "?", "\ufffd\ufffd", "P?Z", "Bemerkung", "Name 1", "Geburtstag", "IBAN"])
def test_nothing_is_guessed(header: str) -> None:
    """A name that nobody knows, or that is broken beyond telling, is left to the user."""
    assert recognise([header], {}) == {}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_recognised_by_its_own_name(field: str) -> None:
    """Who names a column as the documentation does is understood; title is the word that Outlook uses for Anrede."""
    assert recognise([field], {}) == {0: "prefix" if field == "title" else field}


def test_a_field_is_found_once() -> None:
    """Of two columns that could be it, the first is taken, and the other is left alone."""
    assert recognise(["Ort", "Ort"], {}) == {0: "city"}


def test_name_beside_first_names_is_the_surname() -> None:
    """Vorname and Name is how German lists say it; Name alone is the whole name."""
    assert by_field(["Name", "Vorname"]) == {"last_name": "Name", "first_name": "Vorname"}
    assert by_field(["Name", "Vorname", "Nachname"])["name"] == "Name"
    assert by_field(["Name"]) == {"name": "Name"}


def test_name_beside_a_contact_person_is_the_firm() -> None:
    """Where every row has a contact person, the name is that of the customer."""
    assert by_field(["Name", "Ansprechpartner"]) == {"company": "Name", "name": "Ansprechpartner"}


def test_what_is_assigned_wins() -> None:
    """notify.toml is asked first, and its column is taken for nothing else."""
    headers = ["Name", "Name 1", "E-Mail", "Mail neu"]
    assert by_field(headers, {"last_name": "Name 1", "email": "Mail neu"}) == {
        "last_name": "Name 1",
        "email": "Mail neu",
        "name": "Name",
        "email_2": "E-Mail",
    }


def test_an_assigned_header_may_be_written_nearly_so() -> None:
    """Case and blanks do not matter there either, but the exact header wins."""
    assert recognise(["name 1", "NAME1"], {"last_name": "NAME1"}) == {1: "last_name"}
    assert recognise(["Mail "], {"email": "mail"}) == {0: "email"}


def test_a_missing_header_is_named_with_its_neighbours() -> None:
    """The error says which header is missing, for which field, and what comes near it."""
    with pytest.raises(ConfigError) as caught:
        check_assigned(["Kundenname 1", "Mail", "Ort"], {"last_name": "Kundename 1"})
    assert 'last_name = "Kundename 1"' in caught.value.message
    assert '"Kundenname 1"' in caught.value.message
    assert '"Ort"' not in caught.value.message
    assert "notify.toml" in caught.value.hint


def test_a_header_like_nothing_is_answered_with_what_there_is() -> None:
    """When nothing comes near, the columns of the file are listed."""
    with pytest.raises(ConfigError, match='"Mail", "Ort"'):
        check_assigned(["Mail", "Ort"], {"last_name": "Zuname"})


def test_all_problems_are_told_at_once() -> None:
    """Two wrong lines of notify.toml are one error with two problems."""
    with pytest.raises(ConfigError) as caught:
        check_assigned(["Mail"], {"last_name": "Zuname", "email": "Mail", "email_2": "E-Post"})
    assert [problem.where for problem in caught.value.problems] == ['last_name = "Zuname"', 'email_2 = "E-Post"']


def test_a_column_is_assigned_once() -> None:
    """One column cannot be two fields."""
    with pytest.raises(ConfigError, match="taken for email"):
        recognise(["Mail"], {"email": "Mail", "email_2": "Mail"})


def test_a_header_that_another_file_has_is_no_mistake() -> None:
    """Several files of different origin share one notify.toml: an assigned header counts where it is."""
    assert recognise(["Mail", "Name"], {"last_name": "Zuname", "email": "Mail"})[0] == "email"


def test_every_address_column_is_found() -> None:
    """More than three are found, whatever they are called; the first one is the one that is written to first."""
    headers = ["E-Mail privat", "E-Mail 4", "Rechnungs-E-Mail", "Name", "Geschäftsmail", "E-Mail"]
    columns = survey_columns(headers, {})
    assert [(headers[column.position], column.kind) for column in columns.addresses] == [
        ("E-Mail", ""),
        ("E-Mail privat", "private"),
        ("Geschäftsmail", "work"),
        ("Rechnungs-E-Mail", ""),
        ("E-Mail 4", ""),
    ]
    assert columns.fields == {5: "email", 0: "email_2", 4: "email_3", 3: "name"}


def test_work_comes_before_home() -> None:
    """Where no header says which is the first, what is written at work is read at work."""
    headers = ["Courriel", "Courriel personnel", "Courriel professionnel"]
    assert by_field(headers[1:]) == {"email": "Courriel professionnel", "email_2": "Courriel personnel"}
    assert by_field(headers)["email"] == "Courriel"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("E-Mail geschäftlich", "work"),
        ("E-Mail (dienstl.)", "work"),
        ("Firmen-E-Mail", "work"),
        ("Courriel professionnel", "work"),
        ("Correo electrónico (trabajo)", "work"),
        ("E-mail ufficio", "work"),
        ("E-mailadres werk", "work"),
        ("Adres e-mail służbowy", "work"),
        ("Home Email", "private"),
        ("EMailPrivat", "private"),
        ("E-Mail ge\u00adschäftlich", "work"),
        ("Adresse e-mail personnelle", "private"),
        ("E-mail thuis", "private"),
        ("E-mail prywatny", "private"),
        ("E-Mail", ""),
        ("Andere E-Mail", ""),
    ],
)
def test_the_kind_is_told_by_the_header(header: str, kind: str) -> None:
    """Work and private are words of the header, in each of the languages."""
    assert survey_columns([header], {}).addresses == (AddressColumn(0, kind),)


def test_the_kind_is_told_by_the_row() -> None:
    """Google has a column of labels beside each address; a star is its word for the first one."""
    headers = ["E-mail 2 - Value", "E-mail 2 - Label", "E-mail 1 - Label", "E-mail 1 - Value"]
    columns = survey_columns(headers, {})
    assert [(column.position, column.label) for column in columns.addresses] == [(3, 2), (0, 1)]
    assert columns.addresses_in(["a@x.example", "* Work", "Home", "b@x.example"]) == (
        AddressCell("b@x.example", "private"),
        AddressCell("a@x.example", "work", preferred=True),
    )
    assert columns.addresses_in(["a@x.example"]) == (AddressCell("a@x.example"),)
    assert columns.addresses_in(["a@x.example", "Arbeit", "SMTP", " "]) == (AddressCell("a@x.example", "work"),)


def test_labels_are_found_beside_other_names() -> None:
    """SevDesk writes Arbeit and Privat below E-Mail-Kategorie."""
    columns = survey_columns(["E-Mail-Kategorie", "Telefon-Kategorie", "E-Mail"], {})
    assert columns.addresses_in(["Privat", "Arbeit", "a@x.example"]) == (AddressCell("a@x.example", "private"),)


def test_the_first_address_is_preferred() -> None:
    """Thunderbird says which is the first; what notify.toml says counts more."""
    headers = ["Primary Email", "Secondary Email"]
    assert [column.preferred for column in survey_columns(headers, {}).addresses] == [True, False]
    chosen = survey_columns(headers, {"email": "secondary email"}).addresses
    assert [(column.position, column.preferred) for column in chosen] == [(1, True), (0, False)]
    elsewhere = survey_columns(headers, {"email": "Mail"}).addresses
    assert [column.preferred for column in elsewhere] == [True, False]


def test_an_entry_of_a_directory_is_no_address() -> None:
    """Outlook exports colleagues as /o=ExchangeLabs/…; it counts only where the row has nothing else to be told."""
    columns = survey_columns(["E-mail Address", "E-mail 2 Address"], {})
    assert columns.addresses_in(["/o=ExchangeLabs/ou=x/cn=y", "a@x.example"]) == (AddressCell("a@x.example"),)
    assert columns.addresses_in(["/o=ExchangeLabs/ou=x/cn=y", ""]) == (AddressCell("/o=ExchangeLabs/ou=x/cn=y"),)


@pytest.mark.parametrize(
    "header",
    [
        *("IBAN", "BIC", "Kontonummer", "Bankverbindung", "Geburtsdatum", "geb_dat", "Date of Birth", "Notizen"),
        *("Bemerkungen", "Passwort", "user_pass", "PIN", "Steuernummer", "Sozialversicherungsnr.", "Geburtstag?"),
    ],
)
def test_what_no_mailing_needs_is_sensitive(header: str) -> None:
    """Such columns are not shown as samples; but who assigns one, wants it."""
    assert survey_columns([header, "E-Mail"], {}).sensitive == {0}
    assert survey_columns([header, "E-Mail"], {"customer_number": header}).sensitive == frozenset()


@pytest.mark.parametrize(
    "header", ["Liban", "Notar", "Banknote", "Banken e.V.", "Bikini", "Vorname", "Ort", "Position"]
)
def test_little_is_sensitive(header: str) -> None:
    """A column is not withheld because of letters that it happens to share with another."""
    assert survey_columns([header], {}).sensitive == frozenset()


@pytest.mark.parametrize(
    ("headers", "addresses"),
    [
        ("Schueler|E-Mail Mutter|E-Mail Vater", ["E-Mail Mutter", "E-Mail Vater"]),
        ("Kind|Email Parent 1|Email Parent 2", ["Email Parent 1", "Email Parent 2"]),
        ("Name|Mail Erziehungsberechtigte", ["Mail Erziehungsberechtigte"]),
        ("Pupil|Father's email|Guardian Email", ["Guardian Email"]),
        (
            "Name|E-Mail Eltern 1|E-Mail Eltern 2|E-Mail Eltern 3|E-Mail Eltern 4",
            [f"E-Mail Eltern {n}" for n in (1, 2, 3, 4)],
        ),
        ("Name|E-Mail|E-Mail Mutter", ["E-Mail"]),
        ("Name|E-Mail privat|Mailadresse Vater", ["E-Mail privat"]),
    ],
)
def test_the_addresses_of_parents(headers: str, addresses: list[str]) -> None:
    """They are those of the list where it has no others; beside somebody's own they are somebody else's."""
    columns = survey_columns(headers.split("|"), {})
    assert [headers.split("|")[column.position] for column in columns.addresses] == addresses


@pytest.mark.parametrize(
    "cell",
    ["keine", "k.A.", "-", "n/a", "entfällt", "--", "N/A", "#N/A", "Err:508", "keine E-Mail", "?", "unbekannt", "x"],
)
def test_words_for_nothing_are_no_address(cell: str) -> None:
    """A cell that says that there is none is empty, so the other address of the row is taken."""
    columns = survey_columns(["E-Mail Rechnung", "E-Mail", "Name"], {})
    found = columns.addresses_in([cell, "a@x.example", "Anna"])
    assert [address.text for address in found] == ["a@x.example"]
    assert columns.addresses_in([cell, cell, "Anna"]) == ()
    assert len(columns.addresses_in(["a@", "kaputt", "Anna"])) == 2
