"""Hides what comes from contacts from Markdown.

Jinja prints every value as a slot, a word that means nothing to Markdown. The text with slots is the *shape*: a
recipient whose message takes the same branches and loops as another's has the same shape, so Markdown runs once per
shape and not once per recipient, and no name, number or address can ever become a heading, a list or a link.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextvars import ContextVar
from itertools import chain
from typing import TYPE_CHECKING

from jinja2 import TemplateRuntimeError, Undefined, UndefinedError, pass_context
from markupsafe import Markup

from notify.core.late_pattern import late_pattern
from notify.core.rendered import GAP
from notify.errors import InputError
from notify.rendering.allowance import MOST_CHARACTERS, TooMuchError, allowance
from notify.rendering.own import length_of, number_of
from notify.rendering.traced import Traced

if TYPE_CHECKING:
    from jinja2.runtime import Context

# drawn anew in every run, so that no file can hold it
_MARK = f"ntfy{secrets.token_hex(6)}"

#: The slot of an address of the campaign's own, of a page, and of a page without its ``https://``: patterns.
OWN_ADDRESS, OWN_PAGE, OWN_HOST = rf"{_MARK}a\d+x", rf"{_MARK}p\d+x", rf"{_MARK}h\d+x"

#: The kinds of slots as Jinja prints them: of any value, and of own addresses, pages and hosts.
PRINTED = ("s", "a", "p", "h")

#: In HTML those of its text and of its tables' cells have kinds of their own (see ``of_kind``).
TEXT, CELL = "t", "c"

#: The kinds of slots.
KINDS = (*PRINTED, TEXT, CELL)

#: A slot, its kind and its number.
SLOT = late_pattern(rf"{_MARK}([{''.join(KINDS)}])(\d+)x")

#: What writes a value, for each kind of slot.
Writers = Mapping[str, Callable[[str], str]]

#: Stands in a layout for the message's own HTML until that is put in.
BODY = f"{_MARK}body"

_KINDS = {
    "a": late_pattern(r"[^\s@:/<>]+@[^\s@:/<>]+\.[^\s@:/<>]+"),
    "p": late_pattern(r"https?://[^\s<>]+", re.IGNORECASE),
    "h": late_pattern(r"[^\s@:/<>]+\.[^\W\d_]{2,}(?:[/?#][^\s<>]*)?"),
}
_PRINTABLE = (str, int, float, dt.date)
_CHANGED_BLOCK = "what a block or macro has printed is changed here; change the values before they are printed"


class WithHtml(str):
    """A value that is written into HTML in a way of its own."""

    __slots__ = ("html",)
    html: str


class OwnLink(str):
    """A detail of the campaign's own that people may click: the same for every recipient, and nobody's cell.

    What a filter or ``~`` makes of it is a text like any other.
    """

    __slots__ = ()


def own_link(value: str) -> str:
    """Return a mail address or a website of the campaign's own as one that may be clicked, if it is one."""
    return OwnLink(value) if _kind(value) != "s" else value


def _kind(value: str) -> str:
    """Return the letter of a slot: address, page, host, or any other string."""
    for letter, pattern in _KINDS.items():
        if pattern.fullmatch(value):
            return letter
    return "s"


class Slots:
    """The values of one rendering, in the order of their slots. Equal values share a slot."""

    def __init__(self) -> None:
        self.values: list[str] = []
        #: What the template's own blocks and macros have printed: its Markdown, with slots.
        self.printed: set[str] = {BODY}
        #: Whether a slot stands for a value of the recipient's and for one of everybody's, which happen to be equal.
        self.is_mixed = False
        self._numbers: dict[str, int] = {}

    def put(self, value: str, kind: str = "s") -> str:
        """Return the slot that stands for a value.

        :param kind: the letter of an own link; equal values share a number, whatever their letter.
        """
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        elif (number_of(value) is None) is not (number_of(self.values[number]) is None):
            self.is_mixed = True
        return f"{_MARK}{kind}{number}x"

    def with_gaps(self, shape: str, kept: Collection[str] = (), write: Callable[[str], str] = str) -> str:
        """Put back only the values that are kept; every other one becomes a gap."""
        written = [write(value) if value in kept else GAP for value in self.values]
        return SLOT.sub(lambda found: written[int(found[2])], shape)

    def fill(self, shape: str, write: Callable[[str], str]) -> str:
        """Put the values back, each as ``write`` writes it. Values are not searched for slots."""
        written = [*map(write, self.values)]
        return SLOT.sub(lambda found: written[int(found[2])], shape)


class Shape:
    """A text with slots, taken apart once for all who share it."""

    def __init__(self, text: str) -> None:
        self.text = text
        first, *rest = SLOT.split(text)
        slots = zip(rest[0::3], map(int, rest[1::3]), strict=True)
        #: Its texts, and kind and number of the slot between each two of them.
        self.pieces: tuple[str | tuple[str, int], ...] = (
            first,
            *chain.from_iterable(zip(slots, rest[2::3], strict=True)),
        )
        #: Its slots, each once.
        self.slots = tuple(dict.fromkeys(piece for piece in self.pieces if not isinstance(piece, str)))


class SeparateSlots(Slots):
    """Slots of which each print has its own, also of equal values, to find the line on which a value is printed.

    :param refused: the number of a slot, and why it cannot be filled: what a rendering then ends with.
    """

    def __init__(self, refused: tuple[int, str] | None = None) -> None:
        super().__init__()
        self._refused = refused

    def put(self, value: str, kind: str = "s") -> str:
        """Return the slot that stands for this print of a value."""
        if self._refused is not None and self._refused[0] == len(self.values):
            raise TemplateRuntimeError(self._refused[1])
        self._numbers.pop(value, None)
        return super().put(value, kind)


def of_kind(text: str, kind: str) -> str:
    """Return a piece of a shape with its slots made those of a kind."""
    return SLOT.sub(rf"{_MARK}{kind}\g<2>x", text)


#: The slots of the rendering that this thread is in; without any, values are printed as they are.
current: ContextVar[Slots | None] = ContextVar("current", default=None)


def without_values(rendering: Callable[[], str]) -> str:
    """Return what a rendering prints with the same mark for every value; nothing where it cannot be told."""
    token = current.set(Slots())
    try:
        # not our own mark, which is drawn anew in every run
        return SLOT.sub("\0", rendering())
    except InputError:
        # in plain text a block may be changed after it was printed; whatever else is wrong is said when it is sent
        return ""
    finally:
        current.reset(token)


def join(pieces: Iterable[str]) -> str:
    """Jinja's ``concat``: what a block, a macro or the whole template has printed.

    :raises TooMuchError: it is more than a message needs.
    """
    slots = current.get()
    if slots is None:
        return Traced.joined(_measured(pieces, length_of))
    text = "".join(_measured(pieces, len))
    slots.printed.add(text)
    return text


def _measured(pieces: Iterable[str], length_of: Callable[[str], int]) -> list[str]:
    """Return the pieces, unless they are too much together; the error then comes from where the last was printed."""
    taken, length = [], 0
    for piece in pieces:
        length += length_of(piece)
        if length > MOST_CHARACTERS:
            error = TooMuchError(f"the template prints more than {MOST_CHARACTERS:,} characters")
            if isinstance(pieces, Generator):
                pieces.throw(error)
            raise error
        taken.append(piece)
    return taken


@pass_context
def print_value(_context: Context, value: object) -> object:
    """Jinja's ``finalize``: what ``{{ … }}`` prints.

    It takes the context only so that Jinja cannot call it while compiling, for constants.

    :raises UndefinedError: the value is not set.
    :raises TemplateRuntimeError: it is nothing that people read, or what a block has printed was changed afterwards.
    """
    if value is None:
        raise UndefinedError("this value is not set; print it inside {% if … %} only")
    if isinstance(value, Undefined):
        return str(value)  # says what it misses
    if not isinstance(value, _PRINTABLE):
        raise TemplateRuntimeError(f"a {type(value).__name__} is printed here, which is no text, number or date")
    text = str(value)
    allowance().spend(length_of(text))
    slots = current.get()
    if slots is None:
        return text if isinstance(text, Traced) else Traced.value(text)
    # Markup that no block has printed has values in it as they are: a block that went through a filter, or was joined
    if isinstance(value, Markup):
        if text not in slots.printed:
            raise TemplateRuntimeError(_CHANGED_BLOCK)
        return value
    if _MARK in text:
        raise TemplateRuntimeError(_CHANGED_BLOCK)
    kind = _kind(text) if isinstance(value, OwnLink) else "s"
    put = value if isinstance(value, WithHtml) else text
    return Markup(slots.put(put, kind) if text else "")  # noqa: S704  # a slot is letters and digits
