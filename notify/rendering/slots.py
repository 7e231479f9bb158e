"""Keeps what comes from contacts out of Markdown's hands.

Jinja prints every value as a slot, a word that means nothing to Markdown. The text with slots is the *shape*: a
recipient whose message takes the same branches and loops as another's has the same shape, so Markdown runs once per
shape and not once per recipient, and no name, number or address can ever become a heading, a list or a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from jinja2 import Undefined, UndefinedError, pass_context
from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2.runtime import Context

_SLOT = re.compile(r"ntfyslot(\d+)x")


class Slots:
    """The values of one rendering, in the order of their slots. Equal values share a slot."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[str, int] = {}

    def put(self, value: str) -> str:
        """Return the slot that stands for a value."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return f"ntfyslot{number}x"

    def fill(self, shape: str, write: Callable[[str], str]) -> str:
        """Put the values back, each as ``write`` writes it. Values are not searched for slots."""
        written = [write(value) for value in self.values]
        return _SLOT.sub(lambda found: written[int(found[1])], shape)


#: The slots of the rendering that this thread is in; without any, values are printed as they are.
current: ContextVar[Slots | None] = ContextVar("current", default=None)


@pass_context
def print_value(_context: Context, value: object) -> object:
    """Jinja's ``finalize``: what ``{{ … }}`` prints.

    It takes the context only so that Jinja cannot call it while compiling, for constants.

    :raises UndefinedError: the value is not set.
    """
    if value is None:
        raise UndefinedError("this value is not set; print it inside {% if … %} only")
    if isinstance(value, Markup):
        return value
    # an undefined value says what it misses when it is printed
    text = str(value)
    slots = current.get()
    if slots is None or not text or isinstance(value, Undefined):
        return Markup(text) if slots is not None else text  # noqa: S704  # empty: nothing to escape
    return Markup(slots.put(text))  # noqa: S704  # a slot is letters and digits
