"""Files as programs write them come back cell by cell; damaged ones cost their own rows, and never mix two people."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.contacts import open_source
from notify.core.contact import Contact, Rejected
from notify.errors import NotifyError
from tests.unit.contacts.workbooks import ods, xlsx

HEADER = ["Nr.", "Vorname", "Nachname", "E-Mail", "Ort"]


@dataclass(frozen=True)
class Dialect:
    """A way to write a table."""

    delimiter: str
    quote: Callable[[str, str], str]
    line_end: str
    encoding: str
    above: str = ""
    trailing: bool = False

    def cell(self, text: str) -> str:
        """Return a cell as this dialect writes it."""
        return self.quote(text, self.delimiter)

    def record(self, cells: list[str]) -> str:
        """Return a row."""
        return self.delimiter.join(map(self.cell, cells)) + self.delimiter * self.trailing + "\n"

    def table(self, rows: list[list[str]], blank: frozenset[int] = frozenset()) -> tuple[bytes, list[int]]:
        """Return a table of these rows, the first of which is its header, and the line on which each begins."""
        text, lines = self.above.format(self.delimiter), []
        for number, row in enumerate(rows):
            text += "\n" * (number in blank)
            lines.append(text.count("\n") + 1)
            text += self.record(row)
        return text.replace("\n", self.line_end).encode(self.encoding), lines


def always(text: str, _: str) -> str:
    """Quote every cell."""
    return '"' + text.replace('"', '""') + '"'


def if_needed(text: str, delimiter: str) -> str:
    """Quote what must be quoted."""
    return always(text, delimiter) if any(sign in text for sign in f'"\n{delimiter}') else text


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


@settings(max_examples=80, deadline=None)
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


MANY = 12


def token(number: int) -> str:
    """Return what all cells of a row have in them, and no cell of another: a letter for the row, many times."""
    return chr(ord("a") + number) * 6


def people() -> list[list[str]]:
    """Return rows that say in every cell whose they are."""
    return [
        [
            token(number),
            f"V{token(number)}ä",
            f"N{token(number)}",
            f"{token(number)}@firma.example",
            f"O{token(number)}",
        ]
        for number in range(MANY)
    ]


def cards() -> bytes:
    """Return the same people as vCards."""
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last};{first};;;\r\nFN:{first} {last}\r\nEMAIL;TYPE=WORK:{mail}\r\n"
        f"ADR:;;;{town};;;\r\nEND:VCARD\r\n"
        for _, first, last, mail, town in people()
    ).encode()


def entries() -> bytes:
    """Return the same people as LDIF."""
    return "".join(
        f"dn: cn={number},dc=firma\nobjectclass: person\ngivenName: {first}\nsn: {last}\nmail: {mail}\nl: {town}\n\n"
        for number, first, last, mail, town in people()
    ).encode()


def tables() -> dict[str, bytes]:
    """Return the same people in several dialects."""
    plain = Dialect(";", if_needed, "\r\n", "utf-8")
    written = {
        "plain": plain,
        "quoted": Dialect(",", always, "\r\n", "utf-8"),
        "tabs": Dialect("\t", if_needed, "\n", "utf-8"),
        "Windows": Dialect(";", always, "\r\n", "cp1252"),
        "UTF-16": Dialect("\t", if_needed, "\r\n", "utf-16"),
        "a title": Dialect(",", if_needed, "\n", "utf-8-sig", above="Unsere Kunden\n\n"),
        "old Macs": Dialect(";", if_needed, "\r", "mac_roman"),
    }
    found = {name: dialect.table([HEADER, *people()])[0] for name, dialect in written.items()}
    return found | {"no header": plain.table(people())[0]}


FILES: dict[str, bytes] = {
    **tables(),
    "xlsx": xlsx({"Kunden": [HEADER, *people()]}),
    "ods": ods({"Kunden": [HEADER, *people()]}),
    "vcf": cards(),
    "ldif": entries(),
}
KINDS = ("flip", "insert", "delete", "twice", "line away", "line twice", "cut off", "quote", "nul", "end")


def damaged(octets: bytes, chooser: random.Random) -> tuple[bytes, bool]:
    """Return a file with one to three damages, and whether its records are all there and still apart."""
    untouched = True
    for _ in range(chooser.randint(1, 3)):
        octets, whole = hurt(octets, chooser.choice(KINDS), chooser)
        untouched = untouched and whole
    return octets, untouched


def hurt(octets: bytes, kind: str, chooser: random.Random) -> tuple[bytes, bool]:
    """Do one damage to a file; tell whether it leaves the records apart."""
    if len(octets) < 80:
        return octets, False
    if kind.startswith("line"):
        return lines_hurt(octets, kind, chooser), False
    place = chooser.randrange(len(octets))
    before, behind = octets[:place], octets[place:]
    some = chooser.randint(1, 9)
    hurts = {
        "flip": lambda: before + bytes([behind[0] ^ 1 << chooser.randrange(8)]) + behind[1:],
        "insert": lambda: before + chooser.randbytes(some) + behind,
        "delete": lambda: before + behind[some:],
        "twice": lambda: before + behind[:some] + behind,
        "cut off": lambda: octets[: max(place, 80)],
        "quote": lambda: before + b'"' * chooser.randint(1, 2) + behind,
        "nul": lambda: before + b"\0" + behind,
        "end": lambda: octets + chooser.choice([b"\r\n", b"\n\n", b"\x1a", b"\0\0"]),
    }
    # nobody reads a NUL, nor what old programs end a file with, where it is no half of a letter
    return hurts[kind](), kind in {"nul", "end"} and octets[:2] not in {b"\xff\xfe", b"PK"}


def lines_hurt(octets: bytes, kind: str, chooser: random.Random) -> bytes:
    """Take a line away, or write it twice."""
    lines = octets.splitlines(keepends=True)
    line = chooser.randrange(len(lines))
    return b"".join([*lines[:line], *[lines[line]] * (2 * (kind == "line twice")), *lines[line + 1 :]])


def read_or_refused(path: Path) -> list[Contact | Rejected] | NotifyError:
    """Return the rows of a file, or why it is refused."""
    try:
        return list(open_source(path, "kunden", {}))
    except NotifyError as error:
        return error


def tokens(row: Contact) -> set[str]:
    """Return whose cells stand in a row."""
    return {found for cell in row.row.values() for found in re.findall(r"([a-l])\1{4,5}", cell)}


@pytest.mark.parametrize("name", FILES)
def test_the_good_files(tmp_path: Path, name: str) -> None:
    """They are read whole, or the damaged ones would prove nothing."""
    path = tmp_path / "kunden"
    path.write_bytes(FILES[name])
    rows = list(open_source(path, "kunden", {}))
    assert [row.addresses[0].text for row in rows if isinstance(row, Contact)] == [mail for *_, mail, _ in people()]
    assert [tokens(row) for row in rows if isinstance(row, Contact)] == [{token(number)[0]} for number in range(MANY)]


@pytest.mark.parametrize(("name", "seed"), list(itertools.product(FILES, range(25))))
def test_damaged_files(tmp_path: Path, name: str, seed: int) -> None:
    """Read or refused with a sentence; nobody's address beside another's name, and no row without a trace."""
    chooser = random.Random(f"{name} {seed}")
    octets, untouched = damaged(FILES[name], chooser)
    path = tmp_path / "kunden"
    path.write_bytes(octets)
    rows = read_or_refused(path)
    if isinstance(rows, NotifyError):
        assert rows.message.startswith("kunden")
        assert rows.hint
        return
    assert [row.origin.line for row in rows] == sorted(row.origin.line for row in rows)
    for row in rows:
        assert isinstance(row, Rejected) or len(tokens(row)) <= 1, row
    if untouched:
        assert len(rows) == MANY
