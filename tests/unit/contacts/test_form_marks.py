"""A column that asks whether somebody is greeted with Du is answered with yes and no, or with a cross."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts import open_source
from notify.core.contact import Contact


def _read(folder: Path, header: str, *cells: str) -> list[str]:
    """Return the form of each row below this header."""
    path = folder / "people.csv"
    rows = [f"Vera;p{number}@example.com;{cell}" for number, cell in enumerate(cells)]
    path.write_text("\n".join([f"Vorname;E-Mail;{header}", *rows, ""]), "utf-8")
    return [row.fields["form"] for row in open_source(path, "people.csv", {}) if isinstance(row, Contact)]


@pytest.mark.parametrize("header", ["Du", "Duzen", "Duzen?", "per Du", "Duzen (ja/nein)", "Tutoiement"])
def test_answered(tmp_path: Path, header: str) -> None:
    """A yes, a cross or a tick is Du, a no is Sie; nothing and everything else stay as they stand."""
    cells = ("x", "ja", "1", "✓", "oui", "nein", "0", "", "Du", "Sie", "manchmal")
    du, sie = ["Du"] * 5, ["Sie"] * 2
    assert _read(tmp_path, header, *cells) == [*du, *sie, "", "Du", "Sie", "manchmal"]


@pytest.mark.parametrize("header", ["Anredeform", "Du/Sie", "Form", "Siezen/Duzen"])
def test_not_asked(tmp_path: Path, header: str) -> None:
    """Below a header that asks which of the two, a cross says nothing."""
    assert _read(tmp_path, header, "x", "nein", "Du") == ["x", "nein", "Du"]


@pytest.mark.parametrize("header", ["Dustin", "Durchwahl", "Produkt", "Siezen"])
def test_other_columns(tmp_path: Path, header: str) -> None:
    """What only begins alike, and what asks for Sie, is not taken for it."""
    assert _read(tmp_path, header, "x", "ja", "x") == ["", "", ""]
