"""The figures of a worker, as a watchman reads them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from notify import __version__
from notify.core.status import Status
from notify.pages.metrics import Metric

if TYPE_CHECKING:
    from notify.actions.work import Worker


def figures(worker: Worker) -> Iterator[Metric]:
    """Yield them."""
    about = f'host="{socket.gethostname()}",pid="{os.getpid()}",version="{__version__}"'
    yield Metric("notify_worker_info", "This worker.", "gauge", {about: 1})
    tried = {f'status="{status}"': float(worker.tried[status]) for status in Status if worker.tried[status]}
    words = "What came of each try; pending: it was charged to nobody."
    yield Metric("notify_tries_total", words, "counter", tried)
    yield Metric("notify_sent_per_second", "How fast messages were handed over lately.", "gauge", {"": worker.per_s})
    yield Metric("notify_connections", "Open connections to relays.", "gauge", {"": worker.connections})
    is_there = 0.0 if worker.trouble else 1.0
    yield Metric("notify_database_up", "Whether the database can be used.", "gauge", {"": is_there})
