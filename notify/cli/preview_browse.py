"""Going through messages at a terminal, one at a time: on, back, and by the screen where one is longer than that."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from notify.cli.screen import key_for, put_as_it_is

#: So many messages can be gone back to.
_REMEMBERED = 100


class Wish(Enum):
    """What a key asks for."""

    MORE = auto()
    NEXT = auto()
    PREVIOUS = auto()
    QUIT = auto()


#: As in less and git log, and the arrows.
_KEYS = {
    **dict.fromkeys((" ", "\r", "\n", "f", "\x1b[B", "\x1b[6~"), Wish.MORE),
    **dict.fromkeys(("n", "j", "\x1b[C"), Wish.NEXT),
    **dict.fromkeys(("p", "b", "k", "\x1b[D", "\x1b[A", "\x1b[5~"), Wish.PREVIOUS),
    **dict.fromkeys(("q", "Q", "\x1b", "\x04"), Wish.QUIT),
}


def browse(messages: Iterator[Sequence[str]]) -> bool:
    """Show one message after the other, each given as the lines that fit the terminal, until somebody has enough.

    Tell whether there are no more.
    """
    shown: list[Sequence[str]] = []
    first = place = 0
    while True:
        if place == first + len(shown):
            found = next(messages, None)
            if found is None:
                if not shown or _asked("That was the last message.") is not Wish.PREVIOUS:
                    return True
                place -= 1
                continue
            shown.append(found)
            if len(shown) > _REMEMBERED:
                del shown[0]
                first += 1
        wish = _page(shown[place - first])
        if wish is Wish.QUIT:
            return False
        place = max(first, place - 1) if wish is Wish.PREVIOUS else place + 1


def _page(lines: Sequence[str]) -> Wish:
    """Show a message by the screen; return what is asked for at its end, or before."""
    at = 0
    while True:
        # the line of the prompt, and one of what was read last
        until = at + max(1, _height() - 2)
        for line in lines[at:until]:
            put_as_it_is(line)
        at = until
        wish = _asked("" if at >= len(lines) else f"{len(lines) - at:,} more lines (space).")
        if wish is not Wish.MORE or at >= len(lines):
            return wish


def _asked(text: str) -> Wish:
    """Ask for a key below what is shown, and take the question away again."""
    question = f"{text}  n next, p previous, q quit ".lstrip()
    while True:
        if wish := _KEYS.get(key_for(question)):
            return wish


def _height() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError):
        return 24
