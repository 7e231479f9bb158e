"""Copies of messages: each is a message of its own, and stands in the ledger like every other one.

They are the recipients of a second record of the campaign, so that nobody counts twice in the first. What is missing is
found by comparing the two: a run that was killed between a message and its copy needs no care.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from notify.core.address import identity
from notify.core.form import Form
from notify.core.message import Mailbox, message_id
from notify.core.record import record
from notify.core.status import Status
from notify.ledger.queries import QUERIES, as_text, read_queries
from notify.ledger.resolution import Word, append_word
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord, Version, Versions

if TYPE_CHECKING:
    from notify.ledger.connection import Row

_QUERIES = read_queries("copies.sql")

#: How the record of copies is called behind the id of the campaign. No id that anybody writes ends so: there are no
#: control characters in one.
COPIES = "\tcopies"


@record(frozen=True, slots=True)
class SentMessage:
    """A message that was sent and can be copied: what it was made from, and its ``number`` in the ledger."""

    number: int
    key: str
    address: str
    language: str
    form: Form
    salutation: str
    origin: str
    fields: dict[str, Any] = field(repr=False)
    message_id: str = ""


def find_copies(store: Store, campaign: CampaignRecord) -> CampaignRecord | None:
    """Return the record that has the copies of a campaign; None where there were never any."""
    return Versions(store).find(campaign.id + COPIES)


class Copies:
    """The copies of one campaign, made as it is now."""

    def __init__(self, store: Store, campaign: CampaignRecord, copies: CampaignRecord, version: Version) -> None:
        self._store = store
        self._record = copies
        self._values = {"campaign": campaign.number, "copies": copies.number, "version": version.number}

    @classmethod
    def register(cls, store: Store, campaign: CampaignRecord, now: dt.datetime) -> CampaignRecord:
        """Return the record that has the copies of a campaign, made at the first call."""
        return Versions(store).register(campaign.id + COPIES, now)

    @staticmethod
    def settle(store: Store, copies: CampaignRecord, to: str, word: Word, now: dt.datetime) -> list[tuple[str, Status]]:
        """Record the user's word about the copies that are in doubt.

        :param to: the address of one or more, or the Message-ID of one, without its brackets; empty: all.

        To send again concerns those, too, that were named and refused for good. Returns the address of each, and the
        status before.
        """
        statuses = [Status.IN_DOUBT] + [Status.FAILED] * (word is Word.AGAIN and bool(to))
        values = {"copies": copies.number, "to": to, "statuses": json.dumps(statuses)}
        with store.transaction() as db:
            found = [
                (row["address"], row["id"], Status(row["status"])) for row in db.execute(_QUERIES["to_settle"], values)
            ]
            for _, number, before in found:
                append_word(db, number, before, word, now)
        return [(address, before) for address, _, before in found]

    def withdraw_unwanted(self, per: str, to: Iterable[str], now: dt.datetime) -> int:
        """Withdraw what waits and is not asked for any more, or has another text than the campaign now.

        :param per: of what copies are asked for: the first word of their marks.
        :param to: the identities of their addresses.
        """
        values = self._values | {"per": per, "to": json.dumps(list(to)), "now": as_text(now)}
        with self._store.transaction() as db:
            db.execute(_QUERIES["note_unwanted"], values)
            return db.execute(_QUERIES["withdraw_unwanted"], values).rowcount

    def is_refused(self, to: str) -> bool:
        """Tell whether an address has refused a copy for good, and has never taken one."""
        return self._first("is_refused", self._values | {"to": to}) is not None

    def withdraw_refused(self, to: str, now: dt.datetime) -> None:
        """Withdraw all that wait for an address, as it has refused another one."""
        values = self._values | {"to": to, "now": as_text(now)}
        with self._store.transaction() as db:
            db.execute(_QUERIES["note_refused"], values)
            db.execute(_QUERIES["withdraw_refused"], values)

    def is_made(self, mark: str, to: str) -> bool:
        """Tell whether there is a copy with this mark at an address."""
        values = {"copies": self._record.number, "identity": f"{mark} {to}"}
        return self._first("is_made", values) is not None

    def to_copy(self, to: str, *, of_all: str = "") -> Iterator[SentMessage]:
        """Yield the messages that were sent as the campaign is now, but for one to that address itself.

        :param of_all: how the marks of copies begin that are made of every message: those that there are, are left out.
        """
        values = self._values | {"to": to, "per": of_all, "of_all": bool(of_all)}
        for row in self._store.rows_of(_QUERIES["to_copy"], values):
            yield _sent(row)

    def of_earlier_texts(self, to: str, *, of_all: str) -> int:
        """Return of how many messages there is no copy and can be none: they had another text."""
        row = self._first("of_earlier_texts", self._values | {"to": to, "per": of_all})
        return int(row["count"]) if row else 0

    def put(self, to: Mailbox, marked: Iterable[tuple[str, SentMessage]]) -> None:
        """Let copies wait, each of a message, by its mark; one that is there already stays as it is."""
        with self._store.transaction() as db:
            db.executemany(_QUERIES["put"], (self._row(to, mark, sent) for mark, sent in marked))

    def set_suppressed_aside(self) -> None:
        """Set those aside whose address is on the suppression list; let those wait whose address is not any more."""
        values = {"campaign": self._record.number, "round": 0}
        with self._store.transaction() as db:
            db.execute(QUERIES["lift_suppressed"], values)
            db.execute(QUERIES["set_suppressed_aside"], values)

    def choose(self, to: str, only: Sequence[str] = ()) -> None:
        """Choose which of those that wait for an address may leave: one, until it has taken one; then all.

        :param only: the identities of recipients; when given, only copies of their messages.
        """
        values = self._values | {"to": to, "anybody": not only, "only": json.dumps(list(only))}
        with self._store.transaction() as db:
            db.execute(_QUERIES["choose"], values)

    def _first(self, query: str, values: dict[str, Any]) -> Row | None:
        return next(self._store.rows_of(_QUERIES[query], values), None)

    def _row(self, to: Mailbox, mark: str, sent: SentMessage) -> dict[str, object]:
        # as another text it is another message
        whose = f"{mark} {identity(to.address)}"
        key = f"{self._values['version']}\0{whose}"
        domain = sent.message_id.rpartition("@")[2].rstrip(">")
        copy_of = {"to": sent.address, "identity": identity(sent.address), "message_id": sent.message_id}
        return self._values | {
            "key": sent.key,
            "identity": whose,
            "address": to.address,
            "name": to.name,
            "language": sent.language,
            "form": sent.form,
            "salutation": sent.salutation,
            "origin": sent.origin,
            "fields": json.dumps(sent.fields | {"copy_of": copy_of}, ensure_ascii=False),
            "message_id": message_id(self._record.secret, self._record.id, key, domain),
        }


def copies_went_to(store: Store, campaign_id: str, code: str) -> list[str]:
    """Return the addresses to which copies of the message with a call-back code have gone, or may have."""
    rows = store.rows_of(_QUERIES["went_to"], {"campaign": campaign_id, "code": code})
    return [row["address"] for row in rows]


def _sent(row: Row) -> SentMessage:
    code = {"code": row["code"]} if row["code"] else {}
    return SentMessage(
        number=row["id"],
        key=row["key"],
        address=row["address"],
        language=row["language"],
        form=Form(row["form"]),
        salutation=row["salutation"],
        origin=row["origin"],
        fields=json.loads(row["fields"]) | code,
        message_id=row["message_id"],
    )
