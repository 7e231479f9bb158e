"""Which encoding makes words of the octets of a file, where several would do.

Every octet is a letter in every old encoding; only a reader sees that "MŠx MŸster" is Mäx Müster in Mac Roman. So each
letter is judged by what stands around it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: Old encodings of Latin letters, the likeliest first: of two that give the same text the first is taken.
FAMILY = ("cp1252", "mac_roman", "cp850", "cp437", "iso8859-15", "cp1250", "iso8859-2")

# the points of a letter between letters: those of western languages are a little likelier than eastern ones
_WORTH = {
    **dict.fromkeys("ąćęłńśźżčďěňřšťůžőűăţşøåæìòùãõýÿð", 1.5),
    **dict.fromkeys("éèêëàâáçñíóôúîïûœ", 2.0),
    **dict.fromkeys("äöüß", 3.0),
}
_SIGNS = frozenset("“”„‚‘’«»‹›–—…•°§€£©®™·²³½¼´\xa0¡¿№")
_BETWEEN_LETTERS = frozenset("’‘´·\xa0–—")
_NEVER = frozenset("ﬁﬂƒı")
_LETTERS = late_pattern(r"[^\W\d_]{2,}")

# the points that the best reading must be ahead; a single ü is enough for Windows, whose files are everywhere
_CLEARLY = 3.0
_CLEARLY_OLD = 12.0
_GOOD = 1.5  # for each letter
_CLOSE = 0.8
_FEW = 0.1  # letters that differ: a few foreign names in a file
_ENOUGH = 20  # letters of another script


@record(frozen=True, slots=True)
class Choice:
    """The encoding whose letters make the most sense, whether that is sure, and which other one it may be."""

    name: str
    sure: bool
    rival: str


@record(frozen=True, slots=True)
class _Reading:
    """The octets read in one encoding: the letters beyond ASCII, and the points that each of them earns."""

    name: str
    letters: tuple[str, ...]
    points: tuple[float, ...]
    mixed: bool

    @property
    def good(self) -> bool:
        return sum(self.points) >= _GOOD * sum(letter not in _SIGNS for letter in self.letters)

    def against(self, other: _Reading) -> tuple[float, float, float]:
        """Return the points of both readings where their letters differ, and the share of the letters that differ."""
        pairs = [
            (mine, theirs)
            for mine, theirs, letter, another in zip(
                self.points, other.points, self.letters, other.letters, strict=False
            )
            if letter != another
        ]
        return sum(mine for mine, _ in pairs), sum(theirs for _, theirs in pairs), len(pairs) / (len(self.points) or 1)


def choose_encoding(octets: bytes, model: Callable[[Sequence[str]], str]) -> Choice:
    """Choose the encoding in which these octets are words.

    :param model: knows languages, and is asked where neighbouring letters do not decide. It names one of the encodings
        given, or any where none is given; empty when it cannot tell.
    """
    ranked = sorted((_reading(octets, name) for name in FAMILY), key=lambda reading: -sum(reading.points))
    best = ranked[0]
    other = "" if best.mixed and best.good else model(())
    if other and (many := _letters_of_another_script(octets, other)):
        return Choice(other, sure=many >= _ENOUGH, rival=best.name)
    close = [rival.name for rival in _rivals(best, ranked) if _is_close(best, rival)]
    if close:
        chosen = model((best.name, *close))
        best = next((reading for reading in ranked if reading.name == chosen), best)
    rivals = _rivals(best, ranked)
    sure = best.good and not close and all(_is_clear(best, rival) for rival in rivals)
    return Choice(best.name, sure, rival=rivals[0].name if rivals else "")


def _rivals(best: _Reading, ranked: Sequence[_Reading]) -> list[_Reading]:
    """Return the other readings, Windows first."""
    found = [reading for reading in ranked if reading.letters != best.letters]
    return sorted(found, key=lambda reading: reading.name != "cp1252")


def _is_close(best: _Reading, rival: _Reading) -> bool:
    mine, theirs, share = best.against(rival)
    return theirs > _CLOSE * mine and not (best.name == "cp1252" and share <= _FEW)


def _is_clear(best: _Reading, rival: _Reading) -> bool:
    mine, theirs, share = best.against(rival)
    if best.name != "cp1252":
        return mine - theirs >= _CLEARLY_OLD
    return mine - theirs >= _CLEARLY or share <= _FEW


def _reading(octets: bytes, name: str) -> _Reading:
    text = octets.decode(name, "replace")
    around = f" {text} "
    judged = [
        (letter, _points(letter, before, behind))
        for before, letter, behind in zip(around, around[1:], around[2:], strict=False)
        if not letter.isascii()
    ]
    letters, points = zip(*judged, strict=True) if judged else ((), ())
    return _Reading(name, letters, points, _is_mixed(text))


def _points(letter: str, before: str, behind: str) -> float:
    """Judge a letter by its neighbours: "Müller", "Ärzte" and "MÜLLER" are words, "RenÈe" and "M³ller" are none."""
    if letter in _SIGNS:
        inside = before.isalpha() and behind.isalpha()
        return 0.5 if not inside else 0 if letter in _BETWEEN_LETTERS else -3
    if letter in _NEVER or not unicodedata.name(letter, "").startswith("LATIN "):
        return -3
    small = letter.lower()
    if letter != small and (before.islower() or (before.isupper() and behind.islower())):
        return -3
    if letter == small != "ß" and before.isupper() and behind.isupper():
        return -3
    return _WORTH.get(small, 1) if before.isalpha() or behind.isalpha() else 0.25


def _is_mixed(text: str) -> bool:
    """Tell whether the words with letters beyond ASCII have others too, as those of Latin scripts do."""
    words = [word for word in _LETTERS.findall(text) if not word.isascii()]
    mixed = sum(any(letter.isascii() for letter in word) for word in words)
    return not words or 2 * mixed > len(words)


def _letters_of_another_script(octets: bytes, name: str) -> int:
    """Return how many letters beyond ASCII there are, where nearly all are of a script that is not Latin; else 0."""
    text = octets.decode(name, "replace")
    letters = [letter for letter in text if not letter.isascii() and letter.isalpha()]
    others = sum(not unicodedata.name(letter, "LATIN").startswith("LATIN") for letter in letters)
    right = 10 * others > 9 * len(letters) and 20 * text.count("\ufffd") <= len(text)
    return len(letters) if right else 0
