"""Message-ID and digest: what makes two messages the same one."""

from __future__ import annotations

import base64
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.message import Envelope, Message, message_id

SECRET = b"\x07" * 32
NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def test_message_id_is_stable() -> None:
    """The Message-ID of one recipient never changes; this one is written down so that no later version changes it."""
    assert message_id(SECRET, "neue-adresse", "4711", "alt.example") == "<jbgjfk47vcwpdtfci4rxwrfr5m@alt.example>"


@given(st.binary(max_size=130), NAMES, NAMES)
def test_message_id_is_keyed(secret: bytes, campaign: str, key: str) -> None:
    """Its letters are those of HMAC-SHA256, as ``hmac`` makes it, with keys of every length."""
    mark = hmac.new(secret, f"{campaign}\0{key}".encode(), "sha256").digest()
    letters = base64.b32encode(mark).decode().lower()[:26]
    assert message_id(secret, campaign, key, "alt.example") == f"<{letters}@alt.example>"


@pytest.mark.parametrize(
    "other",
    [
        (b"\x08" * 32, "neue-adresse", "4711", "alt.example"),
        (SECRET, "neue-adresse-2", "4711", "alt.example"),
        (SECRET, "neue-adresse", "4712", "alt.example"),
        (SECRET, "neue-adresse", "4711", "neu.example"),
        (SECRET, "neue-adresse4", "711", "alt.example"),
    ],
    ids=["secret", "campaign", "key", "domain", "where campaign ends and key begins"],
)
def test_message_id_differs(other: tuple[bytes, str, str, str]) -> None:
    """Another secret, campaign, key or domain makes another Message-ID."""
    assert message_id(*other) != message_id(SECRET, "neue-adresse", "4711", "alt.example")


@given(NAMES, NAMES, NAMES, NAMES)
def test_message_ids_never_collide(campaign: str, key: str, campaign_2: str, key_2: str) -> None:
    """Two recipients have one Message-ID only if campaign and key are the same."""
    same = message_id(SECRET, campaign, key, "a.example") == message_id(SECRET, campaign_2, key_2, "a.example")
    assert same == ((campaign, key) == (campaign_2, key_2))


@given(st.binary(min_size=1), NAMES, NAMES)
def test_message_id_stands_in_a_header(secret: bytes, campaign: str, key: str) -> None:
    """Whatever campaign and key are called, the Message-ID is short, in ASCII and in lower case, and tells neither."""
    assert re.fullmatch(r"<[a-z2-7]{26}@alt\.example>", message_id(secret, campaign, key, "alt.example"))


def test_digest() -> None:
    """The digest is that of the octets alone, as sha256sum says it."""
    octets = b"Subject: x\r\n\r\nx\r\n"
    one = Message(Envelope("a@alt.example", "n@kunde.example"), "<1@alt.example>", octets)
    other = Message(Envelope("b@alt.example", "m@kunde.example"), "<2@alt.example>", octets)
    assert one.digest == other.digest == "bba0f4af655951bf67a87e5b9098b436f502a2d5e0d94a4c3859af52e0bf953a"
    assert Message(one.envelope, one.message_id, octets + b".").digest != one.digest


@pytest.mark.parametrize(
    ("octets", "stuffed"),
    [
        (b"", b""),
        (b".\r\n", b"..\r\n"),
        (b"..\r\n", b"...\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
        (b"a.\r\n.b\r\n\r\n.\r\n", b"a.\r\n..b\r\n\r\n..\r\n"),
    ],
)
def test_dot_stuffing(octets: bytes, stuffed: bytes) -> None:
    """Every line that begins with a dot gets another one, and no other line is touched."""
    assert Message(Envelope("", "n@kunde.example"), "<1@alt.example>", octets).stuffed == stuffed
