"""The Jinja environments, sandboxed and strict, and Jinja's errors in our words: file, line, what."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection
from pathlib import Path
from types import CodeType

import jinja2
import jinja2.meta
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notify.errors import InputError
from notify.rendering.named import Named, named_in, unknown_names
from notify.rendering.slots import print_value
from notify.rendering.source import read_text


class Engine:
    """Compiles the pieces of one template folder.

    ``plain`` prints values as they are, for headers and plain text; ``marked`` escapes them for HTML, and is what
    slots work with. Includes come from the template's own folder only.
    """

    def __init__(self, folder: Path, shown: str) -> None:
        self._folder = folder
        self._shown = shown
        #: The text of every file that was included, by its name.
        self.included: dict[str, str] = {}
        #: What all pieces name of a contact.
        self.named = Named()
        loader = jinja2.FunctionLoader(self._load)
        self._plain = _environment(loader, autoescape=False)
        self._marked = _environment(loader, autoescape=True)

    def compile(self, text: str, shown: str, line: int, *, marked: bool, also: Collection[str] = ()) -> jinja2.Template:
        """Compile a piece of a template that begins at ``line`` of the file ``shown``.

        :param also: variables that this piece knows beside those of every template.
        :raises InputError: syntax, an unknown filter or test, or a name that cannot be known; with file and line.
        """
        environment = self._marked if marked else self._plain
        # Jinja counts lines from the beginning of what it is given: so the lines before it are given as empty ones
        text = "\n" * (line - 1) + text
        try:
            self._check(environment, text, shown, also)
            code: CodeType = environment.compile(text, shown, shown)
        except jinja2.TemplateSyntaxError as error:
            raise InputError(
                f"{error.filename or shown}:{error.lineno}: {error.message}.", hint="Mend the template."
            ) from error
        return jinja2.Template.from_code(environment, code, environment.make_globals(None))

    def _check(self, environment: jinja2.Environment, text: str, shown: str, also: Collection[str]) -> None:
        tree = environment.parse(text, shown, shown)
        for unknown in unknown_names(tree, jinja2.meta.find_undeclared_variables(tree) - set(also)):
            raise InputError(f"{shown}:{unknown.line}: {unknown.what}.", hint=unknown.hint)
        self.named |= named_in(tree)
        for name in jinja2.meta.find_referenced_templates(tree):
            if name is None:
                raise InputError(f"{shown}: what is included must be named in the template, not computed.")
            if name not in self.included:
                self._check(environment, self._include(name), self._shown_as(name), also)

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]]:
        return self.included[name], self._shown_as(name), lambda: True

    def _include(self, name: str) -> str:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise InputError(
                f"{self._shown_as(name)}: the file that is included is not in the template's folder.",
                hint="Put it beside the message.",
            )
        self.included[name] = read_text(path, self._shown_as(name))
        return self.included[name]

    def _shown_as(self, name: str) -> str:
        return f"{self._shown}/{name}"


def render(template: jinja2.Template, variables: dict[str, object], who: str) -> str:
    """Render a compiled piece.

    :param who: where the contact stands, for the error.
    :raises InputError: whatever goes wrong in the template, with file, line and contact.
    """
    try:
        return template.render(variables)
    except Exception as error:  # a template may raise anything: 1/0 stands in it as well
        raise _worded(error, template, who) from error


def _worded(error: Exception, template: jinja2.Template, who: str) -> InputError:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == template.name or frame.filename.endswith((".md", ".txt", ".html"))
    ]
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(template.name)
    what = str(error).replace("'dict object' has no attribute", "there is no column") or type(error).__name__
    if isinstance(error, SecurityError):
        what = f"templates may not do this: {what}"
    hint = "Mend the template, or the contact's row."
    if isinstance(error, jinja2.UndefinedError) and "no column" in what:
        hint = 'Name the column as the file\'s header does, or write {{ row["…"]|default("") }}.'
    return InputError(f"{where}: {what} (for the contact at {who}).", hint=hint)


def _environment(loader: jinja2.BaseLoader, *, autoescape: bool) -> jinja2.Environment:
    return ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=autoescape,
        undefined=jinja2.StrictUndefined,
        finalize=print_value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
