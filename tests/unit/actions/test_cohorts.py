"""One message of each kind: who reads the same text is one cohort, and who stands out is shown beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.actions import cohorts
from notify.actions.cohorts import MOST_COHORTS, Examples, examples
from notify.actions.prepare import prepare
from notify.actions.send_test import chosen
from notify.config import load
from notify.errors import InputError
from tests.folders import make_folder

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Gruppe;Sprache;Form;Datei
Frau;Anna;Muster;anna@example.com;A;de;;
Frau;Eva;Muster;eva@example.com;A;de;;
Herr;Ben;Beispiel;ben@example.com;B;de;;
Herr;Max;Probe;max@example.com;B;de;du;
Ms;Jane;Sample;jane@example.com;B;en;;
Frau;Κλειώ;Παπαδοπούλου;klio@example.com;A;de;;
;;;info@example.com;A;de;;
Herr;Karl-Theodor Maximilian;Musterhausen-Beispiel;kt@example.com;A;de;;
Frau;Ida;Muster;ida@example.com;A;de;;small.txt
Frau;Ute;Muster;ute@example.com;A;de;;small.txt;
"""
TEXT = (
    "Subject: Neues\nAttachment: {{ row['Datei'] }}\n\n{{ salutation }}\n\n"
    "{% if row['Gruppe'] == 'A' %}Eins.{% else %}Zwei.{% endif %}\n"
)


def _folder(root: Path, people: str = PEOPLE, text: str = TEXT) -> Path:
    """Write a campaign with texts for Sie, Du and English."""
    folder = make_folder(root / "campaign", contacts=people, message=text)
    (folder / "templates/change/message.de.du.md").write_text(text, "utf-8")
    (folder / "templates/change/message.en.md").write_text("Subject: News\n\n{{ salutation }}\n\nHello.\n", "utf-8")
    (folder / "small.txt").write_text("x", "utf-8")
    return folder


def _examples(folder: Path) -> Examples:
    return examples(prepare(load(folder, options={}, environment={})), iter)


def test_cohorts_and_those_who_stand_out(tmp_path: Path) -> None:
    """Language, form and branch make a cohort, of which the first stands for all; then each who stands out."""
    found = _examples(_folder(tmp_path))
    assert (found.cohorts, found.left_out) == (4, 0)
    assert [(example.recipient.address, str(example), example.stands_for) for example in found.shown] == [
        ("anna@example.com", "de Sie, branch 1 of 2", 7),
        ("ben@example.com", "de Sie, branch 2 of 2", 1),
        ("max@example.com", "de Du", 1),
        ("jane@example.com", "en Sie", 1),
        ("klio@example.com", "de Sie, branch 1 of 2, letters that are not Latin", 0),
        ("info@example.com", "de Sie, branch 1 of 2, greeted neutrally", 0),
        ("kt@example.com", "de Sie, branch 1 of 2, the longest name", 0),
        ("ida@example.com", "de Sie, branch 1 of 2, the largest files, the most files", 0),
    ]


@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_values_make_no_cohort(tmp_path: Path, suffix: str) -> None:
    """Whoever has other values reads the same text, also where two values of one are equal; an empty one is seen."""
    people = "Anrede;Nachname;E-Mail;X;Y\nFrau;Muster;a@example.com;1;2\nFrau;Probe;b@example.com;3;3\n"
    people += "Herr;Beispiel;c@example.com;;3\n"
    folder = make_folder(
        tmp_path / "campaign", contacts=people, message="Subject: x {{ row.X }}\n\n{{ row.X }}{{ row.Y }}\n"
    )
    message = folder / "templates/change/message.de.md"
    message.rename(message.with_suffix(f".{suffix}"))
    assert [example.stands_for for example in _examples(folder).shown] == [2, 1]


def test_too_many(tmp_path: Path) -> None:
    """Of many cohorts those of most recipients are shown, and the others are counted."""
    rows = [f"Frau;Muster;p{number}@example.com;{number}" for number in range(40)]
    rows += ["Frau;Muster;last@example.com;39"]
    loop = "Subject: x\n\n{{ salutation }}\n\n{% for n in range(row.N|int) %}y{% endfor %}\n"
    found = _examples(make_folder(tmp_path / "c", contacts="\n".join(["Anrede;Name;E-Mail;N", *rows]), message=loop))
    assert (found.cohorts, len(found.shown), found.left_out) == (40, MOST_COHORTS, 28)
    assert (found.shown[0].recipient.address, found.shown[0].stands_for) == ("p39@example.com", 2)


def test_more_than_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is another one for everybody does not fill the memory: the last ones are only counted."""
    monkeypatch.setattr(cohorts, "MOST_COUNTED", 20)
    rows = [f"Frau;Muster;p{number}@example.com;{number % 30}" for number in range(60)]
    loop = "Subject: x\n\n{% for n in range(row.N|int) %}y{% endfor %}\n"
    found = _examples(make_folder(tmp_path / "c", contacts="\n".join(["Anrede;Name;E-Mail;N", *rows]), message=loop))
    assert (found.cohorts, found.beyond, found.left_out) == (20, 20, 8)
    assert {example.stands_for for example in found.shown} == {2}


def test_the_longest_value(tmp_path: Path) -> None:
    """Of what the template prints, and of nothing else, the longest value is shown: a layout must hold it."""
    people = "Anrede;Name;E-Mail;Firma;Notiz\n"
    people += f"Frau;Muster;a@example.com;{'x' * 41};\nFrau;Probe;b@example.com;{'y' * 50};\n"
    people += f"Frau;Beispiel;c@example.com;kurz;{'z' * 90}\n"
    text = "Subject: x\n\n{{ salutation }}\n\n{{ contact.company }}\n"
    shown = _examples(make_folder(tmp_path / "c", contacts=people, message=text)).shown
    assert [(one.recipient.address, one.stands_out) for one in shown] == [
        ("a@example.com", ()),
        ("b@example.com", ("the longest value",)),
    ]


def test_without_a_text(tmp_path: Path) -> None:
    """Nothing is shown while somebody has no text in the form of the greeting."""
    folder = _folder(tmp_path)
    (folder / "templates/change/message.de.du.md").unlink()
    with pytest.raises(InputError, match="greeted with Du"):
        chosen(prepare(load(folder, options={}, environment={})), "", iter)
