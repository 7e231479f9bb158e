"""What the look at every message costs, held against the same preview and enrolment without it.

    python tests/bench/checks.py [RECIPIENTS]

Both are measured in one run, in turns, because a machine has slow and fast phases: believe the ratio, not the figures.
"""

from __future__ import annotations

import datetime as dt
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from notify.actions.noticed import Noticed
from notify.actions.prepare import Prepared, prepare
from notify.actions.preview import preview
from notify.actions.run import begun
from notify.checks import Inspection, Reader
from notify.config import load
from notify.core.finding import Finding
from notify.core.rendered import Proved, Rendered
from tests.folders import make_folder

ROUNDS = 3
MESSAGE = Path(__file__).parents[2] / "notify/examples/templates/change-of-details/message.de.md"


class NoInspection(Inspection):
    """Looks at nothing."""

    def look(self, rendered: Rendered | Proved, reader: Reader) -> tuple[Finding, ...]:  # noqa: ARG002
        """Find nothing."""
        return ()


@contextmanager
def without_checks() -> Iterator[None]:
    """Let no message be looked at inside this ``with``."""
    look = Inspection.look
    Inspection.look = NoInspection.look  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Inspection.look = look  # type: ignore[method-assign]


def rendering(prepared: Prepared) -> None:
    """Preview everybody, of whom one is shown."""
    for _ in preview(prepared, most=1, noticed=Noticed(prepared)):
        pass


def enrolment(prepared: Prepared) -> None:
    """Enrol everybody into a ledger that is thrown away."""
    now = dt.datetime.now(dt.UTC)
    with begun(prepared, now, accept_change=False, rehearsal=True) as run:
        for _ in run.enrol():
            pass


def cost_s(work: Callable[[Prepared], None], prepared: Prepared) -> float:
    """Return what the work costs this process, in seconds."""
    start = time.process_time()
    work(prepared)
    return time.process_time() - start


def main() -> None:
    """Measure both, with and without."""
    recipients = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as place:
        folder = make_folder(Path(place) / "c", contacts=recipients, message=MESSAGE.read_text("utf-8"))
        for included in MESSAGE.parent.glob("details.*"):
            shutil.copy(included, folder / "templates" / "change")
        prepared = prepare(load(folder, options={}, environment={}))
        for name, work in (("preview", rendering), ("enrolment", enrolment)):
            ratios = []
            for _ in range(ROUNDS):
                checked = cost_s(work, prepared)
                with without_checks():
                    unchecked = cost_s(work, prepared)
                ratios.append(checked / unchecked)
                print(f"{name}: {checked:6.2f} s with, {unchecked:6.2f} s without, of {recipients:,} recipients")
            print(f"{name}: {statistics.median(ratios):.3f} times as long with the checks (median of {ROUNDS})")


if __name__ == "__main__":
    main()
