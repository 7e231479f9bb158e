"""What was damaged on its way is mended where that is certain, and seen where it is not."""

from __future__ import annotations

import pytest

from notify.core.damaged_text import is_damaged, may_be_mended, mended, without_entities

CERTAIN = {
    "J&ouml;rg": "Jörg",
    "O&#039;Brien": "O'Brien",
    "O&#x27;Brien": "O'Brien",
    "Müller &amp; Söhne": "Müller & Söhne",
    "Robert &quot;Bob&quot; Hanley": 'Robert "Bob" Hanley',
    '="01067"': "01067",
    '="a""b"': 'a"b',
    "'01067": "01067",
    "'+49 40 1": "+49 40 1",
    "MÃ¼ller": "Müller",
    "Jürgen MÃ¼ller": "Jürgen Müller",
    "MÃƒÂ¼ller": "Müller",
    "M√ºller": "Müller",
    "M├╝ller": "Müller",
    "MichaÅ‚": "Michał",
    "Ð˜Ð²Ð°Ð½": "Иван",
    "Ã\x81ngel": "Ángel",
    "vis-Ã\xa0-vis": "vis-à-vis",
    "1 Â°C": "1 °C",
}


@pytest.mark.parametrize("text", CERTAIN)
def test_what_is_certain(text: str) -> None:
    """Entities of HTML, marks of spreadsheets, and UTF-8 that was read as something else, once or twice."""
    assert mended(text) == CERTAIN[text]
    assert text[0] in "='" or may_be_mended(f"Anna;{text};Bonn\n")


@pytest.mark.parametrize(
    "text",
    "„Spaß“|Spaß“|CAFÉ…|JOÃO|ROMÂNIA|'t Hooft|'Anna'|'1'|R&D|A&B;C|AT&T; x|10–¥20|Größe|Åström|Îlot|=1+1|–Ä–Z".split(
        "|"
    ),
)
def test_what_is_meant_so(text: str) -> None:
    """Nothing that somebody may have written is changed."""
    assert mended(text) == text
    assert not is_damaged(text)


@pytest.mark.parametrize("text", ["M?ller", "M\ufffdller", "?zdemir", "Andr?", "MÃ?ller", "Gro?mann-Wei?", "MÃ ller"])
def test_what_is_lost(text: str) -> None:
    """Nobody can tell the letter any more."""
    assert mended(text) == text
    assert is_damaged(text)


def test_entities_in_a_line() -> None:
    """The semicolon at their end parts no cells, and what they stand for does not either."""
    assert without_entities("J&ouml;rg;&quot;Bob&quot;;a&#59;b") == "Jörg;&quot;Bob&quot;;a&#59;b"
