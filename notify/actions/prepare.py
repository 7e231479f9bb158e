"""Opens a campaign: settings, template, contact files."""

from __future__ import annotations

from dataclasses import replace

from notify.actions.ledgers import day_of_writing
from notify.actions.made_files import made_files
from notify.actions.private_files import PrivateFiles
from notify.actions.selection import Selection
from notify.actions.sources import headers_of, label_of, open_sources
from notify.config import Settings
from notify.contacts import Source
from notify.core.campaign import Campaign
from notify.core.record import record
from notify.errors import InputError
from notify.rendering import Template


@record(frozen=True, slots=True)
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
    campaign = replace(settings.campaign(), written=day_of_writing(settings))
    template = _open_template(settings, campaign)
    sources = open_sources(settings)
    template.know_headers(headers_of(sources))
    return Prepared(settings, campaign, template, sources, Selection(settings, sources, template.languages, narrowed))


def with_template_anew(prepared: Prepared) -> Prepared | None:
    """Open the template again, which has changed; return None where it has other languages now: these decide of people.

    :raises InputError: it must be mended.
    """
    template = _open_template(prepared.settings, prepared.campaign)
    if template.languages != prepared.template.languages:
        return None
    template.know_headers(headers_of(prepared.sources))
    return replace(prepared, template=template)


def _open_template(settings: Settings, campaign: Campaign) -> Template:
    """Open the template, which must have a text for those who do not say which language they read."""
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
