"""Workbooks as Excel and LibreOffice write them, but small: for tests."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Cell = str | float | bool | dt.date | None

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HIDDEN = 'state="hidden"'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(sheets: Mapping[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = ()) -> bytes:
    """Return a workbook of Excel with these sheets. Rows that are empty are left out of it, as Excel does."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/></Types>',
        "_rels/.rels": _relationships([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" {_HIDDEN * (name in hidden)} r:id="rId{number}"/>'
            for number, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relationships(
            [
                *(("worksheet", f"worksheets/sheet{number}.xml") for number, _ in enumerate(sheets, start=1)),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _STYLES,
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _worksheet(rows)
    return zipped(parts)


def ods(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Return a workbook of LibreOffice with these sheets."""
    spaces = " ".join(f'xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_table_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return zipped(
        {
            "mimetype": _ODS_TYPE,
            "content.xml": f'<office:document-content {spaces} office:version="1.2"><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": manifest,
        }
    )


def zipped(parts: Mapping[str, str]) -> bytes:
    """Return a zip file with these parts, always the same for the same ones."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(zipfile.ZipInfo(name), text)
    return file.getvalue()


def replaced(octets: bytes, part: str, old: str, new: str, styles: str = "") -> bytes:
    """Return a workbook with something else in one of its parts."""
    with zipfile.ZipFile(io.BytesIO(octets)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    return zipped(parts | ({"xl/styles.xml": styles} if styles else {}))


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, start=1)
        )
        + "</Relationships>"
    )


def _worksheet(rows: Sequence[Sequence[Cell]]) -> str:
    written = "".join(
        f'<row r="{number}">{"".join(_cell(cell, number, place) for place, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
        if any(cell is not None for cell in row)
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{written}</sheetData></worksheet>'


def _cell(cell: Cell, row: int, place: int) -> str:
    reference = f'r="{chr(ord("A") + place)}{row}"'
    match cell:
        case None:
            return ""
        case bool():
            return f'<c {reference} t="b"><v>{int(cell)}</v></c>'
        case dt.date():
            return f'<c {reference} s="1"><v>{(cell - dt.date(1899, 12, 30)).days}</v></c>'
        case str():
            return f'<c {reference} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        case _:
            return f"<c {reference}><v>{cell}</v></c>"


def _table_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_table_cell, row)) or '<table:table-cell/>'}</table:table-row>"


def _table_cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind, value = "boolean", f'office:boolean-value="{str(cell).lower()}"'
        case dt.date():
            kind, value = "date", f'office:date-value="{cell.isoformat()}"'
        case str():
            lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
            return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
        case _:
            kind, value = "float", f'office:value="{cell}"'
    return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{cell}</text:p></table:table-cell>'
