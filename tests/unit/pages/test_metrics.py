"""What a watchman reads: figures in the format of Prometheus, whose words it would refuse otherwise."""

from __future__ import annotations

import pytest

from notify.pages.metrics import Metric, as_text


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ({"": 3.0}, ["tries_total 3"]),
        (
            {'status="sent"': 12_345.0, 'status="failed"': 1.0},
            ['tries_total{status="sent"} 12345', 'tries_total{status="failed"} 1'],
        ),
        ({"": 0.25}, ["tries_total 0.25"]),
        ({}, []),
    ],
)
def test_text(values: dict[str, float], lines: list[str]) -> None:
    """Each figure has its words and its kind, and a line for each of its labels."""
    text = as_text([Metric("tries_total", "What came of it.", "counter", values)])
    head = ["# HELP tries_total What came of it.", "# TYPE tries_total counter"]
    assert text.splitlines() == [*head, *lines]
    assert text.endswith("\n")


def test_large_figures() -> None:
    """A counter of millions is written in full: in six digits it would not grow from one look to the next."""
    assert as_text([Metric("sent", "Sent.", "counter", {"": 123_456_789.0})]).splitlines()[-1] == "sent 123456789"
