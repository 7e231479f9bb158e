"""What is kept of a recipient beside the columns of the ledger, as JSON: what the template names of its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as as_json
from typing import NamedTuple

from notify.core.contact import Recipient
from notify.rendering import Named


class _Layout(NamedTuple):
    """What is kept of recipients of one kind, and the JSON around it."""

    fields: tuple[str, ...]
    cells: tuple[str, ...]
    around: str


class Kept:
    """Writes what is kept. Of each kind of rows the JSON is put together once; only the values are written for each."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._layouts: dict[tuple[tuple[str, ...], ...], _Layout] = {}

    def of(self, recipient: Recipient) -> str:
        """Return it; ``greeting`` stands in it where that is the neutral one, or names nobody though it is meant so."""
        fields, row = recipient.fields, recipient.row
        kind = tuple(fields), tuple(row), recipient.audiences
        layout = self._layouts.get(kind) or self._layouts.setdefault(kind, _layout(self._named, recipient))
        values = [*[fields[name] for name in layout.fields], *[row[name] for name in layout.cells]]
        return layout.around % (*map(as_json, values), _greeting(recipient))


def _layout(named: Named, recipient: Recipient) -> _Layout:
    kept = named.of(recipient.fields, recipient.row, recipient.audiences)
    fields, cells = ([*kept[group]] for group in ("contact", "row"))
    pieces = [f"{_as_it_is(group)}: {_values(of)}" for group, of in kept.items()]
    return _Layout(tuple(fields), tuple(cells), f"{{{', '.join(pieces)}%s}}")


def _values(of: Mapping[str, str] | str) -> str:
    """Return the JSON of a group of values, with a place for each; a single one is the same for all of the kind."""
    return _as_it_is(of) if isinstance(of, str) else _object(of)


def _object(names: Iterable[str]) -> str:
    return f"{{{', '.join(f'{_as_it_is(name)}: %s' for name in names)}}}"


def _as_it_is(text: str) -> str:
    """Return the JSON of a text that no value is put into."""
    return as_json(text).replace("%", "%%")


def _greeting(recipient: Recipient) -> str:
    if recipient.fell_back:
        return ', "greeting": "neutral"'
    return ', "greeting": "general"' if recipient.salutation == recipient.shared_salutation else ""
