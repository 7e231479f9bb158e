"""A header may explain the codes below it; without that a number says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.contacts import open_source
from notify.contacts.legend import read_legend
from notify.core.contact import Contact


@pytest.mark.parametrize(
    ("header", "bare", "codes"),
    [
        ("Geschlecht(m=1,w=2)", "Geschlecht", "1m 2w"),
        ("Geschlecht (1=m, 2=w)", "Geschlecht", "1m 2w"),
        ("Geschlecht 0=w 1=m", "Geschlecht", "0w 1m"),
        ("Geschlecht (0 weiblich, 1 männlich)", "Geschlecht", "0weiblich 1männlich"),
        ("Gender [1=male; 2=female]", "Gender", "1male 2female"),
        ("Gender (1-male, 2-female)", "Gender", "1male 2female"),
        ("sex: 1 = homme, 2 = femme", "sex", "1homme 2femme"),
        ("Anrede 1=Herr 2=Frau", "Anrede", "1Herr 2Frau"),
        ("Anrede (1: Herr, 2: Frau, 3: Firma)", "Anrede", "1Herr 2Frau 3Firma"),
        ("Anredeschlüssel (01=Frau; 02=Herr)", "Anredeschlüssel", "1Frau 2Herr"),
        ("Anrede (1 = Frau / 2 = Herr)", "Anrede", "1Frau 2Herr"),
        ("Anrede (H=Herr, F=Frau)", "Anrede", "hHerr fFrau"),
        # nothing to look up, but it says what stands below
        ("Geschlecht (m/w/d)", "Geschlecht", ""),
        ("Gender (M/F)", "Gender", ""),
        ("Anrede (Herr/Frau)", "Anrede", ""),
    ],
)
def test_legends(header: str, bare: str, codes: str) -> None:
    """Whichever way round it is written, in brackets or without."""
    found = read_legend(header)
    assert found is not None
    assert (found.bare, dict(found.codes)) == (bare, {pair[0]: pair[1:] for pair in codes.split()})


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Geschlecht",
            "Anredeschlüssel",
            "E-Mail 2: Adresse",
            "E-Mail (geschäftlich, privat)",
            "Straße 1",
            "Herr/Frau",
        ),
        *("Telefon 1 privat", "Name 1 Firma", "E-Mail 1 Herr", "Herr/Frau", "Anrede (1=ja, 2=nein)", "Anrede 1", ""),
    ],
)
def test_no_legend(header: str) -> None:
    """A number in a header is mostly no code."""
    assert read_legend(header) is None


@pytest.mark.parametrize(
    ("header", "cells", "field", "read"),
    [
        ("Geschlecht(m=1,w=2)", "1 2 3 w", "gender", "m w 3 w"),
        ("Geschlecht (0=w, 1=m)", "0 1 0.0 01", "gender", "w m w m"),
        ("Anrede (1=Frau, 2=Herr)", "1 2 Frau", "prefix", "Frau Herr Frau"),
        ("Gender (M/F)", "M F", "gender", "M F"),
        ("Geschlecht", "1 2 0", "gender", "1 2 0"),
    ],
)
def test_cells_below_a_legend(tmp_path: Path, header: str, cells: str, field: str, read: str) -> None:
    """The column is recognised, and a code is read as its word; what is none stays as it is."""
    path = tmp_path / "k.csv"
    path.write_text("\n".join([f'E-Mail;"{header}"', *(f"a@example.com;{cell}" for cell in cells.split())]), "utf-8")
    rows = [row for row in open_source(path, "k.csv", {}) if isinstance(row, Contact)]
    assert [row.fields[field] for row in rows] == read.split()
