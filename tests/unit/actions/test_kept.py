"""What is kept of a recipient is JSON as the standard library writes it."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from notify.actions.kept import Kept
from notify.core.contact import Origin, Recipient
from notify.rendering import Named

_NAMES = st.text(max_size=4) | st.sampled_from(["a", "b", "%s", '"', "ä\n"])
_CELLS = st.dictionaries(_NAMES, st.text(max_size=6), max_size=5)
_NAMED = st.none() | st.frozensets(_NAMES, max_size=5)


_AUDIENCES = st.sampled_from([(), ("customers",), ("100 %s", 'a"b')])


def _recipient(
    fields: dict[str, str], row: dict[str, str], salutation: str, audiences: tuple[str, ...], *, fell_back: bool
) -> Recipient:
    who = Recipient("k", "a@x.example", "", "de", salutation, fell_back, Origin("people.csv", 2), fields, row)
    return replace(who, shared_salutation="S", audiences=audiences)


@given(st.tuples(_CELLS, _CELLS, _AUDIENCES), st.tuples(_NAMED, _NAMED), st.sampled_from(["S", "Hallo"]), st.booleans())
def test_the_same_json(
    cells: tuple[dict[str, str], dict[str, str], tuple[str, ...]],
    names: tuple[frozenset[str] | None, frozenset[str] | None],
    salutation: str,
    fell_back: bool,
) -> None:
    """Octet by octet, whatever columns are called and whatever stands in them; also for the next row like it."""
    named = Named(*names)
    kept, (fields, row, audiences) = Kept(named), cells
    for _ in range(2):
        expected: dict[str, object] = {**named.of(fields, row, audiences)}
        if fell_back:
            expected["greeting"] = "neutral"
        elif salutation == "S":
            expected["greeting"] = "general"
        found = kept.of(_recipient(fields, row, salutation, audiences, fell_back=fell_back))
        assert found == json.dumps(expected, ensure_ascii=False)
        row = {name: cell[::-1] for name, cell in row.items()}
