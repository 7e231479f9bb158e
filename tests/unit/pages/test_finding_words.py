"""What was noticed has a German name on the page."""

from __future__ import annotations

from notify.core.check_names import OF_THE_LETTER, OF_THE_SETTINGS, OF_THE_TEXT
from notify.pages.finding_words import FINDINGS_IN_GERMAN


def test_what_the_page_shows_has_a_german_name() -> None:
    """Whatever is looked for in texts, letters and settings, which is what a preview shows."""
    names = {**OF_THE_TEXT, **OF_THE_LETTER, **OF_THE_SETTINGS}
    assert set(names) <= set(FINDINGS_IN_GERMAN)
