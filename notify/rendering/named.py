"""What a template names: checked before anything is rendered, and all of a contact that the ledger keeps."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from jinja2 import nodes

from notify.core.announcement import THINGS
from notify.core.audience import kept
from notify.core.campaign import DETAIL_LABELS
from notify.core.column_words import field_of
from notify.core.contact import FIELDS
from notify.core.record import record
from notify.rendering.syntax import as_column

_DETAILS = tuple(DETAIL_LABELS["en"])
_SENDER = ("name", "email", "reply_to", "footer")

#: Every variable of a template, with the names behind its dot; None where there is no dot or any name will do.
VARIABLES: dict[str, tuple[str, ...] | None] = {
    "contact": tuple(FIELDS),
    "row": None,
    "salutation": None,
    "language": None,
    "form": None,
    "old": _DETAILS,
    "new": _DETAILS,
    "changes": None,
    "sender": _SENDER,
    "effective": None,
    "old_works_until": None,
    "announcement": None,
    "what_changes": None,
    "when": None,
    "changed": tuple(THINGS),
    "unchanged": None,
    "former": None,
    "former_count": None,
    "known_as": None,
    "comparison": None,
    "effective_is": None,
    "old_works_until_is": None,
    "sent_from": None,
    "verify_by": None,
    "code": None,
    "unsubscribe": ("link",),
}


@record(frozen=True, slots=True)
class Named:
    """The fields of a contact and the headers of its row that templates name; None is all of them."""

    contact: frozenset[str] | None = frozenset()
    row: frozenset[str] | None = frozenset()

    def __or__(self, other: Named) -> Named:
        return Named(_both(self.contact, other.contact), _both(self.row, other.row))

    @property
    def described(self) -> str:
        """What is named, as text: the same for the same names."""
        contact, row = (sorted(names) if names is not None else "all" for names in (self.contact, self.row))
        return f"contact: {contact}; row: {row}"

    def of(
        self, fields: Mapping[str, str], row: Mapping[str, str], audiences: Iterable[str] = ()
    ) -> dict[str, Mapping[str, str] | str]:
        """Return only what is named, of a contact's fields and row; and to which audiences it belongs."""
        return {"contact": _only(fields, self.contact), "row": _only(row, self.row), **kept(audiences)}


@record(frozen=True, slots=True)
class UnknownName:
    """A name that no template can know, and the line on which it stands."""

    line: int
    what: str
    hint: str


def named_in(tree: nodes.Template) -> Named:
    """Return what a compiled template names of ``contact`` and of ``row``."""
    return Named(_names_behind(tree, "contact"), _names_behind(tree, "row"))


def compares_form(tree: nodes.Template) -> bool:
    """Tell whether a template asks itself how its reader is greeted: then it has words for both."""
    asked: list[nodes.Node] = [*tree.find_all(nodes.Compare)]
    asked += [node.test for node in tree.find_all(nodes.If)]
    asked += [node.test for node in tree.find_all(nodes.CondExpr)]
    return any(
        member(node) == ("contact", "form") or (isinstance(node, nodes.Name) and node.name == "form")
        for question in asked
        for node in (question, *question.find_all((nodes.Name, nodes.Getattr, nodes.Getitem)))
    )


def unknown_names(tree: nodes.Template, undeclared: Iterable[str]) -> list[UnknownName]:
    """Return every variable and every name behind a dot that does not exist, in the order of the lines.

    :param undeclared: the variables that the template does not set itself, or not in all of its branches.
    """
    # what is set in one branch only is known to the template's author, and fails when it is printed in the other
    undeclared = set(undeclared) - _set_in(tree)
    found: list[UnknownName] = []
    for node, bound in _with_bound(tree):
        if isinstance(node, nodes.Name):
            if node.name in undeclared - bound and node.name not in VARIABLES:
                what = f'"{node.name}" is not defined'
                found.append(UnknownName(node.lineno, what, _nearest_variable(node.name)))
        elif (named := member(node)) is not None:
            base, name = named
            known = VARIABLES.get(base) if base in undeclared - bound else None
            if known is not None and name not in known:
                found.append(UnknownName(node.lineno, f'"{base}.{name}" is not defined', _nearest(base, name, known)))
    return sorted(found, key=lambda unknown: unknown.line)


def member(node: nodes.Node) -> tuple[str, str] | None:
    """Return variable and name of ``variable.name`` and of ``variable["name"]``; None for everything else."""
    if isinstance(node, nodes.Getattr | nodes.Getitem) and isinstance(node.node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            return node.node.name, node.attr
        if isinstance(node.arg, nodes.Const):
            return node.node.name, str(node.arg.value)
    return None


def _set_in(tree: nodes.Template) -> set[str]:
    """Return the variables that a template sets by ``{% set … %}``."""
    return {
        name.name
        for node in tree.find_all(nodes.Stmt)
        if isinstance(node, nodes.Assign | nodes.AssignBlock)
        for name in _names_in(node.target)
    }


def _with_bound(node: nodes.Node, bound: frozenset[str] = frozenset()) -> Iterator[tuple[nodes.Node, frozenset[str]]]:
    """Yield every node with the names that the loops and macros around it give values to."""
    yield node, bound
    if isinstance(node, nodes.For):
        bound |= {name.name for name in _names_in(node.target)}
    elif isinstance(node, nodes.Macro | nodes.CallBlock):
        bound |= {name.name for name in node.args}
    elif isinstance(node, nodes.With):
        bound |= {name.name for target in node.targets for name in _names_in(target)}
    for child in node.iter_child_nodes():
        yield from _with_bound(child, bound)


def _names_in(target: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(target, nodes.Name):
        yield target
    yield from target.find_all(nodes.Name)


def _names_behind(tree: nodes.Template, variable: str) -> frozenset[str] | None:
    names: set[str] = set()
    explained = 0
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        named = member(node)
        if named is None or named[0] != variable:
            continue
        # row.items() and row.get(…) may name any
        if not (isinstance(node, nodes.Getattr) and hasattr(dict, node.attr)):
            names.add(named[1])
            explained += 1
    uses = sum(1 for node in tree.find_all(nodes.Name) if node.name == variable and node.ctx == "load")
    # used in some other way, in a loop or by a computed name: then any of it may be named
    return frozenset(names) if uses == explained else None


def _nearest_variable(name: str) -> str:
    if name in FIELDS:
        return f"Did you mean contact.{name}?"
    if field_of(name):
        return as_column(name)
    if near := difflib.get_close_matches(name, VARIABLES, 1):
        return f"Did you mean {near[0]}?"
    return f'The variables are {", ".join(VARIABLES)}; a column of your file is row["{name}"].'


def _nearest(base: str, attribute: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(attribute, known, 1)
    field = field_of(attribute)
    if base == "contact" and field:
        near = [field]
    if near:
        return f"Did you mean {base}.{near[0]}?"
    column = f' A column of your file is row["{attribute}"].' if base == "contact" else ""
    return f"There are {', '.join(f'{base}.{name}' for name in known)}.{column}"


def _both(names: frozenset[str] | None, others: frozenset[str] | None) -> frozenset[str] | None:
    return None if names is None or others is None else names | others


def _only(values: Mapping[str, str], names: frozenset[str] | None) -> dict[str, str]:
    if names is None:
        return dict(values)
    # most templates name nothing of the one or of the other
    return {name: value for name, value in values.items() if name in names} if names else {}
