"""The settings of a campaign folder. What the sections of notify.toml are read as is what the program works with."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from notify.config.attach import AttachSettings
from notify.config.audience import AudienceSettings
from notify.config.campaign import CampaignSettings
from notify.config.checks import CheckSettings
from notify.config.contacts import ContactSettings
from notify.config.ledger import LedgerSettings
from notify.config.mailbox import MailboxSettings
from notify.config.newsletter import NewsletterSettings
from notify.config.policy import IBAN_WITH_CONTACT, PolicySettings
from notify.config.relay import RelaySettings
from notify.config.second_source import SecondSourceSettings
from notify.config.send import SendSettings
from notify.config.server import is_loopback
from notify.core.campaign import Campaign, Change, Disclosure, Sender
from notify.core.check_names import CHECKS
from notify.core.example_names import is_reserved
from notify.core.record import record
from notify.errors import InputError, Problem

__all__ = ["AttachSettings", "ContactSettings", "RelaySettings", "SendSettings", "Settings"]

#: The endings that contact files usually have; for what may be meant, since a file's content decides.
CONTACT_SUFFIXES = frozenset(
    ".csv .ldi .ldif .mailrc .nnt .ods .prn .tab .tsv .txt .vcard .vcf .xls .xlsb .xlsm .xlsx".split()
)


@record(frozen=True, slots=True)
class Settings:
    """What the campaign in ``folder`` is, to whom it goes, through which relay and how fast.

    ``relays`` are in the order of failover; none: then it is the sandbox.
    """

    folder: Path
    mailing: CampaignSettings
    sender: Sender
    change: Change
    contacts: ContactSettings
    relays: tuple[RelaySettings, ...]
    send: SendSettings
    attach: AttachSettings
    newsletter: NewsletterSettings
    policy: PolicySettings
    checks: CheckSettings
    mailbox: MailboxSettings
    ledger: LedgerSettings = LedgerSettings()
    audiences: tuple[AudienceSettings, ...] = ()
    second_source: SecondSourceSettings = SecondSourceSettings()
    #: What is done otherwise than the files of another program ask for.
    notes: tuple[str, ...] = ()

    def accepting(self, names: Sequence[str]) -> Settings:
        """Return the settings of a run in which these findings are accepted, beside those that the file accepts."""
        policies = tuple(name for name in names if name == IBAN_WITH_CONTACT)
        checks = replace(self.checks, silence=(*self.checks.silence, *(name for name in names if name in CHECKS)))
        return replace(self, checks=checks, policy=replace(self.policy, accept=(*self.policy.accept, *policies)))

    def campaign(self) -> Campaign:
        """Return who writes and what changes. Without an id of its own it has the template's name."""
        return Campaign(
            id=self.mailing.id or _name_of(self.template.absolute()),
            kind=self.mailing.kind,
            sender=self.sender,
            language=self.mailing.language,
            change=self.change,
            deadline=self.mailing.deadline,
            unsubscribe=self.newsletter.unsubscribe,
            disclosure=Disclosure(tuple(audience.audience() for audience in self.audiences)),
        )

    @property
    def reaches_others(self) -> bool:
        """Whether a relay is named that is neither on this machine nor an example: what it is sent reaches people."""
        return any(not (is_loopback(relay.host) or is_reserved(relay.host)) for relay in self.relays)

    @property
    def language(self) -> str:
        """The language of contacts that do not say theirs."""
        return self.mailing.language

    @property
    def template(self) -> Path:
        """The folder or file of the template; nobody has looked yet whether it is there."""
        return self.folder / self.mailing.template

    @property
    def unread_files(self) -> tuple[Path, ...]:
        """What stands beside the contact files that patterns name, and is none of them, sorted.

        :raises InputError: when a pattern matches no file.
        """
        folders = {(self.folder / pattern).parent for pattern in self.contacts.files if glob.has_magic(pattern)}
        read = {path.resolve() for path in self.contact_files}
        there = {path for folder in folders if folder.is_dir() and folder != self.folder for path in folder.iterdir()}
        return tuple(
            path
            for path in sorted(there)
            if path.is_file() and not path.name.startswith((".", "~$")) and path.resolve() not in read
        )

    def files_named(self, pattern: str) -> list[Path]:
        """Return the files that a pattern names, as for contact files."""
        return _matches(self.folder, pattern)

    @property
    def contact_files(self) -> tuple[Path, ...]:
        """The contact files, each once, in the order of the patterns and sorted within each.

        :raises InputError: when a pattern matches no file.
        """
        found = {pattern: _matches(self.folder, pattern) for pattern in self.contacts.files}
        files = {pattern: [path for path in paths if path.is_file()] for pattern, paths in found.items()}
        if missing := [pattern for pattern in files if not files[pattern]]:
            raise _no_contacts({pattern: _meant(self.folder, pattern, found[pattern]) for pattern in missing})
        return tuple(dict.fromkeys(chain.from_iterable(files.values())))


def _name_of(template: Path) -> str:
    """Return what a template is called: one of its message files like the folder in which it stands."""
    return template.parent.name if re.fullmatch(r"message\.[a-z]{2}(\.du)?\.(md|txt)", template.name) else template.name


def _matches(folder: Path, pattern: str) -> list[Path]:
    """Return what a pattern names; a file whose name has brackets in it is meant as it stands.

    A pattern without a suffix, ``contacts/*``, means the files that are contacts by theirs, in any case of letters.
    """
    literal = glob.glob(glob.escape(pattern), root_dir=folder)  # noqa: PTH207  # Path.glob takes no absolute pattern
    names = literal or glob.glob(_in_any_case(pattern), root_dir=folder, recursive=True)  # noqa: PTH207  # as above
    # Excel leaves ~$kunden.xlsx beside a file that it has open
    paths = [folder / name for name in sorted(names) if not Path(name).name.startswith("~$")]
    if literal or "." in Path(pattern).name:
        return paths
    return [path for path in paths if path.suffix.lower() in CONTACT_SUFFIXES]


def _in_any_case(pattern: str) -> str:
    """Return a pattern whose suffix ignores case: classic Outlook writes Kontakte.CSV."""
    stem, dot, suffix = pattern.rpartition(".")
    if not (dot and suffix.isalnum()):
        return pattern
    return stem + dot + "".join(f"[{letter.lower()}{letter.upper()}]" for letter in suffix)


def _meant(folder: Path, pattern: str, found: Iterable[Path]) -> str:
    """Return what may be meant by a pattern that names no file: the files of a folder, or one of another format."""
    if any(path.is_dir() for path in found):
        return f"a folder, not a file; did you mean {Path(pattern) / '*.csv'}?"
    there = (folder / pattern).parent
    try:
        others = sorted(
            path.name for path in there.iterdir() if path.suffix.lower() in CONTACT_SUFFIXES and path.is_file()
        )
    except OSError:
        others = []
    return f"no such file; did you mean {Path(pattern).parent / others[0]}?" if others else "no such file"


def _no_contacts(missing: Mapping[str, str]) -> InputError:
    """Make the error for patterns without a file, each with what may be meant."""
    problems = [Problem(pattern, what) for pattern, what in missing.items()]
    sentence = f"No contacts: {'; '.join(map(str, problems))}"
    return InputError(
        sentence if sentence.endswith("?") else f"{sentence}.",
        hint="Put the file there, mend `files` in [contacts], or name it:  --contacts FILE",
        problems=problems,
    )
