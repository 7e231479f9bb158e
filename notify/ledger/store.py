"""An open ledger, whatever keeps it: read, and committed to.

After a failed commit the store stops for good: having lost an fsync, Linux may have dropped the pages, and a second try
would only seem to succeed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Self

from notify.ledger.queries import QUERIES

if TYPE_CHECKING:
    from notify.ledger.connection import Connection, Row
    from notify.ledger.place import Place
    from notify.ledger.versions import CampaignRecord


class Store(ABC):
    """An open ledger. Close it, or use it in a ``with``. Its methods may be called from several threads.

    ``place`` is where it is kept, ``label`` the same in words.
    """

    place: Place
    label: str

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close it."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[Connection]:
        """Run what is inside as one durable transaction, or not at all; no other one writes meanwhile.

        :raises WriteError: the ledger cannot be written any more.
        :raises LockedError: another process writes to it. Nothing was recorded.
        """

    def erasing(self) -> AbstractContextManager[Connection]:
        """Run what is inside as :meth:`transaction` does; what it removes cannot be read from the ledger's files after.

        Not so where a server keeps them: it writes over what is removed in its own time.
        """
        return self.transaction()

    def enrolling(self, campaign: CampaignRecord) -> AbstractContextManager[Connection]:
        """Run what is inside as :meth:`transaction` does; nobody of the campaign is handed over meanwhile.

        :raises BusyError: somebody is, for longer than it is waited.
        """
        del campaign
        return self.transaction()

    def filling(self) -> AbstractContextManager[None]:
        """Inside of :meth:`enrolling`: let an empty ledger be filled at less cost, where there is a way.

        Inside this ``with`` recipients are found by their address alone, and others not at all, or slowly.
        """
        return nullcontext()

    def rows(self, query: str, **values: object) -> Iterator[Row]:
        """Yield the rows of a named query, a page at a time, so that a million are never all in memory.

        A page is of one moment; what this store itself writes meanwhile may show in later ones.
        """
        yield from self.rows_of(QUERIES[query], values)

    @abstractmethod
    def rows_of(self, statement: str, values: Mapping[str, object]) -> Iterator[Row]:
        """Yield the rows of a statement, as :meth:`rows` does."""

    @abstractmethod
    def row(self, query: str, **values: object) -> Row | None:
        """Return the first row of a named query."""

    @abstractmethod
    def check(self) -> None:
        """Look through the whole ledger, as far as that is to be done here.

        :raises WriteError: it is damaged.
        """
