"""The page of an outbox in which a test puts any message, however hostile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from pathlib import Path

from notify.actions.outbox_page import OutboxPage
from notify.pages import PageServer, Shown
from notify.sandbox.outbox import Outbox


def message(html: str = "", *, to: str = "Anna Muster <anna@example.com>", subject: str = "Neues") -> EmailMessage:
    """Make a message with this HTML, or without."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Muster PR <info@alt.example>", to, subject
    made.set_content("Guten Tag\n")
    if html:
        made.add_alternative(html, subtype="html")
    return made


@contextmanager
def serving(shown: Shown) -> Iterator[PageServer]:
    """Serve a page in a thread, inside this ``with``."""
    with PageServer(shown, "notify outbox --web") as server:
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server
        finally:
            server.end()
            thread.join(10)


@contextmanager
def outbox_served(place: Path, *messages: EmailMessage) -> Iterator[PageServer]:
    """Serve an outbox with these messages, the last of which is shown first."""
    outbox = Outbox(place)
    for one in messages:
        outbox.keep(one.as_bytes(policy=policy.SMTP))
    read = threading.Event()
    with OutboxPage(place) as page, serving(page) as server:

        def tell(event: str) -> None:
            server.tabs.tell(event)
            read.set()

        page.begin(tell)
        assert read.wait(10)
        yield server
