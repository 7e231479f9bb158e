"""Call-back codes: heard right, hard to guess, and found however they are typed."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.campaign import LANGUAGES
from notify.core.code_words import CODE_WORDS
from notify.core.codes import (
    CODE_LENGTHS,
    SAMPLE_CODES,
    CodeLength,
    code_length,
    heard,
    is_sample,
    length_of,
    make_code,
    misheard,
)

SECRET = b"s" * 32
languages = pytest.mark.parametrize("language", LANGUAGES)

#: Letters that are one sound on a bad line, in any of the three languages.
ALIKE = (
    *(("sch", "s"), ("ph", "f"), ("th", "t"), ("ch", "k"), ("ck", "k"), ("qu", "kw"), ("eau", "o"), ("au", "o")),
    *(("ou", "u"), ("oo", "u"), ("ee", "i"), ("ea", "i"), ("ie", "i"), ("ei", "ai"), ("c", "k"), ("x", "ks")),
    *(("z", "s"), ("v", "f"), ("w", "f"), ("y", "i"), ("d", "t"), ("b", "p"), ("g", "k"), ("j", "i"), ("h", "")),
)


def _sound(word: str) -> str:
    for letters, sound in ALIKE:
        word = word.replace(letters, sound)
    return re.sub(r"(.)\1+", r"\1", word)


def _distance(one: str, other: str) -> int:
    """Return how many letters are changed, put in or left out between two words."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        above, row = row, [number]
        for place, wanted in enumerate(other, start=1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted)))
    return row[-1]


def _shortened(word: str, letters: int) -> set[str]:
    """Return a word without up to so many letters: words that are so near each other have one of these in common."""
    found = latest = {word}
    for _ in range(letters):
        latest = {short[:place] + short[place + 1 :] for short in latest for place in range(len(short))}
        found = found | latest
    return found


def _nearer_than(words: dict[str, str], distance: int) -> list[tuple[str, str]]:
    """Return the pairs that are nearer; words by what is compared of them."""
    sharing = defaultdict(list)
    for word, text in words.items():
        for short in _shortened(text, distance - 1):
            sharing[short].append(word)
    pairs = {pair for found in sharing.values() for pair in combinations(found, 2)}
    return sorted(pair for pair in pairs if _distance(words[pair[0]], words[pair[1]]) < distance)


@languages
def test_words_are_written_one_way(language: str) -> None:
    """A word is four to ten letters of ASCII, stands there once, and is neither a number nor part of a sample."""
    words = CODE_WORDS[language]
    assert len(set(words)) == len(words) == len(CODE_WORDS["de"])
    assert [word for word in words if not re.fullmatch("[A-Z][a-z]{3,9}", word)] == []
    assert [word for word in words if heard(word) != word.lower()] == []
    assert not {word.lower() for word in words} & {sample.split()[0].lower() for sample in SAMPLE_CODES.values()}


@languages
def test_no_two_words_look_alike(language: str) -> None:
    """Whoever mistypes two letters of a word has typed no other word."""
    assert _nearer_than({word: word.lower() for word in CODE_WORDS[language]}, 3) == []


@languages
def test_no_two_words_sound_alike(language: str) -> None:
    """No two are the same on a bad line but for one sound, and no two have the same consonants."""
    sounds = {word: _sound(word.lower()) for word in CODE_WORDS[language]}
    assert _nearer_than(sounds, 2) == []
    assert len({re.sub("[aeiou]", "", sound) for sound in sounds.values()}) == len(sounds)


def test_the_measure_of_likeness() -> None:
    """The tests above would find words that are alike."""
    words = {word: word for word in ("buche", "bucher", "birke", "kirche", "ahorn")}
    assert _nearer_than(words, 3) == [("buche", "bucher")]
    assert ("birke", "kirche") in _nearer_than(words, 4)
    assert (_sound("rad"), _sound("vase")) == (_sound("rat"), _sound("fase"))


@given(
    st.integers(min_value=1, max_value=20_000_000),
    st.dictionaries(st.sampled_from(CODE_LENGTHS), st.integers(0, 10**7)),
)
def test_a_guess_hits_seldom(more: int, given_out: dict[CodeLength, int]) -> None:
    """However many codes there are, a guess of the length that is given out next hits with less than 1 in 100,000."""
    length = code_length(given_out, more)
    assert (given_out.get(length, 0) + more) * 100_000 < length.space
    shorter = CODE_LENGTHS[: CODE_LENGTHS.index(length)]
    assert all((given_out.get(other, 0) + more) * 100_000 >= other.space for other in shorter)


@pytest.mark.parametrize(
    ("people", "length"),
    [(21, (1, 4)), (22, (1, 5)), (215, (1, 5)), (216, (2, 3)), (800, (2, 4)), (4666, (2, 5)), (1_000_000, (3, 4))],
)
def test_as_long_as_it_must_be(people: int, length: tuple[int, int]) -> None:
    """Few people have a word and some digits, a million have three words."""
    assert code_length({}, people) == CodeLength(*length)
    assert CodeLength(*length).space > people * 100_000


@languages
def test_drawn_from_the_secret(language: str) -> None:
    """A code is the same each time, and another one for another secret, campaign, person or draw."""
    length = CodeLength(2, 4)
    code = make_code(SECRET, "c", "K1\0anna@example.com", length, language)
    assert code == make_code(SECRET, "c", "K1\0anna@example.com", length, language)
    others = {
        make_code(b"t" * 32, "c", "K1\0anna@example.com", length, language),
        make_code(SECRET, "d", "K1\0anna@example.com", length, language),
        make_code(SECRET, "c", "K1\0ben@example.com", length, language),
        make_code(SECRET, "c", "K1\0anna@example.com", length, language, draw=1),
    }
    assert len(others | {code}) == 5
    *words, digits = code.split()
    assert set(words) <= set(CODE_WORDS[language])
    assert re.fullmatch("[0-9]{4}", digits)
    assert length_of(code) == length


def test_every_word_and_digit_is_drawn() -> None:
    """All words of a language are drawn about equally often, and so are the digits at each place."""
    codes = [make_code(SECRET, "c", str(number), CodeLength(1, 4), "de") for number in range(10_800)]
    words = [code.split()[0] for code in codes]
    assert min(words.count(word) for word in CODE_WORDS["de"]) > 20
    for place in range(-4, 0):
        at_that_place = [code[place] for code in codes]
        assert all(900 < at_that_place.count(digit) < 1260 for digit in "0123456789")


@pytest.mark.parametrize(
    "said",
    [
        "Ahorn Klee 4271",
        "  ahorn  klee 4 2 7 1 ",
        "AHORN-KLEE-4271.",
        "AhornKlee4271",
        "Prüfwort: Ahorn Klee 4271",
        "4271 Ahorn Klee",
        "Ahorn Klee vier zwo sieben eins",
        "ahorn klee four two seven one",
        "ahorn klee quatre deux sept un",
        "Ahorn, Klée 42\u00a071",
        "Ahorn Klee ４２７１",
    ],
)
def test_heard(said: str) -> None:
    """However a code is typed, it is the same code."""
    assert heard(said) == "ahornklee4271"


def test_umlauts_may_be_typed_either_way() -> None:
    """Whoever hears an umlaut, or types none, has typed the same; fünf is a digit in both."""
    assert heard("Möhre fünf") == heard("Moehre fuenf") == "moehre5"


@pytest.mark.parametrize("said", ["", "---", "prüfwort:", "\0\ud800", "x" * 100_000])
def test_anything_may_be_said(said: str) -> None:
    """Whatever is typed is heard as something, and no error."""
    assert isinstance(heard(said), str)
    assert isinstance(misheard(said[:1000]), list)


def test_misheard() -> None:
    """A word that no code has is named with those that sound like it; known words and digits are not."""
    assert misheard("Klee Ahron 4271") == [("ahron", ("Heron", "Ahorn"))]
    assert misheard("Xyzzy 1") == [("xyzzy", ())]
    assert misheard("Ahorn vier") == []


@languages
def test_a_sample_is_no_code(language: str) -> None:
    """What previews show is known as that, and can be nobody's code."""
    assert is_sample(SAMPLE_CODES[language].upper())
    assert misheard(SAMPLE_CODES[language])
    assert not is_sample("Ahorn 0000")
