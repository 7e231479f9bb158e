"""The settings of a campaign folder as plain values: nothing of the schema leaves this room."""

from __future__ import annotations

import datetime as dt
import fnmatch
import glob
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path

from notify.config.providers import PROVIDERS, Provider
from notify.config.relay import PORTS, RelaySection
from notify.config.schema import Configuration
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.message import Mailbox
from notify.core.pace import Rate
from notify.core.window import Window
from notify.errors import InputError, Problem

_FORMATS = frozenset(".csv .ldif .ods .tsv .txt .vcf .xls .xlsb .xlsm .xlsx".split())


#: A relay of which nothing is known.
_UNKNOWN = Provider("", "", "")


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """The server that we submit to.

    ``tls`` is ``implicit``, ``starttls`` or ``none``; ``user``, ``password_command`` and ``token_command`` are empty
    where there is none, and there are never both commands. ``senders`` are patterns of the addresses that it may send
    for, in lower case and with A-labels. ``provider`` is that of the preset, if there is one; ``since`` is when the
    account began, if it is new.
    """

    host: str
    port: int
    tls: str
    user: str
    password_command: str
    rates: tuple[Rate, ...]
    per_domain: tuple[Rate, ...]
    connections: int
    messages_per_connection: int = 100
    pipelining: bool = True
    senders: tuple[str, ...] = ()
    provider: Provider | None = None
    since: dt.date | None = None
    token_command: str = ""

    @property
    def name(self) -> str:
        """How the ledger calls it: attempts and limits are counted by it. Limits are those of an account."""
        server = f"{self.host.lower()}:{self.port}"
        return f"{server} ({self.user})" if self.user else server

    def may_send_for(self, address: str) -> bool:
        """Tell whether this relay may send for an address; where nothing is said, for every one."""
        return not self.senders or any(fnmatch.fnmatchcase(address.lower(), one) for one in self.senders)

    def rates_on(self, day: dt.date) -> tuple[Rate, ...]:
        """Return the rates as they are on a day: those of notify.toml, else by provider and age of the account."""
        age = day - self.since if self.since else None
        if self.rates:
            return self.rates
        return (self.provider or _UNKNOWN).rates_at(age)


@dataclass(frozen=True, slots=True)
class ContactSettings:
    """How the contact files are read, and whom of them is written to.

    ``key`` is the header above the stable identity, ``columns`` are headers by the field they are. ``address`` is
    ``first``, ``work``, ``private`` or ``all``; ``shared_address`` is ``neutral`` or ``first``; ``same_person`` is
    ``each`` or ``once``; ``opted_out`` is ``leave_out`` or ``write``. What is empty was not given.
    """

    key: str
    columns: Mapping[str, str]
    address: str
    shared_address: str
    same_person: str
    opted_out: str
    where: str
    overrides: str
    encoding: str
    sheet: str


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
            kind=given.kind,
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
            raise _no_contacts({pattern: _meant(self.folder, pattern, found[pattern]) for pattern in missing})
        return tuple(dict.fromkeys(chain.from_iterable(files.values())))

    @property
    def contacts(self) -> ContactSettings:
        """How the contact files are read, and whom of them is written to."""
        given = self._configuration.contacts
        return ContactSettings(**{field.name: getattr(given, field.name) for field in fields(ContactSettings)})

    @property
    def relays(self) -> tuple[RelaySettings, ...]:
        """The relays in the order of failover; none: then it is the sandbox."""
        return tuple(map(_relay, self._configuration.relay))

    @property
    def batch(self) -> int:
        """How many messages are handed over before the pause."""
        return self._configuration.send.batch

    @property
    def window(self) -> Window | None:
        """The hours at which messages may leave; None is at any."""
        return self._configuration.send.window

    @property
    def pause_s(self) -> float:
        """How long the pause after a batch is, in seconds."""
        return self._configuration.send.pause


def _relay(given: RelaySection) -> RelaySettings:
    provider = PROVIDERS.get(given.preset)
    tls = given.tls
    if "tls" not in given.model_fields_set:
        # 587 is for STARTTLS only (RFC 8314), and who names it alone means that
        tls = "starttls" if given.port == PORTS["starttls"] else provider.tls if provider and not given.port else tls
    connections = provider.connections if provider and "connections" not in given.model_fields_set else None
    return RelaySettings(
        host=given.host or (provider.host if provider else ""),
        port=given.port or PORTS[tls],
        tls=tls,
        user=given.user,
        password_command=given.password_command,
        rates=given.rate,
        per_domain=given.per_domain,
        connections=connections or given.connections,
        messages_per_connection=given.messages_per_connection,
        pipelining=given.pipelining,
        senders=given.senders,
        provider=provider,
        since=given.new_account,
        token_command=given.token_command,
    )


def _matches(folder: Path, pattern: str) -> list[Path]:
    """Return what a pattern names; a file whose name has brackets in it is meant as it stands."""
    # Path.glob takes no absolute pattern
    literal = glob.glob(glob.escape(pattern), root_dir=folder)  # noqa: PTH207
    names = literal or glob.glob(pattern, root_dir=folder, recursive=True)  # noqa: PTH207
    # Excel leaves ~$kunden.xlsx beside a file that it has open
    return [folder / name for name in sorted(names) if not Path(name).name.startswith("~$")]


def _meant(folder: Path, pattern: str, found: Iterable[Path]) -> str:
    """Return what may be meant by a pattern that names no file: the files of a folder, or one of another format."""
    if any(path.is_dir() for path in found):
        return f"a folder, not a file; did you mean {Path(pattern) / '*.csv'}?"
    there = (folder / pattern).parent
    try:
        others = sorted(path.name for path in there.iterdir() if path.suffix.lower() in _FORMATS and path.is_file())
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
