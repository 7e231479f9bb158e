"""Names what stands beside the contact files and is not read: an export that was forgotten there would go unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import warn

if TYPE_CHECKING:
    from notify.config import Settings


def warn_of_unread(settings: Settings) -> None:
    """Name every file beside those that a pattern names that is none of them, but for the corrections."""
    unread = settings.unread_files
    if not unread:
        return
    from notify.actions.paths import label_of
    from notify.cli.sheet import corrections_of
    from notify.config.settings import CONTACT_SUFFIXES

    for path in unread:
        if path != corrections_of(settings):
            is_a_kind = path.suffix.lower() in CONTACT_SUFFIXES
            why = (
                "no pattern of files in [contacts] names it"
                if is_a_kind
                else "its ending is not that of a contact file"
            )
            warn(f"{label_of(path, settings.folder)} is not read: {why}.")
