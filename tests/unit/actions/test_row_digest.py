"""The digest of a row: the same for the same cells, wherever they are in memory, and another for every other cell."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from notify.core.contact import Contact
from tests.campaign import Folder

PEOPLE = "Anrede;Vorname;Nachname;Ort;E-Mail\nFrau;Anna;Muster;Ulm;anna@example.com\n"


def test_a_digest_is_of_the_cells(tmp_path: Path) -> None:
    """Equal texts are one object here and two there; that makes no difference, and a letter makes one."""
    prepared = Folder(tmp_path / "campaign", people=PEOPLE).prepared()
    (contact,) = prepared.sources[0]
    assert isinstance(contact, Contact)

    def digest(row: dict[str, str]) -> bytes:
        return prepared.selection.digest(replace(contact, row=row), "")

    one_by_one = {header: "".join([*cell]) for header, cell in contact.row.items()}
    interned = {header: sys.intern(cell) for header, cell in contact.row.items()}
    assert digest(one_by_one) == digest(interned) == prepared.selection.digest(contact, "")
    others = [digest({**interned, header: f"{cell}."}) for header, cell in interned.items()]
    moved = digest(dict(zip(interned, [*interned.values()][::-1], strict=True)))
    assert len({digest(interned), moved, *others}) == len(others) + 2
