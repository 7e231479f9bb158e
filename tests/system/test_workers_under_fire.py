"""Four workers on machines of their own, two relays, and everything that may go wrong in the middle of it.

The relays' records are believed, and never the ledger: nobody may be there twice, nobody may be missing but who is in
doubt, and in doubt are at most as many as there were connections that were torn away.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.folders import make_folder
from tests.servers.line import Line
from tests.servers.postgres import Postgres
from tests.servers.scripted import Act, Rule
from tests.workers import Shop, until

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]

_KILLS = int(os.environ.get("NOTIFY_TEST_KILLS", "200"))
_RECIPIENTS = int(os.environ.get("NOTIFY_TEST_RECIPIENTS", "20000"))
_CONNECTIONS = 2
_ROOT = Path(__file__).parents[2]

_SECOND_RELAY = """
[[relay]]
host = "127.0.0.1"
port = {port}
tls = "none"
rate = "100000/s"
connections = {connections}
"""


@contextmanager
def _relay(record: Path) -> Iterator[int]:
    """Let a relay take messages in a process of its own; give its port."""
    # slow enough for a worker to be killed in the middle of it
    script = [Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.02, accept=True)).dump()]
    command = [sys.executable, "-m", "tests.servers.scripted", "--record", str(record), "--script", json.dumps(script)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _accepted(record: Path) -> list[str]:
    """Return to whom a relay has taken messages."""
    return [json.loads(line)["to"] for line in record.read_text("utf-8").splitlines() if line]


class _Fleet:
    """Workers, each at its own machine; one that ends is started again there."""

    def __init__(self, shops: list[tuple[Shop, tuple[str, ...]]], folder: Path) -> None:
        self._shops = shops
        self._homes = [folder / f"home-{number}" for number in range(len(shops))]
        for home in self._homes:
            home.mkdir()
        self._said: list[str] = []
        self.processes = [self._start(number) for number in range(len(shops))]

    def _start(self, number: int) -> subprocess.Popen[str]:
        shop, arguments = self._shops[number]
        return shop.worker_at(self._homes[number], *arguments)

    def kill(self, number: int) -> None:
        """Kill a worker in the middle of whatever it does, and start another one in its place."""
        self._end(number)
        self.processes[number] = self._start(number)

    def _end(self, number: int) -> None:
        process = self.processes[number]
        process.kill()
        self._said.append(process.communicate()[1])

    def signal(self, number: int, what: signal.Signals) -> None:
        """Send a worker a signal."""
        self.processes[number].send_signal(what)

    def end(self) -> str:
        """End all of them; return what they have said."""
        for number in range(len(self.processes)):
            self._end(number)
        return "\n".join(self._said)


class _Progress:
    """How many messages the relays have taken."""

    def __init__(self, records: list[Path]) -> None:
        self._records = records
        self._read = dict.fromkeys(records, 0)
        self.count = 0

    def wait(self, more: int, longest_s: float = 300) -> None:
        """Wait until they have taken so many more."""
        wanted, deadline = self.count + more, time.monotonic() + longest_s
        while self.count < wanted:
            assert time.monotonic() < deadline, f"nothing more is taken: {self.count}"
            time.sleep(0.02)
            for record in self._records:
                with record.open("rb") as file:
                    file.seek(self._read[record])
                    octets = file.read()
                self._read[record] += len(octets)
                self.count += octets.count(b"\n")


def test_under_fire(tmp_path: Path) -> None:
    """Killed 200 times, frozen beyond the lease, without the database and cut off from it: nobody twice or missing."""
    chance = random.Random(17)
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        database = stack.enter_context(postgres.database())
        records = [tmp_path / "relay-1", tmp_path / "relay-2"]
        ports = [stack.enter_context(_relay(record)) for record in records]
        line = stack.enter_context(Line(postgres.port))
        folder = make_folder(
            tmp_path / "campaign",
            contacts=_RECIPIENTS,
            relay_port=ports[0],
            connections=_CONNECTIONS,
            more=_SECOND_RELAY.format(port=ports[1], connections=_CONNECTIONS)
            + f'\n[ledger]\nurl = "{database.url}"\n',
        )
        near, far = Shop(folder, database), Shop(folder, database, url=database.url_at(line.port))
        assert near.run("send", "--yes").returncode == 0
        through = [("--relay", f"127.0.0.1:{port}") for port in ports]
        fleet = _Fleet([(near, through[0]), (near, through[1]), (far, through[0]), (far, through[1])], tmp_path)
        stack.callback(fleet.end)
        torn = _tear(fleet, postgres, line, chance, _Progress(records))
        until(lambda: not near.ask("SELECT 1 FROM portion WHERE NOT done LIMIT 1"), 400)
        counts = near.counts()
        said = fleet.end()
    assert "Traceback" not in said, said
    accepted = Counter(to for record in records for to in _accepted(record))
    assert [to for to, count in accepted.items() if count > 1] == []
    in_doubt = counts.get("in_doubt", 0)
    assert counts.get("sent", 0) + in_doubt == _RECIPIENTS
    assert counts.get("sent", 0) <= len(accepted) <= _RECIPIENTS
    assert in_doubt <= _CONNECTIONS * torn
    sys.stdout.write(f"{_RECIPIENTS:,} recipients, torn away {torn} times, {in_doubt} in doubt\n")


def _tear(fleet: _Fleet, postgres: Postgres, line: Line, chance: random.Random, progress: _Progress) -> int:
    """Let everything go wrong, one thing after the other; return how often connections may have been torn away.

    Between two kills the relays take some messages, so that it happens in the middle of work, however slow this is.
    """
    workers, torn, frozen = len(fleet.processes), 0, dict[int, float]()
    events = {
        _KILLS * share // 100: what
        for share, what in ((20, "freeze"), (40, "restart"), (50, "crash"), (60, "freeze"), (75, "cut"))
    }
    for number in range(_KILLS):
        progress.wait(chance.randrange(1, max(2, _RECIPIENTS // _KILLS)))
        which = chance.randrange(workers)
        frozen.pop(which, None)
        fleet.kill(which)
        torn += 1
        for one in [one for one, until_then in frozen.items() if until_then < time.monotonic()]:
            fleet.signal(one, signal.SIGCONT)
            del frozen[one]
        match events.get(number):
            case "freeze":
                frozen[(which + 1) % workers] = time.monotonic() + 16
                fleet.signal((which + 1) % workers, signal.SIGSTOP)
                torn += 1
            case "restart":
                postgres.restart()
                torn += workers
            case "crash":
                postgres.kill()
                postgres.start()
                torn += workers
            case "cut":
                line.silence()
                time.sleep(15)
                line.heal()
                line.cut()
                torn += workers
    for one in frozen:
        fleet.signal(one, signal.SIGCONT)
    return torn
