"""The settings that go to other machines, as plain values, which the readers of notify.toml read there.

They are written from the settings as they are in force, so that what an option or a variable said goes along. Whatever
tells a secret stays behind, and so do the sections that only the sending folder needs. A command is neither written nor
read: who could write it where it is kept would have it run on every machine that reads it there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from notify.config.attach import ATTACH
from notify.config.audience import AUDIENCE
from notify.config.campaign import CAMPAIGN
from notify.config.change import CHANGE, NEW_DETAILS, OLD_DETAILS
from notify.config.layers import lay_over
from notify.config.load import settings_read
from notify.config.newsletter import NEWSLETTER
from notify.config.problems import Places
from notify.config.provider import Provider
from notify.config.providers import PROVIDERS
from notify.config.reading import Reading
from notify.config.relay import RELAY
from notify.config.schema import KEYS
from notify.config.sections import Section
from notify.config.send import SEND
from notify.config.settings import Settings
from notify.config.value_types import COMMAND
from notify.core.campaign import Sender
from notify.core.letterhead import Letterhead
from notify.core.message import Mailbox
from notify.core.pace import Rate
from notify.core.ramp import Ramp
from notify.core.window import Window
from notify.errors import Problem, WriteError

#: Keys that only the sending folder needs: who approved, it knows before anything is placed.
_STAYING = frozenset({("send", "approval")})
#: What stands for the file in what is said of a value.
_PLACE = "the ledger"


def carried(settings: Settings) -> dict[str, Any]:
    """Return the settings that messages and their handing over need, as they would stand in notify.toml.

    The campaign has its id in it; ``template`` is as the folder has it.
    """
    change = settings.change
    return {
        "campaign": values_of(CAMPAIGN, settings.mailing) | {"id": settings.campaign().id},
        "sender": _sender(settings.sender),
        "change": values_of(CHANGE, change)
        | {"old": values_of(OLD_DETAILS, change.old), "new": values_of(NEW_DETAILS, change.new)},
        "audience": [values_of(AUDIENCE, audience) for audience in settings.audiences],
        "attach": values_of(ATTACH, settings.attach),
        "relay": [values_of(RELAY, relay) for relay in settings.relays],
        "send": values_of(SEND, settings.send),
        "newsletter": values_of(NEWSLETTER, settings.newsletter),
    }


def read_carried(values: Mapping[str, Any], folder: Path) -> Settings:
    """Return the settings that were carried here, for what was unpacked into a folder.

    What was not carried is as it is where nothing is said.

    :raises WriteError: they cannot be trusted: something in them does not fit, or is a command.
    """
    merged, _ = lay_over(values, [])
    reading = Reading(merged, Places(_PLACE, {}, {}))
    settings = settings_read(folder, reading)
    if problems := [*_commands(merged), *reading.problems]:
        raise WriteError(
            "What the ledger keeps of the campaign's settings cannot be trusted.",
            hint="Place it again from its folder:  notify send",
            problems=problems,
        )
    return settings


def values_of(section: Section[Any], made: object) -> dict[str, Any]:
    """Return what a section was read as, as it would stand in the file; without what is empty, and without commands."""
    return {
        key.name: _plain(value)
        for key in section.keys
        if key.type is not COMMAND
        and key.path not in _STAYING
        and (value := getattr(made, key.field)) not in (None, "", ())
    }


def _sender(sender: Sender) -> dict[str, Any]:
    """Return the section [sender], which is read as the core's own value."""
    letterhead = {one.name: getattr(sender.letterhead, one.name) for one in fields(Letterhead)}
    given: dict[str, object] = {
        "name": sender.mailbox.name,
        "email": sender.mailbox.address,
        "return_path": sender.return_path,
        "logo": sender.logo,
        **letterhead,
    }
    # an empty one is for no Reply-To, and one that is left out for the sender's address
    answers = _plain(Mailbox(sender.reply_to_name, sender.reply_to))
    return {name: _plain(value) for name, value in given.items() if value} | {"reply_to": answers}


def _plain(value: object) -> Any:  # noqa: ANN401  # as JSON has it
    """Return a value as its reader takes it."""
    written = _WRITTEN.get(type(value))
    return written(value) if written else value


def _ramp(ramp: Ramp) -> str:
    """Return a ramp with every digit of its growth, which has a finite number of them."""
    growth = f"+{ramp.step}" if ramp.step else f"x{_decimal(ramp.factor)}"
    return f"{ramp.first}/day, {growth}, {ramp.most}/day"


def _decimal(factor: Fraction) -> str:
    digits = 0
    while factor.denominator > 1:
        factor, digits = factor * 10, digits + 1
    text = str(factor.numerator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


#: How values are written that JSON has no form for.
_WRITTEN: dict[type, Callable[[Any], object]] = {
    dt.date: dt.date.isoformat,
    dt.datetime: lambda moment: moment.isoformat(timespec="seconds"),
    tuple: lambda values: [*map(_plain, values)],
    Mailbox: lambda box: f"{box.name} <{box.address}>" if box.name else box.address,
    Provider: lambda given: next(name for name, provider in PROVIDERS.items() if provider == given),
    Ramp: _ramp,
    Rate: str,
    Window: str,
}


def _commands(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield the commands that were put into the values."""
    for key in KEYS:
        section = values.get(key.section[0])
        for given in section if isinstance(section, list) else [section]:
            if key.type is COMMAND and isinstance(given, dict) and key.name in given:
                yield Problem(_PLACE, f"`{key.name}`: no command is taken from there")
