"""Every key of notify.toml, one by one, read from the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeVar, get_args

from notify.config.about import About, Kind, Section
from notify.config.schema import Configuration
from notify.core.contact import FIELDS

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Mark = TypeVar("Mark", About, Kind)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section. ``default`` is as it would be written; None or empty when there is no constant one."""

    section: tuple[str, ...]
    name: str
    kind: str
    about: About
    required: bool = False
    default: object = None

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands, with the section in front."""
        return (*self.section, self.name)

    @property
    def variable(self) -> str:
        """Its environment variable; empty for what only a file can say well."""
        return "" if self.section == COLUMNS else "NOTIFY_" + "_".join(self.path).upper()


@dataclass(frozen=True, slots=True)
class Table:
    """One section with its keys."""

    path: tuple[str, ...]
    about: About
    keys: tuple[Key, ...]

    @property
    def header(self) -> str:
        """Its line in the file."""
        return header(self.path)


#: The section whose keys are the fields of a contact.
COLUMNS = ("contacts", "columns")

_COLUMN_EXAMPLES = {"last_name": "Name 1"}


def header(section: tuple[str, ...]) -> str:
    """Return how a section is written in the file; several relays are possible in its grammar."""
    return "[[relay]]" if section == ("relay",) else f"[{'.'.join(section)}]"


def _tables(model: type[Section], path: tuple[str, ...], about: About) -> Iterator[Table]:
    """Yield a section with its plain keys, then the sections in it."""
    keys: list[Key] = []
    inner: list[Iterable[Table]] = []
    for name, info in model.model_fields.items():
        name = info.alias or name  # noqa: PLW2901  # as it is written
        place = (*path, name)
        if place == COLUMNS:
            inner.append([Table(place, _find(About, info), tuple(map(_column, FIELDS)))])
        elif section := _section(info):
            inner.append(_tables(section, place, _find(About, info)))
        else:
            keys.append(_key(path, name, info))
    yield Table(path, about, tuple(keys))
    yield from chain.from_iterable(inner)


def _section(info: FieldInfo) -> type[Section] | None:
    """Return the model of the section, or of the repeated section, that stands under a name."""
    kinds = (info.annotation, *get_args(info.annotation))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Section)), None)


def _key(section: tuple[str, ...], name: str, info: FieldInfo) -> Key:
    kind, about = _find(Kind, info).words, _find(About, info)
    if info.is_required() or about.required:
        return Key(section, name, kind, about, required=True)
    return Key(section, name, kind, about, default=info.default)


def _column(field: str) -> Key:
    return Key(
        COLUMNS, field, "header of a column", About(FIELDS[field], "", _COLUMN_EXAMPLES.get(field), active=False)
    )


def _find(kind: type[Mark], info: FieldInfo) -> Mark:
    return next(mark for mark in info.metadata if isinstance(mark, kind))


#: All sections, in the order of the file.
TABLES: tuple[Table, ...] = tuple(_tables(Configuration, (), About("", "")))[1:]

#: All keys, in the order of the file.
KEYS: tuple[Key, ...] = tuple(key for table in TABLES for key in table.keys)
