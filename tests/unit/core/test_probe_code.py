"""The code in a test message: read and typed by people."""

from __future__ import annotations

import random

import pytest

from notify.core.probe_code import ALPHABET, LENGTH, as_typed, digest_of, make_code


def test_no_two_letters_look_alike() -> None:
    """Of each pair that is mistaken for another at most one is there."""
    for pair in ("B8", "I1", "L1", "O0", "Q0", "S5", "Z2", "UV", "VY", "G6"):
        assert len(set(pair) & set(ALPHABET)) < 2, pair
    assert len(ALPHABET) == len(set(ALPHABET)) == 23


def test_typed_as_it_was_printed() -> None:
    """In small letters, with blanks or without the hyphen."""
    code = make_code(random.Random(1).choice)
    letters = code.replace("-", "")
    for typed in (code, letters, letters.lower(), f" {' '.join(letters)} ", code.replace("-", "\u2011")):
        assert as_typed(typed) == letters
    assert len(letters) == LENGTH


@pytest.mark.parametrize("typed", ["", "K7Q", "K7Q-F3MM", "K7Q-F30", "K7Q-F3O", "K7Q-F3Ä", "------"])
def test_what_is_no_code(typed: str) -> None:
    """It says why; that is no guess."""
    with pytest.raises(ValueError, match=r"no code has|a code has"):
        as_typed(typed)


def test_the_digest_is_of_one_message() -> None:
    """The same code in another message is another."""
    assert digest_of("AAAAAA", "<a@b>") != digest_of("AAAAAA", "<b@b>")
