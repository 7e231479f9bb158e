"""The copies of a run: which are asked for, which are missing, and which may leave.

A copy is a message of its own, to one address. It is made of a message that was sent: from the same fields, so with the
same text, and with a Message-ID of its own. What is missing is found in the ledger before and after each run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notify.config.send import PER_CAMPAIGN, PER_RECIPIENT, SendSettings
from notify.core.address import identity
from notify.core.codes import SAMPLE_CODES
from notify.core.message import Mailbox
from notify.core.pace import LONGEST_WAIT
from notify.core.record import record
from notify.core.status import WAITING, Status
from notify.delivery.events import Over, Reason
from notify.delivery.job import Job
from notify.ledger import CampaignRecord, Copies, SentMessage, Suppressions, Watch

#: So many are written into the ledger at once.
_PAGE = 500


@record(frozen=True, slots=True)
class Copying:
    """The copies of a run. ``job`` hands them over; they know no deadline, as what they copy was sent in time.

    ``recovered`` and ``doubts``: what an earlier run that died has left of them.
    """

    job: Job
    copies: Copies
    to: tuple[Mailbox, ...]
    per: str
    recovered: int = 0
    doubts: int = 0

    @classmethod
    def of(cls, job: Job, record: CampaignRecord, watch: Watch, asked: SendSettings, left: tuple[int, int]) -> Copying:
        """Return the copies of what a job hands over.

        :param record: has them in the ledger.
        :param left: how many went back to waiting, and how many are in doubt, as an earlier run has died.
        """
        copies = Copies(job.store, job.record, record, job.version)
        own = replace(job, record=record, watch=watch, campaign=replace(job.campaign, deadline=None))
        return cls(own, copies, asked.copy_to, asked.copy_per, *left)

    def bring_up_to_date(self, now: dt.datetime, only: Sequence[str] = ()) -> int:
        """Let those wait that are missing, and choose who may leave; return how many were withdrawn.

        Withdrawn is what is not asked for any more, and what cannot be made any more, as the text has changed.

        :param only: the identities of recipients; when given, only copies of their messages may leave.
        """
        withdrawn = self.copies.withdraw_unwanted(self.per, [identity(to.address) for to in self.to], now)
        for to in self.to:
            whose = identity(to.address)
            if not self.copies.is_refused(whose):
                for page in self._missing(whose):
                    self.copies.put(to, page)
        self.copies.set_suppressed_aside()
        self.choose(now, only)
        return withdrawn

    def choose(self, now: dt.datetime, only: Sequence[str]) -> None:
        """Choose of those that wait who may leave: the first for an address alone, until it was taken; then the others.

        Where the first was refused, they are withdrawn: hundreds of copies for an address that is dead look like spam.
        """
        for whose in (identity(to.address) for to in self.to):
            if self.copies.is_refused(whose):
                self.copies.withdraw_refused(whose, now)
            self.copies.choose(whose, only)

    def counts(self) -> dict[Status, int]:
        """Return how many copies have each status."""
        return self.job.reports().counts()

    def waiting(self) -> int:
        """Return how many wait, now or until they are due."""
        counts = self.counts()
        return sum(counts[status] for status in WAITING)

    def due(self, now: dt.datetime, *, stays: bool) -> int:
        """Return how many may leave now, or in the course of a run that stays."""
        reports = self.job.reports()
        return max(reports.waiting(now), reports.waiting(now + LONGEST_WAIT) if stays else 0)

    @property
    def are_few(self) -> bool:
        """Whether they are not of every message, so that they need not wait for all of them."""
        return self.per != PER_RECIPIENT

    def follow_the_first(self) -> bool:
        """Tell whether some are missing that the first message is enough for."""
        return self.per == PER_CAMPAIGN and self.expected(1) > self.waiting()

    def expected(self, messages: int) -> int:
        """Return how many leave once so many more messages were sent, at least: nobody knows the cohorts before."""
        waiting, without = self.waiting(), self.suppressed()
        to = [identity(one.address) for one in self.to if one not in without]
        if self.per == PER_RECIPIENT:
            return waiting + messages * len(to)
        missing = [whose for whose in to if self.per != PER_CAMPAIGN or not self.copies.is_made(self.per, whose)]
        return waiting + (len(missing) if messages else 0)

    def suppressed(self) -> tuple[Mailbox, ...]:
        """Return those who get none, as they are on the suppression list."""
        listed = Suppressions(self.job.store)
        return tuple(to for to in self.to if listed.find(identity(to.address)))

    def of_earlier_texts(self) -> int:
        """Return of how many messages a copy is asked for and can be made no more, as the text has changed since."""
        if self.per != PER_RECIPIENT:
            return 0
        return max((self.copies.of_earlier_texts(identity(to.address), of_all=self.per) for to in self.to), default=0)

    def _missing(self, whose: str) -> Iterator[list[tuple[str, SentMessage]]]:
        """Yield of which messages a copy to an address is missing, each with its mark; a page at a time."""
        if self.per == PER_CAMPAIGN:
            sent = None if self.copies.is_made(self.per, whose) else next(self.copies.to_copy(whose), None)
            yield [(self.per, sent)] if sent else []
        elif self.per == PER_RECIPIENT:
            for messages in _pages(self.copies.to_copy(whose, of_all=self.per)):
                yield [(f"{self.per}-{sent.number}", sent) for sent in messages]
        else:
            for messages in _pages(self.copies.to_copy(whose)):
                marked: dict[str, SentMessage] = {}
                for sent in messages:
                    marked.setdefault(self._cohort_of(sent), sent)
                yield [(mark, sent) for mark, sent in marked.items() if not self.copies.is_made(mark, whose)]

    def _cohort_of(self, sent: SentMessage) -> str:
        # whatever code each is given, it is a value
        fields = sent.fields | {"code": SAMPLE_CODES[sent.language]}
        shape = self.job.template.shape(sent.language, sent.salutation, fields, sent.origin, form=sent.form)
        return f"{self.per}-{sent.language}-{sent.form}-{shape}"


def may_follow(over: Over | None) -> bool:
    """Tell whether copies may follow what has ended so: not when the relay, or the user, wants nothing more."""
    return over is None or over.reason in {Reason.EXHAUSTED, Reason.LIMIT, Reason.DEADLINE}


def _pages(messages: Iterator[SentMessage]) -> Iterator[list[SentMessage]]:
    page: list[SentMessage] = []
    for message in messages:
        page.append(message)
        if len(page) == _PAGE:
            yield page
            page = []
    yield page
