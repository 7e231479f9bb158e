"""The campaign in the ledger, and what its messages were made of: the fingerprint and its parts."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping

from notify.core.record import record
from notify.ledger.glance import glance
from notify.ledger.place import Place
from notify.ledger.queries import QUERIES, as_moment, as_text
from notify.ledger.store import Store


@record(frozen=True, slots=True)
class CampaignRecord:
    """A campaign as the ledger knows it.

    ``secret`` keys its Message-IDs; ``rendered`` is the version that the latest enrolment rendered, if there was one.
    """

    number: int
    id: str
    secret: bytes
    rendered: int | None


@record(frozen=True, slots=True)
class Version:
    """What the messages were made of from some moment on. ``parts`` holds the text of each part by its name."""

    number: int
    parts: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """The SHA-256 over all parts, in hexadecimal."""
        return hashlib.sha256(_as_json(self.parts).encode()).hexdigest()


class Versions:
    """Registers campaigns and their versions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def register(self, campaign_id: str, now: dt.datetime) -> CampaignRecord:
        """Return the campaign's record, made with a fresh secret at the first call."""
        with self._store.transaction() as db:
            db.execute(
                QUERIES["register_campaign"],
                {"id": campaign_id, "secret": secrets.token_bytes(32), "created": as_text(now)},
            )
        found = self.find(campaign_id)
        assert found is not None  # noqa: S101  # it was written in the lines above
        return found

    def find(self, campaign_id: str) -> CampaignRecord | None:
        """Return the campaign's record, or None when nothing was enrolled yet."""
        row = self._store.row("campaign", id=campaign_id)
        return None if row is None else CampaignRecord(row["number"], row["id"], row["secret"], row["rendered"])

    def campaigns(self) -> list[CampaignRecord]:
        """Return every record in this ledger, those of copies too."""
        rows = self._store.rows("campaigns")
        return [CampaignRecord(row["number"], row["id"], row["secret"], row["rendered"]) for row in rows]

    def latest(self, campaign: CampaignRecord) -> Version | None:
        """Return the version that is in force."""
        row = self._store.row("latest_version", campaign=campaign.number)
        return None if row is None else Version(row["number"], json.loads(row["parts"]))

    def others(self, campaign: CampaignRecord) -> Iterator[tuple[CampaignRecord, Version]]:
        """Yield every version of every other campaign in this ledger."""
        for row in self._store.rows("other_versions", campaign=campaign.number):
            other = CampaignRecord(row["campaign"], row["id"], row["secret"], row["rendered"])
            yield other, Version(row["number"], json.loads(row["parts"]))

    def all(self) -> Iterator[tuple[CampaignRecord, Version]]:
        """Yield every version of every campaign in this ledger."""
        for row in self._store.rows("all_versions"):
            record = CampaignRecord(row["campaign"], row["id"], row["secret"], row["rendered"])
            yield record, Version(row["number"], json.loads(row["parts"]))

    def sent(self, campaign: CampaignRecord, version: Version) -> tuple[dt.datetime, dt.datetime] | None:
        """Return when a version was sent first and last, or may have been; None: it never was."""
        row = self._store.row("version_sent", campaign=campaign.number, version=version.number)
        return (as_moment(row["first"]), as_moment(row["last"])) if row and row["first"] else None

    def anybody_reached(self, campaign: CampaignRecord) -> bool:
        """Tell whether a final dot ever left for anybody in this campaign."""
        return self._store.row("anybody_reached", campaign=campaign.number) is not None

    def record(self, campaign: CampaignRecord, parts: Mapping[str, str], now: dt.datetime) -> Version:
        """Write a new version and put it in force."""
        latest = self.latest(campaign)
        version = Version(1 if latest is None else latest.number + 1, parts)
        with self._store.transaction() as db:
            db.execute(
                QUERIES["record_version"],
                {
                    "campaign": campaign.number,
                    "number": version.number,
                    "recorded": as_text(now),
                    "fingerprint": version.fingerprint,
                    "parts": _as_json(parts),
                },
            )
        return version


def day_written(place: Place, campaign_id: str) -> dt.date | None:
    """Return on which day the messages were written that have reached somebody; None when it is not known.

    The ledger is left as it is, as :func:`glance` tells.
    """
    row = glance(place, "day_written", id=campaign_id)
    with contextlib.suppress(TypeError, ValueError):
        return dt.date.fromisoformat(row["day"]) if row else None
    return None


def _as_json(parts: Mapping[str, str]) -> str:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)
