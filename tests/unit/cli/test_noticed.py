"""How much was noticed in the text is said as people count."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.cli.noticed import summary
from notify.core.campaign import Campaign
from notify.rendering import Template
from tests.unit.checks.mailing import CHANGE, SENDER, Mailing, inspected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{Vorname}, guten Tag.", "1 thing was noticed in 1 message, and must be mended before it is sent"),
        ("{Vorname} {Name}", "2 things were noticed in 1 message, and must be mended before it is sent"),
        ("{Vorname}. Rabatt!", "2 things were noticed in 1 message, 1 of which must be mended before it is sent"),
        ("Guten Tag. Rabatt!", "1 thing was noticed in 1 message"),
    ],
)
def test_how_much_must_be_mended(tmp_path: Path, text: str, said: str) -> None:
    """All of it, a part of it, or nothing."""
    (tmp_path / "message.de.md").write_text(f"Subject: Neue Kontaktdaten\n\n{text}\n", "utf-8")
    campaign = Campaign("test", SENDER, "de", CHANGE)
    template = Template(tmp_path, "templates/change", campaign, tmp_path, lambda _: "")
    assert summary(inspected(Mailing(tmp_path), template, campaign)) == said
