"""What is needed to open a mailbox, and why one could not be opened."""

from __future__ import annotations

from collections.abc import Callable

from notify.core.record import record


@record(frozen=True, slots=True)
class MailboxAccount:
    """A mailbox on an IMAP server.

    ``tls`` is ``implicit``, ``starttls`` or ``none``. ``reveal`` gives the password, or an access token where
    ``is_token``.
    """

    host: str
    port: int
    tls: str
    user: str
    reveal: Callable[[], str]
    is_token: bool = False

    @property
    def name(self) -> str:
        """How it is called: ``imap.neu.example:993 (info@neu.example)``."""
        return f"{self.host}:{self.port} ({self.user})"


@record(frozen=True, slots=True)
class Unopened:
    """A mailbox that could not be opened: whether the login was refused, and what the server or the net said."""

    is_login: bool
    reason: str
