"""Begins a run: takes the ledger, sorts what an earlier run left, guards against changes, enrols everybody."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from notify.actions.change import version_in_force
from notify.actions.copies import Copying
from notify.actions.enrol_again import enrol_again
from notify.actions.enrolling import Enrolling
from notify.actions.folder_ledger import LEDGER_FILE
from notify.actions.ledgers import ledger_in_use, real_ledger
from notify.actions.mail_hosts import known_hosts
from notify.actions.policy import keep_apart
from notify.actions.prepare import Prepared
from notify.core.objection import Objection
from notify.core.record import record
from notify.delivery.job import Job, is_behind
from notify.delivery.routes import routes_of
from notify.ledger import (
    CampaignRecord,
    Copies,
    Place,
    Store,
    Suppressions,
    Transitions,
    Versions,
    Watch,
    check_disk,
    copy_ledger,
    dead_addresses,
    exists,
    find_copies,
    hold,
    open_store,
    state_folder,
    watched,
)


@record(frozen=True, slots=True)
class Run:
    """A run that holds its ledger: the job that it has, and the contact files that it is for.

    ``recovered`` and ``doubts``: what an earlier run that died has left. ``accept_change``: the user accepts
    whatever has changed since somebody was reached. ``accept_repeat``: that another campaign had the same words.
    ``dead`` are addresses that earlier campaigns know to be dead. ``accepted`` is what looks like fraud, and the user
    accepts it by name. ``is_rehearsal``: nothing is to be recorded or sent. ``copying``: the copies of what is sent,
    where any are, or were, asked for.
    """

    prepared: Prepared
    job: Job
    recovered: int
    doubts: int
    accept_change: bool
    accept_repeat: bool
    dead: tuple[tuple[str, Objection], ...] = ()
    accepted: tuple[str, ...] = ()
    is_rehearsal: bool = False
    copying: Copying | None = None

    @property
    def is_shared(self) -> bool:
        """Whether its ledger is one that several machines share: workers deliver, and it only places."""
        return not isinstance(self.job.store.place, Path)

    def enrol(self) -> Iterator[Enrolling]:
        """Enrol everybody, one row a step. Durable when it ends; nothing is enrolled unless it ends.

        :raises InputError: somebody's message cannot be rendered, or what is not accepted has changed.
        """
        job, accepted = self.job, {"accept_repeat": self.accept_repeat, "rehearsal": self.is_rehearsal}
        again = enrol_again(self.prepared, job.store, job.record, job.version, job.started, dead=self.dead, **accepted)
        for done in self._enrol_all(accepted) if again is None else (again,):
            yield done
        job.settle_deadline(job.started)
        done.doubted = job.transitions().set_doubted_aside(job.started)

    def _enrol_all(self, accepted: Mapping[str, bool]) -> Iterator[Enrolling]:
        # it reads contacts and templates, and a run from cron mostly has nothing to read
        from notify.actions.enrol import enrol

        job = self.job
        return enrol(
            self.prepared,
            job.store,
            job.record,
            job.version,
            job.started,
            dead=self.dead,
            accept_change=self.accept_change,
            **accepted,
        )


@contextmanager
def begun(
    prepared: Prepared,
    now: dt.datetime,
    *,
    accept_change: bool,
    rehearsal: bool,
    trust_ledger: bool = False,
    accept_repeat: bool = False,
    ledger: Place | None = None,
) -> Iterator[Run]:
    """Begin a run inside this ``with``.

    :param rehearsal: nothing is to be recorded; works on a copy of the ledger and needs no lock.
    :param trust_ledger: send although the ledger is not the latest; whoever is known to be reached is set aside.
    :param accept_repeat: send though people were sent the same words in another campaign.
    :param ledger: the one to work on, if it is not that which the campaign uses now.
    :raises BusyError: another run holds the ledger, or a copy of it.
    :raises ChangedError: the campaign was changed in its middle, and the change is not accepted.
    :raises InputError: a new IBAN would go out with a new way to be reached, or soon before or after.
    :raises ConfigError: no relay may send for the campaign's sender.
    :raises WriteError: the ledger cannot be written or trusted.
    """
    settings = prepared.settings
    path = ledger or ledger_in_use(settings)
    routes = routes_of(settings, now.astimezone().date())
    is_real = bool(settings.relays) and not rehearsal
    with ExitStack() as stack:
        if is_real:
            check_disk(path, os.environ)
        store = stack.enter_context(_copy(path) if rehearsal else hold(path, now, trust=trust_ledger))
        dead = dict(dead_addresses(store, prepared.campaign.id))
        if not settings.relays:
            dead |= _as_the_campaign(store, real_ledger(settings), prepared.campaign.id)
        versions = Versions(store)
        record = versions.register(prepared.campaign.id, now)
        clock_is_behind = is_behind(store, now)
        accepted = keep_apart(prepared, store, record, now)
        recovered, doubts = Transitions(store, record).recover(now)
        asked = settings.send
        copies = Copies.register(store, record, now) if asked.copy_to else find_copies(store, record)
        copies_left = Transitions(store, copies).recover(now) if copies else (0, 0)
        watch = copies_watch = Watch()
        if is_real:
            watch = stack.enter_context(_watched(prepared, store, record, trust=trust_ledger))
        if is_real and copies:
            copies_watch = stack.enter_context(_watched(prepared, store, copies, trust=trust_ledger))
        version = version_in_force(prepared, versions, record, now, accept=accept_change)
        job = Job(
            prepared.campaign,
            lambda: prepared.template,
            store,
            record,
            version,
            routes,
            now,
            clock_is_behind=clock_is_behind,
            watch=watch,
            start=settings.send.start if settings.relays else None,
            hosts=known_hosts(settings),
        )
        known = tuple(dead.items())
        copying = Copying.of(job, copies, copies_watch, asked, copies_left) if copies else None
        yield Run(prepared, job, recovered, doubts, accept_change, accept_repeat, known, accepted, rehearsal, copying)


def _watched(prepared: Prepared, store: Store, record: CampaignRecord, *, trust: bool) -> AbstractContextManager[Watch]:
    folder, sender = prepared.settings.folder, prepared.campaign.sender.mailbox.address
    return watched(store, record, state_folder(os.environ), sender, folder, trust=trust)


@contextmanager
def _copy(place: Place) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="notify-") as folder:
        copy = Path(folder) / LEDGER_FILE
        if exists(place):
            copy_ledger(place, copy)
        with open_store(copy, create=True, is_copy=True) as store:
            yield store


def _as_the_campaign(sandbox: Store, real: Place, campaign_id: str) -> dict[str, Objection]:
    """Let a rehearsal leave out whom the campaign leaves out; return which addresses that knows to be dead.

    A file is not even brought up to date by it.
    """
    if not exists(real):
        return {}
    # of a database, which others have in use and which may hold millions, it only reads
    with _copy(real) if isinstance(real, Path) else open_store(real) as store:
        Suppressions(sandbox).adopt(Suppressions(store))
        return dict(dead_addresses(store, campaign_id))
