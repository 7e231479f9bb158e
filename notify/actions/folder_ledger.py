"""Where the ledger of a folder is, for commands that need nothing else of its notify.toml.

They work where that is wrong in other places, and most have no [ledger]: then it is not even parsed.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from notify.core.late_pattern import late_pattern

if TYPE_CHECKING:
    from notify.ledger import Place

#: The file of the ledger in a campaign folder, and of that of the sandbox in the outbox.
LEDGER_FILE = "ledger.db"

#: What a line begins with: the name of a section, or of a key.
_NAME = late_pattern(r"^\s*\[*\s*[\"']?([\w-]+)", re.MULTILINE)


def ledger_of_folder(folder: Path) -> Place:
    """Return where the ledger of a campaign folder is kept, there or not.

    :raises ConfigError: what says so must be mended.
    """
    if not (os.environ.get("NOTIFY_LEDGER_URL", "").strip() or _may_name_one(folder / "notify.toml")):
        return folder / LEDGER_FILE
    from notify.actions.database import database_of
    from notify.config.ledger_alone import load_ledger

    found = load_ledger(folder, os.environ)
    return database_of(found) if found.url else folder / LEDGER_FILE


def _may_name_one(path: Path) -> bool:
    """Tell whether a line of the file begins as the section does, or nearly so."""
    try:
        text = path.read_text("utf-8-sig", "replace")
    except OSError:
        return False
    return any(difflib.get_close_matches(name.lower(), ["ledger"], 1, 0.75) for name in {*_NAME.findall(text)})
