"""Somebody who takes messages as they come: Postfix's smtp-sink, or our scripted server where that is missing."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


def postfix(name: str) -> str | None:
    """Return where a program of Postfix is, if it is anywhere."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/postfix/sbin")


@contextlib.contextmanager
def sink(folder: Path) -> Iterator[int]:
    """Let somebody take messages; give the port. The scripted server keeps its record in ``folder``."""
    if program := postfix("smtp-sink"):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        # as root it wants to be told whom to become
        whom = ["-u", "nobody"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        with process([program, *whom, f"127.0.0.1:{port}", "200"]):
            _await(port)
            yield port
    else:
        command = [sys.executable, "-m", "tests.servers.scripted", "--record", str(folder / "record")]
        with process(command) as server:
            assert server.stdout is not None
            yield int(server.stdout.readline())


@contextlib.contextmanager
def process(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Let a process run beside us; end it with the ``with``."""
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            running.terminate()


def _await(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise SystemExit("the sink does not answer")
