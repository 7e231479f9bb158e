"""What numbers mean, where the user says it."""

from __future__ import annotations

import pytest

from notify.recipients.gender_codes import decoded, read_codes


def test_codes() -> None:
    """Each is looked up in the columns for Anrede and gender, and nowhere else."""
    codes = read_codes(" 1=Frau, 2 = Herr,0=m,")
    assert codes == {"1": "Frau", "2": "Herr", "0": "m"}
    fields = {"prefix": "1", "gender": "02", "last_name": "1"}
    assert decoded(fields, codes) == {"prefix": "Frau", "gender": "Herr", "last_name": "1"}
    assert decoded({"prefix": "2.0", "gender": "0"}, codes) == {"prefix": "Herr", "gender": "m"}
    assert decoded({"prefix": "3", "gender": ""}, codes) == {"prefix": "3", "gender": ""}
    assert decoded(fields, {}) is fields


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1", '"1" is no code'),
        ("1=Frau,=Herr", '"=Herr" is no code'),
        ("1=Fraau", '"Fraau" says nothing'),
        ("1:m", "no code"),
    ],
)
def test_what_is_no_code(text: str, wrong: str) -> None:
    """It is told with the way to write it."""
    with pytest.raises(ValueError, match=wrong):
        read_codes(text)
