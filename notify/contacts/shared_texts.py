"""The texts of a workbook that cells refer to by their number, each kept once: no more of them than memory is for."""

from __future__ import annotations

from notify.contacts.sheet_rows import LONGEST_CELL, TooLargeError

# more of them are no list of contacts, and would fill the memory
_MOST_TEXTS = 2_000_000
_MOST_CHARACTERS = 1 << 26


class SharedTexts:
    """Such texts, in their order."""

    __slots__ = ("_size", "texts")

    def __init__(self) -> None:
        """Begin without any."""
        self.texts: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        """Add the next one.

        :raises TooLargeError: it is longer than a cell can be, or they are too many.
        """
        self._size += len(text)
        if len(text) > LONGEST_CELL or len(self.texts) >= _MOST_TEXTS or self._size > _MOST_CHARACTERS:
            raise TooLargeError
        self.texts.append(text)
