"""Test messages to mailboxes of one's own, and what was seen of them. They belong to no campaign and no recipient."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from notify.core.address import identity
from notify.core.authentication import Authentication, Signature
from notify.core.probe import VALID_DAYS, Fate, Probe, SeenBy, Sighting
from notify.core.probe_code import MOST_WRONG, digest_of
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.store import Store

if TYPE_CHECKING:
    from notify.ledger.connection import Row


class Probes:
    """The test messages that a ledger knows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, probe: Probe, code: str) -> None:
        """Take note, durably, of a message that is about to be sent.

        :param code: the letters of the code in it; only a digest of it is kept.
        """
        values = {
            "time": as_text(probe.time),
            "address": probe.address,
            "identity": identity(probe.address),
            "sender": probe.sender,
            "relay": probe.relay,
            "message_id": probe.message_id,
            "code": digest_of(code, probe.message_id),
        }
        with self._store.transaction() as db:
            db.execute(QUERIES["record_probe"], values)

    def see(self, message_id: str, sighting: Sighting, now: dt.datetime) -> None:
        """Take note of what was seen of a message; what arrived is not taken back by a bounce that comes later."""
        values = {
            "message_id": message_id,
            "fate": str(sighting.fate),
            "seen": as_text(now),
            "seen_by": str(sighting.by),
            "told": _as_json(sighting),
        }
        with self._store.transaction() as db:
            db.execute(QUERIES["see_probe"], values)

    def forget(self, message_id: str) -> None:
        """Forget a message that has never left."""
        with self._store.transaction() as db:
            db.execute(QUERIES["forget_probe"], {"message_id": message_id})

    def with_code(self, code: str, now: dt.datetime) -> Probe | None:
        """Return the message with a code, among those that are waited for; a wrong one counts against all of these.

        :param code: its letters.
        """
        found = None
        with self._store.transaction() as db:
            for row in db.execute(QUERIES["open_probes"], _since(now)).fetchall():
                if hmac.compare_digest(row["code"], digest_of(code, row["message_id"])):
                    found = _probe(row)
            if found is None:
                db.execute(QUERIES["count_wrong_code"], _since(now))
        return found

    def waiting(self, now: dt.datetime) -> Iterator[Probe]:
        """Yield the messages that are waited for, the first one first."""
        for row in self._store.rows("open_probes", **_since(now)):
            yield _probe(row)

    def latest(self) -> Iterator[Probe]:
        """Yield for each mailbox the latest message of which something is known, and the latest that is waited for.

        And for each sender and relay the latest of which the receiving server has told something; the first one first.
        """
        for row in self._store.rows("latest_probes"):
            yield _probe(row)


def _since(now: dt.datetime) -> dict[str, object]:
    return {"since": as_text(now - dt.timedelta(days=VALID_DAYS)), "most_wrong": MOST_WRONG}


def _probe(row: Row) -> Probe:
    fate, sighting = Fate(row["fate"]), None
    if fate is not Fate.WAITING:
        sighting = _sighting(fate, SeenBy(row["seen_by"]), json.loads(row["told"]))
    seen = as_moment(row["seen"]) if row["seen"] else None
    time = as_moment(row["time"])
    return Probe(time, row["address"], row["sender"], row["relay"], row["message_id"], seen, sighting)


def _as_json(sighting: Sighting) -> str:
    told = {"in_spam": sighting.in_spam, "reason": sighting.reason}
    found = {"found": asdict(sighting.found)} if sighting.found else {}
    return json.dumps(told | found, ensure_ascii=False)


def _sighting(fate: Fate, by: SeenBy, told: Mapping[str, Any]) -> Sighting:
    found = told.get("found")
    if found:
        found = Authentication(**found | {"dkim": tuple(Signature(**one) for one in found["dkim"])})
    return Sighting(fate, by, in_spam=told.get("in_spam", False), found=found, reason=told.get("reason", ""))
