"""What each stage of a run costs: a sampler looks from outside which of our files every busy thread is in."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from pathlib import Path

SAMPLER = "py-spy==0.4.3"

#: A stage, and what the path of a file in the stack has when it is at work there. The innermost file that has any of
#: them decides, and of two stages the first.
_STAGES = {
    "read": ("contacts/", "actions/rows.py", "actions/sources.py"),
    "greet": ("recipients/salutation", "recipients/greetings", "recipients/names", "recipients/titles"),
    "admit": ("recipients/", "core/address.py", "core/contact.py"),
    "record": ("ledger/handover.py", "ledger/journal.py", "delivery/queue.py"),
    "enrol": ("ledger/", "actions/enrol.py"),
    "compose": ("composing/", "core/message.py"),
    "wire": ("relays/", "accounts/", "core/replies.py", "core/redaction.py", "core/verdict.py"),
}
#: Rendering is the same code before the first connection, where it proves that it can be done, and behind.
_RENDERING, _PROOF = ("rendering/", "checks/"), "actions/enrol.py"
STAGES = ("start", "read", "admit", "greet", "prove", "enrol", "render", "compose", "wire", "record", "run")


def shares(sampler: Path, command: list[str], folder: Path) -> dict[str, float]:
    """Run a command below the sampler; return the share of each stage in what was seen."""
    stacks = folder / "stacks.txt"
    told = ["record", "--rate", "250", "--format", "raw", "--full-filenames", "--subprocesses", "--output", str(stacks)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "NOTIFY_STATE_DIR": str(folder / "state")}
    subprocess.run([str(sampler), *told, "--", *command], check=True, capture_output=True, env=environment)
    seen: Counter[str] = Counter()
    for line in stacks.read_text("utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        seen[_stage_of(stack.split(";"))] += int(count)
    return {stage: seen[stage] / seen.total() for stage in STAGES}


def _stage_of(stack: list[str]) -> str:
    """Return at which stage a thread is; its frames are given from the outermost to the innermost."""
    if any("importlib" in frame for frame in stack):
        return "start"
    for frame in reversed(stack):
        if any(part in frame for part in _RENDERING):
            return "prove" if any(_PROOF in outer for outer in stack) else "render"
        for stage, parts in _STAGES.items():
            if any(f"notify/{part}" in frame for part in parts):
                return stage
    return "run"
