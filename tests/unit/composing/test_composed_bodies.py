"""Bodies: the text comes back as it was, on lines that every relay takes."""

from __future__ import annotations

import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing.body import quoted_printable

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
    encoded = quoted_printable(text)
    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == normalised(text)
    assert encoded.endswith(b"\r\n")
    for line in encoded.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= LONGEST_LINE
        assert all(octet in b"\t" or b" " <= bytes([octet]) <= b"~" for octet in line)
        assert not line.endswith((b" ", b"\t"))


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
