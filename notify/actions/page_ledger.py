"""Tells a page when something was recorded in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from notify.actions.ledgers import ledger_in_use, opened_if_there
from notify.config import Settings
from notify.core.status import Status
from notify.errors import NotifyError
from notify.ledger import Reports, Versions
from notify.pages import Watch


class LedgerWatch:
    """A file is looked at as other files are, and a database is asked how many recipients have each status."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._place = place = ledger_in_use(settings)
        self._file = Watch(files=(place, place.with_name(f"{place.name}-wal"))) if isinstance(place, Path) else None
        self._told: Mapping[Status, int] = {}
        if self._file is None:
            self._told = self._counts()

    def has_changed(self) -> bool:
        """Tell whether something was sent since this was last asked."""
        if self._file is not None:
            return bool(self._file.changed())
        told, self._told = self._told, self._counts()
        return told != self._told

    def _counts(self) -> Mapping[Status, int]:
        """Return what the database counts; while it is away, what it counted last."""
        try:
            with opened_if_there(self._place) as store:
                record = Versions(store).find(self._settings.campaign().id) if store else None
                return Reports(store, record).counts() if store and record else {}
        except NotifyError:
            return self._told
