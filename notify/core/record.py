"""Records: dataclasses that cost nothing worth a thought, neither when the program starts nor when one is made.

*At the start.* ``dataclass`` writes up to six methods for a class and compiles each: 0.3 to 0.5 ms, and a command loads
some two hundred classes. Here a class has its slots and little else until the first one is made; then ``__init__`` is
written, and equality, hash and text are the same few lines for all of them; and what ``dataclasses`` knows of its
fields is found out when ``replace`` or ``fields`` ask for it, which is half of what a class takes.

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
    # whatever is a dataclass for mypy is to be written ``@record(frozen=True, slots=True)``, so that it is frozen;
    # without slots it can keep what it has computed once
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Callable[[type[T]], type[T]]:
        """Make a dataclass of a class; of frozen ones, equal ones have the same hash."""
        return lambda cls: _made(cls, is_hashed=frozen, has_slots=slots)

    def _made(cls: type[T], *, is_hashed: bool, has_slots: bool) -> type[T]:
        written = {name: value for name, value in vars(cls).items() if name not in {"__dict__", "__weakref__"}}
        names = [name for name, kind in cls.__annotations__.items() if "ClassVar" not in str(kind)]
        inherited = getattr(cls, "__match_args__", ())
        late = _Late(written, names, is_hashed=is_hashed)
        body = {name: value for name, value in (late.methods() | written).items() if name not in names}
        own = tuple(name for name in names if name not in inherited)
        body["__match_args__"] = (*inherited, *own)
        if has_slots:
            body["__slots__"] = own
        late.made = type(cls)(cls.__name__, cls.__bases__, body)
        return late.made

    class _Late:
        """What a record has instead of its methods and fields, until one of them is asked for."""

        def __init__(self, written: dict[str, object], names: list[str], *, is_hashed: bool) -> None:
            """Take what the class was written as: what its fields are by default is told nowhere else."""
            self.made: type = object
            self._written, self._names, self._is_hashed = written, names, is_hashed

        def __get__(self, instance: object, owner: type) -> object:
            """Return the fields, as ``dataclasses.fields`` and ``replace`` want them; most are never asked."""
            made = self.made
            # without words about it, some would be put together
            alike = type(made)(made.__name__, made.__bases__, self._written | {"__doc__": made.__name__})
            dataclasses.dataclass(init=False, repr=False, eq=False)(alike)
            made.__dataclass_fields__, made.__dataclass_params__ = (
                alike.__dataclass_fields__,
                alike.__dataclass_params__,
            )
            return made.__dataclass_fields__

        def methods(self) -> dict[str, object]:
            """Return what finishes the class, and then does what was asked for."""

            def init(one: object, *given: object, **named: object) -> None:
                self._finish()
                self.made.__init__(one, *given, **named)

            def are_equal(one: object, other: object) -> bool:
                self._finish()
                return self.made.__eq__(one, other)

            return {"__init__": init, "__eq__": are_equal, "__repr__": _text, "__dataclass_fields__": self} | (
                {"__hash__": lambda one: self._finish() or self.made.__hash__(one)} if self._is_hashed else {}
            )

        def own_fields(self) -> dict[str, dataclasses.Field[object]]:
            """Return the fields that the class itself has, as far as its methods need them."""
            values = ((name, self._written.get(name, dataclasses.MISSING)) for name in self._names)
            return {
                name: value if isinstance(value, dataclasses.Field) else dataclasses.field(default=value)
                for name, value in values
            }

        def _finish(self) -> None:
            made, fields = self.made, _fields(self.made)
            compared = _values([name for name, field in fields.items() if field.compare])
            methods = {"__init__": _init(made.__qualname__, fields, self._written), "__eq__": _equality(compared)}
            if self._is_hashed:
                methods["__hash__"] = lambda one: hash(compared(one))
            for name in methods.keys() - self._written.keys():
                setattr(made, name, methods[name])

    def _fields(made: type) -> dict[str, dataclasses.Field[object]]:
        """Return the fields of a record by name, those of its bases first."""
        found: dict[str, dataclasses.Field[object]] = {}
        for base in reversed(made.__mro__):
            known = vars(base).get("__dataclass_fields__", {})
            found |= known.own_fields() if isinstance(known, _Late) else known
        return found

    def _init(
        qualname: str, fields: dict[str, dataclasses.Field[object]], written: dict[str, object]
    ) -> Callable[..., None]:
        """Write ``__init__``."""
        known: dict[str, object] = {"_MISSING": dataclasses.MISSING}
        given, lines = ["self"], []
        for name, field in fields.items():
            value = name
            if field.default_factory is not dataclasses.MISSING:
                known[f"_of_{value}"] = field.default_factory
                given.append(f"{value}=_MISSING")
                value = f"_of_{value}() if {value} is _MISSING else {value}"
            elif field.default is not dataclasses.MISSING:
                known[f"_of_{value}"] = field.default
                given.append(f"{value}=_of_{value}")
            else:
                given.append(value)
            lines.append(f"self.{name} = {value}")
        lines += ["self.__post_init__()"] if "__post_init__" in written else [] if lines else ["pass"]
        exec(f"def __init__({', '.join(given)}):\n " + "\n ".join(lines), known)  # noqa: S102  # of our own names
        init: Callable[..., None] = known["__init__"]
        init.__qualname__ = f"{qualname}.__init__"
        return init

    def _equality(values: Callable[[object], object]) -> Callable[[object, object], bool]:
        def are_equal(self: object, other: object) -> bool:
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        return are_equal

    def _text(self: object) -> str:
        names = (field.name for field in dataclasses.fields(self) if field.repr)
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def _values(names: list[str]) -> Callable[[object], object]:
        """Return what takes the values of these fields out of a record, to be compared or hashed."""
        if len(names) > 1:
            return attrgetter(*names)
        return lambda self: tuple(getattr(self, name) for name in names)
