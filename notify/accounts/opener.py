"""yagmail's client, made to connect with ours (:mod:`notify.accounts.client`) instead of smtplib's."""

from __future__ import annotations

import yagmail

from notify.accounts.client import Client, TlsClient


class Opener(yagmail.SMTP):  # type: ignore[misc]  # yagmail has no types
    """It resolves, connects and secures. What it does not know goes to the client: ``timeout``, ``ehlo_name``."""

    @property
    def connection(self) -> type[Client]:
        """The class with which it connects."""
        return TlsClient if self.ssl else Client
