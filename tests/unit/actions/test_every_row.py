"""Whatever stands in the contact files: each row is told of once, and nobody is forgotten or written to twice."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from notify.actions.prepare import prepare
from notify.actions.survey import Fate, Surveyed, survey
from notify.core.address import identity
from notify.core.contact import Recipient
from notify.ledger import Suppressions, open_store
from tests.campaign import NOW, Folder

HEADER = ["Nr", "E-Mail", "E-Mail 2", "Gruppe", "Kundennummer", "Unsubscribed", "Vorname", "Nachname", "Notiz"]

COLUMNS = '[contacts.columns]\nemail = "E-Mail"\nemail_2 = "E-Mail 2"\n'

#: Ways to write an address, and whose it is.
SPELLINGS = {
    "anna@example.com": "anna@example.com",
    "ANNA@Example.COM": "anna@example.com",
    "Anna Muster <anna@example.com>": "anna@example.com",
    "ben@bücher.example": "ben@xn--bcher-kva.example",
    "Ben@XN--BCHER-KVA.example": "ben@xn--bcher-kva.example",
    " mailto:cora@example.com": "cora@example.com",
    "cora@example.com": "cora@example.com",
    "dan@example.org": "dan@example.org",
    "eva@example.net": "eva@example.net",
}
NO_ADDRESSES = ("cora@@example.com", "dan", "eva@", "@example.com", "kaputt")
PEOPLE = sorted(set(SPELLINGS.values()))


@dataclass(frozen=True)
class Cell:
    """A cell for addresses: its text, and whose addresses stand in it."""

    text: str = ""
    whose: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row as it was drawn, with what stands above it.

    It has so many ``more`` cells than the header and cannot be read then; with fewer, the last ones are missing.
    """

    cells: tuple[Cell, Cell]
    others: tuple[str, ...]
    more: int = 0
    above: str = ""

    def written(self, mark: str) -> list[str]:
        """Return the cells as they are written."""
        cells = [mark, *(cell.text for cell in self.cells), *self.others, *["x"] * self.more]
        return cells[: len(HEADER) + self.more]

    def cell(self, header: str) -> str:
        """Return what is read in a column."""
        return dict(zip(HEADER, self.written("a mark"), strict=False)).get(header, "")

    def whose(self, *, every: bool) -> list[str]:
        """Return to whom the row must be sent, if to anybody: at the first address, or at each."""
        there = zip(("E-Mail", "E-Mail 2"), self.cells, strict=True)
        filled = [cell for header, cell in there if self.cell(header)]
        if every:
            return sorted({who for cell in filled for who in cell.whose})
        return list(filled[0].whose[:1]) if filled else []


@st.composite
def a_cell(draw: st.DrawFn) -> Cell:
    """Draw a cell for addresses: empty, with one, with several, with what is none."""
    pieces = draw(st.lists(st.sampled_from([*SPELLINGS, *NO_ADDRESSES]), max_size=3))
    listed = [", "] if all("@" in piece for piece in pieces) else []
    text = draw(st.sampled_from(["; ", " / ", "\n", ":::", *listed])).join(pieces)
    return Cell(text, tuple(SPELLINGS[piece] for piece in pieces if piece in SPELLINGS))


some_cell = st.sampled_from([Cell(text, (who,)) for text, who in SPELLINGS.items()]) | a_cell()
a_row = st.builds(
    Row,
    st.tuples(some_cell, st.just(Cell()) | some_cell),
    st.tuples(
        st.sampled_from("AAB"),
        st.sampled_from(["K1", "K2", "K3", "K4", ""]),
        st.sampled_from(["", "", "nein", "ja"]),
        st.sampled_from(["", "Anna", "Ben"]),
        st.sampled_from(["", "Muster", "Probe"]),
        st.sampled_from(["", 'mit ; und , und "Zitat"', "zwei\nZeilen"]),
    ),
    st.sampled_from([0] * 24 + [1, 2, *range(1 - len(HEADER), 0)]),
    st.sampled_from(["", "", "", "\n", ";;;\n"]),
)


@dataclass(frozen=True)
class Wanted:
    """The settings of a campaign, and who is on its suppression list."""

    address: str = "first"
    key: str = ""
    where: str = ""
    same_person: str = "each"
    shared_address: str = "neutral"
    opted_out: str = "leave_out"
    narrowed: bool = False
    suppressed: frozenset[str] = frozenset()

    def means(self, row: Row) -> bool:
        """Tell whether the campaign is for a row."""
        return row.cell("Gruppe") == "A" or not self.where

    def asks_for(self, row: Row) -> bool:
        """Tell whether this run is for a row."""
        return self.means(row) and (row.cell("Gruppe") == "A" or not self.narrowed)

    def leaves_out(self, row: Row) -> bool:
        """Tell whether a row says that its owner wants no mail, and that counts."""
        return self.opted_out == "leave_out" and row.cell("Unsubscribed") == "ja"

    def addresses(self, row: Row) -> list[str]:
        """Return whose addresses are taken from a row; empty where it must be mended."""
        if row.more > 0 or (self.key and not row.cell(self.key)):
            return []
        return row.whose(every=self.address == "all")


wanted = st.builds(
    Wanted,
    address=st.sampled_from(["first", "work", "private", "all"]),
    key=st.sampled_from(["", "Nr", "Kundennummer"]),
    where=st.sampled_from(["", 'Gruppe == "A"']),
    same_person=st.sampled_from(["each", "once"]),
    shared_address=st.sampled_from(["neutral", "first"]),
    opted_out=st.sampled_from(["leave_out", "write"]),
    narrowed=st.booleans(),
    suppressed=st.frozensets(st.sampled_from(PEOPLE), max_size=2),
)


def write(path: Path, rows: Iterable[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Write a contact file; yield each row with the place where it stands."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(HEADER)
    for mark, row in rows:
        out.write(row.above)
        yield f"contacts/{path.name}:{out.getvalue().count(chr(10)) + 1}", row
        writer.writerow(row.written(mark))
    path.write_text(out.getvalue(), "utf-8")


def surveyed(folder: Folder, wish: Wanted) -> list[Surveyed]:
    """Let the program look at the contact files of a campaign."""
    options = {name: getattr(wish, name) for name in ("address", "same_person", "shared_address", "opted_out")}
    options |= {name: getattr(wish, name) for name in ("key", "where") if getattr(wish, name)}
    loaded = folder.settings({f"contacts.{name}": value for name, value in options.items()})
    with open_store(folder.ledger, create=True) as store:
        for who in wish.suppressed:
            Suppressions(store).add(who, "", NOW)
    prepared = prepare(loaded, 'Gruppe == "A"' if wish.narrowed else "")
    with survey(prepared.sources, prepared.selection, prepared.settings) as found:
        return list(found.rows())


@given(rows=st.lists(a_row, max_size=9), others=st.lists(a_row, max_size=3), wish=wanted)
def test_every_row_has_one_fate(rows: list[Row], others: list[Row], wish: Wanted) -> None:
    """Each row comes once, as what it is; whoever it names is written to once, or there is a reason not to."""
    numbered = [(f"r{number}", row) for number, row in enumerate([*rows, *others])]
    told: defaultdict[str, list[Surveyed]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place) / "campaign", more=COLUMNS)
        written = dict(write(folder.people, numbered[: len(rows)]))
        written |= write(folder.people.with_name("more.csv"), numbered[len(rows) :])
        for one in surveyed(folder, wish):
            told[str(one.row.origin)].append(one)

    assert told.keys() == written.keys()
    asked = {who for row in (*rows, *others) if wish.asks_for(row) for who in wish.addresses(row)}
    for (mark, row), origin in zip(numbered, written, strict=True):
        assert {one.row.row["Nr"] for one in told[origin]} == {mark}
        if row.more <= 0 and wish.means(row) and not wish.asks_for(row):
            check_row_not_asked_for(told[origin], asked)
        else:
            check_row(row, told[origin], wish)
    check_people([(row, one) for origin, row in written.items() for one in told[origin]], wish)


def address_of(one: Surveyed) -> str:
    """Return at whose address somebody is written to, or would be."""
    return "" if one.fate is Fate.FILTERED else identity(getattr(one.row, "address", ""))


def check_row(row: Row, found: list[Surveyed], wish: Wanted) -> None:
    """Check what has become of one row."""
    fates = [one.fate for one in found]
    taken = [one for one in found if isinstance(one.row, Recipient) or "belongs to another" in one.reason]
    if row.more <= 0 and not wish.means(row):
        assert fates == [Fate.FILTERED]
    elif whose := wish.addresses(row):
        assert Fate.FILTERED not in fates
        assert sorted(map(address_of, taken)) == whose
        # what is no address beside others is told of where all are written to, each reason once
        refused = Counter(one.reason for one in found if one not in taken)
        assert not refused or (wish.address == "all" and max(refused.values()) == 1)
    else:
        assert set(fates) == {Fate.REJECTED}
        assert not taken
        assert len(found) == 1 or (wish.address == "all" and len({one.reason for one in found}) == len(found))
    assert all(one.reason for one in found if one.fate is not Fate.ADMITTED)


def check_row_not_asked_for(found: list[Surveyed], asked: set[str]) -> None:
    """Check what has become of a row that this run is not for: it is left out, but for whom another row asks."""
    fates = [one.fate for one in found]
    assert fates.count(Fate.FILTERED) <= 1
    assert {address_of(one) for one in found if one.fate is not Fate.FILTERED} <= asked
    assert fates


def check_people(found: list[tuple[Row, Surveyed]], wish: Wanted) -> None:
    """Check what has become of everybody, wherever they stand."""
    reached: dict[Fate, Counter[str]] = {fate: Counter() for fate in Fate}
    for _, one in found:
        reached[one.fate][address_of(one)] += 1
    admitted, suppressed = reached[Fate.ADMITTED], reached[Fate.SUPPRESSED]
    assert max((admitted + suppressed).values(), default=0) <= 1

    there = {id(row): row for row, _ in found}.values()
    meant = [row for row in there if wish.asks_for(row)]
    # whatever becomes of the row that says so
    unwilling = {who for row in there if row.more <= 0 and wish.leaves_out(row) for who in row.whose(every=True)}
    assert not admitted.keys() & (unwilling | wish.suppressed)
    assert suppressed.keys() <= unwilling | wish.suppressed

    answered = admitted.keys() | suppressed.keys() | reached[Fate.REJECTED].keys()
    elsewhere = {address_of(one) for _, one in found if one.reason.startswith("the same person")}
    assert not elsewhere or wish.same_person == "once"
    people: defaultdict[str, set[str]] = defaultdict(set)
    for row in meant:
        for who in wish.addresses(row):
            people[who].add(f"{row.cell('Vorname')} {row.cell('Nachname')}")
    # who is written to elsewhere is not forgotten, but somebody else at the same address would be
    assert {who for who in people if len(people[who]) > 1 or who not in elsewhere} <= answered
