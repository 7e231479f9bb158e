"""Templates as the program mailmerge writes them: headers, an empty line, then a text in which columns have a name.

They are told by their TO, which no other template has. Nothing is rendered here: whoever reads one takes from it what
it needs, the settings the sender and the column of the address, the rendering everything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: How the three files of a folder are called.
TEMPLATE, DATABASE, SERVER = "mailmerge_template.txt", "mailmerge_database.csv", "mailmerge_server.conf"

_HEADER = late_pattern(r"([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)")
#: ``{{ email }}``, and nothing done to it.
_COLUMN = late_pattern(r"\{\{-?\s*([^\W\d]\w*)\s*-?\}\}")
_MOST_COLUMNS = 3
_BOUNDARY = late_pattern(r"""boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))""", re.IGNORECASE)


@record(frozen=True, slots=True)
class Line:
    """A header as it stands, with its name in lower case, or a line that is none, with an empty name."""

    name: str
    value: str
    line: int


@record(frozen=True, slots=True)
class Body:
    """A text of a message, the line on which it begins, and its kind: ``text/plain``, ``text/html`` and so on."""

    kind: str
    text: str
    line: int


@record(frozen=True, slots=True)
class Letter:
    """Such a template, taken apart."""

    headers: tuple[Line, ...]
    body: Body

    def all(self, name: str) -> list[Line]:
        """Return the headers of a name, which is in lower case."""
        return [header for header in self.headers if header.name == name]

    def first(self, name: str) -> Line | None:
        """Return the first header of a name, if there is one."""
        return next(iter(self.all(name)), None)

    def bodies(self) -> tuple[Body, ...]:
        """Return its texts: one, or the parts of a multipart/alternative."""
        if self.body.kind != "multipart/alternative":
            return (self.body,)
        header = self.first("content-type")
        found = _BOUNDARY.search(header.value) if header else None
        return tuple(_parts(self.body, found[1] or found[2])) if found else ()


def parse_letter(text: str) -> Letter | None:
    """Take a template apart; None when it is not one of these.

    :param text: with plain line ends.
    """
    headers: list[Line] = []
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    for number, line in enumerate(lines[:end], start=1):
        if line[0] in " \t" and headers:
            last = headers.pop()
            headers.append(Line(last.name, f"{last.value} {line.strip()}", last.line))
        elif found := _HEADER.fullmatch(line):
            headers.append(Line(found[1].lower(), found[2].strip(), number))
        else:
            headers.append(Line("", line, number))
    kind = next((header.value for header in headers if header.name == "content-type"), "text/plain")
    body = Body(_kind(kind), "\n".join(lines[end + 1 :]), end + 2)
    letter = Letter(tuple(headers), body)
    return letter if letter.first("to") else None


def address_columns(to: str) -> tuple[str, ...]:
    """Return the columns that a TO names, one for each address; none where it says anything else, such as a name."""
    found = [_COLUMN.fullmatch(part.strip()) for part in to.split(",")]
    columns = tuple(column[1] for column in found if column)
    return columns if len(columns) == len(found) <= _MOST_COLUMNS else ()


def _kind(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _parts(body: Body, boundary: str) -> Iterator[Body]:
    """Yield the parts of a text, each with its own headers on top."""
    lines = body.text.split("\n")
    marks = [number for number, line in enumerate(lines) if line.rstrip() in {f"--{boundary}", f"--{boundary}--"}]
    for mark, end in zip(marks, [*marks[1:], len(lines)], strict=True):
        if lines[mark].rstrip().endswith(f"{boundary}--"):
            return
        part = lines[mark + 1 : end]
        gap = next((number for number, line in enumerate(part) if not line.strip()), len(part))
        kinds = [
            found[2] for line in part[:gap] if (found := _HEADER.fullmatch(line)) and found[1].lower() == "content-type"
        ]
        yield Body(_kind(kinds[0] if kinds else "text/plain"), "\n".join(part[gap + 1 :]), body.line + mark + gap + 2)
