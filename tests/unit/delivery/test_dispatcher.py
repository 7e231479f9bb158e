"""The dispatcher: what the channels are given, in which form, how many, and what is recorded of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import email
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message as Parsed
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from notify.actions.run import Run, begun
from notify.core.mail_host import MailHosts
from notify.core.message import Message
from notify.core.outcome import Action, Attempt, Outcome, Phase
from notify.core.pace import Pace, Rate
from notify.core.status import Status
from notify.delivery.clock import Clock
from notify.delivery.dispatcher import Dispatcher
from notify.delivery.events import Over, Reason, Tried
from notify.delivery.queue import Queue
from notify.errors import BusyError, ChangedError, WriteError
from notify.ledger import Claimed, Handover, Resolution, Suppressions, Word
from notify.relays import Later
from tests.campaign import NOW, Folder, enrolled, handover_of
from tests.clocks import Leaping
from tests.unit.ledger.mailing import outcome, read

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"


class Table:
    """A dispatcher in a run, and what it reported."""

    def __init__(
        self,
        run: Run,
        pace: Pace,
        limit: int | None,
        only: tuple[str, ...],
        clock: Clock,
        *,
        ahead: list[Claimed] | None,
    ) -> None:
        self.run = run
        self.told: list[list[Tried]] = []
        self.handover = handover_of(run)
        expect = None if ahead is None else lambda claimed, _: ahead.extend(claimed)
        self.queue = Queue(self.handover, pace, limit=limit, only=only, ahead=expect)
        self.dispatcher = Dispatcher(
            self.handover,
            self.queue,
            run.job.template,
            run.job.composer(),
            self.told.append,
            relay=run.job.routes[0].name,
            is_proven=run.job.relay_history(run.job.routes[0]).has_sent(),
            clock=clock,
        )

    @property
    def reported(self) -> list[Tried]:
        """What was told of, up to now."""
        self.dispatcher.catch_up()
        return [*chain.from_iterable(self.told)]

    def attempts(self) -> list[Attempt]:
        """Return the attempts that were reported."""
        return [tried.attempt for tried in self.reported]

    def take(self) -> Message:
        """Take the next message, when it may leave; there is one."""
        while isinstance(message := self.dispatcher.take(), Later):
            time.sleep(message.seconds)
        assert message is not None
        return message

    def begin(self, message: Message) -> bool:
        """Cross the line; tell whether the dot may leave."""
        (may_leave,) = self.dispatcher.record([message])
        return may_leave

    def finish(self, message: Message, came_to: Outcome) -> None:
        """Settle what a message came to."""
        self.dispatcher.finish(message, came_to)
        self.dispatcher.record([])

    def give(self, came_to: Status, phase: Phase = Phase.DOT, action: Action = Action.GO_ON) -> str:
        """Hand over the next message, with this end; return to whom."""
        message = self.take()
        if phase is Phase.DOT:
            assert self.begin(message)
        self.finish(message, replace(outcome(came_to, phase), action=action))
        return message.envelope.forward_path


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with three people and a relay."""
    return Folder(tmp_path / "campaign")


@contextlib.contextmanager
def _table(
    folder: Folder,
    now: dt.datetime | None = None,
    *,
    accept: bool = False,
    pace: Pace | None = None,
    limit: int | None = None,
    only: tuple[str, ...] = (),
    clock: Clock | None = None,
    ahead: list[Claimed] | None = None,
) -> Iterator[Table]:
    """Give a dispatcher; ``ahead`` grows by those whose messages are to be made before they are wanted."""
    moment = now or dt.datetime.now(dt.UTC)
    with begun(folder.prepared(), moment, accept_change=accept, rehearsal=False) as run:
        enrolled(run)
        yield Table(run, pace or Pace(()), limit, only, clock or Clock(), ahead=ahead)


def _parsed(message: Message) -> Parsed:
    return email.message_from_bytes(message.octets)


def test_message(folder: Folder) -> None:
    """What a channel is given is the recipient's own message, with its Message-ID and the date of now."""
    with _table(folder) as table:
        assert table.dispatcher.open_batch(50)
        before = dt.datetime.now(dt.UTC).replace(microsecond=0)
        message = table.take()
        parsed = _parsed(message)
        assert message.envelope.forward_path == ANNA
        assert message.envelope.reverse_path == "info@alt.example"
        assert (parsed["To"], parsed["From"]) == (f"Muster <{ANNA}>", "Muster PR <info@alt.example>")
        assert parsed["Message-ID"] == message.message_id
        assert before <= email.utils.parsedate_to_datetime(parsed["Date"]) <= dt.datetime.now(dt.UTC)
        assert message.message_id == read(folder.ledger, "SELECT message_id FROM recipient")[0]["message_id"]
        assert table.begin(message)
        (row,) = read(folder.ledger, "SELECT digest, status FROM recipient WHERE identity = ?", ANNA)
        assert row == {"digest": message.digest, "status": "in_flight"}


def test_report(folder: Folder) -> None:
    """Of every try it is reported what stands in the ledger, and the status that came of it."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        table.give(Status.DEFERRED, Phase.RCPT)
        table.give(Status.SENT)
        assert [(attempt.to, attempt.status, attempt.phase, attempt.scope) for attempt in table.attempts()] == [
            (ANNA, Status.DEFERRED, "rcpt", "recipient"),
            (BEN, Status.SENT, "dot", ""),
        ]
        assert [attempt for _, attempt in table.run.job.reports().attempts()] == table.attempts()
        assert table.dispatcher.accepted == 1


def test_nobody_is_told_while_a_relay_waits(folder: Folder) -> None:
    """What was tried is recorded before the next dot leaves, and told after it; once."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        first, second = table.take(), table.take()
        table.begin(first)
        table.dispatcher.finish(first, outcome(Status.SENT))
        table.begin(second)
        assert table.told == []
        assert folder.statuses()[ANNA] == "sent"
        for _ in range(2):
            table.dispatcher.catch_up()
        assert [[tried.attempt.to for tried in each] for each in table.told] == [[ANNA]]


def test_the_next_are_leased_when_dots_have_left(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when one is taken, nor when it begins: a relay waits for that."""
    monkeypatch.setattr("notify.delivery.queue._AHEAD", 1)
    ahead: list[Claimed] = []
    with _table(folder, ahead=ahead) as table:
        table.dispatcher.open_batch(50)
        first = table.take()
        table.begin(first)
        assert [one.address for one in ahead] == [ANNA]
        table.dispatcher.catch_up()
        assert [one.address for one in ahead] == [ANNA, BEN]
        # nothing was recorded since
        table.dispatcher.catch_up()
        assert [one.address for one in ahead] == [ANNA, BEN]


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_batches(folder: Folder, batch: int) -> None:
    """A batch is as many as were asked for; the next one goes on behind it, until nobody is left."""
    given = []
    with _table(folder) as table:
        while table.dispatcher.open_batch(batch):
            size = 0
            while table.dispatcher.has_more():
                given.append(table.give(Status.SENT))
                size += 1
            assert table.dispatcher.take() is None
            assert size == min(batch, 3 - (len(given) - size))
    assert given == [ANNA, BEN, CORA]


@pytest.mark.parametrize(
    ("limit", "given"), [(1, [ANNA]), (2, [ANNA, BEN]), (3, [ANNA, BEN, CORA]), (9, [ANNA, BEN, CORA])]
)
def test_limit(folder: Folder, limit: int, given: list[str]) -> None:
    """No more are handed over than the limit says, over all batches; nobody is left leased."""
    with _table(folder, limit=limit) as table:
        gone = []
        while table.dispatcher.open_batch(2):
            while table.dispatcher.has_more():
                gone.append(table.give(Status.SENT))
        assert gone == given
        assert table.queue.limit_is_reached == (limit <= 3)
    assert list(folder.statuses().values()) == ["sent"] * len(given) + ["pending"] * (3 - len(given))


def test_only(folder: Folder) -> None:
    """With a choice nobody else is given out."""
    with _table(folder, only=(BEN,)) as table:
        assert table.dispatcher.open_batch(50)
        assert table.give(Status.SENT) == BEN
        assert table.dispatcher.take() is None
        assert not table.dispatcher.open_batch(50)


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.DOT])
def test_the_relays_trouble_is_not_counted(folder: Folder, phase: Phase) -> None:
    """What comes back for the relay's sake uses up neither batch nor limit: it is the next that is given out."""
    with _table(folder, limit=1) as table:
        table.dispatcher.open_batch(1)
        assert table.give(Status.PENDING, phase, Action.RECONNECT) == ANNA
        assert table.dispatcher.has_more()
        assert table.give(Status.SENT) == BEN
        assert not table.dispatcher.has_more()


def test_fenced(folder: Folder) -> None:
    """Who is suppressed while the message is written gets no dot, and uses up neither batch nor limit."""
    with _table(folder, limit=2) as table:
        table.dispatcher.open_batch(2)
        message = table.take()
        Suppressions(table.run.job.store).add(ANNA, "", NOW)
        assert not table.begin(message)
        assert [table.give(Status.SENT), table.give(Status.SENT)] == [BEN, CORA]
        assert not table.dispatcher.has_more()
        table.handover.release()
    assert list(folder.statuses().values()) == ["suppressed", "sent", "sent"]


@pytest.mark.parametrize("action", [Action.STOP, Action.PAUSE])
def test_stopped_by_the_relay(folder: Folder, action: Action) -> None:
    """What concerns everybody ends the giving out, also in the middle of a batch; the first reason stays."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        table.give(Status.PENDING, Phase.MAIL, action)
        assert table.dispatcher.take() is None
        assert not table.dispatcher.has_more()
        table.dispatcher.stop(Over(Reason.INTERRUPTED))
        assert table.dispatcher.stopped is not None
        assert table.dispatcher.stopped.reason is Reason.RELAY
        assert table.dispatcher.stopped.outcome is not None
        assert table.dispatcher.stopped.outcome.action is action
        # given back at the end of the run
        table.handover.release()
    assert set(folder.statuses().values()) == {"pending"}


def _with(action: Action) -> Outcome:
    return replace(outcome(Status.PENDING, Phase.MAIL), action=action)


PASSING = Over(Reason.RELAY, _with(Action.PAUSE))


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (Over(Reason.THROTTLED), Over(Reason.INTERRUPTED), False),
        (Over(Reason.THROTTLED), PASSING, False),
        (Over(Reason.THROTTLED), Over(Reason.THROTTLED), True),
        (Over(Reason.INTERRUPTED), Over(Reason.TERMINATED), True),
        (Over(Reason.INTERRUPTED), PASSING, True),
        (PASSING, Over(Reason.INTERRUPTED), True),
        (PASSING, PASSING, True),
        (PASSING, Over(Reason.RELAY, _with(Action.STOP)), False),
        (PASSING, Over(Reason.RELAY, _with(Action.RECONNECT)), True),
        (Over(Reason.RELAY, _with(Action.RECONNECT)), Over(Reason.RELAY, _with(Action.STOP)), False),
        (Over(Reason.RELAY, _with(Action.STOP)), PASSING, True),
    ],
)
def test_reasons(folder: Folder, first: Over, second: Over, *, stays: bool) -> None:
    """The first reason stays, but for a limit, and for trouble that passes where the user has to mend something."""
    with _table(folder) as table:
        table.dispatcher.stop(first)
        table.dispatcher.stop(replace(second, until=NOW))
        assert table.dispatcher.stopped == (first if stays else replace(second, until=NOW))


def test_interrupted_after_a_limit(folder: Folder) -> None:
    """A limit lets those leave whose moment had come; the user's wish does not."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        first, second = table.take(), table.take()
        table.dispatcher.stop(Over(Reason.THROTTLED))
        assert table.begin(first)
        table.dispatcher.stop(Over(Reason.INTERRUPTED))
        assert not table.begin(second)


def test_throttled(folder: Folder) -> None:
    """A wait of more than an hour ends the run, with the moment at which it is worth going on."""
    now = time.time()
    with _table(folder, pace=Pace([Rate(2, 86400)])) as table:
        table.dispatcher.open_batch(50)
        assert table.give(Status.SENT) == ANNA
        assert table.dispatcher.take() is None
        assert table.dispatcher.stopped is not None
        assert table.dispatcher.stopped.reason is Reason.THROTTLED
        assert table.dispatcher.stopped.until is not None
        assert table.dispatcher.stopped.until.timestamp() == pytest.approx(now + 43200, abs=30)


def test_paced(folder: Folder) -> None:
    """Messages are given out as far apart as the rate wants; whoever says stop meanwhile does not wait."""
    with _table(folder, pace=Pace([Rate(5, 1)])) as table:
        table.dispatcher.open_batch(50)
        began = time.monotonic()
        for _ in range(3):
            table.give(Status.SENT)
        assert time.monotonic() - began >= 0.39


def test_the_same_octets_again(folder: Folder) -> None:
    """Refused for the moment after the dot, the very same octets are given out again, days and runs later."""
    with _table(folder, NOW) as table:
        table.dispatcher.open_batch(1)
        message = table.take()
        table.begin(message)
        table.finish(message, outcome(Status.PENDING))
    folder.write(folder.people.read_text("utf-8").replace("Muster", "Mustermann"))
    # a Date has whole seconds
    time.sleep(1.01)
    with _table(folder, NOW + dt.timedelta(days=3), only=(ANNA,)) as table:
        table.dispatcher.open_batch(1)
        assert table.take() == message


def test_another_form_is_not_sent_by_itself(folder: Folder) -> None:
    """When the text was changed after a dot had left for somebody, that one fails until the user says: again.

    A relay may have accepted what it refused for the moment; the same message twice is harmless, another one is not.
    """
    with _table(folder) as table:
        table.dispatcher.open_batch(1)
        first = table.take()
        table.begin(first)
        table.finish(first, outcome(Status.PENDING))
    folder.edit(folder.message, "erreichen", "finden")
    with _table(folder, accept=True) as table:
        table.dispatcher.open_batch(50)
        assert [table.give(Status.SENT), table.give(Status.SENT)] == [BEN, CORA]
        assert not table.dispatcher.take()
        assert folder.statuses() == {ANNA: "failed", BEN: "sent", CORA: "sent"}
        attempt, came_to = table.reported[-1].attempt, table.reported[-1].outcome
        assert (attempt.to, attempt.status, attempt.phase) == (ANNA, Status.FAILED, "body")
        assert "has changed" in attempt.reply
        assert "notify resolve --again" in came_to.words
        table.handover.release()
        assert table.run.job.transitions().retry_failed() == 1
    with _table(folder, only=(ANNA,)) as table:
        table.dispatcher.open_batch(50)
        assert table.dispatcher.take() is None
        assert Resolution(table.run.job.store, table.run.job.record).settle(ANNA, Word.AGAIN, NOW) is Status.FAILED
        table.dispatcher.open_batch(50)
        again = table.take()
        assert again.message_id == first.message_id
        assert again.digest != first.digest


def _with_files(folder: Folder) -> Path:
    """Let Anna and Ben get a file of their own; return hers."""
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Nachname"] }}.pdf\nSubject:')
    for name in ("Muster", "Beispiel", "Probe"):
        (folder.path / f"{name}.pdf").write_bytes(name.encode())
    return folder.path / "Muster.pdf"


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_file_that_has_changed_since_the_dot_left(folder: Folder, is_gone: bool) -> None:
    """The same message cannot leave again: that one fails until the user says so, and the others get theirs."""
    path = _with_files(folder)
    with _table(folder) as table:
        table.dispatcher.open_batch(1)
        message = table.take()
        table.begin(message)
        table.finish(message, outcome(Status.PENDING))
    path.write_bytes(b"another")
    with _table(folder) as table:
        if is_gone:
            # after the enrolment, which wants all of them
            path.unlink()
        table.dispatcher.open_batch(50)
        assert [table.give(Status.SENT), table.give(Status.SENT)] == [BEN, CORA]
        assert not table.dispatcher.take()
        assert folder.statuses() == {ANNA: "failed", BEN: "sent", CORA: "sent"}
        assert "notify resolve --again" in table.reported[-1].outcome.words


def test_a_file_that_has_changed_since_the_enrolment(folder: Folder) -> None:
    """What was counted and shown before is what is sent, or nothing: the run ends and says which file."""
    path = _with_files(folder)
    with _table(folder) as table:
        # a run that has read so much since that it has let this one go
        template = folder.prepared().template
        table.dispatcher._template = template  # noqa: SLF001
        path.write_bytes(b"another")
        table.dispatcher.open_batch(50)
        with pytest.raises(ChangedError, match=r"the attachment Muster\.pdf has changed"):
            table.dispatcher.take()


@contextlib.contextmanager
def _full(folder: Folder, status: str) -> Iterator[None]:
    """Let the ledger refuse an attempt with this status as if the disk were full."""
    with contextlib.closing(sqlite3.connect(folder.file)) as db:
        db.execute(
            f"CREATE TRIGGER disk BEFORE INSERT ON attempt WHEN NEW.status = '{status}' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
        yield
        db.execute("DROP TRIGGER disk")


def test_ledger_that_is_busy(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process keeps from being recorded is recorded with what comes next, or at the end."""
    monkeypatch.setattr("notify.ledger.file._BUSY_MS", 50)
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        first, second, third = table.take(), table.take(), table.take()
        assert table.dispatcher.record([first, second]) == [True, True]
        with _busy(folder):
            table.dispatcher.finish(first, outcome(Status.SENT))
            with pytest.raises(BusyError):
                table.dispatcher.record([third])
            with pytest.raises(BusyError) as said:
                table.dispatcher.settle_up()
            assert said.value.message.endswith(f"could not be recorded: {ANNA}: 250 2.0.0 Ok: queued.")
        assert folder.statuses() == {ANNA: "in_flight", BEN: "in_flight", CORA: "pending"}
        table.finish(second, outcome(Status.SENT))
        assert folder.statuses() == {ANNA: "sent", BEN: "sent", CORA: "pending"}
        with _busy(folder), pytest.raises(BusyError):
            table.finish(third, outcome(Status.FAILED, Phase.RCPT))
        table.dispatcher.settle_up()
        assert folder.statuses()[CORA] == "failed"
        assert [attempt.to for attempt in table.attempts()] == [ANNA, BEN, CORA]


def test_a_lease_that_is_gone(folder: Folder) -> None:
    """What the relay said of it is told, and keeps no other answer from being recorded."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        first, second = table.take(), table.take()
        assert table.dispatcher.record([first, second]) == [True, True]
        with table.run.job.store.transaction() as db:
            db.execute("UPDATE recipient SET run = 'another' WHERE identity = ?", (ANNA,))
        with pytest.raises(BusyError, match="to another run") as said:
            table.finish(first, outcome(Status.SENT))
        assert said.value.message.endswith(f"could not be recorded: {ANNA}: 250 2.0.0 Ok: queued.")
        table.finish(second, outcome(Status.SENT))
        table.dispatcher.settle_up()
    assert folder.statuses() == {ANNA: "in_flight", BEN: "sent", CORA: "pending"}


@contextlib.contextmanager
def _busy(folder: Folder) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(folder.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_answer_that_cannot_be_recorded(folder: Folder) -> None:
    """When what the relay said cannot be recorded it is said on the screen: to whom, and what; it is in doubt then."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        with _full(folder, "sent"), pytest.raises(WriteError) as said:
            table.give(Status.SENT)
        assert "disk is full" in said.value.message
        assert f"{ANNA}: 250 2.0.0 Ok: queued" in said.value.message
        assert "notify resolve" in said.value.hint
        assert table.reported == []
    assert folder.statuses()[ANNA] == "in_flight"
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        assert run.doubts == 1


def test_line_that_cannot_be_crossed(folder: Folder) -> None:
    """When begin cannot be made durable it raises, so that no dot leaves."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        message = table.take()
        with contextlib.closing(sqlite3.connect(folder.file)) as db:
            db.execute(
                "CREATE TRIGGER disk BEFORE UPDATE OF digest ON recipient "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        with pytest.raises(WriteError, match="disk is full"):
            table.begin(message)
    assert folder.statuses()[ANNA] == "pending"


def test_two_are_held(folder: Folder) -> None:
    """A channel may take the next message before it finishes the one before; each is begun and settled for itself."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        first, second = table.take(), table.take()
        for message in (first, second):
            assert table.begin(message)
            table.finish(message, outcome(Status.SENT))
        assert [attempt.to for attempt in table.attempts()] == [ANNA, BEN]


def test_given_back(folder: Folder) -> None:
    """What is given back is given out next, the same message; it leaves no trace and keeps its place in the limit."""
    with _table(folder, limit=2) as table:
        table.dispatcher.open_batch(50)
        first, second = table.take(), table.take()
        assert not table.dispatcher.has_more()
        table.dispatcher.give_back(second)
        assert table.begin(first)
        table.finish(first, outcome(Status.SENT))
        assert table.dispatcher.has_more()
        assert table.take() == second
        assert table.dispatcher.take() is None
        assert [attempt.to for attempt in table.attempts()] == [ANNA]


def test_given_back_to_a_run_that_stopped(folder: Folder) -> None:
    """After a stop it is not given out again; its lease ends with the run."""
    with _table(folder) as table:
        table.dispatcher.open_batch(50)
        table.take()
        second = table.take()
        table.dispatcher.give_back(second)
        table.dispatcher.stop(Over(Reason.INTERRUPTED))
        assert not table.dispatcher.has_more()
        assert table.dispatcher.take() is None
        assert table.handover.release() == 3


def test_not_at_once(folder: Folder) -> None:
    """What may leave only later is not taken, and no moment is booked for it; what is given back keeps its own."""
    now = time.time()
    with _table(folder, pace=Pace([Rate(1, 60)])) as table:
        table.dispatcher.open_batch(50)
        first = table.take()
        later = table.dispatcher.take()
        assert isinstance(later, Later)
        assert later.seconds == pytest.approx(60, abs=5)
        table.dispatcher.give_back(first)
        assert table.dispatcher.take() == first
        assert table.dispatcher.has_more()
    assert time.time() - now < 30


@pytest.mark.parametrize("rates", [[], [Rate(3000, 60)]])
def test_a_domain_that_holds_up_its_own_only(tmp_path: Path, rates: list[Rate]) -> None:
    """Whoever is at another domain is written to, however many of a slow one stand in front of them."""
    slow, fast = [f"p{n}@slow.example" for n in range(250)], [f"p{n}@fast{n}.example" for n in range(30)]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *slow, *fast]))
    with _table(folder, pace=Pace(rates, per_domain=[Rate(1, 86400)])) as table:
        table.dispatcher.open_batch(1000)
        went = [table.give(Status.SENT) for _ in range(31)]
        # one each at once; slow's second is a day later
        assert went == [slow[0], *fast]
        assert table.dispatcher.take() is None
        assert table.dispatcher.stopped is not None
        assert table.dispatcher.stopped.reason is Reason.THROTTLED
        assert table.handover.release() == 100, "more were claimed than at once"
    assert list(folder.statuses().values()).count("pending") == 249


def test_a_mail_host_is_looked_past_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many domains have their mail there, nobody at it is leased while it is held up."""
    firms = [f"p@firm{n}.example" for n in range(450)]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *firms, "p@other.example"]))
    hosts = MailHosts({address.partition("@")[2]: "mx.hosting.example" for address in firms})
    leased: list[int] = []
    claim = Handover.claim

    def counting(*arguments: Any, **more: Any) -> list[Claimed]:  # noqa: ANN401  # whatever it is given
        found = claim(*arguments, **more)
        leased.append(len(found))
        return found

    monkeypatch.setattr(Handover, "claim", counting)
    with _table(folder, pace=Pace([], per_domain=[Rate(1, 86400)], hosts=hosts)) as table:
        table.dispatcher.open_batch(1000)
        assert [table.give(Status.SENT) for _ in range(2)] == [firms[0], "p@other.example"]
        assert leased == [100, 1]
        table.handover.release()


def test_many_domains_that_hold_up_their_own(tmp_path: Path) -> None:
    """However many wait for their domains, no more are leased than at any other time."""
    people = [f"p{n % 10}@d{n // 10}.example" for n in range(600)]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *people]))
    with _table(folder, pace=Pace([], per_domain=[Rate(1, 250)])) as table:
        table.dispatcher.open_batch(1000)
        assert [table.give(Status.SENT) for _ in range(60)] == people[::10]
        assert isinstance(table.dispatcher.take(), Later)
        assert table.handover.release() <= 100


def test_who_is_due_while_a_domain_is_held_up(tmp_path: Path) -> None:
    """Somebody at another domain who was deferred is written to when it is time, whoever waits in front."""
    people = ["w@web.example", *[f"p{n}@slow.example" for n in range(5)]]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *people]))
    clock = Leaping()
    with _table(folder, now=NOW, pace=Pace([], per_domain=[Rate(1, 280)]), clock=clock) as table:
        table.dispatcher.open_batch(1000)
        assert [table.give(Status.DEFERRED), table.give(Status.SENT)] == people[:2]
        for waited in people[2:5]:
            assert isinstance(table.dispatcher.take(), Later)
            clock.leap(dt.timedelta(seconds=290))
            assert table.give(Status.SENT) == waited
        assert isinstance(table.dispatcher.take(), Later)
        clock.leap(dt.timedelta(minutes=1))
        assert table.give(Status.SENT) == people[0]
        assert isinstance(table.dispatcher.take(), Later)


def test_a_limit_for_all_behind_that_of_a_domain(tmp_path: Path) -> None:
    """That a domain is free again is no reason to ask while the relay's own limit holds."""
    people = [*[f"p{n}@slow.example" for n in range(150)], *[f"p@fast{n}.example" for n in range(4)]]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *people]))
    clock = Leaping()
    with _table(folder, now=NOW, pace=Pace([Rate(1, 250)], per_domain=[Rate(1, 500)]), clock=clock) as table:
        table.dispatcher.open_batch(1000)
        for _ in range(4):
            table.give(Status.SENT)
            later = table.dispatcher.take()
            assert isinstance(later, Later)
            assert later.seconds == pytest.approx(250, abs=1)
            clock.leap(dt.timedelta(seconds=250))


def test_nobody_of_another_domain_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for them once, and not at every look."""
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *[f"p{n}@slow.example" for n in range(250)]]))
    with _table(folder, pace=Pace([], per_domain=[Rate(1, 250)])) as table:
        table.dispatcher.open_batch(1000)
        table.give(Status.SENT)
        assert isinstance(table.dispatcher.take(), Later)
        monkeypatch.setattr(table.handover, "claim", None)
        assert isinstance(table.dispatcher.take(), Later)


def test_a_limit_for_all_is_no_reason_to_look_further(tmp_path: Path) -> None:
    """No more are leased than at any other time."""
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *[f"p@d{n}.example" for n in range(250)]]))
    with _table(folder, pace=Pace([Rate(1, 250)])) as table:
        table.dispatcher.open_batch(1000)
        table.give(Status.SENT)
        assert isinstance(table.dispatcher.take(), Later)
        assert table.handover.release() == 99


def test_others_are_no_more_than_were_asked_for(tmp_path: Path) -> None:
    """Batch and limit hold for them too."""
    slow, fast = [f"p{n}@slow.example" for n in range(5)], [f"p{n}@fast{n}.example" for n in range(9)]
    folder = Folder(tmp_path / "campaign", people="\n".join(["E-Mail", *slow, *fast]))
    with _table(folder, pace=Pace([], per_domain=[Rate(1, 86400)]), limit=4) as table:
        table.dispatcher.open_batch(3)
        went = [table.give(Status.SENT) for _ in range(3)]
        assert table.dispatcher.take() is None
        assert table.dispatcher.open_batch(3)
        went.append(table.give(Status.SENT))
        assert not table.dispatcher.open_batch(3)
    assert went == [slow[0], *fast[:3]]
