"""How cohorts are told: in ``notify preview --cohorts`` and ``notify send --test``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import how_many, note

if TYPE_CHECKING:
    from notify.actions.cohorts import Example, Examples


def say_cohorts(found: Examples) -> None:
    """Say how many texts there are, and how many of them are not shown."""
    more = "more than " * bool(found.beyond)
    texts = "1 text" if found.cohorts == 1 else f"{more}{found.cohorts:,} texts"
    verb = "is" if found.cohorts == 1 else "are"
    note(f"There {verb} {texts}, by language, form and branches of the template.")
    if found.left_out:
        note(f"Not shown: {more}{found.left_out:,} with the fewest recipients; to see one:  notify preview --to ADDR")


def stands_for(example: Example) -> str:
    """Return what an example stands for: a cohort and how many are in it, or in what it stands out."""
    return f"{example}, for {how_many(example.stands_for, 'recipient')}" if example.stands_for else str(example)
