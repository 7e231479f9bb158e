"""A file as it was read: what tells later whether it is still the same."""

from __future__ import annotations

import hashlib

from notify.core.record import record
from notify.core.text import plain_octets


@record(frozen=True, slots=True)
class FileRead:
    """A file that was read as a text or as it is; ``digest`` is empty where there was none to be read."""

    path: str
    digest: str
    is_text: bool = False

    @classmethod
    def of_text(cls, path: object, text: str | None) -> FileRead:
        """Return a file with this text; None: there is none."""
        return cls(str(path), "" if text is None else digest_of(text.encode(), is_text=True), is_text=True)

    def is_same(self, octets: bytes | None) -> bool:
        """Tell whether a file with these octets is read as this one was; None: there is none."""
        return self.digest == ("" if octets is None else digest_of(octets, is_text=self.is_text))


def digest_of(octets: bytes, *, is_text: bool) -> str:
    """Return the SHA-256 of a file, in hexadecimal; of a text, however its lines end."""
    return hashlib.sha256(plain_octets(octets) if is_text else octets).hexdigest()
