"""What the guided set-up is going to write, made of the answers: the values of notify.toml, the template, a copy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from notify.actions.init_details import DETAILS, announces, template_for
from notify.actions.init_sender_questions import server_of
from notify.config import OCCASIONS, written
from notify.config.imap_hosts import IMAP_HOSTS
from notify.config.providers import provider_of_address
from notify.config.sections import Example
from notify.core.record import record

#: Where contact files stand in a campaign folder.
_CONTACTS = "contacts/*"


@record(frozen=True, slots=True)
class Plan:
    """A campaign folder that is going to be written.

    ``toml`` is its notify.toml; ``copied`` is a contact file that is copied into it, if any.
    """

    toml: str
    template: str
    copied: Path | None


def plan(answers: Mapping[str, Any]) -> Plan:
    """Return what is to be written, of the answers that :func:`notify.actions.init_walk.walk` gave."""
    template = template_for(answers)
    values = dict(_values(answers, template))
    understood = answers.get("contacts")
    copied = understood.path if understood is not None and answers.get("copy_contacts") else None
    relay_in_use = bool(answers.get("use_relay"))
    return Plan(written(values, answers["language"], relay_in_use=relay_in_use), template, copied)


def _values(answers: Mapping[str, Any], template: str) -> Iterator[tuple[tuple[str, ...], Example]]:
    """Yield the values of notify.toml, by the paths of their keys."""
    language = answers["language"]
    yield ("campaign", "id"), _id(answers, template)
    yield ("campaign", "template"), f"templates/{template}"
    yield ("campaign", "kind"), "newsletter" if template == "newsletter" else "notice"
    yield ("campaign", "language"), language
    yield ("sender", "name"), answers["name"]
    yield ("sender", "email"), answers["from"]
    new_mailbox = answers.get("new.email")
    if new_mailbox and new_mailbox != answers["from"]:
        yield ("sender", "reply_to"), new_mailbox
        yield ("sender", "return_path"), new_mailbox
    for name in ("effective", "old_works_until"):
        if day := answers.get(name):
            yield ("change", name), day
    yield from _details(answers)
    if reach := answers.get("bank_to"):
        yield from reach.values(answers)
    yield ("contacts", "files"), (_contacts(answers),)
    server = server_of(answers)
    if server is not None:
        relay = server.values()
        if user := answers.get("user"):
            relay["relay", "user"] = user
        if day := answers.get("new_account"):
            relay["relay", "new_account"] = day
        yield from relay.items()
    if new_mailbox and (host := IMAP_HOSTS.get(provider_of_address(new_mailbox))):
        yield ("mailbox", "host"), host


def _details(answers: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Example]]:
    """Yield the details of both sides: those that change, and those that stay."""
    if not announces(answers, "email"):
        yield ("change", "old", "email"), answers["from"]
        yield ("change", "new", "email"), answers["from"]
    for detail in DETAILS:
        for side in ("old", "new"):
            value = answers.get(f"{side}.{detail.name}") or answers.get(f"kept.{detail.name}")
            if value:
                yield ("change", side, detail.name), value


def _contacts(answers: Mapping[str, Any]) -> str:
    """Return how notify.toml names the contact file: from the folder, if it is in there."""
    understood = answers.get("contacts")
    if understood is None or answers.get("copy_contacts"):
        return _CONTACTS
    path: Path = understood.path
    folder = answers["folder"].absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else os.fspath(path)


def _id(answers: Mapping[str, Any], template: str) -> str:
    """Return ``2026-12-neue-adresse``, by the month and by what the campaign is about."""
    german = OCCASIONS[template].values.get(("campaign", "id"), "2026-12-neue-angaben")
    subject = str(german).split("-", 2)[2] if answers["language"] == "de" else template
    return f"{answers['today']:%Y-%m}-{subject}"
