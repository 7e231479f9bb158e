"""Reading the sections of notify.toml: each value by its reader, and every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from notify.config.lines import Place
from notify.config.problems import Places, no_section
from notify.config.schema import SECTIONS
from notify.config.sections import Key, Section
from notify.config.unknown import unknown
from notify.errors import Problem

T = TypeVar("T")


class Reading:
    """Reads the sections of one file, one after the other, and collects what is wrong with them.

    What could not be read has its default in what is returned; it is of no use when there are :attr:`problems`.
    """

    def __init__(self, values: Mapping[str, Any], places: Places) -> None:
        self._values = values
        self._places = places
        #: What is wrong with the file, each with its line, its variable or its option.
        self.problems: list[Problem] = []
        self._refuse_unknown(values, ())

    def section(self, section: Section[T]) -> T:
        """Read a section; one that is left out is read as an empty one."""
        values: object = self._values
        for name in section.path:
            values = values.get(name, {}) if isinstance(values, dict) else {}
        return self._read(section, values, section.path)

    def repeated(self, section: Section[T]) -> tuple[T, ...]:
        """Read a section that may stand there several times, or not at all."""
        found = self._values.get(section.path[0], [])
        if not isinstance(found, list):
            self.problems.append(Problem(self._places.where(section.path), no_section(section.path, found)))
            return ()
        return tuple(self._read(section, values, (*section.path, number)) for number, values in enumerate(found))

    def _read(self, section: Section[T], values: object, place: Place) -> T:
        if not isinstance(values, dict):
            self.problems.append(Problem(self._places.where(place), no_section(place, values)))
            return section.make()
        given: dict[str, object] = {}
        failed: set[str] = set()
        for key in section.keys:
            if key.name in values and not self._read_key(key, values[key.name], place, given):
                failed.add(key.name)
        made = section.make(**given)
        for name, what in section.check(made, failed):
            self.problems.append(self._places.problem((*place, name), what))
        self._refuse_unknown(values, place)
        return made

    def _read_key(self, key: Key, value: object, place: Place, given: dict[str, object]) -> bool:
        """Put what stands at a key into the field that it is given in; tell whether it could be read."""
        try:
            given[key.field] = key.type.read(value)
        except ValueError as err:
            self.problems.append(self._places.problem((*place, key.name), str(err)))
            return False
        return True

    def _refuse_unknown(self, values: Mapping[str, object], place: Place) -> None:
        path = tuple(name for name in place if isinstance(name, str))
        known = {key.name for section in SECTIONS if section.path == path for key in section.keys}
        known |= {section.path[-1] for section in SECTIONS if section.path[:-1] == path}
        for name, value in values.items():
            if name not in known:
                self.problems.append(Problem(self._places.where((*place, name)), unknown((*place, name), value)))
