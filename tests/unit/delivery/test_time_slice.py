"""How long the process beside the run works at a stretch, as the kernel tells it."""

from __future__ import annotations

import ctypes
import os
import sys

import pytest

from notify.delivery.forked import Forked
from notify.delivery.time_slice import _ATTRIBUTES, _CALLS, _SLICE_NS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in _CALLS, reason="nobody is asked for longer slices here"
)

_NICE, _BATCH = 7, 3


def _attributes() -> tuple[int, ...]:
    """Return policy, flags, nice, priority and slice of this process, by sched_getattr(2)."""
    octets = ctypes.create_string_buffer(_ATTRIBUTES.size)
    call = _CALLS[os.uname().machine] + 1
    assert ctypes.CDLL(None).syscall(call, 0, octets, _ATTRIBUTES.size, 0) == 0
    _, *attributes = _ATTRIBUTES.unpack(octets.raw)
    return tuple(attributes[:5])


def test_it_works_longer_at_a_stretch_than_those_who_wait() -> None:
    """Its slice is the one it has asked for."""
    if not _attributes()[4]:
        pytest.skip("this kernel has no time slices that a process may ask for (Linux 6.12)")
    forked = Forked(lambda _: _attributes())
    try:
        assert forked.ask("")
        answer = forked.answer()
        assert answer[4] == _SLICE_NS > _attributes()[4]
    finally:
        forked.end()


def test_whoever_has_less_than_others_keeps_that() -> None:
    """Started with nice(1), or as a batch job, so is the process beside it, also where it may ask for more."""

    def lowered(_: str) -> tuple[int, ...]:
        os.nice(_NICE)
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        inner = Forked(lambda _: _attributes())
        assert inner.ask("")
        answer: tuple[int, ...] = inner.answer()
        inner.end()
        return answer

    forked = Forked(lowered)
    try:
        assert forked.ask("")
        policy, _, nice, *_ = forked.answer()
        assert (policy, nice) == (_BATCH, _NICE)
    finally:
        forked.end()


@pytest.mark.parametrize("missing", ["machine", "ctypes"])
def test_where_it_cannot_be_asked_nothing_changes(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers as ever."""
    if missing == "machine":
        monkeypatch.setattr("notify.delivery.time_slice._CALLS", {})
    else:
        monkeypatch.setitem(sys.modules, "ctypes", None)
    forked = Forked(len)
    try:
        assert forked.ask("four")
        assert forked.answer() == 4
    finally:
        forked.end()
