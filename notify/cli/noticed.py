"""What ``notify preview`` and ``notify send`` say of what was noticed in the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.findings import listed
from notify.cli.screen import how_many, note, warn

if TYPE_CHECKING:
    from notify.checks import Found, Inspection


def say_noticed(inspection: Inspection, most: int) -> None:
    """Say what was noticed, at most so many lines of it; nothing where nothing was."""
    if not inspection.total:
        return
    found = inspection.found()
    warn(f"{summary(inspection)}:")
    for each in found[:most]:
        warn(f"  {_line(each, inspection)}")
    if (more := inspection.total - len(found[:most])) > 0:
        note(f"  … and {more:,} more" + (":  notify preview" if len(found) > most else ""))


def summary(inspection: Inspection) -> str:
    """Return how much was noticed, and how much of it cannot be sent."""
    messages = f" in {how_many(inspection.messages, 'message')}" if inspection.messages else ""
    of_which = "and" if inspection.grave == inspection.total else f"{inspection.grave:,} of which"
    grave = f", {of_which} must be mended before it is sent" if inspection.grave else ""
    things = "1 thing was" if inspection.total == 1 else f"{inspection.total:,} things were"
    return f"{things} noticed{messages}{grave}"


def names(inspection: Inspection) -> str:
    """Return what was noticed, by its names: all of it was told before."""
    named = ", ".join(f"{name} ({count:,})" if count > 1 else name for name, count in inspection.counts.items())
    return f"{named}{'; some of it must be mended before it is sent' if inspection.grave else ''}"


def _line(each: Found, inspection: Inspection) -> str:
    """Return a finding with its name, by which it is silenced, and in how many messages it was found."""
    many = f", in {each.messages:,} messages" if 1 < each.messages < inspection.messages else ""
    return f"{listed(each.finding)} ({each.finding.name}{many})"
