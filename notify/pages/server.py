"""The server of the page: on this machine alone, for the tabs that were given its address.

Built on :mod:`http.server`, which is enough for one reader: it takes half a millisecond for a request, and nothing to
install. It ends when the last tab is closed, or with Ctrl-C.
"""

from __future__ import annotations

import logging
import os
import socketserver
import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from notify.errors import WriteError
from notify.pages.answers import Answer, Answers, Asked
from notify.pages.guard import Guard
from notify.pages.shown import Shown
from notify.pages.tabs import Tabs
from notify.pages.words import language_for

_LOGGER = logging.getLogger(__name__)
_LOOPBACK = "127.0.0.1"
_LONGEST_FORM = 20_000
_TEXT = "text/plain; charset=utf-8"
_REFUSED = Answer(b"This page is only for the tab that notify opened.\n", _TEXT, HTTPStatus.FORBIDDEN)


class PageServer:
    """Serves a page. Use it in a ``with``."""

    def __init__(self, shown: Shown, command: str, port: int = 0) -> None:
        """Take a port.

        :param command: what starts it again.
        :param port: 0 is any that is free.
        :raises WriteError: the port is taken, or not ours to take.
        """
        #: The tabs in which the page is open.
        self.tabs = Tabs()
        try:
            self._server = _Server((_LOOPBACK, port), _Handler)
        except OSError as error:
            raise WriteError(
                f"The port {port} cannot be used: {error.strerror}.", hint="Name another, or none:  --port 0"
            ) from error
        self.port = int(self._server.server_address[1])
        self._guard = Guard(self.port)
        self._server.guard, self._server.tabs = self._guard, self.tabs
        self._server.answers = Answers(shown, command)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """The address for a person to open."""
        return f"http://{_LOOPBACK}:{self.port}/?token={self._guard.token}"

    def address_for_once(self) -> str:
        """Return an address that opens the page once: for the command line of a browser, which others can read."""
        return f"http://{_LOOPBACK}:{self.port}/?token={self._guard.ticket()}"

    def run(self) -> None:
        """Serve until all tabs are closed."""
        watcher = threading.Thread(target=self._end_with_the_tabs, daemon=True)
        watcher.start()
        self._server.serve_forever(poll_interval=0.1)

    def end(self) -> None:
        """Let :meth:`run`, in another thread, end."""
        self._server.shutdown()

    def _end_with_the_tabs(self) -> None:
        while not self.tabs.all_are_gone():
            time.sleep(0.25)
        self.end()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # on Windows it would let another program take the same port
    allow_reuse_address = os.name != "nt"
    guard: Guard
    tabs: Tabs
    answers: Answers

    def server_bind(self) -> None:
        # the base class asks a name server what this machine is called
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = _LOOPBACK, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002  # the base class's
        # a browser may go at any moment; nobody is there to be told
        _LOGGER.debug("a request failed: %s", sys.exc_info()[1])


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "notify", ""
    timeout = 60
    # headers and body leave in one piece
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a request for something."""
        guard, parts = self.server.guard, urlsplit(self.path)
        query = dict(parse_qsl(parts.query, max_num_fields=20))
        if not guard.is_ours(self.headers):
            self._send(_REFUSED)
        elif parts.path == "/" and guard.admits(query.get("token", "")):
            self._let_in()
        elif not guard.knows(self.headers):
            self._send(_REFUSED)
        elif parts.path == "/events":
            self._stream()
        else:
            self._send(self.server.answers.answer(Asked(parts.path, query, self._language)))

    def do_POST(self) -> None:
        """Answer a request to do something: only the page's own scripts can send one."""
        length = self.headers.get("Content-Length", "")
        is_form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        if not length.isascii() or not length.isdigit() or int(length) > _LONGEST_FORM:
            self.close_connection = True
            self._send(Answer(b"", _TEXT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        guard = self.server.guard
        # a browser names the origin of every POST
        if not (self.headers.get("Origin") and guard.is_ours(self.headers) and guard.knows(self.headers) and is_form):
            self._send(_REFUSED)
            return
        form = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=20))
        self._send(self.server.answers.answer(Asked(urlsplit(self.path).path, {}, self._language, form)))

    @property
    def _language(self) -> str:
        return language_for(self.headers.get("Accept-Language", ""))

    def _let_in(self) -> None:
        """Exchange the token for the cookie, and lead to an address without it."""
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", self.server.guard.cookie())
        self.send_header("Content-Length", "0")
        self._end_headers()

    def _stream(self) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self._end_headers()
        for piece in self.server.tabs.events(self.connection):
            self.wfile.write(piece)
            self.wfile.flush()

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", answer.policy)
        if answer.saved_as:
            self.send_header("Content-Disposition", f'attachment; filename="{answer.saved_as}"')
        self._end_headers()
        self.wfile.write(answer.body)

    def _end_headers(self) -> None:
        """Send what holds for everything."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-DNS-Prefetch-Control", "off")
        self.end_headers()

    def send_error(
        self,
        code: int,
        message: str | None = None,  # noqa: ARG002  # the base class's
        explain: str | None = None,  # noqa: ARG002  # the base class's
    ) -> None:
        """Refuse what is no request that we understand."""
        self.close_connection = True
        self._send(Answer(b"", _TEXT, HTTPStatus(code)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing: the terminal is the user's."""
