"""Bodies: the text comes back as it was, on lines that every relay takes."""

from __future__ import annotations

import quopri
import random
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing.body import quoted_printable
from notify.composing.pieced_body import encoded
from notify.core.pieced import Pieced

LONGEST_LINE = 76

#: What moves the end of an encoded line about.
_AWKWARD = [
    " ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    ".",
    "..",
    "=",
    "=20",
    "ü",
    "中",
    "👩",
    "\0",
    "\x0b",
    "\x0c",
    "\u2028",
    "\x85",
    "From ",
]
awkward_text = st.lists(
    st.sampled_from(_AWKWARD) | st.integers(1, 80).map("x".__mul__) | st.characters(exclude_categories=[]), max_size=50
).map("".join)


def normalised(text: str) -> str:
    """Return what a reader should find: LF line ends, one at the end, no lone surrogates."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


_HEADERS = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


def assert_reads(encoded: bytes, text: str) -> None:
    """Hold an encoded body against RFC 2045: lines of at most 76 in printable ASCII, no blank at their ends."""
    message = message_from_bytes(_HEADERS + encoded, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    assert message.get_content().replace("\r\n", "\n") == normalised(text)
    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == normalised(text)
    assert encoded.endswith(b"\r\n")
    assert encoded.count(b"\r") == encoded.count(b"\n") == encoded.count(b"\r\n")
    for line in encoded.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= LONGEST_LINE
        assert all(octet in b"\t" or b" " <= bytes([octet]) <= b"~" for octet in line)
        assert not line.endswith((b" ", b"\t"))


def assert_pieces_read(pieces: list[str]) -> None:
    """Encode a text of shared and own pieces, in turn."""
    pieces += [""] * (len(pieces) % 2 == 0)
    text = Pieced.together(tuple(pieces[::2]), pieces[1::2])
    assert text == "".join(pieces)
    octets = encoded(text)
    assert_reads(octets, text)
    # all that it costs: a break on either side, and one more in a line that has no room for it
    assert len(octets) <= len(quoted_printable(text)) + 9 * len(pieces) + 3 * (len(octets) // 60)


@given(st.lists(awkward_text, min_size=1, max_size=9))
@example(["", "x" * 76, ""])
@example(["", "x" * 76, "\n"])
@example(["x" * 76, "y", "z" * 76 + "\n"])
@example(["ü" * 12 + "xxxx", "ü" * 13, "=\n"])
@example(["a ", " b ", " c\n"])
@example(["a\t", "\t", "\tc\n"])
@example(["a", "\r", "\nb\n"])
@example(["a\r", "\nb", "\n"])
@example(["a\n", "b\n", "\nc\n"])
@example(["a", ".", ".\n"])
@example(["a", "", "", "", "\n"])
@example(["a", "b", "c", "d\n", ""])
@example(["a", "b", "c", "d", ""])
@example(["\ud83d", "\ude00", "\ud83d\n"])
@example(["a\ud83d", "\ude00", "\n"])
@example(["a", "\ud83d", "", "\ude00", "\n"])
@example(["a", "b\r", "c\n"])
@example(["a\r", "b", "c\n"])
@example(["a", "b ", "\nc\n"])
def test_pieces_come_back_as_they_were(pieces: list[str]) -> None:
    """Wherever a text is cut."""
    assert_pieces_read(pieces)


@pytest.mark.long
def test_many_bodies_in_pieces() -> None:
    """Twenty thousand random ones."""
    chance = random.Random(14)
    for _ in range(20_000):
        texts = ["".join(chance.choices(_AWKWARD, k=chance.randrange(5))) for _ in range(chance.randrange(1, 9))]
        assert_pieces_read([text + chance.choice(["", "x" * chance.randrange(90)]) for text in texts])


@pytest.mark.parametrize("length", range(60, 90))
@pytest.mark.parametrize("edge", ["x", "ü", "中", " ", "\t", "=", "."])
def test_a_piece_leaves_room_for_its_soft_break(length: int, edge: str) -> None:
    """76 octets and the "=" of a soft break would be 77."""
    for own in ("x" * length + edge, edge + "x" * length, "ü" * (length // 6) + "x" * (length % 6) + edge):
        assert_pieces_read([own, own, own, own, own + "\n"])


def test_where_a_piece_begins() -> None:
    """A soft break is written where no line end is, and nowhere else."""
    text = Pieced.together(("Guten Tag ", "\n\nab jetzt\n", "", ", also\n"), ["Frau Müller", "a@b.example", "bald "])
    lines = b"Guten Tag=20=\r\nFrau M=C3=BCller\r\n\r\nab jetzt\r\na@b.example=\r\nbald=20=\r\n, also\r\n"
    assert encoded(text) == lines


@given(awkward_text)
@example("")
@example("no line end")
@example("x" * 74 + " \ny")
@example("x" * 75 + " \ny")
@example("x" * 76 + "\t")
@example("x" * 73 + "ü \n")
@example(".\n..\n.\r.")
@example("\ud83d\ude00 \ud83d \udcff")
def test_a_text_comes_back_as_it_was(text: str) -> None:
    """Whatever is in it: lines of at most 76 in printable ASCII, no blank at a line's end, and the same text."""
    assert_reads(quoted_printable(text), text)


@pytest.mark.parametrize("length", range(60, 90))
@pytest.mark.parametrize("blank", [" ", "\t", "  ", " \t"])
def test_a_blank_at_the_limit_of_a_line_makes_no_line_too_long(length: int, blank: str) -> None:
    """``b2a_qp`` alone writes lines of 77 here."""
    text = "x" * length + blank + "\n"
    encoded = quoted_printable(text)
    assert max(map(len, encoded.split(b"\r\n"))) <= LONGEST_LINE
    assert quopri.decodestring(encoded).decode() == text.replace("\n", "\r\n")


def test_dots_are_not_doubled() -> None:
    """That belongs to SMTP, and would be visible anywhere else."""
    assert quoted_printable("a\n..b\n") == b"a\r\n..b\r\n"


def test_every_kind_of_line_end_is_one_line_end() -> None:
    """Windows, Unix and the old Macintosh may meet in one template."""
    assert quoted_printable("a\r\nb\nc\rd\n\r\ne") == b"a\r\nb\r\nc\r\nd\r\n\r\ne\r\n"
