"""The bundles of campaigns, and the octets that they name, each there once by its digest.

Only the run that enrols writes here; whoever hands over reads, one file at a time, and looks whether it is what it is
called.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from notify.core.bundle import Bundle, BundledFile, as_json, read_bundle
from notify.core.late_pattern import late_pattern
from notify.errors import BusyError, WriteError
from notify.ledger.copies import COPIES, find_copies
from notify.ledger.postgres.connection import Session
from notify.ledger.postgres.dialect import own_queries
from notify.ledger.postgres.store import PostgresStore
from notify.ledger.queries import as_text
from notify.ledger.versions import CampaignRecord

if TYPE_CHECKING:
    from notify.ledger.connection import Row

_QUERIES = own_queries("bundles.sql")
_DIGEST = late_pattern("[0-9a-f]{64}")
#: So many files are written at once, or so many octets.
_AT_ONCE, _MOST_OCTETS = 200, 8_000_000


class Bundles:
    """The bundles of a ledger."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    def keep(self, campaign: CampaignRecord, bundle: Bundle, octets: Mapping[str, bytes], now: dt.datetime) -> bool:
        """Keep what a campaign's messages are made from; tell whether it is another bundle than before.

        What other campaigns have needed in which nobody waits any more, is forgotten.

        :param octets: by their digests, in hexadecimal.
        """
        if self.fingerprint(campaign) == bundle.fingerprint:
            return False
        self._keep_files(campaign, ((BundledFile("", "", one), octets[one]) for one in sorted(bundle.digests)))
        kept = {
            "campaign": campaign.number,
            "version": bundle.version,
            "program": bundle.program,
            "fingerprint": bundle.fingerprint,
            "contents": as_json(bundle),
            "recorded": as_text(now),
        }
        with self._store.transaction() as db:
            db.execute(_QUERIES["keep_bundle"], kept)
            needed = [bytes.fromhex(digest) for digest in bundle.digests]
            if db.execute(_QUERIES["forget_needs"], {"campaign": campaign.number, "digests": needed}).rowcount:
                db.execute(_QUERIES["forget_octets"])
        self.forget_all_over(campaign)
        return True

    def keep_own(
        self,
        campaign: CampaignRecord,
        files: Callable[[Iterable[tuple[str, str]]], Iterable[tuple[BundledFile, bytes]]],
    ) -> None:
        """Keep the files of single recipients who wait, one after the other.

        :param files: returns them, given how rows name them and the digests that they had.
        """
        copies = find_copies(self._store, campaign)
        values = {"campaign": campaign.number, "copies": copies.number if copies else campaign.number}
        lacking = self._store.rows_of(_QUERIES["own_files_lacking"], values)
        self._keep_files(campaign, files((row["name"], row["digest"]) for row in lacking))

    def fingerprint(self, campaign: CampaignRecord) -> str:
        """Return that of a campaign's bundle; empty where it has none."""
        row = self._store.ask(_QUERIES["fingerprint"], campaign=campaign.number)
        return str(row["fingerprint"]) if row else ""

    def find(self, campaign: CampaignRecord) -> Bundle | None:
        """Return the bundle of a campaign; None where it has none.

        :raises VersionError: another notify has packed it.
        :raises WriteError: it is damaged.
        """
        row = self._store.ask(_QUERIES["contents"], campaign=campaign.number)
        if row is None:
            return None
        bundle = read_bundle(row["contents"])
        if (bundle.fingerprint, bundle.campaign) != (row["fingerprint"], campaign.id):
            raise _damaged()
        return bundle

    def octets(self, digest: str) -> bytes:
        """Return the octets of a digest.

        :raises BusyError: they are not there any more: the campaign was placed anew meanwhile, or is over.
        :raises WriteError: they are damaged.
        """
        found = self._one("octets", digest)
        if found is None:
            raise BusyError("What the campaign is made of has just changed.", hint="Look again in a moment.")
        return _as_called(found["octets"], digest)

    def own_file(self, campaign: CampaignRecord) -> Callable[[str, str], tuple[str, bytes] | None]:
        """Return what brings a file of a single recipient: as which file it arrives, and its octets.

        It is given how the row names it, and its digest; and returns None where there is no such file.
        """

        def brought(name: str, digest: str) -> tuple[str, bytes] | None:
            found = self._one("own_file", digest, campaign=campaign.number, name=name)
            return (found["filename"], _as_called(found["octets"], digest)) if found else None

        return brought

    def forget(self, campaign: CampaignRecord) -> None:
        """Forget the bundle of a campaign and whatever only it needs."""
        with self._store.transaction() as db:
            _forget(db, campaign.number)
            db.execute(_QUERIES["forget_octets"])

    def forget_all_over(self, but: CampaignRecord | None = None) -> int:
        """Forget the bundles of all campaigns in which nobody waits any more; return how many.

        :param but: this one is kept, though nobody waits in it yet.
        """
        with self._store.transaction() as db:
            found = db.execute(_QUERIES["over"], {"copies": COPIES}).fetchall()
            over = [row["campaign"] for row in found if but is None or row["campaign"] != but.number]
            for number in over:
                _forget(db, number)
            if over:
                db.execute(_QUERIES["forget_octets"])
        return len(over)

    def _keep_files(self, campaign: CampaignRecord, files: Iterable[tuple[BundledFile, bytes]]) -> None:
        """Keep files with who needs them; a few at a time, and never octets without anybody who needs them."""
        for some in _some(files):
            digests = {bytes.fromhex(file.digest): octets for file, octets in some}
            with self._store.transaction() as db:
                lacking = db.execute(_QUERIES["lacking"], {"digests": [*digests]}).fetchall()
                new = [{"digest": row["digest"], "octets": digests[row["digest"]]} for row in lacking]
                db.executemany(_QUERIES["keep_blob"], new)
                needs = [
                    {
                        "campaign": campaign.number,
                        "digest": bytes.fromhex(file.digest),
                        "name": file.name,
                        "filename": file.filename,
                    }
                    for file, _ in some
                ]
                db.executemany(_QUERIES["keep_need"], needs)

    def _one(self, query: str, digest: str, **values: object) -> Row | None:
        if not _DIGEST.fullmatch(digest):
            return None
        return self._store.bring(_QUERIES[query], digest=bytes.fromhex(digest), **values)


def _some(files: Iterable[tuple[BundledFile, bytes]]) -> Iterator[list[tuple[BundledFile, bytes]]]:
    some: list[tuple[BundledFile, bytes]] = []
    size = 0
    for file, octets in files:
        some.append((file, octets))
        size += len(octets)
        if len(some) >= _AT_ONCE or size >= _MOST_OCTETS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _forget(db: Session, campaign: int) -> None:
    for query in ("forget_bundle", "forget_all_needs"):
        db.execute(_QUERIES[query], {"campaign": campaign})


def _as_called(octets: bytes, digest: str) -> bytes:
    if hashlib.sha256(octets).hexdigest() != digest:
        raise _damaged()
    return octets


def _damaged() -> WriteError:
    return WriteError(
        "What the ledger keeps for the machines that send is damaged.",
        hint="Place the campaign again from its folder:  notify send",
    )
