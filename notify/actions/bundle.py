"""Packs what other machines need to make and hand over a campaign's messages without its folder.

Everything is taken from what this run has opened, not read anew: what was looked through here is what is sent there.
Files of single recipients are not in the bundle. There may be a million of them, so they are kept one by one
(:func:`own_files`), and brought when their message is made.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from notify import __version__
from notify.actions.bundle_samples import libraries, samples
from notify.actions.made_files import made_files
from notify.actions.mail_hosts import known_hosts
from notify.actions.paths import label_of
from notify.config import Settings
from notify.config.carried import carried
from notify.core.audience import without
from notify.core.bundle import Bundle, BundledFile, BundledMade, is_name_inside
from notify.core.campaign import Campaign, Change
from notify.core.local_day import day_of
from notify.core.local_offsets import local_offsets, zone_name
from notify.core.record import record
from notify.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

    from notify.actions.prepare import Prepared
    from notify.rendering import Template


@record(frozen=True, slots=True)
class Packed:
    """A bundle, and the octets that it names, by their SHA-256 in hexadecimal."""

    bundle: Bundle
    octets: dict[str, bytes]


def packed(prepared: Prepared, version: int, now: dt.datetime) -> Packed:
    """Pack a campaign that was enrolled.

    :param version: the number of that in the ledger which its messages are made from.
    :raises InputError: the template includes a file by a path that is none inside of its folder.
    """
    settings, campaign, template = prepared.settings, prepared.campaign, prepared.template
    octets: dict[str, bytes] = {}
    year = day_of(now.timestamp()).year
    bundle = Bundle(
        campaign=campaign.id,
        version=version,
        program=__version__,
        settings=carried(settings),
        written=str(campaign.written or ""),
        template="" if settings.template.is_dir() else settings.template.name,
        label=label_of(settings.template, settings.folder),
        texts=tuple(_texts(template, octets)),
        files=tuple(
            BundledFile(name, file.filename, _kept(file.octets, octets)) for name, file in template.common_files.items()
        ),
        made=tuple(_made(settings, campaign, template, octets)),
        year=year,
        offsets=local_offsets(year),
        hosts=_hosts(settings, octets),
        zone=zone_name(),
        libraries=libraries(),
        samples=samples(template, campaign),
        by_token=tuple(relay.name for relay in settings.relays if relay.token_command),
    )
    return Packed(bundle, octets)


def own_files(template: Template, looked_at: Iterable[tuple[str, str]]) -> Iterator[tuple[BundledFile, bytes]]:
    """Yield the files of single recipients with their octets, one after the other.

    :param looked_at: by their names in the rows and their digests, as the ledger knows them since the enrolment.
    :raises ChangedError: one of them is another one by now.
    """
    for name, digest in looked_at:
        file = template.own_file(name, digest)
        yield BundledFile(name, file.filename, digest), file.octets


def _texts(template: Template, octets: dict[str, bytes]) -> Iterator[BundledFile]:
    for name, text in template.texts_read.items():
        plain = posixpath.normpath(name)
        if not is_name_inside(plain):
            raise InputError(
                f"The template has a file {name}, and on other machines there is no such path.",
                hint="Name the file as seen from the template's folder, with / between folders.",
            )
        yield BundledFile(plain, posixpath.basename(plain), _kept(text.encode(), octets))


def _made(
    settings: Settings, campaign: Campaign, template: Template, octets: dict[str, bytes]
) -> Iterator[BundledMade]:
    """Yield what notify makes itself, for everybody who may see the same.

    Another machine could make it as well; but a picture is compressed there by another library, and then somebody who
    is tried again would be sent other octets than before.
    """
    made = made_files(settings)
    # of pictures that the text shows, the German ones are taken
    languages = dict.fromkeys((*template.languages, "de"))
    for change, hidden in _seen(campaign).items():
        for language in languages:
            for file in made(language, change):
                attached = file.attachment
                digest = _kept(attached.octets, octets)
                yield BundledMade(language, hidden, attached.filename, attached.content_type, file.source, digest)


def _seen(campaign: Campaign) -> dict[Change, tuple[str, ...]]:
    """Return what of the change somebody may see, whatever audiences they belong to, and what is hidden then."""
    hidden = {campaign.disclosure.hidden_from(())}
    for audience in campaign.disclosure.audiences:
        hidden |= {one - audience.sees for one in hidden}
    # nothing is hidden from the author
    each = sorted(map(sorted, hidden | {frozenset[str]()}))
    return {without(campaign.change, one): tuple(one) for one in reversed(each)}


def _hosts(settings: Settings, octets: dict[str, bytes]) -> str:
    exchangers = known_hosts(settings).exchangers
    return _kept(json.dumps(dict(exchangers), sort_keys=True).encode(), octets) if exchangers else ""


def _kept(file: bytes, octets: dict[str, bytes]) -> str:
    digest = hashlib.sha256(file).hexdigest()
    octets[digest] = file
    return digest
