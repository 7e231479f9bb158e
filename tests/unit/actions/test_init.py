"""A new campaign folder for each of the templates: it works at once, and its notify.toml fits."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from notify.actions.init import initialise
from notify.actions.prepare import prepare
from notify.config import OCCASIONS, load, sample
from notify.core.codes import SAMPLE_CODES
from notify.errors import WriteError

WHO = "contacts/kunden.csv:2"
#: What each subject begins with, after the words of a reminder.
SUBJECTS = {
    "change-of-details": "Neue E-Mail-Adresse, Telefonnummer und Website",
    "new-address": "Neue Postanschrift",
    "new-phone": "Neue Telefonnummer",
    "new-bank-account": "Neue Bankverbindung",
    "new-name": "Neuer Name",
    "reminder": "Erinnerung: Neue E-Mail-Adresse",
    "last-call": "",  # what ends; after that day, what is new
    "newsletter": "Neues aus unserer Arbeit",
}


@pytest.mark.parametrize("template", OCCASIONS)
def test_a_folder_for_each_template(tmp_path: Path, template: str) -> None:
    """It holds this template alone, and what it announces is what the template is about."""
    written = initialise(tmp_path, "de", template)
    assert {path.parent.name for path in written} == {tmp_path.name, "contacts", template}
    settings = load(tmp_path, options={}, environment={})
    prepared = prepare(settings)
    assert settings.mailing.template == f"templates/{template}"
    assert settings.mailing.kind == ("newsletter" if template == "newsletter" else "notice")
    content = prepared.template.render("de", "Guten Tag,", {"code": SAMPLE_CODES["de"]}, WHO)
    assert content.subject.startswith(SUBJECTS[template])
    who = "Muster Kommunikation (bisher Muster PR)" if template == "new-name" else "Muster PR"
    assert content.subject.endswith(f": {who}") or template == "reminder"


@pytest.mark.parametrize("template", OCCASIONS)
def test_its_file_can_be_read(template: str) -> None:
    """No line is too long, and both languages of the notes have the same values."""
    for language in ("de", "en"):
        assert max(map(len, sample(language, template).splitlines())) <= 120
    assert tomllib.loads(sample("de", template)) == tomllib.loads(sample("en", template))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second template does not go into a folder that has its notify.toml."""
    initialise(tmp_path, "de", "new-phone")
    with pytest.raises(WriteError, match="is there already; nothing was written"):
        initialise(tmp_path, "de", "new-name")
    assert not (tmp_path / "templates" / "new-name").exists()
