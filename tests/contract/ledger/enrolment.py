"""What becomes of a row when the contact files were edited between two runs."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from notify.core.outcome import Phase
from notify.core.status import Status
from notify.ledger import Enrolled, Enrolment, Given, Sorted, Suppressions, Word
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW, Mailing, given

ANNA = "anna@example.com"
NEW, KNOWN, UPDATED, BACK = Enrolled.NEW, Enrolled.KNOWN, Enrolled.UPDATED, Enrolled.BACK
DUPLICATE, MOVED = Enrolled.DUPLICATE, Enrolled.MOVED_AFTER_SENDING

#: How Anna came to stand where she stands before the files are edited; "dot": one has left for her.
STATES: dict[str, Callable[[Mailing], object]] = {
    "pending": lambda _: None,
    "pending, dot": lambda post: post.bring(ANNA, Status.PENDING),
    "deferred": lambda post: post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT),
    "deferred, dot": lambda post: post.bring(ANNA, Status.DEFERRED),
    "failed": lambda post: post.bring(ANNA, Status.FAILED, phase=Phase.RCPT),
    "failed, dot": lambda post: post.bring(ANNA, Status.FAILED),
    "sent": lambda post: post.bring(ANNA, Status.SENT),
    "sent by word": lambda post: (post.bring(ANNA, Status.IN_DOUBT), post.resolve(ANNA, Word.SENT)),
    "in doubt": lambda post: post.bring(ANNA, Status.IN_DOUBT),
    "again by word": lambda post: (post.bring(ANNA, Status.IN_DOUBT), post.resolve(ANNA, Word.AGAIN)),
    "expired": lambda post: post.transitions.expire(NOW),
    "expired, dot": lambda post: (post.bring(ANNA, Status.DEFERRED), post.transitions.expire(NOW)),
    "suppressed": lambda post: Suppressions(post.store).add(ANNA, "asked us to", NOW),
    "suppressed, dot": lambda post: (
        post.bring(ANNA, Status.DEFERRED),
        Suppressions(post.store).add(ANNA, "asked us to", NOW),
    ),
    "withdrawn": lambda post: post.enrol(),
    "withdrawn, dot": lambda post: (post.bring(ANNA, Status.DEFERRED), post.enrol()),
}


@dataclass(frozen=True)
class Then:
    """What is believed after the next enrolment: the verdict, the status, and which message will be made.

    ``takes``: the newer row. ``frozen``: the message whose dot left must leave again. ``renamed``: a new Message-ID.
    """

    became: Enrolled
    status: Status
    takes: bool
    frozen: bool = False
    renamed: bool = False


PENDING, DEFERRED, FAILED, SENT = Status.PENDING, Status.DEFERRED, Status.FAILED, Status.SENT
IN_DOUBT, EXPIRED, SUPPRESSED, WITHDRAWN = Status.IN_DOUBT, Status.EXPIRED, Status.SUPPRESSED, Status.WITHDRAWN

AS_BEFORE = {
    "pending": Then(KNOWN, PENDING, False),
    "pending, dot": Then(KNOWN, PENDING, False, frozen=True),
    "deferred": Then(KNOWN, DEFERRED, False),
    "deferred, dot": Then(KNOWN, DEFERRED, False, frozen=True),
    "failed": Then(KNOWN, FAILED, False),
    "failed, dot": Then(KNOWN, FAILED, False),
    "sent": Then(KNOWN, SENT, False, frozen=True),
    "sent by word": Then(KNOWN, SENT, False, frozen=True),
    "in doubt": Then(KNOWN, IN_DOUBT, False, frozen=True),
    "again by word": Then(KNOWN, PENDING, False),
    "expired": Then(KNOWN, EXPIRED, False),
    "expired, dot": Then(KNOWN, EXPIRED, False, frozen=True),
    "suppressed": Then(KNOWN, SUPPRESSED, False),
    "suppressed, dot": Then(KNOWN, SUPPRESSED, False, frozen=True),
    "withdrawn": Then(BACK, PENDING, False),
    "withdrawn, dot": Then(BACK, PENDING, False, frozen=True),
}
OTHER_NAME = AS_BEFORE | {
    "pending": Then(UPDATED, PENDING, True),
    "deferred": Then(UPDATED, DEFERRED, True),
    "failed": Then(UPDATED, FAILED, True),
    "failed, dot": Then(UPDATED, FAILED, True),
    "again by word": Then(UPDATED, PENDING, True),
    "expired": Then(UPDATED, EXPIRED, True),
    "suppressed": Then(UPDATED, SUPPRESSED, True),
    "withdrawn": Then(BACK, PENDING, True),
}
OTHER_ADDRESS = {
    "pending": Then(UPDATED, PENDING, True),
    "pending, dot": Then(UPDATED, PENDING, True, renamed=True),
    "deferred": Then(UPDATED, DEFERRED, True),
    "deferred, dot": Then(UPDATED, DEFERRED, True, renamed=True),
    "failed": Then(BACK, PENDING, True),
    "failed, dot": Then(BACK, PENDING, True),
    "sent": Then(MOVED, SENT, False, frozen=True),
    "sent by word": Then(MOVED, SENT, False, frozen=True),
    "in doubt": Then(MOVED, IN_DOUBT, False, frozen=True),
    "again by word": Then(UPDATED, PENDING, True),
    "expired": Then(UPDATED, EXPIRED, True),
    "expired, dot": Then(UPDATED, EXPIRED, True, renamed=True),
    "suppressed": Then(UPDATED, PENDING, True),
    "suppressed, dot": Then(UPDATED, PENDING, True, renamed=True),
    "withdrawn": Then(BACK, PENDING, True),
    "withdrawn, dot": Then(BACK, PENDING, True, renamed=True),
}
EDITS = [
    ("nothing", "K1 anna@example.com Muster", AS_BEFORE),
    ("the address in other case", "K1 Anna@Example.COM Muster", OTHER_NAME),
    ("another column", "K1 anna@example.com Beispiel", OTHER_NAME),
    ("the address", "K1 anna@example.org Beispiel", OTHER_ADDRESS),
    ("the key", "K9 anna@example.com Muster", AS_BEFORE),
    ("the key and another column", "K9 anna@example.com Beispiel", OTHER_NAME),
    ("no key any more", "- anna@example.com Muster", AS_BEFORE),
]


@dataclass(frozen=True)
class Move:
    """An edit of a keyed file: its rows before, of which the first ``sent`` were written to, and after.

    ``waiting``: who waits then. ``left_out``: whose rows are left out and told of.
    """

    before: list[str]
    sent: int
    after: list[str]
    waiting: set[str]
    left_out: set[str]


MOVES = {
    "a chain, both sent": Move(["1 a", "2 b"], 2, ["1 b", "2 c"], set(), {"c"}),
    "a chain, the first sent": Move(["1 a", "2 b"], 1, ["1 b", "2 c"], {"c"}, {"b"}),
    "a chain, nobody sent": Move(["1 a", "2 b"], 0, ["1 b", "2 c"], {"b", "c"}, set()),
    "a chain of three, two sent": Move(["1 a", "2 b", "3 c"], 2, ["1 b", "2 c", "3 d"], {"d"}, {"c"}),
    "taken over, the last sent": Move(["2 b", "1 a"], 1, ["1 b", "2 c"], set(), {"b", "c"}),
    "taken over, and the other has left": Move(["1 a", "2 b"], 1, ["1 b"], set(), {"b"}),
    "taken over, nobody sent, and the other has left": Move(["1 a", "2 b"], 0, ["1 b"], {"b"}, set()),
    "exchanged, the first sent": Move(["1 a", "2 b"], 1, ["1 b", "2 a"], {"b"}, set()),
    "in a ring, two sent": Move(["1 a", "2 b", "3 c"], 2, ["1 b", "2 c", "3 a"], {"c"}, set()),
    "numbered anew behind a new row, all sent": Move(["1 a", "2 b"], 2, ["1 z", "2 a", "3 b"], {"z"}, set()),
    "numbered anew behind a new row, the first sent": Move(["1 a", "2 b"], 1, ["1 z", "2 a", "3 b"], {"z", "b"}, set()),
    "numbered anew, the first has left, with names": Move(
        ["1 a Anna", "2 b Ben", "3 c Cora"],
        2,
        ["1 b Ben", "2 c Cora", "3 d Dan"],
        {"c", "d"},
        set(),
    ),
    "a chain with names": Move(["1 a Anna", "2 b Ben"], 2, ["1 b Anna", "2 c Ben"], set(), {"c"}),
    "a successor has the old address": Move(["1 a Anna"], 1, ["1 x Anna", "9 a Cora"], set(), {"x", "a"}),
    "a successor, and a chain behind": Move(
        ["1 a Anna", "2 b Ben"], 2, ["9 a Cora", "1 b Anna", "2 x Ben"], set(), {"a", "x"}
    ),
    "a number that has passed on": Move(["1 a Anna", "2 b"], 2, ["1 b Ben", "2 c"], {"c"}, set()),
    "married and moved": Move(["1 a Anna Muster"], 1, ["1 z Anna Probe"], set(), {"z"}),
    "shared from now on, both sent": Move(["1 a", "2 b"], 2, ["1 f", "2 f"], set(), {"f"}),
    "shared from now on, one sent": Move(["1 a", "2 b"], 1, ["1 f", "2 f"], {"f"}, set()),
    "shared with somebody new": Move(["1 a"], 1, ["1 f", "9 f"], {"f"}, set()),
    "shared before, one moves away": Move(["1 f", "2 f"], 1, ["1 a", "2 f"], {"a"}, set()),
    "the key passes on while the address stays": Move(["1 a"], 1, ["1 z", "9 a"], {"z"}, set()),
    "the keys are given up": Move(["1 a", "2 b"], 1, ["- a", "- b"], {"b"}, set()),
    "a key that is another's address": Move(["- a", "1 b"], 2, ["- a", "1 c"], set(), {"c"}),
}


@dataclass(frozen=True)
class Life:
    """Several edits of a keyed file: its rows before, who were all written to, but those who ``failed``; and after.

    ``after``: the rows of each edit, and which of them are left out and told of. ``waiting``: whose keys wait then.
    """

    before: list[str]
    after: list[tuple[list[str], set[str]]]
    failed: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()


LIVES = {
    "somebody new has the place": Life(
        ["1 a", "2 b", "3 c"],
        [
            (["1 b", "2 c", "3 d"], {"3 d"}),
            (["9 b", "1 x", "2 c", "3 d"], {"9 b", "1 x", "3 d"}),
            (["9 b", "1 x", "2 y", "3 d"], {"9 b", "1 x", "2 y", "3 d"}),
            (["9 b", "1 x", "2 z", "3 d"], {"9 b", "1 x", "2 z", "3 d"}),
        ],
    ),
    "somebody new has the place, with names": Life(
        ["1 a Anna", "2 b Ben", "3 c Cora"],
        [
            (["1 b Anna", "2 c Ben", "3 d Cora"], {"3 d Cora"}),
            (["9 b Ida", "1 x Anna", "2 c Ben", "3 d Cora"], {"9 b Ida", "1 x Anna", "3 d Cora"}),
            (["9 b Ida", "1 x Anna", "2 y Ben", "3 d Cora"], {"9 b Ida", "1 x Anna", "2 y Ben", "3 d Cora"}),
        ],
    ),
    "somebody new has the place, in a longer chain that breaks again": Life(
        ["1 a", "2 b", "3 c", "4 d", "5 e"],
        [
            (["1 b", "2 c", "3 d", "4 e", "5 f"], {"5 f"}),
            (["9 b", "1 x", "2 c", "3 d", "4 e", "5 f"], {"9 b", "1 x", "5 f"}),
            (["9 b", "1 x", "2 c", "3 y", "4 e", "5 f"], {"9 b", "1 x", "3 y", "5 f"}),
            (["9 b", "1 x", "2 c", "3 z", "4 e", "5 f"], {"9 b", "1 x", "3 z", "5 f"}),
            (["9 b", "1 x", "2 w", "3 z", "4 v", "5 f"], {"9 b", "1 x", "2 w", "3 z", "4 v", "5 f"}),
        ],
    ),
    "the last one was left out long ago and is back": Life(
        ["1 a", "2 b", "3 c"],
        [
            (["1 a", "2 b", "3 d"], {"3 d"}),
            (["1 a", "2 b", "3 c"], set()),
            (["1 a", "9 b", "2 c", "3 e"], {"9 b", "3 e"}),
            (["1 a", "9 b", "2 y", "3 e"], {"9 b", "2 y", "3 e"}),
        ],
    ),
    "behind who failed and has moved": Life(
        ["1 a Anna", "2 f Ben", "3 c Cora", "4 d Dan"],
        [
            (["1 a Anna", "2 f Ben", "3 d Cora", "4 c Dan"], set()),
            (["3 a Cora", "1 f Anna", "2 y Ben", "4 c Dan"], {"3 a Cora", "1 f Anna"}),
            (["3 a Cora", "1 x Anna", "2 y Ben", "4 c Dan"], {"3 a Cora", "1 x Anna"}),
        ],
        failed=frozenset({"2 f Ben"}),
        waiting=frozenset({"2"}),
    ),
    "who failed was left out at another's, and has moved on": Life(
        ["1 a", "2 b", "3 c", "4 d"],
        [
            (["2 a", "3 c", "4 d"], {"2 a"}),
            (["2 z", "3 b", "4 c", "9 d"], {"2 z", "3 b", "9 d"}),
        ],
        failed=frozenset({"2 b"}),
    ),
    "a number has passed on": Life(
        ["1 a Anna", "2 b Ben", "3 c Cora"],
        [
            (["1 a Anna", "2 b Ben", "3 d Cora"], {"3 d Cora"}),
            (["5 a Anna", "1 b", "2 c Dan", "3 d Cora"], {"2 c Dan", "3 d Cora"}),
        ],
    ),
    "only numbered anew, after one has left, with two new ones on top": Life(
        ["1 a", "2 b", "3 c", "4 d"],
        [
            (["1 b", "2 c", "3 d"], set()),
            (["1 y", "2 z", "3 b", "4 c", "5 d"], {"1 y"}),
        ],
        waiting=frozenset({"2"}),
    ),
    "only numbered anew, though one was left out before": Life(
        ["1 a", "2 b", "3 c"],
        [
            (["1 a", "2 b", "3 d"], {"3 d"}),
            (["1 a", "2 b", "3 c"], set()),
            (["1 z", "2 a", "3 b", "4 c"], set()),
        ],
        waiting=frozenset({"1"}),
    ),
}


def _keyed(row: str) -> str:
    key, address, *name = row.split()
    return " ".join([key, f"{address}@example.com", *name])


def _made_from(post: Mailing, row_digest: bytes) -> Given | None:
    """Ask, and leave the ledger as it is: an enrolment that ends withdraws whoever was not given."""
    found = None
    with contextlib.suppress(InterruptedError), Enrolment.of(post.store, post.record, NOW) as enrolment:
        found = enrolment.made_from(row_digest)
        raise InterruptedError
    return found


class Enrolments(LedgerKind):
    """What an enrolment brings in, and what it leaves as it is."""

    @pytest.mark.parametrize(
        ("row", "state", "then"),
        [(row, state, then) for _, row, table in EDITS for state, then in table.items()],
        ids=[f"{edit} changed, {state}" for edit, _, table in EDITS for state in table],
    )
    def test_row_changed(self, post: Mailing, row: str, state: str, then: Then) -> None:
        """One edit of a row, for every state that its recipient may be in."""
        post.enrol("K1 anna@example.com Muster", "K2 ben@example.com Muster")
        STATES[state](post)
        (before,) = (found for found in post.rows() if found["key"] == "K1")
        (became, _) = post.enrol(row, "K2 ben@example.com Muster")
        (after,) = (found for found in post.rows() if found["id"] == before["id"])
        new = given(row)
        assert became is then.became
        assert after["status"] == then.status
        source = {"address": new.address, "name": new.name, "fields": new.fields} if then.takes else before
        assert {name: after[name] for name in ("address", "name", "fields")} == {
            name: source[name] for name in ("address", "name", "fields")
        }
        assert after["identity"] == after["address"].casefold()
        assert (after["digest"], after["date"]) == ((before["digest"], before["date"]) if then.frozen else (None, None))
        assert then.frozen == (after["digest"] is not None)
        assert (after["message_id"] != before["message_id"]) == then.renamed
        assert len(post.rows()) == 2
        assert after["origin"] == "people.csv:2"

    @pytest.mark.parametrize("state", STATES)
    def test_row_removed(self, post: Mailing, state: str) -> None:
        """Who waits and has left the files is withdrawn and counted; everybody else stays as evidence."""
        post.enrol("K1 anna@example.com Muster", "K2 ben@example.com Muster")
        STATES[state](post)
        before = post.row(ANNA)
        post.enrol("K2 ben@example.com Muster")
        waited = before["status"] in {PENDING, DEFERRED}
        assert post.row(ANNA)["status"] == (WITHDRAWN if waited else before["status"])
        assert post.withdrawn == waited
        assert post.row(ANNA)["digest"] == before["digest"]

    @pytest.mark.parametrize("state", STATES)
    def test_row_removed_and_returned(self, post: Mailing, state: str) -> None:
        """Gone and back, a recipient stands where it would stand had it never gone, but for its wait."""
        post.enrol("K1 anna@example.com Muster")
        STATES[state](post)
        before = post.row(ANNA)
        post.enrol()
        post.enrol("K1 anna@example.com Muster")
        back = PENDING if before["status"] in {PENDING, DEFERRED, WITHDRAWN} else before["status"]
        assert post.row(ANNA) == before | {"status": back, "round": 3 + ("withdrawn" in state), "due": ""}

    @pytest.mark.parametrize("status", [WITHDRAWN, EXPIRED, FAILED])
    def test_who_has_left_the_files_is_not_brought_back(self, post: Mailing, status: Status) -> None:
        """A later deadline or another try of those who failed reaches only who still stands in the files."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        if status is EXPIRED:
            post.transitions.expire(NOW)
        if status is FAILED:
            post.bring(ANNA, FAILED)
            post.bring("ben@example.com", FAILED)
        post.enrol("K2 ben@example.com")
        moved = post.transitions.unexpire() + post.transitions.retry_failed()
        assert moved == (status is not WITHDRAWN)
        assert [claimed.address for claimed in post.run().claim(10, NOW)] == ["ben@example.com"]
        assert post.row(ANNA)["status"] == status

    def test_who_has_left_the_files_is_not_claimed(self, post: Mailing) -> None:
        """Beside a run, the user's word and a lifted suppression bring nobody into it who has left the files."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
        post.bring(ANNA, IN_DOUBT)
        Suppressions(post.store).add("ben@example.com", "", NOW)
        post.enrol("K3 cora@example.com")
        post.resolve(ANNA, Word.AGAIN)
        Suppressions(post.store).remove("ben@example.com")
        assert post.reports.waiting(NOW) == 1
        assert [claimed.address for claimed in post.run().claim(10, NOW)] == ["cora@example.com"]

    @pytest.mark.parametrize(
        ("rows", "became", "others", "written"),
        [
            (["K1 anna@example.com", "K1 anna@example.com"], [NEW, DUPLICATE], ["", "people.csv:2"], 1),
            (["K1 anna@example.com", "K2 Anna@Example.com"], [NEW, DUPLICATE], ["", "people.csv:2"], 1),
            (["- anna@example.com", "- ANNA@example.com Muster"], [NEW, DUPLICATE], ["", "people.csv:2"], 1),
            # keys are told apart as they are written: "007" is not "7", and "a1" is not "A1"
            (["007 anna@example.com", "7 ben@example.com"], [NEW, NEW], ["", ""], 2),
            (["a1 anna@example.com", "A1 ben@example.com"], [NEW, NEW], ["", ""], 2),
        ],
    )
    def test_twice_in_one_file(
        self, post: Mailing, rows: list[str], became: list[Enrolled], others: list[str], written: int
    ) -> None:
        """What stands there twice is named with the row that it is the same as; and so it is at the next enrolment."""
        assert post.enrol(*rows) == became
        assert post.others == others
        assert len(post.rows()) == written
        # a line is put in above: the rows are named as they stand now
        again = [KNOWN if verdict is NEW else verdict for verdict in became]
        assert post.enrol("K0 zoe@example.com", *rows) == [NEW, *again]
        assert post.others[1:] == [origin and f"people.csv:{int(origin[-1]) + 1}" for origin in others]

    @pytest.mark.parametrize("both", [PENDING, SENT])
    @pytest.mark.parametrize("order", [1, -1])
    def test_addresses_exchanged(self, post: Mailing, both: Status, order: int) -> None:
        """When two people exchange addresses both are still written to, once each; whoever was, is not again."""
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        if both is SENT:
            post.bring(ANNA, SENT)
            post.bring("ben@example.com", SENT)
        known = KNOWN if both is SENT else UPDATED
        rows = ["K1 ben@example.com Anna", "K2 anna@example.com Ben"][::order]
        for became in ([known, known], [KNOWN, KNOWN]):
            assert post.enrol(*rows) == became
            assert post.withdrawn == 0
            assert post.statuses() == {ANNA: both, "ben@example.com": both}
        if both is PENDING:
            assert {row["address"]: row["name"] for row in post.rows()} == {ANNA: "Ben", "ben@example.com": "Anna"}
            assert {row["address"]: row["key"] for row in post.rows()} == {ANNA: "K2", "ben@example.com": "K1"}

    def test_addresses_exchanged_after_one_was_sent(self, post: Mailing) -> None:
        """The address decides: the one that was written to is not written to again, the other one is."""
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        post.bring(ANNA, SENT)
        post.enrol("K1 ben@example.com Anna", "K2 anna@example.com Ben")
        assert post.statuses() == {ANNA: SENT, "ben@example.com": PENDING}

    def test_addresses_in_a_ring(self, post: Mailing) -> None:
        """Three exchange their addresses in a ring: three are written to, and nobody is called a key too many."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
        assert post.enrol("K1 ben@example.com", "K2 cora@example.com", "K3 anna@example.com") == [KNOWN] * 3
        assert set(post.statuses().values()) == {PENDING}

    def test_address_taken_over(self, post: Mailing) -> None:
        """Anna takes over Ben's address and he gets a new one: both addresses are written to, the old one is not."""
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        assert post.enrol("K1 ben@example.com Anna", "K2 ben@example.org Ben") == [UPDATED, UPDATED]
        assert post.statuses() == {"ben@example.com": PENDING, "ben@example.org": PENDING}
        assert {row["address"]: row["name"] for row in post.rows()} == {
            "ben@example.com": "Anna",
            "ben@example.org": "Ben",
        }
        assert len({row["message_id"] for row in post.rows()}) == 2

    def test_key_that_moves_on_from_an_address_taken_over(self, post: Mailing) -> None:
        """Whose row stood at an address that was written to may be who was: it is not written to at the next one."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        post.bring(ANNA, SENT)
        post.bring("ben@example.com", FAILED)
        for _ in range(2):
            assert post.enrol("K2 anna@example.com") == [MOVED]
        for _ in range(2):
            assert post.enrol("K2 anna@example.org") == [MOVED]
        assert post.statuses() == {ANNA: SENT, "ben@example.com": FAILED}
        assert [one["reply"] for one in post.attempts() if one["address"] == "anna@example.org"] == [
            "not sent again: written to at anna@example.com"
        ]
        # what is advised: a key of its own for who is somebody else
        assert post.enrol("K9 anna@example.org") == [NEW]

    def test_who_is_suppressed_and_left_out_stays_so(self, post: Mailing) -> None:
        """Also when somebody else has its address: nobody is sent to there whom the list names."""
        suppressions = Suppressions(post.store)
        post.enrol("K1 ben@example.com", "- cora@example.com")
        post.bring("cora@example.com", SENT)
        suppressions.add("ben@example.com", "asked us to", NOW)
        post.enrol("K1 cora@example.com", "K2 anna@example.com")
        post.enrol("K1 anna@example.com")
        post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
        assert {row["status"] for row in post.rows() if row["address"] == "ben@example.com"} == {SUPPRESSED}

    def test_row_of_who_had_an_address_before(self, post: Mailing) -> None:
        """Ben's row is kept by its digest; once Anna has his address, the same row is not made into Ben again."""
        digest = b"ben's row"
        ben = replace(given("K2 ben@example.com"), row_digest=digest)
        post.give(given("K1 anna@example.com"), ben, given("K3 cora@example.com"))
        post.bring("cora@example.com", SENT)
        assert _made_from(post, digest) == ben
        assert post.enrol("K1 ben@example.com", "K2 cora@example.com") == [UPDATED, MOVED]
        assert _made_from(post, digest) is None

    def test_key_that_moves_from_one_address_taken_over_to_another(self, post: Mailing) -> None:
        """Both had been written to; nobody is sent to there again, and the row is told of each time."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com", "K3 cora@example.com")
        post.bring(ANNA, SENT)
        post.bring("cora@example.com", SENT)
        assert post.enrol("K2 anna@example.com", "K3 cora@example.com") == [MOVED, KNOWN]
        assert post.enrol("K2 cora@example.com") == [MOVED]
        assert post.statuses() == {ANNA: SENT, "ben@example.com": WITHDRAWN, "cora@example.com": SENT}

    def test_key_that_wandered(self, post: Mailing) -> None:
        """A key names whoever was given with it last: when that one was sent to and moves, nobody is sent to again."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        post.enrol("K1 ben@example.com")
        post.bring("ben@example.com", SENT)
        assert post.enrol("K1 cora@example.com") == [MOVED]
        assert post.statuses() == {ANNA: WITHDRAWN, "ben@example.com": SENT}

    @pytest.mark.parametrize("order", [1, -1])
    def test_chain_of_addresses(self, post: Mailing, order: int) -> None:
        """Anna gets a new address and Ben gets hers, in either order of the rows: each address gets one message."""
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        post.enrol(*["K1 anna@example.org Anna", "K2 anna@example.com Ben"][::order])
        assert {address for address, status in post.statuses().items() if status == PENDING} == {
            ANNA,
            "anna@example.org",
        }
        assert len({row["message_id"] for row in post.rows()}) == len(post.rows())

    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
    def test_addresses_that_move(self, post: Mailing, move: Move, order: int) -> None:
        """Nobody gets a second message at a new address, or is left out unsaid; in whatever order the rows stand."""
        post.enrol(*map(_keyed, move.before))
        for row in move.before[: move.sent]:
            post.bring(_keyed(row).split()[1], SENT)
        rows = [_keyed(row) for row in move.after][::order]
        # said each time, and new once
        for newly in (len(move.left_out), 0):
            became = post.enrol(*rows)
            left_out = {row.split()[1] for row, verdict in zip(rows, became, strict=True) if verdict is MOVED}
            assert left_out == {f"{address}@example.com" for address in move.left_out}
            assert post.left_out == newly
            waiting = {address for address, status in post.statuses().items() if status == PENDING}
            assert waiting == {f"{address}@example.com" for address in move.waiting}
            assert all(row["identity"] == row["address"].casefold() for row in post.rows())

    def test_left_out_before(self, post: Mailing) -> None:
        """Who was left out at an address is so again with the same key, whatever became of the others since."""
        post.enrol("1 a@example.com", "2 b@example.com")
        post.bring("a@example.com", SENT)
        post.bring("b@example.com", SENT)
        assert post.enrol("1 b@example.com", "2 c@example.com") == [KNOWN, MOVED]
        assert post.enrol("7 b@example.com", "2 c@example.com") == [MOVED, MOVED]
        # of the two addresses one is new to that
        assert post.left_out == 1
        # nor at the next address, which nobody had
        for newly in (1, 0):
            assert post.enrol("7 b@example.com", "2 d@example.com") == [MOVED, MOVED]
            assert post.left_out == newly
        # a key of its own says that it is somebody else
        assert post.enrol("7 b@example.com", "8 c@example.com") == [KNOWN, NEW]

    @pytest.mark.parametrize("order", [1, -1])
    def test_moving_on_behind_a_chain(self, post: Mailing, order: int) -> None:
        """Who was left out at the end of a chain is so at the next address too, when all else stays."""
        post.enrol("1 a@example.com", "2 b@example.com")
        post.bring("a@example.com", SENT)
        post.bring("b@example.com", SENT)
        for last in "cde":
            rows = ["1 b@example.com", f"2 {last}@example.com"][::order]
            assert post.enrol(*rows) == [KNOWN, MOVED][::order]

    @pytest.mark.parametrize("order", [1, -1])
    @pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
    def test_addresses_that_move_on(self, post: Mailing, life: Life, order: int) -> None:
        """Who had moved is known by the key at the next move too, whoever has which address by then; nobody else is."""
        post.enrol(*map(_keyed, life.before))
        for row in life.before:
            post.bring(_keyed(row).split()[1], FAILED if row in life.failed else SENT)
        for rows, left_out in life.after:
            # at once, and with the same rows once more
            for _ in range(2):
                became = post.enrol(*map(_keyed, rows[::order]))
                assert {row for row, what in zip(rows[::order], became, strict=True) if what is MOVED} == left_out
        assert {row["key"] for row in post.rows() if row["status"] == PENDING} == life.waiting

    def test_keys_introduced_in_the_middle(self, post: Mailing) -> None:
        """A key column that comes later changes nobody, and from then on knows people by their keys."""
        post.enrol("- anna@example.com", "- ben@example.com")
        post.bring(ANNA, SENT)
        assert post.enrol("K1 anna@example.com", "K2 ben@example.com") == [KNOWN, KNOWN]
        assert post.enrol("K1 anna@example.org", "K2 ben@example.org") == [MOVED, UPDATED]
        assert post.statuses() == {ANNA: SENT, "ben@example.org": PENDING}

    def test_keys_given_up_in_the_middle(self, post: Mailing) -> None:
        """Without its key column a campaign knows people by their addresses; nobody is taken for somebody new."""
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        post.bring(ANNA, SENT)
        assert post.enrol("- anna@example.com", "- ben@example.com") == [KNOWN, KNOWN]
        assert post.enrol("K2 anna@example.com", "K1 ben@example.com") == [KNOWN, KNOWN]
        assert post.statuses() == {ANNA: SENT, "ben@example.com": PENDING}

    def test_moved_after_sending_again_and_again(self, post: Mailing) -> None:
        """Who moved after sending is told at every enrolment, not sent to, and not lost when the move is undone."""
        post.enrol("K1 anna@example.com")
        post.bring(ANNA, SENT)
        for _ in range(2):
            assert post.enrol("K1 anna@example.org") == [MOVED]
        assert post.enrol("K1 anna@example.com") == [KNOWN]
        assert post.statuses() == {ANNA: SENT}

    def test_moved_while_in_doubt_then_sent_again(self, post: Mailing) -> None:
        """Sent again by the user's word it goes to the address that stands in the file by then."""
        post.enrol("K1 anna@example.com")
        post.bring(ANNA, IN_DOUBT)
        assert post.enrol("K1 anna@example.org") == [MOVED]
        post.resolve(ANNA, Word.AGAIN)
        assert post.enrol("K1 anna@example.org") == [UPDATED]
        assert [claimed.address for claimed in post.run().claim(1, NOW)] == ["anna@example.org"]

    def test_mended_address_is_tried_at_once_and_anew(self, post: Mailing) -> None:
        """A new address neither waits for what the old one was deferred for nor inherits its five days."""
        post.enrol("K1 anna@example.com")
        later = NOW
        for wait in (15, 30):
            post.bring(ANNA, DEFERRED, phase=Phase.RCPT, now=later)
            later += dt.timedelta(minutes=wait)
        post.enrol("K1 anna@example.org")
        later = NOW + dt.timedelta(days=6)
        post.bring("anna@example.org", DEFERRED, phase=Phase.RCPT, now=later)
        assert post.row("anna@example.org")["due"] == (later + dt.timedelta(minutes=15)).isoformat(
            timespec="microseconds"
        )
        assert [attempt["address"] for attempt in post.attempts()] == [ANNA, ANNA, "anna@example.org"]

    def test_suppressed_and_lifted(self, post: Mailing) -> None:
        """On the list nobody is written to; off it they wait again, if they still stand in the files."""
        suppressions = Suppressions(post.store)
        suppressions.add(ANNA, "", NOW)
        assert post.enrol("K1 anna@example.com", "K2 ben@example.com") == [NEW, NEW]
        assert post.statuses() == {ANNA: SUPPRESSED, "ben@example.com": PENDING}
        with post.store.transaction() as db:
            db.execute("DELETE FROM suppression")
        post.enrol("K2 ben@example.com")
        assert post.statuses() == {ANNA: SUPPRESSED, "ben@example.com": PENDING}
        post.enrol("K1 anna@example.com", "K2 ben@example.com")
        assert post.statuses() == {ANNA: PENDING, "ben@example.com": PENDING}

    def test_withdrawn_and_suppressed_meanwhile(self, post: Mailing) -> None:
        """Who comes back to the files and has been suppressed meanwhile is not written to."""
        post.enrol("K1 anna@example.com")
        post.enrol()
        Suppressions(post.store).add(ANNA, "", NOW)
        assert post.enrol("K1 anna@example.com") == [BACK]
        assert post.statuses() == {ANNA: SUPPRESSED}

    def test_all_or_nothing(self, post: Mailing) -> None:
        """When something goes wrong in the middle the ledger is as it was, to the last row."""
        post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben")
        before = [post.rows(), post.reports.rejected()]

        def enrol_badly() -> None:
            with Enrolment.of(post.store, post.record, NOW, 7) as enrolment:
                for row in ("K1 anna@example.com Anne", "K3 cora@example.com Cora"):
                    enrolment.take(Sorted(given(row), None, ""), f"<{row}>")
                enrolment.reject("people.csv:4", "no address")
                raise ValueError("the template cannot be rendered")

        with pytest.raises(ValueError, match="cannot be rendered"):
            enrol_badly()
        assert [post.rows(), post.reports.rejected()] == before
        assert post.enrol("K1 anna@example.com Anna", "K2 ben@example.com Ben") == [KNOWN, KNOWN]

    def test_rejections_are_those_of_the_latest(self, post: Mailing) -> None:
        """The rejected rows that are counted are those of the latest enrolment, of this campaign alone."""
        other = post.another("weihnachten")
        for mailing, reasons in ((post, 3), (other, 1), (post, 2)):
            with Enrolment.of(post.store, mailing.record, NOW) as enrolment:
                for line in range(reasons):
                    enrolment.reject(f"people.csv:{line}", "no address")
        assert (post.reports.rejected(), other.reports.rejected()) == (2, 1)

    def test_message_id_is_drawn_once(self, post: Mailing) -> None:
        """Whatever is enrolled again, everybody keeps the Message-ID of the first time; each has another one."""
        rows = ["K1 anna@example.com Anna", "K2 ben@example.com Ben"]
        post.enrol(*rows)
        named = [row["message_id"] for row in post.rows()]
        post.enrol(*reversed(rows), "K3 cora@example.com")
        post.enrol("K1 anna@example.org", "K9 ben@example.com")
        assert [row["message_id"] for row in post.rows()][:2] == named
        assert len({row["message_id"] for row in post.rows()}) == 3

    def test_what_was_made_from_the_same_row(self, post: Mailing) -> None:
        """A recipient is found again by the digest of its row, as it was made from it, whatever became of it."""
        anna = replace(
            given("K1 anna@example.com Anna"), row_digest=b"one", person="anna\n", shared_salutation="Hallo,"
        )
        post.give(anna)
        post.bring(ANNA, SENT)
        found = _made_from(post, b"one")
        assert found is not None
        assert found == anna
        assert _made_from(post, b"other") is None
        other = post.another("weihnachten")
        assert _made_from(other, b"one") is None

    def test_a_row_is_known_only_while_it_was_taken_whole(self, post: Mailing) -> None:
        """Whoever keeps what an earlier row said, because a dot has left, is found by neither row."""
        anna = replace(given("K1 anna@example.com Anna"), row_digest=b"one")
        post.give(anna)
        post.bring(ANNA, DEFERRED)
        assert post.give(replace(given("K1 anna@example.com Anne"), row_digest=b"two")) == [KNOWN]
        assert _made_from(post, b"one") is _made_from(post, b"two") is None
        assert post.give(anna) == [KNOWN]
        assert _made_from(post, b"one") is not None

    def test_opted_out_and_in_again(self, post: Mailing) -> None:
        """Who wants no mail is suppressed as long as the files say so; the suppression list is another matter."""
        anna = given("K1 anna@example.com Anna")
        assert post.give(replace(anna, opted_out="Newsletter: nein")) == [NEW]
        assert post.statuses() == {ANNA: SUPPRESSED}
        Suppressions(post.store).add(ANNA, "", NOW)
        Suppressions(post.store).remove(ANNA)
        assert post.statuses() == {ANNA: SUPPRESSED}
        assert post.give(anna) == [KNOWN]
        assert post.statuses() == {ANNA: PENDING}
        assert post.give(replace(anna, opted_out="Newsletter: nein")) == [KNOWN]
        assert post.statuses() == {ANNA: SUPPRESSED}

    def test_who_is_not_asked_for_waits(self, post: Mailing) -> None:
        """A run takes only those whom it was asked for; the others wait for the next that asks for all."""
        anna, ben = given("K1 anna@example.com"), given("K2 ben@example.com")
        post.give(replace(anna, selected=False), ben)
        assert post.reports.waiting(NOW) == 1
        assert [claimed.key for claimed in post.run().claim(9, NOW)] == ["K2"]
        post.run().release()
        assert set(post.statuses().values()) == {PENDING}
        post.give(anna, ben)
        assert post.reports.waiting(NOW) == 2
        assert [claimed.key for claimed in post.run().claim(9, NOW)] == ["K1", "K2"]

    def test_campaigns_know_nothing_of_each_other(self, post: Mailing) -> None:
        """A new campaign id starts afresh for everyone, with other Message-IDs."""
        post.enrol("K1 anna@example.com")
        post.bring(ANNA, SENT)
        other = post.another("neue-adresse-2")
        assert other.enrol("K1 anna@example.com") == [NEW]
        assert other.statuses() == {ANNA: PENDING}
        assert post.statuses() == {ANNA: SENT}
        assert other.row(ANNA)["message_id"] != post.row(ANNA)["message_id"]

    def test_whatever_people_are_called(self, post: Mailing) -> None:
        """Names, keys and fields come out of the ledger as they went in: umlauts, emoji, quotes, SQL."""
        name = "Zoë \N{GRINNING FACE} O'Brien \"D'Angelo\"; DROP TABLE recipient; -- Ł ß ſ \u202e"
        post.enrol(f"Kündnr.№1 anna@xn--mller-kva.example {name}")
        claimed = post.claim("ANNA@xn--mller-kva.example")
        assert (claimed.key, claimed.name) == ("Kündnr.№1", " ".join(name.split()))
        assert claimed.fields == {"contact": {"last_name": " ".join(name.split())}}
        assert json.loads(post.row("anna@xn--mller-kva.example")["fields"]) == claimed.fields
