"""Looks at every row of the contact files as an enrolment would, without one: for reports and for the preview."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from notify.actions.tables import Judge
from notify.contacts import Table
from notify.core.address import identity
from notify.core.people import Recipient, Rejected
from notify.ledger import Enrolled, Enrolment, Given, Store, Suppressions, Versions


class Fate(StrEnum):
    """What becomes of a row."""

    ADMITTED = "admitted"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One row, what becomes of it and, unless it is admitted, why."""

    row: Recipient | Rejected
    fate: Fate
    reason: str = ""


def survey(tables: Iterable[Table], judge: Judge, ledger: Path) -> Iterator[Surveyed]:
    """Yield every row with its fate.

    Duplicates are found in a ledger of its own, which is thrown away: a million rows are never all in memory.

    :param ledger: the campaign's ledger, which need not be there; its suppression list is honoured.
    """
    with (
        tempfile.TemporaryDirectory(prefix="notify-") as folder,
        Store(Path(folder) / "survey.db", create=True) as store,
    ):
        if ledger.exists():
            with Store(ledger) as real:
                Suppressions(store).adopt(Suppressions(real))
        suppressed = Suppressions(store)
        record = Versions(store).register("survey", dt.datetime.now(dt.UTC))
        with Enrolment.of(store, record) as enrolment:
            for table in tables:
                for row in table:
                    yield _fate(judge(row), enrolment, suppressed)


def _fate(row: Recipient | Rejected, enrolment: Enrolment, suppressed: Suppressions) -> Surveyed:
    if isinstance(row, Rejected):
        return Surveyed(row, Fate.REJECTED, row.reason)
    who = identity(row.address)
    verdict = enrolment.take(
        Given(row.key, who, row.address, row.name, row.language, row.salutation, str(row.origin), "{}", "")
    )
    if verdict.became is Enrolled.DUPLICATE:
        return Surveyed(row, Fate.DUPLICATE, f"the address stands in {verdict.other_origin} already")
    if verdict.became is Enrolled.KEY_TWICE:
        return Surveyed(row, Fate.REJECTED, f'the key "{row.key}" belongs to another address in {verdict.other_origin}')
    if (entry := suppressed.find(who)) is not None:
        return Surveyed(row, Fate.SUPPRESSED, entry.reason or "on the suppression list")
    return Surveyed(row, Fate.ADMITTED)
