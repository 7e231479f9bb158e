"""What each stage of a run costs: at every few milliseconds of its CPU it writes down which of our files it is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

#: So much CPU lies between two looks, at least.
EVERY_S = 0.004

#: Whoever uses the CPU when the time is over is interrupted, whether it holds Python's lock or not: a sampler that has
#: to wait for the lock would see nothing but those who let go of it, in system calls and in SQLite.
_WATCHED = """
import faulthandler, signal, sys
faulthandler.register(signal.SIGPROF, file=open(sys.argv.pop(1), "w"), all_threads=False)
signal.setitimer(signal.ITIMER_PROF, {every_s}, {every_s})
from notify.cli import main
try:
    main()
finally:
    signal.setitimer(signal.ITIMER_PROF, 0)
"""

#: A stage, and what the path of a file has that is at work there. The innermost file that has any of them decides.
_STAGES = {
    "read": ("contacts/", "actions/rows.py", "actions/sources.py"),
    "greet": ("recipients/salutation", "recipients/greetings", "recipients/names", "recipients/titles"),
    "prove": ("actions/proving",),
    "admit": ("recipients/", "core/address.py", "core/contact.py"),
    "record": (
        "ledger/handover.py",
        "ledger/claimed.py",
        "ledger/journal.py",
        "ledger/held_journal.py",
        "delivery/queue.py",
    ),
    "enrol": ("ledger/", "actions/enrol"),
    "compose": ("composing/", "core/message.py"),
    "wire": ("relays/", "accounts/", "core/replies.py", "core/redaction.py", "core/verdict.py"),
}
#: Serves several stages: whoever asks it decides.
_SERVING = ("ledger/store.py", "ledger/sqlite_store.py", "ledger/queries.py")
#: Rendering is the same code before the first connection, where it proves that it can be done, and behind.
_RENDERING, _PROOF = ("rendering/", "checks/"), "actions/enrol"
STAGES = ("start", "read", "admit", "greet", "prove", "enrol", "render", "compose", "wire", "record", "run")

_FRAME = re.compile(r'  File "([^"]*)", line \d+ in ')


def watched(command: Sequence[str], seen: Path, every_s: float = EVERY_S) -> list[str]:
    """Return the command that does the same and writes to ``seen`` where it is; it begins with ``-m notify``.

    :param every_s: so much CPU lies between two looks.
    """
    python, _, _, *arguments = command
    return [python, "-c", _WATCHED.format(every_s=every_s), str(seen), *arguments]


def shares(seen: Path) -> dict[str, float]:
    """Return the share of each stage in what was seen."""
    stages = Counter(map(_stage_of, _stacks(seen)))
    return {stage: stages[stage] / stages.total() for stage in STAGES}


def _stacks(seen: Path) -> Iterator[list[str]]:
    """Yield the files of each stack, the innermost first."""
    stack: list[str] = []
    with seen.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if frame := _FRAME.match(line):
                stack.append(frame[1])
            elif stack:
                yield stack
                stack = []
    if stack:
        yield stack


def _stage_of(stack: list[str]) -> str:
    """Return at which stage a thread is."""
    if any("importlib" in file for file in stack):
        return "start"
    for at, file in enumerate(stack):
        if any(f"notify/{part}" in file for part in _SERVING):
            continue
        if any(f"notify/{part}" in file for part in _RENDERING):
            return "prove" if any(_PROOF in outer for outer in stack[at:]) else "render"
        for stage, parts in _STAGES.items():
            if any(f"notify/{part}" in file for part in parts):
                return stage
    return "run"
