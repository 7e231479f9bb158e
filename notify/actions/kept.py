"""What is kept of a recipient beside the columns of the ledger, as JSON: what the template names of its row."""

from __future__ import annotations

from collections.abc import Mapping
from json.encoder import encode_basestring as as_json
from typing import NamedTuple

from notify.core.contact import Recipient
from notify.rendering import Named


class _Layout(NamedTuple):
    """What is kept of rows that have the same columns, and the JSON around it."""

    fields: tuple[str, ...]
    cells: tuple[str, ...]
    around: str


class Kept:
    """Writes what is kept. Of each kind of rows the JSON is put together once; only the values are written for each."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._layouts: dict[tuple[tuple[str, ...], tuple[str, ...]], _Layout] = {}

    def of(self, recipient: Recipient) -> str:
        """Return it; ``greeting`` stands in it where that is the neutral one, or names nobody though it is meant so."""
        fields, row = recipient.fields, recipient.row
        columns = tuple(fields), tuple(row)
        layout = self._layouts.get(columns) or self._layouts.setdefault(columns, _layout(self._named, fields, row))
        values = [*[fields[name] for name in layout.fields], *[row[name] for name in layout.cells]]
        return layout.around % (*map(as_json, values), _greeting(recipient))


def _layout(named: Named, fields: Mapping[str, str], row: Mapping[str, str]) -> _Layout:
    kept = named.of(fields, row)
    contact, cells = tuple(kept["contact"]), tuple(kept["row"])
    return _Layout(contact, cells, f'{{"contact": {_object(contact)}, "row": {_object(cells)}%s}}')


def _object(names: tuple[str, ...]) -> str:
    """Return a JSON object with these names, and a place for the value of each."""
    return f"{{{', '.join(f'{as_json(name)}: '.replace('%', '%%') + '%s' for name in names)}}}"


def _greeting(recipient: Recipient) -> str:
    if recipient.fell_back:
        return ', "greeting": "neutral"'
    return ', "greeting": "general"' if recipient.salutation == recipient.shared_salutation else ""
