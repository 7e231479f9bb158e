"""What a reply repeats of the credentials is taken out of it."""

from __future__ import annotations

import pytest

from notify.accounts.login import _without
from notify.core.outcome import Loss, Reply

TOKEN = "ya29.A0ARrdaM-k_9Zq7"


@pytest.mark.parametrize(
    ("secret", "line", "left"),
    [
        (TOKEN, f"5.7.8 bad token {TOKEN}", "5.7.8 bad token ***"),
        (TOKEN, f"(token={TOKEN},x)", "(token=***,x)"),
        (TOKEN, f"cut off: {TOKEN[:9]}", "cut off: ***"),
        (TOKEN, f"...{TOKEN[-8:]}", "...***"),
        (TOKEN, f"{TOKEN[:7]} {TOKEN[7:]} again", "*** *** again"),
        (TOKEN, f"{TOKEN}{TOKEN}", "***"),
        (TOKEN, "ya29. is no part of its own", "ya29. is no part of its own"),
        ("Grüße aus Kiel", "not 'Grüße aus Kiel'!", "not '***'!"),
        ("abc", "you said abc, not it", "you said ***, not it"),
        ("", "nothing to hide", "nothing to hide"),
        (TOKEN, "", ""),
    ],
)
def test_masked(secret: str, line: str, left: str) -> None:
    """Whole or in part, whatever stands around it; the words of the reply stay."""
    assert _without(Reply(535, ("5.7.8 no", line)), [secret]) == Reply(535, ("5.7.8 no", left))


def test_loss() -> None:
    """A loss has words of our own only."""
    assert _without(Loss("no answer in time"), ["no answer"]) == Loss("no answer in time")
