"""Patterns that are compiled when they are first used: they find the same, and all of the program are right."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import notify
from notify.core.late_pattern import late_pattern


def _called_at_import(node: ast.AST) -> Iterator[str]:
    """Yield the name of each function that a module calls when it is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield ast.unparse(child.func)
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _called_at_import(child)


def test_it_is_used_as_a_compiled_one() -> None:
    """Each method says what that of a compiled pattern says, at the first use and later."""
    for _ in range(2):
        for method in ("search", "match", "fullmatch", "findall", "split"):
            late, compiled = late_pattern("(A)|b", re.IGNORECASE), re.compile("(A)|b", re.IGNORECASE)
            for text in ("a", "xB", "", "c"):
                assert str(getattr(late, method)(text)) == str(getattr(compiled, method)(text))
    late_octets = late_pattern(rb"\d")
    assert [late_octets.sub(b"n", b"a1"), late_octets.sub(b"n", b"22")] == [b"an", b"nn"]
    assert [found.span() for found in late_pattern("b").finditer("abb")] == [(1, 2), (2, 3)]
    assert late_pattern("(").pattern == "("


def test_what_is_wrong_is_said_at_the_first_use() -> None:
    """Not before: nothing is compiled until then. What a pattern does not have, it says as any object does."""
    wrong = late_pattern("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.search("x")
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = wrong.nothing_such  # type: ignore[attr-defined]  # that is the test


def test_all_of_the_program_are_right() -> None:
    """None waits for its first use to be found wrong."""
    wrong = []
    for module in pkgutil.walk_packages(notify.__path__, "notify."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if type(value).__module__ == late_pattern.__module__:
                try:
                    _ = value.search
                except re.error as error:
                    wrong.append(f"{module.name}.{name}: {error}")
    assert wrong == []


def test_no_module_compiles_one_when_it_is_imported() -> None:
    """The start of every command would pay for it."""
    sources = {path: path.read_text("utf-8") for path in Path(notify.__file__).parent.rglob("*.py")}
    trees = {path: ast.parse(source) for path, source in sources.items() if "re.compile(" in source}
    assert trees
    assert [path for path, tree in trees.items() if "re.compile" in _called_at_import(tree)] == []
