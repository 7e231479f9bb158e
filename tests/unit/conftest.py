"""Unit tests open no sockets: whatever needs one belongs to tests/contract or tests/system."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

_FORBIDDEN = frozenset({"socket.bind", "socket.connect", "socket.getaddrinfo"})
_is_forbidden = False


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if _is_forbidden and event in _FORBIDDEN:
        raise AssertionError(f"a unit test calls {event}{arguments[1:]}")


# an audit hook stays for as long as the process
sys.addaudithook(_refuse)


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    global _is_forbidden  # noqa: PLW0603  # an audit hook has nothing else to look at
    _is_forbidden = True
    try:
        yield
    finally:
        _is_forbidden = False
