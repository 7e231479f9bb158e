"""What a database must give so that the suite can be run over the ledger that is kept in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pytest

from notify.core.status import ARROWS, Status
from notify.ledger import Store
from tests.unit.ledger.mailing import Mailing


class Connection(Protocol):
    """A connection as PEP 249 has it, with the shortcut that most have; its rows are mappings."""

    def execute(self, query: str, /) -> Any:  # noqa: ANN401  # a cursor, of which we only fetch
        """Run a statement of plain SQL; return its cursor."""

    def rollback(self) -> None:
        """Undo what was done since the last commit."""


class LedgerKind(ABC):
    """One kind of ledger. A folder stands for a ledger of its own; what it holds stays there when it is closed.

    ``arrows`` are those that it draws; ``campaigns`` are what its tests are done with; ``let_approvals_be_changed`` is
    what somebody says who forges one.
    """

    arrows: ClassVar[frozenset[tuple[Status, Status]]] = ARROWS
    campaigns: ClassVar[type[Mailing]] = Mailing
    #: The names of tests that are left to the long ones.
    takes_long: ClassVar[frozenset[str]] = frozenset()
    let_approvals_be_changed: ClassVar[str] = "DROP TRIGGER approvals_are_never_changed"

    @abstractmethod
    def opened(self, folder: Path) -> AbstractContextManager[Store]:
        """Open the ledger of a folder, made empty when there is none; it may be open already, in the same process."""

    @abstractmethod
    def connected(self, folder: Path) -> AbstractContextManager[Connection]:
        """Give a connection to the ledger of a folder that is none of notify's."""

    @abstractmethod
    def copy(self, folder: Path, to: Path) -> None:
        """Put the ledger of a folder, which is closed, in the place of that of another folder."""

    def mailing(self, store: Store, folder: Path) -> Mailing:
        """Return the campaign of the tests, in the ledger of a folder, which is open."""

        def look(query: str) -> list[dict[str, Any]]:
            with self.connected(folder) as db:
                return [dict(row) for row in db.execute(query).fetchall()]

        return self.campaigns(store, look=look)

    @pytest.fixture
    def post(self, tmp_path: Path) -> Iterator[Mailing]:
        """Give a campaign in a new ledger, which is that of ``tmp_path``."""
        with self.opened(tmp_path) as store:
            yield self.mailing(store, tmp_path)
