"""Both guides tell the same: what one has, the other has at the same place."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator

from tests.guides import BOTH, DOCS, GUIDES, toml_blocks


def _outline(text: str) -> Iterator[str]:
    """Yield what both guides must have in the same order: headings, lists, tables, blocks, and what is typed."""
    in_block = ""
    for line in text.split("\n"):
        if fence := re.match(r" *```(\w*)", line):
            in_block = "" if in_block else (fence[1] or "text")
            yield f"block {in_block}"
        elif in_block:
            if found := re.match(r"(?:\$ )?notify (\w+)(.*)", line):
                yield " ".join([found[1], *re.findall(r" (--?[a-z][a-z-]*)", found[2])])
        elif found := re.match(r"(#+) |( *[-|])|( *\d\.) ", line):
            yield found[0].strip()


def test_both_tell_the_same() -> None:
    """What one guide has, the other has at the same place: headings, lists, tables, blocks and commands."""
    outlines = {language: list(_outline(text)) for language, text in GUIDES.items()}
    assert outlines["de"] == outlines["en"]


@BOTH
def test_its_contents(language: str) -> None:
    """The list on top has every part, in its order."""
    text = GUIDES[language]
    listed = re.findall(r"^- \[(.+)\]\(#", text[: text.index("\n## ")], re.MULTILINE)
    assert listed == re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_both_name_the_same() -> None:
    """Commands with their options, keys of notify.toml, files and other pages are named in both, equally often."""
    named = {language: Counter(_named(text)) for language, text in GUIDES.items()}
    assert named["en"] - named["de"] == named["de"] - named["en"] == Counter()


def _named(text: str) -> Iterator[str]:
    text = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for typed in re.findall(r"`([^`]+)`", text):
        if found := re.match(r"notify\s+(\w+)(.*)", typed, re.DOTALL):
            yield " ".join([found[1], *re.findall(r"--[a-z-]+", found[2])])
        elif found := re.match(r"--[a-z-]+|[a-z_]+(?= = )|\[.*\]$|[a-z.]+\.(?:toml|db)$", typed):
            yield found[0]
    links = re.findall(r"\]\(([^)#]+)", text)
    yield from (link.replace("-de.svg", ".svg") for link in links if link not in {"guide.md", "anleitung.md"})


def test_the_messages_that_are_explained() -> None:
    """The last table of both explains the same messages, and each of them is one that notify has."""
    sources = "\n".join(path.read_text("utf-8") for path in (DOCS.parent / "notify").rglob("*.py"))
    # a message may be written as several literals, one below the other
    sources = re.sub(r'"\s*\n\s*f?"', "", sources)
    tables = [re.findall(r"^\| ([^|]+) \|", text[text.rindex("\n## ") :], re.MULTILINE) for text in GUIDES.values()]
    quoted = [[words for cell in table for words in re.findall(r'"([^"]+)"', cell)] for table in tables]
    assert quoted[0] == quoted[1]
    for words in quoted[0]:
        assert all(part in sources for part in re.split(r" ?… ?", words)), words


def test_both_show_the_same_settings() -> None:
    """The pieces of notify.toml have the same keys, and those that are no names have the same values."""
    shown = {language: [tomllib.loads(block) for block in toml_blocks(language)] for language in GUIDES}
    assert [_keys(block) for block in shown["de"]] == [_keys(block) for block in shown["en"]]
    assert len(shown["de"]) == 8


def _keys(value: object) -> object:
    if isinstance(value, dict):
        return {name: _keys(inner) for name, inner in value.items()}
    return [_keys(inner) for inner in value] if isinstance(value, list) else type(value)
