"""The settings of a campaign folder as plain values: nothing of the schema leaves this room."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from notify.config.relay import PORTS, RelaySection
from notify.config.schema import Configuration
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.core.pace import Rate
from notify.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The server that we submit to.

    ``tls`` is ``implicit``, ``starttls`` or ``none``; ``user`` and ``password_command`` are empty where there is none.
    """

    host: str
    port: int
    tls: str
    user: str
    password_command: str
    rates: tuple[Rate, ...]
    connections: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the campaign in ``folder`` is, to whom it goes, through which relay and how fast."""

    folder: Path
    _configuration: Configuration

    def campaign(self) -> Campaign:
        """Return who writes and what changes. Without an id of its own it has the template's name."""
        given = self._configuration.campaign
        return Campaign(
            id=given.id or self.template.absolute().name,
            sender=self._sender(),
            language=given.language,
            change=self._change(),
            deadline=given.deadline,
        )

    def _sender(self) -> Sender:
        given = self._configuration.sender
        return Sender(
            mailbox=Mailbox(given.name, given.email),
            reply_to=given.email if given.reply_to is None else given.reply_to,
            return_path=given.return_path or given.email,
        )

    def _change(self) -> Change:
        given = self._configuration.change
        return Change(
            old=Details(**given.old.model_dump()),
            new=Details(**given.new.model_dump()),
            effective=given.effective,
            old_works_until=given.old_works_until,
        )

    @property
    def language(self) -> str:
        """The language of contacts that do not say theirs."""
        return self._configuration.campaign.language

    @property
    def template(self) -> Path:
        """The folder or file of the template; nobody has looked yet whether it is there."""
        return self.folder / self._configuration.campaign.template

    @property
    def contact_files(self) -> tuple[Path, ...]:
        """The contact files, each once, in the order of the patterns and sorted within each.

        :raises InputError: when a pattern matches no file.
        """
        found = {pattern: _matches(self.folder, pattern) for pattern in self._configuration.contacts.files}
        files = {pattern: [path for path in paths if path.is_file()] for pattern, paths in found.items()}
        if missing := [pattern for pattern in files if not files[pattern]]:
            raise _no_contacts({pattern: any(path.is_dir() for path in found[pattern]) for pattern in missing})
        return tuple(dict.fromkeys(chain.from_iterable(files.values())))

    @property
    def key(self) -> str:
        """The header of the column that identifies a contact; empty when the address does."""
        return self._configuration.contacts.key

    @property
    def columns(self) -> Mapping[str, str]:
        """The headers that notify would not recognise, by the field they are."""
        return self._configuration.contacts.columns

    @property
    def relay(self) -> RelaySettings | None:
        """The relay, or None: then it is the sandbox."""
        return next(map(_relay, self._configuration.relay), None)

    @property
    def batch(self) -> int:
        """How many messages are handed over before the pause."""
        return self._configuration.send.batch

    @property
    def pause_s(self) -> float:
        """How long the pause after a batch is, in seconds."""
        return self._configuration.send.pause


def _relay(given: RelaySection) -> RelaySettings:
    # 587 is for STARTTLS only (RFC 8314), and who names it alone means that
    tls = "starttls" if given.port == PORTS["starttls"] and "tls" not in given.model_fields_set else given.tls
    return RelaySettings(
        given.host, given.port or PORTS[tls], tls, given.user, given.password_command, given.rate, given.connections
    )


def _matches(folder: Path, pattern: str) -> list[Path]:
    """Return what a pattern names; a file whose name has brackets in it is meant as it stands."""
    # Path.glob takes no absolute pattern
    literal = glob.glob(glob.escape(pattern), root_dir=folder)  # noqa: PTH207
    names = literal or glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207
    # Excel leaves ~$kunden.xlsx beside a file that it has open
    return [folder / name for name in sorted(names) if not Path(name).name.startswith("~$")]


def _no_contacts(missing: Mapping[str, bool]) -> InputError:
    """Make the error for patterns without a file; a pattern is True when it names a folder."""
    problems = [
        Problem(pattern, f"a folder, not a file; did you mean {Path(pattern) / '*.csv'}?" if folder else "no such file")
        for pattern, folder in missing.items()
    ]
    sentence = f"No contacts: {'; '.join(map(str, problems))}"
    return InputError(
        sentence if sentence.endswith("?") else f"{sentence}.",
        hint="Put the file there, mend `files` in [contacts], or name it:  --contacts FILE",
        problems=problems,
    )
