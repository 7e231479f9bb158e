"""What every source of contacts promises, whatever its format; a format is held to it by a subclass of twenty lines."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from notify.contacts import FORMATS, Source, open_source
from notify.core.contact import FIELDS, Contact, Rejected
from notify.errors import ConfigError, InputError, NotifyError
from tests.contract.damage import damaged
from tests.unit.contacts.findings import notes_of

ROOT = Path(__file__).parents[2]
HEADER = ["Nr.", "Vorname", "Nachname", "E-Mail", "Ort"]
MANY = 12
WIDE = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def token(number: int) -> str:
    """Return what all cells of a row have in them, and no cell of another: a letter for the row, many times."""
    return chr(ord("a") + number) * 6


def people(many: int = MANY) -> list[list[str]]:
    """Return rows that say in every cell whose they are, in the order of :data:`HEADER`."""
    marks = [token(number) if many <= MANY else f"x{number}x" for number in range(many)]
    return [[mark, f"V{mark}ä", f"N{mark}", f"{mark}@firma.example", f"O{mark}"] for mark in marks]


def tokens(row: Contact) -> set[str]:
    """Return whose cells stand in a row."""
    return {found for cell in row.row.values() for found in re.findall(r"([a-l])\1{4,5}", cell)}


class SourceContract(ABC):
    """The promises. A subclass says what its files look like."""

    #: The names of the formats that it writes.
    formats: ClassVar[frozenset[str]]
    #: A file with one contact, Anna with anna@firma.example, and an IBAN; as often as there are ways to begin one.
    examples: ClassVar[dict[str, bytes]]
    is_text: ClassVar[bool] = True
    #: Something parts the cells.
    has_delimiter: ClassVar[bool] = False
    #: The headers stand on a line of their own.
    has_header_line: ClassVar[bool] = False
    #: What ``notify.contacts`` must not import to open it.
    not_imported: ClassVar[tuple[str, ...]] = ("pandas",)

    @abstractmethod
    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a file with these people, in UTF-8 where it is text, and the line on which each begins."""

    def variants(self) -> dict[str, bytes]:
        """Return files with :func:`people` in them, written in several manners."""
        return {self.__class__.__name__.removeprefix("Test").lower(): self.written(people())[0]}

    def source(self, folder: Path, octets: bytes, name: str = "kunden.bin", encoding: str = "") -> Source:
        """Return a contact file with these octets."""
        path = folder / name
        path.write_bytes(octets)
        return open_source(path, f"contacts/{name}", {}, encoding=encoding)

    def read_or_refused(self, folder: Path, octets: bytes) -> list[Contact | Rejected] | NotifyError:
        """Return the rows of a file, or why it is refused: with its name, and a mend."""
        try:
            return list(self.source(folder, octets))
        except NotifyError as error:
            refused = error
        assert refused.message.startswith("contacts/kunden.bin")
        assert refused.hint
        return refused

    @pytest.mark.parametrize("suffix", ["csv", "vcf", "xlsx", ""])
    def test_the_content_tells_the_format(self, tmp_path: Path, suffix: str) -> None:
        """Whatever its suffix says, and its only contact is the same."""
        seen = set()
        for octets in self.examples.values():
            found = self.source(tmp_path, octets, f"kunden.{suffix}")
            seen.add(found.format.name)
            for _ in range(2):
                contacts = [row for row in found if isinstance(row, Contact)]
                assert [contact.fields["email"] for contact in contacts] == ["anna@firma.example"]
                assert [contact.addresses[0].text for contact in contacts] == ["anna@firma.example"]
        assert seen == self.formats

    def test_the_format_is_known_by_name(self, tmp_path: Path) -> None:
        """It has a name for programs, a label for people and suffixes, and the documentation names all of them."""
        text = (ROOT / "docs" / "contacts.md").read_text("utf-8")
        for octets in self.examples.values():
            form = self.source(tmp_path, octets).format
            assert form in FORMATS
            assert re.fullmatch("[a-z]+", form.name)
            assert form.label
            assert form.suffixes[0] == f".{form.name}"
            for suffix in form.suffixes:
                assert f"`{suffix}`" in text

    def test_the_surface(self, tmp_path: Path) -> None:
        """All formats have the same properties, and they agree with each other."""
        for octets in self.examples.values():
            found = self.source(tmp_path, octets)
            assert (found.path, found.label) == (tmp_path / "kunden.bin", "contacts/kunden.bin")
            assert bool(found.encoding) == self.is_text
            assert bool(found.delimiter) == self.has_delimiter
            assert bool(found.header_line) == self.has_header_line
            assert set(found.columns) <= set(found.headers)
            assert {field for fields in found.columns.values() for field in fields.split(", ")} <= set(FIELDS)
            assert {header.casefold() for header in found.sensitive} <= {"iban", "x-iban"}
            assert found.sensitive <= set(found.headers)
            assert notes_of(found) == ()

    def test_rows_have_their_lines_and_all_headers(self, tmp_path: Path) -> None:
        """Each contact has the line where it begins, its own cells, and a cell for every header."""
        octets, lines = self.written(people())
        found = self.source(tmp_path, octets)
        rows = list(found)
        assert [str(row.origin) for row in rows] == [f"contacts/kunden.bin:{line}" for line in lines]
        for number, row in enumerate(rows):
            assert isinstance(row, Contact)
            assert tuple(row.row) == found.headers
            assert tuple(row.fields) == tuple(FIELDS)
            assert tokens(row) == {token(number)[0]}

    def test_it_is_read_anew_each_time(self, tmp_path: Path) -> None:
        """Who reads it twice gets the same rows twice, also after having stopped in the middle."""
        found = self.source(tmp_path, self.written(people())[0])
        for _ in zip(range(3), found, strict=False):
            pass
        rows = list(found)
        assert len(rows) == MANY
        assert list(found) == rows

    def test_it_is_not_read_whole_before_the_first_row(self, tmp_path: Path) -> None:
        """Memory does not grow with the file: a file that is cut while it is read ends early."""
        many = 20_000 if self.is_text else 2_000
        found = self.source(tmp_path, self.written(people(many))[0])
        rows = iter(found)
        next(rows)
        if self.is_text:
            found.path.write_bytes(b"")
            assert sum(1 for _ in rows) < many / 2
        else:
            assert sum(1 for _ in rows) == many - 1  # the library of workbooks holds a sheet

    def test_what_it_costs_to_open(self, tmp_path: Path) -> None:
        """Slow libraries are imported when a row is read that needs them, and not to recognise a file."""
        path = tmp_path / "kunden"
        path.write_bytes(self.written(people())[0])
        program = (
            "import sys; from pathlib import Path; from notify.contacts import open_source;"
            f"open_source(Path({str(path)!r}), 'kunden', {{}}); print(*sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
        assert not set(self.not_imported) & set(done.stdout.split())

    @pytest.mark.parametrize("encoding", [*WIDE, "cp1252"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        """A mark, or a NUL beside every letter, hides no format; what is no UTF-8 is told by its letters."""
        if not self.is_text:
            return
        for octets in (*self.examples.values(), self.written(people())[0]):
            text = octets.decode("utf-8-sig")
            if encoding == "cp1252" and text.isascii():
                continue
            found = self.source(tmp_path, text.encode(encoding))
            assert (found.format.name in self.formats, found.encoding) == (True, encoding)
            assert [row.origin.line for row in found if isinstance(row, Contact)]
        assert [row.fields["first_name"] for row in found if isinstance(row, Contact)] == [
            first for _, first, *_ in people()
        ]

    def test_an_encoding_that_is_named(self, tmp_path: Path) -> None:
        """It is that of every text file; one that is none is an error, and the mend is in notify.toml."""
        if not self.is_text:
            return
        for octets in self.examples.values():
            text = octets.decode("utf-8-sig").replace("Anna", "Änna").replace("fn:anna", "fn:Änna")
            found = self.source(tmp_path, text.encode("mac_roman"), encoding="mac_roman")
            assert found.encoding == "mac-roman"
            (contact,) = (row for row in found if isinstance(row, Contact))
            assert "Änna" in contact.fields["name"]
            with pytest.raises(ConfigError, match='encoding = "cp125": there is no such encoding') as caught:
                self.source(tmp_path, octets, encoding="cp125")
            assert "encoding in [contacts]" in caught.value.hint

    @pytest.mark.parametrize(
        ("name", "opted_out"),
        [
            ("unsubscribed_members_export_ab12.csv", True),
            ("cleaned_members_export_ab12.csv", True),
            ("subscribed_members_export_ab12.csv", False),
            ("kunden.csv", False),
        ],
    )
    def test_the_name_of_a_file_may_say_that_nobody_wants_mail(
        self, tmp_path: Path, name: str, opted_out: bool
    ) -> None:
        """Mailchimp says it nowhere else; in every format each contact has the reason, and there is a finding."""
        for octets in self.examples.values():
            found = self.source(tmp_path, octets, name)
            reasons = {one.reason for row in found if isinstance(row, Contact) for one in row.objections}
            assert reasons == ({f"the file is called {name}"} if opted_out else set())
            assert [finding.name for finding in found.findings] == ["opted-out-file"] * opted_out

    def test_a_value_without_end(self, tmp_path: Path) -> None:
        """It costs its own row, or the file with a sentence; nobody else is mixed up with it."""
        rows = people()
        rows[3][4] = f"O{token(3)}" + "o" * (2 << 20)
        found = self.read_or_refused(tmp_path, self.written(rows)[0])
        if not isinstance(found, NotifyError):
            assert len(found) == MANY
            assert all(isinstance(row, Contact) for number, row in enumerate(found) if number != 3)

    def test_the_good_files(self, tmp_path: Path) -> None:
        """They are read whole, or the damaged ones would prove nothing."""
        for octets in self.variants().values():
            rows = list(self.source(tmp_path, octets))
            assert [row.addresses[0].text for row in rows if isinstance(row, Contact)] == [
                mail for *_, mail, _ in people()
            ]
            assert [tokens(row) for row in rows if isinstance(row, Contact)] == [
                {token(number)[0]} for number in range(MANY)
            ]

    @pytest.mark.parametrize("seed", range(25))
    def test_damaged_files(self, tmp_path: Path, seed: int) -> None:
        """Read or refused with a sentence; nobody's address beside another's name, and no row without a trace."""
        for name, whole in self.variants().items():
            chooser = random.Random(f"{name} {seed}")
            octets, untouched = damaged(whole, chooser)
            rows = self.read_or_refused(tmp_path, octets)
            if isinstance(rows, NotifyError):
                continue
            assert [row.origin.line for row in rows] == sorted(row.origin.line for row in rows)
            for row in rows:
                assert isinstance(row, Rejected) or len(tokens(row)) <= 1, (name, row)
            if untouched:
                assert len(rows) == MANY, name

    @pytest.mark.parametrize("seed", range(10))
    def test_any_octets(self, tmp_path: Path, seed: int) -> None:
        """Behind a good beginning anything may follow: rows, or an error for people, and never another exception."""
        chooser = random.Random(seed)
        for octets in self.examples.values():
            self.read_or_refused(tmp_path, octets[: chooser.randrange(len(octets))] + chooser.randbytes(300))

    def test_what_is_no_file_with_anything_in_it(self, tmp_path: Path) -> None:
        """Missing, a folder, or empty: an error for people."""
        found = self.source(tmp_path, self.written(people())[0])
        found.path.unlink()
        with pytest.raises(InputError, match=r"contacts/kunden\.bin: there is no such file"):
            open_source(found.path, found.label, {})
        found.path.mkdir()
        with pytest.raises(InputError, match=r"contacts/kunden\.bin: this is a folder"):
            open_source(found.path, found.label, {})
        found.path.rmdir()
        assert "the file is empty" in str(self.read_or_refused(tmp_path, b""))
