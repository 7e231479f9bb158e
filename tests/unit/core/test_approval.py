"""The marks of approved messages: found again among many, and told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notify.core.approval import Marks, mark


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=20), st.text(max_size=5), st.text(max_size=5))
def test_found_again(messages: dict[str, str], who: str, text: str) -> None:
    """Exactly the marks that were collected are found, and exactly their recipients are known."""
    marks = Marks.of(mark(one, {"text": message}) for one, message in messages.items())
    assert len(marks) == len(messages)
    asked = mark(who, {"text": text})
    assert (asked in marks) == (messages.get(who) == text)
    assert marks.knows(asked) == (who in messages)
