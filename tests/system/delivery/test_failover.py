"""Several relays: when one is down or used up, the next goes on; what one refuses for good, no other is asked for."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from notify.accounts import Account, Tls
from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.run import begun
from notify.core.outcome import Phase
from notify.delivery.events import LeftOut, Over, Reason, Switching, Tried, Waiting
from notify.delivery.failover import Failover
from notify.delivery.job import Orders
from notify.delivery.patience import WAITS_S
from notify.delivery.routes import Route
from notify.relays.wire import Timeouts, Wire
from tests.campaign import NOW, Folder, enrolled
from tests.clocks import Leaping
from tests.folders import addresses
from tests.servers.scripted import Act, Rule, ScriptedServer, lose_answer, say, say_and_close

pytestmark = pytest.mark.both_ledgers

PEOPLE = "E-Mail\n" + "".join(f"p{number}@example.com\n" for number in range(6))
AWAY = Rule("mail", say_and_close("421 4.3.2 Going down"), message=3)
ALWAYS_AWAY = Rule("banner", say_and_close("421 4.3.2 Not now"))
QUOTA = Rule("dot", say("550 5.4.5 Daily user sending quota exceeded"), message=3)
#: So often a relay is called before it counts as away.
CALLS = 1 + len(WAITS_S)
FREELY = '"100000/s"'


def _relay(port: int, rate: str) -> str:
    return f'\n[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nrate = [{rate}]\n'


def _account(route: Route) -> Account:
    return Account("127.0.0.1", int(route.name.rpartition(":")[2]), Tls.NONE)


class Two:
    """Two relays, and what becomes of six people."""

    def __init__(self, path: Path, servers: Sequence[ScriptedServer], *rates: str) -> None:
        first, second = ([*rates, FREELY, FREELY])[:2]
        more = _relay(servers[0].port, first) + _relay(servers[1].port, second)
        self.folder = Folder(path / "campaign", people=PEOPLE, real=False, more=more)
        self.folder.ledger = ledger_of_folder(self.folder.path)
        self.servers = servers
        self.clock = Leaping()

    def send(self, *, stay: bool = False, limit: int | None = None) -> list[object]:
        """Run; return what happened, without the messages that were sent."""
        with begun(self.folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
            enrolled(run)
            delivery = Failover(run.job, _account, Orders(50, 0, limit), self.clock, stays=stay)
            return [event for event in delivery.events() if not isinstance(event, Tried)]

    def took(self) -> list[int]:
        """Return how many messages each relay took; nobody got two."""
        taken = [addresses(server.accepted()) for server in self.servers]
        everybody = [address for one in taken for address in one]
        assert len(set(everybody)) == len(everybody)
        return [len(one) for one in taken]


def _servers(stack: ExitStack, path: Path, *rules: list[Rule]) -> list[ScriptedServer]:
    return [
        stack.enter_context(ScriptedServer(path / f"record{number}", rules=one)) for number, one in enumerate(rules)
    ]


def test_what_has_turned_out_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that loses commands is waited for once, though the run ends in between and goes on."""
    monkeypatch.setattr("notify.delivery.connections.Wire", partial(Wire, timeouts=Timeouts(rcpt_s=0.3)))
    deaf = Rule("mail", Act(say="250 2.1.0 Ok", wait_s=0.05, forget=True))
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [deaf, QUOTA], [ALWAYS_AWAY]))
        *_, over = two.send(stay=True)
        assert isinstance(over, Over)
        assert over.reason is Reason.EXHAUSTED
        assert two.took() == [6, 0]
        # the first was not heard; each of the others carried two messages and met the quota
        assert two.servers[0].connections == 4


@pytest.mark.parametrize(
    ("first", "took"),
    [
        ([], [6, 0]),
        ([ALWAYS_AWAY], [0, 6]),
        ([QUOTA], [2, 4]),
        ([AWAY, *(Rule("banner", AWAY.act, connection=number) for number in range(2, 7))], [2, 4]),
    ],
)
def test_the_next_goes_on(tmp_path: Path, first: list[Rule], took: list[int]) -> None:
    """Through the first as long as it can; then through the second. Everybody gets one message."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, first, []))
        *events, over = two.send()
        assert over == Over(Reason.EXHAUSTED)
        assert [type(event) for event in events] == [Switching] * (took[1] > 0)
        assert two.took() == took
    assert set(two.folder.statuses().values()) == {"sent"}


def test_a_limit_of_its_own(tmp_path: Path) -> None:
    """What one relay may take is counted for it alone."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [], []), '"2/day"')
        *_, over = two.send()
        assert over == Over(Reason.EXHAUSTED)
        assert two.took() == [1, 5]


def test_refused_for_good(tmp_path: Path) -> None:
    """A refusal that needs the user is not carried to the next relay."""
    with ExitStack() as stack:
        refused = [Rule("mail", say("550 5.7.1 Sender address rejected: not owned by user"))]
        two = Two(tmp_path, _servers(stack, tmp_path, refused, []))
        (over,) = two.send()
        assert isinstance(over, Over)
        assert over.reason is Reason.RELAY
        assert two.took() == [0, 0]
    assert set(two.folder.statuses().values()) == {"pending"}


@pytest.mark.both_ledgers("every day")
def test_all_are_down(tmp_path: Path) -> None:
    """When all are down the run ends, or waits and begins with the first again."""
    with ExitStack() as stack:
        # all the patience of the first run, and the first probe of the second
        down = Rule("banner", ALWAYS_AWAY.act, times=2 * CALLS)
        two = Two(tmp_path, _servers(stack, tmp_path, [down], [down]))
        *events, over = two.send()
        assert isinstance(over, Over)
        assert (over.reason, [type(event) for event in events]) == (Reason.RELAY, [Switching])
        *events, over = two.send(stay=True)
        assert over == Over(Reason.EXHAUSTED)
        assert [type(event) for event in events] == [Switching, Waiting]
        assert two.took() == [6, 0]


def test_used_up_for_less_than_an_hour(tmp_path: Path) -> None:
    """What the first may take in this hour it has taken, so the next goes on."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [], []), '"100/s", "2/hour"', FREELY)
        *events, over = two.send()
        assert (over, two.took()) == (Over(Reason.EXHAUSTED), [2, 4])
        assert [type(event) for event in events] == [Switching]


@pytest.mark.file_ledger  # the hour passes by the clock of the test, and a database has one of its own
def test_both_are_used_up_for_less_than_an_hour(tmp_path: Path) -> None:
    """When both have taken what they may, they are waited for."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [], []), '"100/s", "2/hour"', '"100/s", "2/hour"')
        *events, over = two.send()
        assert (over, two.took()) == (Over(Reason.EXHAUSTED), [4, 2])
        assert [type(event) for event in events] == [Switching, Waiting]


def test_the_one_that_may_be_back_first(tmp_path: Path) -> None:
    """A quota waits for an hour; a relay that was busy for a moment is asked again after half a minute."""
    with ExitStack() as stack:
        quota, busy = Rule("dot", QUOTA.act), Rule("banner", ALWAYS_AWAY.act, times=CALLS)
        two = Two(tmp_path, _servers(stack, tmp_path, [quota], [busy]))
        began = two.clock.now()
        *events, over = two.send(stay=True)
        assert (over, two.took()) == (Over(Reason.EXHAUSTED), [0, 6])
        (waiting,) = (event for event in events if isinstance(event, Waiting))
        # by this clock the short waits before that take minutes
        assert 29 < (waiting.until - began).total_seconds() < 1200
        assert two.servers[0].connections == 1


def test_each_is_left_alone_for_its_own_trouble(tmp_path: Path) -> None:
    """While one is probed more and more seldom, the other is not asked before the hour that its quota wants is over."""
    with ExitStack() as stack:
        down = Rule("banner", ALWAYS_AWAY.act, times=CALLS + 5)
        quota = Rule("mail", say("450 4.7.1 Daily limit exceeded"))
        two = Two(tmp_path, _servers(stack, tmp_path, [down], [quota]))
        *_, over = two.send(stay=True)
        assert (over, two.took()) == (Over(Reason.EXHAUSTED), [6, 0])
        # after 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 minutes
        assert [server.connections for server in two.servers] == [CALLS + 6, 1]


def test_a_login_that_is_refused_by_the_second(tmp_path: Path) -> None:
    """The run does without it, says so, and waits for the first; the login is tried once."""
    with ExitStack() as stack:
        refused = Rule("banner", say_and_close("554 5.7.1 You are not welcome here"))
        two = Two(tmp_path, _servers(stack, tmp_path, [Rule("banner", ALWAYS_AWAY.act, times=CALLS + 1)], [refused]))
        *events, over = two.send(stay=True)
        assert (over, two.took()) == (Over(Reason.EXHAUSTED), [6, 0])
        assert [type(event) for event in events] == [Switching, LeftOut, Waiting, Waiting]
        assert two.servers[1].connections == 1


def test_a_text_that_is_refused_by_the_second(tmp_path: Path) -> None:
    """It was shown a message, so that is no trouble of its own: the user is needed."""
    with ExitStack() as stack:
        spam = Rule("dot", say("554 5.7.1 Message rejected as spam"))
        two = Two(tmp_path, _servers(stack, tmp_path, [ALWAYS_AWAY], [spam]))
        *events, over = two.send(stay=True)
        assert isinstance(over, Over)
        assert over.outcome is not None
        assert (over.outcome.phase, [type(event) for event in events]) == (Phase.DOT, [Switching])


def test_answers_that_the_second_loses(tmp_path: Path) -> None:
    """It puts three in doubt and no more, and the first is waited for."""
    with ExitStack() as stack:
        away = Rule("banner", ALWAYS_AWAY.act, times=CALLS)
        two = Two(tmp_path, _servers(stack, tmp_path, [away], [Rule("dot", lose_answer())]))
        *events, over = two.send(stay=True)
        assert over == Over(Reason.EXHAUSTED)
        assert [event for event in events if isinstance(event, LeftOut)]
        assert len(addresses(two.servers[0].accepted())) == 3
    assert sorted(two.folder.statuses().values()) == ["in_doubt"] * 3 + ["sent"] * 3


def test_the_line_is_cut_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That not even the name of the second is found is no reason to do without it for good."""
    cut = [
        *[ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")] * CALLS,
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
    ]
    connect = socket.create_connection
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [], []), '"100/s", "2/day"')

        def connected(address: tuple[str, int], *more: Any, **named: Any) -> socket.socket:  # noqa: ANN401  # as it came
            # what an earlier test has given up may still look for its own server
            if cut and int(address[1]) in {server.port for server in two.servers}:
                raise cut.pop(0)
            return connect(address, *more, **named)

        monkeypatch.setattr(socket, "create_connection", connected)
        *events, over = two.send(stay=True)
        assert (over, two.took(), cut) == (Over(Reason.EXHAUSTED), [2, 4], [])
        assert not [event for event in events if isinstance(event, LeftOut)]


def test_the_hours_are_those_of_all(tmp_path: Path) -> None:
    """While the window is closed no other relay is named: it would have to wait as well."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [], []))
        with two.folder.toml.open("a", encoding="utf-8") as file:
            file.write('[send]\nwindow = "Sat 08:00-18:00"\n')
        (over,) = two.send()
        assert isinstance(over, Over)
        assert (over.reason, [server.connections for server in two.servers]) == (Reason.THROTTLED, [0, 0])


def test_a_limit_holds_over_both(tmp_path: Path) -> None:
    """``--limit`` counts what both took."""
    with ExitStack() as stack:
        two = Two(tmp_path, _servers(stack, tmp_path, [QUOTA], []))
        *_, over = two.send(limit=5)
        assert over == Over(Reason.LIMIT)
        assert two.took() == [2, 3]
