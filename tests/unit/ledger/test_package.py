"""What the package gives, though it imports its modules only when something of them is asked for."""

from __future__ import annotations

import importlib
import pkgutil
import types

import pytest

import notify.ledger


def test_every_name_is_given() -> None:
    """Each name is there, and is no module, also after all modules were imported by themselves."""
    for module in pkgutil.iter_modules(notify.ledger.__path__):
        importlib.import_module(f"notify.ledger.{module.name}")
    for name in notify.ledger.__all__:
        assert not isinstance(getattr(notify.ledger, name), types.ModuleType), name


def test_no_other_name() -> None:
    """Of any other name it is said that it is not there."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = notify.ledger.nothing
