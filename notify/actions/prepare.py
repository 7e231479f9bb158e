"""Opens a campaign: settings, template, contact files; and reads the contacts as recipients or rejected rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notify.actions.tables import judge_for, open_tables, shown
from notify.config import Settings
from notify.contacts import Table
from notify.core.campaign import Campaign
from notify.core.people import Recipient, Rejected
from notify.errors import InputError
from notify.rendering import Template


@dataclass(frozen=True, slots=True)
class Prepared:
    """A campaign that can be previewed and sent, as far as one can see without reading its contacts."""

    settings: Settings
    campaign: Campaign
    template: Template
    tables: tuple[Table, ...]


def prepare(settings: Settings) -> Prepared:
    """Open template and contact files.

    :raises InputError: one of them must be mended.
    """
    campaign = settings.campaign()
    template = Template(settings.template, shown(settings.template, settings.folder), campaign, settings.folder)
    if campaign.language not in template.languages:
        raise InputError(
            f"{shown(settings.template, settings.folder)}: there is no message.{campaign.language}.md, and "
            f'language = "{campaign.language}" is for everybody who does not say.',
            hint=f"Write it, or set language to one of: {', '.join(template.languages)}.",
        )
    return Prepared(settings, campaign, template, open_tables(settings))


def read(prepared: Prepared) -> Iterator[Recipient | Rejected]:
    """Yield every row of every file as a recipient or as rejected, with its origin."""
    judge = judge_for(prepared.settings, prepared.template.languages)
    for table in prepared.tables:
        yield from map(judge, table)
