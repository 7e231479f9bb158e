"""Which contacts are meant: ``where``, an expression as it stands in a template's ``{% if … %}``."""

from __future__ import annotations

import difflib
from collections.abc import Collection

import jinja2
import jinja2.meta

from notify.core.contact import FIELDS, Contact
from notify.core.late_pattern import late_pattern
from notify.errors import ConfigError, InputError
from notify.rendering.allowance import within_allowance
from notify.rendering.environment import BoundedEnvironment

_WRITTEN = 'Compare as in  country == "AT"  or  "GmbH" in company  or  row["Kundengruppe"] == "A".'
_ASSIGNS = late_pattern(r"(?<![=!<>])=(?!=)")
_NEVER = "range lipsum dict cycler joiner namespace".split()


class Condition:
    """A condition on the fields and columns of a contact.

    It may name every field (``country`` or ``contact.country``), every column that is called like a variable, and
    every other one as ``row["…"]``. A column that one of several files does not have is empty there.
    """

    def __init__(self, text: str, label: str, headers: Collection[str]) -> None:
        """Compile it.

        :param label: how the user knows it: ``where`` or ``--where``.
        :param headers: the columns of all contact files.
        :raises ConfigError: it cannot be read, or names what no contact has.
        """
        self._label = f"{label} '{text}'"
        environment = _environment()
        try:
            self._holds = environment.compile_expression(text, undefined_to_none=False)
            tree = environment.parse(f"{{{{ {text}\n}}}}")
        except jinja2.TemplateError as error:
            raise ConfigError(f"{self._label}: {_message_of(error)}.", hint=_hint(text)) from error
        except (RecursionError, SyntaxError, ValueError) as error:
            raise ConfigError(f"{self._label}: this is no condition.", hint=_WRITTEN) from error
        self._fields, self._columns = self._named(jinja2.meta.find_undeclared_variables(tree), headers)
        for node in tree.find_all(jinja2.nodes.Getitem):
            if isinstance(node.node, jinja2.nodes.Name) and node.node.name == "row":
                self._check_column(node.arg, headers)

    def holds(self, contact: Contact) -> bool:
        """Tell whether a contact is meant.

        :raises InputError: it cannot be told.
        """
        values: dict[str, object] = {name: contact.fields[name] for name in self._fields}
        values |= {name: contact.row.get(name, "") for name in self._columns}
        values |= {"contact": contact.fields, "row": _Row(contact.row)}
        try:
            return within_allowance(lambda: bool(self._holds(values)))
        except Exception as error:  # an expression may raise anything, as 1/0 does
            raise InputError(
                f"{self._label}: {_message_of(error)} (for the contact at {contact.origin}).",
                hint="Mend the condition.",
            ) from error

    def _named(self, names: Collection[str], headers: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Tell fields from columns; a field goes before a column of the same name."""
        fields = frozenset(name for name in names if name in FIELDS)
        columns = frozenset(name for name in names if name in headers) - fields
        for name in sorted(set(names) - fields - columns - {"contact", "row"}):
            raise ConfigError(f'{self._label}: there is no field and no column "{name}".', hint=_near(name, headers))
        return fields, columns

    def _check_column(self, argument: jinja2.nodes.Node, headers: Collection[str]) -> None:
        name = argument.value if isinstance(argument, jinja2.nodes.Const) else None
        if isinstance(name, str) and name not in headers:
            raise ConfigError(f'{self._label}: no contact file has a column "{name}".', hint=_near(name, headers))


class _Row(dict[str, str]):
    """The cells of a row; a column that its file does not have is empty."""

    def __missing__(self, header: str) -> str:
        return ""


def _environment() -> jinja2.Environment:
    environment = BoundedEnvironment(undefined=jinja2.StrictUndefined)
    for name in _NEVER:
        environment.globals.pop(name, None)
    return environment


def _message_of(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")


def _hint(text: str) -> str:
    return "Two are compared with ==, not with =." if _ASSIGNS.search(text) else _WRITTEN


def _near(name: str, headers: Collection[str]) -> str:
    fields = {field.casefold(): field for field in FIELDS}
    columns = {header.casefold(): f'row["{header}"]' for header in headers}
    near = difflib.get_close_matches(name.casefold(), {**columns, **fields}, 1)
    if near:
        return f"Did you mean {({**columns, **fields})[near[0]]}?"
    return f'The fields are {", ".join(FIELDS)}; a column of your file is row["…"].'
