"""What the page of the outbox shows: the messages that the sandbox kept, the latest first."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parseaddr
from pathlib import Path
from types import TracebackType
from typing import Self

from notify.actions.roster import beside
from notify.errors import InputError
from notify.ledger import Listed, Listing
from notify.pages import (
    Draft,
    Entries,
    Entry,
    Fact,
    Group,
    Item,
    Located,
    Progress,
    Proposed,
    Strip,
    Trouble,
    Wanted,
    Watch,
)
from notify.sandbox import Kept, kept, kept_files

_EVERY_S = 0.2


class OutboxPage:
    """Shows a Maildir (:class:`notify.pages.Shown`). Use it in a ``with``."""

    def __init__(self, folder: Path) -> None:
        """Show what was kept in this folder; it need not be there yet."""
        self._folder = folder
        self._watch = Watch(shallow=(folder / "new", folder / "cur"))
        self._listing, self._retired = Listing(), Listing()
        self._progress = Progress("reading")
        self._version = 0
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()

    def begin(self, tell: Callable[[str], None]) -> None:
        """Read what is there, and follow what comes, in the background."""

        def follow() -> None:
            self._read(tell)
            while not self._ended.wait(_EVERY_S):
                if self._watch.changed():
                    self._read(tell)

        threading.Thread(target=follow, daemon=True).start()

    @property
    def version(self) -> int:
        """Rises whenever messages came or went."""
        return self._version

    def strip(self) -> Strip:
        """Return how many there are."""
        return Strip(self._folder.name, recipients=self._listing.total, is_outbox=True)

    def progress(self) -> Progress:
        """Return whether they are still being read."""
        return self._progress

    def trouble(self) -> Trouble | None:
        """Return nothing: what was kept, was kept."""
        return None

    def groups(self) -> Sequence[Group]:
        """Return nothing: what was kept has no contact."""
        return ()

    def noticed(self) -> Sequence[Located]:
        """Return nothing."""
        return ()

    def entries(self, wanted: Wanted, first: int, count: int) -> Entries:
        """Return a part of the messages in which all words stand: name, address, subject."""
        numbers = self._listing.wanted(wanted.words)
        listed = self._listing.some(numbers[first : first + count])
        return Entries(len(numbers), first, tuple(Entry(one.number, one.name, one.address, one.note) for one in listed))

    def beside(self, wanted: Wanted, number: int, steps: int) -> int | None:
        """Return which message stands so many steps behind another one, or before it."""
        return beside(self._listing.wanted(wanted.words), number, steps)

    def number_of(self, key: str) -> int | None:
        """Return the number that a message has now."""
        return self._listing.number_of(key)

    def item(self, number: int) -> Item | None:
        """Return one message, as it was kept; None when it is gone."""
        listed = self._listing.one(number)
        if listed is None:
            return None
        known = json.loads(listed.kept)
        try:
            octets = (self._folder / known["place"]).read_bytes()
        except OSError:
            return None
        facts = (Fact("number", str(known["number"])), Fact("date", known["time"]))
        return Item(number, listed.key, listed.name, octets, facts=facts)

    def draft(self, number: int, values: Mapping[str, str]) -> Draft:  # noqa: ARG002  # the protocol's
        """Refuse: what was kept cannot be corrected.

        :raises InputError: always.
        """
        raise InputError(f"Message {number + 1} is kept as it was sent.", hint="Correct the contact in the campaign.")

    def correct(self, number: int, values: Mapping[str, str], mark: str) -> None:  # noqa: ARG002  # the protocol's
        """Refuse: what was kept cannot be corrected.

        :raises InputError: always.
        """
        self.draft(number, values)

    def propose(self) -> Proposed:
        """Refuse: what was kept was a rehearsal.

        :raises InputError: always.
        """
        raise InputError("A rehearsal needs no approval.", hint="Approve the campaign:  notify preview --web")

    def approve(self, name: str, mark: str) -> None:  # noqa: ARG002  # the protocol's
        """Refuse: what was kept was a rehearsal.

        :raises InputError: always.
        """
        self.propose()

    def _read(self, tell: Callable[[str], None]) -> None:
        listing = Listing()
        listing.fill(self._listed())
        # somebody may still be reading the one before
        self._retired.close()
        self._retired, self._listing = self._listing, listing
        self._progress = Progress("done", listing.total, listing.total)
        self._version += 1
        tell("read")

    def _listed(self) -> Iterator[Listed]:
        """Yield them, the latest first."""
        files = kept_files(self._folder)
        for number, file in enumerate(reversed(files)):
            # one at a time, since they come in the order in which they were kept
            for one in kept([file]):
                yield _listed_as(number, len(files) - number, one, self._folder)


def _listed_as(number: int, counted: int, one: Kept, folder: Path) -> Listed:
    """Return a message as a line of the list.

    :param counted: its number as ``notify outbox`` has it.
    """
    name, address = parseaddr(one.to)
    place = one.path.relative_to(folder).as_posix()
    words = f"{one.to} {one.subject}".casefold()
    note = one.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    facts = json.dumps({"place": place, "number": counted, "time": note})
    return Listed(number, place, "", name or address or one.to, address or one.to, f"{counted}", words, facts)
