"""``notify worker``."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import count, ledger_option, port_of
from notify.cli.screen import moment, note, warn
from notify.cli.signals import Signals

if TYPE_CHECKING:
    from notify.actions.work import Worker
    from notify.actions.work_events import WorkEvent
    from notify.pages.metrics import Metric

#: How often it is said how far it is, where somebody may be reading.
_SAYS_S = 60.0


@click.command(short_help="Deliver what others have placed in a database.")
@ledger_option
@click.option(
    "--config", "config", type=click.Path(path_type=Path), metavar="FILE", help="What this machine says of itself."
)
@click.option("--relay", "relays", multiple=True, metavar="NAME", help="Only through this relay; may be repeated.")
@click.option("--connections", type=count, metavar="N", help="On at most N connections to each relay.")
@click.option("--until-idle", is_flag=True, help="End when nothing is open any more.")
@click.option("--metrics", type=port_of, metavar="PORT", help="Answer /health and /metrics on this port, here only.")
@click.pass_obj
def worker(
    folder: Path,
    url: str | None,
    config: Path | None,
    relays: tuple[str, ...],
    connections: int | None,
    until_idle: bool,
    metrics: int | None,
) -> int:
    """Deliver what others have placed: as many of these as you like, on as many machines as you like.

    It needs no campaign folder: what a campaign is made of comes from the database. Relays that want a password stand
    in a file of this machine, worker.toml, as [[relay]] in notify.toml, and [ledger] names the database there. Ctrl-C
    and SIGTERM let it finish what is in flight; others take the rest.
    """
    from notify.actions.work import Worker
    from notify.actions.work_campaign import Machine
    from notify.cli.worker_settings import place_of, settings_of

    settings = settings_of(folder, config, url)
    working = Worker(place_of(settings), Machine(settings, relays, connections), stays=not until_idle)
    with Signals(insists=True) as signals, ExitStack() as stack:
        if metrics is not None:
            from notify.actions.work_figures import figures
            from notify.pages.metrics import MetricsServer

            def told() -> Iterable[Metric]:
                return figures(working)

            server = stack.enter_context(MetricsServer(metrics, told, lambda: working.trouble))
            note(f"http://127.0.0.1:{server.port}/metrics and /health, on this machine only.")
        signals.attach(working)
        note("At work. Ctrl-C ends it in good order.")
        return _shown(working)


def _shown(working: Worker) -> int:
    """Show what a worker tells; return its exit status."""
    from notify.actions.work_events import Ended
    from notify.delivery.events import Reason, Tried

    said, before = time.monotonic(), 0
    for event in working.events():
        if not isinstance(event, Tried):
            _say(event)
        if time.monotonic() - said >= _SAYS_S or isinstance(event, Ended):
            if (tried := sum(working.tried.values())) != before:
                note(_so_far(working))
            said, before = time.monotonic(), tried
        if isinstance(event, Ended) and event.reason is Reason.INTERRUPTED:
            return Exit.INTERRUPTED
    return Exit.DONE


def _so_far(working: Worker) -> str:
    from notify.cli.send_summary import tally
    from notify.core.status import Status

    counts: dict[Status, int] = {status: working.tried[status] for status in Status if status is not Status.PENDING}
    return f"So far: {tally(counts)}" if any(counts.values()) else "So far: nobody."


def _say(event: WorkEvent) -> None:
    """Say what happened, as far as a person has to know: the log of the ledger has the rest."""
    from notify.actions.work_events import Aside, Away, Back, Began, Fenced, Holding
    from notify.delivery.events import Stopping

    match event:
        case Began(campaign):
            note(f"{campaign}: delivering.")
        case Aside(campaign, why, until, hint):
            warn(f"{campaign}: left alone until {moment(until)}: {why}")
            _hint(hint)
        case Holding(campaign, why, hint):
            warn(f"{campaign}: held, so that nobody delivers it until it is placed again: {why}")
            _hint(hint)
        case Fenced(campaign):
            warn(f"{campaign}: this worker was silent for too long, and others have what it had.")
        case Away(why, hint):
            warn(f"{why} Nobody is sent to until it is back.")
            _hint(hint)
        case Back():
            note("The database is back; going on.")
        case Stopping():
            note("Finishing the messages in flight; Ctrl-C once more ends at once and may leave them in doubt.")
        case _:
            pass


def _hint(hint: str) -> None:
    if hint:
        note("  " + hint.replace("\n", "\n  "))
