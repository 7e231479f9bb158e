"""Ends a PostgreSQL of the tests and removes its folder, as soon as whoever started it is no more.

A process of its own, which lives until its standard input is closed: by the end of the tests, however they end. It has
the standard library alone, and of that little, so that it starts at once::

    python -I -S tests/servers/postgres_keeper.py FOLDER
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


def ticks(process: int) -> int:
    """Return the ticks of a processor for a process and for those that it has started, ended or not: proc(5)."""
    while True:
        own = sum(map(int, _fields(process)[11:15]))
        with contextlib.suppress(OSError):
            running = sum(sum(map(int, _fields(child)[11:13])) for child in children(process))
            # else one has ended meanwhile, and would be counted twice or not at all
            if own == sum(map(int, _fields(process)[11:15])):
                return own + running


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that have not ended."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  # numbers, by the hundred: no paths are wanted
        with contextlib.suppress(OSError):
            if name.isdigit() and int(_fields(int(name))[1]) == process:
                found.append(int(name))
    return found


def kill(process: int) -> None:
    """Kill a process and those that it has started; none of them may start any."""
    with contextlib.suppress(OSError):
        # so that it starts nobody meanwhile; and each of them may stand still
        os.kill(process, signal.SIGSTOP)
    ending = [*children(process), process]
    for one in ending:
        with contextlib.suppress(OSError):
            os.kill(one, signal.SIGKILL)
    for one in ending:
        while is_alive(one):
            time.sleep(0.005)


def is_alive(process: int) -> bool:
    """Tell whether a process has not ended."""
    with contextlib.suppress(OSError):
        # whoever started it may not have asked yet how it ended
        return _fields(process)[0] not in "ZX"
    return False


def _fields(process: int) -> list[str]:
    """Return the fields of /proc/N/stat from the third on: the name before may hold blanks."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _command(process: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def _main(folder: Path) -> None:
    sys.stdin.buffer.read()
    with contextlib.suppress(OSError):
        # its process first, in the last line but one a segment of memory (shmget) that outlives whoever is killed
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        # its number may be somebody else's by now
        if os.fsencode(folder) in _command(int(lines[0])):
            kill(int(lines[0]))
        subprocess.run(["ipcrm", "-m", lines[6].split()[1]], stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
