"""vCards are read as a person would read them, and a broken one costs nobody else."""

from __future__ import annotations

import base64
import contextlib
import quopri
import re
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.contacts.vcard import VCardFile
from notify.core.contact import AddressCell, Contact, Origin, Rejected
from notify.core.objection import Against
from notify.errors import InputError


def cards(folder: Path, text: str | bytes, encoding: str = "utf-8") -> VCardFile:
    """Return the cards of a file with these lines."""
    path = folder / "contacts.vcf"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return VCardFile(path, "contacts.vcf")


def card(*lines: str, version: str = "3.0") -> str:
    """Return a card of these lines."""
    return "".join(f"{line}\r\n" for line in ("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"))


def contact(folder: Path, text: str | bytes, encoding: str = "utf-8") -> Contact:
    """Return the only contact of a file."""
    (found,) = cards(folder, text, encoding)
    assert isinstance(found, Contact), found
    return found


def rejected(folder: Path, text: str) -> Rejected:
    """Return the only thing in a file, which is rejected."""
    (found,) = cards(folder, text)
    assert isinstance(found, Rejected), found
    return found


def filled(found: Contact) -> dict[str, str]:
    """Return the fields that are not empty."""
    return {name: value for name, value in found.fields.items() if value}


@pytest.mark.parametrize(
    ("lines", "language"),
    [
        (["LANG;PREF=2:de", "LANG;PREF=1:fr"], "fr, de"),
        (["LANG;TYPE=home:de", "LANG;TYPE=work:en"], "en, de"),
        (["LANG:de"], "de"),
        (["LANG;PREF=1:es", "LANG:", "LANG;PREF=2:en"], "es, en"),
        ([], ""),
    ],
)
def test_languages_by_preference(tmp_path: Path, lines: list[str], language: str) -> None:
    """All that somebody speaks, the preferred one first: a template may not have it."""
    found = contact(tmp_path, card("FN:Anna Muster", "EMAIL:a@example.com", *lines, version="4.0"))
    assert found.fields["language"] == language


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["N:Bau;Muster;;;", "FN:Muster Bau", "ORG:Muster Bau"], ("", "", "Muster Bau")),
        (["N:Muster Bau;;;;", "FN:MUSTER BAU", "ORG:Muster Bau;Einkauf"], ("", "", "Muster Bau")),
        (["FN:Muster Bau", "ORG:Muster Bau"], ("", "", "Muster Bau")),
        # a person whose firm is called so
        (["N:Muster;Anna;;Frau;", "FN:Anna Muster", "ORG:Anna Muster"], ("Anna", "Muster", "Anna Muster")),
        (["N:Muster;Anna;;;", "FN:Anna Muster", "ORG:Anna Muster", "GENDER:F"], ("Anna", "Muster", "Anna Muster")),
        (["N:Muster;Anna;;;", "FN:Anna Muster", "ORG:Muster Bau"], ("Anna", "Muster", "Muster Bau")),
    ],
)
def test_a_card_that_is_called_as_its_firm(tmp_path: Path, lines: list[str], name: tuple[str, str, str]) -> None:
    """Telephones part the name of a firm into first name and surname; the firm is greeted, unless somebody is there."""
    found = contact(tmp_path, card("EMAIL:a@example.com", *lines)).fields
    assert (found["first_name"], found["last_name"], found["company"]) == name


def test_what_speaks_against_writing(tmp_path: Path) -> None:
    """Marks in a name, and values whose names ask for it, are read as in a table."""
    found = contact(tmp_path, card("FN:Max Muster †", "EMAIL:a@example.com", "NEWSLETTER:no", "BOUNCED:"))
    assert [(one.against, one.reason) for one in found.objections] == [
        (Against.ADVERTISING, "NEWSLETTER: no"),
        (Against.DECEASED, "the name is marked: Max Muster †"),
    ]


def test_a_card_fills_the_fields_of_a_contact(tmp_path: Path) -> None:
    """A card of an address book gives name, firm, addresses and the address by letter; its job is no title."""
    found = contact(
        tmp_path,
        card(
            "PRODID:-//Example Corp.//Contacts 9//DE",
            "N:Müller;Anna;Maria;Frau,Dr.;M.A.",
            "FN:Frau Dr. Anna Maria Müller M.A.",
            "ORG:Beispiel\\; Partner GmbH;Einkauf",
            "TITLE:Leiterin Einkauf",
            "EMAIL;TYPE=INTERNET,HOME:anna@privat.example",
            "EMAIL;TYPE=INTERNET,WORK:anna@firma.example",
            "TEL;TYPE=WORK,FAX:+49 40 9",
            "TEL;TYPE=CELL:+49 170 1",
            "TEL;TYPE=WORK,VOICE:+49 40 1",
            "ADR;TYPE=HOME:;;Heimweg 2;Wedel;;22880;DE",
            "ADR;TYPE=WORK:;;Hauptstr. 1\\nHinterhaus;Hamburg;HH;20095;Deutschland",
            "NOTE:zahlt spät",
            "BDAY:1970-01-01",
        ),
    )
    assert found.origin == Origin("contacts.vcf", 1)
    assert filled(found) == {
        "email": "anna@firma.example",
        "email_2": "anna@privat.example",
        "name": "Frau Dr. Anna Maria Müller M.A.",
        "first_name": "Anna",
        "last_name": "Müller",
        "prefix": "Frau Dr.",
        "company": "Beispiel; Partner GmbH",
        "street": "Hauptstr. 1\nHinterhaus",
        "postcode": "20095",
        "city": "Hamburg",
        "country": "Deutschland",
        "phone": "+49 40 1",
    }
    assert found.addresses == (AddressCell("anna@privat.example", "private"), AddressCell("anna@firma.example", "work"))


def test_row_has_every_property_by_its_name_and_types(tmp_path: Path) -> None:
    """row["EMAIL;WORK"] works in a template; notes, birthdays and pictures are not stored at all."""
    text = card(
        "item1.EMAIL;type=INTERNET;type=WORK;type=pref:anna@firma.example",
        "EMAIL;TYPE=work:zwei@firma.example",
        "X-KUNDE:00123",
        "CATEGORIES:Kunden\\, alt,Presse",
        "NOTE:geheim",
        "BDAY;VALUE=date:1970-01-01",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ",
        "KEY:geheim",
    ) + card("UID:2", "EMAIL:bernd@firma.example")
    table = cards(tmp_path, text)
    assert table.headers == ("EMAIL;WORK", "EMAIL;WORK (2)", "X-KUNDE", "CATEGORIES", "UID", "EMAIL")
    assert table.columns == {"EMAIL;WORK": "email", "EMAIL;WORK (2)": "email", "EMAIL": "email"}
    anna, bernd = table
    assert anna.row == {
        "EMAIL;WORK": "anna@firma.example",
        "EMAIL;WORK (2)": "zwei@firma.example",
        "X-KUNDE": "00123",
        "CATEGORIES": "Kunden, alt,Presse",
        "UID": "",
        "EMAIL": "",
    }
    assert bernd.row == dict.fromkeys(table.headers, "") | {"UID": "2", "EMAIL": "bernd@firma.example"}


def test_iterating_reads_the_file_anew(tmp_path: Path) -> None:
    """The same contacts come each time, and those of a file that was exported again."""
    table = cards(tmp_path, card("EMAIL:anna@firma.example"))
    assert list(table) == list(table)
    table.path.write_text(card("EMAIL:neu@firma.example"), encoding="utf-8", newline="")
    assert [one.fields["email"] for one in table if isinstance(one, Contact)] == ["neu@firma.example"]


ADDRESSES = {
    "the first, when nothing is said": (("EMAIL:a@x.example", "EMAIL:b@x.example"), "a b"),
    "work before private": (("EMAIL;TYPE=home:a@x.example", "EMAIL;TYPE=work:b@x.example"), "b a"),
    "the preferred before work": (("EMAIL;WORK:a@x.example", "EMAIL;HOME;PREF:b@x.example"), "b a"),
    "3.0": (("EMAIL:a@x.example", "EMAIL;TYPE=PREF:b@x.example"), "b a"),
    "a list in quotation marks": (("EMAIL:a@x.example", 'EMAIL;TYPE="home,pref":b@x.example'), "b a"),
    "4.0, the lowest number": (("EMAIL;PREF=2:a@x.example", "EMAIL;PREF=1:b@x.example", "EMAIL:c@x.example"), "b a c"),
    "4.0, no number": (("EMAIL;PREF=x:a@x.example", "EMAIL;PREF=100:b@x.example"), "b a"),
    "empty ones": (("EMAIL;PREF:", "EMAIL:a@x.example"), "a"),
    "Exchange": (("EMAIL;PREF:/o=ExchangeLabs/ou=x/cn=a@x.example", "EMAIL:b@x.example"), "b"),
    "Exchange, with its type": (("EMAIL:EX:/O=FIRMA/CN=A", "EMAIL;X400:c=de;a= ;p=firma", "EMAIL:b@x.example"), "b"),
    "a group of Apple": (("item1.EMAIL:a@x.example", "item1.X-ABLabel:_$!<Other>!$_", "EMAIL;WORK:b@x.example"), "b a"),
    "a label of Apple": (("item1.EMAIL:a@x.example", "item2.EMAIL:b@x.example", "item2.X-ABLabel:Arbeit"), "b a"),
    "a URI": (("EMAIL;VALUE=uri:mailto:a@x.example",), "mailto:a"),
}


@pytest.mark.parametrize(("lines", "order"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_address_that_is_written_to(tmp_path: Path, lines: tuple[str, ...], order: str) -> None:
    """The preferred address is written to, else that for work, else the first; the others follow in their order."""
    fields = contact(tmp_path, card(*lines)).fields
    found = [fields[name].partition("@")[0] for name in ("email", "email_2", "email_3")]
    assert found == [*order.split(), "", "", ""][:3]


def test_all_addresses_are_kept_in_the_order_of_the_card(tmp_path: Path) -> None:
    """A fourth address is no field, but is not lost; labels and types tell what each is for."""
    lines = (
        "EMAIL;TYPE=home,pref:a@x.example",
        "EMAIL;TYPE=work:b@x.example",
        "item7.EMAIL:c@x.example",
        "item7.X-ABLabel:_$!<Home>!$_",
        "EMAIL:d@x.example",
    )
    assert contact(tmp_path, card(*lines)).addresses == (
        AddressCell("a@x.example", "private", preferred=True),
        AddressCell("b@x.example", "work"),
        AddressCell("c@x.example", "private"),
        AddressCell("d@x.example"),
    )


def test_a_card_without_address_is_a_contact(tmp_path: Path) -> None:
    """Who has only a telephone is found, and rejected later with the line; telephones need no FN nor N."""
    found = contact(tmp_path, card("TEL;CELL:0170 1", version="2.1"))
    assert filled(found) == {"phone": "0170 1"}
    assert found.addresses == ()


NAMES = {
    "escaped": ("N:Schmidt\\; Söhne;A\\,B;;", "Schmidt; Söhne", "A,B"),
    "backslash": ("N:M\\\\N;\\Anna;;", "M\\N", "\\Anna"),
    "only a family name": ("N:Müller", "Müller", ""),
    "parameters": ('n;language=de;sort-as="a:b;c":Müller;Anna', "Müller", "Anna"),
    "a quotation mark that is not closed": ('N;X-A="b:Müller;Anna', "Müller", "Anna"),
    "a colon in it": ("N:Müller: Anna;", "Müller: Anna", ""),
    "blanks": ("N : Müller ; Anna  Maria ;", "Müller", "Anna Maria"),
    "base64": ("N;ENCODING=BASE64:TcO8bGxlcjtBbm5h", "Müller", "Anna"),
    "in 4.0 twice": ("N;ALTID=1;LANGUAGE=de:Müller;Anna\r\nN;ALTID=1;LANGUAGE=jp:Z;Y", "Müller", "Anna"),
    "twice the same": ("N:Müller;Anna\r\nN:Müller;Anna", "Müller", "Anna"),
}


@pytest.mark.parametrize(("line", "last", "first"), NAMES.values(), ids=NAMES)
def test_structured_names(tmp_path: Path, line: str, last: str, first: str) -> None:
    """Family and given name are told apart however they are written."""
    fields = contact(tmp_path, card(line)).fields
    assert (fields["last_name"], fields["first_name"]) == (last, first)


SAID = {
    "GENDER:M": {"gender": "m"},
    "GENDER:F": {"gender": "f"},
    "GENDER:O;divers": {"gender": "d"},
    "GENDER:;divers": {"gender": "divers"},
    "GENDER:N": {},
    "GENDER:U": {},
    "X-GENDER:Female": {"gender": "Female"},
    "X-GENDER:1": {},
    "LANG;PREF=2:de\r\nLANG;PREF=1:fr": {"language": "fr, de"},
    "TEL;VALUE=uri;TYPE=work:tel:+49-40-1": {"phone": "+49-40-1"},
    "TEL;TYPE=FAX:1": {},
    "ADR:Postfach 12;;;Hamburg;;20095;": {"street": "Postfach 12", "city": "Hamburg", "postcode": "20095"},
    "ORG:;Einkauf": {},
}


@pytest.mark.parametrize(("lines", "fields"), SAID.items(), ids=SAID)
def test_what_else_a_card_says(tmp_path: Path, lines: str, fields: dict[str, str]) -> None:
    """Gender, language, telephone and address by letter are taken where a card says them, and nothing is guessed."""
    assert filled(contact(tmp_path, card(lines, version="4.0"))) == fields


FIRMS = {
    "Apple": (("N:;;;;", "FN:Bäckerei Huber", "ORG:Bäckerei Huber;", "X-ABShowAs:COMPANY"), "", "Bäckerei Huber"),
    "Apple, a contact person": (
        ("N:Huber;Eva;;;", "FN:Huber KG", "ORG:Huber KG", "X-ABShowAs:COMPANY"),
        "Eva",
        "Huber KG",
    ),
    "4.0": (("KIND:org", "FN:Huber"), "", "Huber"),
    "4.0, a person": (("KIND:individual", "FN:Eva Huber", "N:Huber;Eva;;;"), "Eva", ""),
}


@pytest.mark.parametrize(("lines", "first", "company"), FIRMS.values(), ids=FIRMS)
def test_cards_of_firms(tmp_path: Path, lines: tuple[str, ...], first: str, company: str) -> None:
    """The card of a firm names nobody, unless it has a whole name beside it."""
    fields = contact(tmp_path, card(*lines)).fields
    assert (fields["first_name"], fields["company"]) == (first, company)
    assert fields["name"] == company or first


@pytest.mark.parametrize("line", ["KIND:group", "X-ADDRESSBOOKSERVER-KIND:group"])
def test_groups_are_no_people(tmp_path: Path, line: str) -> None:
    """A group is passed over, its properties are no headers, and those who are in it stand."""
    group = card(line, "FN:Kunden", "MEMBER:urn:uuid:1", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1")
    table = cards(tmp_path, group + card("EMAIL:anna@firma.example"))
    assert [str(one.origin) for one in table] == ["contacts.vcf:8"]
    assert table.groups == 1
    assert table.headers == ("EMAIL",)


def test_many_cards_with_their_lines(tmp_path: Path) -> None:
    """Each contact has the line of its BEGIN, with and without blank lines between the cards, in any case."""
    text = card("EMAIL:a@x.example") + card("EMAIL:b@x.example") + "\r\n\r\n" + card("EMAIL:c@x.example").lower()
    assert [(one.origin.line, one.fields["email"]) for one in cards(tmp_path, text) if isinstance(one, Contact)] == [
        (1, "a@x.example"),
        (5, "b@x.example"),
        (11, "c@x.example"),
    ]


def test_files_that_were_joined_without_a_line_end(tmp_path: Path) -> None:
    """`cat *.vcf` makes END:VCARDBEGIN:VCARD of files without a last line end, with a mark between them or not."""
    one = card("EMAIL:a@x.example").rstrip()
    found = list(cards(tmp_path, one + one.replace("a@", "b@") + "\ufeff" + one.replace("a@", "c@")))
    assert [one.row["EMAIL"] for one in found] == ["a@x.example", "b@x.example", "c@x.example"]
    assert [one.origin.line for one in found] == [1, 4, 7]


LINE_ENDS = {"CRLF": "\r\n", "LF": "\n", "CRCRLF": "\r\r\n", "CR": "\r", "doubled": "\r\n\r\n"}


@pytest.mark.parametrize("end", LINE_ENDS.values(), ids=LINE_ENDS)
def test_line_ends(tmp_path: Path, end: str) -> None:
    """All line ends that programs write are understood, also inside a folded picture."""
    text = card(
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg",
        " ABAQAAAQ==",
        "FN:Anna Mül",
        " ler",
        "EMAIL;TYPE=INTERNET,",
        " WORK:anna@fir",
        "\tma.example",
    )
    found = contact(tmp_path, text.replace("\r\n", end))
    assert filled(found) == {"name": "Anna Müller", "email": "anna@firma.example"}
    assert found.row.keys() == {"FN", "EMAIL;WORK"}


def test_a_bare_cr_belongs_to_the_value(tmp_path: Path) -> None:
    """Thunderbird writes a CR inside a value as it is; it begins no line."""
    found = contact(tmp_path, card("X-CUSTOM3:eins\rEMAIL:zwei@x.example", "EMAIL:a@x.example"))
    assert found.row["X-CUSTOM3"] == "eins\nEMAIL:zwei@x.example"
    assert found.fields["email"] == "a@x.example"


def test_folds_inside_of_a_character(tmp_path: Path) -> None:
    """Lines are folded after 75 octets, whatever stands there (RFC 2426, 2.6)."""
    text = card("FN:Anna Müller").encode().replace(b"\xc3\xbc", b"\xc3\r\n \xbc")
    assert contact(tmp_path, text).fields["name"] == "Anna Müller"


def test_folds_of_2_1_keep_their_blank(tmp_path: Path) -> None:
    """2.1 folds before a blank that is there anyway (RFC 822, 3.1.1); an address has no blanks."""
    found = contact(tmp_path, card("FN:Anna", " Müller", "EMAIL:anna@fir", " ma.example", version="2.1"))
    assert filled(found) == {"name": "Anna Müller", "email": "anna@firma.example"}


QUOTED_PRINTABLE = {
    "declared": "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Anna=20M=C3=BCller",
    "in short": "FN;QUOTED-PRINTABLE;CHARSET=UTF-8:Anna M=C3=BCller",
    "soft breaks": "FN;ENCODING=QUOTED-PRINTABLE:Anna =\r\nM=C3=\r\n=BCller",
    "a soft break that breaks nothing": "FN;ENCODING=QUOTED-PRINTABLE:Anna M=C3=BCller=\r\n",
    "Windows-1252": "FN;ENCODING=QUOTED-PRINTABLE:Anna M=FCller",
    "a wrong charset": "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Anna M=C3=BCller",
    "an unknown charset": "FN;CHARSET=X-NOKIA;ENCODING=QUOTED-PRINTABLE:Anna M=C3=BCller",
    "no charset at all": "FN;CHARSET=idna;ENCODING=QUOTED-PRINTABLE:Anna M=C3=BCller",
    "Central European": "FN;CHARSET=ISO-8859-2;ENCODING=QUOTED-PRINTABLE:Anna M=FCller",
    "Mac Roman": "FN;CHARSET=macintosh;ENCODING=QUOTED-PRINTABLE:Anna M=9Fller",
}


@pytest.mark.parametrize("line", QUOTED_PRINTABLE.values(), ids=QUOTED_PRINTABLE)
def test_quoted_printable(tmp_path: Path, line: str) -> None:
    """2.1 encodes what is not ASCII, in whatever charset; the next property is not swallowed."""
    found = contact(tmp_path, card(line, "EMAIL;INTERNET:anna@firma.example", version="2.1"))
    assert filled(found) == {"name": "Anna Müller", "email": "anna@firma.example"}


def test_quoted_printable_notes_are_passed_over(tmp_path: Path) -> None:
    """What stands in a note is no property, however it is broken into lines."""
    lines = ("NOTE;ENCODING=QUOTED-PRINTABLE:alt:=0D=0A=", "EMAIL:alt@firma.example=", " x", "EMAIL:neu@firma.example")
    assert contact(tmp_path, card(*lines, version="2.1")).fields["email"] == "neu@firma.example"


def test_a_soft_break_does_not_swallow_the_end_of_a_card(tmp_path: Path) -> None:
    """A value that ends in "=" by mistake stays within its card."""
    text = card("EMAIL:a@x.example", "FN;QUOTED-PRINTABLE:Anna=", version="2.1") + card("EMAIL:b@x.example")
    assert [one.row for one in cards(tmp_path, text)] == [
        {"EMAIL": "a@x.example", "FN": "Anna"},
        {"EMAIL": "b@x.example", "FN": ""},
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_undeclared_encodings(tmp_path: Path, encoding: str) -> None:
    """No charset is needed: the bytes tell it."""
    table = cards(tmp_path, card("FN:Jörg Müßig", "EMAIL:j@x.example"), encoding)
    assert table.encoding == encoding
    assert [filled(one) for one in table if isinstance(one, Contact)] == [
        {"name": "Jörg Müßig", "email": "j@x.example"}
    ]


OLD = {
    "mac_roman": ("Jörg Müßig", "René Dürr"),
    "cp850": ("Jörg Müßig", "Käthe Größl"),
    "cp1250": ("Łukasz Wałęsa", "Jiří Dvořák"),
    "cp1251": ("Иван Петров", "Анна Смирнова"),
    "cp1253": ("Γιώργος Παπαδόπουλος", "Ελένη Νικολάου"),
}


@pytest.mark.parametrize("encoding", OLD)
@pytest.mark.parametrize("packed", [False, True])
def test_old_encodings(tmp_path: Path, encoding: str, packed: bool) -> None:
    """They are told by their letters, as those of tables are, also where they are quoted-printable."""
    names = OLD[encoding]
    octets = b""
    for name in names:
        value = name.encode(encoding)
        line = b"FN;QUOTED-PRINTABLE:" + quopri.encodestring(value) if packed else b"FN:" + value
        octets += card("EMAIL:a@x.example").encode().replace(b"END", line + b"\r\nEND")
    assert [one.fields["name"] for one in cards(tmp_path, octets) if isinstance(one, Contact)] == [*names]


def test_a_joined_file_in_two_encodings(tmp_path: Path) -> None:
    """What is UTF-8 stays so, and the others are told without it."""
    text = card("FN:Jörg Müßig", "N:Müßig;Jörg").encode("mac_roman") + card("FN:Zoë Łęcka").encode() * 3
    table = cards(tmp_path, text)
    assert table.encoding == "utf-8"
    assert [one.row["FN"] for one in table] == ["Jörg Müßig", *["Zoë Łęcka"] * 3]


def test_each_value_has_its_own_encoding(tmp_path: Path) -> None:
    """VCardFile that were joined keep their Umlauts; a UTF-8 name that was cut off does not become another one."""
    text = (
        card("FN:Jörg").encode("cp1252")
        + card("FN:Zoë").encode()
        + card("FN:Müßiggä").encode()[:-14]
        + b"\r\nEND:VCARD"
    )
    assert [one.row["FN"] for one in cards(tmp_path, text)] == ["Jörg", "Zoë", "Müßigg\ufffd"]


@pytest.mark.parametrize("agent", ["AGENT:\r\nBEGIN:VCARD", "AGENT:BEGIN:VCARD", "item1.agent;x=y:\r\n\r\nbegin:vcard"])
def test_the_card_of_an_assistant_inside_of_a_card(tmp_path: Path, agent: str) -> None:
    """What an assistant's card says is not said of the one whose assistant it is."""
    text = card("N:Müller;Anna", agent, "N:Meier;Bernd", "EMAIL:bernd@x.example", "END:VCARD", "EMAIL:anna@x.example")
    found = contact(tmp_path, text)
    assert filled(found) == {"last_name": "Müller", "first_name": "Anna", "email": "anna@x.example"}
    inline = card("AGENT:BEGIN:VCARD\\nEMAIL:bernd@x.example\\nEND:VCARD\\n", "EMAIL:anna@x.example")
    assert contact(tmp_path, inline).row == {"EMAIL": "anna@x.example"}


def test_lines_of_notes_and_streets_that_are_not_folded(tmp_path: Path) -> None:
    """Some programs break lines as they come: a note is passed over, a street goes on."""
    found = contact(
        tmp_path,
        card(
            "ADR:;;Hauptstr. 1",
            "Hinterhaus: rechts;Hamburg;;20095;DE",
            "NOTE:alt",
            "Email: alt@firma.example",
            "Wichtig: anrufen",
            "und fragen",
            "EMAIL:neu@firma.example",
        ),
    )
    assert found.fields["street"] == "Hauptstr. 1\nHinterhaus: rechts"
    assert [found.fields[name] for name in ("city", "postcode", "country")] == ["Hamburg", "20095", "DE"]
    assert found.fields["email"] == "neu@firma.example"


@pytest.mark.parametrize("above", ["Hallo,\nhier die Kontakte:\n\n", "Export vom 1. 12.\n", "# Kontakte: 1\n"])
def test_words_above_the_first_card(tmp_path: Path, above: str) -> None:
    """They are nobody; but a card that has lost its beginning is still named."""
    found = contact(tmp_path, above + card("EMAIL:a@x.example"))
    assert (found.fields["email"], found.origin.line) == ("a@x.example", above.count("\n") + 1)
    lost, kept = cards(tmp_path, above + "TEL:1\nEMAIL:b@x.example\nEND:VCARD\n" + card("EMAIL:a@x.example"))
    assert isinstance(lost, Rejected)
    assert isinstance(kept, Contact)


MANNERS = {
    "small": ("version:3.0", "n:Beispiel;Anna", "adr:;;Weg 1;Bonn;;53111;DE", "email:anna@x.example"),
    "a capital": ("Version:3.0", "N:Beispiel;Anna", "Adr:;;Weg 1;Bonn;;53111;DE", "Email: anna@x.example"),
    "mixed": ("VERSION:3.0", "n:Beispiel;Anna", "ADR:;;Weg 1;Bonn;;53111;DE", "email:anna@x.example"),
    "mixed, with a type": (
        "VERSION:3.0",
        "n:Beispiel;Anna",
        "ADR:;;Weg 1;Bonn;;53111;DE",
        "Email;type=x:anna@x.example",
    ),
    "a label": ("VERSION:3.0", "N:Beispiel;Anna", "ADR:;;Weg 1;Bonn;;53111;DE", "label:Weg 1", "email:anna@x.example"),
    "a note": ("VERSION:3.0", "N:Beispiel;Anna", "adr:;;Weg 1;Bonn;;53111;DE", "note:alt", "email:anna@x.example"),
    "a group": ("VERSION:3.0", "N:Beispiel;Anna", "ADR:;;Weg 1;Bonn;;53111;DE", "item1.email:anna@x.example"),
}


@pytest.mark.parametrize("lines", MANNERS.values(), ids=MANNERS)
def test_names_in_any_case(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """The name of a property ignores case (RFC 6350, 3.3), also behind one that may have several lines."""
    found = contact(tmp_path, "\n".join(("begin:vcard", *lines, "end:vcard", "")))
    assert (found.fields["email"], found.fields["country"]) == ("anna@x.example", "DE")


# behind a card of four lines
BROKEN = {
    "half an address": (card("EMAIL:anna@fir", "ma.example"), 'line 8 cannot be read: "ma.example"'),
    "half a name": (card("FN:Anna", "Müller"), 'line 8 cannot be read: "Müller"'),
    "no end": ("BEGIN:VCARD\nEMAIL:a@x.example\n", "END:VCARD is missing: the file ends in the middle of a card"),
    "cut off": (
        card("EMAIL:a@x.example")[:-12],
        "END:VCARD is missing: the file ends in the middle of a card",
    ),
    "no beginning": ("EMAIL:a@x.example\nEND:VCARD\n", "BEGIN:VCARD is missing before this line"),
    "base64 that is none": (card("EMAIL;ENCODING=b:YW5uYUB4*"), "line 7: EMAIL is not valid base64"),
    "an endless line": (card("FN:" + "x" * 70_000), "line 7: FN is too long"),
    "an endless street": (card("ADR:;;Weg 1", *["x" * 100] * 50), "line 49: ADR is too long"),
    "an endless card": (card(*["X-A:" + "x" * 60_000] * 20), "the card is too large: END:VCARD must be missing"),
    "two in one": (
        card("EMAIL:a@x.example", "VERSION:3.0", "EMAIL:b@x.example"),
        "line 8 is a second VERSION: are END and BEGIN missing before it?",
    ),
    "two names": (
        card("N:Müller;Anna", "EMAIL:a@x.example", "N:Meier;Bernd"),
        "line 9 is a second N: are END and BEGIN missing before it?",
    ),
    "an assistant that is not closed": (
        card("EMAIL:a@x.example", "AGENT:", "BEGIN:VCARD"),
        "END:VCARD is missing: the file ends in the middle of a card",
    ),
    "an assistant that never ends": (
        "BEGIN:VCARD\nEMAIL:a@x.example\nAGENT:\nBEGIN:VCARD\nEMAIL:b@x.example\n",
        "END:VCARD is missing: the file ends in the middle of a card",
    ),
    "indented": ("BEGIN:VCARD\n EMAIL:a@x.example\nEND:VCARD", 'line 6 cannot be read: "EMAIL:a@x.example"'),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN)
def test_broken_cards_are_rejected_and_the_rest_is_kept(tmp_path: Path, text: str, reason: str) -> None:
    """A broken card says where it stands and what is wrong; its neighbours are read."""
    before, after = card("EMAIL:vor@x.example"), card("EMAIL:nach@x.example")
    first, broken = cards(tmp_path, before + text)
    assert first.row["EMAIL"] == "vor@x.example"
    assert isinstance(broken, Rejected)
    assert (broken.reason, broken.origin) == (reason, Origin("contacts.vcf", 5))
    broken, *_, last = cards(tmp_path, text + "\r\n" + after)
    assert isinstance(broken, Rejected)
    assert isinstance(last, Contact)
    assert last.fields["email"] == "nach@x.example"


def test_rejected_cards_show_what_was_read(tmp_path: Path) -> None:
    """The report of a rejected card names whose it is; what comes after the break may be somebody else's."""
    found = rejected(tmp_path, card("FN:Anna Müller", "EMAIL:a@x.example", "FN:Bernd Meier", "TEL:1"))
    assert found.row == {"FN": "Anna Müller", "EMAIL": "a@x.example"}


def test_what_nobody_needs_may_be_unreadable(tmp_path: Path) -> None:
    """Binary or endless values of other properties cost nothing; neither does a lone END or a mark of CP/M."""
    binary = base64.b64encode(b"\0\1\2").decode()
    text = card(f"X-PICTURE;ENCODING=b:{binary}", "X-LONG:" + "x" * 70_000, "EMAIL:a@x.example")
    found = contact(tmp_path, text + "END:VCARD\r\n\x1a")
    assert found.row == {"EMAIL": "a@x.example"}


def test_pictures_are_not_kept_in_memory(tmp_path: Path) -> None:
    """VCardFile of 50 MB are read with the memory of one card, whether the picture is folded or one line."""
    picture = "QUJD" * 500_000
    folded = "\r\n ".join(picture[start : start + 74] for start in range(0, len(picture), 74))
    text = card(f"PHOTO;ENCODING=b:{picture}", "EMAIL:a@x.example") + card(
        f"PHOTO;ENCODING=b:{folded}", "EMAIL:b@x.example"
    )
    table = cards(tmp_path, text * 2)
    tracemalloc.start()
    try:
        assert len(list(table)) == 4
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"Name;E-Mail\nAnna;anna@firma.example\n", "no vCard in it"),
        (b"\x00\x01\x02" * 100, "binary"),
        (b"END:VCARD\n", "no vCard in it"),
        (None, "no such file"),
    ],
)
def test_files_that_hold_no_cards(tmp_path: Path, content: bytes | None, says: str) -> None:
    """What cannot be a vCard file is refused in plain words, when it is opened."""
    path = tmp_path / "contacts.vcf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        VCardFile(path, "contacts.vcf")
    assert "contacts.vcf" in caught.value.message
    assert caught.value.hint


SEVERAL = "".join(
    card(
        f"N:Name{who};Vor{who};;;",
        f"FN;ENCODING=QUOTED-PRINTABLE:Vor{who} =\r\nName{who}",
        f"item1.EMAIL;type=WORK:work{who}@x.example",
        "item1.X-ABLabel:Büro",
        f"EMAIL;PREF=1:home{who}@x.example",
        f"ADR:;;Weg{who} 1\\nHaus{who};Ort{who};;PLZ{who};Land{who}",
        f"NOTE:Notiz{who}\r\n und noch{who} mehr",
        f"TEL;TYPE=WORK:Tel{who}",
        f"X-EXTRA:Extra{who}\r\n  Extra{who}",
        version=version,
    )
    for who, version in zip(("QUELLE", "WASSER", "ZWIEBEL"), ("3.0", "2.1", "4.0"), strict=True)
)
#: Every value ends in the word of its card.
OWNER = re.compile("QUELLE|WASSER|ZWIEBEL")
EDGE = re.compile(rb"(?:END:VCARD)?BEGIN:VCARD\s*$")
LINES = SEVERAL.splitlines(keepends=True)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return the three cards with lines left out, doubled, cut or filled with something else."""
    lines = [line.encode(draw(st.sampled_from(["utf-8", "cp1252"]))) for line in LINES]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        at = draw(st.integers(0, len(line)))
        lines[place : place + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [line, line],
                    [line[:at]],
                    [line[:at] + b"\r\n" + line[at:]],
                    [line[:at] + draw(st.binary(max_size=4)) + line[at:]],
                    [b" " + line],
                    [line.rstrip() + b"=\r\n"],
                ]
            )
        ) or [b"\r\n"]
    return b"".join(lines)


@given(mutated())
@example(SEVERAL.encode())
def test_no_value_wanders_into_another_card(content: bytes) -> None:
    """However a file is damaged: nothing but InputError, and whoever is written to has only values of one card."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(InputError):
        for one in cards(Path(folder), content):
            own = content.split(b"\n")[one.origin.line - 1 :]
            edges = (place for place, line in enumerate(own) if place and EDGE.match(line))
            there = set(OWNER.findall(b"\n".join(own[: next(edges, None)]).decode("latin-1")))
            # what is rejected may end in the first lines of the next card, when those between them are lost
            if isinstance(one, Contact):
                values = [*one.row.values(), *one.fields.values(), *(cell.text for cell in one.addresses)]
                owners = set(OWNER.findall(" ".join(values)))
                assert len(owners) <= 1
                assert owners <= there


@given(st.binary(max_size=300))
@example(b"EMAIL:\xff")
def test_anything_inside_of_a_card_is_read_or_rejected(content: bytes) -> None:
    """Whatever stands between BEGIN and END: no exception, and the next card is read."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(InputError):
        text = b"BEGIN:VCARD\r\n" + content + b"\r\nEND:VCARD\r\n" + card("EMAIL:nach@x.example").encode()
        last = list(cards(Path(folder), text))[-1]
        assert last.row["EMAIL"] == "nach@x.example"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("DEATHDATE:19960415", "DEATHDATE: 19960415"),
        ("DEATHDATE:--0415", "DEATHDATE: --0415"),
        ("DEATHDATE;VALUE=text:circa 1800", "DEATHDATE: circa 1800"),
        ("item1.deathdate;value=date-and-or-time:1996", "DEATHDATE: 1996"),
        ("DEATHPLACE:Bonn", "DEATHPLACE: Bonn"),
        ("X-DEATHDATE:1996-04-15", "X-DEATHDATE: 1996-04-15"),
    ],
)
def test_the_dead(tmp_path: Path, line: str, reason: str) -> None:
    """Of whom it is known when or where they died, they are dead, however exactly it is known (RFC 6474)."""
    (told,) = contact(tmp_path, card("EMAIL:a@x.example", "FN:Anna", line, version="4.0")).objections
    assert (told.against, told.reason) == (Against.DECEASED, reason)


@pytest.mark.parametrize("line", ["DEATHDATE:", "BDAY:19960415", "BIRTHPLACE:Bonn", "ANNIVERSARY:19960415"])
def test_the_living(tmp_path: Path, line: str) -> None:
    """A property without a value says nothing, and other days are no death."""
    assert contact(tmp_path, card("EMAIL:a@x.example", "FN:Anna", line, version="4.0")).objections == ()
