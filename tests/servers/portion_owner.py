"""A process that takes portions of a campaign and hands over, without any relay.

It writes the number of each recipient whose dot may leave into a file, as a relay would take a message, and then
settles it as sent. It ends when all portions are done, and goes on when a lease was lost or the server was away.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import time
from typing import cast

from notify.core.outcome import Outcome
from notify.core.status import Status
from notify.errors import FencedError, LockedError, WriteError
from notify.ledger import Database, Leaving, Versions, open_store
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.store import PostgresStore
from tests.unit.ledger.mailing import DATE, NOW, RELAY, outcome

_SENT = outcome(Status.SENT)
_OPEN = "SELECT 1 FROM portion WHERE NOT done LIMIT 1"


class Owner:
    """One owner. ``taken`` is the file into which the numbers go; ``pause_s``: between a dot and its answer."""

    def __init__(self, store: PostgresStore, given: argparse.Namespace) -> None:
        self._store = store
        self._given = given
        self._taken = os.open(given.taken, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        versions = Versions(store)
        self._campaign = versions.register(given.campaign, NOW)
        self._version = versions.record(self._campaign, {"message.de.md": "Hallo"}, NOW)
        self._portions = Portions(store)

    def run(self) -> None:
        """Hand over until all portions are done."""
        while self._is_any_open():
            leases = Leases(
                self._store,
                self._given.owner,
                lambda: self._portions.take(self._given.owner, self._campaign.number, NOW, lease_s=self._given.lease),
                lease_s=self._given.lease,
                dot_s=self._given.lease / 10,
            )
            with contextlib.suppress(FencedError, LockedError):
                self._hand_over(PortionHandover(self._store, self._campaign, self._version, RELAY, leases))
            leases.free()
            time.sleep(self._given.lease / 20)

    def _hand_over(self, handover: PortionHandover) -> None:
        finished: list[tuple[int, Outcome]] = []
        while claimed := handover.claim(self._given.at_once, NOW):
            _, begun = handover.record(finished, [Leaving(one.id, "d" * 43, DATE) for one in claimed], NOW)
            sent = [one.id for one, may in zip(claimed, begun, strict=True) if may]
            for recipient in sent:
                os.write(self._taken, f"{recipient}\n".encode())
            time.sleep(self._given.pause)
            finished = [(recipient, _SENT) for recipient in sent]
        handover.record(finished, [], NOW)
        handover.release()

    def _is_any_open(self) -> bool:
        # who was given back, because a record took nearly as long as the lease, is in no portion
        self._portions.gather(self._campaign, NOW)
        with self._store.concurrent() as db:
            return db.execute(_OPEN).fetchone() is not None


def main() -> None:
    """Be an owner; the password of the database is read from the standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--schema", default="notify")
    parser.add_argument("--campaign", required=True)
    parser.add_argument("--owner", required=True)
    parser.add_argument("--taken", required=True)
    parser.add_argument("--at-once", type=int, default=32)
    parser.add_argument("--lease", type=float, default=30.0)
    parser.add_argument("--pause", type=float, default=0.0)
    given = parser.parse_args()
    password = sys.stdin.read()
    while True:
        # when the server is away it is asked again until it is there
        with contextlib.suppress(WriteError):
            with open_store(Database(given.url, given.schema, lambda: password)) as store:
                Owner(cast("PostgresStore", store), given).run()
            return
        time.sleep(0.1)


if __name__ == "__main__":
    main()
