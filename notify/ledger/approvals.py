"""Who has approved what is sent, sealed with the secret of the campaign; and the marks of the messages."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence

from notify.core.approval import Approval, Marks, mark
from notify.core.record import record
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.store import Store
from notify.ledger.versions import CampaignRecord


@record(frozen=True, slots=True)
class Approved:
    """The message of one recipient, by its mark. ``waits``: to be sent now; ``is_suppressed``: its address is."""

    mark: bytes
    address: str
    origin: str
    waits: bool
    is_suppressed: bool


class Approvals:
    """The approvals of one campaign."""

    def __init__(self, store: Store, campaign: CampaignRecord) -> None:
        self._store = store
        self._campaign = campaign

    def messages(self, only: Sequence[str] = ()) -> Iterator[Approved]:
        """Yield the messages of everybody in the contact files, sent or not, in the order of the files.

        :param only: identities; when given, nobody else waits.
        """
        values = {"campaign": self._campaign.number, "only": json.dumps(list(only)), "anybody": not only}
        for row in self._store.rows("to_approve", **values):
            own = {name: row[name] for name in ("address", "name", "language", "form", "salutation")}
            found = mark(row["identity"], own | {"fields": json.loads(row["fields"])})
            yield Approved(found, row["address"], row["origin"], bool(row["waits"]), bool(row["is_suppressed"]))

    def record(self, approval: Approval) -> None:
        """Write down an approval, durably."""
        values: dict[str, object] = {
            "time": as_text(approval.time),
            "name": approval.name,
            "account": approval.account,
            "is_alone": approval.is_alone,
            "parts": json.dumps(approval.parts, ensure_ascii=False, sort_keys=True),
            "recipients": approval.recipients,
        }
        octets = approval.marks.octets
        sealed = values | {"campaign": self._campaign.number, "marks": octets, "seal": self._seal(values, octets)}
        with self._store.transaction() as db:
            db.execute(QUERIES["approve"], sealed)

    def all(self) -> Iterator[Approval]:
        """Yield all of them, the first one first; what notify has not written for this campaign is none."""
        for row in self._store.rows("approvals", campaign=self._campaign.number):
            values = {name: row[name] for name in ("time", "name", "account", "parts", "recipients")}
            values["is_alone"] = bool(row["is_alone"])
            if hmac.compare_digest(row["seal"], self._seal(values, row["marks"])):
                yield Approval(
                    as_moment(row["time"]),
                    row["name"],
                    row["account"],
                    json.loads(row["parts"]),
                    row["recipients"],
                    Marks(row["marks"]),
                    is_alone=bool(row["is_alone"]),
                )

    def _seal(self, values: dict[str, object], marks: bytes) -> bytes:
        sealed = values | {"campaign": self._campaign.id, "marks": hashlib.sha256(marks).hexdigest()}
        text = json.dumps(sealed, ensure_ascii=False, sort_keys=True)
        return hmac.digest(self._campaign.secret, f"approval\0{text}".encode(), "sha256")
