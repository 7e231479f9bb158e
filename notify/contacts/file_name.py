"""What the name of a contact file says about those in it."""

from __future__ import annotations

from pathlib import Path

from notify.contacts.optouts import opted_out_by_name


def opted_out_by(path: Path) -> str:
    """Return why nobody in a file of this name wants mail; empty where the name does not say so."""
    return f"the file is called {path.name}" if opted_out_by_name(path.name) else ""


def note_on_name(path: Path) -> tuple[str, ...]:
    """Return what a person should know about such a file."""
    if not opted_out_by_name(path.name):
        return ()
    return ("by its name, this file holds those who want no mail, or cannot be reached",)
