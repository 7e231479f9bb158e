"""Jinja's sandbox, with an end to what a template may ask for (:mod:`notify.rendering.allowance`).

The sandbox keeps a template from the inside of Python, and leaves it all the memory and time there is. Whatever can
make much of little is led through here: operations by ``intercepted_binops``, calls and ``format`` by the methods that
the sandbox has for them, filters and tests by being wrapped; loops, ``~`` and comparisons by a change of the parsed
template, as Jinja has no place for those. Nothing is computed while compiling.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import BuiltinMethodType, CodeType, MethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.filters import make_attrgetter
from jinja2.runtime import Context, LoopContext, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from jinja2.visitor import NodeTransformer
from markupsafe import EscapeFormatter, Markup

from notify.rendering import growth
from notify.rendering.allowance import MOST_STEPS, TooMuchError, allowance, weight
from notify.rendering.plain_filters import PLAIN_FILTERS, known_again

_BINARY: Mapping[str, Callable[[object, object], int]] = {
    "*": growth.of_product,
    "**": growth.of_power,
    "+": growth.of_sum,
    "%": growth.of_printf,
    **dict.fromkeys(("-", "/", "//"), growth.of_numbers),
}
#: What is not worth counting.
_SHORT = 1000


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox in which templates and conditions are rendered."""

    intercepted_binops = frozenset(_BINARY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # those of Jinja
        super().__init__(*args, optimized=False, **kwargs)
        self.globals["range"] = _range
        self.filters |= {"join": _join, "sum": _sum}
        self.filters = {name: _bounded(one, growth.FILTERS.get(name)) for name, one in self.filters.items()}
        self.filters |= {name: known_again(name, self.filters[name]) for name in PLAIN_FILTERS}
        self.filters |= {_hidden(one): one for one in (_counted, _concatenated, _weighed)}
        self.tests = {name: _bounded(one) for name, one in self.tests.items()}  # type: ignore[arg-type]  # of operator

    def compile(self, source: str | nodes.Template, *args: Any, **kwargs: Any) -> CodeType | str:  # type: ignore[override]  # noqa: ANN401
        """Compile a template whose loops, joins and comparisons ask for their allowance."""
        tree = self.parse(source, *args[:2]) if isinstance(source, str) else source
        compiled: CodeType | str = super().compile(_Counting().visit(tree), *args, **kwargs)
        return compiled

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        """Compute ``left operator right``, if there is room for what comes of it."""
        allowance().spend(_BINARY[operator](left, right))
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Call a method, a macro or whatever else a template calls."""
        left = allowance()
        left.step()
        owner = getattr(obj, "__self__", None) if isinstance(obj, (MethodType, BuiltinMethodType)) else None
        if isinstance(owner, (str, bytes, int)):
            args = tuple([*one] if isinstance(one, Iterator) else one for one in args)
            left.spend(growth.of_method(owner, obj.__name__, args, kwargs))
        elif isinstance(obj, LoopContext) and args:
            # the next level of a recursive loop
            args = (left.each(args[0]), *args[1:])
        return super().call(context, obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:  # noqa: ANN401
        """Return what stands for ``"…".format``, with an end to what it pads."""
        if super().wrap_str_format(value) is None:
            return None
        text = value.__self__
        escaping = isinstance(text, Markup)
        formatter = _EscapeFormatter(self, escape=text.escape) if escaping else _Formatter(self)

        def bounded(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401
            given = ((), *args) if value.__name__ == "format_map" else (args, kwargs)
            allowance().spend(len(text))
            written: str = type(text)(formatter.vformat(text, *given))
            return written

        return bounded


class _Counting(NodeTransformer):
    """Lets a parsed template ask for its allowance where Jinja would not: by filters that nobody else can name."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  # named by Jinja
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _counted)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _concatenated)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        sides: list[nodes.Compare | nodes.Operand] = [node, *node.ops]
        for side in sides:
            if not isinstance(side.expr, nodes.Const):
                side.expr = _filtered(side.expr, _weighed)
        return node


def _filtered(value: nodes.Node, function: Callable[..., object]) -> nodes.Filter:
    return nodes.Filter(value, _hidden(function), [], [], None, None, lineno=value.lineno)


def _hidden(function: Callable[..., object]) -> str:
    """Return a name for a filter that cannot stand in a template."""
    return f" {function.__name__}"


def _counted(items: Iterable[object]) -> Iterator[object]:
    """Yield the items of a loop, each of them a step."""
    return allowance().each(items)


@jinja2.pass_eval_context
def _concatenated(context: nodes.EvalContext, values: Sequence[object]) -> str:
    """Return what ``~`` makes."""
    allowance().spend(weight(values))
    return markup_join(values) if context.autoescape else str_join(values)


def _weighed(value: object) -> object:
    """Return what is compared, which takes the longer the more it is."""
    if not (isinstance(value, str) and len(value) < _SHORT):
        allowance().spend(weight(value))
    return value


class _Formatter(SandboxedFormatter):
    def format_field(self, value: Any, format_spec: str) -> Any:  # noqa: ANN401
        allowance().spend(growth.of_format(value, format_spec))
        return super().format_field(value, format_spec)


class _EscapeFormatter(_Formatter, EscapeFormatter):
    pass


def _bounded(
    function: Callable[..., Any], grow: Callable[[Mapping[str, Any]], int] | None = None
) -> Callable[..., Any]:
    """Return a filter or test that asks for its allowance first.

    :param grow: tells from its arguments what it makes beyond what it was given.
    """
    is_given_more = hasattr(function, "jinja_pass_arg")
    signature = _signature(function) if grow else None

    # it keeps the mark by which Jinja knows what it wants to be given
    @functools.wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        left = allowance()
        left.step()
        own = args[1:] if is_given_more else args
        left.spend(weight(*own, *kwargs.values()))
        if grow is not None and signature is not None:
            given = signature.bind(*own, **kwargs)
            given.apply_defaults()
            left.spend(grow(given.arguments))
        return function(*args, **kwargs)

    return bounded


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """Return the parameters of a filter without that by which Jinja gives it more."""
    signature = inspect.signature(function)
    first, *others = signature.parameters.values()
    if first.name in {"context", "eval_ctx", "environment", "env"}:
        return signature.replace(parameters=others)
    return signature


def _range(*args: int) -> range:
    """Return a range that a loop may walk."""
    numbers = range(*args)
    # len() knows no number beyond that of a machine word
    if numbers and abs((numbers[-1] - numbers[0]) // numbers.step) >= MOST_STEPS:
        raise TooMuchError(f"a range of more than {MOST_STEPS:,} numbers")
    return numbers


@jinja2.pass_eval_context
def _join(eval_ctx: nodes.EvalContext, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """Jinja's filter, on items that are known before they are joined."""
    items = _taken(eval_ctx.environment, value, attribute)
    allowance().spend(weight(items) + len(items) * len(str(d)))
    joined: str = jinja2.filters.FILTERS["join"](eval_ctx, items, d)
    return joined


@jinja2.pass_environment
def _sum(
    environment: jinja2.Environment,
    iterable: Iterable[Any],
    attribute: str | int | None = None,
    start: Any = 0,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Jinja's filter, on items that are known before they are added: they may be lists."""
    items = _taken(environment, iterable, attribute)
    allowance().spend(weight(items))
    return sum(items, start)


def _taken(environment: jinja2.Environment, items: Iterable[Any], attribute: str | int | None) -> list[Any]:
    return [*items] if attribute is None else [*map(make_attrgetter(environment, attribute), items)]
