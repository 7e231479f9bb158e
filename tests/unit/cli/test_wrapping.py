"""Lines that fit a terminal: broken at blanks, never in a word nor in a command."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from notify.cli.wrapping import cells, columns, wrapped

_WORDS = st.lists(
    st.sampled_from(["an", "address", "müller@bäckerei.example", "大阪", "\x1b[33mgelb\x1b[0m", "a" * 30, "(450):"]),
    min_size=1,
    max_size=30,
)


@given(_WORDS, st.integers(10, 90), st.integers(0, 12), st.integers(0, 4))
def test_no_word_is_broken(words: list[str], width: int, indent: int, hang: int) -> None:
    """Every word stands whole on one line, in its order; a line is too wide only where one word is wider than it."""
    lines = wrapped(" " * indent + " ".join(words), width, hang).split("\n")
    assert [word for line in lines for word in line.split()] == words
    assert all(cells(line) <= width or len(line.split()) == 1 for line in lines)


def test_what_fits_stays() -> None:
    """Lines that fit are left as they are, blanks and all; and without a terminal there is no width."""
    text = "  a   b\n\n    c: 1\n"
    assert wrapped(text, 20) == text
    assert wrapped("long " * 50, None) == "long " * 50


def test_commands_stay_whole() -> None:
    """A command is never broken, not even one that is wider than the terminal: it can be copied in one piece."""
    hint = "  They need a letter or a call. As a list:  notify contacts --without-address FILE.csv"
    for width in range(20, 90):
        assert "notify contacts --without-address FILE.csv" in wrapped(hint, width)
    sentence = "see whether it arrived, then say so with notify resolve --sent ADDR or notify resolve --again ADDR."
    for width in range(24, 90):
        assert "notify resolve --again ADDR." in wrapped(sentence, width)
    assert wrapped('So that is left out of it:  opted_out = "write"  in [contacts]', 40).split("\n")[1:] == [
        '  opted_out = "write"  in [contacts]'
    ]


def test_a_code_stays_whole() -> None:
    """It is read aloud as one; other words between quotation marks break as all do."""
    assert wrapped('That is the code "Ahorn Birke 42713" of Anna.', 30).split("\n") == [
        "That is the code",
        '  "Ahorn Birke 42713" of Anna.',
    ]
    assert wrapped('That is the text "Guten Tag Anna" of it.', 30).split("\n")[0] == 'That is the text "Guten Tag'


def test_further_lines_stand_below() -> None:
    """Behind a label they stand below the text, in a list below the entry, in a message at the margin."""
    assert wrapped("Through  one two three", 19) == "Through  one two\n         three"
    assert wrapped("         one two three", 17) == "         one two\n         three"
    assert wrapped("\x1b[33m  one two three\x1b[0m", 10) == "\x1b[33m  one two\n    three\x1b[0m"
    assert wrapped("one two three", 8, hang=0) == "one two\nthree"
    assert wrapped("> one: two three", 11) == "> one: two\n  three"


def test_columns() -> None:
    """A table is aligned; where it is too wide its last column is wrapped, or stands below the others."""
    rows = [("Straße", "→", "street", "Am Hafen 1 · Fährdamm 14"), ("東京", "→", "city", "")]
    assert columns(rows) == ["  Straße  →  street  Am Hafen 1 · Fährdamm 14", "  東京    →  city"]
    assert columns(rows, width=44) == [
        "  Straße  →  street  Am Hafen 1 · Fährdamm",
        "                     14",
        "  東京    →  city",
    ]
    assert columns(rows, width=30) == ["  Straße  →  street", "    Am Hafen 1 · Fährdamm 14", "  東京    →  city"]
    assert columns([]) == []


def test_ranges_of_widths() -> None:
    """However narrow it gets, nothing is lost."""
    text = "From     Änne Groß <aenne@example.com>, to 2 recipients:  notify send --dry-run"
    for width in range(5, 100):
        assert re.sub(r"\s+", " ", wrapped(text, width)) == re.sub(r"\s+", " ", text)
