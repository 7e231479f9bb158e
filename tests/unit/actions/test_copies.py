"""Which copies a run makes of what was sent, whatever has happened between the message and its copy."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from notify.actions.approve import approve, proposal, to_approve
from notify.actions.copies import Copying
from notify.actions.run import Run, begun
from notify.actions.send import forecast, planned
from notify.core.status import Status
from notify.errors import ConfigError, NotifyError, UnapprovedError
from notify.ledger import Copies, Handovers, Resolution, Suppressions, Versions, Word, find_copies, open_store
from tests.campaign import DATE, NOW, Folder, enrolled, handover_of
from tests.unit.ledger.mailing import begin, outcome, read, settle

pytestmark = pytest.mark.both_ledgers

LATER = NOW + dt.timedelta(hours=1)
ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"
OFFICE = "office@example.org"


def asking(per: str, *to: str) -> str:
    """Return the lines below [send] that ask for copies."""
    return f"copy_to = {json.dumps(list(to))}\ncopy_per = {json.dumps(per)}\n"


@contextlib.contextmanager
def going(folder: Folder, now: dt.datetime = NOW, *, accept: bool = False) -> Iterator[tuple[Run, Copying]]:
    """Begin a run that has enrolled everybody, and knows its copies."""
    with begun(folder.prepared(), now, accept_change=accept, rehearsal=False) as run:
        enrolled(run)
        assert run.copying is not None
        yield run, run.copying


def bring(handover: Handovers, who: str, status: Status = Status.SENT, now: dt.datetime = NOW) -> None:
    """Take whoever waits at an identity to a status, as a run does."""
    (claimed,) = handover.claim(1, now, [who])
    assert begin(handover, claimed.id, f"digest {claimed.id}", DATE)
    if status is not Status.IN_FLIGHT:
        settle(handover, claimed.id, outcome(status), now)


def send_copies(copying: Copying, now: dt.datetime = NOW, status: Status = Status.SENT) -> int:
    """Hand over all copies that may leave now, round by round as a run does; return how many."""
    handover, number = handover_of_copies(copying), 0
    while claimed := handover.claim(100, now):
        for one in claimed:
            assert begin(handover, one.id, f"digest {one.id}", DATE)
            settle(handover, one.id, outcome(status), now)
            number += 1
        copying.choose(now, ())
    return number


def handover_of_copies(copying: Copying) -> Handovers:
    """Return what a run does with copies."""
    return copying.job.handover(copying.job.routes[0])


def copies_in(folder: Folder) -> list[dict[str, Any]]:
    """Return all copies, as they stand in the file, each with whose message it copies."""
    query = "SELECT * FROM recipient WHERE campaign = (SELECT number FROM campaign WHERE id LIKE 'test_copies')"
    rows = read(folder.ledger, query)
    return [row | {"of": json.loads(row["fields"])["copy_of"]["to"]} for row in rows]


def pairs(folder: Folder) -> list[tuple[str, str, str]]:
    """Return to whom each copy goes, whose message it copies, and where it stands."""
    return sorted((row["address"], row["of"], row["status"]) for row in copies_in(folder))


@pytest.mark.parametrize(
    ("per", "copied"),
    [("campaign", [ANNA]), ("cohort", [ANNA, BEN]), ("recipient", [ANNA, BEN, CORA])],
)
def test_what_is_copied(tmp_path: Path, per: str, copied: Sequence[str]) -> None:
    """Of the first message, of each text, or of every message: each address gets it once, however often one looks."""
    folder = Folder(tmp_path / "c", more=asking(per, OFFICE, "boss@example.org"))
    folder.edit(folder.message, "ab dem", '{% if contact.last_name == "Beispiel" %}Ben! {% endif %}ab dem')
    with going(folder) as (run, copying):
        assert copying.bring_up_to_date(NOW) == 0
        assert copies_in(folder) == []
        for who in (ANNA, BEN, CORA):
            bring(handover_of(run), who)
        for _ in range(3):
            copying.bring_up_to_date(NOW)
        assert send_copies(copying) == 2 * len(copied)
        copying.bring_up_to_date(NOW)
        assert send_copies(copying) == 0
    expected = [(to, who, "sent") for to in ("boss@example.org", OFFICE) for who in copied]
    assert pairs(folder) == expected
    with going(folder, LATER) as (_, copying):
        copying.bring_up_to_date(LATER)
        assert copying.due(LATER, stays=True) == 0
    assert pairs(folder) == expected


def test_a_copy_is_made_from_what_its_message_was_made_from(tmp_path: Path) -> None:
    """Fields, greeting, language, form and call-back code are the recipient's; address and Message-ID are its own."""
    folder = Folder(tmp_path / "c", more=asking("recipient", f"Büro <{OFFICE}>"))
    folder.edit(folder.message, "ab dem", "{{ code }} ab dem")
    with going(folder) as (run, copying):
        (one,) = handover_of(run).claim(1, NOW, [ANNA])
        assert one.code
        assert one.copy_of is None
        assert begin(handover_of(run), one.id, "digest", DATE)
        settle(handover_of(run), one.id, outcome(Status.SENT), NOW)
        copying.bring_up_to_date(NOW)
        (copy,) = handover_of_copies(copying).claim(9, NOW)
    assert (copy.address, copy.name, copy.key) == (OFFICE, "Büro", ANNA)
    assert copy.copy_of == (ANNA, one.message_id)
    assert copy.message_id != one.message_id
    assert copy.variables["code"] == one.code
    assert copy.variables == one.variables
    assert (copy.language, copy.form, copy.salutation) == (one.language, one.form, one.salutation)


def test_the_copy_of_a_newsletter_unsubscribes_its_own_reader(tmp_path: Path) -> None:
    """Its token stands for the address that it went to: a click in it must not unsubscribe somebody else."""
    page = '[newsletter]\nunsubscribe = "https://alt.example/{token}"\n'
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE) + page)
    folder.edit(folder.toml, "[campaign]", '[campaign]\nkind = "newsletter"')
    folder.edit(folder.message, "ab dem", "{{ unsubscribe }} ab dem")
    with going(folder) as (run, copying):
        bring(handover_of(run), ANNA)
        copying.bring_up_to_date(NOW)
        (copy,) = handover_of_copies(copying).claim(9, NOW)
        assert Suppressions(run.job.store).whose([copy.token]) == {copy.token: OFFICE}


@pytest.mark.parametrize("status", [Status.PENDING, Status.DEFERRED, Status.FAILED, Status.IN_DOUBT, Status.IN_FLIGHT])
def test_only_what_was_sent_is_copied(tmp_path: Path, status: Status) -> None:
    """Whoever waits, failed or is in doubt is not copied; once the user says that it has arrived, it is."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE))
    with going(folder) as (run, copying):
        if status is not Status.PENDING:
            bring(handover_of(run), ANNA, status)
        copying.bring_up_to_date(NOW)
        assert copies_in(folder) == []
        if status is Status.IN_DOUBT:
            Resolution(run.job.store, run.job.record).settle(ANNA, Word.SENT, NOW)
            copying.bring_up_to_date(NOW)
            assert pairs(folder) == [(OFFICE, ANNA, "pending")]


def test_nobody_gets_a_copy_of_the_own_message(tmp_path: Path) -> None:
    """An address that is a contact, too, has that message already; of all others it gets copies."""
    folder = Folder(tmp_path / "c", more=asking("recipient", "Anna@Example.com"))
    with going(folder) as (run, copying):
        for who in (ANNA, BEN):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW)
    assert pairs(folder) == [("Anna@example.com", BEN, "pending")]
    assert folder.statuses()[ANNA] == "sent"


def test_a_killed_run_leaves_no_copy_twice_and_none_out(tmp_path: Path) -> None:
    """A copy in flight is in doubt, and no other is made; one that was claimed waits, one not made yet is made."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE))
    with going(folder) as (run, copying):
        bring(handover_of(run), ANNA)
        copying.bring_up_to_date(NOW)
        assert send_copies(copying) == 1
        bring(handover_of(run), BEN)
        copying.bring_up_to_date(NOW)
        handover = handover_of_copies(copying)
        (copy,) = handover.claim(1, NOW)
        assert begin(handover, copy.id, "digest", DATE)
        bring(handover_of(run), CORA)
    with going(folder, LATER) as (_, copying):
        assert (copying.recovered, copying.doubts) == (0, 1)
        copying.bring_up_to_date(LATER)
        expected = [(OFFICE, ANNA, "sent"), (OFFICE, BEN, "in_doubt"), (OFFICE, CORA, "pending")]
        assert pairs(folder) == expected
        for sent in copying.copies.to_copy(OFFICE):
            copying.copies.put(copying.to[0], [(f"recipient-{sent.number}", sent)])
        assert pairs(folder) == expected
        assert len(handover_of_copies(copying).claim(9, LATER)) == 1
    with going(folder, LATER) as (run, copying):
        assert (copying.recovered, copying.doubts) == (0, 0)
        record = find_copies(run.job.store, run.job.record)
        assert record is not None
        assert Copies.settle(run.job.store, record, "", Word.AGAIN, LATER) == [(OFFICE, Status.IN_DOUBT)]
        copying.bring_up_to_date(LATER)
        assert send_copies(copying, LATER) == 2


def test_another_text_is_not_copied_under_the_name_of_the_first(tmp_path: Path) -> None:
    """What waits when a change of the text is accepted is withdrawn; the campaign's copy is made of the new text."""
    folder = Folder(tmp_path / "c", more=asking("campaign", OFFICE))
    with going(folder) as (run, copying):
        bring(handover_of(run), ANNA)
        copying.bring_up_to_date(NOW)
        (before,) = copies_in(folder)
    folder.edit(folder.message, "ab dem", "AB DEM")
    with going(folder, LATER, accept=True) as (run, copying):
        assert copying.bring_up_to_date(LATER) == 1
        assert pairs(folder) == [(OFFICE, ANNA, "withdrawn")]
        (note,) = read(folder.ledger, "SELECT reply FROM attempt WHERE status = 'withdrawn'")
        assert note["reply"] == "the text has changed since the message was sent"
        bring(handover_of(run), BEN, now=LATER)
        assert copying.bring_up_to_date(LATER) == 0
        assert send_copies(copying, LATER) == 1
        (after,) = copies_in(folder)
    assert (after["of"], after["status"]) == (BEN, "sent")
    assert after["message_id"] != before["message_id"]


def test_messages_with_an_earlier_text_are_counted(tmp_path: Path) -> None:
    """A copy of every message cannot be made of those with an earlier text any more, and that is no secret."""
    folder = Folder(tmp_path / "c")
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        assert run.copying is None
        bring(handover_of(run), ANNA)
    folder.edit(folder.message, "ab dem", "AB DEM")
    folder.edit(folder.toml, 'pause = "0s"\n', f'pause = "0s"\n{asking("recipient", OFFICE)}')
    with going(folder, LATER, accept=True) as (run, copying):
        bring(handover_of(run), BEN, now=LATER)
        copying.bring_up_to_date(LATER)
        assert pairs(folder) == [(OFFICE, BEN, "pending")]
        assert copying.of_earlier_texts() == 1


def test_what_is_not_asked_for_any_more_is_withdrawn(tmp_path: Path) -> None:
    """Copies that wait for an address that was taken out leave no more; when it comes back, they are the same ones."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE, "boss@example.org"))
    with going(folder) as (run, copying):
        bring(handover_of(run), ANNA)
        copying.bring_up_to_date(NOW)
        before = copies_in(folder)
    folder.edit(folder.toml, f'"{OFFICE}", ', "")
    with going(folder, LATER) as (_, copying):
        assert copying.bring_up_to_date(LATER) == 1
        assert pairs(folder) == [("boss@example.org", ANNA, "pending"), (OFFICE, ANNA, "withdrawn")]
        (note,) = read(folder.ledger, "SELECT reply FROM attempt WHERE status = 'withdrawn'")
        assert note["reply"] == "no such copy is asked for any more"
    folder.edit(folder.toml, '["boss', f'["{OFFICE}", "boss')
    with going(folder, LATER) as (_, copying):
        assert copying.bring_up_to_date(LATER) == 0
    assert [row["message_id"] for row in copies_in(folder)] == [row["message_id"] for row in before]
    assert {row["status"] for row in copies_in(folder)} == {"pending"}


def test_one_copy_is_tried_until_the_address_has_taken_one(tmp_path: Path) -> None:
    """An address that refuses the first of many is not tried with the others, until it is to be tried again."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE, "boss@example.org"))
    with going(folder) as (run, copying):
        for who in (ANNA, BEN, CORA):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW)
        assert copying.due(NOW, stays=False) == 2
        bring(handover_of_copies(copying), one_at(folder, OFFICE), Status.FAILED)
        bring(handover_of_copies(copying), one_at(folder, "boss@example.org"))
        copying.choose(NOW, ())
        assert copying.due(NOW, stays=False) == 2
        assert send_copies(copying) == 2
        counts = Counter(row["status"] for row in copies_in(folder) if row["address"] == OFFICE)
        assert counts == {"failed": 1, "withdrawn": 2}
        attempts = len(read(folder.ledger, "SELECT * FROM attempt"))
        copying.bring_up_to_date(NOW)
        assert len(read(folder.ledger, "SELECT * FROM attempt")) == attempts, "each look notes it again"
        assert copying.job.transitions().retry_failed() == 1
        copying.bring_up_to_date(NOW)
        assert send_copies(copying) == 3
    assert Counter(row["status"] for row in copies_in(folder)) == {"sent": 6}


def one_at(folder: Folder, address: str) -> str:
    """Return the identity of the copy that may leave for an address."""
    (found,) = [row for row in copies_in(folder) if row["address"] == address and row["selected"]]
    identity: str = found["identity"]
    return identity


def test_a_suppressed_address_gets_no_copy(tmp_path: Path) -> None:
    """Put on the list before, beside the run, or between lease and dot: nothing leaves; taken off, it does."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE))
    with going(folder) as (run, copying), open_store(folder.ledger) as beside:
        for who in (ANNA, BEN):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW)
        handover = handover_of_copies(copying)
        (claimed,) = handover.claim(9, NOW)
        Suppressions(beside).add(OFFICE, "", NOW)
        assert [row["status"] for row in copies_in(folder)] == ["suppressed"] * 2
        assert not begin(handover, claimed.id, "digest", DATE)
        bring(handover_of(run), CORA)
        copying.bring_up_to_date(NOW)
        assert [row["status"] for row in copies_in(folder)] == ["suppressed"] * 3
        assert [one.address for one in copying.suppressed()] == [OFFICE]
        assert copying.expected(5) == 0
        Suppressions(beside).remove(OFFICE)
        copying.bring_up_to_date(NOW)
        assert send_copies(copying) == 3


def test_only_copies_of_some_leave(tmp_path: Path) -> None:
    """A run for one recipient alone hands over no copy of another one's message."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE))
    with going(folder) as (run, copying):
        for who in (ANNA, BEN):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW, [BEN])
        (copy,) = handover_of_copies(copying).claim(9, NOW)
        assert copy.copy_of is not None
        assert copy.copy_of.address == BEN


def test_other_guards_do_not_take_copies_for_messages(tmp_path: Path) -> None:
    """A second record counts in no number of the campaign, is no campaign with the same words, and has no deadline."""
    more = asking("recipient", OFFICE)
    folder = Folder(tmp_path / "c", more=more)
    folder.edit(folder.toml, "[campaign]", "[campaign]\ndeadline = 2026-12-01")
    with going(folder) as (run, copying):
        for who in (ANNA, BEN, CORA):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW)
        assert run.job.reports().counts()[Status.SENT] == sum(run.job.reports().counts().values()) == 3
        assert copying.counts()[Status.PENDING] == 3
        assert [other.id for other, _ in Versions(run.job.store).all()] == ["test"]
        copying.job.settle_deadline(NOW + dt.timedelta(days=9))
        assert copying.counts()[Status.PENDING] == 3
    with going(folder, NOW + dt.timedelta(days=9)) as (_, copying):
        copying.bring_up_to_date(LATER)
        assert send_copies(copying, LATER) == 3


@pytest.mark.parametrize(
    ("per", "waiting", "expected"), [("campaign", 3, 2), ("campaign", 0, 0), ("cohort", 3, 2), ("recipient", 3, 6)]
)
def test_how_many_are_expected(tmp_path: Path, per: str, waiting: int, expected: int) -> None:
    """Before anything was sent it is known how many leave, at least."""
    with going(Folder(tmp_path / "c", more=asking(per, OFFICE, "boss@example.org"))) as (_, copying):
        assert copying.expected(waiting) == expected


def test_how_long_it_takes_with_copies(tmp_path: Path) -> None:
    """At a message a minute copies take their time, too; that they leave after the deadline does not matter."""
    folder = Folder(tmp_path / "c", more=asking("recipient", OFFICE))
    folder.edit(folder.toml, '"100000/s"', '"1/min"')
    folder.edit(folder.toml, "[campaign]", "[campaign]\ndeadline = 2026-12-01")
    late = dt.datetime(2026, 12, 1, 23, 56).astimezone()
    with going(folder, late) as (run, _):
        plan = planned(run, late, limit=None, only=(), stays=False)
        assert (plan.waiting, plan.copies) == (3, 3)
        assert forecast(run.job, plan, late).takes_s == pytest.approx(300, abs=1)
        assert not forecast(run.job, plan, late).misses_deadline
        assert forecast(run.job, plan, late + dt.timedelta(minutes=3)).misses_deadline


def test_an_example_gets_no_copies(tmp_path: Path) -> None:
    """The address of the sample file is nobody's: towards a real relay it is refused with its line."""
    folder = Folder(tmp_path / "c", more=asking("recipient", "Büro <info@neu.example>"))
    folder.edit(folder.toml, 'host = "127.0.0.1"', 'host = "192.0.2.1"')
    folder.edit(folder.toml, 'tls = "none"', 'tls = "starttls"')
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run, pytest.raises(NotifyError) as told:
        enrolled(run)
    lines = [str(problem) for problem in told.value.problems]
    assert any(re.match(r"notify.toml:\d+: info@neu.example is an example, and nobody has it", line) for line in lines)


def test_whoever_gets_copies_was_approved(tmp_path: Path) -> None:
    """An address that is added after the approval is refused, also when nothing but its copies would leave."""
    folder = Folder(tmp_path / "c", more='approval = "required"\n' + asking("recipient", OFFICE))
    approved(folder, NOW)
    with going(folder) as (run, copying):
        assert planned(run, NOW, limit=None, only=(), stays=False).waiting == 3
        for who in (ANNA, BEN, CORA):
            bring(handover_of(run), who)
        copying.bring_up_to_date(NOW)
        assert planned(run, NOW, limit=None, only=(), stays=False).copies_due == 1
    folder.edit(folder.toml, f'"{OFFICE}"', f'"{OFFICE}", "thief@example.net"')
    with going(folder, LATER) as (run, copying):
        copying.bring_up_to_date(LATER)
        with pytest.raises(UnapprovedError) as told:
            planned(run, LATER, limit=None, only=(), stays=False)
    assert [problem for problem in map(str, told.value.problems) if "+thief@example.net" in problem]
    approved(folder, LATER)
    with going(folder, LATER) as (run, copying):
        copying.bring_up_to_date(LATER)
        assert planned(run, LATER, limit=None, only=(), stays=False).copies_due == 2


def approved(folder: Folder, now: dt.datetime) -> None:
    """Approve a campaign as it is."""
    with to_approve(folder.prepared(), now) as run:
        enrolled(run)
        approve(folder.settings(), proposal(run), "Anna", now)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('copy_to = "office"', '"office" is not an address'),
        ('copy_to = ["office@example.org", 7]', "7 is not text"),
        ('copy_per = "recipient"', "nobody gets copies"),
        ('copy_to = "office@example.org"\ncopy_per = "everybody"', '"everybody" is not'),
    ],
)
def test_what_cannot_be_asked_for(tmp_path: Path, lines: str, said: str) -> None:
    """Each mistake is named with its line."""
    with pytest.raises(ConfigError) as error:
        Folder(tmp_path / "c", more=f"{lines}\n").settings()
    (problem,) = error.value.problems
    assert said in str(problem)
    assert "notify.toml:" in str(problem)


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        ('"office@example.org"', [OFFICE]),
        ('"Büro, Muster <office@example.org>"', [OFFICE]),
        ('"office@example.org, boss@example.org"', [OFFICE, "boss@example.org"]),
        ('["office@example.org", "OFFICE@example.org"]', [OFFICE]),
        ('["office@example.org", "boss@example.org"]', [OFFICE, "boss@example.org"]),
        ('""', []),
        ("[]", []),
    ],
)
def test_how_addresses_may_be_written(tmp_path: Path, written: str, addresses: Sequence[str]) -> None:
    """One or several, with a name or without, each once."""
    settings = Folder(tmp_path / "c", more=f"copy_to = {written}\n").settings()
    assert [one.address for one in settings.send.copy_to] == addresses
