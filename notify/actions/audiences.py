"""Tells to which audiences a contact belongs, by the settings of a campaign."""

from __future__ import annotations

from collections.abc import Sequence

from notify.actions.sources import headers_of
from notify.config import Settings
from notify.contacts import Source
from notify.core.contact import Contact
from notify.errors import ConfigError
from notify.rendering import Condition


class Audiences:
    """The audiences of a campaign, with their members."""

    def __init__(self, settings: Settings, sources: Sequence[Source]) -> None:
        """Prepare for the contacts of these files.

        :raises ConfigError: a condition cannot be read, or files are none of these.
        """
        headers = headers_of(sources)
        self._rules = tuple(
            (
                given.name,
                _labels(settings, given.files, sources, given.name),
                Condition(given.where, f"where of [[audience]] {given.name}", headers) if given.where else None,
            )
            for given in settings.audiences
        )
        #: Everything that they are told by: the same for the same members.
        self.described = repr(settings.audiences)

    def of(self, contact: Contact) -> tuple[str, ...]:
        """Return the names of the audiences to which a contact belongs.

        :raises InputError: it cannot be told.
        """
        if not self._rules:
            # mostly so, and asked of every row
            return ()
        return tuple(
            name
            for name, files, where in self._rules
            if (files is None or contact.origin.path in files) and (where is None or where.holds(contact))
        )


def _labels(settings: Settings, patterns: Sequence[str], sources: Sequence[Source], name: str) -> frozenset[str] | None:
    """Return how the files are labelled whose rows belong to an audience; None: those of all."""
    if not patterns:
        return None
    labels: set[str] = set()
    for pattern in patterns:
        paths = {path.resolve() for path in settings.files_named(pattern)}
        found = {source.label for source in sources if source.path.resolve() in paths}
        if not found:
            there = ", ".join(source.label for source in sources)
            raise ConfigError(
                f'files of [[audience]] {name}: "{pattern}" is none of the contact files.',
                hint=f"Name one of these: {there}",
            )
        labels |= found
    return frozenset(labels)
