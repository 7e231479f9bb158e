"""Card, appointment and code: right for whoever reads them, the same every time, and nothing of a bank account."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.cards import Person, QrError, appointment, qr_code, vcard
from notify.cards.lines import text, written
from notify.cards.qr import mecard
from notify.contacts import open_source
from notify.core.campaign import Change, Details
from notify.core.contact import Contact

DAY = dt.date(2026, 12, 1)
DETAILS = Details(
    email="info@neu.example",
    phone="+49 40 222222",
    mobile="+49 171 222222",
    fax="+49 40 222223",
    website="https://muster.example/a;b,c",
    street="Musterweg 2; Hinterhaus",
    postcode="20095",
    city="Hamburg, Altstadt",
    country="Deutschland",
    iban="DE89 3704 0044 0532 0130 00",
    bic="MUSTDEHHXXX",
    bank="Musterbank",
    account_holder="Muster PR",
)
ANNA = Person("Änne von der Große", DETAILS, "muster", "Änne", "von der Große", "Müller, Söhne & Co; Büro")
CHANGE = Change(old=Details(email="info@alt.example", city="Hamburg, Altstadt"), new=DETAILS, effective=DAY)

anything = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n\t\\;,:"ü中\u2028'), max_size=120)


def unfolded(octets: str) -> list[str]:
    """Hold a file against the rules for its lines, and return them unfolded (RFC 2425, 5.8.1)."""
    assert octets.endswith("\r\n")
    lines = octets.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    return re.sub(r"\r\n ", "", octets).removesuffix("\r\n").split("\r\n")


def plain(value: str) -> str:
    """Return a text as it was before it was escaped."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_the_card(tmp_path: Path) -> None:
    """What it says, line by line; and our own reader of cards finds the same."""
    card = vcard(ANNA, DAY)
    assert unfolded(card) == [
        *("BEGIN:VCARD", "VERSION:3.0", f"UID:{ANNA.uid}", "N:von der Große;Änne;;;", "FN:Änne von der Große"),
        *("ORG:Müller\\, Söhne & Co\\; Büro", "EMAIL;TYPE=INTERNET,WORK,PREF:info@neu.example"),
        *("TEL;TYPE=WORK,VOICE:+49 40 222222", "TEL;TYPE=CELL,VOICE:+49 171 222222", "TEL;TYPE=WORK,FAX:+49 40 222223"),
        "ADR;TYPE=WORK:;;Musterweg 2\\; Hinterhaus;Hamburg\\, Altstadt;;20095;Deutschland",
        *("URL:https://muster.example/a;b,c", "REV:2026-12-01T00:00:00Z", "END:VCARD"),
    ]
    path = tmp_path / "karte.vcf"
    path.write_bytes(card.encode())
    (contact,) = open_source(path, "karte.vcf", {})
    assert isinstance(contact, Contact)
    for name, value in {
        "email": "info@neu.example",
        "first_name": "Änne",
        "last_name": "von der Große",
        "company": "Müller, Söhne & Co; Büro",
        "street": "Musterweg 2; Hinterhaus",
        "city": "Hamburg, Altstadt",
        "postcode": "20095",
    }.items():
        assert contact.fields[name] == value


def test_a_card_of_little() -> None:
    """Name and version are always there (RFC 2426, 3.1.1, 3.1.2 and 3.6.9); nothing else is, that is not given."""
    card = unfolded(vcard(Person("Muster PR", Details(), "x"), None))
    assert card[0:2] == ["BEGIN:VCARD", "VERSION:3.0"]
    assert card[3:] == ["N:Muster PR;;;;", "FN:Muster PR", "END:VCARD"]


def test_a_later_card_has_the_same_number() -> None:
    """Whatever has changed on it; somebody else's has another."""
    later = replace(ANNA, name="Änne Klein", details=Details(email="neuer@neu.example"))
    assert later.uid == ANNA.uid
    assert replace(ANNA, mark="other").uid != ANNA.uid
    assert ANNA.uid_of("2026-12") not in {ANNA.uid, ANNA.uid_of("2027-01")}


@pytest.mark.parametrize(
    ("language", "summary", "label"),
    [
        ("de", "Neue Kontaktdaten", "Telefon"),
        ("en", "New contact details", "Phone"),
        ("fr", "Nouvelles coordonnées", "Téléphone"),
    ],
)
def test_the_appointment(language: str, summary: str, label: str) -> None:
    """The whole day, published by the sender, in the reader's language; only what is new, and no account number."""
    made = appointment(ANNA, CHANGE, DAY, language, campaign_id="2026-12", sender="info@neu.example")
    lines = unfolded(made)
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//notify//notify//EN", "METHOD:PUBLISH"]
    assert lines[-2:] == ["END:VEVENT", "END:VCALENDAR"]
    values = dict(line.split(":", 1) for line in lines[5:-2])
    assert values["UID"] == f"{ANNA.uid_of('2026-12')}@neu.example"
    assert values["DTSTAMP"] == "20261201T000000Z"
    assert (values["DTSTART;VALUE=DATE"], values["DTEND;VALUE=DATE"]) == ("20261201", "20261202")
    assert values['ORGANIZER;CN="Änne von der Große"'] == "mailto:info@neu.example"
    assert values["SUMMARY"] == f"{summary}: Änne von der Große"
    description = plain(values["DESCRIPTION"]).split("\n")
    assert f"{label}: +49 40 222222" in description
    assert not any("Hamburg" in line or "DE89" in line or "Musterbank" in line for line in description)


def test_the_last_day_of_all() -> None:
    """There is none after it; without an end it is one day all the same (RFC 5545, 3.6.1)."""
    made = appointment(ANNA, CHANGE, dt.date.max, "de", campaign_id="x", sender="a@b.example")
    assert "DTSTART;VALUE=DATE:99991231" in made
    assert "DTEND" not in made


def test_the_code() -> None:
    """A MeCard with what is given, its special characters escaped, as a PNG; the same every time."""
    content, picture = qr_code(ANNA)
    assert content == (
        "MECARD:N:von der Große,Änne;ORG:Müller\\, Söhne & Co\\; Büro;TEL:+49 40 222222;TEL:+49 171 222222;"
        "EMAIL:info@neu.example;ADR:,,Musterweg 2\\; Hinterhaus,Hamburg\\, Altstadt,,20095,Deutschland;"
        "URL:https\\://muster.example/a\\;b\\,c;;"
    )
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert qr_code(ANNA) == (content, picture)
    assert mecard(Person("Muster PR", Details(), "x")) == "MECARD:N:Muster PR;;"


def test_too_much_for_a_code() -> None:
    """What no telephone reads from a screen is refused."""
    with pytest.raises(QrError, match="too long"):
        qr_code(replace(ANNA, company="x" * 400))


@given(anything)
@example("\r\nEND:VCARD\r\nBEGIN:VCARD")
@example("ü" * 200)
def test_no_name_is_more_than_one_line(name: str) -> None:
    """Whatever stands in it, there is one card and one appointment, and the name comes back."""
    person = replace(ANNA, name=name, first="", last="")
    (full,) = (line for line in unfolded(vcard(person, DAY)) if line.startswith("FN:"))
    assert plain(full.removeprefix("FN:")) == re.sub(r"\r\n|[\r\n\u2028\u2029]", "\n", _without_controls(name))
    lines = unfolded(appointment(person, CHANGE, DAY, "de", campaign_id="x", sender="a@b.example"))
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        *("BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR")
    ]


def _without_controls(value: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", value)


@given(st.lists(anything, min_size=1, max_size=5))
def test_lines_are_folded_between_characters(values: list[str]) -> None:
    """Each comes back, and no line of the file is longer than 75 octets."""
    lines = [f"X:{text(_without_controls(value))}" for value in values]
    assert unfolded(written(lines)) == lines


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Muster PR", "Muster PR"), ('a/b\\c:d*e?"f<g>h|i', "a b c d e f g h i"), ("..", "contact"), ("", "contact")],
)
def test_names_of_files(name: str, expected: str) -> None:
    """No file system refuses it, and nothing of it leads elsewhere."""
    assert replace(ANNA, name=name).file_name == expected
