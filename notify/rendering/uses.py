"""What a template does with the values of a recipient: prints them, asks whether they are there, or goes by them.

Where all that decides is known beforehand, what is printed is known too, but for the values. So what is read here from
the syntax tree must never be too little: whatever is not understood decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from jinja2 import nodes

from notify.core.record import record
from notify.rendering.named import VARIABLES, member
from notify.rendering.plain_filters import IDLE_FILTERS, PLAIN_FILTERS


class Source(NamedTuple):
    """A value of a recipient: a field of ``contact``, a cell of ``row``, or one that has a name of its own.

    ``filters`` are the plain ones that it has gone through, in their order.
    """

    group: str
    name: str
    filters: tuple[str, ...] = ()

    @property
    def unfiltered(self) -> Source:
        """The value itself."""
        return Source(self.group, self.name)


SALUTATION, CODE, UNSUBSCRIBE = Source("", "salutation"), Source("", "code"), Source("", "unsubscribe")
#: What the layout prints of each message.
SUBJECT = Source("", "subject")

_BY_NAME = {source.name: source for source in (SALUTATION, CODE, UNSUBSCRIBE)}
_GROUPS = ("contact", "row")
#: What stands beside them where a recipient is kept, for nobody to print.
_HIDDEN = ("files", "greeting", "token")


@record(frozen=True, slots=True)
class Uses:
    """How the pieces of a template use what is different for each recipient.

    ``printed``: as it is, or through plain filters; then what these are given is among it, too. ``asked``: whether it
    is there, and not empty. ``compared``: whether it is a certain text. ``deciding``: in any other way. Without
    ``is_clear`` any of them may do anything.
    """

    printed: frozenset[Source] = frozenset()
    asked: frozenset[Source] = frozenset()
    compared: frozenset[tuple[Source, str]] = frozenset()
    deciding: frozenset[Source] = frozenset()
    is_clear: bool = True

    def __or__(self, other: Uses) -> Uses:
        return Uses(
            self.printed | other.printed,
            self.asked | other.asked,
            self.compared | other.compared,
            self.deciding | other.deciding,
            self.is_clear and other.is_clear,
        )


def uses_in(tree: nodes.Template, also: Collection[str] = (), *, names_columns: bool) -> Uses:
    """Return what a template that was parsed does; what it includes does not count.

    :param also: variables that it knows beside those of every template; they are the same for everybody, but for
        ``subject``.
    :param names_columns: columns stand in it by their bare names.
    """
    walk = _Walk(also, names_columns=names_columns)
    walk.statements(tree.body)
    printed, asked, deciding = frozenset(walk.printed), frozenset(walk.asked), frozenset(walk.deciding)
    return Uses(printed, asked, frozenset(walk.compared), deciding, walk.is_clear)


class _Walk:
    def __init__(self, also: Collection[str], *, names_columns: bool) -> None:
        self._also = also
        self._names_columns = names_columns
        self.printed: set[Source] = set()
        self.asked: set[Source] = set()
        self.compared: set[tuple[Source, str]] = set()
        self.deciding: set[Source] = set()
        self.is_clear = True

    def statements(self, body: Iterable[nodes.Node]) -> None:
        """Read what is done one after the other."""
        for node in body:
            match node:
                case nodes.Output():
                    for piece in node.nodes:
                        self._print(piece)
                case nodes.If():
                    self._ask(node.test)
                    self.statements((*node.body, *node.elif_, *node.else_))
                case nodes.For() | nodes.With() | nodes.Assign() | nodes.Include():
                    for child in node.iter_child_nodes():
                        if isinstance(child, nodes.Stmt):
                            self.statements([child])
                        else:
                            self._decide(child)
                case _:
                    # blocks and macros: what they have printed may be looked at, as may what is in it
                    self.is_clear = False

    def _print(self, node: nodes.Node) -> None:
        """Read an expression whose value is printed: one of its own values, as it is, or a constant."""
        match node:
            case nodes.Or() | nodes.And():
                self._print(node.left)
                self._print(node.right)
            case nodes.CondExpr():
                self._ask(node.test)
                self._print(node.expr1)
                if node.expr2 is not None:
                    self._print(node.expr2)
            case nodes.Filter(name="default" | "d", kwargs=[], dyn_args=None, dyn_kwargs=None) if node.node is not None:
                self._print(node.node)
                for instead in node.args:
                    self._print(instead)
            case _ if (source := self._filtered(node)) is not None:
                steps = range(len(source.filters) + 1)
                self.printed.update(Source(source.group, source.name, source.filters[:step]) for step in steps)
            case _:
                self._ask(node)

    def _ask(self, node: nodes.Node) -> None:
        """Read an expression of which only matters whether it holds."""
        match node:
            case nodes.Or() | nodes.And():
                self._ask(node.left)
                self._ask(node.right)
            case nodes.Not():
                self._ask(node.node)
            case nodes.Test(name="defined" | "undefined", args=[]):
                self._ask(node.node)
            case nodes.Filter(name="default" | "d", kwargs=[], dyn_args=None, dyn_kwargs=None) if node.node is not None:
                self._ask(node.node)
                for instead in node.args:
                    self._ask(instead)
            case nodes.Compare(ops=[nodes.Operand(op="eq" | "ne", expr=nodes.Const(value=str(text)))]):
                self._compare(node.expr, [text])
            case nodes.Compare(ops=[nodes.Operand(op="in" | "notin", expr=nodes.List() | nodes.Tuple() as among)]) if (
                all(isinstance(item, nodes.Const) for item in among.items)
            ):
                self._compare(node.expr, [item.value for item in among.items if isinstance(item, nodes.Const)])
            case _ if (source := self._source(node)) is not None:
                self.asked.add(source)
            case _:
                self._decide(node)

    def _compare(self, node: nodes.Node, texts: Iterable[object]) -> None:
        source = self._source(node)
        if source in (None, UNSUBSCRIBE, SUBJECT):
            self._decide(node)
            return
        self.asked.add(source)
        self.compared |= {(source, text) for text in texts if isinstance(text, str)}

    def _decide(self, node: nodes.Node) -> None:
        """Read an expression that may do anything with what it names."""
        for part in self._parts(node):
            if part == SUBJECT:
                # known only when it was rendered
                self.is_clear = False
            elif isinstance(part, Source):
                self.deciding.add(part)
            elif isinstance(part, nodes.Name) and part.ctx == "load" and part.name in (*_GROUPS, *_HIDDEN):
                # any field or column
                self.is_clear = False

    def _filtered(self, node: nodes.Node) -> Source | None:
        """Return which value of a recipient is printed, with the plain filters on it; None where it is none."""
        match node:
            case nodes.Filter(node=nodes.Expr() as inner, args=[], kwargs=[], dyn_args=None, dyn_kwargs=None) if (
                node.name in PLAIN_FILTERS or node.name in IDLE_FILTERS
            ):
                source = self._filtered(inner)
                if source is None or node.name in IDLE_FILTERS:
                    return source
                if source in (UNSUBSCRIBE, SUBJECT):
                    return None
                return source._replace(filters=(*source.filters, node.name))
        return self._source(node)

    def _source(self, node: nodes.Node) -> Source | None:
        """Return which value of a recipient an expression is; None where it is none, or more than that."""
        if isinstance(node, nodes.Name) and node.ctx == "load":
            return self._named(node.name)
        match member(node):
            case ("unsubscribe", "link"):
                return UNSUBSCRIBE
            case ("contact" | "row" as group, name) if not (isinstance(node, nodes.Getattr) and hasattr(dict, name)):
                return Source(group, name)
        return None

    def _named(self, name: str) -> Source | None:
        if name in self._also:
            return SUBJECT if name == SUBJECT.name else None
        if name in _BY_NAME:
            return _BY_NAME[name]
        return Source("row", name) if self._names_columns and name not in (*VARIABLES, *_HIDDEN) else None

    def _parts(self, node: nodes.Node) -> Iterator[Source | nodes.Node]:
        """Yield the values of a recipient in an expression, and whatever else is in it."""
        source = self._source(node)
        if source is not None:
            yield source
            return
        yield node
        for child in node.iter_child_nodes():
            yield from self._parts(child)
