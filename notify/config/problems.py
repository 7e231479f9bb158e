"""What is wrong with the settings, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notify.config.lines import Place
from notify.config.schema import KEYS
from notify.config.sections import REPEATED, header
from notify.config.values import as_written
from notify.core.record import record
from notify.errors import ConfigError, Problem

_HINT = "Mend it, then look again:  notify preview"

_KEYS = {key.path: key for key in KEYS}


@record(frozen=True, slots=True)
class Places:
    """Where everything stands: the lines of the file, and the options and variables that were laid over it."""

    filename: str
    lines: Mapping[Place, int]
    sources: Mapping[Place, str]

    def problem(self, place: Place, what: str) -> Problem:
        """Make the problem with a key; a file's line is followed by the name of the key."""
        if place in self.sources:
            return Problem(self.sources[place], what)
        return Problem(self.where(place), f"`{place[-1]}`: {what}")

    def where(self, place: Place) -> str:
        """Return ``notify.toml:12``, the line of the place or of what encloses it, or what else gave it."""
        for length in range(len(place), 0, -1):
            if line := self.lines.get(place[:length]):
                return f"{self.filename}:{line}"
            if source := self.sources.get(place[:length]):
                return source
        return self.filename


def missing(place: Place, places: Places) -> Problem:
    """Make the problem of a key that must be given, at the header of its section."""
    key = _KEYS[tuple(str(name) for name in place if not isinstance(name, int))]
    example = f"{key.name} = {as_written(key.about.example)}"
    return Problem(places.where(place), f"{header(key.section)} needs `{key.name}`, such as {example}")


def config_error(problems: Sequence[Problem], hint: str = _HINT) -> ConfigError:
    """Put the problems into the order of the file, and into one exception."""
    if len(problems) == 1:
        sentence = str(problems[0])
        return ConfigError(sentence if sentence.endswith("?") else f"{sentence}.", hint=hint, problems=problems)
    return ConfigError(
        f"{len(problems)} things must be mended in the settings.", hint=hint, problems=sorted(problems, key=_line)
    )


def _line(problem: Problem) -> int:
    line = problem.where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def no_section(place: Place, value: object) -> str:
    """Say how a section is written; ``[relay]`` and ``[[sender]]`` have a bracket too few or too many."""
    written = header(tuple(name for name in place if isinstance(name, str)))
    if isinstance(value, (dict, list)):
        return f"write {written}, with {'two brackets' if (place[0],) in REPEATED else 'single brackets'}"
    return f"{written} is a section: write {written} on a line of its own, and its keys below it"
