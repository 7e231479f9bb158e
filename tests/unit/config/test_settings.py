"""The settings as plain values: which contact files, which id."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.config import Settings, load
from notify.contacts import FORMATS
from notify.errors import InputError


def settings_for(folder: Path, *files: str, template: str = "t") -> Settings:
    """Make the settings of a folder without notify.toml."""
    options = {"contacts.files": files, "campaign.template": template, "sender.email": "info@alt.example"}
    return load(folder, options=options, environment={})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with some contact files."""
    (tmp_path / "contacts" / "more").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "c.xlsx", "~$c.xlsx", "d [alt].csv", "more/e.csv"):
        (tmp_path / "contacts" / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "found"),
    [
        (["contacts/*.csv"], ["a.csv", "b.csv", "d [alt].csv"]),
        (["contacts/b.csv", "contacts/*.csv"], ["b.csv", "a.csv", "d [alt].csv"]),
        (["contacts/*.xlsx"], ["c.xlsx"]),
        (["contacts/d [alt].csv"], ["d [alt].csv"]),
        (["contacts/*"], ["a.csv", "b.csv", "c.xlsx", "d [alt].csv"]),
        (["contacts/**/*.csv"], ["a.csv", "b.csv", "d [alt].csv", "more/e.csv"]),
    ],
)
def test_contact_files(folder: Path, patterns: list[str], found: list[str]) -> None:
    """Patterns keep their order and are sorted within; a file comes once, an open workbook's shadow never."""
    assert settings_for(folder, *patterns).contact_files == tuple(folder / "contacts" / name for name in found)


def test_every_kind(tmp_path: Path) -> None:
    """Without a suffix a pattern means whatever is read as contacts, in any case; what else is there is named."""
    suffixes = sorted({suffix for form in FORMATS for suffix in form.suffixes})
    read = [f"{number}{suffix.upper() if number % 2 else suffix}" for number, suffix in enumerate(suffixes)]
    others = ["logo.png", "notes.docx", "ohne"]
    for name in (*read, *others, ".hidden.csv"):
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    settings = settings_for(tmp_path / "x", f"{tmp_path}/*")
    assert {path.name for path in settings.contact_files} == set(read)
    assert [path.name for path in settings.unread_files] == others


def test_absolute_pattern(folder: Path) -> None:
    """A pattern may lead out of the folder."""
    assert settings_for(folder / "contacts", f"{folder}/contacts/a.*").contact_files == (folder / "contacts" / "a.csv",)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("contacts/*.vcf", "contacts/*.vcf: no such file"),
        ("gone.csv", "gone.csv: no such file"),
        ("contacts", f"contacts: a folder, not a file; did you mean {Path('contacts/*.csv')}?"),
        ("[", "[: no such file"),
        pytest.param("x" * 5000, "no such file", id="long"),
    ],
)
def test_no_contact_files(folder: Path, pattern: str, words: str) -> None:
    """A pattern that matches nothing is named, with the mend; another that matches does not make up for it."""
    with pytest.raises(InputError) as caught:
        _ = settings_for(folder, "contacts/a.csv", pattern).contact_files
    assert words in caught.value.message
    assert len(caught.value.problems) == 1
    assert "--contacts FILE" in caught.value.hint


def test_contacts_are_looked_for_when_needed(folder: Path) -> None:
    """A status can be asked for when the contact files have moved away."""
    assert settings_for(folder, "gone.csv").campaign().id == "t"


@pytest.mark.parametrize(
    ("template", "identity"),
    [("templates/neu", "neu"), ("templates/neu/", "neu"), ("mail.md", "mail.md"), (".", "here")],
)
def test_id_is_the_name_of_the_template(tmp_path: Path, template: str, identity: str) -> None:
    """Without an id the campaign is called as its template is."""
    (tmp_path / "here").mkdir()
    assert settings_for(tmp_path / "here", "a.csv", template=template).campaign().id == identity
