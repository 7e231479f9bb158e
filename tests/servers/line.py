"""The line between two programs, as a proxy on loopback: it can be slow, silent or cut, as networks are.

In a test::

    with Line(database.port) as line:
        worker = start(database.url_at(line.port))
        line.silence()
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Self


class Line:
    """Passes octets on to a port of this machine and back, while it is inside a ``with``.

    ``connections`` counts those that were opened. What is silent says nothing of its end either: neither side learns
    that the other one has hung up or was killed.
    """

    def __init__(self, port: int) -> None:
        self.port = 0
        self.connections = 0
        self._target = port
        self._delay_s = 0.0
        self._loop = asyncio.new_event_loop()
        self._passing = asyncio.Event()
        self._passing.set()
        self._ends: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def silence(self) -> None:
        """Pass nothing on any more; new connections are taken, and nobody answers them."""
        self._do(self._passing.clear)

    def heal(self) -> None:
        """Pass on again, and first what has been held up, as TCP repeats what was lost."""
        self._do(self._passing.set)

    def cut(self) -> None:
        """Reset every connection, on both sides; the next ones are taken."""
        self._do(self._reset)

    def delay(self, seconds: float) -> None:
        """Let every octet be so long on its way, in each direction."""
        self._delay_s = seconds

    def _do(self, change: Callable[[], None]) -> None:
        """Change something where nothing is passed on meanwhile, and wait until that is done."""

        async def change_it() -> None:
            change()

        asyncio.run_coroutine_threadsafe(change_it(), self._loop).result(10)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._connect, "127.0.0.1", 0)

    async def _connect(self, near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._ends.add(near_out)
        await self._passing.wait()
        try:
            far_in, far_out = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            near_out.transport.abort()
            return
        self._ends.add(far_out)
        await asyncio.gather(self._pass_on(near_in, far_out), self._pass_on(far_in, near_out))
        self._ends -= {near_out, far_out}

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """Pass on one direction, its end included."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = self._loop.create_task(self._arrive(under_way, target))
        octets = b"-"
        while octets:
            try:
                octets = await source.read(65536)
            except OSError:
                octets = b""
            under_way.put_nowait((self._loop.time() + self._delay_s, octets))
        await arriving

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, octets = await under_way.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                await self._passing.wait()
                if not octets:
                    break
                target.write(octets)
                await target.drain()
        target.close()

    def _reset(self) -> None:
        for end in self._ends:
            # without the ordinary farewell: whatever is still under way is lost
            with contextlib.suppress(OSError):  # one that is closed already
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.transport.abort()
        self._ends.clear()

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._reset()
        running = asyncio.all_tasks() - {asyncio.current_task()}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
