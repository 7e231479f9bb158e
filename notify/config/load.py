"""Load the settings of a campaign folder: options beat environment beat notify.toml beat defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from notify.config.attach import ATTACH
from notify.config.audience import AUDIENCE
from notify.config.campaign import CAMPAIGN, SENDER
from notify.config.change import CHANGE, NEW_DETAILS, OLD_DETAILS
from notify.config.checks import CHECK_SECTION
from notify.config.contacts import COLUMNS, CONTACTS
from notify.config.document import Document, read
from notify.config.layers import from_environment, from_options, lay_over
from notify.config.ledger import LEDGER
from notify.config.mailbox import MAILBOX
from notify.config.mailmerge import no_sender, read_mailmerge
from notify.config.newsletter import NEWSLETTER
from notify.config.policy import POLICY
from notify.config.problems import Places, config_error, missing
from notify.config.reading import Reading
from notify.config.relay import RELAY
from notify.config.relay_list import there_before, without_host
from notify.config.schema import KEYS
from notify.config.second_source import SECOND_SOURCE
from notify.config.sections import Key
from notify.config.send import SEND
from notify.config.settings import Settings
from notify.config.unknown import is_mistyped
from notify.config.values import as_written, listed
from notify.core.local_day import day_of
from notify.errors import ConfigError, Problem

# Without a notify.toml they must be named: contacts are never taken from a folder by chance.
_FILES = ("contacts", "files")


def load(
    folder: Path,
    *,
    options: Mapping[str, object],
    environment: Mapping[str, str],
    filename: str = "notify.toml",
    contacts_only: bool = False,
) -> Settings:
    """Return the settings of a campaign folder.

    :param folder: where the file stands; relative paths are meant from there.
    :param options: what the command line gave, by dotted names such as ``send.batch``; None was not given.
    :param environment: ``NOTIFY_SEND_BATCH`` and its like; what it does not know, it leaves alone.
    :param contacts_only: template and sender may be missing; what the settings say of them is empty then.
    :raises ConfigError: with every problem at once, each with its line, its variable or its option.
    :raises InputError: a template of mailmerge does not say who writes, or for each row another.
    """
    overrides = [*from_environment(environment), *from_options(options)]
    required = [] if contacts_only else [key for key in KEYS if key.about.required]
    document = read(folder / filename)
    mailmerge = read_mailmerge(folder, document, overrides)
    if mailmerge is not None:
        overrides = [*mailmerge.overrides, *overrides]
    if document is None:
        given = {(*override.section, override.name) for override in overrides}
        if mailmerge is not None and not contacts_only and ("sender", "email") not in given:
            raise no_sender(mailmerge)
        if not given.issuperset([_FILES, *(key.path for key in required)]):
            raise _not_there(folder, filename, required)
        document = Document()
    merged, sources = lay_over(document.values, overrides)
    places = Places(filename, document.lines, sources)
    problems = [*_missing(merged, required, places)]
    problems += without_host(merged["relay"], places)
    problems += _writes_to_unsubscribed(merged, places)
    reading = Reading(merged, places)
    settings = settings_read(folder, reading)
    if mailmerge is not None:
        contacts = replace(settings.contacts, to=mailmerge.to, to_label=mailmerge.to_label)
        settings = replace(settings, notes=mailmerge.notes, contacts=contacts)
    problems += reading.problems or [
        *there_before(settings.relays, places),
        *_called_alike(settings, places),
        *_starts_too_late(settings, places),
        *_nameless(settings, places),
        *_without_day(settings, places),
    ]
    if problems:
        raise config_error(problems)
    return settings


def settings_read(folder: Path, reading: Reading) -> Settings:
    """Return the settings of a folder, section by section; what is wrong with them, the reading knows."""
    old, new = reading.section(OLD_DETAILS), reading.section(NEW_DETAILS)
    return Settings(
        folder,
        mailing=reading.section(CAMPAIGN),
        sender=reading.section(SENDER),
        change=replace(reading.section(CHANGE), old=old, new=new),
        contacts=replace(reading.section(CONTACTS), columns=reading.section(COLUMNS)),
        relays=reading.repeated(RELAY),
        send=reading.section(SEND),
        mailbox=reading.section(MAILBOX),
        ledger=reading.section(LEDGER),
        attach=reading.section(ATTACH),
        newsletter=reading.section(NEWSLETTER),
        policy=reading.section(POLICY),
        checks=reading.section(CHECK_SECTION),
        audiences=reading.repeated(AUDIENCE),
        second_source=reading.section(SECOND_SOURCE),
    )


def _missing(values: Mapping[str, object], required: Sequence[Key], places: Places) -> Iterator[Problem]:
    for key in required:
        section = values[key.section[0]]
        if isinstance(section, dict) and key.name not in section and not is_mistyped(key.path, section, values):
            yield missing(key.path, places)


def _called_alike(settings: Settings, places: Places) -> Iterator[Problem]:
    """Yield the audiences that are called like one before them: nobody could tell who belongs to which."""
    names = [audience.name for audience in settings.audiences]
    for number, name in enumerate(names):
        if name in names[:number]:
            what = f"{as_written(name)} is an [[audience]] already; call one of them otherwise"
            yield places.problem(("audience", number, "name"), what)


def _starts_too_late(settings: Settings, places: Places) -> Iterator[Problem]:
    """Yield that nothing can leave before the deadline is over, where that is so."""
    start, window, deadline = settings.send.start, settings.send.window, settings.mailing.deadline
    if start is None or deadline is None:
        return
    opens = day_of(window.opens(start.timestamp()) if window else start.timestamp())
    if opens > deadline:
        first = f"with `window` nothing leaves before {opens}" if window else "it is too late"
        yield places.problem(("send", "start"), f"{first}: the `deadline` in [campaign] is {deadline}")


def _nameless(settings: Settings, places: Places) -> Iterator[Problem]:
    """Yield the names that would be told to end, as other details do; whoever is called something is so afterwards."""
    change = settings.change
    for name in ("name", "owner"):
        if getattr(change.old, name) and not getattr(change.new, name):
            what = f"it needs `{name}` in [change.new]: what it is from now on, or the same where it stays"
            yield places.problem(("change", "old", name), what)


def _without_day(settings: Settings, places: Places) -> Iterator[Problem]:
    """Yield that there is no day for an appointment."""
    if settings.attach.calendar and settings.change.effective is None:
        yield places.problem(("attach", "calendar"), "there is no day for it: set `effective` in [change]")


def _writes_to_unsubscribed(values: Mapping[str, object], places: Places) -> Iterator[Problem]:
    campaign, contacts = values["campaign"], values["contacts"]
    if not (isinstance(campaign, dict) and isinstance(contacts, dict)):
        return
    for key, who in (("opted_out", "unsubscribed"), ("refused_advertising", "refused advertising")):
        if (campaign.get("kind"), contacts.get(key)) == ("newsletter", "write"):
            what = f"a newsletter is not sent to those who {who}; leave it out"
            yield places.problem(("contacts", key), what)


def _not_there(folder: Path, filename: str, required: Sequence[Key]) -> ConfigError:
    if not folder.is_dir():
        return ConfigError(f"There is no folder {folder}.", hint="Make a campaign folder:  notify init DIR")
    options = listed(["--contacts", *(key.about.option for key in required)], "and")
    return ConfigError(f"There is no {folder / filename}.", hint=f"Make one:  notify init  (or give {options})")
