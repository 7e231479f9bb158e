"""The code in a test message to oneself: whoever types it back has the message.

It is short and is typed by hand, so it has no letter or digit that looks like another: no B and 8, I and 1, O and 0,
S and 5, Z and 2, G and 6, U and V. Call-back codes (:mod:`notify.core.codes`) have words: nobody takes one for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

#: What codes are made of.
ALPHABET = "ACDEFGHJKLMNPQRTWXY3479"
#: 148 million codes; with :data:`MOST_WRONG` guesses nobody hits one.
LENGTH = 6
#: After so many wrong codes a message proves nothing any more.
MOST_WRONG = 10


def make_code(choose: Callable[[Sequence[str]], str]) -> str:
    """Return a code, ``K7Q-F3M``.

    :param choose: draws one letter of many.
    """
    return as_printed("".join(choose(ALPHABET) for _ in range(LENGTH)))


def as_printed(letters: str) -> str:
    """Return the letters of a code as they are read best: in two halves."""
    return f"{letters[: LENGTH // 2]}-{letters[LENGTH // 2 :]}"


def as_typed(text: str) -> str:
    """Return the letters of a code that somebody typed, in capitals and without blanks and hyphens.

    :raises ValueError: no code looks like that; it is none that was guessed.
    """
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    if len(letters) != LENGTH:
        raise ValueError(f"a code has {LENGTH} letters and digits, such as {as_printed('K7QF3M')}")
    if unknown := next((letter for letter in letters if letter not in ALPHABET), ""):
        raise ValueError(f"no code has the letter or digit {unknown} in it")
    return letters


def digest_of(letters: str, message_id: str) -> bytes:
    """Return what is kept of the code in a message."""
    return hashlib.sha256(f"{message_id}\0{letters}".encode()).digest()
