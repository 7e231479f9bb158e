"""Opens the template and the contact files of a campaign, which loads the engines of both."""

from __future__ import annotations

from notify.actions.made_files import made_files
from notify.actions.paths import label_of
from notify.actions.private_files import PrivateFiles
from notify.actions.selection import Selection
from notify.actions.sources import headers_of, open_sources
from notify.config import Settings
from notify.contacts import Source
from notify.core.campaign import Campaign
from notify.core.record import record
from notify.errors import InputError
from notify.rendering import Template


@record(frozen=True, slots=True)
class Opened:
    """A template, the contact files, and what becomes of their contacts."""

    template: Template
    sources: tuple[Source, ...]
    selection: Selection


def open_campaign(settings: Settings, campaign: Campaign, narrowed: str) -> Opened:
    """Open template and contact files.

    :param narrowed: a condition (``--where``): only contacts for which it holds are asked for.
    :raises InputError: one of them must be mended.
    """
    template = open_own_template(settings, campaign)
    sources = open_sources(settings)
    template.know_headers(headers_of(sources))
    return Opened(template, sources, Selection(settings, sources, template.languages, narrowed))


def open_own_template(settings: Settings, campaign: Campaign) -> Template:
    """Open the template, which must have a text for those who do not say which language they read.

    :raises InputError: it has none, or must be mended.
    """
    template = open_template(settings, campaign)
    if campaign.language not in template.languages:
        raise InputError(
            f"{label_of(settings.template, settings.folder)}: there is no message.{campaign.language}.md, and "
            f'language = "{campaign.language}" is for everybody who does not say.',
            hint=f"Write it, or set language to one of: {', '.join(template.languages)}.",
        )
    return template


def open_template(settings: Settings, campaign: Campaign | None = None) -> Template:
    """Open the template.

    :param campaign: with the day on which it is written; without, it is before everything that it tells of.
    :raises InputError: it must be mended.
    """
    label, private = label_of(settings.template, settings.folder), PrivateFiles(settings)
    made = made_files(settings)
    return Template(settings.template, label, campaign or settings.campaign(), settings.folder, private.what, made=made)
