"""The verbs ``resolve`` and ``suppress``, beside a run and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.actions import resolve, suppress
from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.run import Run, begun
from notify.core.status import Status
from notify.errors import InputError
from notify.ledger import Word, exists
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.ledger.mailing import begin, outcome, settle

pytestmark = pytest.mark.both_ledgers

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Give a campaign folder with three people and a relay."""
    return Folder(tmp_path / "campaign")


@pytest.fixture
def run(folder: Folder) -> Iterator[Run]:
    """Give a run that has handed over Anna's message, without an answer yet, and lost the answer about Ben's."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        send(handover_of(run), ANNA)
        settle(handover_of(run), send(handover_of(run), BEN), outcome(Status.IN_DOUBT), NOW)
        yield run


def _settle(folder: Folder, word: Word, *addresses: str) -> list[tuple[str, Status | None]]:
    return list(resolve.settle(folder.settings(), addresses, word, NOW))


def _died(folder: Folder) -> None:
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        send(handover_of(run), ANNA)
        handover_of(run).claim(1, NOW, [BEN])


def test_doubts_of_a_run_that_died(folder: Folder) -> None:
    """What a dead run left in flight is listed and settled as any doubt, before any other run."""
    _died(folder)
    assert [one.address for one in resolve.in_doubt(folder.settings())] == [ANNA]
    assert folder.statuses()[ANNA] == "in_flight"
    assert _settle(folder, Word.SENT, "Anna@Example.com") == [("Anna@example.com", None)]
    assert list(folder.statuses().values()) == ["sent", "pending", "pending"]


def test_doubts_beside_a_run(folder: Folder, run: Run) -> None:
    """Beside a run only real doubts are listed and settled; what it has in flight is its own."""
    assert [one.address for one in resolve.in_doubt(folder.settings())] == [BEN]
    assert _settle(folder, Word.AGAIN, BEN, ANNA) == [(BEN, None), (ANNA, Status.IN_FLIGHT)]
    assert folder.statuses() == {ANNA: "in_flight", BEN: "pending", CORA: "pending"}
    assert [one.address for one in handover_of(run).claim(9, NOW)] == [BEN, CORA]


@pytest.mark.parametrize(("word", "status"), [(Word.SENT, "sent"), (Word.AGAIN, "pending")])
def test_everybody(folder: Folder, word: Word, status: str) -> None:
    """Without addresses it is everybody in doubt, and nobody else."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        for who, came_to in ((ANNA, Status.IN_DOUBT), (BEN, Status.FAILED), (CORA, Status.IN_DOUBT)):
            settle(handover_of(run), send(handover_of(run), who), outcome(came_to), NOW)
    assert _settle(folder, word) == [(ANNA, None), (CORA, None)]
    assert folder.statuses() == {ANNA: status, BEN: "failed", CORA: status}
    assert _settle(folder, word) == []


def test_what_is_left_as_it_is(folder: Folder) -> None:
    """Who is not in doubt is told with the status that they are in; named twice, the second time too."""
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), ANNA), outcome(Status.SENT), NOW)
        settle(handover_of(run), send(handover_of(run), BEN), outcome(Status.FAILED), NOW)
    assert _settle(folder, Word.SENT, ANNA, BEN, CORA) == [
        (ANNA, Status.SENT),
        (BEN, Status.FAILED),
        (CORA, Status.PENDING),
    ]
    assert _settle(folder, Word.AGAIN, ANNA, BEN, BEN) == [(ANNA, Status.SENT), (BEN, None), (BEN, Status.PENDING)]


def test_who_is_not_sent_to_again(folder: Folder) -> None:
    """Settled to be sent to again, some are not: for the list, for the contacts of the last run, for the deadline."""
    people = [ANNA, BEN, CORA]
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        for who in people:
            settle(handover_of(run), send(handover_of(run), who), outcome(Status.IN_DOUBT), NOW)
    folder.write("Anrede;Nachname;E-Mail\nFrau;Muster;anna@example.com\nHerr;Beispiel;ben@example.com\n")
    folder.enrol()
    suppress.change(folder.ledger, [ANNA], "", NOW, remove=False)
    assert _settle(folder, Word.AGAIN) == [(who, None) for who in people]
    reasons = {
        ANNA: "on the suppression list",
        CORA: "left the contact files, or was left out of the last run by --where",
    }
    assert resolve.left_out(folder.settings(), people, NOW) == reasons
    folder.edit(folder.toml, 'language = "de"', 'language = "de"\ndeadline = 2026-11-20')
    assert resolve.left_out(folder.settings(), people, NOW) == {**reasons, BEN: "the deadline has passed"}


def test_suppressed_in_a_rehearsal(tmp_path: Path) -> None:
    """A rehearsal leaves out whom the campaign leaves out, also who is to be sent to again."""
    folder = Folder(tmp_path / "campaign", real=False)
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        settle(handover_of(run), send(handover_of(run), ANNA), outcome(Status.IN_DOUBT), NOW)
    suppress.change(ledger_of_folder(folder.path), [ANNA], "", NOW, remove=False)
    assert _settle(folder, Word.AGAIN) == [(ANNA, None)]
    assert resolve.left_out(folder.settings(), [ANNA], NOW) == {ANNA: "on the suppression list"}


@pytest.mark.parametrize("wrong", ["nobody@example.com", "no address"])
def test_one_wrong_address(folder: Folder, wrong: str) -> None:
    """With one wrong address among them nothing is settled."""
    _died(folder)
    with pytest.raises(InputError, match=wrong):
        _settle(folder, Word.SENT, ANNA, wrong)
    assert [one.address for one in resolve.in_doubt(folder.settings())] == [ANNA]


def test_resolve_before_the_first_run(folder: Folder) -> None:
    """Before the first run there is nothing to settle, and nothing is made."""
    with pytest.raises(InputError, match="Nothing was sent yet"):
        _settle(folder, Word.SENT)
    with pytest.raises(InputError, match="Nothing was sent yet"):
        list(resolve.in_doubt(folder.settings()))
    assert sorted(one.name for one in folder.path.iterdir()) == ["contacts", "notify.toml", "templates"]


def test_suppress(folder: Folder) -> None:
    """Addresses are put on the list in their normalised form, once; those that were there are told."""
    addresses = ["Anna@EXAMPLE.com", "mailto:ben@müller.example"]
    assert suppress.change(folder.ledger, addresses, "asked us to", NOW, remove=False) == (2, [])
    assert suppress.change(folder.ledger, [ANNA, CORA], "", NOW, remove=False) == (1, [ANNA])
    assert [(one.identity, one.reason) for one in suppress.entries(folder.ledger)] == [
        (ANNA, "asked us to"),
        ("ben@xn--mller-kva.example", "asked us to"),
        (CORA, ""),
    ]
    assert suppress.change(folder.ledger, [ANNA, "dan@example.com"], "", NOW, remove=True) == (1, ["dan@example.com"])
    folder.enrol()
    assert folder.statuses() == {ANNA: "pending", BEN: "pending", CORA: "suppressed"}


def test_suppress_with_one_wrong_address(folder: Folder) -> None:
    """With one wrong address among them the list stays as it is, and no ledger is made."""
    with pytest.raises(InputError, match="is not an address"):
        suppress.change(folder.ledger, [ANNA, "ben@@example.com"], "", NOW, remove=False)
    assert list(suppress.entries(folder.ledger)) == []
    assert not exists(folder.ledger)


def test_suppress_beside_a_run(folder: Folder, run: Run) -> None:
    """Suppressed beside a run, whoever is waiting or leased gets no dot any more; what has left has left."""
    (cora,) = handover_of(run).claim(1, NOW)
    suppress.change(folder.ledger, [ANNA, CORA], "", NOW, remove=False)
    assert not begin(handover_of(run), cora.id, "d", NOW)
    handover_of(run).release()
    assert folder.statuses() == {ANNA: "in_flight", BEN: "in_doubt", CORA: "suppressed"}
