"""The names and words of columns.toml, and which of them a header may mean."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from notify.contacts.header import BROKEN, normal, readings, without_umlauts, words
from notify.core.contact import FIELDS
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.shipped import shipped

# of a header with more ways to be read nothing is known
_READINGS = 64


@record(frozen=True, slots=True)
class Beside:
    """Names that mean ``field`` only where one of the ``others`` is in the file, and none of ``without``."""

    field: str
    names: tuple[str, ...]
    others: frozenset[str]
    without: frozenset[str]


@record(frozen=True, slots=True)
class Vocabulary:
    """columns.toml, normalised.

    ``fields`` has the names by field, the fields in the order in which they are asked; ``words`` the lists of words by
    section and key (``mail.never``), ``patterns`` those that have a ``*`` in them; ``named`` are all
    names, and ``about_mail`` the words for addresses, as a person writes them.
    """

    fields: Mapping[str, tuple[str, ...]]
    beside: tuple[Beside, ...]
    words: Mapping[str, frozenset[str]]
    patterns: Mapping[str, re.Pattern[str]]
    named: tuple[str, ...]
    about_mail: tuple[str, ...]


@functools.cache
def vocabulary() -> Vocabulary:
    """Read columns.toml. A field's own name is the last that it is recognised by."""
    table = tomllib.loads(shipped(__package__, "columns.toml"))
    fields: dict[str, list[str]] = table.pop("fields")
    rules: list[dict[str, Any]] = table.pop("beside")
    lists: dict[str, list[str]] = {
        f"{section}.{key}": text.split() for section, texts in table.items() for key, text in texts.items()
    }
    named = [*itertools.chain(*fields.values())]
    for rule in rules:
        named += [*rule["names"], *rule.get("others", ()), *rule.get("without", ())]
    return Vocabulary(
        fields={field: _spelled([*fields[field], field]) for field in sorted(FIELDS, key=[*fields].index)},
        beside=tuple(_beside(rule) for rule in rules),
        words={key: frozenset(_spelled(entries)) for key, entries in lists.items()},
        patterns={key: _any_of(entries) for key, entries in lists.items() if "*" in "".join(entries)},
        named=tuple(named),
        about_mail=tuple(itertools.chain(*(lists[key] for key in lists if key.startswith("mail.")))),
    )


@functools.cache
def written() -> Mapping[str, str]:
    """Return each name that a header may have, as a person writes it."""
    return {normal(name): name for name in vocabulary().named} | {field: field for field in FIELDS}


@functools.lru_cache(maxsize=4096)
def meanings(header: str) -> tuple[tuple[str, ...], ...]:
    """Return what a header may say, each as its words: as it is, then with its broken letters mended."""
    found: dict[tuple[str, ...], None] = {}
    for text in readings(header):
        for reading in itertools.islice(itertools.product(*map(_mended, words(text))), _READINGS):
            found.setdefault(reading)
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def names(header: str) -> frozenset[str]:
    """Return what a header may say, each without blanks, to be compared with names."""
    return frozenset("".join(reading) for reading in meanings(header)) - {""}


def matches(header: str, patterns: str) -> bool:
    """Tell whether a header is one of a list with ``*`` in it, such as ``opt_out.against``."""
    pattern = vocabulary().patterns[patterns]
    return any(pattern.fullmatch(name) for name in names(header))


@functools.lru_cache(maxsize=1024)
def _mended(word: str) -> tuple[str, ...]:
    """Return which known words a broken word may have been; the word itself where it is whole or there is none."""
    # two of them are the two octets of one letter in UTF-8
    word = word.replace("\ufffd\ufffd", "\ufffd")
    broken = sum(word.count(letter) for letter in BROKEN)
    if not broken or len(word) - broken < max(3, 2 * broken):
        return (word,)
    # ä is two letters here (ae) and may have been broken into two; or a question mark was meant
    runs = re.split(rf"([{re.escape(BROKEN)}]+)", word)
    pattern = "".join(rf"[^\W\d_]{{0,{2 * len(run)}}}" if run[:1] in {*BROKEN} else run for run in runs)
    return tuple(known for known in _single() if re.fullmatch(pattern, known)) or (word,)


def _beside(rule: Mapping[str, Any]) -> Beside:
    others, without = (frozenset(_spelled(rule.get(key, ()))) for key in ("others", "without"))
    return Beside(rule["field"], _spelled(rule["names"]), others, without)


def _spelled(entries: Iterable[str]) -> tuple[str, ...]:
    """Return the normal forms of names, with and without the e of ae; a sign such as ✓ is kept as it is."""
    return tuple(dict.fromkeys(normal(spelling) or spelling for entry in entries for spelling in _spellings(entry)))


def _spellings(entry: str) -> Iterator[str]:
    yield entry
    if (plain := without_umlauts(entry)) != entry:
        yield plain


@functools.cache
def _single() -> tuple[str, ...]:
    """Return every word of all names, the short ones first."""
    entries = (*vocabulary().named, *vocabulary().about_mail)
    found = {word for entry in entries for spelling in _spellings(entry) for word in words(spelling)}
    return tuple(sorted(found, key=lambda word: (len(word), word)))


def _any_of(entries: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for entries in which * stands for anything."""
    spelled = {spelling for entry in entries for spelling in _spellings(entry)}
    return late_pattern("|".join(".*".join(map(normal, entry.split("*"))) for entry in sorted(spelled)))
