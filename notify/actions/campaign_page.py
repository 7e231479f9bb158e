"""What the page of a campaign shows, read from its files and kept up with them while they are edited."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from notify.actions.corrections import correction_drafted, write_correction
from notify.actions.excerpts import trouble_of
from notify.actions.page_approval import PageApproval
from notify.actions.page_files import PageFiles
from notify.actions.page_item import item_of, item_without_message
from notify.actions.page_strip import statuses_of, strip_of
from notify.actions.prepare import prepare, with_template_anew
from notify.actions.preview import previewed
from notify.actions.roster import Roster, beside, first_of_roster, read_roster
from notify.actions.roster_check import RosterCheck
from notify.actions.turns import Turns
from notify.config import Settings
from notify.core.contact import Recipient
from notify.errors import InputError, NotifyError
from notify.pages import Draft, Entries, Entry, Fact, Group, Item, Located, Progress, Proposed, Strip, Trouble, Wanted
from notify.pages.watch import EVERY_S

_PROGRESS_EVERY_S = 0.4
_LEDGER_EVERY_S = 1.0
#: So many are shown before all contacts were read.
_FIRST = 50
#: How long the work in the background waits after a change: somebody who edits saves often.
_REST_S = 0.3
#: Of so many messages that which was right last is kept, to stand behind an error.
_KEPT = 20


class _GivenUpError(Exception):
    """The work in the background is for files that have changed since."""


class CampaignPage:
    """Shows a campaign (:class:`notify.pages.Shown`). Use it in a ``with``: then nothing goes on behind it."""

    def __init__(self, load: Callable[[], Settings], narrowed: str = "") -> None:
        """Open template and contact files.

        :param load: loads the settings anew.
        :param narrowed: a condition (``--where``): only contacts for which it holds are shown.
        :raises NotifyError: something must be mended before anything can be shown.
        """
        self._load, self._narrowed = load, narrowed
        settings = load()
        self._files = PageFiles(settings)
        self._prepared = prepare(settings, narrowed)
        self._strip = strip_of(self._prepared, 0, 0)
        self._roster, self._retired = Roster(), Roster()
        self._check = RosterCheck(self._prepared, self._roster)
        self._progress = Progress("reading")
        self._trouble: Trouble | None = None
        # whether settings and columns are those of the files, and then the contacts too
        self._is_open, self._is_read = True, False
        self._turns = Turns()
        self._approval = PageApproval()
        self._working = threading.Lock()
        self._task = 0
        self._ended = threading.Event()
        self._version = 0
        self._right: OrderedDict[str, bytes] = OrderedDict()
        self._tell: Callable[[str], None] = lambda _: None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._task += 1

    def begin(self, tell: Callable[[str], None]) -> None:
        """Read the contacts and follow the files, in the background.

        :param tell: is told ``changed``, or ``read`` where numbers may be others; while every message is looked at
            ``progress``, and then ``checked``.
        """
        self._tell = tell
        self._begin_work()
        threading.Thread(target=self._follow, daemon=True).start()

    @property
    def version(self) -> int:
        """Rises whenever messages or list may have changed."""
        return self._version

    def strip(self) -> Strip:
        """Return what is said of all."""
        return self._strip

    def progress(self) -> Progress:
        """Return how far the work in the background is."""
        return self._progress

    def trouble(self) -> Trouble | None:
        """Return what must be mended before what is shown is that of the files again."""
        return self._trouble

    def groups(self) -> Sequence[Group]:
        """Return cohorts, outliers, and what was noticed."""
        return self._check.groups

    def noticed(self) -> Sequence[Located]:
        """Return what was noticed in no message in particular."""
        return self._check.noticed

    def entries(self, wanted: Wanted, first: int, count: int) -> Entries:
        """Return a part of those who are wanted, with their status in the ledger."""
        with self._turns.first():
            listing, numbers = self._roster.listing, self._numbers(wanted)
            listed = listing.some(numbers[first : first + count])
            statuses = statuses_of(self._prepared, (one.identity for one in listed))
            entries = tuple(
                Entry(one.number, one.name, one.address, one.note, str(statuses.get(one.identity, "")), one.flags)
                for one in listed
            )
        return Entries(len(numbers), first, entries)

    def beside(self, wanted: Wanted, number: int, steps: int) -> int | None:
        """Return who of those who are wanted stands so many steps behind a number, or before it."""
        with self._turns.first():
            return beside(self._numbers(wanted), number, steps)

    def number_of(self, key: str) -> int | None:
        """Return the number that a recipient has now."""
        return self._roster.listing.number_of(key)

    def item(self, number: int) -> Item | None:
        """Return the message of one recipient; the last one that was right, where it cannot be made."""
        with self._turns.first(), self._turns.making():
            recipient = self._roster.recipient(number)
            if recipient is None:
                return None
            prepared = self._prepared
            try:
                one = previewed(prepared, recipient)
            except NotifyError as error:
                trouble = trouble_of(error, prepared.settings.folder)
                octets = self._right.get(recipient.key, b"")
                return item_without_message(prepared, number, recipient, trouble, octets)
            self._keep(recipient, one.message.octets)
            return item_of(prepared, number, recipient, one, self._about(number))

    def draft(self, number: int, values: Mapping[str, str]) -> Draft:
        """Return what would be written into the overrides.

        :raises InputError: nobody has this number any more, or the values cannot be.
        """
        return correction_drafted(self._prepared, self._recipient(number), values)

    def correct(self, number: int, values: Mapping[str, str], mark: str) -> None:
        """Write into the overrides what was drafted.

        :raises InputError: nobody has this number any more, or the file has changed since.
        :raises WriteError: it cannot be written.
        """
        write_correction(self._prepared, self._recipient(number), values, mark)

    def propose(self) -> Proposed:
        """Return what can be approved: everything that the files hold now, whatever is shown of it.

        :raises NotifyError: something must be mended first.
        """
        return self._approval.propose(self._load())

    def approve(self, name: str, mark: str) -> None:
        """Record that somebody approves what was proposed last.

        :raises InputError: it is not what was proposed last, or the name is none.
        :raises WriteError: the ledger cannot be written.
        """
        self._approval.approve(name, mark)

    def _recipient(self, number: int) -> Recipient:
        recipient = self._roster.recipient(number)
        if recipient is None:
            raise InputError("This contact is not there any more.", hint="Choose it from the list again.")
        return recipient

    def _numbers(self, wanted: Wanted) -> Sequence[int]:
        kind, _, which = wanted.group.partition(":")
        if kind == "one" and which.isdecimal():
            return [int(which)]
        cohort = int(which) if kind == "cohort" and which.isdecimal() else None
        return self._roster.listing.wanted(wanted.words, cohort, which if kind == "flag" else "")

    def _about(self, number: int) -> tuple[Fact, ...]:
        """Return of which cohort a message is, and in what it stands out."""
        listed = self._roster.listing.one(number)
        groups = self._check.groups
        cohort = [one for one in groups if listed and one.mark == f"cohort:{listed.cohort}"]
        outlier = [one for one in groups if one.kind == "outlier" and one.example == number]
        facts = [Fact("part_of", one.label) for one in cohort] + [Fact("stands_out", one.label) for one in outlier]
        return tuple(facts)

    def _keep(self, recipient: Recipient, octets: bytes) -> None:
        self._right[recipient.key] = octets
        self._right.move_to_end(recipient.key)
        while len(self._right) > _KEPT:
            self._right.popitem(last=False)

    def _has_changed(self, *, read: bool = False) -> None:
        self._version += 1
        self._tell("read" if read else "changed")

    def _follow(self) -> None:
        """Look at the files again and again."""
        looked = time.monotonic()
        while not self._ended.wait(EVERY_S):
            if changed := self._files.changed():
                try:
                    with self._turns.first():
                        self._reopen(template_only=self._is_open and self._files.are_of_the_template(changed))
                except Exception as error:  # noqa: BLE001  # the next save may be shown again
                    self._show_bug(error)
            elif time.monotonic() - looked > _LEDGER_EVERY_S:
                looked = time.monotonic()
                if self._files.ledger_has_changed():
                    self._has_changed()

    def _reopen(self, *, template_only: bool) -> None:
        """Open what has changed, show it, and look at everything anew in the background."""
        try:
            prepared = with_template_anew(self._prepared) if template_only else None
            reads = prepared is None
            if prepared is None:
                self._is_open = self._is_read = False
                settings = self._load()
                self._files = PageFiles(settings, self._files)
                prepared = prepare(settings, self._narrowed)
                self._strip = strip_of(prepared, self._strip.recipients, self._strip.left_out)
                self._is_open = True
        except NotifyError as error:
            self._show_trouble(error)
            return
        self._prepared, self._trouble = prepared, None
        self._has_changed()
        # contacts that are being read just now are read for this template too
        if reads or self._is_read:
            self._begin_work()

    def _show_trouble(self, error: NotifyError) -> None:
        self._trouble = trouble_of(error, self._prepared.settings.folder)
        self._has_changed()

    def _begin_work(self) -> None:
        self._task += 1
        threading.Thread(target=self._work, args=(self._task,), daemon=True).start()

    def _work(self, task: int) -> None:
        """Read the contacts, unless they are read already, and look at every message; give up when there is newer."""
        told = time.monotonic()

        def step(stage: str, done: int, total: int = 0) -> None:
            nonlocal told
            if task != self._task:
                raise _GivenUpError
            self._turns.let_others()
            if time.monotonic() - told > _PROGRESS_EVERY_S:
                told = time.monotonic()
                self._progress = Progress(stage, done, total)
                self._tell("progress")

        with self._working:
            try:
                if not self._is_read:
                    self._read(step)
                # what was saved is shown first
                self._rest(task)
                self._check = check = RosterCheck(self._prepared, self._roster)
                self._roster.listing.forget_marks()
                total = self._roster.listing.total
                check.run(self._turns, lambda: step("checking", check.looked_at, total))
                self._progress = Progress("done")
                self._version += 1
                self._tell("checked")
            except _GivenUpError:
                return
            except NotifyError as error:
                self._is_open = False
                self._show_trouble(error)
            except Exception as error:  # noqa: BLE001  # a page that waits for ever helps nobody
                self._show_bug(error)

    def _show_bug(self, error: Exception) -> None:
        self._is_open = False
        self._show_trouble(NotifyError(f"This is a bug in notify ({type(error).__name__}: {error})."))

    def _rest(self, task: int) -> None:
        """Give way to whoever shows what has changed.

        :raises _GivenUpError: something newer has changed meanwhile.
        """
        self._ended.wait(_REST_S)
        if task != self._task:
            raise _GivenUpError

    def _read(self, step: Callable[[str, int], None]) -> None:
        """Read the contacts; in a long list the first of them are there before."""
        if not self._roster.listing.total:
            self._roster = first_of_roster(self._prepared, _FIRST)
            self._has_changed(read=True)
        roster = read_roster(self._prepared, lambda rows: step("reading", rows))
        strip = strip_of(self._prepared, roster.listing.total, roster.left_out)
        # somebody may still be reading the one before
        self._retired.listing.close()
        self._retired, self._roster, self._strip = self._roster, roster, strip
        self._is_read = True
        self._progress = Progress("checking", 0, roster.listing.total)
        self._has_changed(read=True)
