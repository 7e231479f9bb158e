"""Reading replies: what is SMTP is read however it is cut, and what is not never harms."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.outcome import Loss, Reply
from notify.core.replies import LONGEST_LINE, MOST_LINES, MOST_OCTETS, Replies


def _read(*pieces: bytes) -> list[Reply | Loss]:
    """Feed pieces; return every reply up to the first loss."""
    replies, answers = Replies(), list[Reply | Loss]()
    for piece in pieces:
        replies.feed(piece)
        while (answer := replies.next()) is not None:
            answers.append(answer)
            if isinstance(answer, Loss):
                assert replies.next() == answer, "what is unreadable stays unreadable"
                return answers
    return answers


@pytest.mark.parametrize(
    ("octets", "code", "lines"),
    [
        (b"250 OK\r\n", 250, ("OK",)),
        (b"250\r\n", 250, ("",)),
        (b"250 \r\n", 250, ("",)),
        (b"250-first\r\n250-\r\n250 last\r\n", 250, ("first", "", "last")),
        (b"250-first\r\n250\r\n", 250, ("first", "")),
        (b"354 go\n", 354, ("go",)),
        (b"199 odd\r\n", 199, ("odd",)),
        (b"554 5.7.1 a\rb\r\n", 554, ("5.7.1 a b",)),
        ("550 Empfänger unbekannt\r\n".encode(), 550, ("Empfänger unbekannt",)),
        ("550 Empfänger unbekannt\r\n".encode("latin-1"), 550, ("Empfänger unbekannt",)),
        (b"250 \x1b]0;title\x07\x00red\x7f\r\n", 250, ("]0;titlered",)),
    ],
)
def test_replies(octets: bytes, code: int, lines: tuple[str, ...]) -> None:
    """Real relays bend the grammar in these ways, and are understood."""
    assert _read(octets) == [Reply(code, lines)]


@pytest.mark.parametrize(
    "octets",
    [
        b"\r\n",
        b"hello\r\n",
        b"25 \r\n",
        b"2500 OK\r\n",
        b"250_OK\r\n",
        b" 250 OK\r\n",
        b"650 OK\r\n",
        b"050 OK\r\n",
        b"\xff\xfe\r\n",
        "２５０ OK\r\n".encode(),
        b"250-one\r\n251 two\r\n",
        b"250-one\r\nand more\r\n",
        b"250 " + b"x" * LONGEST_LINE + b"\r\n",
        b"x" * LONGEST_LINE,
        b"250-more\r\n" * (MOST_LINES + 1),
        (b"250-" + b"x" * 8000 + b"\r\n") * (MOST_OCTETS // 8000 + 1) + b"250 x\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n",
    ],
)
def test_garbage(octets: bytes) -> None:
    """What is not SMTP is a loss that says so, and nothing behind it is believed."""
    answers = _read(octets, b"250 OK\r\n")
    assert len(answers) == 1
    assert isinstance(answers[0], Loss)
    assert answers[0].reason.startswith("the relay sent ")


def test_a_line_without_an_end() -> None:
    """It is not waited for until all memory is full."""
    assert _read(b"250 " + b"x" * LONGEST_LINE) == [Loss("the relay sent a line without an end")]


def test_limits_are_generous() -> None:
    """The longest line and the longest reply that are allowed are read."""
    long = b"250-" + b"x" * (LONGEST_LINE - 6) + b"\r\n"
    [reply] = _read(long, b"250-a\r\n" * (MOST_LINES - 2), b"250 b\r\n")
    assert isinstance(reply, Reply)
    assert len(reply.lines) == MOST_LINES


def test_nothing_yet() -> None:
    """Half a reply is no reply, and not nothing either."""
    replies = Replies()
    assert replies.empty
    replies.feed(b"2")
    assert replies.next() is None
    assert not replies.empty
    replies.feed(b"50-a\r\n")
    assert replies.next() is None
    assert not replies.empty
    replies.feed(b"250 b\r\n421 bye\r\n")
    assert replies.next() == Reply(250, ("a", "b"))
    assert not replies.empty
    assert replies.next() == Reply(421, ("bye",))
    assert replies.empty


LIKE_SMTP = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.builds(
            lambda code, mark, text, end: code + mark + text + end,
            st.sampled_from([b"250", b"250", b"354", b"421", b"550", b"999"]),
            st.sampled_from([b" ", b"-", b""]),
            st.binary(max_size=12),
            st.sampled_from([b"\r\n", b"\n", b"\r\n"]),
        ),
        st.just(b"250-" + b"y" * LONGEST_LINE),
    ),
    max_size=12,
).map(b"".join)


@given(octets=LIKE_SMTP, cuts=st.lists(st.integers(min_value=0), max_size=20))
def test_cutting_changes_nothing(octets: bytes, cuts: list[int]) -> None:
    """However the network cuts the octets, the replies are the same; and no octets make an exception."""
    places = sorted({cut % (len(octets) + 1) for cut in cuts} | {0, len(octets)})
    pieces = [octets[begin:end] for begin, end in itertools.pairwise(places)]
    whole = _read(octets)
    assert _read(*pieces) == whole
    assert _read(*(octets[place : place + 1] for place in range(len(octets)))) == whole
    for answer in whole:
        assert str(answer).isprintable()


def test_shown() -> None:
    """A reply that would fill the screen, and the ledger with each recipient, is shown with its beginning and end."""
    [reply] = _read(b"550-" + b"a" * 5000 + b"\r\n", b"550 5.1.1 no such user\r\n")
    assert isinstance(reply, Reply)
    assert len(str(reply)) < 2100
    assert str(reply).startswith("550 aaaa")
    assert str(reply).endswith("aaa 5.1.1 no such user")
    assert len(reply.text) > 5000
    assert str(Reply(550, ("x" * 2000,))) == f"550 {'x' * 2000}"
