"""How the kernel shares a core between a process that only works and those that mostly wait.

Whoever has waited for the disk or for a relay should have a core as soon as it can go on, as others wait for it in
their turn. On Linux, from 6.12 on, one that wakes up takes the core from a process that has asked to work longer at a
stretch (sched(7): its time slice). Nobody loses time over that: who works longer at a stretch has its turn more seldom.
"""

from __future__ import annotations

import contextlib
import os
import struct

#: That of a process that has not asked is 1 to 3 ms.
_SLICE_NS = 20_000_000

# sched_setattr(2), for which Python has no name: its number, by the machine, and its struct (size, policy, flags, nice,
# priority, runtime, deadline, period). The runtime is the slice; a flag leaves the policy as it is
_CALLS = {"x86_64": 314, "aarch64": 274, "riscv64": 274}
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
_KEEP_POLICY = 0x08


def work_longer_at_a_stretch() -> None:
    """Let this process leave its core to whoever wakes up. Where that is not known, or not allowed, nothing changes."""
    if (call := _CALLS.get(os.uname().machine)) is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    attributes = _ATTRIBUTES.pack(_ATTRIBUTES.size, 0, _KEEP_POLICY, nice, 0, _SLICE_NS, 0, 0)
    # not every Python has what calls C
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).syscall(call, 0, attributes, 0)
