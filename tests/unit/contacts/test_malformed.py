"""Tables as programs write them come back cell by cell. What damaged files do is in tests/contract/sources.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from notify.contacts import open_source
from notify.core.contact import Contact
from tests.unit.contacts.dialects import Dialect, always, if_needed

if TYPE_CHECKING:
    import pytest

dialects = st.builds(
    Dialect,
    delimiter=st.sampled_from(";,\t|"),
    quote=st.sampled_from([always, if_needed]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    above=st.sampled_from(["", "", "\n\n", "sep={0}\n", "{0}{0}\n", "Unsere Kunden\n\n", "Notes:\nStand 1. 12.\n"]),
    trailing=st.booleans(),
)
words = st.text(st.sampled_from("aeinrstäöüß -."), min_size=1, max_size=8).map(str.strip)
awkward = st.sampled_from(["Köln; Süd", 'Gasthof "Zum Löwen"', "Weg 1\nHaus 2", "a, b | c\td", '5" Rohr', "00123", ""])


@given(
    dialect=dialects,
    rows=st.lists(st.tuples(words, words, words | awkward, st.integers(2, 5)), min_size=1, max_size=8),
    blank=st.frozensets(st.integers(1, 8), max_size=2),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    dialect: Dialect,
    rows: list[tuple[str, str, str, int]],
    blank: frozenset[int],
) -> None:
    """In every dialect, also short rows: each cell in its column, and each row with the line that an editor shows."""
    written = [
        [f"a{number}@firma.example", first, last, place][:width]
        for number, (first, last, place, width) in enumerate(rows)
    ]
    octets, lines = dialect.table([["E-Mail", "Vorname", "Nachname", "Ort"], *written], blank)
    path = tmp_path_factory.mktemp("table") / "kunden.csv"
    path.write_bytes(octets)
    source = open_source(path, "kunden.csv", {}, encoding="" if dialect.encoding != "cp1252" else "cp1252")
    assert (source.delimiter, source.header_line) == (dialect.delimiter, lines[0])
    assert source.headers[:4] == ("E-Mail", "Vorname", "Nachname", "Ort")
    found = list(source)
    assert [row.origin.line for row in found] == lines[1:]
    for row, cells in zip(found, written, strict=True):
        assert isinstance(row, Contact)
        assert list(row.row.values())[:4] == [*map(str.strip, cells), *[""] * (4 - len(cells))]
