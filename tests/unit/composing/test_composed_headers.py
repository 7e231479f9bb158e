"""Headers: whatever stands in a cell, one header comes out, and every reader reads the same in it."""

from __future__ import annotations

import base64
import re
import string
import unicodedata
from email import message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing import headers
from notify.composing.encoded_words import encoded_words
from notify.core.message import Mailbox

LONGEST_LINE = 76
LONGEST_WORD = 75
ADDRESS = "erika@muster.example"

NAMES = {
    "plain": "Erika Mustermann",
    "umlauts": "Jürgen Müller-Lüdenscheidt",
    "czech": "Růžena Žďárská",
    "greek": "Γιώργος Παπαδόπουλος",
    "cyrillic": "Ольга Иванова",
    "chinese": "王小明",
    "arabic": "محمد بن عبد الله",
    "hebrew": "משה כהן",
    "emoji": "Café ☕ 👩‍👩‍👧 Familie",
    "comma": "Mustermann, Erika",
    "comma and umlaut": "Müller, Jürgen",
    "quotes": 'Erika "Riki" Mustermann',
    "backslash": "back\\slash \\",
    "dots": "Dr. E. Mustermann",
    "address": "erika@anders.example",
    "angle": "Mallory <mallory@boese.example>",
    "list": "a@boese.example, b@boese.example;",
    "comment": "Erika (privat)",
    "group": "Alle: Leute;",
    "encoded look-alike": "=?utf-8?q?Mallory_=3Cmallory=40boese=2Eexample=3E?=",
    "half a look-alike": "a =?b",
    "underscore": "snake_case ? =",
    "long and plain": "Gesellschaft fuer die Erhaltung alter Maschinen und Werkzeuge in Mecklenburg und Umgebung",
    "long and quoted": "Muster & Soehne, Nachf. Meier, Werkzeuge, Maschinen, Eisenwaren. Reparatur und Verleih",
    "long and encoded": "Gesellschaft für die Erhaltung älterer Maschinen und Geräte in Mecklenburg und Umgebung",
    "no blank anywhere": "x" * 2000,
}

SUBJECTS = {
    **NAMES,
    "long and ASCII": "Our address changes: please update your records " * 40,
    "long and German": "Unsere Anschrift ändert sich: bitte berichtigen Sie Ihre Unterlagen, " * 40,
    "long and Chinese": "我们的联系方式已更改。" * 100,
    "two blanks": "one  two   three " * 20,
    "many blanks": "one" + " " * 3000 + "two",
    "no-break space": "10 000 €",
    "a word beyond the limit": "x" * 999 + " y",
}

#: What people paste into cells, and what an attacker would.
HOSTILE = [
    *(
        "\r\n",
        "\n",
        "\r",
        "\t",
        "\0",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x7f",
        "\x85",
        "\xa0",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
    ),
    *("\u200d", "\ufeff", "\ud800", "\udcff", "Bcc: x@boese.example", "=?utf-8?q?", "?=", "=", "?", "_", " ", "  "),
    *(",", ";", ":", "<", ">", "@", '"', "\\", "(", ")", ".", "'"),
    *("a", "Meier", "ü", "ß", "e\u0301", "ř", "ж", "א", "م", "中", "👩", "x" * 70, "é" * 30),
]
hostile_text = st.lists(st.sampled_from(HOSTILE) | st.characters(exclude_categories=[]), max_size=60).map("".join)


def parsed(header: str) -> EmailMessage:
    """Read a header as a message that has nothing else."""
    return message_from_string(header + "\r\n", policy=policy.SMTP)


def decoded(value: str) -> str:
    """Decode encoded words the old way: the newer parser of Python < 3.13 puts blanks between them in a name."""
    return str(make_header(decode_header(value)))


def readable(text: str) -> str:
    """Return what should be left of a text in a header, said character by character."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", " ")
    text = "".join(" " if character in "\r\n\t" else character for character in text)
    dropped = [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u2028", "\u2029"]
    return "".join(c for c in text if unicodedata.category(c) != "Cc" and c not in dropped).strip(" ")


def assert_well_formed(header: str) -> None:
    """Hold a header against RFC 5322, 2.2.3: ASCII, lines of at most 76, none of them blank, all but one indented."""
    assert header.isascii()
    assert header.endswith("\r\n")
    lines = header.removesuffix("\r\n").split("\r\n")
    assert all(line.strip() for line in lines)
    assert all(line.startswith(" ") for line in lines[1:])
    assert all(len(line) <= LONGEST_LINE for line in lines)
    assert "\r" not in "".join(lines)
    assert "\n" not in "".join(lines)


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_a_subject_is_read_as_it_was_written(subject: str) -> None:
    """Every script and every length comes back as it was, on lines of at most 76."""
    header = headers.text("Subject", subject)
    assert_well_formed(header)
    assert parsed(header)["Subject"] == subject.strip(" ")
    assert not parsed(header)["Subject"].defects


@given(hostile_text)
@example("=?utf-8?q?x?=\r\nBcc: x@boese.example\r\n\r\nbody")
def test_no_subject_makes_a_second_header(subject: str) -> None:
    """Whatever a subject holds, exactly one header comes out, and what is readable in it is kept."""
    header = headers.text("Subject", subject)
    assert_well_formed(header)
    message = parsed(header)
    assert message.keys() == ["Subject"]
    assert message.get_payload() == ""
    assert message["Subject"] == readable(subject)
    assert decoded(header.replace("\r\n", "")).removeprefix("Subject:").strip(" ") == readable(subject)
    assert not message.defects
    assert not message["Subject"].defects


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    """A display name of any script comes back as it was, beside the address that was given."""
    header = headers.mailbox("To", Mailbox(name, ADDRESS))
    assert_well_formed(header)
    value = parsed(header)["To"]
    assert [address.addr_spec for address in value.addresses] == [ADDRESS]
    raw, address = parseaddr(header.removeprefix("To:").replace("\r\n", ""))
    assert (decoded(raw), address) == (name, ADDRESS)


@given(hostile_text)
@example("Erika\r\nBcc: x@boese.example")
@example("a@boese.example>, <b@boese.example")
@example('"')
@example("\\")
def test_no_name_adds_an_address(name: str) -> None:
    """Whatever a name holds, To has one address and it is the given one, for both parsers."""
    header = headers.mailbox("To", Mailbox(name, ADDRESS))
    assert_well_formed(header)
    message = parsed(header)
    assert message.keys() == ["To"]
    assert [address.addr_spec for address in message["To"].addresses] == [ADDRESS]
    assert not message.defects
    assert not message["To"].defects
    raw, address = parseaddr(header.removeprefix("To:").replace("\r\n", ""))
    assert address == ADDRESS
    assert decoded(raw).split() == readable(name).split()


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("", "To: erika@muster.example\r\n"),
        (" \r\n\0 ", "To: erika@muster.example\r\n"),
        ("Erika  Mustermann", "To: Erika Mustermann <erika@muster.example>\r\n"),
        ("Mustermann, Erika", 'To: "Mustermann, Erika" <erika@muster.example>\r\n'),
        ('Erika "Riki" M', 'To: "Erika \\"Riki\\" M" <erika@muster.example>\r\n'),
        ("Müller", "To: =?utf-8?q?M=C3=BCller?= <erika@muster.example>\r\n"),
        ("王小明", "To: =?utf-8?b?546L5bCP5piO?= <erika@muster.example>\r\n"),
    ],
)
def test_a_name_is_written_in_the_plainest_form(name: str, header: str) -> None:
    """Bare address, atoms, quoted string, Q, B: the first of them that can hold the name."""
    assert headers.mailbox("To", Mailbox(name, ADDRESS)) == header


@pytest.mark.parametrize(
    ("subject", "header"),
    [
        ("", "Subject:\r\n"),
        ("Our new address", "Subject: Our new address\r\n"),
        ("a\r\nb\tc\nd", "Subject: a b c d\r\n"),
        ("Neue Adresse für Sie", "Subject: =?utf-8?q?Neue_Adresse_f=C3=BCr_Sie?=\r\n"),
    ],
)
def test_a_subject_is_written_in_the_plainest_form(subject: str, header: str) -> None:
    """What is ASCII stays legible in the source."""
    assert headers.text("Subject", subject) == header


def test_a_long_subject_in_ascii_is_folded_at_blanks_and_not_encoded() -> None:
    """Folding is enough where the words are short."""
    header = headers.text("Subject", "Our address changes " * 20)
    assert "=?" not in header
    assert_well_formed(header)
    assert header.startswith("Subject: Our address changes Our address changes Our address changes")


def in_q(text: str) -> str:
    """Return a text in Q encoding (RFC 2047, 4.2), as a phrase wants it."""
    bare = {sign: sign for sign in string.ascii_letters + string.digits + "!*+-/"} | {" ": "_"}
    return "".join(bare.get(sign) or "".join(f"={octet:02X}" for octet in sign.encode()) for sign in text)


def in_b(text: str) -> str:
    """Return a text in B encoding (RFC 2047, 4.1)."""
    return base64.b64encode(text.encode()).decode()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(24, 80))
def test_each_encoded_word_can_be_decoded_for_itself(text: str, room: int) -> None:
    """No word is longer than 75, nor the first than its room; none holds a blank or half a character."""
    words = encoded_words(text, room)
    assert all(
        re.fullmatch(r"=\?utf-8\?(q\?([A-Za-z0-9!*+/_-]|=[0-9A-F]{2})+|b\?[A-Za-z0-9+/]+=*)\?=", word) for word in words
    )
    assert len(words[0]) <= room
    assert max(map(len, words)) <= LONGEST_WORD
    assert "".join(decoded(word) for word in words) == text


@pytest.mark.parametrize("room", [24, 60, 80])
@pytest.mark.parametrize("cut", ["ä", "ß", "ÿ", "À", "=", " ä ", "шö" * 20, "中x👩" * 15])
def test_a_word_is_as_long_as_it_may_be(cut: str, room: int) -> None:
    """A message that is sent again is cut where it was: at the last character that has room, one after the other."""
    for places in range(64):
        text = "x" * places + cut + "x" * 55 + cut
        encode = in_q if len(in_q(text)) <= len(in_b(text)) else in_b
        most, words = min(room, LONGEST_WORD), [""]
        for character in text:
            if len("=?utf-8?_??=" + encode(words[-1] + character)) > most:
                words.append("")
                most = LONGEST_WORD
            words[-1] += character
        assert encoded_words(text, room) == [f"=?utf-8?{encode.__name__[-1]}?{encode(word)}?=" for word in words]


@pytest.mark.parametrize(
    "address",
    [
        *("", "erika", "erika@", "@muster.example", "a b@muster.example", "müller@muster.example", "e@müller.example"),
        *("e@muster.example\n", "e@muster.example\r\nBcc: x@boese.example", "a@boese.example,e@muster.example"),
        *("e@muster@x.example", "<e@muster.example>", "e@muster.example>", '"e"@muster.example', "e@muster.example\0"),
        *("e(x)@muster.example", "\ud800@muster.example", "e" * 300 + "@muster.example"),
    ],
)
def test_what_would_need_quoting_is_not_an_address(address: str) -> None:
    """What is refused here could otherwise add an address, a header or an SMTP command."""
    assert not headers.is_address(address)


@pytest.mark.parametrize(
    "address", [ADDRESS, "o'neil+tag@a-b.example.org", "x_y=z@xn--mller-kva.example", "info@localhost"]
)
def test_usual_addresses_are_addresses(address: str) -> None:
    """Plus signs, apostrophes and A-labels are as usual as letters."""
    assert headers.is_address(address)
    assert parsed(headers.mailbox("To", Mailbox("", address)))["To"].addresses[0].addr_spec == address


WIDE = ["jörg.müller@muster.example", "用户@xn--mnchen-3ya.example", "مريم@muster.example", "σ" * 60 + "@b.example"]


@pytest.mark.parametrize("address", WIDE)
@pytest.mark.parametrize("name", ["", *NAMES.values()])
def test_an_address_beyond_ascii_stands_in_utf_8(address: str, name: str) -> None:
    """The address is there as it is, never in an encoded word; the name is written as for everybody else."""
    assert headers.is_wide_address(address)
    assert not headers.is_address(address)
    header = headers.mailbox("To", Mailbox(name, address))
    assert f"<{address}>" in header or header == f"To: {address}\r\n"
    assert header.replace(address, ADDRESS).isascii()
    assert all(len(line) <= 998 for line in header.encode().split(b"\r\n"))
    read = message_from_string(header + "\r\n", policy=policy.SMTPUTF8)
    (found,) = read["To"].addresses
    assert (found.addr_spec, bool(found.display_name)) == (address, bool(name))


@pytest.mark.parametrize(
    "address",
    [
        *("ü", "ü@", "@b.example", "ü ü@b.example", "ü@bücher.example", "ü\u0085@b.example", "ü\u2028b@b.example"),
        *("ü@b.example\n", "ü@b.example\r\nBcc: x@boese.example", "ü@boese.example,e@b.example", "ü\u202e@b.example"),
        *("<ü@b.example>", "ü@b.example>", '"ü"@b.example', "ü\0@b.example", "ü(x)@b.example", "\ud800@b.example"),
        *("ü\u00a0@b.example", "ü\u200b@b.example", "ü" * 255 + "@b.example"),
    ],
)
def test_an_address_beyond_ascii_adds_nothing(address: str) -> None:
    """UTF-8 opens no way into another address or header either."""
    assert not headers.is_wide_address(address)


def test_an_address_that_is_longer_than_a_line_stands_on_a_line_of_its_own() -> None:
    """It cannot be folded, but what stands before it can."""
    address = "e" * 64 + "@" + "d" * 60 + ".example"
    header = headers.mailbox("To", Mailbox("Erika", address))
    assert header == f"To: Erika\r\n <{address}>\r\n"
    assert parsed(header)["To"].addresses[0].addr_spec == address


@pytest.mark.parametrize("room", [40, 60, 74, 75])
def test_what_just_fits_is_one_word(room: int) -> None:
    """As long as a text fits into what is left of the line it is one encoded word, and one letter more makes it two."""
    fits = "ü" + "a" * (room - len("=?utf-8?q?=C3=BC?="))
    (word,) = encoded_words(fits, room)
    assert len(word) == room
    first, second = encoded_words(fits + "a", room)
    assert (len(first), second) == (room, "=?utf-8?q?a?=")
