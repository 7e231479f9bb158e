"""Opens a campaign: settings, template, contact files."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from notify.actions.known_files import KnownFiles, look, remembered
from notify.actions.ledgers import day_of_writing
from notify.config import Settings
from notify.core.campaign import Campaign
from notify.errors import ChangedError

if TYPE_CHECKING:
    from notify.actions.opening import Opened
    from notify.actions.selection import Selection
    from notify.contacts import Source
    from notify.rendering import Template


class Prepared:
    """A campaign that can be previewed and sent, as far as one can see without reading its contacts.

    Template and contact files are open, or *known* to be as they were when all rows were read last; then they are
    opened when somebody is to be written to.
    """

    def __init__(
        self,
        settings: Settings,
        campaign: Campaign,
        narrowed: str = "",
        opened: Opened | None = None,
        *,
        seen: str = "",
        known: KnownFiles | None = None,
    ) -> None:
        self.settings = settings
        self.campaign = campaign
        self.known = known
        #: How everything looked before it was opened, for who remembers what is known of it; empty where nobody does.
        self.seen = seen
        self._narrowed = narrowed
        if opened is not None:
            self.opened = opened

    @cached_property
    def opened(self) -> Opened:
        """Template and contact files.

        :raises ChangedError: they have changed since it was known that they have not.
        """
        opened = _opened(self.settings, self.campaign, self._narrowed)
        if self.known is None or self.known.is_of(self.settings, opened):
            return opened
        raise ChangedError(
            "The template or the contact files have changed while this run began.",
            hint="Begin again, with the files as they are to be sent:  notify send",
        )

    @property
    def template(self) -> Template:
        """The template, opened."""
        return self.opened.template

    @property
    def sources(self) -> tuple[Source, ...]:
        """The contact files, opened."""
        return self.opened.sources

    @property
    def selection(self) -> Selection:
        """What becomes of their contacts."""
        return self.opened.selection

    @property
    def parts(self) -> dict[str, str]:
        """Everything that the template is made of, by name."""
        return self.template.parts if self.known is None else self.known.parts

    def looks_now(self) -> str:
        """Return how everything looks now that :attr:`seen` tells of."""
        return look(self.settings, self.campaign, self._narrowed) if self.seen else ""

    def with_template(self, template: Template) -> Prepared:
        """Return the same campaign with another template."""
        return Prepared(self.settings, self.campaign, self._narrowed, replace(self.opened, template=template))


def prepare(settings: Settings, narrowed: str = "") -> Prepared:
    """Open template and contact files.

    :param narrowed: a condition (``--where``): only contacts for which it holds are asked for.
    :raises InputError: one of them must be mended.
    """
    campaign = campaign_written(settings)
    return Prepared(settings, campaign, narrowed, _opened(settings, campaign, narrowed))


def prepare_to_send(settings: Settings, narrowed: str = "") -> Prepared:
    """Open template and contact files, unless the ledger knows of them what a run has to know that sends nothing.

    :param narrowed: as for :func:`prepare`.
    :raises InputError: one of them must be mended.
    """
    campaign = campaign_written(settings)
    seen = look(settings, campaign, narrowed)
    known = remembered(settings, seen) if seen else None
    opened = _opened(settings, campaign, narrowed) if known is None else None
    return Prepared(settings, campaign, narrowed, opened, seen=seen, known=known)


def campaign_written(settings: Settings) -> Campaign:
    """Return the campaign with the day on which it is written."""
    return replace(settings.campaign(), written=day_of_writing(settings))


def with_template_anew(prepared: Prepared) -> Prepared | None:
    """Open the template again, which has changed; return None where it has other languages now: these decide of people.

    :raises InputError: it must be mended.
    """
    from notify.actions.opening import open_own_template
    from notify.actions.sources import headers_of

    template = open_own_template(prepared.settings, prepared.campaign)
    if template.languages != prepared.template.languages:
        return None
    template.know_headers(headers_of(prepared.sources))
    return prepared.with_template(template)


def _opened(settings: Settings, campaign: Campaign, narrowed: str) -> Opened:
    # the engines that read templates and contact files: a run from cron mostly needs neither
    from notify.actions.opening import open_campaign

    return open_campaign(settings, campaign, narrowed)
