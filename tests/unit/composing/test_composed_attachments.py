"""Attachments: the same octets under the same name, wherever the name is from."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing.attachment import part
from notify.core.message import Attachment
from tests.composed import defects_of

LONGEST_LINE = 78
OCTETS = bytes(range(256)) * 20 + b"\r\n--=_notify_mixed--\r\n.\r\n"


def parsed(attachment: Attachment) -> EmailMessage:
    """Hold the lines of a part against RFC 5322, then read it."""
    octets = part(attachment)
    assert octets.isascii()
    assert all(len(line) <= LONGEST_LINE for line in octets.split(b"\r\n"))
    assert octets.count(b"\n") == octets.count(b"\r") == octets.count(b"\r\n")
    message = message_from_bytes(octets, policy=policy.default)
    assert message.keys() == ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]
    assert defects_of(message) == []
    return message


@pytest.mark.parametrize(
    "filename",
    [
        "Anschrift.pdf",
        "Neue Anschrift (gültig ab Dezember).pdf",
        "Preisliste, Stand 1. 12.; neu.xlsx",
        'mit "Anführung".pdf',
        'a "quoted" name.pdf',
        "100% neu's.pdf",
        "back\\slash.pdf",
        "联系方式变更通知.pdf",
        "連絡先変更のお知らせ" * 12 + ".pdf",
        "Ünïcödé " * 30 + ".pdf",
        "a" * 250 + ".pdf",
        "עברית.pdf",
        "👩‍👩‍👧.png",
        "=?utf-8?q?x?=.pdf",
        "utf-8''x.pdf",
    ],
)
def test_a_file_comes_back_under_its_name(filename: str) -> None:
    """Umlauts, Chinese, quotes and names longer than a line."""
    message = parsed(Attachment(filename, "application/pdf", OCTETS))
    assert message.get_filename() == filename
    assert message.get_content_disposition() == "attachment"
    assert message.get_content_type() == "application/pdf"
    assert message.get_content() == OCTETS


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), min_size=1))
def test_any_printable_filename_comes_back(filename: str) -> None:
    """Every character on its own, wherever a long name is cut."""
    expected = "".join(c for c in filename if not ("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")).strip(" ")
    # get_filename() would also take off blanks and brackets at the ends
    parameters = parsed(Attachment(filename, "image/png", b"x"))["Content-Disposition"].params
    assert parameters.get("filename", "") == expected


@given(st.text(st.characters(exclude_categories=[])))
@example("a.pdf\r\nBcc: x@boese.example\r\n\r\n")
@example('a.pdf"; x="')
@example("\ud800.pdf")
def test_no_filename_makes_a_second_header(filename: str) -> None:
    """Whatever a filename holds, the part has its three headers and the octets."""
    assert parsed(Attachment(filename, "image/png", OCTETS)).get_content() == OCTETS


@pytest.mark.parametrize(
    ("given_type", "sent_type"),
    [
        ("image/png", "image/png"),
        ("text/plain", "text/plain"),
        ("text/vcard; charset=utf-8", "text/vcard"),
        ("", "application/octet-stream"),
        ("pdf", "application/octet-stream"),
        ("x" * 128 + "/y", "application/octet-stream"),
        ("image/png\r\nBcc: x@boese.example", "application/octet-stream"),
        ("Message/RFC822", "application/octet-stream"),
        ("multipart/mixed; boundary=x", "application/octet-stream"),
    ],
)
def test_only_a_type_that_may_be_sent_in_base64_is_named(given_type: str, sent_type: str) -> None:
    """A letter that is attached as it is stays a file; a type that is none is not guessed."""
    message = parsed(Attachment("brief", given_type, b"From: a@b.example\n\nx\n"))
    assert message.get_content_type() == sent_type
    assert message.get_payload(decode=True) == b"From: a@b.example\n\nx\n"


def test_the_charset_of_a_text_is_kept() -> None:
    """A vCard in UTF-8 says so."""
    message = parsed(Attachment("ich.vcf", "text/vcard; charset=utf-8", "FN:Jürgen\r\n".encode()))
    assert message["Content-Type"].params == {"charset": "utf-8"}
    assert message.get_content() == "FN:Jürgen\r\n"
