"""What the shipped newsletter says until somebody writes it goes to nobody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from notify.checks import examples

NEWSLETTER = Path(examples.__file__).parents[1] / "examples" / "templates" / "newsletter"


@pytest.mark.parametrize("file", sorted(NEWSLETTER.glob("message.*.md")), ids=lambda path: path.name)
def test_news_that_nobody_wrote(file: Path) -> None:
    """Each piece that its author has to write is found as long as it stands there, and nothing of the rest."""
    text = file.read_text("utf-8")
    pieces = re.findall(r"^## .*\n\n(.*)\n", text, re.MULTILINE)
    assert len(pieces) == 2
    for piece in pieces:
        (remark,) = examples.in_texts({"message.md": f"Subject: x\n\n{piece}\n"}, ())
        assert (remark.name, remark.where) == ("example-value", "message.md:3")
    for piece in pieces:
        text = text.replace(piece, "Wir sind umgezogen.")
    assert not [*examples.in_texts({"message.md": text}, ())]
