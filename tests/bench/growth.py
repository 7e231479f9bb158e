"""Does what a message costs, or a run's memory, grow with the list? Prints one table; checks nothing.

    ./run python tests/bench/growth.py [--rows 10000 1000000] [--folder /var/tmp]

Each size is the whole job of a process of its own, on one core: it reads the contacts, renders, and hands over to
Postfix's ``smtp-sink`` on ten connections, with the ledger durable. While it runs it is looked at again and again which
stage is at work (:mod:`stages`). "peak" is the highest resident memory of that process. A million rows take five
minutes of CPU and 2 GB in the folder, which is to be on a disk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import stages
from tests.bench.sink import sink
from tests.bench.whole import Bench, Run, timed

#: How much more the last size may take than the first, and how much memory any.
_RATIO, _MOST_MB = 1.1, 130
#: So many looks are enough. Each costs a little, and one in a thousand or so ends the run.
_LOOKS = 500
#: What a message costs at most, for how seldom to look.
_MESSAGE_S = 0.0006


@dataclass(frozen=True, slots=True)
class Size:
    """What so many rows came to, and which share of it each stage had."""

    rows: int
    run: Run
    shares: Mapping[str, float]

    def cpu_us(self, stage: str) -> float:
        """Return what a stage costs each message."""
        return self.shares[stage] * self.run.cpu_us


def measured(bench: Bench, rows: int) -> Size:
    """Send so many and look where the time goes; what was ended by a look is done anew."""
    every_s = max(stages.EVERY_S, rows * _MESSAGE_S / _LOOKS)
    for _ in range(9):
        with bench.notify(rows) as (command, folder):
            seen = folder / "seen.txt"
            try:
                run = timed(["taskset", "-c", "0", *stages.watched(command, seen, every_s)], rows, folder)
            except SystemExit as ended:
                print(f"{rows:,} rows, once more: {str(ended)[:200]}", file=sys.stderr)
                continue
            return Size(rows, run, stages.shares(seen))
    raise SystemExit("no run could be watched to its end")


def show(sizes: Sequence[Size]) -> None:
    """Print what each stage costs at each size, and how the last compares to the first."""
    first, last = sizes[0], sizes[-1]

    def line(name: str, values: Sequence[float], judged: str = "") -> None:
        cells = "".join(f" {value:>11,.1f}" for value in values)
        ratio = f" {values[-1] / values[0]:>7.2f}" if len(values) > 1 and values[0] else ""
        print(f"  {name:<8}{cells}{ratio}{judged}")

    print("CPU us of each message, on one core")
    print(f"  {'rows':<8}" + "".join(f" {size.rows:>11,}" for size in sizes) + "   ratio" * (len(sizes) > 1))
    for stage in stages.STAGES:
        line(stage, [size.cpu_us(stage) for size in sizes])
    line("all", [size.run.cpu_us for size in sizes], _judged(last.run.cpu_us / first.run.cpu_us <= _RATIO))
    flat = last.run.peak_mb / first.run.peak_mb <= _RATIO
    line("peak MB", [size.run.peak_mb for size in sizes], _judged(flat and last.run.peak_mb <= _MOST_MB))
    print(f"goal: the last is at most {_RATIO} times the first, and the peak {_MOST_MB} MB")


def _judged(holds: bool) -> str:
    return "  holds" if holds else "  does not hold"


def main() -> None:
    """Measure all sizes and print them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="on a disk: a ledger in memory is durable for nothing")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name, sink(Path(name)) as port:
        bench = Bench(Path(name), port, Path(name) / "peers")
        show([measured(bench, rows) for rows in wanted.rows])


if __name__ == "__main__":
    main()
