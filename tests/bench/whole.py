"""How fast is the whole job, from the contact file to the last reply? Prints tables; checks nothing.

    ./run python tests/bench/whole.py [--rows 10000] [--rounds 5] [--peer-rows 2000] [--folder /var/tmp]

Each run is a process, from its start to its exit: it reads the contacts, renders, and hands over to Postfix's
``smtp-sink``; notify on ten connections, with its ledger on a disk and durable. All take turns, in another order each
round, and the ratios are medians of each round's own: machines have slow and fast phases, so believe the ratios and
the CPU, not the messages in a second. The peers are slow and get fewer rows; what they start with is a small part.

``mailmerge`` is installed into an environment that is thrown away (``--peers DIR`` keeps it there), ``smtp-source`` is
Postfix's, and hands over one and the same message on ten sessions; where one is missing, it is left out.

What each stage costs, at several sizes of the list, tells ``growth.py``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench import letter
from tests.bench.peers import MAILMERGE, install
from tests.bench.sink import postfix, sink

CONNECTIONS = 10
#: Of the message that smtp-source hands over: those of the others have 3.9 to 4.4 KB.
_OCTETS = "4200"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run came to: messages in a second, microseconds of CPU for each, and the most memory in MB."""

    speed: float
    cpu_us: float
    peak_mb: float


def timed(command: list[str], messages: int, folder: Path | None = None) -> Run:
    """Run a command to its end; what it started and waited for counts with it."""
    # nobody's settings of Python: above all, what is installed is compiled once and not at every start
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONPATH": str(ROOT), "NOTIFY_STATE_DIR": str((folder or ROOT) / "state")}
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{process.returncode}: {' '.join(command)}\n{output.read().decode()[-2000:]}")
    return Run(messages / wall, (used.ru_utime + used.ru_stime) / messages * 1e6, used.ru_maxrss / 1024)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the runs take place."""

    folder: Path
    port: int
    peers: Path

    @contextlib.contextmanager
    def notify(self, rows: int) -> Iterator[tuple[list[str], Path]]:
        """Give the command that sends a new campaign, and its folder."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name)
            letter.write_for_notify(folder, rows, self.port, CONNECTIONS)
            yield [sys.executable, "-m", "notify", "-C", name, "send", "--yes", "--batch", str(rows)], folder

    def with_notify(self, rows: int) -> Run:
        """Send with notify."""
        with self.notify(rows) as (command, folder):
            return timed(command, rows, folder)

    def with_mailmerge(self, rows: int) -> Run:
        """Send with mailmerge, which opens a connection for each message."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name) / "mailmerge"
            letter.write_for_mailmerge(folder, rows, self.port)
            return timed([str(self.peers / "bin" / "mailmerge"), "--no-dry-run", "--no-limit"], rows, folder)

    def with_python(self, peer: str, rows: int) -> Run:
        """Send with one of the loops in ``peers.py``."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            letter.write_contacts(Path(name) / "people.csv", rows)
            return timed([sys.executable, str(ROOT / "tests/bench/peers.py"), peer, name, str(self.port)], rows)

    def with_smtp_source(self, rows: int) -> Run:
        """Hand over one and the same message."""
        command = [postfix("smtp-source") or "", "-d", "-s", str(CONNECTIONS), "-m", str(rows), "-l", _OCTETS]
        return timed([*command, "-f", letter.SENDER, "-t", "p@kunde.example", f"127.0.0.1:{self.port}"], rows)


def _compare(candidates: dict[str, Callable[[], Run]], rounds: int) -> None:
    """Run all in turns; print the medians, and the ratios of notify to each."""
    runs: dict[str, list[Run]] = {name: [] for name in candidates}
    for number in range(1, rounds + 1):
        for name in random.sample(list(candidates), len(candidates)):
            runs[name].append(candidates[name]())
        print(f"\rround {number} of {rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{'':<12} {'mails/s':>8} {'CPU us':>7} {'MB':>5}   notify is so many times as fast, and needs so much CPU")
    for name, these in runs.items():
        speed, cpu, peak = (statistics.median(getattr(run, what) for run in these) for what in Run.__slots__)
        line = f"{name:<12} {speed:>8,.0f} {cpu:>7,.0f} {peak:>5.0f}"
        if name != "notify":
            pairs = list(zip(runs["notify"], these, strict=True))
            faster = sorted(ours.speed / theirs.speed for ours, theirs in pairs)
            less = statistics.median(ours.cpu_us / theirs.cpu_us for ours, theirs in pairs)
            spread = f"[{faster[0]:.2f}..{faster[-1]:.2f}]"
            line += f"   {statistics.median(faster):5.2f}  {spread:<16} CPU {less:.3f}"
        print(line)


def _missing(peers: Path) -> Iterator[tuple[str, str]]:
    """Yield what cannot take part, and why."""
    if reason := install(peers, MAILMERGE):
        yield "mailmerge", reason
    if not postfix("smtp-source"):
        yield "smtp-source", "Postfix is not installed"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-rows", type=int, default=2_000)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--folder", type=Path, help="on a disk: a ledger in memory is durable for nothing")
    wanted = parser.parse_args()
    rows, few = wanted.rows, min(wanted.rows, wanted.peer_rows)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name, sink(Path(name)) as port:
        bench = Bench(Path(name), port, wanted.peers or Path(name) / "peers")
        missing = dict(_missing(bench.peers))
        candidates: dict[str, Callable[[], Run]] = {
            "notify": lambda: bench.with_notify(rows),
            "mailmerge": lambda: bench.with_mailmerge(few),
            "yagmail": lambda: bench.with_python("yagmail", few),
            "smtplib": lambda: bench.with_python("smtplib", few),
            "smtp-source": lambda: bench.with_smtp_source(rows),
        }
        for peer, reason in missing.items():
            print(f"without {peer}: {reason}")
            del candidates[peer]
        if wanted.rounds:
            print(f"{rows:,} rows on {CONNECTIONS} connections; mailmerge, yagmail and smtplib {few:,}")
            _compare(candidates, wanted.rounds)


if __name__ == "__main__":
    main()
