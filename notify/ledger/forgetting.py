"""Forgets people: what the ledger knows of them goes, and nobody writes to them again.

Both at once needs something that stays: a digest of the address on the suppression list, salted, so that nothing can
be read from it and a row of the contact files can still be held against it. Where they were recipients, that digest
stands in their place, with what was tried: when, by which relay, and what came of it. So what is counted stays true,
a relay's rate is kept, and the journals find all that they know.
"""

from __future__ import annotations

import datetime as dt
import hmac
import os
from collections.abc import Iterable, Iterator, Sequence

from notify.core.address import identity as identity_of
from notify.core.record import record
from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger.connection import Connection, Row
from notify.ledger.queries import QUERIES, as_text, read_queries
from notify.ledger.store import Store

_QUERIES = read_queries("forgetting.sql")

#: The id of the second record of a campaign ends so.
_COPIES = "%\tcopies"
_MARK = "forgotten:"
_SALT_OCTETS, _DIGITS = 8, 32


@record(frozen=True, slots=True)
class Remembered:
    """One thing that the ledger knows of a person: that they are a recipient of a campaign, or that there is a copy."""

    id: int
    campaign: str
    identity: str
    address: str
    status: Status
    is_copy: bool


class Forgotten:
    """Those who were forgotten, as far as it can be told whether somebody is one of them."""

    def __init__(self, marks: Iterable[str]) -> None:
        """Take what stands on the suppression list of them."""
        self._marks = frozenset(marks)
        self._salts = sorted({mark.rpartition(":")[0].removeprefix(_MARK) for mark in self._marks})

    def __bool__(self) -> bool:
        return bool(self._marks)

    def mark_of(self, identity: str) -> str:
        """Return what stands on the list for an address; empty when it was not forgotten."""
        marks = (_marked(salt, identity) for salt in self._salts)
        return next((mark for mark in marks if mark in self._marks), "")

    def new_mark(self, identity: str) -> str:
        """Return what is put on the list for an address: with the salt that there is, so that one look is enough."""
        salt = self._salts[0] if self._salts else os.urandom(_SALT_OCTETS).hex()
        self._salts = [salt, *self._salts[1:]]
        return _marked(salt, identity)


def is_mark(identity: str) -> bool:
    """Tell whether an entry of the suppression list stands for somebody who was forgotten."""
    return identity.startswith(_MARK)


def forgotten_in(store: Store) -> Forgotten:
    """Return those who were forgotten in a ledger."""
    return Forgotten(row["identity"] for row in store.rows_of(_QUERIES["forgotten"], {}))


def forgotten_by(db: Connection) -> Forgotten:
    """Return the same inside a transaction."""
    return Forgotten(row["identity"] for row in db.execute(_QUERIES["forgotten"]).fetchall())


class Forgetting:
    """Forgets people in a ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def about(self, identities: Sequence[str]) -> list[Remembered]:
        """Return what the ledger knows of people, by their addresses."""
        found = {}
        for identity in identities:
            for row in self._store.rows_of(_QUERIES["about"], {"identity": identity, "copies": _COPIES}):
                found[row["id"]] = _remembered(row)
        return [found[number] for number in sorted(found)]

    def forget(self, identities: Sequence[str], now: dt.datetime) -> list[Remembered]:
        """Forget people, by all addresses that they were written to at; return what was known of them.

        :raises BusyError: a message to one of them is being handed over; nothing is changed.
        """
        with self._store.erasing() as db:
            everybody, known = dict.fromkeys(identities), dict[int, Remembered]()
            for identity in identities:
                for row in db.execute(_QUERIES["about"], {"identity": identity, "copies": _COPIES}).fetchall():
                    known[row["id"]] = _remembered(row)
            marks = forgotten_by(db)
            for one in known.values():
                if not one.is_copy:
                    everybody |= dict.fromkeys([one.identity, *map(identity_of, _addresses(db, one))])
            for one in known.values():
                _erase(db, one, everybody, marks)
            for identity in everybody:
                self._put_on_list(db, identity, marks, now)
            db.execute(_QUERIES["erase_enrolments"])
        return [known[number] for number in sorted(known)]

    def _put_on_list(self, db: Connection, identity: str, marks: Forgotten, now: dt.datetime) -> None:
        for statement in ("erase_rejections", "erase_probes"):
            db.execute(_QUERIES[statement], {"identity": identity})
        db.execute(QUERIES["unsuppress"], {"identity": identity})
        mark = marks.mark_of(identity) or marks.new_mark(identity)
        db.execute(QUERIES["suppress"], {"identity": mark, "reason": "forgotten", "now": as_text(now)})


def _addresses(db: Connection, one: Remembered) -> Iterator[str]:
    """Yield the addresses at which somebody was written to, and those that are known to be theirs too."""
    for row in db.execute(_QUERIES["attempts"], {"id": one.id}).fetchall():
        if row["address"]:
            yield row["address"]


def _erase(db: Connection, one: Remembered, everybody: Iterable[str], marks: Forgotten) -> None:
    """Leave nothing of a recipient, or of a copy, but what was tried."""
    for statement in ("withdraw", "take_as_sent"):
        db.execute(_QUERIES[statement], {"id": one.id})
    mark, _, address = one.identity.rpartition(" ")
    is_theirs = address in everybody
    values = {
        "id": one.id,
        # a copy for somebody else goes on being one for them
        "identity": f"{mark} {marks.new_mark(address)}:{one.id}".lstrip() if is_theirs else one.identity,
        "address": "" if is_theirs else one.address,
    }
    if db.execute(_QUERIES["erase"], values).rowcount != 1:
        raise BusyError(
            f"A message to {one.address} is being handed over.", hint="Run it again when that is done: in a moment."
        )
    attempts = db.execute(_QUERIES["attempts"], {"id": one.id}).fetchall()
    for statement in ("erase_calls", "erase_code", "erase_attempts"):
        db.execute(_QUERIES[statement], {"id": one.id})
    for row in attempts:
        db.execute(_QUERIES["put_back"], {**_kept(row), "recipient": one.id})


def _kept(row: Row) -> dict[str, object]:
    """Return what is kept of an attempt: of its words only our own, and those only if no address is in them."""
    kept = {name: row[name] for name in ("id", "time", "relay", "phase", "status", "scope", "message_id")}
    is_harmless = not row["phase"] and "@" not in row["reply"]
    return {**kept, "reply": row["reply"] if is_harmless else ""}


def _remembered(row: Row) -> Remembered:
    return Remembered(
        row["id"], row["campaign"], row["identity"], row["address"], Status(row["status"]), bool(row["is_copy"])
    )


def _marked(salt: str, identity: str) -> str:
    digest = hmac.digest(bytes.fromhex(salt), identity.encode(), "sha256").hex()
    return f"{_MARK}{salt}:{digest[:_DIGITS]}"
