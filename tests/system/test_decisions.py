"""The records of decisions: docs/decisions."""

import re
from pathlib import Path

DECISIONS = sorted((Path(__file__).parents[2] / "docs" / "decisions").glob("*.md"))


def test_each_decision_has_a_number_of_its_own_and_bears_it_in_its_title() -> None:
    """A decision is named by its number, so no two have the same and none is left out."""
    numbers = [int(decision.name[:4]) for decision in DECISIONS]
    titles = [re.match(r"# (\d+)\. ", decision.read_text(encoding="utf-8")) for decision in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    assert [int(title[1]) for title in titles if title] == numbers


def test_each_decision_that_is_named_is_there() -> None:
    """One that was given another number is named by that one."""
    names = {decision.name for decision in DECISIONS}
    for decision in DECISIONS:
        assert set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", decision.read_text(encoding="utf-8"))) <= names
