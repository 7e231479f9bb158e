"""A campaign in a ledger, with short words for what runs do to it. Everybody is invented."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from notify.core.address import identity
from notify.core.message import message_id
from notify.core.outcome import Action, Loss, Outcome, Phase, Reply, Scope
from notify.core.status import Status
from notify.ledger import (
    Claimed,
    Enrolled,
    Enrolment,
    Given,
    Handover,
    Handovers,
    Intake,
    Journal,
    Leaving,
    Place,
    RelayHistory,
    Reports,
    Resolution,
    RollbackCheck,
    Sharing,
    Store,
    Transitions,
    Versions,
    Word,
    open_store,
)
from tests import ledgers

NOW = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
DATE = dt.datetime(2026, 12, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
RELAY = "relay.example:465"

_ANSWERS: dict[Status, Reply | Loss] = {
    Status.SENT: Reply(250, ("2.0.0 Ok: queued",)),
    Status.DEFERRED: Reply(451, ("4.7.1 Greylisted",)),
    Status.FAILED: Reply(550, ("5.1.1 User unknown",)),
    Status.IN_DOUBT: Loss("the connection was lost"),
    Status.PENDING: Reply(421, ("4.3.2 Service not available",)),
}


def outcome(status: Status, phase: Phase = Phase.DOT) -> Outcome:
    """Return an outcome as a relay's answer comes to it."""
    return Outcome(status, Scope.RECIPIENT, Action.GO_ON, phase, _ANSWERS[status], "Words.")


def given(row: str, origin: str = "people.csv:2") -> Given:
    """Return the recipient written as ``KEY ADDRESS NAME…``; a key ``-`` is the address."""
    key, address, *name = row.split()
    who = identity(address)
    fields = json.dumps({"contact": {"last_name": " ".join(name)}}, ensure_ascii=False)
    return Given(who if key == "-" else key, who, address, " ".join(name), "de", "Guten Tag,", origin, fields)


def begin(run: Handovers, recipient: int, digest: str, date: dt.datetime) -> bool:
    """Cross the line for one message alone; return whether its dot may leave."""
    _, (may_leave,) = run.record([], [Leaving(recipient, digest, date)], NOW)
    return may_leave


def settle(run: Handovers, recipient: int, came_of_it: Outcome, now: dt.datetime) -> Status:
    """Settle one try alone; return the recipient's new status."""
    (status,), _ = run.record([(recipient, came_of_it)], [], now)
    return status


class Mailing:
    """One campaign. ``seen`` is what became of each row of the latest enrolment."""

    def __init__(
        self,
        store: Store,
        campaign_id: str = "neue-adresse",
        sender: str = "alt.example",
        *,
        look: Callable[[str], list[dict[str, Any]]] | None = None,
    ) -> None:
        """Begin a campaign.

        :param look: answers a query through a connection of its own; by default in the file of SQLite.
        """
        self.store = store
        self._sender = sender
        self._look = look or (lambda query: read(self.path, query))
        self._versions = Versions(store)
        self.record = self._versions.register(campaign_id, NOW)
        self.version = self._versions.record(self.record, {"message.de.md": "Hallo"}, NOW)
        self.reports = Reports(store, self.record)
        self.resolution = Resolution(store, self.record)
        self.transitions = Transitions(store, self.record)
        self.withdrawn = self.left_out = self.replaced = 0
        self.others: list[str] = []
        self._runs: dict[tuple[str, str], Handovers] = {}
        #: Whether enrolments give call-back codes.
        self.with_codes = False

    @property
    def path(self) -> Path:
        """The file of the ledger, in SQLite."""
        assert isinstance(self.store.place, Path)
        return self.store.place

    def another(self, campaign_id: str) -> Mailing:
        """Return another campaign in the same ledger."""
        return Mailing(self.store, campaign_id, self._sender, look=self._look)

    def enrol(self, *rows: str) -> list[Enrolled]:
        """Enrol the rows of a file, written as for :func:`given`; return what became of each."""
        return self.give(*(given(row, f"people.csv:{line}") for line, row in enumerate(rows, start=2)))

    def give(self, *recipients: Given) -> list[Enrolled]:
        """Enrol recipients, after all of them were sorted; return what became of each."""
        became = []
        began = Enrolment.of(self.store, self.record, NOW, self.version.number, with_codes=self.with_codes)
        with began as enrolment, Intake() as intake:
            for recipient in recipients:
                intake.add(recipient)
            intake.sort(Sharing(neutral=False), self.reports.known())
            self.others = []
            for found in intake.rows():
                mark = f"{enrolment.round}\0{found.given.key}"
                named = message_id(self.record.secret, self.record.id, mark, self._sender)
                became.append(enrolment.take(found, named).became)
                self.others.append(found.other_origin)
        self.withdrawn, self.left_out = enrolment.withdrawn, enrolment.newly_left_out
        self.replaced = enrolment.replaced
        return became

    def run(
        self,
        name: str = "run 1",
        relay: str = RELAY,
        *,
        journal: Journal | None = None,
        rollback: RollbackCheck | None = None,
    ) -> Handovers:
        """Return the dealings of a run, by its name and relay; one that is watched is made anew."""

        def made() -> Handovers:
            return Handover(self.store, self.record, self.version, relay, name, journal=journal, rollback=rollback)

        if journal or rollback:
            return made()
        if (name, relay) not in self._runs:
            self._runs[name, relay] = made()
        return self._runs[name, relay]

    def history(self, relay: str = RELAY) -> RelayHistory:
        """Return what a relay has done before."""
        return RelayHistory(self.store, self.record, relay)

    def claim(self, address: str, now: dt.datetime = NOW, run: str = "run 1") -> Claimed:
        """Claim one recipient."""
        (claimed,) = self.run(run).claim(1, now, [identity(address)])
        return claimed

    def bring(
        self,
        address: str,
        status: Status,
        *,
        phase: Phase = Phase.DOT,
        now: dt.datetime = NOW,
        digest: str = "d1",
        date: dt.datetime = DATE,
    ) -> Status:
        """Take one waiting recipient to ``status`` as a run does, and return it; a dot leaves in its own phase only."""
        claimed = self.claim(address, now)
        if status is Status.CLAIMED:
            return status
        if phase is Phase.DOT:
            assert begin(self.run(), claimed.id, digest, date)
        if status is Status.IN_FLIGHT:
            return status
        return settle(self.run(), claimed.id, outcome(status, phase), now)

    def resolve(self, address: str, word: Word, now: dt.datetime = NOW) -> Status | None:
        """Give the user's word about an address."""
        return self.resolution.settle(identity(address), word, now)

    def row(self, address: str) -> dict[str, Any]:
        """Return the recipient that has this address now, as it stands in the file."""
        (row,) = [row for row in self.rows() if row["identity"] == identity(address)]
        return row

    def rows(self) -> list[dict[str, Any]]:
        """Return all recipients of the campaign, as they stand in the file."""
        rows = self._look("SELECT * FROM recipient ORDER BY id")
        return [row for row in rows if row["campaign"] == self.record.number]

    def attempts(self) -> list[dict[str, Any]]:
        """Return every attempt of the ledger, as it stands in the file."""
        return self._look("SELECT * FROM attempt ORDER BY id")

    def statuses(self) -> dict[str, str]:
        """Return the status by address."""
        return {row["address"]: row["status"] for row in self.rows()}


def read(place: Place, query: str, *values: object) -> list[dict[str, Any]]:
    """Ask a ledger through a connection of its own: what is found there is committed."""
    if not isinstance(place, Path):
        return ledgers.rows_in(place, query, *values)
    with contextlib.closing(sqlite3.connect(place)) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(query, values)]


def change(place: Place, statement: str, *values: object) -> int:
    """Change something in a ledger behind the program's back; return in how many rows."""
    if not isinstance(place, Path):
        return ledgers.change_in(place, statement, *values)
    with contextlib.closing(sqlite3.connect(place)) as db, db:
        return db.execute(statement, values).rowcount


@contextlib.contextmanager
def mailing(folder: Path) -> Iterator[Mailing]:
    """Open a ledger in ``folder``, made when it is missing, with a campaign in it."""
    with open_store(folder / "ledger.db", create=True) as store:
        yield Mailing(store)
