"""People who were forgotten: nothing in the ledger is about them any more, and nobody writes to them again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.core.message import Mailbox
from notify.core.outcome import Phase
from notify.core.probe import Probe
from notify.core.status import Status
from notify.errors import BusyError
from notify.ledger import Codes, Copies, Forgetting, Probes, Suppressions, Word, forgotten_in
from notify.ledger.tables import TABLES
from tests.contract.ledger.base import Connection, LedgerKind
from tests.unit.ledger.mailing import NOW, Mailing

ANNA, BEN, ANNAS_NEW = "anna@example.com", "ben@example.com", "a.neu@example.net"


class Forgetful(LedgerKind):
    """Forgetting people."""

    def words(self, folder: Path) -> str:
        """Return everything that stands in any table, in small letters."""
        with self.connected(folder) as db:
            # a name of ours
            asked = [f"SELECT * FROM {table.name}" for table in TABLES]  # noqa: S608
            found = [tuple(dict(row).values()) for one in asked for row in db.execute(one)]
        return repr(found).lower()

    @pytest.mark.parametrize("status", [*Status])
    def test_nothing_is_left_of_whoever_is_forgotten(self, post: Mailing, tmp_path: Path, status: Status) -> None:
        """Wherever they stand, in whatever campaign, with all that was tried; and everybody else stays as they were."""
        post.with_codes = True
        post.enrol(f"K2 {BEN} Ben")
        post.bring(BEN, Status.SENT)
        with self.connected(tmp_path) as db:
            _put(db, status)
        other = post.another("weihnachten")
        other.enrol(f"K1 {ANNA.upper()} Anna M.")
        Codes(post.store).note_call("Apfel 1234", None, NOW)
        before = post.row(BEN), post.reports.counts()
        if status in {Status.CLAIMED, Status.IN_FLIGHT}:
            with pytest.raises(BusyError, match="being handed over"):
                Forgetting(post.store).forget([ANNA], NOW)
            assert (post.row(BEN), post.reports.counts()) == before
            assert "k-anna" in self.words(tmp_path)
            return
        known = Forgetting(post.store).about([ANNA])
        assert {(one.campaign, one.address) for one in known} == {("neue-adresse", ANNA), ("weihnachten", ANNA.upper())}
        assert Forgetting(post.store).forget([ANNA], NOW) == known
        assert "anna" not in self.words(tmp_path)
        assert "muster" not in self.words(tmp_path)
        assert post.row(BEN) == before[0]
        assert Forgetting(post.store).about([ANNA]) == []

    def test_what_was_tried_still_counts(self, post: Mailing) -> None:
        """Who was sent to stays so, and the relay's history has the same moments and answers, without the words."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.DEFERRED, phase=Phase.RCPT)
        post.bring(ANNA, Status.SENT, now=NOW + dt.timedelta(hours=1))
        wanted = [(row["time"], row["status"], row["phase"], row["message_id"]) for row in post.attempts()]
        counts = post.reports.counts()
        Forgetting(post.store).forget([ANNA], NOW)
        rows = post.attempts()
        assert [(row["time"], row["status"], row["phase"], row["message_id"]) for row in rows] == wanted
        assert {(row["address"], row["reply"]) for row in rows} == {("", "")}
        assert post.reports.counts() == counts

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (Status.PENDING, Status.WITHDRAWN),
            (Status.DEFERRED, Status.WITHDRAWN),
            (Status.IN_DOUBT, Status.SENT),
            (Status.FAILED, Status.FAILED),
        ],
    )
    def test_nobody_is_sent_to(self, post: Mailing, before: Status, after: Status) -> None:
        """Nor asked about, nor brought back by anything that brings others back."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        if before is not Status.PENDING:
            post.bring(ANNA, before)
        Forgetting(post.store).forget([ANNA], NOW)
        assert [row["status"] for row in post.rows()] == [after, "pending"]
        post.transitions.retry_failed()
        post.transitions.recover(NOW)
        assert post.resolve(ANNA, Word.AGAIN) is None
        assert post.run().claim(10, NOW + dt.timedelta(days=9))[0].address == BEN
        assert [row["status"] for row in post.rows()] == [after, "pending"]

    def test_they_are_known_when_they_come_again(self, post: Mailing) -> None:
        """By a digest alone, which is another one in another ledger's list; taken off the list, they may be given."""
        assert not forgotten_in(post.store)
        Forgetting(post.store).forget([ANNA, BEN], NOW)
        forgotten = forgotten_in(post.store)
        assert (bool(forgotten.mark_of(ANNA)), bool(forgotten.mark_of(ANNAS_NEW))) == (True, False)
        listed = [entry.identity for entry in Suppressions(post.store).all()]
        assert listed == sorted([forgotten.mark_of(ANNA), forgotten.mark_of(BEN)])
        found = Suppressions(post.store).find(ANNA)
        assert found is not None
        assert (found.identity, found.reason, found.since) == (forgotten.mark_of(ANNA), "forgotten", NOW)
        assert Suppressions(post.store).find(ANNAS_NEW) is None
        assert Suppressions(post.store).remove(ANNA)
        assert not forgotten_in(post.store).mark_of(ANNA)
        assert forgotten_in(post.store).mark_of(BEN)

    def test_twice(self, post: Mailing) -> None:
        """Who was let come again is forgotten again."""
        for _ in range(2):
            post.enrol(f"K1 {ANNA}")
            Forgetting(post.store).forget([ANNA], NOW)
            Suppressions(post.store).remove(ANNA)
        assert [row["address"] for row in post.rows()] == ["", ""]

    def test_other_addresses_of_theirs_are_known_too(self, post: Mailing, tmp_path: Path) -> None:
        """At the one they have now, or had before: whichever they name."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        post.bring(ANNA, Status.SENT)
        # noted, and not written to
        post.enrol(f"K1 {ANNAS_NEW}", f"K2 {BEN}")
        Forgetting(post.store).forget([ANNAS_NEW], NOW)
        assert all(forgotten_in(post.store).mark_of(who) for who in (ANNA, ANNAS_NEW))
        assert ANNA not in self.words(tmp_path)
        assert ANNAS_NEW not in self.words(tmp_path)

    def test_copies_of_their_messages_say_nothing_of_them(self, post: Mailing, tmp_path: Path) -> None:
        """Whoever got the copy is not forgotten for that."""
        post.enrol(f"K1 {ANNA} Anna Muster", f"K2 {BEN}")
        post.bring(ANNA, Status.SENT)
        post.bring(BEN, Status.SENT)
        record = Copies.register(post.store, post.record, NOW)
        copies = Copies(post.store, post.record, record, post.version)
        copies.put(Mailbox("", "archiv@alt.example"), ((f"a-{one.number}", one) for one in [*copies.to_copy("-")]))
        Forgetting(post.store).forget([ANNA], NOW)
        assert "anna" not in self.words(tmp_path)
        assert "archiv@alt.example" in self.words(tmp_path)
        assert not forgotten_in(post.store).mark_of("archiv@alt.example")

    def test_what_else_names_them(self, post: Mailing, tmp_path: Path) -> None:
        """Rows that were rejected, what an enrolment told, the list in plain words, and test messages."""
        Suppressions(post.store).add(ANNA, "wrote to us", NOW)
        with self.connected(tmp_path) as db:
            for who in (ANNA.upper(), BEN):
                db.execute(f"INSERT INTO rejection VALUES (1, 'p.csv:7', '\"<{who}\" is none')")  # noqa: S608
            db.execute(f"INSERT INTO enrolment SELECT number, secret, '[\"{ANNA}\"]' FROM campaign")  # noqa: S608
            db.execute("COMMIT")
        Probes(post.store).record(Probe(NOW, ANNA, BEN, "relay", "<1@alt.example>"), "K7QF3M")
        Forgetting(post.store).forget([ANNA], NOW)
        assert "anna" not in self.words(tmp_path)
        assert BEN in self.words(tmp_path)


_PUT = """
INSERT INTO recipient (id, campaign, key, identity, address, name, language, salutation, origin, fields, person,
                       shared_salutation, opted_out, round, status, message_id)
VALUES (77, 1, 'K-Anna', 'anna@example.com', 'anna@example.com', 'Anna Muster', 'de', 'Liebe Anna', 'anna.csv:2',
        '{"first_name": "Anna"}', 'anna', 'Familie Muster', 'Anna will das nicht', 1, :status, '<77@alt.example>');
INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)
VALUES (77, '2026-12-01', 'anna@example.com', 'relay', 'dot', '451 <anna@example.com> later', 'deferred', 'recipient',
        '<77@alt.example>');
INSERT INTO code VALUES (77, 'Anna 1234', 1, 4);
INSERT INTO call (time, said, recipient, is_sent) VALUES ('2026-12-01', 'anna 1234', 77, '1');
COMMIT"""


def _put(db: Connection, status: Status) -> None:
    """Put somebody into the campaign who was tried once, and has called."""
    for statement in _PUT.replace(":status", f"'{status}'").split(";"):
        db.execute(statement)
