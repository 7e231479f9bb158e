"""Call-back codes: given out at an enrolment, found again when somebody calls, and every call noted."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from notify.core.audience import AUDIENCES, audiences_in
from notify.core.codes import CodeLength, code_length, heard, make_code
from notify.core.record import record
from notify.core.status import Status
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row

#: So many are given out at once.
_AT_ONCE = 500

#: What was typed is kept up to here.
_LONGEST_SAID = 100

#: The message with the code has reached somebody, or may have.
_REACHED = frozenset({Status.SENT, Status.IN_DOUBT, Status.IN_FLIGHT})


@record(frozen=True, slots=True)
class GivenCode:
    """A code that was given out: to whom, in which campaign, and what became of the message with it.

    ``parts`` is what the message was made of, by name. ``sent`` is when it was handed over; None: never, or nobody
    knows. ``calls`` is how often the code was said before, ``last_call`` when that was. ``audiences`` are those of the
    recipient.
    """

    code: str
    campaign: str
    recipient: int
    key: str
    address: str
    name: str
    status: Status
    relay: str
    parts: Mapping[str, str]
    sent: dt.datetime | None
    may_be_read: bool
    calls: int
    last_call: dt.datetime | None
    audiences: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Call:
    """One call. Without ``address`` nobody was given the code that was said."""

    time: dt.datetime
    said: str
    is_verified: bool
    campaign: str
    key: str
    address: str
    name: str


class Codes:
    """The codes of all campaigns in a ledger, and the calls."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, said: str) -> GivenCode | None:
        """Return whose the code is that somebody has said; None: nobody was given it."""
        row = self._store.row("with_code", heard=heard(said))
        return None if row is None else _given(row)

    def of(self, campaign: CampaignRecord, identity: str) -> str:
        """Return the code of whoever has an address in a campaign; empty where none was given out."""
        row = self._store.row("code_of", campaign=campaign.number, identity=identity)
        return row["printed"] if row else ""

    def note_call(self, said: str, found: GivenCode | None, now: dt.datetime) -> None:
        """Take note of a call."""
        values = {
            "time": as_text(now),
            "said": said[:_LONGEST_SAID],
            "recipient": found.recipient if found else None,
            "is_sent": found is not None and found.may_be_read,
        }
        with self._store.transaction() as db:
            db.execute(QUERIES["note_call"], values)

    def calls(self) -> Iterator[Call]:
        """Yield all calls, the first one first."""
        for row in self._store.rows("calls"):
            who = (row["campaign"], row["key"], row["address"], row["name"])
            yield Call(as_moment(row["time"]), row["said"], bool(row["is_sent"]), *who)

    def verified(self, campaign: CampaignRecord) -> int:
        """Return how many recipients of a campaign have called and said their code."""
        return self._count("verified", campaign)

    def alarms(self, campaign: CampaignRecord) -> int:
        """Return how many calls since a campaign began have named a code that nobody can have been sent."""
        return self._count("alarms", campaign)

    def _count(self, query: str, campaign: CampaignRecord) -> int:
        row = self._store.row(query, campaign=campaign.number)
        return int(row["count"]) if row else 0


def give_codes(db: Connection, campaign: CampaignRecord) -> None:
    """Give a code to everybody in a campaign who has none. Whoever has one keeps it.

    All who get one at the same time get one of the same length.
    """
    values = {"campaign": campaign.number}
    (more,) = db.execute(QUERIES["how_many_without_code"], values).fetchone()
    if not more:
        return
    rows = db.execute(QUERIES["codes_given"])
    length = code_length({CodeLength(row["words"], row["digits"]): row["count"] for row in rows}, more)
    for draw in itertools.count():
        _draw(db, campaign, length, draw)
        # whoever was given one that somebody has already draws once more
        (more,) = db.execute(QUERIES["how_many_without_code"], values).fetchone()
        if not more:
            return


def _draw(db: Connection, campaign: CampaignRecord, length: CodeLength, draw: int) -> None:
    rows = iter(db.execute(QUERIES["without_code"], {"campaign": campaign.number}))
    while page := list(itertools.islice(rows, _AT_ONCE)):
        db.executemany(QUERIES["give_code"], [_code(campaign, row, length, draw) for row in page])


def _code(campaign: CampaignRecord, row: Row, length: CodeLength, draw: int) -> dict[str, object]:
    whose = f"{row['key']}\0{row['identity']}"
    code = make_code(campaign.secret, campaign.id, whose, length, row["language"], draw=draw)
    return {"recipient": row["id"], "printed": code, "words": length.words, "digits": length.digits}


def _given(row: Row) -> GivenCode:
    status = Status(row["status"])
    return GivenCode(
        code=row["printed"],
        campaign=row["campaign"],
        recipient=row["id"],
        key=row["key"],
        address=row["address"],
        name=row["name"],
        status=status,
        relay=row["relay"],
        parts=json.loads(row["parts"]) if row["parts"] else {},
        sent=as_moment(row["sent"]) if row["sent"] and status in _REACHED else None,
        may_be_read=status in _REACHED or bool(row["is_begun"]),
        calls=row["calls"],
        last_call=as_moment(row["last_call"]) if row["last_call"] else None,
        audiences=audiences_in(json.loads(row["fields"] or "{}").get(AUDIENCES)),
    )
