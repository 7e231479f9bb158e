"""An SMTP server on the loopback interface, for as long as the command runs (aiosmtpd)."""

from __future__ import annotations

import asyncio
import logging
import threading
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

    It listens on a port that the system gives, so none can be in use, and on loopback only.
    """

    host = "127.0.0.1"

    def __init__(self, outbox: Outbox) -> None:
        # its log warns of things that concern servers on the Internet
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._keeper = _Keeper(outbox)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._error: OSError | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise WriteError(
                f"The sandbox cannot listen on {self.host}: {self._error.strerror}.",
                hint="Something on this machine forbids servers on the loopback interface; ask who manages it.",
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @property
    def trouble(self) -> str:
        """Why the last message could not be kept, or an empty text."""
        return self._keeper.trouble

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(self._loop.create_server(self._protocol, self.host, 0))
        except OSError as error:
            self._error = error
            self._loop.close()
            self._ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _protocol(self) -> SMTP:
        return SMTP(
            self._keeper,
            hostname="sandbox.notify.example",
            ident="notify sandbox: keeps every message, forwards none",
            data_size_limit=0,
            enable_SMTPUTF8=True,
            loop=self._loop,
        )
