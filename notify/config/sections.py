"""What notify.toml is made of: sections with their keys, the type of each key, and what people read about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import field, fields, replace
from typing import Generic, TypeVar

from notify.core.record import record

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

#: What can stand as the value of a key in the sample file.
Example = str | int | bool | dt.date | tuple[str, ...]

_METADATA = "key"


@record(frozen=True, slots=True)
class Type(Generic[T_co]):
    """The type of a key: how the reference calls it, and its reader.

    A reader takes what TOML, an option or a variable gave, and returns the value that the program uses. It raises
    ValueError with one sentence for the user.
    """

    words: str
    read: Callable[[object], T_co]


@record(frozen=True, slots=True)
class About:
    """What people read about a key or a section, in both languages.

    ``example`` is its value in the sample file, ``old_example`` the one in [change.old]; the sample leaves out a key
    without one, and comments it out unless ``active``. ``default`` is for the reference, where the default is no
    constant; ``option`` is the name on the command line. What is ``required`` may be missing for those commands that
    only look at the contacts, so it is not demanded where the section is read.
    """

    en: str
    de: str
    example: Example | None = None
    old_example: Example | None = None
    active: bool = True
    default: str = ""
    option: str = ""
    required: bool = False


@record(frozen=True, slots=True)
class Key:
    """A key of a section: its name in the file, and the field that keeps its value, which is mostly called the same."""

    name: str
    type: Type[object]
    about: About
    default: object = ""
    field: str = ""
    section: tuple[str, ...] = ()
    has_variable: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands, with the section in front."""
        return (*self.section, self.name)

    @property
    def variable(self) -> str:
        """Its environment variable; empty for what only a file can say well."""
        return "NOTIFY_" + "_".join(self.path).upper() if self.has_variable else ""


def setting(type_: Type[T], about: About, *, default: T, name: str = "") -> T:
    """Declare a key as a field of a dataclass.

    :param default: what the field holds when the key is not given.
    :param name: how the key is called in the file, if not like the field.
    """
    return field(default=default, metadata={_METADATA: Key(name, type_, about, default)})


def declared_keys(settings: type) -> Iterator[Key]:
    """Yield the keys that a dataclass declares, in their order."""
    for declared in fields(settings):
        if found := declared.metadata.get(_METADATA):
            yield replace(found, name=found.name or declared.name, field=declared.name)


def _nothing_wrong(_made: object, _failed: Collection[str]) -> Iterator[tuple[str, str]]:
    return iter(())


class Section(Generic[T]):
    """A section of the file: its keys, and what is made of them.

    ``make`` takes the values of those keys that are given, by the names of their fields. ``check`` is for what one
    key means beside another: it is given what was made and the names of the keys that could not be read, and yields
    the names of keys with what is wrong there.
    """

    def __init__(
        self,
        path: tuple[str, ...],
        about: About,
        keys: Iterable[Key],
        make: Callable[..., T],
        check: Callable[[T, Collection[str]], Iterable[tuple[str, str]]] = _nothing_wrong,
    ) -> None:
        self.path = path
        self.about = about
        self.keys = tuple(replace(key, field=key.field or key.name, section=path) for key in keys)
        self.make = make
        self.check = check

    @property
    def header(self) -> str:
        """Its line in the file."""
        return header(self.path)


#: The sections of which there may be several, in the order of the file.
REPEATED = frozenset({("relay",), ("audience",)})


def header(section: tuple[str, ...]) -> str:
    """Return how a section is written in the file; several relays are possible in its grammar."""
    return f"[[{section[0]}]]" if section in REPEATED else f"[{'.'.join(section)}]"
