"""Call-back codes: what a reader says on the telephone, so that whoever answers knows which message they hold.

A code is words and digits, ``Ahorn 42713``. It is drawn from the secret of the campaign and from who it is for, so that
nobody without the ledger can make one. How long it is follows from how many there are: of all codes of one length at
most every 100,000th is ever given out, and so a guess hits with less than that.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

from notify.core.code_words import CODE_WORDS
from notify.core.record import record

#: One guess in so many hits at most.
GUESSES = 100_000

#: What previews and tests show in the place of a code, by language. None of it is a word of a code.
SAMPLE_CODES = {"de": "Muster 0000", "en": "Sample 0000", "fr": "Exemple 0000"}

_WORD_COUNT = min(map(len, CODE_WORDS.values()))
_TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"})
_SPOKEN_DIGITS = (
    "null zero nought oh o",
    "eins ein one un une",
    "zwei zwo two deux",
    "drei three trois",
    "vier four quatre",
    "fuenf five cinq",
    "sechs six",
    "sieben seven sept",
    "acht eight huit",
    "neun nine neuf",
)
_DIGITS = {word: str(digit) for digit, words in enumerate(_SPOKEN_DIGITS) for word in words.split()}
_EVERY_WORD = {word.lower(): word for words in CODE_WORDS.values() for word in words}


@record(frozen=True, slots=True)
class CodeLength:
    """So many words, then so many digits."""

    words: int
    digits: int

    @property
    def space(self) -> int:
        """How many codes of this length there are in one language."""
        return int(_WORD_COUNT**self.words * 10**self.digits)

    def has_room(self, given: int) -> bool:
        """Tell whether so many may be given out, so that a guess hits one of them seldom enough."""
        return given * GUESSES < self.space


#: From short to long: more digits are easier to say than another word, up to six of them.
CODE_LENGTHS = tuple(
    CodeLength(*length) for length in ((1, 4), (1, 5), (2, 3), (2, 4), (2, 5), (2, 6), (3, 4), (3, 5), (3, 6), (4, 6))
)


def code_length(given: Mapping[CodeLength, int], more: int) -> CodeLength:
    """Return the shortest length in which there is room.

    :param given: how many of each length were given out, in all languages and campaigns of the ledger.
    :param more: how many are to be given out now.
    """
    return next(length for length in CODE_LENGTHS if length.has_room(given.get(length, 0) + more))


def make_code(secret: bytes, campaign_id: str, mark: str, length: CodeLength, language: str, *, draw: int = 0) -> str:
    """Return the code of a recipient: always the same for the same arguments.

    :param mark: who it is, and nobody else in the campaign.
    :param draw: 0 at first; the next number where somebody else has that code already.
    """
    text = f"call-back code\0{campaign_id}\0{mark}\0{draw}"
    # 256 bits against a space of 60 at most: every code is as likely as any other
    number = int.from_bytes(hmac.digest(secret, text.encode(), "sha256"))
    number, digits = divmod(number, 10**length.digits)
    words = []
    for _ in range(length.words):
        number, word = divmod(number, _WORD_COUNT)
        words.append(CODE_WORDS[language][word])
    return f"{' '.join(words)} {digits:0{length.digits}}"


def length_of(code: str) -> CodeLength:
    """Return the length of a code as :func:`make_code` writes it."""
    *words, digits = code.split()
    return CodeLength(len(words), len(digits))


def heard(said: str) -> str:
    """Return what counts of a code, however it was typed: its letters in lower case, then its digits.

    Blanks, hyphens and punctuation do not count, nor what stands before a colon; ``ä`` is ``ae``, accents are left out,
    and a digit may be written as it is spoken.
    """
    words = _words(said)
    return "".join(word for word in words if word.isalpha()) + "".join(word for word in words if word.isdigit())


def misheard(said: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words that are in no code, each with those that were perhaps said; empty where none is near."""
    unknown = [word for word in _words(said) if word.isalpha() and word not in _EVERY_WORD]
    return [
        (word, tuple(_EVERY_WORD[near] for near in get_close_matches(word, _EVERY_WORD, 3, 0.7))) for word in unknown
    ]


def is_sample(said: str) -> bool:
    """Tell whether this is what previews show in the place of a code."""
    return heard(said) in map(heard, SAMPLE_CODES.values())


def _words(said: str) -> list[str]:
    plain = said.rpartition(":")[2].casefold().translate(_TRANSCRIBED)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return [_DIGITS.get(word, word) for word in re.findall(r"[a-z]+|[0-9]+", plain)]
