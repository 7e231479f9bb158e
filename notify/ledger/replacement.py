"""Who failed, and stands in the files at a mended address now: one recipient, not two of whom one has failed for ever.

With a key it is known who has moved. Without one the address is all that tells who somebody is; so a recipient who
failed and is in the files no more is compared with those who are new in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from notify.ledger.queries import QUERIES

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row

#: What two rows may have in common, the most certain first.
_SORTS = ("person", "place", "name")


def replace_failed(db: Connection, campaign: int, round_: int, known_before: int, *, without: Collection[int]) -> int:
    """Let who is new take the place of who failed and is given no more, where it is one and the same; return how many.

    It is when both are the same person, or stand at the same place with the same name, or have the same name, and
    nobody else does.

    :param round_: the enrolment that is about to end.
    :param known_before: the highest number of a recipient before it.
    :param without: the numbers of those whose rows stand in the files, though they are not given.
    """
    values = {"campaign": campaign, "round": round_, "known_before": known_before}
    gone = (row for row in db.execute(QUERIES["failed_and_gone"], values) if row["id"] not in without)
    failed = _by_mark(gone)
    if not failed:
        return 0
    new = _by_mark(db.execute(QUERIES["new_in_this_round"], values), wanted=failed.keys())
    replaced: dict[int, int] = {}
    for mark in sorted(new, key=lambda mark: _SORTS.index(mark[0])):
        olds = [number for number in failed[mark] if number not in replaced]
        news = [number for number in new[mark] if number not in replaced.values()]
        if len(olds) == len(news) == 1:
            replaced[olds[0]] = news[0]
    for old, number in replaced.items():
        _take_over(db, old, number)
    return len(replaced)


def _by_mark(
    rows: Iterable[Row], wanted: Collection[tuple[str, ...]] | None = None
) -> dict[tuple[str, ...], list[int]]:
    """Return the numbers of recipients by what may be common to two of them."""
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        for mark in _marks(row):
            if wanted is None or mark in wanted:
                found[mark].append(row["id"])
    return found


def _marks(row: Row) -> Iterator[tuple[str, ...]]:
    name = row["name"].casefold()
    if row["person"]:
        yield "person", row["person"]
    # of a list without names the place is all that is left, unless keys tell who is somebody else
    if name or row["key"] == row["identity"]:
        yield "place", row["origin"], name
    if name:
        yield "name", name


def _take_over(db: Connection, old: int, new: int) -> None:
    """Put the recipient who is new into the row of the one who failed, whose attempts are kept."""
    values = dict(db.execute(QUERIES["recipient"], {"id": new}).fetchone())
    db.execute(QUERIES["remove_recipient"], {"id": new})
    db.execute(QUERIES["refresh"], values | {"id": old})
    db.execute(QUERIES["bring_back"], {"id": old})
