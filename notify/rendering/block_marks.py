"""The marks at the beginning of a line: headings, lists, quotations, tables, rules.

Those of CommonMark, but each only where nobody types it for its own sake: ``15. Dezember`` is a date, ``# 5`` a number
sign, ``- 5 Grad`` below zero, ``> 90 %`` more than that, and ``+ 49`` the beginning of a telephone number. Nothing is
drawn to a paragraph that is not typed as a part of it. docs/decisions/0020 goes through all rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from markdown_it.rules_block import blockquote, fence, list_block, reference, table
from markdown_it.rules_block.table import escapedSplit

from notify.core.late_pattern import late_pattern
from notify.rendering.inline_marks import TARGET

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

#: What stands behind the number of a day, in German, English and French.
_BEHIND_A_DAY = (
    "januar jänner februar feber märz april mai juni juli august september oktober november dezember"
    " january february march may june july october december"
    " janvier février mars avril juin juillet août septembre octobre novembre décembre"
    " jan jän feb fév févr mär mrz mar apr avr jun jul juil aug sep sept okt oct nov dez dec déc"
    " und bis oder sowie and to or et au ou"
).split()
_NUMBER = late_pattern(
    rf"(?P<number>0|[1-9]\d{{0,8}})\.(?P<blanks>[ \t]+)(?!\d|[-–—/&]|(?:{'|'.join(_BEHIND_A_DAY)})\b)", re.IGNORECASE
)
_BULLET = late_pattern(r"(?P<number>)[-*](?P<blanks>[ \t]+)(?![-*\s]*$)")
_LONE_BULLET = late_pattern(r"-[ \t]+[^\d.,]")
_HEADING = late_pattern(r"(?P<marks>#{1,6})[ \t]+(?P<text>\S.*?)(?:[ \t]+(?P=marks))?[ \t]*")
_NUMBER_SIGN = late_pattern(r"#[ \t]+\d+(?!\d|\.[ \t]|\.\d)")
_RULE = late_pattern(r"-{3,}[ \t]*")
_FENCE = late_pattern(r"(?P<marks>`{3,})[a-z0-9+#-]*[ \t]*")
_QUOTED = late_pattern(r">(?:[ \t]|$)")
_QUOTATION = late_pattern(r">[ \t]+[^\s\d]")
_DEFINITION = late_pattern(rf"\[(?P<name>[^\[\]]+)\]:[ \t]*(?P<target><?{TARGET})?", re.IGNORECASE)
#: Deeper than this the parser would lose the text; nobody nests lists and quotations like that.
_DEEPEST = 10
#: The separator before a signature, RFC 3676 section 4.3.
_SIGNATURE = "-- "


def add_block_marks(parser: MarkdownIt) -> None:
    """Put these rules in the place of CommonMark's."""
    rules = parser.block.ruler
    for name, rule, ends in (
        ("table", _read_table, ["paragraph", "reference"]),
        ("code", _read_indented, []),
        ("fence", _read_fence, ["paragraph", "reference", "blockquote", "list"]),
        ("blockquote", _read_quotation, ["paragraph", "reference", "blockquote", "list"]),
        ("hr", _read_rule, []),
        ("list", _read_list, ["paragraph", "reference", "blockquote"]),
        ("reference", _read_definition, []),
        ("heading", _read_heading, []),
        ("paragraph", _read_paragraph, []),
    ):
        rules.at(name, rule, {"alt": ends})
    rules.disable(["html_block", "lheading"])


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _lines(state: StateBlock, start: int, end: int) -> str:
    text = state.getLines(start, end, state.blkIndent, keepLastLF=False).strip(" \t\n")
    return f"{text} " if _line(state, end - 1) == _SIGNATURE else text


def _read_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001  # called by the parser
    """Take the lines up to an empty one, to one that is indented less, or to one that begins something else."""
    last = start + 1
    old_parent, state.parentType = state.parentType, "paragraph"
    enders = state.md.block.ruler.getRules("paragraph")
    while last < end and not state.isEmpty(last) and state.sCount[last] >= state.blkIndent:
        is_deeper = state.sCount[last] - state.blkIndent > 3  # as CommonMark has it
        if not is_deeper and any(rule(state, last, end, True) for rule in enders):  # noqa: FBT003  # the parser's own
            break
        last += 1
    state.parentType = old_parent
    _push_text(state, "paragraph", "p", _lines(state, start, last), (start, last))
    return True


def _push_text(state: StateBlock, kind: str, tag: str, text: str, lines: tuple[int, int]) -> None:
    state.line = lines[1]
    state.push(f"{kind}_open", tag, 1).map = list(lines)
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = text, list(lines), []
    state.push(f"{kind}_close", tag, -1)


def _read_indented(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001  # called by the parser
    """Take lines that begin with four blanks or a tab: they stay indented, as an address block in a letter."""
    if not state.is_code_block(start):
        return False
    last = start + 1
    while last < end and not state.isEmpty(last) and state.is_code_block(last):
        last += 1
    state.push("indented_open", "div", 1).attrs = {"style": "margin-left: 2em"}
    _push_text(state, "paragraph", "p", _lines(state, start, last), (start, last))
    state.push("indented_close", "div", -1)
    return True


def _read_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001  # called by the parser
    """Take a heading; a number sign before a number is none, and within a paragraph nobody asks for one."""
    line = _line(state, start)
    found = _HEADING.fullmatch(line)
    if found is None or state.is_code_block(start) or _NUMBER_SIGN.match(line):
        return False
    _push_text(state, "heading", f"h{len(found['marks'])}", found["text"], (start, start + 1))
    return True


def _read_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001, ARG001  # called by the parser
    """Take ``---`` that stands alone; under a line it is what somebody has underlined it with."""
    stands_alone = (start == 0 or state.isEmpty(start - 1)) and (start + 1 >= end or state.isEmpty(start + 1))
    if not stands_alone or state.is_code_block(start) or not _RULE.fullmatch(_line(state, start)):
        return False
    state.line = start + 1
    state.push("hr", "hr", 0).map = [start, state.line]
    return True


def _read_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take what stands between two lines of backticks; without the second, the first is a line like any other."""
    found = _FENCE.fullmatch(_line(state, start))
    if found is None:
        return False
    closing = re.compile(rf"{found['marks']}`*[ \t]*")
    if not any(closing.fullmatch(_line(state, line)) for line in range(start + 1, end)):
        return False
    return fence(state, start, end, silent)


def _read_quotation(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take the lines that begin with ``> ``; before a number it says that it is more."""
    if state.level >= _DEEPEST or not _QUOTATION.match(_line(state, start)):
        return False
    last = start + 1
    while last < end and _QUOTED.match(_line(state, last)):
        last += 1
    return blockquote(state, start, last, silent)


def _read_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take a table of lines that all have a ``|``; with a row that has more cells than the heading, it is none."""
    if "|" not in _line(state, start):
        return False
    last = min(start + 2, end)
    while last < end and "|" in _line(state, last):
        last += 1
    if not table(state, start, last, True):  # noqa: FBT003  # the parser's own
        return False
    width = _cells(_line(state, start))
    if any(_cells(_line(state, line)) > width for line in range(start + 2, last)):
        return False
    return silent or table(state, start, last, False)  # noqa: FBT003  # the parser's own


def _cells(line: str) -> int:
    cells = escapedSplit(line.strip(" \t\n"))
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


def _read_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take a list: items with a mark, or at least two whose numbers go up by one."""
    line = _line(state, start)
    if state.level >= _DEEPEST or state.is_code_block(start) or not line or line[0] not in "-*0123456789":
        return False
    is_numbered = line[0].isdigit()
    items = list(_items(state, start, end, _NUMBER if is_numbered else _BULLET))
    if not items:
        return False
    if len(items) == 1 and (is_numbered or not _may_stand_alone(state, line, silent=silent)):
        return False
    return list_block(state, start, items[-1], silent)


def _may_stand_alone(state: StateBlock, line: str, *, silent: bool) -> bool:
    """Tell whether one item is a list: not ``* a footnote``, not ``- 5 Grad``, nothing in the midst of a paragraph."""
    return state.listIndent >= 0 or (not silent and _LONE_BULLET.match(line) is not None)


def _items(state: StateBlock, start: int, end: int, mark: re.Pattern[str]) -> Iterator[int]:
    """Yield the line behind each item of a list that begins here."""
    content, number, first = -1, -1, state.src[state.bMarks[start] + state.tShift[start]]
    line = start
    while line < end:
        if state.isEmpty(line) or (content >= 0 and state.sCount[line] >= content):
            line += 1
            continue
        text = _line(state, line)
        found = mark.match(text)
        is_next = found is not None and (text[0] == first or first not in "-*")
        if found is None or not is_next or state.is_code_block(line) or state.sCount[line] < state.blkIndent:
            break
        if found["number"] and number >= 0 and int(found["number"]) != number + 1:
            break
        if content >= 0:
            yield line
        number = int(found["number"] or -1)
        content = state.sCount[line] + _width(state, line, found)
        line += 1
    if content >= 0:
        yield line


def _width(state: StateBlock, line: int, found: re.Match[str]) -> int:
    """Return how far the text of an item is indented, counted as the parser does."""
    blanks = found.start("blanks")
    width = blanks
    for blank in found["blanks"]:
        width += 4 - (state.sCount[line] + width + state.bsCount[line]) % 4 if blank == "\t" else 1
    return width if width - blanks <= 4 else blanks + 1  # as CommonMark has it


def _read_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take ``[name]: https://…`` if a ``[text][name]`` needs it: any other such line is to be read."""
    found = _DEFINITION.match(_line(state, start))
    if found is None:
        return False
    name = re.escape(found["name"])
    # a picture is refused as one, whatever its target
    needed = rf"\]\[{name}\]" if found["target"] else rf"!\[[^\]]*\]\[{name}\]"
    return re.search(needed, state.src, re.IGNORECASE) is not None and reference(state, start, end, silent)
