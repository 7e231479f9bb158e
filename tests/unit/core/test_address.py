"""Addresses as they are found in cells, and what is said about those that are none."""

from __future__ import annotations

import re
import string
import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from notify.core.address import beyond_ascii, identity, parse_address, parse_own_address

# words, signs and letters that addresses and their mistakes are made of
PIECES = st.sampled_from([*'@@@..-_+"\\<>()[]:;, \t\n\0?/=', "mailto:", "/o=", "xn--", "example", "info", "müller"])
CELLS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join)
LOCAL_PARTS = st.text(string.ascii_letters + string.digits + ".!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=70)
# what nearly all domains look like, and what is nearly so
LABELS = st.one_of(
    st.sampled_from(
        "example de com X xn--a ab--c a--b -a a- test local localhost onion arpa invalid tests 1 a1 1a".split()
    ),
    st.text("aZ0-", min_size=1, max_size=5),
    st.integers(60, 65).map("b".__mul__),
)
DOMAINS = st.one_of(
    st.lists(LABELS, min_size=1, max_size=5).map(".".join),
    st.lists(st.text("abzAZ09-ßäé\u03b1\u0301\u2024", min_size=1, max_size=20), min_size=1, max_size=14).map(".".join),
    st.sampled_from(["b.example", "B.EXAMPLE", "xn--bcher-kva.example", "a.test", "b" * 63 + ".example", "1.2.3.4"]),
)


def verdict(cell: str) -> tuple[str, str]:
    """Return the address, or the reason why it is none."""
    try:
        return parse_address(cell), ""
    except ValueError as error:
        return "", str(error)


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("anna@firma.example", "anna@firma.example"),
        (" anna@firma.example\t", "anna@firma.example"),
        ("\u200b\ufeffanna@firma.example \u200b", "anna@firma.example"),
        ("\xa0anna@firma.example\xa0", "anna@firma.example"),
        ("mailto:anna@firma.example", "anna@firma.example"),
        ("MAILTO: anna@firma.example?subject=Hallo@alle", "anna@firma.example"),
        ("<anna@firma.example>", "anna@firma.example"),
        ("< anna@firma.example >", "anna@firma.example"),
        ("Anna Müller <anna@firma.example>", "anna@firma.example"),
        ('"Müller, Anna" <anna@firma.example>', "anna@firma.example"),
        ("anna@alt.example <mailto:anna@firma.example>", "anna@firma.example"),
        ('"anna@firma.example"', "anna@firma.example"),
        ("'anna@firma.example'", "anna@firma.example"),
        ("Anna.Müller <A.Mueller@FIRMA.Example>", "A.Mueller@firma.example"),
        ("INFO@firma.example", "INFO@firma.example"),
        ("o'brien+list@firma.example", "o'brien+list@firma.example"),
        ("info@bäckerei-süß.example", "info@xn--bckerei-s-o1a0c4t.example"),
        ("info@BÄCKEREI.example", "info@xn--bckerei-5wa.example"),
        ("info@xn--bckerei-5wa.example", "info@xn--bckerei-5wa.example"),
        ("info@例え。example", "info@xn--r8jz45g.example"),
        ("a@b.c.d.e.example", "a@b.c.d.e.example"),
        ("x" * 70 + "@firma.example", "x" * 70 + "@firma.example"),
        ("jörg.müller@firma.example", "jörg.müller@firma.example"),
        ("jo\u0308rg.MU\u0308LLER@Firma.example", "jörg.MÜLLER@firma.example"),
        ("Müller, Jörg <mailto:jörg@firma.example>", "jörg@firma.example"),
        ("dr.ñandú+é@bücher.example", "dr.ñandú+é@xn--bcher-kva.example"),
        ("用户@münchen.example", "用户@xn--mnchen-3ya.example"),
        ("иван.петров-1@пример.example", "иван.петров-1@xn--e1afmkfd.example"),
        ("σίσυφος@firma.example", "σίσυφος@firma.example"),
        ("مريم_7@firma.example", "مريم_7@firma.example"),
        ("राम@firma.example", "राम@firma.example"),
        ("น้ำ@firma.example", "น้ำ@firma.example"),
        ("Info.サーバーと田中@firma.example", "Info.サーバーと田中@firma.example"),
        ("김철수Kim@firma.example", "김철수Kim@firma.example"),
        ("pau.col·lell@firma.example", "pau.col·lell@firma.example"),
        ("\u212aim@firma.example", "Kim@firma.example"),
    ],
)
def test_an_address_is_found_in_its_cell(cell: str, address: str) -> None:
    """What stands around an address is taken off, the domain becomes A-labels, the local part stays as written."""
    assert parse_address(cell) == address


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "is empty"),
        (" <> ", "is empty"),
        ("Anna Müller", "has no @"),
        ("anna(at)firma.example", "has no @"),
        ("anna＠firma.example", 'has "＠" where the @ should be'),
        ("müller@@firma.example", "two @ signs"),
        ("anna@firma.example max@firma.example", "two @ signs"),
        ("a@b@c@d", "3 @ signs"),
        ("@firma.example", "has nothing before the @"),
        ("anna@", "has nothing after the @"),
        ("anna@firma", "the domain has no dot"),
        ("anna@localhost", "the domain has no dot"),
        ("anna müller@firma.example", "contains a blank"),
        ("anna@firma. example", "contains a blank"),
        ("anna\xa0m@firma.example", "contains a blank"),
        ("anna\nm@firma.example", "contains a line break"),
        ("anna\u200bm@firma.example", "contains an invisible character (U+200B)"),
        ("anna\0@firma.example", "contains an invisible character (U+0000)"),
        ("\ud800@firma.example", "contains an invisible character (U+D800)"),
        ("anna@[192.0.2.1]", "has an IP address instead of a domain"),
        ("/o=ExchangeLabs/ou=Exchange/cn=anna", "an entry of an Exchange directory (X.500)"),
        ("/o=a@b.example", "an entry of an Exchange directory (X.500)"),
        ("EX:/O=FIRMA/OU=ERSTE/CN=anna@firma.example", "an entry of an Exchange directory (X.500)"),
        ("anna..m@firma.example", "cannot have two dots in a row"),
        (".anna@firma.example", "cannot start with a dot"),
        ("anna.@firma.example", "cannot have a dot immediately before the @"),
        ("anna@-firma.example", "cannot have a hyphen immediately after the @"),
        ("anna@firma.example.", "cannot end with a dot"),
        ("anna@firma.example,", "the part after the @ contains invalid characters: ','"),
        ("anna@firma_1.example", "the part after the @ contains invalid characters: '_'"),
        ("anna(m@firma.example", "contains invalid characters before the @: '('"),
        ("x" * 300 + "@firma.example", "is too long (60 characters too many)"),
        ("ü..m@firma.example", "cannot have two dots in a row"),
        ("ü\u00a0m@firma.example", "contains a blank"),
        ("ü\u202em@firma.example", "contains an invisible character (U+202E)"),
        ("مريم\u2067@firma.example", "contains an invisible character (U+2067)"),
        ("ü\u200dm@firma.example", "contains an invisible character (U+200D)"),
        ("ü\u3164m@firma.example", "contains an invisible character (U+3164)"),
        ("ü\ufe0fm@firma.example", "contains an invisible character (U+FE0F)"),
        ("\u0430nna@firma.example", 'mixes Cyrillic and Latin letters before the @: "\u0430"'),
        ("\u0441.meier@firma.example", 'mixes Cyrillic and Latin letters before the @: "\u0441"'),
        ("\u03bfskar@firma.example", 'mixes Greek and Latin letters before the @: "\u03bf"'),
        ("مريم.ali@firma.example", 'mixes Arabic and Latin letters before the @: "ali"'),
        ("田\u0430@firma.example", 'mixes Chinese and Cyrillic letters before the @: "田"'),
        ("カ김김@firma.example", 'mixes Hangul and Katakana letters before the @: "カ"'),
        ("o’brien@firma.example", 'contains a look-alike before the @: "’ for \'"'),
        ("anna–maria@firma.example", 'contains a look-alike before the @: "– for -"'),
        ("ａnna@firma.example", 'contains a look-alike before the @: "ａ for a"'),
        ("ﬁnn@firma.example", 'contains a look-alike before the @: "ﬁ for fi"'),
        ("jÃ¶rg@firma.example", 'contains a sign that is no letter before the @: "¶"'),
        ("😀@firma.example", 'contains a sign that is no letter before the @: "😀"'),
        ("a1\u20e3@firma.example", "contains a sign that is no letter before the @: (U+20E3)"),
        ("a.\u0301b@firma.example", "contains an accent without a letter before the @ (U+0301)"),
        ("a\u037eb@firma.example", "contains invalid characters before the @: ';'"),
    ],
)
def test_a_mistake_is_named(cell: str, reason: str) -> None:
    """The reason is one line in plain words that tells the owner of the list what to mend."""
    with pytest.raises(ValueError, match=re.escape(reason)) as caught:
        parse_address(cell)
    assert str(caught.value) == reason


def test_an_address_of_our_own_is_ascii() -> None:
    """The sender stands in every message; with such an address all of them would need SMTPUTF8, everywhere."""
    assert parse_own_address("Anna <A.Mueller@bücher.example>") == "A.Mueller@xn--bcher-kva.example"
    with pytest.raises(ValueError, match="SMTPUTF8") as caught:
        parse_own_address("jörg.müller.jö@firma.example")
    assert str(caught.value) == '"öü" before the @ would need SMTPUTF8 at every recipient'


def test_the_letters_that_need_smtputf8_are_known() -> None:
    """They are shown; the domain never needs it."""
    assert beyond_ascii(parse_address("jo\u0308rg.müller.jö@bücher.example")) == "öü"
    assert beyond_ascii(parse_address("jm@bücher.example")) == ""


@given(CELLS)
@example("a@" + "b." * 200 + "example")
@example("@" * 1000)
@example("<" * 500 + ">" * 500)
def test_nothing_but_a_value_error_is_raised(cell: str) -> None:
    """Whatever stands in a cell is an address or a one-line reason, never a traceback."""
    address, reason = verdict(cell)
    assert bool(address) != bool(reason)
    assert address.rpartition("@")[2].isascii()
    assert address.isprintable()
    assert unicodedata.is_normalized("NFC", address)
    assert reason == " ".join(reason.split())


@given(LOCAL_PARTS, DOMAINS)
@example("a" * 64, "b" * 63 + "." + "c" * 63 + "." + "d" * 50 + ".example")
@example("a" * 65, "b" * 63 + "." + "c" * 63 + "." + "d" * 50 + ".example")
@example("a", "b" * 63 + "." + "c" * 63 + "." + "d" * 60 + "." + "e" * 50 + ".example")
@example("a", "é" * 60 + ".example")
@example("a" * 64, f"{'b' * 63}.{'c' * 63}.{'d' * 54}.example")
@example("a", "ab--c.example")
@example("a", "xn--b.example")
@example("a", "b.test")
@example("a", "b.Local")
@example("a", "b.tests")
@example("a", f"{'b' * 64}.example")
@example("a", "b-.example")
@example("a", "b.-c")
@example("a", "b.c")
@example("a", "b.c0")
@example("a", "\u212a\u017f.example")
def test_the_short_way_is_the_long_way(local: str, domain: str) -> None:
    """Knowing and remembering domains changes no verdict: it is that of email-validator for the whole address."""
    try:
        expected = f"{local}@{validate_email(f'{local}@{domain}', check_deliverability=False).ascii_domain}"
    except EmailNotValidError:
        expected = ""
    assert verdict(f"{local}@{domain}")[0] == expected


def test_an_address_has_one_identity() -> None:
    """Anna is ANNA, so that nobody is written to twice; two people are never one."""
    assert identity(parse_address("Anna.M@FIRMA.example")) == identity(parse_address("anna.m@firma.EXAMPLE"))
    assert identity(parse_address("a@bücher.example")) == identity(parse_address("A@XN--BCHER-KVA.example"))
    assert identity("anna.m@firma.example") != identity("annam@firma.example")
    assert identity("anna+x@firma.example") != identity("anna@firma.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jörg@firma.example", "jo\u0308rg@firma.example"),
        ("jörg@firma.example", "JÖRG@FIRMA.example"),
        ("jörg@firma.example", "JO\u0308RG@firma.example"),
        ("ОЛЬГА@firma.example", "ольга@firma.example"),
        ("ΣΊΣΥΦΟΣ@firma.example", "σίσυφος@firma.example"),
        ("WEIẞ@firma.example", "weiß@firma.example"),
        ("Việt@firma.example", "VIE\u0323\u0302T@firma.example"),
        ("用户A@münchen.example", "用户a@xn--mnchen-3ya.example"),
    ],
)
def test_however_a_name_is_encoded_it_is_one(one: str, other: str) -> None:
    """Composed or not, in capitals or not: nobody is written to twice."""
    assert identity(parse_address(one)) == identity(parse_address(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("jörg", "jorg"), ("jörg", "joerg"), ("weiß", "weiss"), ("ılgaz", "ilgaz"), ("ольга", "олга")],
)
def test_names_that_are_spelt_differently_are_two(one: str, other: str) -> None:
    """They are different addresses to every server, so they may be two people; nobody is forgotten."""
    assert identity(parse_address(f"{one}@firma.example")) != identity(parse_address(f"{other}@firma.example"))


@pytest.mark.parametrize("block", range(0, 0x20000, 0x1000))
def test_every_letter_has_an_identity(block: int) -> None:
    """Of all letters but the many thousand that are alike: the identity of an address is one, and its own."""
    for letter in map(chr, range(max(block, 0x80), block + 0x1000)):
        if unicodedata.name(letter, "CJK").startswith(("CJK", "HANGUL SYLLABLE", "CUNEIFORM", "EGYPTIAN")):
            continue
        if address := verdict(f"{letter}@b.example")[0]:
            assert parse_address(address) == address
            assert parse_address(identity(address)) == identity(address) == identity(identity(address))


@given(CELLS)
def test_an_identity_is_its_own(cell: str) -> None:
    """An address and its identity are the same address."""
    if address := verdict(cell)[0]:
        assert parse_address(address) == address
        assert identity(parse_address(identity(address))) == identity(address)
