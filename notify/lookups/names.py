"""Asks DNS: single questions, remembered, and thousands of names at once. The only door of dnspython."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from notify.core.name_records import Answer, Answered

if TYPE_CHECKING:
    import dns.asyncresolver
    import dns.rdata

#: One server is waited for so long, and one question takes so long at most, with all servers and repetitions.
_TRY_S = 2.0
_WITHIN_S = 6.0
#: So many questions are open at the same time.
_AT_ONCE = 200

_Asked = tuple[str, tuple[Answer, ...]]


class Names:
    """Asks the servers of names that this machine is set to, or another one.

    :param server: its IP address; empty for those of the machine.
    """

    def __init__(self, server: str = "", port: int = 53) -> None:
        self._server = server
        self._port = port
        self._known: dict[tuple[str, str], Answer] = {}

    def ask(self, name: str, kind: str) -> Answer:
        """Return the records of a name."""
        return asyncio.run(self._answers([(name, kind)]))[-1]

    def ask_for_all(self, names: Iterable[str], kinds: Sequence[str]) -> Iterator[_Asked]:
        """Yield each name with its answers as they come: one of each kind, until there are records, or no such name."""
        left, queue = iter(names), asyncio.Queue[_Asked | None]()
        # whoever stops listening ends the work that is left
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            workers = [loop.create_task(self._work(left, kinds, queue)) for _ in range(_AT_ONCE)]
            at_work = len(workers)
            while at_work:
                answered = runner.run(queue.get())
                if answered is None:
                    at_work -= 1
                else:
                    yield answered
            # an error of a worker's own is raised here
            runner.run(_all_of(workers))

    async def _work(self, names: Iterator[str], kinds: Sequence[str], queue: asyncio.Queue[_Asked | None]) -> None:
        try:
            for name in names:
                await queue.put((name, await self._answers([(name, kind) for kind in kinds])))
        finally:
            queue.put_nowait(None)

    async def _answers(self, questions: Sequence[tuple[str, str]]) -> tuple[Answer, ...]:
        """Ask one question after the other until one is answered with records, or for good."""
        answers: list[Answer] = []
        for question in questions:
            if question not in self._known:
                self._known[question] = await self._ask(*question)
            answers.append(self._known[question])
            if answers[-1].answered is not Answered.EMPTY:
                break
        return tuple(answers)

    async def _ask(self, name: str, kind: str) -> Answer:
        import dns.asyncresolver
        import dns.exception
        import dns.name
        import dns.resolver

        try:
            found = await self._resolver.resolve(name, kind, search=False)
        except dns.resolver.NoAnswer:
            return Answer(Answered.EMPTY)
        except (dns.resolver.NXDOMAIN, dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel):
            return Answer(Answered.NOWHERE)
        except (dns.exception.DNSException, OSError, UnicodeError):
            return Answer(Answered.UNKNOWN)
        return Answer(Answered.FOUND, tuple(_as_text(record) for record in found))

    @functools.cached_property
    def _resolver(self) -> dns.asyncresolver.Resolver:
        """The resolver, set up as the machine says; there may be nothing to set it up with."""
        import dns.asyncresolver

        resolver = dns.asyncresolver.Resolver(configure=not self._server)
        if self._server:
            resolver.nameservers = [self._server]
        resolver.port = self._port
        resolver.timeout, resolver.lifetime = _TRY_S, _WITHIN_S
        return resolver


async def _all_of(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)


def _as_text(record: dns.rdata.Rdata) -> str:
    """Return a record as a zone file has it; a text in one piece, and names without their last dot."""
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    return record.to_text().removesuffix(".")
