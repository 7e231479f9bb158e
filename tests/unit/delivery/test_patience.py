"""The patience with a relay that loses connections: how often it is called again, and when it counts as away."""

from __future__ import annotations

import pytest

from notify.core.outcome import Loss, Outcome, Phase, Reply
from notify.core.verdict import judge
from notify.delivery.patience import WAITS_S, Patience

LOST = judge(Phase.MAIL, Loss("the connection was closed"))
REFUSED_LOGIN = judge(Phase.AUTH, Reply(535, ("5.7.8 no",)))
LOGIN_LATER = judge(Phase.AUTH, Reply(454, ("4.7.0 not now",)))


def _lose(patience: Patience, lost: Outcome = LOST, *, answers: int = 0) -> float | None:
    """Lose a connection that was begun just before."""
    return patience.wait_s(lost, answers=answers, since=patience.losses)


def test_growing_waits() -> None:
    """The next connection follows at once, the others after waits that grow, and then the relay counts as away."""
    patience = Patience()
    assert [_lose(patience) for _ in range(len(WAITS_S) + 2)] == [*WAITS_S, None, None]
    assert WAITS_S[0] == 0
    assert list(WAITS_S) == sorted(WAITS_S)
    assert sum(WAITS_S) < 5, "a relay that stays away is not waited for by people who watch"


def test_an_answer_renews_it() -> None:
    """Whoever answers about somebody in between is not away, however often it loses a connection."""
    patience = Patience()
    assert [_lose(patience, answers=number) for number in range(1, 50)] == [0] * 49


def test_lost_at_one_moment() -> None:
    """Connections that were open together and are lost together are one loss; those begun later are another."""
    patience = Patience()
    since = patience.losses
    assert [patience.wait_s(LOST, answers=7, since=since) for _ in range(20)] == [0] * 20
    assert _lose(patience, answers=7) == WAITS_S[1]


def test_slow() -> None:
    """What took its time to fail is not tried again at once."""
    assert Patience().wait_s(LOST, answers=0, since=0, is_slow=True) is None


@pytest.mark.parametrize("refused", [REFUSED_LOGIN, LOGIN_LATER], ids=["refused", "not now"])
def test_logins(refused: Outcome) -> None:
    """A login is tried twice more, whatever else was lost in the same row: some relays lock accounts."""
    patience = Patience()
    assert [_lose(patience) for _ in range(3)] == list(WAITS_S[:3])
    assert [_lose(patience, refused) for _ in range(3)] == [*WAITS_S[3:5], None]
    assert [_lose(patience, refused, answers=1) for _ in range(3)] == [*WAITS_S[:2], None]


def test_a_probe() -> None:
    """A relay that was away is called once; when it has answered about somebody it is borne with as ever."""
    patience = Patience(is_spent=True)
    assert _lose(patience) is None
    assert _lose(Patience(is_spent=True), answers=1) == 0
