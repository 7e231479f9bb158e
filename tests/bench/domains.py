"""How long it takes to ask for the mail servers of 20,000 domains, twenty of which answer slowly.

    ./run python tests/bench/domains.py

A server of names on loopback answers in a process of its own, each question after a round trip. Printed are ratios of
one run: to the slowest answers one after the other, and to one question at a time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[2]))

from notify.checks.mail_domains import MAIL_KINDS
from notify.lookups import Names

DOMAINS = 20_000
SLOW = 20
SLOW_S = 1.5
ROUND_TRIP_S = 0.02


class _Protocol(asyncio.DatagramProtocol):
    """Answers every question with the same mail server; names that begin with "slow" late."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        delay = SLOW_S if data[13:17] == b"slow" else ROUND_TRIP_S
        asyncio.get_running_loop().call_later(delay, self._transport.sendto, _reply(data), address)


def _reply(question: bytes) -> bytes:
    """Return the answer: the question, and one MX."""
    end = question.index(0, 12) + 5
    record = bytes.fromhex("c00c 000f 0001 0000003c 0006 000a 0161 c00c")
    return question[:2] + bytes.fromhex("8180 0001 0001 0000 0000") + question[12:end] + record


def _serve(ready: Connection) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(_Protocol, local_addr=("127.0.0.1", 0))
        ready.send(transport.get_extra_info("sockname")[1])
        await asyncio.Event().wait()

    asyncio.run(serve())


def main() -> None:
    """Ask, and print what it took."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    step = DOMAINS // SLOW
    domains = [f"{'slow' if n % step == 7 else 'd'}{n}.example" for n in range(DOMAINS)]
    names = Names("127.0.0.1", port)
    began, cpu_s = time.perf_counter(), time.process_time()
    for name in domains[100:200]:
        names.ask(name, "MX")
    alone_s = (time.perf_counter() - began) / 100
    began, cpu_s = time.perf_counter(), time.process_time()
    answered = sum(answers[0].records != () for _, answers in names.ask_for_all(domains, MAIL_KINDS))
    took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu_s
    server.terminate()
    print(f"{answered:,} of {DOMAINS:,} domains answered in {took_s:.1f} s, {cpu_s:.1f} s of them CPU")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(
        f"the {SLOW} slowest answers, one after the other: {SLOW * SLOW_S:.0f} s; ratio {took_s / (SLOW * SLOW_S):.2f}"
    )
    print(f"one question at a time: {alone_s * DOMAINS:.0f} s; ratio {took_s / (alone_s * DOMAINS):.3f}")


if __name__ == "__main__":
    main()
