"""Nothing is found in honest texts: a check that cries wolf is switched off, and then finds nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notify.core.campaign import Campaign, Change
from notify.rendering import Template
from tests.unit.checks.mailing import BANK, CHANGE, SENDER, Mailing, inspected

HONEST = Path(__file__).parents[2] / "data" / "honest"
#: Two who get it, of whom one writes in capitals and is called like a missing value.
PEOPLE = [
    {"email": "anna@kunde.example", "name": "Anna Nan", "salutation": "Guten Tag Anna Nan,"},
    {"email": "BEN.NULL@kunde.example", "name": "Ben Null", "salutation": "Sehr geehrter Herr Null,"},
]


@pytest.mark.parametrize("path", sorted(HONEST.iterdir()), ids=lambda path: path.name)
def test_nothing_is_found_in_an_honest_text(tmp_path: Path, path: Path) -> None:
    """Letters in three languages and two forms, code, brackets, a newsletter with prices, a new bank account."""
    kind, language, suffix = path.name.split(".")
    shutil.copy(path, tmp_path / f"message.{language}.{suffix}")
    subject, _, text = path.read_text("utf-8").partition("\n\n")
    mailing = Mailing(
        tmp_path,
        BANK if kind == "bank" else CHANGE,
        kind="newsletter" if kind == "newsletter" else "notice",
        language=language,
        people=PEOPLE,
    )
    assert mailing.findings(text, subject=subject.removeprefix("Subject: "), suffix=suffix) == []


SHIPPED = Path(__file__).parents[3] / "notify" / "examples" / "templates"


@pytest.mark.parametrize("change", [CHANGE, BANK], ids=["details", "bank"])
@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/message.*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_nothing_is_found_in_what_is_shipped(tmp_path: Path, path: Path, change: Change) -> None:
    """Whatever changes: the templates of `notify init` are honest texts, too."""
    shutil.copytree(path.parent, tmp_path, dirs_exist_ok=True)
    language, kind = path.name.split(".")[1], "newsletter" if path.parent.name == "newsletter" else "notice"
    campaign = Campaign("test", SENDER, language, change, kind=kind)
    template = Template(tmp_path, "templates/change", campaign, tmp_path, lambda _: "")
    mailing = Mailing(tmp_path, change, language=language, people=PEOPLE)
    assert inspected(mailing, template, campaign).found() == []
