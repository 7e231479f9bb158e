"""Which column of a contact file holds what: recognised by the names that export programs give their columns."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from notify.core.people import FIELDS
from notify.errors import ConfigError, Problem

# what stands in a header for a letter that an earlier program could not write: Stra?e
_BROKEN = "?\ufffd"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Beside:
    """Names that mean ``field`` only where one of the ``others`` is in the file."""

    field: str
    names: tuple[str, ...]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of columns, normalised, by field; the fields in the order in which they are asked."""

    fields: Mapping[str, tuple[str, ...]]
    beside: tuple[_Beside, ...]


def recognise(headers: Sequence[str], assigned: Mapping[str, str]) -> dict[int, str]:
    """Return which field the columns hold, by their position from 0; each field at most once.

    :param headers: the cells of the header row.
    :param assigned: headers by field, from ``[contacts.columns]`` of notify.toml; they win where the file has them.
    :raises ConfigError: an assigned header is assigned twice.
    """
    assigned = {field: header for field, header in assigned.items() if _alike(headers, header)}
    found = _assigned(headers, assigned)
    columns = [_normal(header) for header in headers]
    for field in _names().fields:
        if field in assigned:
            continue
        for name in _candidates(field, columns):
            matching = (place for place, column in enumerate(columns) if place not in found and _is(column, name))
            if (place := next(matching, None)) is not None:
                found[place] = field
                break
    return found


def check_assigned(headers: Sequence[str], assigned: Mapping[str, str]) -> None:
    """Check that every assigned header is in one of the files.

    :param headers: those of all files.
    :raises ConfigError: one is in none of them.
    """
    _assigned(headers, {field: header for field, header in assigned.items() if not _alike(headers, header)})


def _candidates(field: str, columns: Sequence[str]) -> Iterator[str]:
    """Yield the names that a field may have in this file, the best first."""
    yield from _names().fields[field]
    for rule in _names().beside:
        if rule.field == field and any(_is(column, other) for column in columns for other in rule.others):
            yield from rule.names


def _assigned(headers: Sequence[str], assigned: Mapping[str, str]) -> dict[int, str]:
    """Find the headers that notify.toml names, as they are written there or else nearly so."""
    found: dict[int, str] = {}
    problems: list[Problem] = []
    for field, header in assigned.items():
        alike = _alike(headers, header)
        if not alike:
            problems.append(Problem(f'{field} = "{header}"', _no_column(header, headers)))
        elif alike[0] in found:
            problems.append(Problem(f'{field} = "{header}"', f"this column is taken for {found[alike[0]]}"))
        else:
            found[alike[0]] = field
    if problems:
        raise ConfigError(
            f"[contacts.columns] {'; '.join(map(str, problems))}.",
            hint="Mend [contacts.columns] in notify.toml.",
            problems=problems,
        )
    return found


def _alike(headers: Sequence[str], header: str) -> list[int]:
    exactly = [place for place, there in enumerate(headers) if there == header]
    return exactly + [place for place, there in enumerate(headers) if _is(_normal(there), _normal(header))]


def _no_column(header: str, headers: Sequence[str]) -> str:
    """Tell that a column is missing, and which ones are called nearly so."""
    there = {_normal(name): name for name in reversed(headers) if name}
    near = [there[name] for name in difflib.get_close_matches(_normal(header), there, n=3)]
    shown = near or [*reversed(there.values())]
    listed = ", ".join(f'"{name}"' for name in shown[:_SHOWN])
    return f"there is no such column, but {listed}{', …' if len(shown) > _SHOWN else ''}"


def _normal(header: str) -> str:
    """Return a header without case, blanks, punctuation and accents; broken letters stay."""
    folded = unicodedata.normalize("NFC", header).casefold().translate(_UMLAUTS)
    letters = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in letters if letter.isalnum() or letter in _BROKEN)


def _is(column: str, name: str) -> bool:
    """Tell whether a normalised header is this name."""
    if column == name:
        return True
    pattern = _with_broken_letters(column)
    return bool(pattern and pattern.fullmatch(name))


@functools.lru_cache(maxsize=1024)
def _with_broken_letters(column: str) -> re.Pattern[str] | None:
    """Return what a header with broken letters may have been; None when it has none, or too few others to tell."""
    broken = sum(column.count(letter) for letter in _BROKEN)
    if not broken or len(column) - broken < max(3, 2 * broken):
        return None
    # ä is two letters here (ae) and may have been broken into two; or a question mark was meant
    runs = re.split(rf"([{re.escape(_BROKEN)}]+)", column)
    return re.compile("".join(rf"[^\W\d_]{{0,{2 * len(run)}}}" if run[:1] in {*_BROKEN} else run for run in runs))


@functools.cache
def _names() -> _Names:
    """Read columns.toml. A field's own name is the last that it is recognised by."""
    table = tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
    fields: dict[str, list[str]] = table["fields"]
    return _Names(
        fields={field: _all_normal([*fields[field], field]) for field in sorted(FIELDS, key=[*fields].index)},
        beside=tuple(
            _Beside(rule["field"], _all_normal(rule["names"]), frozenset(_all_normal(rule["others"])))
            for rule in table["beside"]
        ),
    )


def _all_normal(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_normal(name) for name in names))
