"""notify.toml as a file: read, decoded and parsed, or one sentence that says why not."""

from __future__ import annotations

import re
import tomllib
from dataclasses import field
from pathlib import Path
from typing import Any

from notify.config.dates import dates_meant
from notify.config.lines import Place, line_index
from notify.config.problems import config_error
from notify.config.schema import KEYS
from notify.config.value_types import DATE, MOMENT
from notify.config.values import how_to_write, how_to_write_moment, printable
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.errors import ConfigError, Problem

#: What tomllib says, and what people who have never seen TOML need to know then.
_MENDS = {
    "Invalid value": 'text stands in straight quotes, as in name = "Muster PR"',
    "Expected newline or end of document": "text stands in quotes, a date is written 2026-12-01, one key to a line",
    "Unescaped '\\'": "write / instead of \\",
    "Invalid hex value": "write / instead of \\",
    "Illegal character": "the quote that ends a text is on the line where it begins",
    "Unterminated string": "a quote is missing",
    "Cannot overwrite a value": "the key or section stands here for the second time",
    "Cannot declare": "the section stands here for the second time",
    "Cannot mutate": "the section stands here for the second time",
    "Expected '='": "write: key = value",
    "Invalid initial character": "write: key = value",
    "Invalid statement": "write: key = value",
}

#: A time without its seconds, which TOML 1.1 allows; tomllib reads 1.0.
_WITHOUT_SECONDS = late_pattern(
    r"((?:^|[{,])[ \t]*[\w.-]+[ \t]*=[ \t]*\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d)(?![\d:])", re.MULTILINE
)

#: A key with a value that has no quotes, and maybe a comment.
_ASSIGNMENT = late_pattern(r"\s*(?P<key>[\w.-]+)\s*=\s*(?P<value>[^\"'#\[{]+?)\s*(?:#.*)?")
_DATE_KEYS = frozenset(key.name for key in KEYS if key.type is DATE)
_MOMENT_KEYS = frozenset(key.name for key in KEYS if key.type is MOMENT)


@record(frozen=True, slots=True)
class Document:
    """What stands in notify.toml, and on which lines."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)


def read(path: Path) -> Document | None:
    """Return what stands in the file, or None when there is no such file.

    :raises ConfigError: when it cannot be read, is not UTF-8 or is not TOML.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as err:
        reason = "it is a folder, not a file" if path.is_dir() else f"it cannot be read: {err.strerror}"
        raise config_error([Problem(str(path), reason)]) from err
    except UnicodeDecodeError as err:
        line = err.object.count(b"\n", 0, err.start) + 1
        raise config_error(
            [Problem(f"{path.name}:{line}", "it is not UTF-8; save it again with that encoding")]
        ) from err
    try:
        return Document(tomllib.loads(_WITHOUT_SECONDS.sub(r"\1:00", text)), line_index(text))
    except (ValueError, RecursionError) as err:
        raise _syntax_error(path.name, text, str(err)) from err


def _wrong_date(line: str) -> str:
    """Return what to say of a line that gives a date in a form that TOML does not know; empty for any other."""
    found = _ASSIGNMENT.fullmatch(line)
    if found is None or not (found["key"] in _DATE_KEYS | _MOMENT_KEYS or dates_meant(found["value"])):
        return ""
    try:
        tomllib.loads(_WITHOUT_SECONDS.sub(r"\1:00", line))
    except ValueError:
        what, mend = ("moment", how_to_write_moment) if found["key"] in _MOMENT_KEYS else ("date", how_to_write)
        return f"`{found['key']}`: {printable(found['value'])} is not a {what}; {mend(found['value'])}"
    return ""


def _syntax_error(name: str, text: str, words: str) -> ConfigError:
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", words, re.DOTALL)
    if found is None:
        return config_error([Problem(name, "a value in it is too long, or too deeply nested")])
    line = found[2] or str(text.rstrip().count("\n") + 1)
    dates = [
        Problem(f"{name}:{number}", what)
        for number, written in enumerate(text.splitlines(), start=1)
        if (what := _wrong_date(written))
    ]
    if any(problem.where == f"{name}:{line}" for problem in dates):
        return config_error(dates)
    mend = next((f" ({mend})" for fragment, mend in _MENDS.items() if fragment in found[1]), "")
    return config_error([Problem(f"{name}:{line}", found[1] + mend)])
