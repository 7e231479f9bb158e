"""Samples by which two machines know that they make the same octets of a template.

The libraries that turn a text into HTML are not ours, and another version of one may write it in another way. Then
somebody who is tried again from another machine would be sent another message than before, which is never done.
"""

from __future__ import annotations

import datetime as dt
from importlib import metadata

from notify.composing import Composer
from notify.core.audience import kept
from notify.core.campaign import Campaign
from notify.core.codes import SAMPLE_CODES
from notify.core.form import Wording
from notify.core.message import Content, Mailbox
from notify.errors import InputError
from notify.rendering import Template

#: What has a hand in the octets of a message.
_LIBRARIES = ("css-inline", "email-validator", "idna", "Jinja2", "markdown-it-py", "MarkupSafe")
_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SOMEBODY = Mailbox("Muster", "muster@example.com")


def samples(template: Template, campaign: Campaign) -> dict[str, str]:
    """Return the digest of a message to nobody for each text, by its language and form.

    A text of which none can be made, as it needs more than a name, has none.
    """
    composer = Composer.of(campaign)
    made = {wording: _content(template, campaign, wording) for wording in template.wordings}
    return {
        str(wording): composer.compose(content, _SOMEBODY, "<sample@example.com>", _DATE).digest
        for wording, content in made.items()
        if content
    }


def libraries() -> dict[str, str]:
    """Return the versions of the libraries that have a hand in a message, by their names."""
    return {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _content(template: Template, campaign: Campaign, wording: Wording) -> Content | None:
    """Return what somebody reads who is called Muster in whatever is named of them, and may see everything."""
    named = template.named
    contact, row = (dict.fromkeys(sorted(names or ()), "Muster") for names in (named.contact, named.row))
    audiences = [audience.name for audience in campaign.disclosure.audiences]
    fields = {**named.of(contact, row), **kept(audiences), "code": SAMPLE_CODES[wording.language]}
    try:
        return template.render(wording.language, "Guten Tag, Muster,", fields, "a sample", form=wording.form)
    except InputError:
        return None
