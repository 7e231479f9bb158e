"""Takes part in a move with a ledger, wherever it is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from notify.ledger.file_side import FileSide
from notify.ledger.lock import locked

if TYPE_CHECKING:
    from notify.ledger.moving import Side
    from notify.ledger.place import Place


@contextlib.contextmanager
def taking_part(place: Place) -> Iterator[Side]:
    """Give the ledger at a place, there or not, as one side of a move; no run has it inside this ``with``.

    :raises BusyError: a run has it, or a worker is at work with it.
    :raises WriteError: it is none, or cannot be written.
    """
    if isinstance(place, Path):
        with locked(place), FileSide(place) as side:
            yield side
        return
    from notify.ledger.postgres.side import opened_side

    with opened_side(place) as other:
        yield other
