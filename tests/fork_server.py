"""Runs notify as a process of its own that has everything loaded: forked from one that loaded it once.

Loading pandas takes longer than most tests. What a test starts with :func:`tests.folders.start` is loaded anew.

Speaks JSON lines: a request names arguments, environment and the files for both outputs; the answers are the number of
the process, then its exit status.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import notify
from notify.contacts.vocabulary import vocabulary

#: What notify loads only when a command needs it.
_LATE = ("aiosmtpd.controller", "email_validator", "pandas", "rich.progress", "yagmail")


class ForkServer:
    """The process that others are forked from."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=Path(__file__).parents[1],
            # a process with several threads is not forked
            env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], out: Path, err: Path) -> int:
        """Start notify; return the number of its process."""
        assert self._process.stdin is not None
        request = {"arguments": list(arguments), "environment": dict(environment), "outputs": [str(out), str(err)]}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        return self._answer()

    def wait(self) -> int:
        """Return the exit status of what was started last."""
        return self._answer()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


def _serve() -> None:
    _load_everything()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become_notify(**request)
        _answer(child)
        _answer(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _load_everything() -> None:
    ours = (module.name for module in pkgutil.walk_packages(notify.__path__, "notify."))
    for name in (*_LATE, *ours):
        if not name.endswith("__main__"):
            importlib.import_module(name)
    vocabulary()
    # or each process takes a quarter of a second at its end to look through all of that, and copies it
    gc.collect()
    gc.freeze()


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _become_notify(arguments: list[str], environment: dict[str, str], outputs: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["notify", *arguments]
    from notify.cli import main

    main()


if __name__ == "__main__":
    _serve()
