"""Records: dataclasses that cost nothing worth a thought, neither when the program starts nor when one is made.

*At the start.* ``dataclass`` writes up to six methods for a class and compiles each: 0.3 to 0.5 ms, and a command loads
some two hundred classes. Here equality, hash and text are the same few lines for all of them, and ``__init__`` is
written when the first one is made.

*When one is made.* A frozen dataclass gives each field its value through ``object.__setattr__``: 2 µs for fifteen of
them, against 0.1 µs for those of any other. So it is mypy that lets nobody change what is frozen; while the program
runs, nothing looks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

__all__ = ["record"]

T = TypeVar("T")

if TYPE_CHECKING:
    # whatever is a dataclass for mypy is to be written ``@record(frozen=True, slots=True)``, so that it is frozen
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """Make a dataclass of a class; of frozen ones, equal ones have the same hash."""
        return lambda cls: _made(cls, frozen=frozen, slots=slots)

    def _made(cls: type[T], *, frozen: bool, slots: bool) -> type[T]:
        # how it was written: what the fields are by default is told nowhere else once there are slots
        written = {name: value for name, value in vars(cls).items() if name not in {"__dict__", "__weakref__"}}
        made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
        fields = dataclasses.fields(made)
        compared = _values([field.name for field in fields if field.compare])
        methods = {
            "__init__": _late_init(made, written),
            "__repr__": _text([field.name for field in fields if field.repr]),
            "__eq__": _equality(compared),
            "__hash__": (lambda self: hash(compared(self))) if frozen else None,
        }
        for name, method in methods.items():
            if name not in written:
                setattr(made, name, method)
        return made

    def _late_init(made: type[T], written: dict[str, object]) -> Callable[..., None]:
        """Return what has the real ``__init__`` written, puts it in its own place, and calls it."""

        def init(self: T, *given: object, **named: object) -> None:
            alike = type(made)(made.__name__, made.__bases__, written)
            made.__init__ = dataclasses.dataclass(repr=False, eq=False)(alike).__init__
            made.__init__(self, *given, **named)

        return init

    def _equality(values: Callable[[object], object]) -> Callable[[object, object], bool]:
        def are_equal(self: object, other: object) -> bool:
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        return are_equal

    def _text(names: list[str]) -> Callable[[object], str]:
        def text(self: object) -> str:
            return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

        return text

    def _values(names: list[str]) -> Callable[[object], object]:
        """Return what takes the values of these fields out of a record, to be compared or hashed."""
        if len(names) > 1:
            return attrgetter(*names)
        return lambda self: tuple(getattr(self, name) for name in names)
