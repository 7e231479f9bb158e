"""What a relay repeats of the credentials is taken out of it, however it writes them."""

from __future__ import annotations

import base64
import re
import string
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.outcome import Loss, Phase, Reply
from notify.core.redaction import Redaction
from notify.core.status import Status
from notify.core.verdict import judge

TOKEN = "ya29.A0ARrdaM-k_9Zq7"
USER, PASSWORD = "info@alt.example", "Grüße aus Kiel 1"


def _said(redaction: Redaction, *lines: str) -> list[str]:
    answer = redaction.answer(Reply(535, lines))
    assert isinstance(answer, Reply)
    return list(answer.lines)


@pytest.mark.parametrize(
    ("secret", "line", "left"),
    [
        (TOKEN, f"5.7.8 bad token {TOKEN}", "5.7.8 bad token ***"),
        (TOKEN, f"(token={TOKEN},x)", "(token=***,x)"),
        (TOKEN, f"cut off: {TOKEN[:9]}", "cut off: ***"),
        (TOKEN, f"...{TOKEN[-8:]}", "...***"),
        (TOKEN, f"{TOKEN[:7]}, {TOKEN[7:]} again", "*** again"),
        (TOKEN, f"{TOKEN}{TOKEN}", "***"),
        (TOKEN, f"{TOKEN.upper()} or {TOKEN.lower()}", "*** or ***"),
        (TOKEN, " ".join(TOKEN), "***"),
        (TOKEN, "ya29. is no part of its own", "ya29. is no part of its own"),
        (PASSWORD, "not 'Grüße aus Kiel 1'!", "not '***'!"),
        (PASSWORD, "not GRÜSSE AUS KIEL 1!", "not ***!"),
        (PASSWORD, "not grüße AUS kiel 1!", "not ***!"),
        (PASSWORD, f"not {quote(PASSWORD)}!", "not ***!"),
        (PASSWORD, f"not {quote(PASSWORD, encoding='latin-1')}!", "not ***!"),
        (PASSWORD, "not Gr=C3=BC=C3=9Fe=20aus=20Kiel=201!", "not ***!"),
        (PASSWORD, "not Gr+FC+DFe+20aus+20Kiel+201!", "not ***!"),
        (PASSWORD, r"not Gr\xc3\xbc\xc3\x9fe aus Kiel 1!", "not ***!"),
        (PASSWORD, f"not {PASSWORD.encode().hex()}!", "not ***!"),
        (PASSWORD, f"not {PASSWORD.encode().hex(':')}!", "not ***!"),
        ("!?$§#%&/", "you said !?$§#%&/, not it", "you said ***, not it"),
        ("abc", "you said ABC, not it, alphabet", "you said ***, not it, alphabet"),
        ("", "nothing to hide", "nothing to hide"),
        (TOKEN, "", ""),
    ],
)
def test_redacted(secret: str, line: str, left: str) -> None:
    """Whole or in part, in any case and any way of writing; the words of the reply stay."""
    assert _said(Redaction(secret, USER), "5.7.8 no", line) == ["5.7.8 no", left]


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD, "geheim", "x" * 40])
@pytest.mark.parametrize("before", ["", "\0", f"\0{USER}\0", f"user={USER}\1auth=Bearer ", "ab"])
@pytest.mark.parametrize("change", [str, str.lower, str.upper])
@pytest.mark.parametrize("safe", [False, True])
def test_base64(secret: str, before: str, change: type[str], safe: bool) -> None:
    """Base64 of a secret is masked whatever it begins with, as it is in AUTH, also where its case was changed."""
    encode = base64.urlsafe_b64encode if safe else base64.b64encode
    encoded = change(encode(f"{before}{secret}\1\1".encode()).decode())
    assert _said(Redaction(secret, USER), f"5.5.2 unknown: AUTH PLAIN {encoded}, bye") == [
        "5.5.2 unknown: AUTH PLAIN ***, bye"
    ]


@pytest.mark.parametrize("width", [4, 5, 9, 16])
def test_base64_in_parts(width: int) -> None:
    """It may be broken over lines and words."""
    encoded = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
    parts = [encoded[at : at + width] for at in range(0, len(encoded), width)]
    for lines in (parts, [" ".join(parts)]):
        said = "\n".join(_said(Redaction(PASSWORD, USER), *lines))
        secret = base64.b64encode(f"{PASSWORD}".encode()).decode()
        assert not [part for part in parts[6:] if len(part) >= 4 and part in said], said
        assert secret[:8] not in said


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD.lower(), "!?$§#%&/", "Geheim2026"])
@pytest.mark.parametrize("offset", range(7))
def test_every_part_at_every_place(secret: str, offset: int) -> None:
    """Six characters of a secret in a row are masked wherever they stand in the line."""
    for at in range(len(secret) - 5):
        line = f"{'x' * offset}{secret[at : at + 6]}xxx"
        assert _said(Redaction(secret), line) == [f"{'x' * offset}***xxx"]


def test_a_short_one_in_base64() -> None:
    """The response of AUTH PLAIN is known as a whole, however short the password is."""
    encoded = base64.b64encode(f"\0{USER}\0abc".encode()).decode()
    assert _said(Redaction("abc", USER), f"not {encoded}") == ["not ***"]


@pytest.mark.parametrize(
    "secret", ["info@alt.example-2026", "alt.example1", "Infoinfo@Alt", USER, "info", "alt.example"]
)
def test_the_user_stays(secret: str) -> None:
    """The name of the user can be read, though parts of the password are parts of it."""
    redaction = Redaction(secret, f"my-{USER}")
    line = f"5.7.1 my-{USER} is not known, and nobody else at alt.example"
    assert _said(redaction, line)[0].startswith(f"5.7.1 my-{USER} is not known")
    if len(secret) > 6 and secret != USER:
        assert secret not in _said(redaction, f"{line}: {secret}")[0].replace(f"my-{USER}", "")


def test_lines_stay() -> None:
    """Each line of a reply stays a line."""
    assert _said(Redaction(TOKEN), TOKEN[:10], TOKEN[10:], "bye") == ["***", "***", "bye"]


def test_loss() -> None:
    """A loss quotes the relay too."""
    assert Redaction(TOKEN).answer(Loss(f'it said "{TOKEN}"', silent=True)) == Loss('it said "***"', silent=True)


def test_judged_before() -> None:
    """A password that is a word of the reply does not change what the reply means."""
    outcome = judge(Phase.RCPT, Reply(552, ("5.2.2 mailbox full",)), sent_before=1)
    redacted = Redaction("mailbox").outcome(outcome)
    assert (redacted.status, str(redacted.answer)) == (Status.DEFERRED, "552 5.2.2 *** full")


def test_words() -> None:
    """Where the words for the user quote the answer, they are redacted with it."""
    outcome = judge(Phase.MAIL, Reply(554, (f"Your account has been suspended: {TOKEN}",)))
    redacted = Redaction(TOKEN).outcome(outcome)
    assert TOKEN not in redacted.words
    assert str(redacted.answer) in redacted.words


def test_nothing_to_hide() -> None:
    """What does not show a secret stays the same object."""
    outcome = judge(Phase.DOT, Reply(250, ("2.0.0 Ok: queued as 4F2A",)))
    assert Redaction(TOKEN, USER).outcome(outcome) is outcome
    assert Redaction().outcome(outcome) is outcome


@given(
    secret=st.text(string.ascii_letters + string.digits + "äßÖ!%=+/é €", min_size=6, max_size=30),
    before=st.text(string.ascii_letters + " <>:", max_size=12),
    behind=st.text(string.ascii_letters + " <>:", max_size=12),
    how=st.sampled_from([str, str.upper, str.lower, quote, lambda text: text.encode().hex()]),
)
def test_any_secret(secret: str, before: str, behind: str, how: type[str]) -> None:
    """Of no secret more than chance is left, whatever stands around it and however it is written."""
    written = how(secret)
    said = _said(Redaction(secret, USER), f"{before}{written}{behind}")[0]
    assert written not in said
    left = re.split(re.escape("***"), said)
    assert all(len(piece) <= max(len(before), len(behind)) + 5 for piece in left), said


def test_a_long_reply() -> None:
    """A reply as long as one may be, full of what has to be looked at, is no trouble."""
    begun = time.process_time()
    said = _said(Redaction(PASSWORD, "a"), *[f"a {PASSWORD} %41 a@b AGluZm8A" * 20] * 90)
    assert time.process_time() - begun < 10
    assert "Kiel" not in "".join(said)
