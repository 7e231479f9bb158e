"""What the ``Attachment:`` lines of a message name: files for everybody, or those that a contact's row names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from notify.core.late_pattern import late_pattern
from notify.core.message import Attachment
from notify.core.record import record
from notify.errors import ChangedError, InputError, Problem
from notify.rendering.engine import Engine, render
from notify.rendering.files import FileError, Files, Found
from notify.rendering.message_file import HeaderLine, MessageFile

if TYPE_CHECKING:
    import jinja2

_APART = late_pattern(r"[;\n]")


@record(frozen=True, slots=True)
class OwnFiles:
    """The files of one recipient, by name and digest, and what is wrong with those that cannot be attached."""

    files: dict[str, str]
    octets: int
    problems: tuple[Problem, ...]


@record(frozen=True, slots=True)
class _Line:
    """One line of the header block. ``found`` is for everybody; without it ``names`` tells whose own files it names."""

    where: str
    value: str
    found: Found | None
    names: jinja2.Template | None


class Attachments:
    """The attachments of a message file, in the order of its lines."""

    def __init__(self, source: MessageFile, engine: Engine, files: Files) -> None:
        """Read what goes to everybody.

        :raises InputError: one of them cannot be attached, with file and line.
        """
        self._files = files
        self._lines = tuple(self._read(line, source, engine) for line in source.attachments)
        self._parts = {
            f"{source.label}: attachment {line.value}": line.found.digest for line in self._lines if line.found
        }

    @property
    def parts(self) -> dict[str, str]:
        """The digest of each file that goes to everybody, by its name as the template says it."""
        return self._parts

    @property
    def common(self) -> tuple[Attachment, ...]:
        """Those that go to everybody."""
        return tuple(line.found.attachment for line in self._lines if line.found)

    @property
    def files(self) -> dict[str, Attachment]:
        """The same by their names as the template says them."""
        return {line.value: line.found.attachment for line in self._lines if line.found}

    @property
    def has_own(self) -> bool:
        """Whether a contact's row can name files."""
        return any(line.names for line in self._lines)

    def own(self, variables: dict[str, object], who: str) -> OwnFiles:
        """Look at the files that a recipient's row names.

        :raises InputError: their names cannot be rendered.
        """
        files: dict[str, Found] = {}
        problems = []
        for line in self._lines:
            for name in self._names(line, variables, who):
                try:
                    files[name] = self._files.own(name)
                except FileError as error:
                    problems.append(Problem(who, f"{error} ({line.where})"))
        octets = sum(len(found.attachment.octets) for found in files.values())
        return OwnFiles({name: found.digest for name, found in files.items()}, octets, tuple(problems))

    def of(self, variables: dict[str, object], looked_at: Mapping[str, str], who: str) -> tuple[Attachment, ...]:
        """Return what a recipient gets.

        :param looked_at: the digest of each of its own files when it was enrolled; what is not there is looked at now.
        :raises InputError: a file cannot be attached.
        :raises ChangedError: a file is another one than it was.
        """
        if not self.has_own:
            return self.common
        taken: list[Attachment] = []
        for line in self._lines:
            if line.found:
                taken.append(line.found.attachment)
            taken += (self._own(name, line, looked_at, who) for name in self._names(line, variables, who))
        return tuple(taken)

    def _own(self, name: str, line: _Line, looked_at: Mapping[str, str], who: str) -> Attachment:
        before = looked_at.get(name, "")
        whose = f"(for the contact at {who})"
        try:
            found = self._files.own(name, before)
        except FileError as error:
            kind: Callable[..., InputError] = ChangedError if before else InputError
            raise kind(f"{line.where}: {error} {whose}.", hint=error.hint) from error
        if before and found.digest != before:
            raise ChangedError(
                f"{line.where}: the attachment {name} has changed since this run looked at it {whose}.",
                hint="Begin again, with the files as they are to be sent:  notify send",
            )
        return found.attachment

    def _names(self, line: _Line, variables: dict[str, object], who: str) -> Iterator[str]:
        """Yield the names that a line has for a recipient; several stand with a semicolon between them."""
        if line.names is not None:
            names = map(str.strip, _APART.split(render(line.names, variables, who)))
            yield from dict.fromkeys(filter(None, names))

    def _read(self, line: HeaderLine, source: MessageFile, engine: Engine) -> _Line:
        where = f"{source.label}:{line.line}"
        if "{{" in line.value or "{%" in line.value:
            names = engine.compile(line.value, source.label, line.line, marked=False)
            return _Line(where, line.value, None, names)
        try:
            return _Line(where, line.value, self._files.common(line.value), None)
        except FileError as error:
            raise InputError(f"{where}: {error}.", hint=error.hint) from error
