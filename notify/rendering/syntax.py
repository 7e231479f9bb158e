"""What people meant who wrote an expression that Jinja cannot read: a column's header, or quotes that are no quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.core.column_words import field_of
from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: Quotation marks and apostrophes as word processors and phones write them.
_TYPOGRAPHIC = late_pattern("[„“”‟«»‹›‚‘’‛]")
_STRING = late_pattern(r""""[^"]*"|'[^']*'""")
_TAG = late_pattern(r"\{(?:\{(?P<printed>.*?)\}\}|%(?P<statement>.*?)%\})", re.DOTALL)
#: Words with something between them that is in no name of a variable: First Name, E-Mail, Kunden-Nr., Du/Sie.
_HEADER = late_pattern(r"[^\W\d][\w.]*(?:[ \-/]+[\w.]+)+")
_NOT_BETWEEN = late_pattern(r"(?:^|\s)(?:and|or|not|in|is|if|else)(?:\s|$)|\s[-/]\s")


@record(frozen=True, slots=True)
class Meant:
    """What was probably meant: on which line it stands, what is wrong there, and the mend."""

    line: int
    what: str
    hint: str


def wrong_quotes_on(text: str, line: int) -> Meant | None:
    """Return where typographic quotation marks stand for straight ones in the expressions of a line."""
    for starts, inner, is_printed in _tags(text, line):
        if marks := _TYPOGRAPHIC.findall(_STRING.sub("", inner)):
            return _quotes(starts, inner.strip(), sorted(set(marks)), is_printed=is_printed)
    return None


def header_on(text: str, line: int) -> Meant | None:
    """Return which expression of a line is no variable but a column's header, as people write them."""
    for starts, inner, is_printed in _tags(text, line):
        header = inner.strip()
        if is_printed and _HEADER.fullmatch(header) and not _NOT_BETWEEN.search(header):
            return Meant(starts, f'"{header}" is not the name of a variable', as_column(header))
    return None


def as_column(header: str) -> str:
    """Return how a template writes the column with a header, and the field that it probably is."""
    if field := field_of(header):
        return f'Write row["{header}"], the column of your file, or contact.{field}, which notify finds in any file.'
    return f'A column of your file is row["{header}"].'


def _tags(text: str, line: int) -> Iterator[tuple[int, str, bool]]:
    """Yield the line of each tag that reaches into a line, what stands in it, and whether it prints."""
    for found in _TAG.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        last = first + found[0].count("\n")
        if first <= line <= last:
            inner = found["printed"] if found["printed"] is not None else found["statement"]
            yield first, inner.strip("-+"), found["printed"] is not None


def _quotes(line: int, inner: str, marks: list[str], *, is_printed: bool) -> Meant:
    straight = _TYPOGRAPHIC.sub(lambda found: '"' if found[0] in "„“”‟«»" else "'", inner)
    written = f"{{{{ {straight} }}}}" if is_printed else f"{{% {straight} %}}"
    what = f"typographic quotation marks ({' '.join(marks)}) stand in an expression, which knows only straight ones"
    return Meant(
        line, what, f"Write  {written}  with straight ones; your word processor or telephone has changed them."
    )
