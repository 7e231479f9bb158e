"""The marks inside of a line: ``**bold**``, ``*italic*``, ``~~struck~~``, code, links, backslashes.

Those of CommonMark, but each only where nobody types it for its own sake: a star within a word (``Kund*innen``,
``2*3*4``) is a star, an underscore always one, and a bracket is a link only with a target that people can click.
docs/decisions/0020 goes through all rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from markdown_it.rules_inline import link as commonmark_link
from markdown_it.rules_inline.state_inline import Delimiter

from notify.core.late_pattern import late_pattern
from notify.rendering.slots import SLOT
from notify.rendering.typed import Typed, find_typed

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

#: The target of a link: where people may be led, or one with a value in it, which is looked at when it is known.
TARGET = rf"(?:https?://|mailto:|tel:|[^\s()<>]*{SLOT.pattern})"

_TARGET = late_pattern(rf"\(\s*<?{TARGET}", re.IGNORECASE)
_CODE = late_pattern(r"(`+)(?!`)([^\n]+?)(?<!`)\1(?!`)")
#: What a backslash takes its meaning from.
_MARKS = frozenset("\\`*_{}[]()#+-.!|<>~&")
#: What an emphasis is typed behind, beside a blank; and what it neither begins nor ends with: ``5,00 €*, 6,00 €*``,
#: ``(*) voluntary`` and ``*) plus VAT`` are stars.
_BEFORE = frozenset("([{<*~:/|>-–—\"'„“‚‘«»›‹")  # as they are typed
_CLOSING, _OPENING = frozenset(")]},;:."), frozenset("([{")
#: Marks a link that was typed without brackets.
_BARE = "bare"
_LONGEST = {"*": (1, 3), "~": (2, 2)}


def add_inline_marks(parser: MarkdownIt) -> None:
    """Put these rules in the place of CommonMark's."""
    rules = parser.inline.ruler
    rules.at("text", _read_text)
    rules.at("escape", _read_backslash)
    rules.at("backticks", _read_code)
    rules.at("strikethrough", _read_emphasis)
    rules.at("emphasis", _read_emphasis)
    rules.at("link", _read_link)
    rules.disable(["autolink", "html_inline"])
    parser.inline.ruler2.push("struck", _leave_struck_unlinked)


def _read_text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the parser's form of a rule
    """Take what has no mark in it, and what stays as it was typed."""
    starts, typed = _typed_in(state)
    number = bisect_left(starts, state.pos)
    following = typed[number] if number < len(typed) else None
    if following is not None and following.start == state.pos and following.end <= state.posMax:
        if not silent:
            _write(state, following)
        state.pos = following.end
        return True
    mark = state.md.inline.terminator_re.search(state.src, state.pos, state.posMax)
    end = mark.start() if mark else state.posMax
    if following is not None and following.start > state.pos:
        end = min(end, following.start)
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _typed_in(state: StateInline) -> tuple[list[int], list[Typed]]:
    """Return what stays as it was typed in this text, and where each begins; looked for once."""
    known = state.env.setdefault("typed", {})
    if state.src not in known:
        typed = list(find_typed(state.src))
        known[state.src] = [piece.start for piece in typed], typed
    found: tuple[list[int], list[Typed]] = known[state.src]
    return found


def _write(state: StateInline, typed: Typed) -> None:
    # there is no link within a link
    is_link = bool(typed.target) and state.linkLevel == 0
    if is_link:
        opening = state.push("link_open", "a", 1)
        opening.attrs, opening.markup = {"href": typed.target}, _BARE
    state.push("text", "", 0).content = typed.text
    if is_link:
        state.push("link_close", "a", -1).markup = _BARE


def _leave_struck_unlinked(state: StateInline) -> None:
    """Take the link from a struck address, which is an old one: nobody shall write to it by a click."""
    if not any(token.type == "s_open" for token in state.tokens):
        return
    struck, kept = 0, []
    for token in state.tokens:
        struck += (token.type == "s_open") - (token.type == "s_close")
        if not struck or token.markup != _BARE:
            kept.append(token)
    state.tokens[:] = kept


def _read_backslash(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take a backslash from before a mark, and from the end of a line."""
    following = state.src[state.pos + 1 : state.pos + 2]
    if state.src[state.pos] != "\\" or state.pos + 1 >= state.posMax or following not in {*_MARKS, "\n"}:
        return False
    if following == "\n":
        state.pos += 1
        return True
    if not silent:
        state.pending += following
    state.pos += 2
    return True


def _read_code(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take code; an apostrophe that was typed as a backtick (``Heidi`s``) is none."""
    if state.src[state.pos] != "`":
        return False
    found = _CODE.match(state.src, state.pos, state.posMax)
    around = state.src[state.pos - 1 : state.pos] + (state.src[found.end() : found.end() + 1] if found else "")
    if found is None or any(character.isalnum() or character == "`" for character in around):
        length = len(state.src) - state.pos - len(state.src[state.pos :].lstrip("`"))
        if not silent:
            state.pending += "`" * length
        state.pos += length
        return True
    if not silent:
        code = found[2]
        is_padded = code.startswith(" ") and code.endswith(" ") and code.strip()
        state.push("code_inline", "code", 0).content = code[1:-1] if is_padded else code
    state.pos = found.end()
    return True


def _read_emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Note where ``*``, ``**`` and ``~~`` may begin or end something; what has no partner stays as it was typed."""
    mark = state.src[state.pos]
    if silent or mark not in _LONGEST:
        return False
    run = state.scanDelims(state.pos, False)  # noqa: FBT003  # not within words
    before = state.src[max(state.pos - 1, 0) : state.pos]
    after = state.src[state.pos + run.length : state.pos + run.length + 1]
    opens = run.can_open and after not in _CLOSING and (before in _BEFORE or not before.strip())
    closes = run.can_close and before not in _OPENING
    shortest, longest = _LONGEST[mark]
    if not (opens or closes) or not shortest <= run.length <= longest:
        state.pending += mark * run.length
    else:
        for _ in range(run.length // shortest):
            state.push("text", "", 0).content = mark * shortest
            # the parser pairs stars only when their numbers fit
            length = run.length if mark == "*" else 0
            state.delimiters.append(Delimiter(ord(mark), length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += run.length
    return True


def _read_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take ``[text](target)``, and ``[text][name]`` where the name has a target; any other bracket is one."""
    if state.src[state.pos] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, state.pos, disableNested=True) + 1
    has_name = state.src.startswith("[", end) and not state.src.startswith("[]", end)
    if end < 1 or not (has_name or _TARGET.match(state.src, end, state.posMax)):
        return False
    return commonmark_link(state, silent)
