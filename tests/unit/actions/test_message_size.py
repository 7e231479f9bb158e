"""How large the largest message of a campaign is."""

from __future__ import annotations

from pathlib import Path

from notify.actions.checkup import Checkup, check
from tests.campaign import NOW, Folder


def test_the_largest_of_all_messages(tmp_path: Path) -> None:
    """Whoever gets it: it is not that of the first ones alone, and as large as it leaves."""
    people = "E-Mail;Text\n" + "".join(f"p{n}@example.com;kurz\n" for n in range(40))
    folder = Folder(tmp_path / "c", people=f"{people}z@example.com;{'lang ' * 4000}\n")
    folder.message.write_text('Subject: x\n\n{{ row["Text"] }}\n', "utf-8")
    checkup = Checkup()
    check(folder.prepared(), checkup, NOW, iter)
    assert 20_000 < checkup.octets < 80_000
