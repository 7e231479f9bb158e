"""Opens a campaign: settings, template, contact files."""

from __future__ import annotations

from dataclasses import dataclass

from notify.actions.made_files import made_files
from notify.actions.private_files import PrivateFiles
from notify.actions.selection import Selection
from notify.actions.sources import headers_of, label_of, open_sources
from notify.config import Settings
from notify.contacts import Source
from notify.core.campaign import Campaign
from notify.errors import InputError
from notify.rendering import Template


@dataclass(frozen=True, slots=True)
class Prepared:
    """A campaign that can be previewed and sent, as far as one can see without reading its contacts."""

    settings: Settings
    campaign: Campaign
    template: Template
    sources: tuple[Source, ...]
    selection: Selection


def prepare(settings: Settings, narrowed: str = "") -> Prepared:
    """Open template and contact files.

    :param narrowed: a condition (``--where``): only contacts for which it holds are asked for.
    :raises InputError: one of them must be mended.
    """
    campaign = settings.campaign()
    template = open_template(settings)
    if campaign.language not in template.languages:
        raise InputError(
            f"{label_of(settings.template, settings.folder)}: there is no message.{campaign.language}.md, and "
            f'language = "{campaign.language}" is for everybody who does not say.',
            hint=f"Write it, or set language to one of: {', '.join(template.languages)}.",
        )
    sources = open_sources(settings)
    template.know_headers(headers_of(sources))
    return Prepared(settings, campaign, template, sources, Selection(settings, sources, template.languages, narrowed))


def open_template(settings: Settings) -> Template:
    """Open the template.

    :raises InputError: it must be mended.
    """
    label, private = label_of(settings.template, settings.folder), PrivateFiles(settings)
    made = made_files(settings)
    return Template(settings.template, label, settings.campaign(), settings.folder, private.what, made=made)
