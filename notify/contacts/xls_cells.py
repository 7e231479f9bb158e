"""Cells of an old workbook: what the record of each shows ([MS-XLS] 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Callable

from notify.contacts.binary_cells import NumberFormats, error_shown, packed_number, truth_shown
from notify.contacts.sheet_rows import put
from notify.contacts.xls_records import FORMULAS, Record
from notify.contacts.xls_texts import Letters, whole


class CellReader:
    """Reads the record of a cell, and puts what it shows in its place."""

    def __init__(self, texts: list[str], formats: NumberFormats, letters: Letters) -> None:
        self._texts, self._formats, self._letters = texts, formats, letters
        self._awaits: int | None = None
        self._parts: list[str] = []
        self._missing = 0
        self._readers: dict[int, Callable[[bytes, int], str]] = {
            Record.SHARED: lambda body, _: self._texts[struct.unpack_from("<I", body, 6)[0]],
            Record.NUMBER: lambda body, style: self._formats.shown(struct.unpack_from("<d", body, 6)[0], style),
            Record.PACKED: lambda body, style: self._packed(body, 6, style),
            Record.LABEL: lambda body, _: self._letters.text(body, 6),
            Record.RICH: lambda body, _: self._letters.text(body, 6),
            Record.TRUTH: lambda body, _: error_shown(body[6]) if body[7] else truth_shown(body[6]),
            **dict.fromkeys(FORMULAS, self._formula),
        }

    def read(self, kind: int, body: bytes, cells: list[str]) -> None:
        """Read one or several cells of a row."""
        place, style = struct.unpack_from("<HH", body, 2)
        self._awaits, self._missing = None, 0
        if kind == Record.PACKED_MANY:
            for number, at in enumerate(range(4, len(body) - 6, 6)):
                style = struct.unpack_from("<H", body, at)[0]
                put(cells, place + number, self._packed(body, at + 2, style))
        elif text := self._readers[kind](body, style):
            put(cells, place, text)
        if kind in FORMULAS and body[6] == 0 and body[12:14] == b"\xff\xff":
            self._awaits = place

    def read_result(self, kind: int, body: bytes, cells: list[str]) -> None:
        """Read the text that a formula came to: it stands in a record of its own, and goes on in others."""
        if self._awaits is None:
            return
        if kind == Record.RESULT:
            text, self._missing = self._letters.begun(body, 0)
            self._parts = [text]
            put(cells, self._awaits, whole(text))
        elif self._missing > 0:
            more, self._missing = self._letters.more(body, self._missing)
            self._parts.append(more)
            if self._missing <= 0:
                put(cells, self._awaits, whole("".join(self._parts)))

    def _packed(self, body: bytes, at: int, style: int) -> str:
        return self._formats.shown(packed_number(struct.unpack_from("<I", body, at)[0]), style)

    def _formula(self, body: bytes, style: int) -> str:
        """Return what a formula came to ([MS-XLS] 2.5.133); nothing yet where that is a text."""
        if body[12:14] != b"\xff\xff":
            return self._formats.shown(struct.unpack_from("<d", body, 6)[0], style)
        match body[6]:
            case 1:
                return truth_shown(body[8])
            case 2:
                return error_shown(body[8])
            case _:
                return ""
