"""The sample file and the reference: written from the schema, and as good as it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest

from notify.config import load, reference, sample
from notify.config.contacts import COLUMNS
from notify.config.schema import KEYS, SECTIONS
from notify.config.sections import REPEATED
from notify.core.campaign import Details

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("language", ["de", "en"])
def test_sample_loads(tmp_path: Path, language: str) -> None:
    """What `notify init` writes is a campaign that works at once, in the sandbox."""
    (tmp_path / "notify.toml").write_text(sample(language), encoding="utf-8")
    settings = load(tmp_path, options={}, environment={})
    campaign = settings.campaign()
    assert not settings.relays
    assert (campaign.id, campaign.language) == ("2026-12-neue-adresse", "de")
    assert campaign.sender.mailbox.address == "info@alt.example"
    assert campaign.sender.reply_to == campaign.sender.return_path == "info@neu.example"
    assert campaign.change.old == Details(
        email="info@alt.example", phone="+49 40 111111", website="https://alt.example"
    )
    assert campaign.change.new == Details(
        email="info@neu.example", phone="+49 40 222222", website="https://muster.example"
    )
    assert campaign.change.effective == dt.date(2026, 12, 1)
    assert campaign.change.old_works_until == dt.date(2027, 1, 31)


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_in_it_may_be_switched_on(tmp_path: Path, language: str) -> None:
    """Every key behind a # is right as it stands; left out are all columns but one, and what excludes another key."""
    text = re.sub(r"^# (?=\[|\w+ = )", "", sample(language), flags=re.MULTILINE)
    (tmp_path / "notify.toml").write_text(text, encoding="utf-8")
    settings = load(tmp_path, options={}, environment={})
    assert settings.relays
    assert len(settings.campaign().change.new.given()) == 15
    parsed = tomllib.loads(text)
    for key in KEYS:
        section = parsed
        for name in key.section:
            section = section[name][0] if (name,) in REPEATED else section[name]
        left_out = key.section in (("change", "old"), COLUMNS.path) or key.name in {"token_command", "public"}
        assert key.name in section or left_out


def test_languages_differ_in_the_notes_only() -> None:
    """Both samples say the same."""
    assert sample("de") != sample("en")
    assert tomllib.loads(sample("de")) == tomllib.loads(sample("en"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_lines_are_short(language: str) -> None:
    """The file can be read without scrolling sideways."""
    assert max(map(len, sample(language).splitlines())) <= 120


def test_every_key_is_explained() -> None:
    """Each section and each key has its line in both languages; the fields of a contact have theirs from the core."""
    for about in [section.about for section in SECTIONS] + [key.about for key in KEYS if key.section != COLUMNS.path]:
        assert about.en
        assert about.de
        assert about.en != about.de or about.en.startswith('"60s"')


def test_reference_names_every_key() -> None:
    """No key is without its row, no row is torn."""
    rows = [line for line in reference().splitlines() if line.startswith("|")]
    assert all(line.count("|") in (4, 5, 6) for line in rows)
    assert [line.split("`")[1] for line in rows if line.startswith("| `")] == [key.name for key in KEYS]
    for key in KEYS:
        assert key.variable in reference()


def test_the_reference_of_the_repository() -> None:
    """The reference is what the schema says today; of notify.toml itself, test_packaging tells it."""
    assert (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8") == reference()
