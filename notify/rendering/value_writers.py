"""What a value becomes in the text and in the HTML of a message."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable

from notify.rendering import slots, soft_breaks


def _unless_written(write: Callable[[str], str]) -> Callable[[str], str]:
    """Return what writes a value, unless that has its own HTML already."""
    return lambda value: value.html if isinstance(value, slots.WithHtml) else write(value)


def _escape(value: str) -> str:
    if isinstance(value, slots.WithHtml):
        return value.html
    return html.escape(value).replace("\n", "<br>\n")


#: What a value becomes, by kind of slot; what stands in cells is mostly the same for everybody.
AS_TEXT = dict.fromkeys(slots.KINDS, str)
AS_HTML: slots.Writers = {
    **dict.fromkeys(slots.PRINTED, _escape),
    slots.TEXT: _unless_written(lambda value: soft_breaks.in_text(_escape(value))),
    slots.CELL: _unless_written(functools.lru_cache(maxsize=1024)(lambda value: soft_breaks.in_cell(_escape(value)))),
}
