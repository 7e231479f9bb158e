"""``notify check --who-sees DETAIL``: who would read a detail, by audience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.screen import emit, how_many, put

if TYPE_CHECKING:
    from notify.actions.prepare import Prepared
    from notify.actions.who_sees import Sighting

#: So many of each audience are named unless all are asked for.
_NAMED = 10
_NO_AUDIENCE = "in no audience"


def detail(_context: click.Context, _parameter: click.Parameter, word: str | None) -> str | None:
    """Return the detail that an option names, by its key or by its word in a message."""
    from notify.config.audience import detail_called

    if word is None:
        return None
    try:
        return detail_called(word)
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from error


def show(prepared: Prepared, name: str, *, everybody: bool, as_json: bool) -> int:
    """Look at every message; write who would see a detail."""
    from notify.actions.who_sees import who_sees
    from notify.cli.walks import Walks

    groups: dict[str, _Group] = {}
    for sighting in who_sees(prepared, name, Walks(prepared.sources)):
        group = groups.setdefault(", ".join(sighting.recipient.audiences), _Group())
        group.add(sighting, keeps=everybody or as_json)
    # those who see it first
    groups = dict(sorted(groups.items(), key=lambda group: -group[1].sees))
    if as_json:
        emit(_record(name, groups))
    else:
        _put(name, groups)
    return Exit.INPUT if any(group.not_made for group in groups.values()) else Exit.DONE


class _Group:
    """Those who belong to the same audiences, and who of them sees it."""

    def __init__(self) -> None:
        self.recipients = self.sees = self.not_made = 0
        self.named: list[Sighting] = []

    def add(self, sighting: Sighting, *, keeps: bool) -> None:
        self.recipients += 1
        self.sees += sighting.sees
        self.not_made += not sighting.is_made
        if sighting.sees and (keeps or len(self.named) < _NAMED):
            self.named.append(sighting)


def _put(name: str, groups: dict[str, _Group]) -> None:
    sees, all_ = (sum(getattr(group, what) for group in groups.values()) for what in ("sees", "recipients"))
    put(f"{name}: {sees:,} of {how_many(all_, 'recipient')} would see it, in the messages as they are now.")
    for audience, group in groups.items():
        put(head=f"\n{audience or _NO_AUDIENCE}: {group.sees:,} of {group.recipients:,}", bold=True)
        for sighting in group.named:
            who = sighting.recipient
            put(f"  {who.address}  {who.name}  ({who.origin})", hang=4)
        if (more := group.sees - len(group.named)) > 0:
            put(f"  … and {more:,} more:  notify check --who-sees {name} --all")
        if group.not_made:
            put(f"  {how_many(group.not_made, 'message')} cannot be made; why:  notify check --offline")


def _record(name: str, groups: dict[str, _Group]) -> dict[str, object]:
    named = [sighting.recipient for group in groups.values() for sighting in group.named]
    return {
        "detail": name,
        "recipients": sum(group.recipients for group in groups.values()),
        "sees": sum(group.sees for group in groups.values()),
        "not_made": sum(group.not_made for group in groups.values()),
        "audiences": [
            {
                "names": audience.split(", ") if audience else [],
                "recipients": group.recipients,
                "sees": group.sees,
                "not_made": group.not_made,
            }
            for audience, group in groups.items()
        ],
        "who": [
            {"key": who.key, "origin": str(who.origin), "to": who.address, "audiences": who.audiences} for who in named
        ],
    }
