"""The words of an own layout: they stand around every message, and nobody reads them when a number changes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from notify.checks.contradictions import contradictions
from notify.checks.facts import Facts
from notify.checks.left_behind import left_behind
from notify.checks.links import broken_links
from notify.checks.prose import links_in
from notify.checks.remark import Remark
from notify.checks.typed_values import ADDRESS, PHONE, spelled_plainly
from notify.checks.unfinished import unfinished
from notify.core.late_pattern import late_pattern
from notify.core.rendered import GAP, Wording, Words

_CODE = late_pattern(r"\{#.*?#\}|\{%.*?%\}", re.DOTALL)
_VALUE = late_pattern(r"\{\{.*?\}\}", re.DOTALL)
_UNREAD = late_pattern(r"<(?:style|script|title)\b.*?</(?:style|script|title)>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_LINE = late_pattern(r"</?(?:p|td|tr|div|li|h\d|br|table|section|footer|header)\b[^<>]*>", re.IGNORECASE)
_TAG = late_pattern(r"<[^<>]*>")
#: What speaks of values; style and greeting of a layout are its author's own.
_CHECKS = (contradictions, left_behind, unfinished, broken_links)


def layout_words(facts: Facts) -> Iterator[Remark]:
    """Yield what is wrong in the layouts of a template."""
    for label, text in facts.texts.items():
        if not label.replace("\\", "/").endswith("layout.html"):
            continue
        page = _VALUE.sub(GAP, _CODE.sub("", text))
        words = Words("", spelled_plainly(_words_of(page)), page)
        wording = Wording(label, facts.campaign.language, words, words)
        for check in _CHECKS:
            for remark in check(wording, facts):
                # its own file is looked through first
                yield remark if remark.where else _placed(remark, label, facts)


def link_targets(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the links that lead to an old number or address, or to one with a slip, whatever their words say."""
    said = []
    for link in links_in(wording.typed.html):
        scheme, _, target = link.target.partition(":")
        is_told = PHONE.search(link.label) or ADDRESS.search(link.label)
        if scheme.casefold() in ("tel", "mailto") and not is_told and GAP not in target:
            said.append(f"{link.label}: {target.partition('?')[0]}")
    words = Words("", "\n".join(said), "")
    links = Wording(wording.label, wording.language, words, words)
    yield from (*left_behind(links, facts), *contradictions(links, facts))


def _placed(remark: Remark, label: str, facts: Facts) -> Remark:
    where = remark.finding(label, {label: facts.texts[label]}).where
    return Remark(remark.name, remark.what, remark.mend, remark.excerpt, where, remark.is_grave)


def _words_of(page: str) -> str:
    bare = _TAG.sub("", _LINE.sub("\n", _UNREAD.sub("", page)))
    return html.unescape(bare)
