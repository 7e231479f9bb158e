"""What does it cost to start? Prints one table; checks nothing.

    ./run python tests/bench/start.py [CONTACTS]

Each command is a process of its own, in a campaign folder where everybody was sent to, 10,000 if nothing else is said:
``status``, ``log --failed`` and a ``send`` that finds nothing to do; and in the example folder. The figures are medians
of processor time over alternating rounds, which other processes disturb less than the time by the clock. The goal is at
most 3.5 times what ``--help`` takes.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.sink import sink
from tests.folders import make_folder

ROUNDS = 7
HEAVY = ("pandas", "jinja2", "yagmail", "rich")


def _environment() -> dict[str, str]:
    """Return ours without anybody's settings of Python: above all, what is installed is compiled once."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _run(arguments: list[str]) -> tuple[float, float]:
    """Run Python once; return its processor time and how long it took, in seconds."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=False, cwd=ROOT, env=_environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - begin


def _imported(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    return ", ".join(name for name in HEAVY if name in modules) or "none"


def _measure(commands: dict[str, list[str]]) -> None:
    taken: dict[str, list[tuple[float, float]]] = {command: [] for command in commands}
    for _ in range(ROUNDS):
        for command, arguments in commands.items():
            taken[command].append(_run(arguments))
    medians = {
        command: [statistics.median(each) for each in zip(*runs, strict=True)] for command, runs in taken.items()
    }
    helped, _ = medians["notify --help"]
    print(f"{'command':<24}  {'CPU ms':>6}  {'ms':>6}  {'CPU : --help':>12}  of {', '.join(HEAVY)} it imports")
    for command, arguments in commands.items():
        cpu, took = medians[command]
        print(f"{command:<24}  {cpu * 1000:>6.0f}  {took * 1000:>6.0f}  {cpu / helped:>12.1f}  {_imported(arguments)}")


def main() -> None:
    """Measure and print."""
    people = int(sys.argv[1]) if sys.argv[1:] else 10_000
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) as port:
        os.environ["NOTIFY_STATE_DIR"] = f"{name}/state"
        example = f"{name}/example"
        subprocess.run([sys.executable, "-m", "notify", "init", example], check=True, capture_output=True, cwd=ROOT)
        done = ["-m", "notify", "-C", str(make_folder(Path(name) / "done", contacts=people, relay_port=port))]
        subprocess.run(
            [sys.executable, *done, "send", "--yes", "--batch", "1000000"], check=True, capture_output=True, cwd=ROOT
        )
        _measure(
            {
                "python -c pass": ["-c", "pass"],
                "notify --help": ["-m", "notify", "--help"],
                "status": [*done, "status"],
                "log --failed": [*done, "log", "--failed"],
                "send, nothing to do": [*done, "send", "--yes"],
                "preview -n 2, example": ["-m", "notify", "-C", example, "preview", "-n", "2"],
                "contacts, example": ["-m", "notify", "-C", example, "contacts"],
            }
        )


if __name__ == "__main__":
    main()
