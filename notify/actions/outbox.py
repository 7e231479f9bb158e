"""Takes messages out of the outbox: as files that a mail program opens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from notify.errors import InputError, WriteError
from notify.sandbox import Kept, kept, kept_files

#: Where in the outbox they are put. A Maildir has no folder of that name.
_OPENED = "opened"


def latest(outbox: Path, most: int | None) -> tuple[int, Iterator[Kept]]:
    """Return how many messages there are, and the latest of them, the first one first; all when ``most`` is None."""
    files = kept_files(outbox)
    return len(files), kept(files, most)


def as_eml(outbox: Path, number: int) -> Path:
    """Put a message where a mail program can open it, for its owner only; return where.

    Its name comes from its number: nothing that a message says becomes a name.

    :raises InputError: there is no such message.
    :raises WriteError: it cannot be written there.
    """
    files = kept_files(outbox)
    if not 1 <= number <= len(files):
        there = f"there are {len(files):,}" if files else "the outbox is empty"
        raise InputError(f"There is no message {number}: {there}.", hint="See all of them:  notify outbox")
    path = outbox / _OPENED / f"{number}.eml"
    try:
        octets = files[number - 1].read_bytes()
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(octets)
    except OSError as error:
        raise WriteError(
            f"{path}: it cannot be written: {error.strerror}.", hint="Make the folder writable."
        ) from error
    return path
