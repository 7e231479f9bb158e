"""Where the sandbox keeps messages: a Maildir, which Thunderbird, mutt and others open as it is."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

from notify.errors import WriteError


class Outbox:
    """A Maildir. Each message is on the disk before :meth:`keep` returns.

    Written here and not by :mod:`mailbox`, whose files are readable by everybody unless the umask forbids it, and
    which changes line ends on Windows.
    """

    def __init__(self, path: Path) -> None:
        """Open it, made when it is missing.

        :raises WriteError: it cannot be written.
        """
        self.path = path
        self._numbers = itertools.count(1)
        try:
            # the folder may be there for its ledger, without being a Maildir yet
            for part in ("", "tmp", "new", "cur"):
                (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = path / "tmp" / f".writable.{os.getpid()}"
            probe.touch(mode=0o600)
            probe.unlink()
        except OSError as error:
            raise WriteError(
                f"{path}: the outbox cannot be written: {error.strerror}.",
                hint="Make the folder writable, or name another campaign folder with -C.",
            ) from error

    def keep(self, octets: bytes) -> Path:
        """Keep a message and return where. Readable by its owner only.

        :raises OSError: the disk is full, or gone.
        """
        # unique, and in the order in which they came (https://cr.yp.to/proto/maildir.html)
        name = f"{time.time_ns():020}.P{os.getpid()}Q{next(self._numbers)}.notify"
        writing, kept = self.path / "tmp" / name, self.path / "new" / name
        try:
            with os.fdopen(os.open(writing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            writing.rename(kept)
        except OSError:
            writing.unlink(missing_ok=True)
            raise
        return kept
