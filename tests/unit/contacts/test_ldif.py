"""LDIF records are read as a person would read them, and a broken one costs nobody else."""

from __future__ import annotations

import base64
import contextlib
import re
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.contacts.ldif import LdifFile
from notify.core.contact import AddressCell, Contact, Origin, Rejected
from notify.errors import InputError


def entries(folder: Path, text: str | bytes, encoding: str = "utf-8") -> LdifFile:
    """Return the entries of a file with these lines."""
    path = folder / "contacts.ldif"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return LdifFile(path, "contacts.ldif")


def record(*lines: str) -> str:
    """Return a record of a person with these lines."""
    return "".join(f"{line}\n" for line in ("dn: cn=x,dc=firma,dc=example", "objectclass: person", *lines, ""))


def contact(folder: Path, text: str | bytes) -> Contact:
    """Return the only contact of a file."""
    (found,) = entries(folder, text)
    assert isinstance(found, Contact), found
    return found


def filled(found: Contact) -> dict[str, str]:
    """Return the fields that are not empty."""
    return {name: value for name, value in found.fields.items() if value}


def coded(text: str, encoding: str = "utf-8") -> str:
    """Return a text in base64."""
    return base64.b64encode(text.encode(encoding)).decode()


def test_a_record_of_thunderbird(tmp_path: Path) -> None:
    """Thunderbird's attributes fill the fields; a job is no title, notes and birthdays are not stored."""
    found = contact(
        tmp_path,
        record(
            "objectclass: mozillaAbPersonAlpha",
            "givenName: Anna",
            f"sn:: {coded('Müller')}",
            f"cn:: {coded('Anna Müller')}",
            "mail: anna@firma.example",
            "mozillaSecondEmail: anna@privat.example",
            "personalTitle: Frau Dr.",
            "o: Beispiel GmbH",
            "ou: Einkauf",
            "title: Leiterin",
            "street: Hauptstr. 1",
            "l: Hamburg",
            "postalCode: 20095",
            "c: Deutschland",
            "mozillaHomeStreet: Heimweg 2",
            "telephoneNumber: +49 40 1",
            "preferredLanguage: de",
            "description: zahlt spät",
            "birthyear: 1970",
        ),
    )
    assert found.origin == Origin("contacts.ldif", 1)
    assert filled(found) == {
        "email": "anna@firma.example",
        "email_2": "anna@privat.example",
        "name": "Anna Müller",
        "first_name": "Anna",
        "last_name": "Müller",
        "prefix": "Frau Dr.",
        "company": "Beispiel GmbH",
        "language": "de",
        "street": "Hauptstr. 1",
        "postcode": "20095",
        "city": "Hamburg",
        "country": "Deutschland",
        "phone": "+49 40 1",
    }
    assert found.addresses == (AddressCell("anna@firma.example", preferred=True), AddressCell("anna@privat.example"))


def test_row_has_every_attribute_as_it_is_spelled_first(tmp_path: Path) -> None:
    """row["mail"] works in a template, whichever way a record spells it; what is there again has a number."""
    text = record("mail: a@x.example", "Mail: b@x.example", "custom1: 00123", "userPassword: geheim")
    table = entries(tmp_path, text + record("MAIL: c@x.example", "mobile: 1"))
    assert table.headers == ("dn", "mail", "mail (2)", "custom1", "mobile")
    assert table.columns == {"mail": "email", "mail (2)": "email", "mobile": "phone"}
    first, second = table
    dn = {"dn": "cn=x,dc=firma,dc=example"}
    assert first.row == dn | {"mail": "a@x.example", "mail (2)": "b@x.example", "custom1": "00123", "mobile": ""}
    assert second.row == dn | {"mail": "c@x.example", "mail (2)": "", "custom1": "", "mobile": "1"}


ADDRESSES = {
    "the primary one first": (("mozillaSecondEmail: b@x.example", "mail: a@x.example"), "a b"),
    "several": (("mail: a@x.example", "mail: b@x.example", "mail: c@x.example", "mail: d@x.example"), "a b c"),
    "only a second one": (("xmozillasecondemail: b@x.example",), "b"),
    "empty": (("mail:", "mail: ", "mozillaSecondEmail: b@x.example"), "b"),
    "Exchange": (("mail: /o=ExchangeLabs/cn=a@x.example", "mail: b@x.example"), "b"),
    "in another file": (("mail:< file:///tmp/mail", "mail: b@x.example"), "b"),
    "none": (("mobile: 1",), ""),
}


@pytest.mark.parametrize(("lines", "order"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_address_that_is_written_to(tmp_path: Path, lines: tuple[str, ...], order: str) -> None:
    """The primary address is written to, then the others in their order; nothing is fetched from elsewhere."""
    fields = contact(tmp_path, record(*lines)).fields
    found = [fields[name].partition("@")[0] for name in ("email", "email_2", "email_3")]
    assert found == [*order.split(), "", "", ""][:3]


SAID = {
    "display name before common name": (("cn: mueller", "displayName: Anna Müller"), {"name": "Anna Müller"}),
    "home, where there is nothing of work": (
        ("c: DE", "mozillaHomeStreet: Heimweg 2", "mozillaHomeLocalityName: Wedel", "mozillaHomeCountryName: AT"),
        {"street": "Heimweg 2", "city": "Wedel", "country": "AT"},
    ),
    "postal address": (
        ("postalAddress: Hauptstr. 1$20095 Hamburg", "l: Hamburg"),
        {"street": "Hauptstr. 1", "city": "Hamburg"},
    ),
    "a language of its own": (("cn;lang-de: Müller",), {"name": "Müller"}),
    "an address book of old": (("cellphone: 1", "countryname: DE"), {"phone": "1", "country": "DE"}),
}


@pytest.mark.parametrize(("lines", "fields"), SAID.values(), ids=SAID)
def test_what_else_a_record_says(tmp_path: Path, lines: tuple[str, ...], fields: dict[str, str]) -> None:
    """Attributes of other programs are known too; an address by letter is of one place."""
    assert filled(contact(tmp_path, record(*lines))) == fields


LINES = {
    "plain": "cn: Anna Müller",
    "no blank": "cn:Anna Müller",
    "base64": f"cn:: {coded('Anna Müller')}",
    "base64 of Windows": f"cn:: {coded('Anna Müller', 'cp1252')}",
    "base64, folded": f"cn:: {coded('Anna Müller')[:5]}\n {coded('Anna Müller')[5:]}",
    "folded": "cn: Anna\n  Mü\n ller",
    "upper case": "CN: Anna Müller",
    "a comment, folded": "# mail: x\n mail: y\ncn: Anna Müller",
    "blanks": "cn :   Anna Müller  ",
    "an empty line of blanks": "cn: Anna Müller\n ",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_lines(tmp_path: Path, lines: str, end: str) -> None:
    """Values are plain or base64, folded or not (RFC 2849)."""
    found = contact(tmp_path, record(lines, "mail: a@x.example").replace("\n", end))
    assert filled(found) == {"name": "Anna Müller", "email": "a@x.example"}


def test_records_with_their_lines(tmp_path: Path) -> None:
    """Records begin at dn, behind an empty line or not; version and comments belong to none."""
    text = (
        "\ufeffversion: 1\n\n# Kunden\n" + record("mail: a@x.example") + "\n\n" + record("mail: b@x.example").rstrip()
    )
    text += "\n" + record("mail: c@x.example") + "# search result\nsearch: 2\nresult: 0 Success\n\n# numEntries: 3\n"
    assert [(one.origin.line, one.row["mail"]) for one in entries(tmp_path, text)] == [
        (4, "a@x.example"),
        (10, "b@x.example"),
        (13, "c@x.example"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_undeclared_encodings(tmp_path: Path, encoding: str) -> None:
    """LDIF should be ASCII, but programs write what they like."""
    table = entries(tmp_path, record("cn: Jörg Müßig"), encoding)
    assert table.encoding == encoding
    assert [one.row["cn"] for one in table] == ["Jörg Müßig"]


@pytest.mark.parametrize(
    "lines",
    [
        ("objectclass: top", "objectClass: groupOfNames", "mail: liste@x.example", "member: cn=x,mail=a@x.example"),
        ("objectClass: groupOfUniqueNames", "uniqueMember: cn=x,mail=a@x.example"),
        ("objectClass: organizationalUnit", "ou: people"),
        ("changetype: delete",),
        ("changetype: modify", "replace: mail", "mail: b@x.example", "-", "delete: cn", "-"),
        ("control: 1.2.840.113556.1.4.805 true", "changetype: modrdn", "newrdn: cn=y", "deleteoldrdn: 1"),
    ],
)
def test_what_is_no_contact_is_passed_over(tmp_path: Path, lines: tuple[str, ...]) -> None:
    """Groups, branches of a directory and changes are nobody."""
    other = "".join(f"{line}\n" for line in ("dn: cn=y", *lines, ""))
    table = entries(tmp_path, other + record("changetype: add", "mail: a@x.example") + other)
    assert [one.row for one in table] == [{"dn": "cn=x,dc=firma,dc=example", "mail": "a@x.example"}]
    assert table.groups == 2


def test_a_branch_that_can_be_written_to_is_a_contact(tmp_path: Path) -> None:
    """A department with an address is somebody."""
    found = contact(tmp_path, "dn: ou=Presse\nobjectClass: organizationalUnit\nmail: presse@x.example\n")
    assert found.fields["email"] == "presse@x.example"


# behind a record of four lines
BROKEN = {
    "no colon": (record("mail: anna@fir", "ma.example"), 'line 8 cannot be read: "ma.example"'),
    "base64 that is none": (record("mail:: YW5uYUB4*"), "line 7: mail is not valid base64"),
    "base64 that was cut off": (record("mail:: YW5uYUB4LmV4YW1wbG"), "line 7: mail is not valid base64"),
    "binary": (record("cn:: AAEC"), "line 7: cn holds binary data"),
    "an endless line": (record("cn: " + "x" * 70_000), "line 7: cn is too long"),
    "an endless record": (
        record(*["a: " + "x" * 60_000] * 20),
        "the record is too large: an empty line must be missing",
    ),
    "no beginning": ("mail: a@x.example\n\n", "the record does not begin with dn:"),
    "two in one": (
        record("mail: a@x.example", "objectClass: Person", "mail: b@x.example"),
        "line 8 has an objectClass again: is an empty line missing before it?",
    ),
    "a fold without a line before it": (" mail: a@x.example\n\n", 'line 5 cannot be read: "mail: a@x.example"'),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN)
def test_broken_records_are_rejected_and_the_rest_is_kept(tmp_path: Path, text: str, reason: str) -> None:
    """A broken record says where it stands and what is wrong; its neighbours are read."""
    before, after = record("mail: vor@x.example"), record("mail: nach@x.example")
    first, broken, last = entries(tmp_path, before + text + after)
    assert [first.row["mail"], last.row["mail"]] == ["vor@x.example", "nach@x.example"]
    assert isinstance(broken, Rejected)
    assert isinstance(last, Contact)
    assert (broken.reason, broken.origin) == (reason, Origin("contacts.ldif", 5))


def test_rejected_records_show_what_was_read(tmp_path: Path) -> None:
    """The report of a rejected record names whose it is; what comes after the break may be somebody else's."""
    (found,) = entries(tmp_path, record("cn: Anna", "mail: a@x.example", "objectclass: top", "mail: b@x.example"))
    assert isinstance(found, Rejected)
    assert found.row == {"dn": "cn=x,dc=firma,dc=example", "cn": "Anna", "mail": "a@x.example"}
    _, fragment = entries(tmp_path, record("cn: Anna") + "mail: a@x.example\n")
    assert fragment.row["mail"] == "a@x.example"


def test_what_nobody_needs_may_be_unreadable(tmp_path: Path) -> None:
    """Binary or endless values of other attributes cost nothing."""
    lines = (
        "objectGUID:: AAEC",
        "custom1:: *",
        "custom2: " + "x" * 70_000,
        "userCertificate;binary:: AAEC",
        "mail: a@x.example",
    )
    assert contact(tmp_path, record(*lines)).row.keys() == {"dn", "mail"}


def test_pictures_are_not_kept_in_memory(tmp_path: Path) -> None:
    """Pictures are passed over, whether they are folded or one line."""
    picture = "QUJD" * 500_000
    folded = "\n ".join(picture[start : start + 76] for start in range(0, len(picture), 76))
    text = record(f"jpegPhoto:: {picture}", "mail: a@x.example") + record(f"jpegPhoto:: {folded}", "mail: b@x.example")
    table = entries(tmp_path, text * 2)
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
        (b"Name;E-Mail\nAnna;anna@firma.example\n", "no LDIF record in it"),
        (b"version: 1\n", "no LDIF record in it"),
        (b"\x00\x01\x02" * 100, "binary"),
        (None, "no such file"),
    ],
)
def test_files_that_hold_no_records(tmp_path: Path, content: bytes | None, says: str) -> None:
    """What cannot be LDIF is refused in plain words, when it is opened."""
    path = tmp_path / "contacts.ldif"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        LdifFile(path, "contacts.ldif")
    assert "contacts.ldif" in caught.value.message
    assert caught.value.hint


SEVERAL = "version: 1\r\n" + "".join(
    f"dn: cn=Dn{who}\r\nobjectclass: top\r\nobjectclass: person\r\ncn:: {coded(f'Vor{who} Name{who} ü')}\r\n"
    f"sn: Name{who}\r\nmail: erste{who}@x.ex\r\n ample\r\nmozillaSecondEmail: zweite{who}@x.example\r\n"
    f"description: Notiz{who}\r\n und noch{who} mehr\r\no: Firma{who}\r\nstreet: Weg{who}\r\n\r\n"
    for who in ("QUELLE", "WASSER", "ZWIEBEL")
)
#: Every value ends in the word of its record.
OWNER = re.compile("QUELLE|WASSER|ZWIEBEL")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return the three records with lines left out, doubled, cut or filled with something else."""
    lines = [line.encode() for line in SEVERAL.splitlines(keepends=True)]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        at = draw(st.integers(0, len(line)))
        cut = [[], [line, line], [line[:at]], [line[:at] + b"\r\n" + line[at:]], [b" " + line]]
        lines[place : place + 1] = draw(st.sampled_from([*cut, [line[:at] + draw(st.binary(max_size=4)) + line[at:]]]))
        lines = lines or [b"\r\n"]
    return b"".join(lines)


@given(mutated())
@example(SEVERAL.encode())
def test_no_value_wanders_into_another_record(content: bytes) -> None:
    """However a file is damaged: nothing but InputError, and whoever is written to has only values of one record."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(InputError):
        for one in entries(Path(folder), content):
            # what is rejected may end in the first line of the next record, when the line end between them is lost
            if isinstance(one, Contact):
                values = [*one.row.values(), *one.fields.values(), *(cell.text for cell in one.addresses)]
                assert len(set(OWNER.findall(" ".join(values)))) <= 1


@given(st.binary(max_size=300))
@example(b"mail:\xff")
@example(b"dn:: *\nobjectClass: person")
def test_anything_inside_of_a_record_is_read_or_rejected(content: bytes) -> None:
    """Whatever stands between two records: no exception, and the next one is read."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(InputError):
        text = b"dn: cn=x\n" + content + b"\n\n" + record("mail: nach@x.example").encode()
        assert list(entries(Path(folder), text))[-1].row["mail"] == "nach@x.example"
