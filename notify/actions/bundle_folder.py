"""Unpacks a bundle into a folder of this machine, from which a run hands over that has no contact file.

What comes from the ledger is taken for what it is: texts and values. Nothing of it is run but templates, which are
sandboxed as always; no name of it becomes a path outside of the folder; and each file has the octets that it is called
by, or nothing is made of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from notify.config import RelaySettings, Settings
from notify.config.carried import read_carried
from notify.core.audience import without
from notify.core.bundle import Bundle, is_name_inside
from notify.core.campaign import Campaign, Change
from notify.core.local_offsets import in_words, local_offsets
from notify.core.made import Made, MadeFile
from notify.core.mail_host import NO_HOSTS, MailHosts
from notify.core.message import Attachment
from notify.errors import ConfigError, VersionError, WriteError

if TYPE_CHECKING:
    from notify.rendering import Template
    from notify.rendering.bundled_files import OwnFile

_TEMPLATE, _FILES = "template", "files"
_PLACE_AGAIN = "Place the campaign again from its folder:  notify send"


class Unpacked:
    """A campaign as a bundle has brought it here."""

    def __init__(self, bundle: Bundle, folder: Path, own: OwnFile) -> None:
        """Know what was unpacked into a folder.

        :param own: brings the file of a single recipient: its name and octets, given how its row names it, and its
            digest; None where there is none.
        """
        self.bundle = bundle
        self._folder = folder
        self._own = own

    @cached_property
    def settings(self) -> Settings:
        """The settings as they were in force where it was packed, without any command.

        :raises WriteError: they cannot be trusted.
        """
        settings = read_carried(self.bundle.settings, self._folder)
        template = f"{_TEMPLATE}/{self.bundle.template}".rstrip("/")
        return replace(settings, mailing=replace(settings.mailing, template=template))

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, with the day on which it is written."""
        written = self.bundle.written
        return replace(self.settings.campaign(), written=dt.date.fromisoformat(written) if written else None)

    @cached_property
    def template(self) -> Template:
        """The template, opened.

        :raises InputError: it cannot be read.
        :raises VersionError: the libraries of this machine make other messages of it.
        """
        from notify.actions.bundle_samples import libraries, samples
        from notify.rendering import Template
        from notify.rendering.bundled_files import BundledFiles

        settings = self.settings
        common = {file.name: (file.filename, self._octets(file.digest)) for file in self.bundle.files}
        template = Template(
            settings.template,
            self.bundle.label,
            self.campaign,
            settings.folder,
            # whoever packed it has looked whether a file may leave
            lambda _: "",
            made=self._made(),
            files=BundledFiles(common, _in_this_process(self._own)),
        )
        if samples(template, self.campaign) != self.bundle.samples:
            raise _other_messages(self.bundle, libraries())
        return template

    @property
    def parts(self) -> dict[str, str]:
        """Everything that the template is made of, by name."""
        return self.template.parts

    @cached_property
    def hosts(self) -> MailHosts:
        """By which the domains of recipients count."""
        digest = self.bundle.hosts
        return MailHosts(_exchangers(self._octets(digest))) if digest else NO_HOSTS

    def check_local_time(self, relays: Iterable[RelaySettings]) -> None:
        """Refuse to hand over by hours that are others here.

        :param relays: those that are handed over to.
        :raises ConfigError: the campaign goes by local time, and this machine has another one.
        """
        settings, theirs, ours = self.settings, self.bundle.offsets, local_offsets(self.bundle.year)
        goes_by_it = settings.send.window or settings.mailing.deadline or any(relay.ramp for relay in relays)
        if goes_by_it and theirs != ours:
            raise ConfigError(
                f"The hours and days of the campaign {self.bundle.campaign} are meant in local time, which is "
                f"{in_words(theirs)} where it was placed and {in_words(ours)} on this machine.",
                hint=f"Give notify the time zone of whoever sends, here too:  TZ={self.bundle.zone or 'Europe/Berlin'}",
            )

    def _made(self) -> Made:
        """Return what looks up the files that notify has made, where it was packed."""
        found: dict[tuple[str, Change], tuple[MadeFile, ...]] = {}
        for one in self.bundle.made:
            attachment = Attachment(one.filename, one.content_type, self._octets(one.digest))
            seen = one.language, without(self.campaign.change, one.hidden)
            found[seen] = (*found.get(seen, ()), MadeFile(attachment, one.source))
        return lambda language, change: found.get((language, change), ())

    def _octets(self, digest: str) -> bytes:
        path = self._folder / _FILES / digest
        try:
            return _as_called(path.read_bytes(), digest)
        except OSError as error:
            raise WriteError(f"{path} cannot be read: {error.strerror}.", hint="Start again:  notify worker") from error


def unpacked(bundle: Bundle, folder: Path, octets: Callable[[str], bytes], own: OwnFile) -> Unpacked:
    """Write what a bundle names into a folder, which only its owner can read, and return what is made of it.

    :param folder: it is not there, or empty.
    :param octets: brings those of a digest.
    :param own: as for :class:`Unpacked`.
    :raises WriteError: a name would lead out of it, or octets are not those of their digest.
    :raises ConfigError: this machine cannot write it.
    """
    if bundle.template and not is_name_inside(bundle.template):
        raise _untrusted(bundle.template)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise WriteError(f"{folder} is not empty.", hint="Name another folder, or remove what is in it.")
        folder.chmod(0o700)
        for name in (_TEMPLATE, _FILES):
            (folder / name).mkdir(mode=0o700)
        for text in bundle.texts:
            if not is_name_inside(text.name):
                raise _untrusted(text.name)
            _write(folder / _TEMPLATE, text.name, _as_called(octets(text.digest), text.digest))
        for digest in sorted(bundle.digests - {text.digest for text in bundle.texts}):
            _write(folder / _FILES, digest, _as_called(octets(digest), digest))
    except OSError as error:
        raise ConfigError(
            f"{folder}: what the campaign is made of cannot be written there: {error.strerror}.",
            hint="Make room on this machine, or name another folder in TMPDIR.",
        ) from error
    return Unpacked(bundle, folder, own)


def _write(folder: Path, name: str, octets: bytes) -> None:
    """Write a file that only its owner can read, with the folders above it."""
    path = folder / name
    for above in reversed(path.relative_to(folder).parents[:-1]):
        (folder / above).mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(octets)


def _as_called(octets: bytes, digest: str) -> bytes:
    """Return octets that are called by this digest.

    :raises WriteError: they are others.
    """
    if hashlib.sha256(octets).hexdigest() != digest:
        raise WriteError("A file of the campaign is not what it should be: it is damaged.", hint=_PLACE_AGAIN)
    return octets


def _exchangers(octets: bytes) -> dict[str, str]:
    """Return the mail exchangers of domains.

    :raises WriteError: they are none.
    """
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(octets)
        if isinstance(found, dict) and all(isinstance(name, str) for name in found.values()):
            return found
    raise WriteError("What the campaign knows of mail hosts cannot be read.", hint=_PLACE_AGAIN)


def _untrusted(name: str) -> WriteError:
    return WriteError(f"What the ledger keeps of the campaign names a file {name!r}.", hint=_PLACE_AGAIN)


def _other_messages(bundle: Bundle, here: Mapping[str, str]) -> VersionError:
    there = bundle.libraries
    named = [f"{name} {here.get(name)} here, {there[name]} there" for name in there if here.get(name) != there[name]]
    return VersionError(
        f"The libraries of this machine make other messages of the campaign {bundle.campaign} than where it was placed"
        f"{': ' if named else ''}{'; '.join(named)}.",
        hint="Have the same versions on all machines, best from one image or one lock file.",
    )


def _in_this_process(own: OwnFile) -> OwnFile:
    """Return what brings files in this process alone: one that was forked from it has no connection of its own."""
    process = os.getpid()
    return lambda name, digest: own(name, digest) if os.getpid() == process else None
