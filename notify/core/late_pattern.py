"""Regular expressions that are compiled when they are first used.

The program has hundreds of them, one command needs few, and to compile all took a quarter of its start.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast


class _Compiled:
    """Stands for a compiled pattern: its methods are the attributes here, and called as fast as there."""

    __slots__ = ("_flags", "findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")


class _Late(_Compiled):
    """A pattern before its first use."""

    __slots__ = ()

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        self.__class__ = _Compiled  # type: ignore[assignment]  # the same slots, no further look
        return getattr(self, name)


_METHODS = frozenset(_Compiled.__slots__) - {"_flags", "pattern"}


def late_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what :func:`re.compile` returns, as far as methods and ``pattern`` go, without compiling it yet.

    :raises re.error: at the first use, the pattern is wrong.
    """
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))
