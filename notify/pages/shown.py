"""What a page shows: plain values, and the protocol of whoever has them, a campaign or an outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from notify.core.campaign import Change
from notify.core.finding import Finding
from notify.core.record import record
from notify.errors import Problem


@record(frozen=True, slots=True)
class Wanted:
    """Which entries are asked for: those that have all these words, and are of this group; empty is everybody."""

    words: str = ""
    group: str = ""


@record(frozen=True, slots=True)
class Entry:
    """A line of the list. ``number`` is its place among all, from 0; ``note`` stands small behind the address."""

    number: int
    name: str
    address: str
    note: str = ""
    status: str = ""
    flags: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Entries:
    """A part of the list that was asked for: ``total`` is its whole length, ``first`` the place of the first entry."""

    total: int
    first: int
    entries: tuple[Entry, ...]


@record(frozen=True, slots=True)
class Group:
    """Entries that have something in common. ``mark`` asks for them, ``example`` is the number of the one to look at.

    ``findings`` is how many of them something was noticed in. ``kind`` is ``cohort``, ``outlier`` or ``finding``.
    """

    mark: str
    kind: str
    label: str
    count: int
    example: int
    findings: int = 0


@record(frozen=True, slots=True)
class Excerpt:
    """Some lines of a file around the one that is meant: each with its number, counted from 1."""

    where: str
    line: int
    lines: tuple[tuple[int, str], ...]


@record(frozen=True, slots=True)
class Located:
    """A finding, the lines that it is about, and words that stand there.

    ``words`` are looked for in the message, to show the place; the first that is there is taken.
    """

    finding: Finding
    excerpt: Excerpt | None = None
    words: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Field:
    """What is known of a contact under one name; ``is_used``: the template prints it, or asks for it."""

    name: str
    value: str
    is_used: bool = False


@record(frozen=True, slots=True)
class Fact:
    """One thing that is said of a message beside it; ``name`` is a key of :data:`notify.pages.words.WORDS`."""

    name: str
    text: str


@record(frozen=True, slots=True)
class Choice:
    """A value that the page can correct; of no ``choices`` it is any text."""

    name: str
    value: str
    choices: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Trouble:
    """Why something cannot be shown, as an error says it, and the lines that are meant."""

    message: str
    hint: str = ""
    problems: tuple[Problem, ...] = ()
    excerpt: Excerpt | None = None


@record(frozen=True, slots=True)
class Item:
    """One message, with what is known of whom it is for. ``key`` names it as long as its number may change.

    ``octets`` are those that are handed over, with CRLF line ends; empty where ``trouble`` says why there are none.
    """

    number: int
    key: str
    title: str
    octets: bytes = b""
    trouble: Trouble | None = None
    facts: tuple[Fact, ...] = ()
    fields: tuple[Field, ...] = ()
    findings: tuple[Located, ...] = ()
    choices: tuple[Choice, ...] = ()


@record(frozen=True, slots=True)
class Draft:
    """A correction that is not written yet: the file as it would differ. ``mark`` must be given to write just this."""

    path: str
    difference: tuple[str, ...]
    mark: str


@record(frozen=True, slots=True)
class Earlier:
    """An approval that was given before; ``changed`` is what has since, and for whom: nothing where it is valid."""

    name: str
    account: str
    time: str
    changed: tuple[Problem, ...] = ()


@record(frozen=True, slots=True)
class Proposed:
    """What can be approved. ``mark`` must be given to approve just this; ``name`` is whose account this is.

    ``reason`` says why somebody must approve it, so many are ``missing``; empty where nobody must.
    """

    mark: str
    recipients: int
    name: str
    reason: str
    missing: int
    earlier: tuple[Earlier, ...] = ()


@record(frozen=True, slots=True)
class Progress:
    """How far the work in the background is: ``stage`` is ``reading``, ``checking`` or ``done``; of 0, nobody knows."""

    stage: str
    done: int = 0
    total: int = 0


@record(frozen=True, slots=True)
class Strip:
    """What is said of all messages, above them. ``change`` and ``takes_s`` are None where there is nothing to say.

    ``through`` are the relays in their order; none: the messages stay on this machine. ``left_out`` is how many rows
    get no message. ``is_outbox``: they were sent, to the sandbox.
    """

    title: str
    sender: str = ""
    through: tuple[str, ...] = ()
    recipients: int = 0
    left_out: int = 0
    takes_s: float | None = None
    change: Change | None = None
    is_outbox: bool = False


class Shown(Protocol):
    """What a page shows. Every method may be called from several threads."""

    @property
    def version(self) -> int:
        """Rises whenever messages or list may have changed."""
        ...

    def strip(self) -> Strip:
        """Return what is said of all."""
        ...

    def progress(self) -> Progress:
        """Return how far the work in the background is."""
        ...

    def trouble(self) -> Trouble | None:
        """Return what must be mended before what is shown is that of the files again."""
        ...

    def groups(self) -> Sequence[Group]:
        """Return what entries have in common."""
        ...

    def noticed(self) -> Sequence[Located]:
        """Return what was found in all messages so far."""
        ...

    def entries(self, wanted: Wanted, first: int, count: int) -> Entries:
        """Return a part of those who are wanted."""
        ...

    def beside(self, wanted: Wanted, number: int, steps: int) -> int | None:
        """Return the number of the wanted entry so many steps behind another, or before it; None at the end."""
        ...

    def number_of(self, key: str) -> int | None:
        """Return the number that an item has now; None where it is gone."""
        ...

    def item(self, number: int) -> Item | None:
        """Return one message; None where there is none of this number."""
        ...

    def draft(self, number: int, values: Mapping[str, str]) -> Draft:
        """Return what would be written to correct these values of an item.

        :raises NotifyError: it cannot be written.
        """
        ...

    def correct(self, number: int, values: Mapping[str, str], mark: str) -> None:
        """Write a correction as it was drafted.

        :raises NotifyError: it cannot be written, or the file is not the one of the draft any more.
        """
        ...

    def propose(self) -> Proposed:
        """Return what can be approved, after everything was looked at.

        :raises NotifyError: something must be mended first.
        """
        ...

    def approve(self, name: str, mark: str) -> None:
        """Record that somebody approves what was proposed.

        :raises NotifyError: it cannot be recorded, or is not what was proposed.
        """
        ...
