"""Tables with a column for what was and one for what is: a new detail in the old column, or the other way round."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.old_and_new import side_of
from notify.checks.remark import Remark
from notify.checks.typed_values import as_announced
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

# neither part goes over the next tag of its kind
_ROW = late_pattern(r"<tr\b[^<>]*>([^<]*(?:<(?!/?tr\b)[^<]*)*)</tr>", re.IGNORECASE)
_CELL = late_pattern(r"<(t[hd])\b[^<>]*>([^<]*(?:<(?!/?t[hd]\b)[^<]*)*)</t[hd]>", re.IGNORECASE)
_CAPTION = late_pattern(r"""<span class="caption"[^<>]*>([^<]*)</span>""")
_TAG = late_pattern(r"<[^<>]*>")

#: Shorter values may be anything.
_TELLING = 5


def _caption_and_words(cell: str) -> tuple[str, str]:
    """Return the head of a cell where our letter repeats it in each, as a narrow screen wants it; and its words."""
    caption = _CAPTION.search(cell)
    words = html.unescape(_TAG.sub("", _CAPTION.sub("", cell)))
    return html.unescape(caption[1]) if caption else "", " ".join(words.split())


def swapped_columns(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the details that stand in the column of the others."""
    sides: list[str] = []
    values = {"old": facts.old_only, "new": facts.new_only}
    for row in _ROW.findall(wording.read.html) if "<th" in wording.read.html else ():
        cells = [(kind.casefold(), *_caption_and_words(cell)) for kind, cell in _CELL.findall(row)]
        if cells and all(kind == "th" and not caption for kind, caption, _ in cells):
            sides = [side_of(text) for _, _, text in cells]
            continue
        for number, (_, caption, text) in enumerate(cells):
            side = side_of(caption) if caption else sides[number] if number < len(sides) else ""
            other = {"old": "new", "new": "old"}.get(side, "")
            spelled = as_announced(text, facts) if other else ""
            for name, value in values.get(other, {}).items():
                if len(value) >= _TELLING and value == spelled:
                    place = facts.place(f"change.{other}.{name}")
                    what = f"{value} stands in the column of the {side} details, and is the {other} one ({place})"
                    yield Remark("old-called-new", what, "Swap the two, or mend notify.toml.", value)
