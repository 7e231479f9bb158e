"""What a ledger says of the last move that it took part in, and whether it may still be used as one.

A ledger that was moved is elsewhere now: sent from where it stood, it would write to everybody a second time whom the
other one has written to since. One that is arriving may be half a ledger. Both are refused, whatever somebody wants of
them.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from notify.core.record import record
from notify.errors import WriteError
from notify.ledger.queries import read_queries

#: To the version of a ledger that must not be used is added so much, so that an older notify refuses it as well.
MARKED = 1_000
#: What a ledger says that was moved while somebody had it open.
MOVED = "this ledger was moved meanwhile"


#: Between the address of a database and the name of a schema that is not the usual one.
_SCHEMA = " schema "


class Stage(StrEnum):
    """How far a move has come, as one of its two ledgers knows it."""

    #: its truth is elsewhere
    MOVED = "moved"
    #: it is being filled, or nobody has said yet that it is whole
    ARRIVING = "arriving"
    #: it came from elsewhere, and is whole
    ARRIVED = "arrived"


@record(frozen=True, slots=True)
class Mark:
    """The mark of a ledger: ``move`` is the same in both ledgers of a move, ``place`` that of the other one."""

    stage: Stage
    move: str
    place: str
    time: str

    @property
    def refuses(self) -> bool:
        """Whether the ledger must not be used."""
        return self.stage is not Stage.ARRIVED


@cache
def marks() -> dict[str, str]:
    """Return what both databases are asked about the mark, by name; few commands ask."""
    return read_queries("marks.sql")


def refusal(label: str, mark: Mark) -> WriteError:
    """Return the error that the ledger at ``label`` must not be used.

    :param label: its place, as users write it.
    """
    if mark.stage is Stage.MOVED:
        return WriteError(
            f"{label}: this ledger was moved to {mark.place} on {mark.time[:10]}, and nothing is sent from here.",
            hint=f"{how_to_use(mark.place)}\nTo move it back:  notify ledger move {label} --from {mark.place}",
        )
    return WriteError(
        f"{label}: a ledger is being moved here from {mark.place}, and is not whole yet.",
        hint=f"Let the move end, or take it up again:  notify ledger move {label} --from {mark.place}",
    )


def how_to_use(place: str) -> str:
    """Return what to write into notify.toml so that the ledger at ``place`` is used."""
    if "://" not in place:
        return f"Take [ledger] out of notify.toml, in the folder of {place}."
    url, _, schema = place.partition(_SCHEMA)
    more = f'\n  schema = "{schema}"' if schema else ""
    return f'Write into notify.toml:\n  [ledger]\n  url = "{url}"{more}'


def place_of_database(url: str, schema: str) -> str:
    """Return the place of a ledger in a database, as users write it."""
    return url if schema == "notify" else f"{url}{_SCHEMA}{schema}"
