"""Every format of contact files is held to what all of them promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tests.contract.sources import HEADER, SourceContract, people
from tests.unit.contacts.binary_workbooks import EXCEL_95, xls, xlsb
from tests.unit.contacts.dialects import Dialect, always, if_needed
from tests.unit.contacts.workbooks import ods, xlsx

TEXT = "E-Mail;Name;IBAN;Newsletter abbestellt\nanna@firma.example;Anna Ößterle;DE00;nein\n"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna\r\nEMAIL:anna@firma.example\r\nX-IBAN:DE00\r\nEND:VCARD\r\n"
ENTRY = "dn: cn=Anna,dc=firma\nobjectclass: person\ncn: Anna\nmail: anna@firma.example\niban: DE00\n\n"
SHEETS = {"Kunden": [["E-Mail", "Name", "IBAN"], ["anna@firma.example", "Anna", "DE00"]]}


class TestTables(SourceContract):
    """CSV and TSV."""

    formats = frozenset({"csv", "tsv"})
    has_delimiter = True
    has_header_line = True
    examples: ClassVar = {
        "semicolons": TEXT.encode(),
        "commas": TEXT.replace(";", ",").encode(),
        "tabs": TEXT.replace(";", "\t").encode(),
    }

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a table with semicolons."""
        octets, lines = Dialect(";", if_needed, "\r\n", "utf-8").table([HEADER, *map(list, rows)])
        return octets, lines[1:]

    def variants(self) -> dict[str, bytes]:
        """Return the same people in several dialects."""
        dialects = {
            "plain": Dialect(";", if_needed, "\r\n", "utf-8"),
            "quoted": Dialect(",", always, "\r\n", "utf-8"),
            "tabs": Dialect("\t", if_needed, "\n", "utf-8"),
            "Windows": Dialect(";", always, "\r\n", "cp1252"),
            "UTF-16": Dialect("\t", if_needed, "\r\n", "utf-16"),
            "a title": Dialect(",", if_needed, "\n", "utf-8-sig", above="Unsere Kunden\n\n"),
            "old Macs": Dialect(";", if_needed, "\r", "mac_roman"),
        }
        found = {name: dialect.table([HEADER, *people()])[0] for name, dialect in dialects.items()}
        return found | {"no header": dialects["plain"].table(people())[0]}


class TestXlsx(SourceContract):
    """Workbooks of Excel."""

    formats = frozenset({"xlsx"})
    examples: ClassVar = {"a workbook": xlsx(SHEETS)}
    is_text = False
    has_header_line = True

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a workbook with one sheet."""
        return xlsx({"Kunden": [HEADER, *rows]}), list(range(2, len(rows) + 2))


class TestXls(SourceContract):
    """Old workbooks of Excel."""

    formats = frozenset({"xls"})
    examples: ClassVar = {"an old workbook": xls(SHEETS), "one of Excel 95": xls(SHEETS, version=EXCEL_95)}
    is_text = False
    has_header_line = True

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a workbook with one sheet."""
        # no old workbook can say that a text is longer
        short = [[cell[:65_535] for cell in row] for row in rows]
        return xls({"Kunden": [HEADER, *short]}), list(range(2, len(rows) + 2))


class TestXlsb(SourceContract):
    """Binary workbooks of Excel."""

    formats = frozenset({"xlsx"})
    examples: ClassVar = {"a binary workbook": xlsb(SHEETS)}
    is_text = False
    has_header_line = True

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a workbook with one sheet."""
        return xlsb({"Kunden": [HEADER, *rows]}), list(range(2, len(rows) + 2))


class TestOds(SourceContract):
    """Sheets of LibreOffice."""

    formats = frozenset({"ods"})
    examples: ClassVar = {"a sheet": ods(SHEETS)}
    is_text = False
    has_header_line = True

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a workbook with one sheet."""
        return ods({"Kunden": [HEADER, *rows]}), list(range(2, len(rows) + 2))


class TestVcf(SourceContract):
    """VCards."""

    formats = frozenset({"vcf"})
    examples: ClassVar = {
        "cards": CARD.encode(),
        "cards behind blank lines": b"\xef\xbb\xbf\r\n\r\n" + CARD.lower().encode(),
        "cards behind leavings": b"END:VCARD\r\n" + CARD.encode(),
    }

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a card of seven lines for each."""
        text = "".join(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{last};{first};;;\r\nFN:{first} {last}\r\nEMAIL;TYPE=WORK:{mail}\r\n"
            f"ADR:;;;{town};;;\r\nEND:VCARD\r\n"
            for _, first, last, mail, town in rows
        )
        return text.encode(), [1 + 7 * number for number in range(len(rows))]


class TestLdif(SourceContract):
    """LDIF."""

    formats = frozenset({"ldif"})
    examples: ClassVar = {
        "entries": ENTRY.encode(),
        "entries with a version": f"# Export\nversion: 1\n# Anna\n\n{ENTRY}".encode(),
    }

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a record of six lines for each, and an empty one."""
        text = "".join(
            f"dn: cn={number},dc=firma\nobjectclass: person\ngivenName: {first}\nsn: {last}\nmail: {mail}\n"
            f"l: {town}\n\n"
            for number, first, last, mail, town in rows
        )
        return text.encode(), [1 + 7 * number for number in range(len(rows))]


class TestPrn(SourceContract):
    """Columns of text with blanks between them."""

    formats = frozenset({"prn"})
    has_delimiter = True
    has_header_line = True
    examples: ClassVar = {
        "columns": b"E-Mail               Name   IBAN\nanna@firma.example   Anna   DE00\n",
        "two columns": b"\nName  E-Mail\nAnna  anna@firma.example\n",
        "single blanks": b"E-Mail Name IBAN\nanna@firma.example Anna DE00\n",
    }

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return a table with columns that stand one below the other."""
        lines = ["".join(cell.ljust(24) for cell in row).rstrip() for row in [HEADER, *rows]]
        return "".join(f"{line}\r\n" for line in lines).encode(), list(range(2, len(rows) + 2))


class TestNnt(SourceContract):
    """Nicknames of Eudora."""

    formats = frozenset({"nnt"})
    examples: ClassVar = {
        "an alias and a note": b"alias Anna anna@firma.example\r\nnote Anna <name:Anna><iban:DE00>\r\n",
        "a note that is first": b'# Export\n\nnote "Anna" <name:Anna>\nalias "Anna" anna@firma.example\n',
        "mailx": b'alias Anna "Anna <anna@firma.example>"\n',
    }

    def written(self, rows: Sequence[Sequence[str]]) -> tuple[bytes, list[int]]:
        """Return two lines for each."""
        text = "".join(
            f"alias {number} {mail}\r\nnote {number} <first:{first}><last:{last}><city:{town}>\r\n"
            for number, first, last, mail, town in rows
        )
        return text.encode(), [1 + 2 * number for number in range(len(rows))]
