"""Which files a page follows, and which of them make it read the contacts again."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Self

from notify.actions.page_ledger import LedgerWatch
from notify.actions.paths import OVERRIDES
from notify.config import Settings
from notify.errors import InputError
from notify.pages import Watch


class PageFiles:
    """The files of a campaign as its settings name them."""

    def __init__(self, settings: Settings, before: Self | None = None) -> None:
        """Begin to look; what ``before`` has not told yet will be told."""
        self._template = settings.template if settings.template.is_dir() else settings.template.parent
        folder, files = settings.folder, set[Path]()
        with suppress(InputError):
            files = set(settings.contact_files)
        overrides = folder / (settings.contacts.overrides or OVERRIDES)
        #: Looks at them.
        self.watch: Watch = Watch(
            files={folder / "notify.toml", overrides, *files},
            folders={self._template},
            # pictures and attachments may lie there, and contact files come and go
            shallow={folder, *(path.parent for path in files)},
            ignored=_is_passing,
            before=before.watch if before else None,
        )
        self._ledger = LedgerWatch(settings)

    def changed(self) -> frozenset[Path]:
        """Return what has changed since this was last asked."""
        return self.watch.changed()

    def ledger_has_changed(self) -> bool:
        """Tell whether something was sent since this was last asked."""
        return self._ledger.has_changed()

    def are_of_the_template(self, changed: Collection[Path]) -> bool:
        """Tell whether only the template is another one: then the contacts are read already."""
        return all(path.is_relative_to(self._template) for path in changed)


def _is_passing(path: Path) -> bool:
    """Tell whether a file is one that notify, an editor or an office program has beside those that are meant."""
    return path.name.startswith(("ledger.db", "~$")) or path.name.endswith(("~", ".tmp", ".part"))
