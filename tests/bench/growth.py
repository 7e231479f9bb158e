"""Does a run's memory or its cost per message grow with the list? Prints one table; checks nothing.

    ./run python tests/bench/growth.py [SMALL LARGE]

Each size is enrolled and sent by a process of its own, through a relay on loopback, with four connections, the ledger
durable. "peak" is the highest resident memory of that process; "CPU" its processor time per recipient, start and
imports included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.sink import sink
from tests.folders import make_folder

_CHILD = """
import sys, time
from notify.cli import main
from tests.bench.memory import peak_mb
try:
    main()
finally:
    print("USED", peak_mb(), time.process_time(), file=sys.stderr)
"""


def _measure(folder: Path, *arguments: str) -> tuple[float, float, float]:
    """Run notify once; return its peak memory in MB, its processor seconds and how long it took."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NOTIFY_STATE_DIR": f"{folder}.state"},
    )
    used = [line for line in done.stderr.splitlines() if line.startswith("USED")][-1].split()
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(used[1]), float(used[2]), time.monotonic() - begin


def _one_size(people: int) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) as port:
        folder = make_folder(Path(name) / "campaign", contacts=people, relay_port=port, connections=4)
        result = _measure(folder, "send", "--yes", "--batch", "100000")
        command = [sys.executable, "-m", "notify", "-C", str(folder), "status", "--json"]
        status = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        assert json.loads(status.stdout)["counts"]["sent"] == people
        return result


def main() -> None:
    """Measure both sizes and print how the larger compares to the smaller."""
    small, large = (int(argument) for argument in sys.argv[1:]) if sys.argv[1:] else (10_000, 100_000)
    rows = {people: _one_size(people) for people in (small, large)}
    print(f"{'recipients':>10}  {'peak MB':>8}  {'CPU us each':>11}  {'messages/s':>10}")
    for people, (peak, cpu, took) in rows.items():
        print(f"{people:>10,}  {peak:>8.1f}  {cpu / people * 1e6:>11.0f}  {people / took:>10.0f}")
    for place, what in enumerate(("peak memory", "CPU each")):
        each = [rows[people][place] / (people if place else 1) for people in (large, small)]
        print(f"{what} {large:,} : {small:,} = {each[0] / each[1]:.2f}   (at most 1.1)")


if __name__ == "__main__":
    main()
