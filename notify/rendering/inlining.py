"""Writes a layout's rules into the tags themselves: many mail programs drop ``<style>``.

Only what cannot stand in a tag is kept there: ``@media`` and its like. Nothing is loaded from anywhere.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from notify.core.late_pattern import late_pattern

if TYPE_CHECKING:
    import css_inline

_STYLE = late_pattern(r"(<style\b[^>]*>)(.*?)(</style>)", re.IGNORECASE | re.DOTALL)
_FIRST_STYLE = late_pattern(r"<head>\s*(<style>.*?</style>)(.*?)</head>", re.DOTALL)
_DOCTYPE = late_pattern(r"^<!doctype html>\n?", re.IGNORECASE)
_COMMENT = late_pattern(r"/\*.*?\*/", re.DOTALL)
_BLANKS = late_pattern(r"\s+")
#: The beginning of a block, with the name of an at-rule, and its end.
_BRACES = late_pattern(r"@(?P<name>[\w-]+)[^{};]*\{|\{|\}")
#: A declaration; a semicolon in a string or in url(…) is part of it.
_DECLARATION = late_pattern(r"""(?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\))+""")
_STYLE_OF_PROBE = late_pattern(r'<a [^>]*style="([^"]*)"')
_CONDITIONAL = frozenset({"media", "supports"})


def inline(html: str) -> str:
    """Return a page with the rules of its ``<style>`` in the tags; a page without one as it is."""
    if not _STYLE.search(html):
        return html
    inlined = _inliner().inline(_STYLE.sub(lambda style: style[1] + _winning(style[2]) + style[3], html))
    # behind <meta charset>, which must stand within the first 1,024 octets
    inlined = _FIRST_STYLE.sub(r"<head>\2\1</head>", inlined, count=1)
    return _DOCTYPE.sub("<!doctype html>\n" if _DOCTYPE.match(html) else "", inlined)


def of_links(layout: str) -> str:
    """Return the declarations of a layout for links, for one that is written after its rules were."""
    rules = "".join(map("".join, _STYLE.findall(layout)))
    found = _STYLE_OF_PROBE.search(inline(f'<html><head>{rules}</head><body><a href="x">x</a></body></html>'))
    return found[1] if found else ""


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    # a layout of one's own mostly has no rules
    import css_inline

    return css_inline.CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)


def _winning(css: str) -> str:
    """Return the rules; those under a condition ``!important``, or they would lose against what stands in the tags."""
    css = _BLANKS.sub(" ", _COMMENT.sub("", css))
    written: list[str] = []
    blocks: list[str] = []
    at = 0
    for brace in _BRACES.finditer(css):
        between = css[at : brace.start()]
        is_end = brace[0] == "}"
        written += [_important(between) if is_end and _is_conditional(blocks) else between, brace[0]]
        at = brace.end()
        if not is_end:
            blocks.append(brace["name"] or "")
        elif blocks:
            blocks.pop()
    return "".join(written) + css[at:]


def _is_conditional(blocks: list[str]) -> bool:
    """Tell whether the innermost of the open blocks has declarations, and one around it a condition."""
    return bool(blocks) and not blocks[-1] and not _CONDITIONAL.isdisjoint(blocks)


def _important(declarations: str) -> str:
    said = (declaration.strip() for declaration in _DECLARATION.findall(declarations))
    return " ".join(f"{each};" if "!important" in each else f"{each} !important;" for each in said if each)
