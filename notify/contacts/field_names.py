"""Which field a column holds, by its header: as notify.toml says, then by the names that export programs give."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence

from notify.contacts.address_columns import ADDRESS_FIELDS, called_addresses, in_order
from notify.contacts.header import normal
from notify.contacts.legend import read_legend
from notify.contacts.vocabulary import names, vocabulary
from notify.errors import ConfigError, Problem

_LISTED = 8


def recognise(headers: Sequence[str], assigned: Mapping[str, str], passed_over: Collection[int] = ()) -> dict[int, str]:
    """Return which field the columns hold, by their position from 0; each field at most once. Nothing is guessed.

    :param headers: the cells of the header row.
    :param assigned: headers by field, from ``[contacts.columns]`` of notify.toml; they win where the file has them.
    :param passed_over: columns that do not hold what they are called.
    :raises ConfigError: an assigned header is assigned twice.
    """
    assigned = {field: header for field, header in assigned.items() if _alike(headers, header)}
    found = _assigned(headers, assigned)
    columns = [frozenset() if place in passed_over else _called(header) for place, header in enumerate(headers)]
    for field in vocabulary().fields:
        if field in assigned:
            continue
        for name in _candidates(field, columns):
            matching = (place for place, column in enumerate(columns) if place not in found and name in column)
            if (place := next(matching, None)) is not None:
                found[place] = field
                break
    known = [place for place, field in found.items() if field in ADDRESS_FIELDS]
    others = [place for place in called_addresses(headers, known, passed_over) if place not in found]
    return with_addresses(found, in_order(headers, others))


def with_addresses(found: Mapping[int, str], positions: Sequence[int]) -> dict[int, str]:
    """Give address columns, the first one first, to those fields for addresses that no column has."""
    free = [field for field in ADDRESS_FIELDS if field not in found.values()]
    return {**found, **dict(zip(positions, free, strict=False))}


def check_assigned(headers: Sequence[str], assigned: Mapping[str, str]) -> None:
    """Check that every assigned header is in one of the files.

    :param headers: those of all files.
    :raises ConfigError: one is in none of them.
    """
    _assigned(headers, {field: header for field, header in assigned.items() if not _alike(headers, header)})


def _candidates(field: str, columns: Sequence[Collection[str]]) -> Iterator[str]:
    """Yield the names that a field may have in this file, the best first."""
    yield from vocabulary().fields[field]
    there = {name for column in columns for name in column}
    for rule in vocabulary().beside:
        if rule.field == field and (not rule.others or rule.others & there) and not rule.without & there:
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
    return exactly + [place for place, there in enumerate(headers) if is_called(there, header)]


def is_called(header: str, name: str) -> bool:
    """Tell whether a header is this name, but for case, blanks and broken letters."""
    called = normal(name)
    return header == name or (bool(called) and (normal(header) == called or called in _called(header)))


def _called(header: str) -> frozenset[str]:
    """Return what a header may be called, with the explanation of its codes and without."""
    legend = read_legend(header)
    return names(header) | names(legend.bare) if legend else names(header)


def _no_column(header: str, headers: Sequence[str]) -> str:
    """Tell that a column is missing, and which ones are called nearly so."""
    there = {normal(name): name for name in reversed(headers) if name}
    near = [there[name] for name in difflib.get_close_matches(normal(header), there, n=3)]
    candidates = near or [*reversed(there.values())]
    listed = ", ".join(f'"{name}"' for name in candidates[:_LISTED])
    return f"there is no such column, but {listed}{', …' if len(candidates) > _LISTED else ''}"
