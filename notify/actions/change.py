"""Guards a campaign against changes in its middle: what was sent to some must be what the others get."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from notify.actions.prepare import Prepared
from notify.core.audience import without
from notify.core.campaign import DETAIL_LABELS, Audience, Change, Details, Disclosure
from notify.core.late_pattern import late_pattern
from notify.errors import ChangedError, Problem
from notify.ledger import CampaignRecord, Version, Versions

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.core.campaign import Campaign

#: How it is written down that an audience is everybody, or the public too.
_EVERYBODY, _PUBLIC = "everybody", "public"
#: How much of a changed text is shown.
_SHOWN_LINES = 12
#: The part that tells on which day the messages were written (:attr:`Campaign.written`); it is no change of the user's.
DAY = "written"
#: What belongs to a message or a template, and is called by its own name behind that.
_FILE = late_pattern(r".*?: (?:attachment|picture) ")


class Opened(Protocol):
    """A campaign that is known as a whole."""

    @property
    def settings(self) -> Settings:
        """Its settings."""

    @property
    def campaign(self) -> Campaign:
        """Who writes, and what changes."""

    @property
    def parts(self) -> dict[str, str]:
        """Everything that the template is made of, by name."""


def parts_of(prepared: Opened) -> dict[str, str]:
    """Return everything that the messages of a campaign are made of, by name: template, change, sender."""
    campaign = prepared.campaign
    sender = campaign.sender
    change = {
        "effective": str(campaign.change.effective or ""),
        "old_works_until": str(campaign.change.old_works_until or ""),
        **{f"old.{name}": value for name, value in campaign.change.old.given().items()},
        **{f"new.{name}": value for name, value in campaign.change.new.given().items()},
    }
    return {
        **prepared.parts,
        "kind": campaign.kind,
        **({"unsubscribe": campaign.unsubscribe} if campaign.unsubscribe and campaign.kind == "newsletter" else {}),
        "change": _lines(change),
        "sender": _lines(
            {
                "name": sender.mailbox.name,
                "email": sender.mailbox.address,
                "reply_to": f"{sender.reply_to_name} <{sender.reply_to}>" if sender.reply_to_name else sender.reply_to,
                "return_path": sender.return_path,
                "footer": "\n".join(sender.letterhead.lines("de")),
            }
        ),
        **_disclosure(prepared),
        DAY: str(campaign.written or ""),
    }


def _disclosure(prepared: Opened) -> dict[str, str]:
    """Return who may see what, where notify.toml says so: whoever waits may have been meant to see less."""
    told = {}
    for audience in prepared.settings.audiences:
        words = (", ".join(audience.sees), _EVERYBODY * audience.everybody, _PUBLIC * audience.public)
        told[audience.name] = "; ".join(filter(None, (*words, *audience.files, audience.where)))
    return {"audiences": _lines(told)} if told else {}


def announced_in(parts: Mapping[str, str]) -> Change:
    """Return what the messages of a version announced, as :func:`parts_of` has written it down."""
    written = (line.partition(" = ") for line in parts.get("change", "").splitlines())
    values = {name: str(json.loads(value)) for name, _, value in written}
    old, new = (
        Details(**{name: values[f"{side}.{name}"] for name in DETAIL_LABELS["en"] if f"{side}.{name}" in values})
        for side in ("old", "new")
    )
    effective = values.get("effective")
    return Change(old, new, dt.date.fromisoformat(effective) if effective else None)


def announced_to(parts: Mapping[str, str], audiences: Collection[str]) -> Change:
    """Return the same as far as a member of these audiences could see it."""
    return without(announced_in(parts), _disclosure_in(parts).hidden_from(audiences))


def _disclosure_in(parts: Mapping[str, str]) -> Disclosure:
    """Return who could see what, as :func:`_disclosure` has written it down."""
    audiences = []
    for line in parts.get("audiences", "").splitlines():
        name, mark, written = line.partition(' = "')
        sees, *members = str(json.loads(f'"{written}' if mark else '""')).split("; ")
        is_for_all = bool(members) and {*members} <= {_EVERYBODY, _PUBLIC}
        audiences.append(Audience(name, frozenset(sees.split(", ")), is_for_all))
    return Disclosure(tuple(audiences))


def version_in_force(
    prepared: Prepared, versions: Versions, record: CampaignRecord, now: dt.datetime, *, accept: bool
) -> Version:
    """Record the version that is sent from now on, and return it.

    :param accept: the user accepts a change in the middle of the campaign.
    :raises ChangedError: something differs from what earlier recipients were sent; says what.
    """
    parts = parts_of(prepared)
    latest = versions.latest(record)
    reached = latest is not None and versions.anybody_reached(record)
    if latest is not None and are_same(latest.parts, parts):
        # until somebody is reached, each day writes it anew
        if reached or latest.parts.get(DAY) == parts[DAY]:
            return latest
    elif latest is not None and reached and not accept:
        raise ChangedError(
            f"The campaign {record.id} has changed since it was sent to the first recipients.",
            hint="Send the rest as it is now:  notify send --accept-change\n"
            "Or start a new campaign for everybody: give it a new id in notify.toml.",
            problems=list(differences(latest.parts, parts)),
        )
    return versions.record(record, parts, now)


def name_of(part: str) -> str:
    """Return what a part is called without the folder, or the message, to which it belongs."""
    found = _FILE.match(part)
    return part[found.end() :] if found else part.rpartition("/")[2]


def are_same(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Tell whether messages are made of the same, wherever the template stands and on whatever day they are written."""
    return _without_places(before) == _without_places(now)


def _without_places(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the parts as they are wherever the template stands: in a folder with another name it is the same one."""
    return sorted((name_of(part), text) for part, text in parts.items() if part != DAY)


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what of that which messages are made of has changed, with the lines."""
    for name in sorted({*before, *now} - {DAY}):
        old, new = before.get(name), now.get(name)
        if old is None or new is None:
            yield Problem(name, "is new" if old is None else "is no longer there")
        elif old != new:
            yield Problem(name, "\n".join(["has changed:", *_changed_lines(old, new)]))


def _changed_lines(old: str, new: str) -> list[str]:
    # the first two name the files; then changed lines, each behind its sign, and before them where they stand
    changes = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    lines = [line for line in changes if not line.startswith("@@")] or ["only where its lines end"]
    more = len(lines) - _SHOWN_LINES
    return lines[:_SHOWN_LINES] + ([f"… and {more} more lines"] if more > 0 else [])


def _lines(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value)
