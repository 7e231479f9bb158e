"""A process that lets messages leave at a shared pace, with nothing to do but that, and tells when each has left.

Run as ``python -m tests.pacer SETTINGS``, which is JSON. It writes a line when it is ready, reads the moment at which
to begin, and writes a list of moments with the domains. The password of the database is in ``NOTIFY_TEST_PASSWORD``.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from notify.core.mail_host import NO_HOSTS
from notify.core.pace import Rate
from notify.delivery.shared_pace import SharedPace
from notify.ledger import Database
from notify.ledger.postgres.rates import Rates
from notify.ledger.postgres.store import PostgresStore

Left = list[tuple[float, str]]


@dataclass(frozen=True)
class Pacing:
    """What a process does: for so many seconds messages leave, to one domain after the other.

    ``busy_s`` is how long it can do nothing else after each.
    """

    url: str
    rates: Sequence[str]
    seconds: float
    per_domain: Sequence[str] = ()
    domains: Sequence[str] = ("",)
    busy_s: float = 0.0


def paced(password: str, *pacings: Pacing) -> list[Left]:
    """Run a process for each; return what has left in each of them."""
    variables = {**os.environ, "NOTIFY_TEST_PASSWORD": password}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.pacer", json.dumps(asdict(pacing))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=variables,
        )
        for pacing in pacings
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        begin = f"{time.time() + 0.1}\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(begin)
            process.stdin.flush()
        told = [process.communicate(timeout=120)[0] for process in processes]
        return [[(moment, domain) for moment, domain in json.loads(text)] for text in told]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _run(pacing: Pacing) -> Left:
    rates, per_domain = ([Rate.parse(text) for text in texts] for texts in (pacing.rates, pacing.per_domain))
    with PostgresStore(Database(pacing.url, password=lambda: os.environ["NOTIFY_TEST_PASSWORD"])) as store:
        pace = SharedPace(Rates(store, "relay", rates, per_domain), NO_HOSTS)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        begin = float(sys.stdin.readline())
        time.sleep(max(0.0, begin - time.time()))
        left = list(_leaving(pace, pacing, begin + pacing.seconds))
        pace.give_back()
        return left


def _leaving(pace: SharedPace, pacing: Pacing, end: float) -> Iterator[tuple[float, str]]:
    for domain in itertools.cycle(pacing.domains):
        while (moment := pace.next_moment(now := time.time(), domain)) > now:
            if now > end:
                return
            time.sleep(min(moment - now, 0.2))
        if now > end:
            return
        pace.book(now, domain)
        yield time.time(), domain
        time.sleep(pacing.busy_s)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_run(Pacing(**json.loads(sys.argv[1])))))
