"""How fast are prepared messages handed over, each of them recorded durably? Prints one table; checks nothing.

    ./run python tests/bench/speed.py [ROUNDS]

At once: ten channels on one ledger against Postfix's ``smtp-sink``, held against ``smtp-source`` with ten sessions,
which keeps no record. Far away: the same through a relay of 40 ms round trip, held against ``smtplib`` with as many
connections. Where Postfix is missing, the scripted server of the tests takes the messages, and ``smtplib`` is the
measure of both; it records what it takes, so that the figures are lower.

Each run is a process of its own, and the reference is run before and after each: machines have slow and fast phases,
so believe the ratios and the CPU, not the messages in a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import random
import resource
import smtplib
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from notify.core.message import Envelope, Message
from notify.core.outcome import Outcome
from notify.core.status import Status
from notify.ledger import Claimed, Leaving
from notify.relays import End, EventLoop, Later, Wire
from tests.bench.sink import postfix, process, sink
from tests.unit.ledger.mailing import Mailing, mailing

CHANNELS = 10
MESSAGES = 3000
#: Of each connection, so that a run far away takes some seconds whatever its speed.
FAR_MESSAGES = {"smtplib": 12, "lock-step": 12, "pipelined": 25, "overlap": 50}
WAY_S = 0.02
_LINE = "Ab dem 1. Dezember 2026 erreichen Sie uns unter info@neu.example, die alte Adresse gilt noch acht W=\r\n"
_TEXT = (_LINE * 41).encode()
SENDER = "info@alt.example"


def letter(to: str, mark: str) -> Message:
    """Return a message of 4 KB."""
    head = f"From: <{SENDER}>\r\nTo: <{to}>\r\nSubject: Neue Adresse\r\nMessage-ID: {mark}\r\n\r\n"
    return Message(Envelope(SENDER, to), mark, head.encode() + _TEXT)


class Dispatcher:
    """A dispatcher on a real ledger, with messages that are prepared."""

    #: How many are claimed at once.
    at_once = 100

    def __init__(self, campaign: Mailing) -> None:
        self._handover = campaign.run()
        self._prepared = {row["message_id"]: letter(row["address"], row["message_id"]) for row in campaign.rows()}
        self._waiting: deque[Claimed] = deque()
        self._held: dict[str, Claimed] = {}
        self._finished: list[tuple[int, Outcome]] = []
        self._date = dt.datetime.now().astimezone()
        self.sent = 0

    def take(self) -> Message | Later | None:
        """Take the next; there is no pace."""
        if not self._waiting:
            self._waiting += self._handover.claim(self.at_once, dt.datetime.now(dt.UTC))
        if not self._waiting:
            return None
        claimed = self._waiting.popleft()
        self._held[claimed.message_id] = claimed
        return self._prepared[claimed.message_id]

    def give_back(self, message: Message) -> None:
        """Put it in front again."""
        self._waiting.appendleft(self._held.pop(message.message_id))

    def finish(self, message: Message, outcome: Outcome) -> None:
        """Count, and keep for the next record."""
        self._finished.append((self._held.pop(message.message_id).id, outcome))
        self.sent += outcome.status is Status.SENT

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Settle, and cross the line, in the ledger."""
        finished, self._finished = self._finished, []
        leaving = [Leaving(self._held[one.message_id].id, one.digest, self._date) for one in beginning]
        _, may_leave = self._handover.record(finished, leaving, dt.datetime.now(dt.UTC))
        return may_leave


class Hesitant(Dispatcher):
    """The same, with one message at a time for each channel, so that none leaves together with a dot."""

    def take(self) -> Message | Later | None:
        """Take the next when a channel has none."""
        return Later(0) if len(self._held) == CHANNELS else super().take()


class Unrecorded(Dispatcher):
    """The same, but nothing is recorded: what is left is the price of the dialogue.

    All are claimed at once, as a run would look past those whom it holds, and holds until they are recorded.
    """

    at_once = MESSAGES

    def record(self, beginning: Sequence[Message]) -> list[bool]:
        """Say yes."""
        self._finished.clear()
        return [bool(message.digest) for message in beginning]


def _connect(port: int) -> smtplib.SMTP:
    client = smtplib.SMTP("127.0.0.1", port, local_hostname="localhost")
    client.ehlo()
    return client


def _with_notify(mode: str, dispatcher: Dispatcher, port: int, clients: Iterable[smtplib.SMTP]) -> None:
    with EventLoop(dispatcher) as loop:
        for client in clients:
            _add(loop, mode, client)
        while loop.busy:
            for _, ended in loop.turn():
                if ended.end is End.USED_UP:
                    _add(loop, mode, _connect(port))


def _add(loop: EventLoop, mode: str, client: smtplib.SMTP) -> None:
    features = {
        name: value for name, value in client.esmtp_features.items() if (name, mode) != ("pipelining", "lock-step")
    }
    assert client.sock is not None
    loop.add(Wire(client.sock), features)


def _with_smtplib(left: Iterator[int], client: smtplib.SMTP) -> None:
    for number in left:
        message = letter(f"p{number}@kunde.example", f"<{number}@alt.example>")
        client.sendmail(SENDER, [message.envelope.forward_path], message.octets)
    client.quit()


_DESKS = {"lock-step": Dispatcher, "pipelined": Hesitant, "overlap": Dispatcher, "unrecorded": Unrecorded}


def _timed(work: Callable[[list[smtplib.SMTP]], None], port: int, channels: int) -> dict[str, float]:
    """Let work be done on connections that are open already; return what it took."""
    clients = [_connect(port) for _ in range(channels)]
    wall, cpu = time.perf_counter(), time.process_time()
    work(clients)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def _in_threads(each: int, clients: list[smtplib.SMTP]) -> None:
    threads = [threading.Thread(target=_with_smtplib, args=(iter(range(each)), client)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _child(mode: str, port: int, channels: int, messages: int) -> None:
    """Hand over and print what it took, as a process of its own."""
    if mode == "smtplib":
        figures = _timed(lambda clients: _in_threads(messages // channels, clients), port, channels)
    else:
        with tempfile.TemporaryDirectory() as name, mailing(Path(name)) as campaign:
            campaign.enrol(*(f"- p{number}@kunde.example Muster" for number in range(messages)))
            dispatcher = _DESKS[mode](campaign)
            figures = _timed(lambda clients: _with_notify(mode, dispatcher, port, clients), port, channels)
            assert dispatcher.sent == messages
    print(json.dumps(figures))


@dataclass(frozen=True)
class Run:
    """What one run came to: messages in a second, and microseconds of CPU for each."""

    speed: float
    cpu_us: float


def _run(mode: str, port: int, messages: int, channels: int = CHANNELS) -> Run:
    if mode == "smtp-source":
        return _run_source(port, messages, channels)
    command = [sys.executable, __file__, "--child", mode, str(port), str(channels), str(messages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    return Run(messages / figures["wall"], figures["cpu"] / messages * 1e6)


def _run_source(port: int, messages: int, channels: int) -> Run:
    source = postfix("smtp-source")
    assert source is not None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    to = ["-f", SENDER, "-t", "p@kunde.example", f"127.0.0.1:{port}"]
    subprocess.run([source, "-d", "-s", str(channels), "-m", str(messages), "-l", "4200", *to], check=True)
    wall = time.perf_counter() - begin
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Run(messages / wall, cpu / messages * 1e6)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry octets one way; they arrive later, in their order."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def arrive() -> None:
        while True:
            moment, octets = await under_way.get()
            await asyncio.sleep(moment - loop.time())
            if not octets:
                writer.close()
                return
            writer.write(octets)

    arriving = asyncio.create_task(arrive())
    with contextlib.suppress(OSError):
        while octets := await reader.read(65536):
            under_way.put_nowait((loop.time() + WAY_S, octets))
    under_way.put_nowait((loop.time() + WAY_S, b""))
    await arriving


async def _be_far(port: int) -> None:
    """Be a way to the sink that takes its time; print the port."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_carry(reader, back), _carry(there, writer))

    server = await asyncio.start_server(pass_on, "127.0.0.1", 0, backlog=100)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextlib.contextmanager
def _far(port: int) -> Iterator[int]:
    with process([sys.executable, __file__, "--far", str(port)]) as way:
        assert way.stdout is not None
        yield int(way.stdout.readline())


def _compare(reference: str, candidates: tuple[str, ...], rounds: int, run: Callable[[str], Run]) -> None:
    """Run the candidates in turns, in another order each round, between runs of the reference; print the medians."""
    runs: dict[str, list[Run]] = {name: [] for name in (reference, *candidates)}
    ratios: dict[str, list[float]] = {name: [] for name in candidates}
    before = run(reference)
    for _ in range(rounds):
        for name in random.sample(candidates, len(candidates)):
            one, after = run(name), run(reference)
            runs[name].append(one)
            runs[reference].append(after)
            ratios[name].append(one.speed * 2 / (before.speed + after.speed))
            before = after
    for name, these in runs.items():
        speed, cpu = (statistics.median(figures) for figures in zip(*((r.speed, r.cpu_us) for r in these), strict=True))
        line = f"  {name:<12} {speed:>8,.0f} {cpu:>8,.0f}"
        if spread := sorted(ratios.get(name, [])):
            line += f" {statistics.median(spread):>7.2f}  [{spread[0]:.2f}..{spread[-1]:.2f}]"
        print(line, flush=True)


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 7
    with tempfile.TemporaryDirectory() as name, sink(Path(name)) as port:
        near = "smtp-source" if postfix("smtp-source") and postfix("smtp-sink") else "smtplib"
        print(f"  {'':<12} {'mails/s':>8} {'CPU us':>8} {'ratio':>7}   {CHANNELS} connections, {rounds} rounds")
        print(f"at once, to {near} (overlap: at least 0.30; unrecorded is overlap without a ledger)")
        _compare(near, tuple(_DESKS), rounds, lambda mode: _run(mode, port, MESSAGES))
        with _far(port) as far:
            print("40 ms away, to smtplib (pipelined: at least 1.9, overlap: at least 3.5)")
            _compare(
                "smtplib",
                ("lock-step", "pipelined", "overlap"),
                rounds,
                lambda mode: _run(mode, far, FAR_MESSAGES[mode] * CHANNELS),
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], *map(int, sys.argv[3:]))
    elif sys.argv[1:2] == ["--far"]:
        asyncio.run(_be_far(int(sys.argv[2])))
    else:
        main()
