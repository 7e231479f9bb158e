"""Keeps the suppression list of a campaign folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from notify.actions.addresses import identities
from notify.actions.ledgers import opened_if_there
from notify.actions.unsubscribed import Listed, Unreadable, read_list
from notify.core.record import record
from notify.ledger import Place, Suppressed, Suppressions, is_mark, open_store


def change(
    ledger: Place, addresses: Sequence[str], reason: str, now: dt.datetime, *, remove: bool
) -> tuple[int, list[str]]:
    """Put addresses on the list, or take them off it.

    Returns how many were changed, and those that were already as asked for.

    :raises InputError: one of them is not an address; nothing is changed then.
    """
    wanted = identities(addresses)
    as_before = []
    with open_store(ledger, create=True) as store:
        suppressions = Suppressions(store)
        for who in wanted:
            changed = suppressions.remove(who) if remove else suppressions.add(who, reason, now)
            if not changed:
                as_before.append(who)
    return len(wanted) - len(as_before), as_before


@record(frozen=True, slots=True)
class ListRead:
    """What a list came to: how many addresses were changed, how many were so already, and which lines name nobody."""

    changed: int
    as_before: int
    unreadable: tuple[Unreadable, ...]


def change_from(ledger: Place, octets: bytes, label: str, reason: str, now: dt.datetime, *, remove: bool) -> ListRead:
    """Put everybody who is named in a file on the list, or take them off it.

    Whoever used the page of a newsletter may be named by the token in its address.

    :raises InputError: the file is no text.
    """
    found = list(read_list(octets, label))
    listed = [one for one in found if isinstance(one, Listed)]
    with open_store(ledger, create=True) as store:
        suppressions = Suppressions(store)
        whose = suppressions.whose({one.token for one in listed if one.token})
        names = {one: one.identity or whose.get(one.token, "") for one in listed}
        wanted = dict.fromkeys(filter(None, names.values()))
        as_before = suppressions.change_all(wanted, reason, now, remove=remove)
    unknown = [Unreadable(one.line, f'"{one.token}" stands for nobody here') for one, who in names.items() if not who]
    wrong = sorted([*unknown, *(one for one in found if isinstance(one, Unreadable))], key=lambda one: one.line)
    return ListRead(len(wanted) - len(as_before), len(as_before), tuple(wrong))


def entries(ledger: Place) -> Iterator[Suppressed]:
    """Yield the list, but for those who were forgotten: nobody can tell who they are."""
    with opened_if_there(ledger) as store:
        if store is not None:
            yield from (entry for entry in Suppressions(store).all() if not is_mark(entry.identity))
