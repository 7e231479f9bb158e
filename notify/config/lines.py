"""Which line of a TOML file each header and key stands on; tomllib forgets them.

The file has been read by tomllib before, so this scan need not judge anything: it only walks over the values.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

from notify.core.late_pattern import late_pattern

#: Where something stands in the file: ``("relay", 0, "host")``.
Place = tuple[str | int, ...]

_BASIC, _LITERAL = r'"(?:[^"\\\n]|\\.)*"', r"'[^'\n]*'"
_MULTILINE = r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})' + "|" + r"'''.*?'''(?:'{0,2})"
_NAME = rf"(?:{_BASIC}|{_LITERAL}|[A-Za-z0-9_\-]+)"

_BLANK = late_pattern(r"(?:[ \t\n]|#[^\n]*)*")
_BRACKETS = late_pattern(r"\[{0,2}[ \t]*")
_KEY = late_pattern(rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*")
_PIECE = late_pattern(rf"(?:{_MULTILINE}|{_BASIC}|{_LITERAL}|#[^\n]*)|(?P<character>.)", re.DOTALL)


def line_index(text: str) -> dict[Place, int]:
    """Return the line, counted from 1, of every header and key of a valid TOML text, and of what encloses them.

    What stands inside an inline table is not listed; it is on the line of its key.
    """
    text = text.replace("\r\n", "\n")
    line_ends = [found.start() for found in re.finditer("\n", text)]
    index: dict[Place, int] = {}
    repeated: dict[Place, int] = {}
    table: Place = ()
    position = _skip(_BLANK, text, 0)
    while position < len(text):
        start = _skip(_BRACKETS, text, position)
        end = _skip(_KEY, text, start)
        names = _names(text[start:end])
        if brackets := text[position:start].strip():
            table = path = _table(names, repeated, again=brackets == "[[")
        else:
            path = table + names
        for length in range(1, len(path) + 1):
            index.setdefault(path[:length], bisect_right(line_ends, position) + 1)
        position = _skip(_BLANK, text, _end_of_statement(text, end))
    return index


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _names(dotted: str) -> Place:
    """Split ``a."b.c"`` into its parts, as tomllib reads them."""
    names: list[str] = []
    nested = tomllib.loads(f"{dotted} = 0")
    while isinstance(nested, dict):
        ((name, nested),) = nested.items()
        names.append(name)
    return tuple(names)


def _table(names: Place, repeated: dict[Place, int], *, again: bool) -> Place:
    """Return the path of a header; in an array of tables it means the last one."""
    path: Place = ()
    for position, name in enumerate(names, start=1):
        path += (name,)
        if again and position == len(names):
            repeated[path] = repeated.get(path, -1) + 1
        if path in repeated:
            path += (repeated[path],)
    return path


def _end_of_statement(text: str, position: int) -> int:
    """Return where the line ends that the value ends on: brackets and long strings go over several."""
    depth = 0
    while found := _PIECE.match(text, position):
        character = found["character"]
        if character == "\n" and depth <= 0:
            break
        depth += (character in ("[", "{")) - (character in ("]", "}")) if character else 0
        position = found.end()
    return position
