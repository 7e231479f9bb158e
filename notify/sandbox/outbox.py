"""Where the sandbox keeps messages: a Maildir, which Thunderbird, mutt and others open as it is."""

from __future__ import annotations

import mailbox
from pathlib import Path

from notify.errors import WriteError


class Outbox:
    """A Maildir. Each message is on the disk before :meth:`keep` returns."""

    def __init__(self, path: Path) -> None:
        """Open it, made when it is missing.

        :raises WriteError: it cannot be written.
        """
        self.path = path
        try:
            # the folder may be there for its ledger, without being a Maildir yet
            for part in ("", "tmp", "new", "cur"):
                (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = path / "tmp" / ".writable"
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise WriteError(
                f"{path}: the outbox cannot be written: {error.strerror}.",
                hint="Make the folder writable, or name another campaign folder with -C.",
            ) from error
        self._maildir = mailbox.Maildir(path, create=False)

    def keep(self, octets: bytes) -> Path:
        """Keep a message and return where.

        :raises OSError: the disk is full, or gone.
        """
        key = self._maildir.add(octets)
        return self.path / "new" / key
