"""Which words of a whole name are the surname; told only where the name itself says so."""

from __future__ import annotations

import re
from functools import lru_cache

from notify.core.late_pattern import late_pattern
from notify.recipients.titles import AND, joins

# written small they begin a surname; with a capital they may be part of a first name, as in Tran Van Minh
_PARTICLES = frozenset(
    """
    af al am an auf aus av ben bin da das de dei del della dem den der des di do dos du el het ibn im in la le les op
    't ’t 's ten ter van vom von vor zu zum zur
    """.split()
)
# in a column of their own, where they may be shortened
_ALONE_ONLY = frozenset("v. v.d. vd. d' d’ o' mc mac frhr. frhr freih. gf. gräf. ritt.".split())
# only German writes these before a name, whatever their case
_GERMAN_PARTICLES = frozenset("Von Vom Zum Zur".split())
_NOBILITY = frozenset(
    """
    graf gräfin erbgraf landgraf markgraf reichsgraf reichsgräfin freiherr freifrau freiin reichsfreiherr baron baronin
    baronesse fürst fürstin prinz prinzessin herzog herzogin ritter edler edle
    """.split()
)
_ALONE = _PARTICLES | _NOBILITY | _ALONE_ONLY
_ELIDED = late_pattern(r"[dlDL]['’]\w")  # Jeanne d'Arc
_CAPITALS = late_pattern(r"[^\W\d_a-zß-öø-ÿ]{3,}(?:-[^\W\d_]+)?")
_VOWEL = late_pattern("[aeiouyäöüàáâæèéêëìíîïòóôøœùúûýå]", re.IGNORECASE)
_INITIAL = late_pattern(r"(?:[^\W\d_]\.-?)+|[^\W\d_]")
_CJK = late_pattern("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def told_apart(name: str) -> tuple[str, str]:
    """Return first and last name of a whole name, the surname with its particles; both empty where nobody can tell.

    Of two words the second is the surname, unless capitals say otherwise (DUPONT Jean). Of three, any two may be it:
    Anna Maria Müller, Juan García López.
    """
    if is_cjk(name):
        return "", ""
    if joins(name):
        return _shared(name)
    words = name.split()
    if words and _CAPITALS.fullmatch(words[0]) and not any(map(str.isupper, words[1:])):
        # no surname is without a vowel: TSV, BHKW
        return (" ".join(words[1:]), words[0]) if _VOWEL.search(words[0]) else ("", "")
    start = _start(words)
    return ("", "") if start is None else (" ".join(words[:start]), " ".join(words[start:]))


@lru_cache(maxsize=4096)
def without_particles(first: str) -> tuple[str, str]:
    """Take off what belongs before the surname: "Johann Wolfgang von" is "Johann Wolfgang" and "von"."""
    words = first.split()
    end = len(words)
    while end and _begins_surname(words[end - 1]):
        end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def from_register(name: str) -> tuple[str, str]:
    """Return first and last name of "Müller Anna"; both empty where there are more first names or surnames."""
    words = name.split()
    end = next((place for place, word in enumerate(words) if not _begins_surname(word)), 0) + 1
    return ("", "") if len(words) > end + 1 else (" ".join(words[end:]), " ".join(words[:end]))


def with_particles(mixed: tuple[str, ...], own: tuple[str, ...], last: str) -> str:
    """Return the surname with what stands in other cells and is a part of it: Gräfin Hohenberg, von Muster, d'Arc.

    :param mixed: cells for Anrede and titles too.
    :param own: cells for ranks and particles.
    """
    found = _in_other_cells(mixed, own)
    if not found:
        return last
    there = {word.casefold() for word in last.split()}
    before = [word for word in found if word.casefold() not in there]
    return " ".join([*before, last]).replace("' ", "'").replace("’ ", "’")


@lru_cache(maxsize=4096)
def _in_other_cells(mixed: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ranks and particles in other cells, each once."""
    ranked = [word for cell in mixed if cell for word in _ranked(cell)]
    alone = [word for cell in own if cell for word in _alone(cell)]
    return tuple(dict.fromkeys([*ranked, *alone]))


def _ranked(cell: str) -> tuple[str, ...]:
    """Return the ranks in a cell and the particles behind them: Herr Graf von; and a cell of particles alone: von."""
    words = cell.split()
    found: list[str] = []
    for word in words:
        if word.casefold() in _NOBILITY or (found and word in _PARTICLES):
            found.append(word)
    return tuple(found or (words if is_particle(cell) else ()))


def _alone(cell: str) -> tuple[str, ...]:
    """Return the ranks and particles of a cell that is for them, however they are written; else nothing: jun."""
    words = cell.split()
    if not all(word.casefold() in _ALONE for word in words):
        return _ranked(cell)
    return tuple(word.casefold() if word.casefold() in _PARTICLES else word for word in words)


def is_rank(word: str) -> bool:
    """Tell whether a word is a title of nobility: Gräfin; or a particle."""
    return word.casefold() in _ALONE


def is_particle(text: str) -> bool:
    """Tell whether a text is nothing but particles and ranks: von der, Gräfin von."""
    return all(map(_begins_surname, text.split()))


@lru_cache(maxsize=4096)
def is_initials(name: str) -> bool:
    """Tell whether a name is nothing but initials, which nobody is called by: A., J. R. R."""
    return all(map(_INITIAL.fullmatch, name.split()))


def is_cjk(name: str) -> bool:
    """Tell whether a name is written in Chinese, Japanese or Korean characters, surname first, without a blank."""
    # an umlaut is before all of them
    return not name.isascii() and min(name) >= "\u3040" and _CJK.fullmatch(name) is not None


def _begins_surname(word: str) -> bool:
    """Tell whether a word before the last is a particle or a rank."""
    return word in _PARTICLES or word in _GERMAN_PARTICLES or word.casefold() in _NOBILITY


def _start(words: list[str]) -> int | None:
    """Return the place of the word that the surname begins with."""
    *before, last = words or [""]
    for place, word in enumerate(before):
        if _begins_surname(word):
            return place
    if before and (last in _PARTICLES or _INITIAL.fullmatch(last)):
        return None  # Anna M. keeps her surname to herself
    certain = _ELIDED.match(last) or all(map(_INITIAL.fullmatch, before[1:]))
    return len(before) if certain else None


def _shared(name: str) -> tuple[str, str]:
    """Return the first names and the one surname of "Anna und Max Müller"; not those of two with two surnames."""
    *others, final = AND.split(name)
    first, last = told_apart(final)
    if not first or any(" " in other.strip() for other in others):
        return "", ""
    return name.removesuffix(last).rstrip(), last
