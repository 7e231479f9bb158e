"""The words of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notify.pages.paper import read_file
from notify.pages.public_words import WORDS as PUBLIC_WORDS
from notify.pages.words import WORDS, language_for

FILES = Path(__file__).parents[3] / "notify" / "pages" / "files"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr,de;q=0.5", "de"),
        ("fr", "en"),
        ("en;q=0.1, DE-at;q=0.2", "de"),
        ("de;q=..,en", "en"),
        (",;,q=" * 1000, "en"),
    ],
)
def test_the_browser_says_the_language(accepted: str, language: str) -> None:
    """German where it is liked better than English, and English for everybody else."""
    assert language_for(accepted) == language


def test_every_word_is_there_in_both_languages() -> None:
    """What one language has, the other has too, but for the names of findings, which are English already."""
    assert WORDS["en"].keys() <= WORDS["de"].keys()
    assert not [name for name in WORDS["de"].keys() - WORDS["en"].keys() if name in _named_in_templates()]
    assert all(text.strip() for words in WORDS.values() for text in words.values())


def test_every_word_that_a_template_names_is_there() -> None:
    """And no word is kept that is named nowhere."""
    named = _named_in_templates()
    assert named <= WORDS["en"].keys()
    sources = "".join(path.read_text("utf-8") for path in FILES.parents[1].rglob("*.py") if path.name != "words.py")
    assert [
        word for word in WORDS["en"].keys() - named if f'"{word}"' not in sources and f"'{word}'" not in sources
    ] == []


def test_a_word_is_not_taken_for_what_a_dictionary_can_do() -> None:
    """``word.keys`` would print a method of Python."""
    texts = "".join(path.read_text("utf-8") for path in FILES.glob("*.html"))
    assert not [name for name in re.findall(r"\bword\.(?!get\b)(\w+)", texts) if hasattr(dict, name)]


def _named_in_templates() -> set[str]:
    texts = "".join(path.read_text("utf-8") for path in FILES.glob("*.html"))
    return set(re.findall(r"word\.(?!get\b)(\w+)", texts)) | set(re.findall(r'word\["(\w+)"\]', texts))


def test_every_word_of_the_public_page_is_there() -> None:
    """In each language of a campaign the same words, each of which is said somewhere."""
    template = read_file("public.html").decode()
    first, *others = PUBLIC_WORDS.values()
    assert all(words.keys() == first.keys() for words in others)
    assert {*re.findall(r"public\.(\w+)", template)} <= first.keys()
    assert all(
        word.startswith(("verify_", "former_", "says", "stays")) or f"public.{word}" in template for word in first
    )
