"""What does it cost to start? Prints one table; checks nothing.

    ./run python tests/bench/start.py

Each command is a process of its own, in an example campaign folder; the figures are medians of alternating rounds,
and the ratio is to a Python that does nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 7
HEAVY = ("pandas", "jinja2", "yagmail")


def _run(arguments: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False, cwd=ROOT)
    return time.perf_counter() - begin


def _imported(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    return ", ".join(name for name in HEAVY if name in modules) or "none"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = str(Path(name) / "campaign")
        notify = ["-m", "notify", "-C", folder]
        subprocess.run([sys.executable, "-m", "notify", "init", folder], check=True, capture_output=True, cwd=ROOT)
        commands = {
            "python -c pass": ["-c", "pass"],
            "notify --help": ["-m", "notify", "--help"],
            "notify status": [*notify, "status"],
            "notify preview -n 2": [*notify, "preview", "-n", "2"],
            "notify contacts": [*notify, "contacts"],
        }
        taken: dict[str, list[float]] = {command: [] for command in commands}
        for _ in range(ROUNDS):
            for command, arguments in commands.items():
                taken[command].append(_run(arguments))
        bare = statistics.median(taken["python -c pass"])
        print(f"{'command':<20}  {'ms':>6}  {'ratio':>5}  of {', '.join(HEAVY)} it imports")
        for command, arguments in commands.items():
            median = statistics.median(taken[command])
            print(f"{command:<20}  {median * 1000:>6.0f}  {median / bare:>5.1f}  {_imported(arguments)}")


if __name__ == "__main__":
    main()
