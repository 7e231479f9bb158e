"""What ``notify send`` says of earlier runs and of the rows that it has read, before anything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from notify.cli.findings import listed
from notify.cli.noticed import say_noticed
from notify.cli.screen import STATUS_WORDS, how_many, note, warn
from notify.cli.send_copies import say_what_was_left_of_copies

if TYPE_CHECKING:
    from notify.actions.enrolling import Enrolling
    from notify.actions.run import Run
    from notify.core.status import Status

#: So many rows of each kind are named before the question: it is to stand on one screen with them.
_NAMED = 5


def say_what_was_left(run: Run) -> None:
    """Say what an earlier run that died has left, and what this run has to do without, before anything else."""
    if run.job.clock_is_behind:
        warn("The clock of this machine is behind what the ledger has recorded. In this run the deadline is ignored.")
    if run.job.watch.trouble:
        warn(
            f"{run.job.watch.trouble}. So nothing in this run guards against an old copy of the ledger but the ledger "
            "itself."
        )
    if run.recovered:
        who = how_many(run.recovered, "recipient")
        note(f"An earlier run ended abruptly: {who} certainly not sent to, waiting again.")
    if run.doubts:
        warn(
            f"An earlier run ended abruptly: {how_many(run.doubts, 'message')} in doubt, handed over without an "
            "answer. Nobody is sent to twice by guessing; you decide:  notify resolve"
        )
    if run.copying:
        say_what_was_left_of_copies(run.copying)


def enrol(run: Run) -> Enrolling:
    """Read and render everybody, and say what a person must look at; return what was done.

    :raises InputError: there is nobody to write to.
    """
    from notify.actions.enrolling import Enrolling
    from notify.cli.walks import enrolling

    done = Enrolling()
    for done in enrolling(run.enrol(), run.prepared):  # noqa: B007  # the last one tells everything
        pass
    reports = run.job.reports()
    say_enrolled(done, reports.counts_in_the_files(), reports.suppressed())
    if not sum(reports.counts().values()):
        from notify.actions.preview import nobody

        raise nobody()
    return done


def say_enrolled(done: Enrolling, counts: Mapping[Status, int], on_the_list: int) -> None:
    """Say what was read and what becomes of it, and which rows a person must look at.

    :param counts: of those who stand in the contact files, by their status.
    :param on_the_list: how many are left out because of the suppression list alone.
    """
    from notify.ledger import Enrolled

    note(_sentence(done, counts, on_the_list))
    # what was said once is not said again by every run
    if done.counts[Enrolled.NEW] or done.rejected == done.rows:
        _say_rejected(done)
        for line in done.first_objected[:_NAMED]:
            warn(f"  {line}")
    for finding in done.form_findings():
        warn(f"  {listed(finding)}")
    if done.doubted:
        warn(
            f"{how_many(done.doubted, 'recipient')} in doubt, written to though this ledger does not know it; you "
            "decide:  notify resolve"
        )
    if done.inspection:
        say_noticed(done.inspection, _NAMED)
    for origin in done.unused_overrides:
        warn(f"  {origin}: no contact was found for this row of the overrides")
    _say_moved(done, done.counts[Enrolled.MOVED_AFTER_SENDING])


def _say_moved(done: Enrolling, moved: int) -> None:
    if not moved:
        return
    warn(f"{how_many(moved, 'row')} left out, because of an address that has changed since somebody was written to:")
    for row in done.first_moved:
        before = f" (before: {row.old_address})" if row.old_address else ""
        warn(f"  {row.origin}: {row}; not sent again by itself{before}")
    if moved > len(done.first_moved):
        note(f"  … and {moved - len(done.first_moved):,} more:  notify contacts")
    note("  If one of them is somebody else, give that row a key of its own.")


def _say_rejected(done: Enrolling) -> None:
    for row in done.first_rejected[:_NAMED]:
        warn(f"  {row.origin}: {row.reason}")
    if done.rejected > _NAMED:
        note(f"  … and {done.rejected - _NAMED:,} more:  notify contacts --rejected rejected.csv")


def _sentence(done: Enrolling, counts: Mapping[Status, int], on_the_list: int) -> str:
    """Return what was read, what is new of it, and what becomes of the rows: parts that make the whole."""
    rows = how_many(done.rows, "row")
    if news := list(_news(done)):
        rows += f", {', '.join(news)} since the last run"
    gone = ""
    if done.withdrawn:
        or_not_meant = " or not meant any more" if done.filtered or done.hidden else ""
        gone = f" {done.withdrawn:,} no longer in the files{or_not_meant}: withdrawn."
    return f"{rows}: {', '.join(_fates(done, counts, on_the_list)) or 'nobody to send to'}.{gone}"


def _news(done: Enrolling) -> Iterator[str]:
    """Yield what differs from the last run; nothing at the first one, when all are new."""
    from notify.ledger import Enrolled

    new, duplicates = done.counts[Enrolled.NEW], done.counts[Enrolled.DUPLICATE]
    is_first = new + duplicates == sum(done.counts.values())
    counts = (
        (0 if is_first else new, "new"),
        (done.counts[Enrolled.UPDATED], "changed"),
        (done.counts[Enrolled.BACK], "back"),
    )
    yield from (f"{count:,} {words}" for count, words in counts if count)


def _fates(done: Enrolling, counts: Mapping[Status, int], on_the_list: int) -> Iterator[str]:
    from notify.core.objection import Against
    from notify.core.status import WAITING, Status
    from notify.ledger import Enrolled

    duplicates = done.counts[Enrolled.DUPLICATE]
    fates = (
        (sum(counts[status] for status in WAITING), "to send"),
        (counts[Status.SENT], "sent already"),
        *((counts[status], STATUS_WORDS[status]) for status in (Status.FAILED, Status.IN_DOUBT, Status.EXPIRED)),
        (duplicates, "duplicate" if duplicates == 1 else "duplicates"),
        (done.rejected, "rejected"),
        (done.left_out, "left out for a changed address"),
        *((done.objected[against], f"left out ({against})") for against in reversed(Against)),
        (on_the_list, "on the suppression list"),
        (done.filtered, "not meant by where"),
        (done.hidden, "hidden in a workbook"),
    )
    yield from (f"{count:,} {words}" for count, words in fates if count)
