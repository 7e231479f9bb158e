"""The folder that ``notify preview --out`` writes to: afterwards it holds this preview and no earlier one.

Only what a preview wrote is removed or written over, told by a header that no sent message has.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from notify.core.late_pattern import late_pattern
from notify.errors import WriteError

_NAME = late_pattern(r"\d{4,}-.+\.eml")
#: Messages that were sent, or are kept in the outbox, have a Message-ID of their own.
_OURS = late_pattern(rb"^X-Notify-Id: <set-when-sent@", re.MULTILINE)
_HEAD = 8192


class PreviewFiles:
    """Writes messages into a folder. What an earlier preview has left there goes when the first one is written.

    ``written``, ``removed`` and ``others`` count files: of this preview, of earlier ones, and of somebody else's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.written = self.removed = self.others = 0

    def write(self, address: str, octets: bytes) -> None:
        """Write the next message.

        :raises WriteError: it cannot be written, or another file stands in its place.
        """
        path = self._folder / _file_name(self.written + 1, address)
        try:
            if not self.written:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._clear()
            if os.path.lexists(path):
                raise WriteError(
                    f"{path}: this file did not come from a preview; it was not written over.",
                    hint="Name another folder with --out.",
                )
            with path.open("xb") as file:
                file.write(octets)
        except OSError as error:
            raise WriteError(
                f"{self._folder}: cannot be written: {error.strerror}.", hint="Name another folder with --out."
            ) from error
        self.written += 1

    def _clear(self) -> None:
        for path in sorted(self._folder.iterdir()):
            if _is_ours(path):
                path.unlink()
                self.removed += 1
            else:
                self.others += 1


def _is_ours(path: Path) -> bool:
    if not _NAME.fullmatch(path.name) or path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return bool(_OURS.search(file.read(_HEAD)))


def _file_name(number: int, address: str) -> str:
    """Return a file name that every system takes, whatever stands in the address."""
    plain = "".join(sign if sign.isalnum() or sign in "@.-_" else "_" for sign in address)
    if len(plain.encode()) > 100:  # a file name has at most 255 bytes
        plain = plain.encode()[:60].decode(errors="ignore") + hashlib.sha256(address.encode()).hexdigest()[:16]
    return f"{number:04}-{plain}.eml"
