"""An SMTP server on the loopback interface, for as long as the command runs (aiosmtpd)."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from notify.errors import WriteError
from notify.sandbox.outbox import Outbox


class _Keeper:
    """aiosmtpd's handler: keeps each message, and remembers what went wrong."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.trouble = ""

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        try:
            self._outbox.keep(envelope.original_content or b"")
        except OSError as error:
            self.trouble = f"{self._outbox.path}: {error.strerror}"
            return f"452 4.3.1 the outbox cannot be written: {error.strerror}"
        return "250 2.0.0 kept in the outbox, not forwarded"


class Sandbox:
    """The server, in a thread of its own, inside a ``with``.

    It listens on loopback only, on a free port that the system chooses.
    """

    host = "127.0.0.1"

    def __init__(self, outbox: Outbox) -> None:
        # its log warns of things that concern servers on the Internet
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._keeper = _Keeper(outbox)
        self._connections: weakref.WeakSet[SMTP] = weakref.WeakSet()
        self._stop: Callable[[], object] = lambda: None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._error: Exception | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            reason = self._error.strerror if isinstance(self._error, OSError) else self._error
            raise WriteError(
                f"The sandbox cannot listen on {self.host}: {reason}.",
                hint="Something on this machine forbids servers on the loopback interface; ask who manages it.",
            ) from self._error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        self._thread.join()

    @property
    def trouble(self) -> str:
        """Why a message could not be kept, or an empty text."""
        return self._keeper.trouble

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                # it makes its loop now, which may fail
                runner.get_loop()
                runner.run(self._serve())
        except Exception as error:  # noqa: BLE001  # whoever waits in the other thread is told
            self._error = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        self._stop = partial(loop.call_soon_threadsafe, stopping.set)
        server = await loop.create_server(self._protocol, self.host, 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await stopping.wait()
        await self._hang_up()
        # not earlier: a connection that is being accepted needs the server still
        server.close()
        # an aborted connection closes its socket in the loop's next turn
        await asyncio.sleep(0)

    async def _hang_up(self) -> None:
        """End every connection; each is a task, also while it is being accepted."""
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for connection in self._connections:
                if isinstance(connection.transport, asyncio.Transport):
                    connection.transport.abort()
            await asyncio.wait(tasks, timeout=0.01)

    def _protocol(self) -> SMTP:
        connection = SMTP(
            self._keeper,
            hostname="sandbox.notify.example",
            ident="notify sandbox: keeps every message, forwards none",
            data_size_limit=0,
            enable_SMTPUTF8=True,
        )
        self._connections.add(connection)
        return connection
