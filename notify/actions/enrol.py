"""Brings the contacts into the ledger and renders each of them once, before the first connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from notify.actions.prepare import Prepared, read
from notify.core.address import identity
from notify.core.message import message_id
from notify.core.people import Recipient, Rejected
from notify.ledger import CampaignRecord, Enrolled, Enrolment, Given, Store, Version

#: How many rows are kept in memory to be shown; all of them are counted.
SHOWN = 10

_RENDERED = (Enrolled.NEW, Enrolled.UPDATED, Enrolled.BACK)


@dataclass(slots=True)
class Enrolling:
    """What an enrolment has done so far: counted, with the first few rows of each kind that a person must look at."""

    rows: int = 0
    counts: dict[Enrolled, int] = field(default_factory=lambda: dict.fromkeys(Enrolled, 0))
    rejected: int = 0
    withdrawn: int = 0
    first_rejected: list[Rejected] = field(default_factory=list)
    first_moved: list[str] = field(default_factory=list)

    def reject(self, row: Rejected, enrolment: Enrolment) -> None:
        """Count a rejected row, and note it in the ledger."""
        enrolment.reject(str(row.origin), row.reason)
        self.rejected += 1
        if len(self.first_rejected) < SHOWN:
            self.first_rejected.append(row)


def enrol(prepared: Prepared, store: Store, record: CampaignRecord, version: Version) -> Iterator[Enrolling]:
    """Enrol everybody, a row a step. It is durable when it ends, and nothing is changed unless it ends.

    Who is new or has changed is rendered; everybody is when the version is newer than the latest enrolment.

    :raises InputError: the template cannot be rendered for one of them.
    """
    done = Enrolling()
    anew = record.rendered != version.number
    with Enrolment.of(store, record, version.number) as enrolment:
        yield done
        for row in read(prepared):
            done.rows += 1
            if isinstance(row, Rejected):
                done.reject(row, enrolment)
            else:
                _enrol(prepared, enrolment, record, row, done, anew=anew)
            yield done
    done.withdrawn = enrolment.withdrawn


def _enrol(
    prepared: Prepared,
    enrolment: Enrolment,
    record: CampaignRecord,
    row: Recipient,
    done: Enrolling,
    *,
    anew: bool,
) -> None:
    fields = prepared.template.named.of(row.fields, row.row)
    verdict = enrolment.take(
        Given(
            key=row.key,
            identity=identity(row.address),
            address=row.address,
            name=row.name,
            language=row.language,
            salutation=row.salutation,
            origin=str(row.origin),
            fields=json.dumps(fields, ensure_ascii=False),
            # keys wander: whoever is enrolled with one later, or is given a new message, must not get an old Message-ID
            message_id=message_id(
                record.secret, record.id, f"{enrolment.round}\0{row.key}", prepared.campaign.sender.domain
            ),
        )
    )
    done.counts[verdict.became] += 1
    if verdict.became is Enrolled.KEY_TWICE:
        reason = f'the key "{row.key}" belongs to another address in {verdict.other_origin}'
        done.reject(Rejected(row.origin, reason, row.row, row.address), enrolment)
    elif verdict.became is Enrolled.MOVED_AFTER_SENDING and len(done.first_moved) < SHOWN:
        done.first_moved.append(f"{row.origin}: {row.address}")
    if verdict.became in _RENDERED or (anew and verdict.became is Enrolled.KNOWN):
        prepared.template.render(row.language, row.salutation, fields, str(row.origin))
