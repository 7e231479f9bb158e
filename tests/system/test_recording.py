"""The recordings of a terminal in docs/pictures: whole, small, and of the program as it is."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs import recording
from docs.terminal_screen import Screen

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def _shown(svg: str) -> list[str]:
    """Return the lines of a recording, without blanks, and with all numbers alike: times and paces never are."""
    lines: dict[str, str] = {}
    for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314  # it is ours
        height = text.attrib["y"]
        lines[height] = lines.get(height, "") + (text.text or "")
    return [re.sub(r"[\d.]+|━+", "#", line.replace(" ", "")) for line in lines.values()]


@pytest.mark.parametrize("language", recording.NAMES)
def test_it_stands_by_itself(language: str) -> None:
    """It is a small picture that fetches nothing and runs nothing."""
    svg = (PICTURES / recording.NAMES[language]).read_text("utf-8")
    assert len(svg) < 40_000
    assert re.findall(r"https?://[^\" ]+", svg.replace("http://www.w3.org/2000/svg", "")) == []
    assert "<script" not in svg
    assert any("notify send" in text for text in ET.fromstring(svg).itertext())  # noqa: S314  # it is ours


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize("language", recording.NAMES)
def test_it_shows_what_the_program_says(tmp_path: Path, language: str) -> None:
    """It is what would be recorded now. Mend with `./run python docs/recording.py`."""
    now = recording.draw(recording.record(language, tmp_path), "")
    assert _shown((PICTURES / recording.NAMES[language]).read_text("utf-8")) == _shown(now)


def test_the_screen() -> None:
    """Colours end where they end, a line is written over, and one that is too long goes on in the next."""
    screen = Screen(10)
    screen.write("\x1b[1;31mred\x1b[0m plain\r\n50%\r\x1b[2K100%\r\n0123456789ab\r\n\x1b[2Aup")
    assert screen.text() == ["red plain", "100%", "up23456789", "ab", ""]
    assert screen.lines[0][0].style == {"bold", "red"}
    assert screen.lines[0][4].style == set()
