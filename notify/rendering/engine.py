"""The Jinja environments, sandboxed and strict, and Jinja's errors in our words: file, line, what."""

from __future__ import annotations

import difflib
import re
import traceback
from collections.abc import Callable, Collection, Iterator
from pathlib import Path, PurePath
from types import CodeType
from typing import Any

import jinja2
import jinja2.meta
from jinja2 import nodes
from jinja2.exceptions import SecurityError

from notify.core.column_words import nearest_header
from notify.core.late_pattern import late_pattern
from notify.errors import InputError, WithheldError
from notify.rendering import slots
from notify.rendering.allowance import TooMuchError, within_allowance
from notify.rendering.environment import BoundedEnvironment
from notify.rendering.message_file import Private, file_within, read_text, refuse_private
from notify.rendering.named import Named, compares_form, named_in, unknown_names
from notify.rendering.plain_filters import IDLE_FILTERS
from notify.rendering.syntax import header_on, wrong_quotes_on
from notify.rendering.uses import Uses, uses_in

#: What Jinja says of a name that has no value.
BARE_NAME = late_pattern(r"'(\w+)' is undefined")
#: Filters that would make HTML of a value before Markdown has run, or differ each time.
_LEFT_OUT = ("random", "tojson", "urlize", "xmlattr")


class NotGiven(jinja2.Undefined):
    """A detail that is not announced: it can be asked for and compared, but not printed, whatever filter is between."""

    __slots__ = ()
    __str__ = jinja2.Undefined._fail_with_undefined_error  # noqa: SLF001  # as jinja2's own subclasses do


class _WithheldError(jinja2.UndefinedError):
    """A detail is printed that the recipient may not see."""


def withheld(what: str) -> NotGiven:
    """Return what stands in the place of a detail that a recipient may not see; it is as if it was not given.

    :param what: that it may not be seen, so that who may not can be named behind it: ``new.iban may not be seen``.
    """
    return NotGiven(what, exc=_WithheldError)


class Engine:
    """Compiles the pieces of one template folder.

    ``plain`` prints values as they are, for headers and plain text; ``marked`` prints slots, for Markdown and HTML.
    Includes come from the template's own folder only.
    """

    def __init__(self, folder: Path, label: str, private: Private, *, names_columns: bool = False) -> None:
        """Compile what stands in a folder.

        :param names_columns: columns may stand by their bare names, and blocks leave their line ends, as elsewhere.
        """
        self._folder = folder
        self._names_columns = names_columns
        self._private = private
        self._label = PurePath(label)
        #: The text of every file that was included, by its name.
        self.included: dict[str, str] = {}
        self._checked: set[tuple[str, bool]] = set()
        #: What all pieces name of a contact.
        self.named = Named()
        #: The variables that all pieces use.
        self.used: set[str] = set()
        #: What all pieces do with that of which recipients have each their own.
        self.uses = Uses()
        loader = jinja2.FunctionLoader(self._load)
        self._plain = _environment(loader, autoescape=False, trim=not names_columns)
        self._marked = _environment(loader, autoescape=True, trim=not names_columns)

    def compile(self, text: str, label: str, line: int, *, marked: bool, also: Collection[str] = ()) -> jinja2.Template:
        """Compile a piece of a template that begins at ``line`` of the file ``label``.

        :param also: variables that this piece knows beside those of every template.
        :raises InputError: syntax, an unknown filter or test, or a name that cannot be known; with file and line.
        """
        environment: jinja2.Environment = self._marked if marked else self._plain
        # Jinja counts lines from the beginning of what it is given: so the lines before it are given as empty ones
        text = "\n" * (line - 1) + text
        self._check(text, label, (PurePath(label).name,), marked=marked, also=also)
        try:
            code: CodeType = environment.compile(text, label, label)
        except (RecursionError, SyntaxError) as error:
            raise InputError(f"{label}: blocks are nested too deeply.") from error
        return jinja2.Template.from_code(environment, code, environment.make_globals(None))

    def compares_form(self, text: str) -> bool:
        """Tell whether a piece that was compiled asks how its reader is greeted; what it includes does not count."""
        return compares_form(self._plain.parse(text))

    def know_headers(self, headers: Collection[str]) -> None:
        """Take note of the columns that the contact files have, for what is said of one that is not there."""
        self._plain.headers = self._marked.headers = tuple(headers)

    def label_of(self, name: str) -> str:
        """Return a file of the template's folder as the user would name it."""
        return (self._label / name).as_posix()

    def _check(self, text: str, label: str, within: tuple[str, ...], *, marked: bool, also: Collection[str]) -> None:
        """Check a file and what it includes.

        :param within: the names of the files that this one is included by, and its own.
        """
        environment = self._marked if marked else self._plain
        try:
            tree = environment.parse(text, label, label)
            _refuse_unknown_filters(tree, environment, label)
            undeclared = jinja2.meta.find_undeclared_variables(tree)
        except jinja2.TemplateSyntaxError as error:
            raise _unreadable(text, label, error) from error
        except (RecursionError, ValueError) as error:
            raise InputError(f"{label}: the template cannot be read: {_sentence(str(error))}.") from error
        if marked and (block := tree.find(nodes.FilterBlock)) is not None:
            raise InputError(
                f"{label}:{block.lineno}: a whole block cannot be filtered here.",
                hint="Put the filter on the values: {{ value|upper }}",
            )
        self._name(tree, undeclared, environment, label, also, text=text)
        self.used |= undeclared
        self.uses |= uses_in(tree, also, names_columns=self._names_columns)
        for name, line in _includes(tree):
            if name is None:
                raise InputError(
                    f"{label}:{line}: what is included must be named in the template, not computed.",
                    hint='Write  {% include "NAME" %}, inside {% if … %} where it depends on something.',
                )
            if name in within:
                raise InputError(f"{label}:{line}: {name} includes itself.", hint="Remove this line.")
            if name not in self.included:
                self.included[name] = self._read(name, f"{label}:{line}")
            if (name, marked) not in self._checked:
                self._checked.add((name, marked))
                self._check(self.included[name], self.label_of(name), (*within, name), marked=marked, also=also)

    def _name(
        self,
        tree: nodes.Template,
        undeclared: set[str],
        environment: jinja2.Environment,
        label: str,
        also: Collection[str],
        *,
        text: str,
    ) -> None:
        """Note what a piece names, and refuse what nobody can know; any name may be a column where these stand bare."""
        self.named |= named_in(tree)
        if self._names_columns and not also:
            self.named |= Named(row=frozenset(undeclared.difference(environment.globals, ("row",))))
            return
        for unknown in unknown_names(tree, undeclared - set(also)):
            wrong = header_on(text, unknown.line) or unknown
            raise InputError(f"{label}:{wrong.line}: {wrong.what}.", hint=wrong.hint)

    def _read(self, name: str, where: str) -> str:
        path = file_within(self._folder, name)
        if path is None:
            raise InputError(
                f"{where}: {name} is not in the template's folder, so it cannot be included.",
                hint="Put it beside the message.",
            )
        refuse_private(path, self._private, f"{where}: {name} may not be included")
        return read_text(path, self.label_of(name))

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]]:
        return self.included[name], self.label_of(name), lambda: True


def render(template: jinja2.Template, variables: dict[str, object], who: str) -> str:
    """Render a compiled piece.

    :param who: where the contact stands, for the error.
    :raises InputError: whatever goes wrong in the template, with file, line and contact.
    """
    try:
        return within_allowance(lambda: template.render(variables))
    except Exception as error:  # a template may raise anything, as 1/0 does
        raise _worded(error, template, who) from error


def _unreadable(text: str, label: str, error: jinja2.TemplateSyntaxError) -> InputError:
    if meant := wrong_quotes_on(text, error.lineno) or header_on(text, error.lineno):
        return InputError(f"{label}:{meant.line}: {meant.what}.", hint=meant.hint)
    return InputError(f"{label}:{error.lineno}: {_sentence(error.message or '')}.", hint="Mend the template.")


def _worded(error: Exception, template: jinja2.Template, who: str) -> InputError:
    # Jinja puts the template's own files and lines into the traceback; all others are Python's
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<") and not frame.filename.endswith(".py")
    ]
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else str(template.name)
    what = _sentence(str(error)) or type(error).__name__
    if isinstance(error, RecursionError):
        what = "a macro, a block or a loop calls itself without an end"
    elif isinstance(error, OverflowError) or "integer string conversion" in what:
        what = "a number becomes too large"
    if isinstance(error, _WithheldError):
        return WithheldError.at(where, what, who)
    if isinstance(error, SecurityError):
        what = f"templates may not do this: {what}"
    hint = "Mend the template, or the contact's row."
    if isinstance(error, TooMuchError):
        hint = "Mend the template: no message needs so much."
    if isinstance(error, jinja2.UndefinedError) and (column := BARE_NAME.fullmatch(what)):
        what = f'there is no column "{column[1]}"'
        hint = "Name the column as the file's header does."
    if isinstance(error, jinja2.UndefinedError) and "'dict object' has no" in what:
        what = re.sub(r"'dict object' has no \w+", "there is no column", what)
        hint = _no_column(what, template)
    what = re.sub(r"'[^']* object' has no \w+", "there is no", what)
    return InputError(f"{where}: {what} (for the contact at {who}).", hint=hint)


def _no_column(what: str, template: jinja2.Template) -> str:
    """Return the mend for a column that is not there: the one that is probably meant, where the files have one."""
    name = what.partition("'")[2].rpartition("'")[0]
    headers = template.environment.headers if isinstance(template.environment, _Environment) else ()
    # one that some of the files have is lacking in the contact's own alone
    if name not in headers and (near := nearest_header(name, headers)):
        return f'Did you mean row["{near}"]?'
    return 'Name the column as the file\'s header does, or write {{ row["…"]|default("") }}.'


def _sentence(text: str) -> str:
    return text.rstrip(".")


def _includes(tree: nodes.Template) -> Iterator[tuple[str | None, int]]:
    """Yield the name of every file that is included, None for one that is computed, and the line."""
    for node in tree.find_all(nodes.Stmt):
        if not isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            continue
        named = node.template.items if isinstance(node.template, nodes.List | nodes.Tuple) else [node.template]
        for name in named:
            if isinstance(name, nodes.Const) and isinstance(name.value, str):
                yield name.value, node.lineno
            else:
                yield None, node.lineno


def _refuse_unknown_filters(tree: nodes.Template, environment: jinja2.Environment, label: str) -> None:
    """Find them all: Jinja itself looks for those inside {% if … %} only when the branch is taken."""
    for kind, there, known in (
        ("filter", nodes.Filter, environment.filters),
        ("test", nodes.Test, environment.tests),
    ):
        for node in tree.find_all(there):
            if node.name not in known:
                near = difflib.get_close_matches(node.name, known, 1)
                raise InputError(
                    f'{label}:{node.lineno}: there is no {kind} "{node.name}".',
                    hint=f"Did you mean {near[0]}?" if near else "Mend the template.",
                )


class _Environment(BoundedEnvironment):
    concat = staticmethod(slots.join)
    #: The columns of the contact files, where they are known.
    headers: tuple[str, ...] = ()


def _environment(loader: jinja2.BaseLoader, *, autoescape: bool, trim: bool) -> _Environment:
    environment = _Environment(
        loader=loader,
        autoescape=autoescape,
        undefined=jinja2.StrictUndefined,
        finalize=slots.print_value,
        trim_blocks=trim,
        lstrip_blocks=trim,
        keep_trailing_newline=True,
    )
    for name in _LEFT_OUT:
        del environment.filters[name]
    del environment.globals["lipsum"]
    # values are escaped when they are put back into the HTML, and only there
    environment.filters |= dict.fromkeys(IDLE_FILTERS, _as_it_is)
    return environment


def _as_it_is(value: Any) -> Any:  # noqa: ANN401  # a filter takes whatever stands before it
    return value
