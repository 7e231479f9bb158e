"""A record is a frozen dataclass in all but what it costs."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

import pytest

from notify.core.message import Envelope


def test_a_record_is_a_value() -> None:
    """Equal ones are one, also in a set; a changed one is another; and nothing is in it but its fields."""
    one, other = Envelope("a@example.com", "b@example.com"), Envelope("a@example.com", "b@example.com")
    assert len({one, other, replace(one, forward_path="c@example.com")}) == 2
    assert [field.name for field in fields(one)] == ["reverse_path", "forward_path"]
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # its own
    with pytest.raises(AttributeError):
        one.sender = "d@example.com"  # type: ignore[attr-defined]  # no such field
