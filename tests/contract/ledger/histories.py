"""Any history of edits, runs, crashes and words of the user: nobody is lost, nobody is written to twice."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from notify.core.address import identity
from notify.core.status import Status
from notify.ledger import Enrolled, Suppressions, Word
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import DATE, NOW, Mailing, begin, given, outcome, settle

ADDRESSES = ("anna@example.com", "Anna@Example.com", "ben@example.com", "cora@example.com")
KEYS = ("K1", "K2", "K3", "-")
ROW = st.builds("{} {} {}".format, st.sampled_from(KEYS), st.sampled_from(ADDRESSES), st.sampled_from(("", "Muster")))
ACCEPTED = {Enrolled.NEW, Enrolled.KNOWN, Enrolled.UPDATED, Enrolled.BACK}
WAITING = {Status.PENDING, Status.DEFERRED}
REACHED = {Status.SENT, Status.IN_DOUBT}
ANSWERS = st.sampled_from([Status.SENT, Status.SENT, Status.DEFERRED, Status.FAILED, Status.IN_DOUBT, Status.PENDING])
WHO = st.sampled_from([identity(address) for address in ADDRESSES[1:]])

_numbers = itertools.count(1)


class Histories(RuleBasedStateMachine):
    """One campaign through its life. The machine keeps nothing but what the relay and the user saw."""

    ledger: Mailing

    @initialize()
    def begin_campaign(self) -> None:
        """Start a campaign of its own; the ledger is shared, as campaigns share one."""
        self.post = self.ledger.another(f"campaign {next(_numbers)}")
        self.suppressions = Suppressions(self.ledger.store)
        self.now = NOW
        self.runs = 0
        #: How often the relay took a message for an address, and how often the user said: again.
        self.taken: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        #: The octets whose dot left last for a recipient, unless it moved or the user said: again.
        self.octets: dict[int, str] = {}
        self.files: list[str] = []
        #: At which addresses the rows with a key have stood, and those of a recipient, by its number.
        self.stood: dict[str | int, set[str]] = {}
        self.lists: set[str] = set()

    def teardown(self) -> None:
        """Leave an empty suppression list to the next campaign."""
        for entry in list(self.suppressions.all()):
            self.suppressions.remove(entry.identity)

    def _by_identity(self) -> dict[str, dict[str, Any]]:
        return {row["identity"]: row for row in self.post.rows()}

    @rule(rows=st.lists(ROW, max_size=5))
    def enrol(self, rows: list[str]) -> None:
        """Write other files, and enrol."""
        self._enrol(rows)

    @rule(place=st.integers(0, 4), row=st.none() | ROW)
    def edit(self, place: int, row: str | None) -> None:
        """Take a row out of the files or put another in its place, and enrol."""
        self._enrol([*self.files[:place], *([] if row is None else [row]), *self.files[place + 1 :]])

    def _enrol(self, rows: list[str]) -> None:
        """Enrol what stands in the files now; every row is accounted for."""
        # a key with two addresses is refused before
        addresses: dict[str, str] = {}
        rows = [row for row in rows if addresses.setdefault(given(row).key, given(row).identity) == given(row).identity]
        before = {row["id"]: row for row in self.post.rows()}
        became = self.post.enrol(*rows)
        after = {row["id"]: row for row in self.post.rows()}
        found = {row["identity"]: row for row in after.values()}
        self.files = rows
        named = [identity(row.split()[1]) for row in rows]
        accepted = Counter(who for who, verdict in zip(named, became, strict=True) if verdict in ACCEPTED)
        assert all(times == 1 for times in accepted.values())
        keys = [given(row).key for row in rows]
        for place, (who, verdict) in enumerate(zip(named, became, strict=True)):
            # every address of the files is a recipient, or its row is one that is not written to; and that is true
            assert who in accepted or verdict not in ACCEPTED
            if verdict is Enrolled.DUPLICATE:
                assert who in named[:place]
            elif verdict is Enrolled.MOVED_AFTER_SENDING:
                # one was written to who has its key, its address, or an address at which its row has stood before
                places = {who}.union(*(self.stood.get(one, ()) for one in _owners(keys[place], before)))
                assert REACHED & {
                    row["status"] for row in after.values() if row["key"] == keys[place] or row["identity"] in places
                }
        self._note_places(named, keys, before)
        assert set(accepted) <= set(found)
        # each belongs to this enrolment; of two who were written to and exchange addresses, one is seen for both
        assert all(found[who]["round"] == self.post_round() or found[who]["status"] in REACHED for who in accepted)
        # nobody is dropped, and who was reached stays so
        assert before.keys() <= after.keys()
        gone = 0
        for number, row in before.items():
            now = after[number]["status"]
            if row["status"] in REACHED:
                assert after[number]["identity"] == row["identity"]
                assert now == row["status"]
            gone += now == Status.WITHDRAWN != row["status"]
            if after[number]["identity"] != row["identity"]:
                self.octets.pop(number, None)
        assert gone == self.post.withdrawn
        for row in after.values():
            if row["status"] in WAITING:
                assert row["identity"] in accepted
                assert row["identity"] not in self.lists

    def _note_places(self, named: list[str], keys: list[str], before: dict[int, dict[str, Any]]) -> None:
        """Note at which addresses the rows stand now."""
        for who, key in zip(named, keys, strict=True):
            for one in _owners(key, before):
                self.stood.setdefault(one, set()).add(who)

    def post_round(self) -> int:
        """Return the number of the latest enrolment."""
        return max((row["round"] for row in self.post.rows()), default=0)

    @rule(most=st.integers(1, 4), answers=st.lists(ANSWERS, min_size=4, max_size=4), dies=st.booleans(), late=WHO)
    def run(self, most: int, answers: list[Status], late: str, *, dies: bool) -> None:
        """Claim, hand over, and perhaps die in the middle; whoever is suppressed meanwhile gets no dot."""
        self.runs += 1
        run = self.post.run(f"run {self.runs}")
        claimed = run.claim(most, self.now)
        if dies and claimed:
            self.suppressions.add(late, "", self.now)
            self.lists.add(late)
        for recipient, answer in zip(claimed, answers, strict=False):
            who = identity(recipient.address)
            # the template is the same for all: its octets are made of address, name, Message-ID and Date alone
            date = recipient.date or DATE + (self.now - NOW)
            digest = f"{recipient.address} {recipient.name} {recipient.message_id} {date}"
            assert recipient.digest in {None, digest}, "not the message whose dot had left"
            assert self.octets.get(recipient.id) in {None, digest}, "the message was forgotten and made anew"
            if not begin(run, recipient.id, digest, date):
                assert who in self.lists
                continue
            assert who not in self.lists
            self.octets[recipient.id] = digest
            if answer is Status.IN_DOUBT and dies:
                # it was taken, and the run dies before it hears so
                self.taken[who] += 1
                continue
            self.taken[who] += answer is Status.SENT
            settle(run, recipient.id, outcome(answer), self.now)
            if answer is Status.FAILED:
                # refused for good: it may be made anew
                self.octets.pop(recipient.id)
        if dies:
            assert self.post.transitions.recover(self.now)[0] >= 0
        else:
            run.release()

    @rule(who=WHO, word=st.sampled_from(Word))
    def resolve(self, who: str, word: Word) -> None:
        """Give the user's word about somebody."""
        before = self.post.reports.status_of(who)
        assert self.post.resolution.settle(who, word, self.now) is before
        if word is Word.AGAIN and before in {Status.IN_DOUBT, Status.FAILED}:
            self.again[who] += 1
            self.octets.pop(self._by_identity()[who]["id"], None)

    @rule(who=WHO)
    def suppress(self, who: str) -> None:
        """Put somebody on the suppression list."""
        self.suppressions.add(who, "asked us to", self.now)
        self.lists.add(who)

    @precondition(lambda self: self.lists)
    @rule(who=WHO)
    def lift(self, who: str) -> None:
        """Take somebody off the list."""
        assert self.suppressions.remove(who) == (who in self.lists)
        self.lists.discard(who)

    @rule()
    def miss_deadline(self) -> None:
        """Let the deadline pass."""
        self.post.transitions.expire(self.now)
        assert not WAITING & {Status(row["status"]) for row in self.post.rows()}

    @rule()
    def move_deadline(self) -> None:
        """Let the user move the deadline."""
        self.post.transitions.unexpire()

    @rule()
    def retry_failed(self) -> None:
        """Try those again who failed."""
        self.post.transitions.retry_failed()

    @rule(hours=st.sampled_from([1, 5, 30, 200]))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.now += dt.timedelta(hours=hours)

    @invariant()
    def nobody_twice(self) -> None:
        """Believe that the relay took one message for an address at most, and one more for each "again" of the user."""
        if not hasattr(self, "post"):
            return
        assert all(times <= 1 + self.again[who] for who, times in self.taken.items()), self.taken
        rows = self.post.rows()
        assert len({row["identity"] for row in rows}) == len(rows)
        assert len({row["message_id"] for row in rows}) == len(rows)
        # whose address another one has now, and who has left the files, keeps a mark in its place
        vacated = [row for row in rows if row["identity"] == f"moves {row['id']}"]
        assert not [row for row in vacated if row["status"] in {*WAITING, *REACHED}]
        assert all(row["identity"] == identity(row["address"]) for row in rows if row not in vacated)
        assert not [row for row in rows if row["status"] in {Status.CLAIMED, Status.IN_FLIGHT}]


def _owners(key: str, rows: dict[int, dict[str, Any]]) -> list[str | int]:
    """Return a key, and the numbers of the recipients that have it."""
    return [key, *(number for number, row in rows.items() if row["key"] == key)]


class AnyHistory(LedgerKind):
    """Whatever happens in whatever order."""

    def test_histories(self, tmp_path: Path) -> None:
        """Every address of the files is one recipient or was named with a reason, whatever happens."""
        with self.opened(tmp_path) as store:
            first = self.mailing(store, tmp_path)

            class Run(Histories):
                ledger = first

            case = Run.TestCase
            case.settings = settings(stateful_step_count=30)
            case().runTest()
