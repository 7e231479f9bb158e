"""What a watchman may ask a worker: whether it is well, and its figures as Prometheus reads them.

Only on this machine, and without a secret, because there is none in it: no address, no name, no words of a relay. A
page of the web that gets a browser to ask by a name of its own (DNS rebinding) is refused by that name.

The format is that of https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from notify.core.record import record
from notify.errors import WriteError

_LOOPBACK = "127.0.0.1"
_METRICS = "text/plain; version=0.0.4; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


@record(frozen=True, slots=True)
class Metric:
    """One figure. ``values``: by its labels, as they stand in the text (``status="sent"``), empty where it has none."""

    name: str
    words: str
    kind: str
    values: Mapping[str, float]


def as_text(metrics: Iterable[Metric]) -> str:
    """Return figures as Prometheus reads them."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.words}", f"# TYPE {metric.name} {metric.kind}"]
        for labels, value in metric.values.items():
            lines.append(f"{metric.name}{'{' + labels + '}' if labels else ''} {value:.15g}")
    return "\n".join(lines) + "\n"


class MetricsServer:
    """Answers ``/health`` and ``/metrics``, in threads of its own, in a ``with``."""

    def __init__(self, port: int, metrics: Callable[[], Iterable[Metric]], trouble: Callable[[], str]) -> None:
        """Take a port.

        :param port: 0 is any that is free.
        :param trouble: returns in one sentence what is wrong, empty where nothing is.
        :raises WriteError: the port is taken, or not ours to take.
        """
        try:
            self._server = _Server((_LOOPBACK, port), _Handler)
        except OSError as error:
            raise WriteError(
                f"The port {port} cannot be used: {error.strerror}.", hint="Name another:  --metrics PORT"
            ) from error
        self.port = int(self._server.server_address[1])
        self._server.metrics, self._server.trouble = metrics, trouble
        self._server.hosts = {f"{name}:{self.port}" for name in (_LOOPBACK, "localhost")}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    metrics: Callable[[], Iterable[Metric]]
    trouble: Callable[[], str]
    hosts: set[str]

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked has gone; nobody is there to be told."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    # who asks and says nothing more is not waited for
    timeout = 10

    def do_GET(self) -> None:
        if self.headers.get("Host", "").lower() not in self.server.hosts:
            self._answer(HTTPStatus.FORBIDDEN, "Only by the name of this machine.\n")
        elif self.path == "/metrics":
            self._answer(HTTPStatus.OK, as_text(self.server.metrics()), _METRICS)
        elif self.path == "/health":
            trouble = self.server.trouble()
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK, f"{trouble or 'well'}\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND, "There are /health and /metrics.\n")

    def _answer(self, status: HTTPStatus, text: str, kind: str = _TEXT) -> None:
        octets = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(octets)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the name is the base class's
        """Nobody reads what each question was."""
