"""The wire on a socket of the kernel's: when what is written leaves."""

from __future__ import annotations

import select
import socket
import sys

import pytest

from notify.core.outcome import Phase
from notify.relays.wire import Doing, Wire


def _is_written(writing: Doing[object]) -> bool:
    """Tell whether all was written at once."""
    try:
        next(writing)
    except StopIteration as end:
        return end.value is None
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="what the kernel is asked for is Linux's own")
def test_the_end_of_a_body_travels_with_its_dot() -> None:
    """A relay is sent both at once, and is not woken twice."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as ours:
        theirs, _ = server.accept()
        with theirs:
            wire = Wire(ours)
            assert _is_written(wire.write(b"Guten Tag\r\n", Phase.BODY))
            assert not select.select([theirs], [], [], 0.05)[0]
            assert _is_written(wire.write(b".\r\n", Phase.DOT))
            assert select.select([theirs], [], [], 5)[0]
            assert theirs.recv(100) == b"Guten Tag\r\n.\r\n"
