"""Call-back codes in the ledger: each given once and kept, found again, and every call noted."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from notify.core.codes import CODE_LENGTHS, CodeLength, length_of, make_code
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.core.unsubscribing import unsubscribe_token
from notify.ledger import Codes, GivenCode, Suppressions, codes
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW, Mailing

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"


def _code(post: Mailing, address: str) -> str:
    return Codes(post.store).of(post.record, address)


def _found(post: Mailing, said: str) -> GivenCode:
    found = Codes(post.store).find(said)
    assert found is not None
    return found


class CallBackCodes(LedgerKind):
    """Call-back codes."""

    @pytest.fixture
    def coded(self, post: Mailing) -> Mailing:
        """Give a campaign whose messages print codes."""
        post.with_codes = True
        return post

    def test_given_only_where_they_are_printed(self, coded: Mailing) -> None:
        """A campaign whose template prints no codes gives none; once it prints them, everybody has one."""
        coded.with_codes = False
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        assert (_code(coded, ANNA), coded.claim(ANNA).code) == ("", "")
        coded.run().release()
        coded.with_codes = True
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        assert length_of(_code(coded, ANNA)) == CODE_LENGTHS[0]
        assert coded.claim(ANNA).code == _code(coded, ANNA) != _code(coded, BEN)

    def test_kept(self, coded: Mailing) -> None:
        """Enrolled again, moved to another key or address, deferred, failed and sent again: it stays the same."""
        coded.enrol(f"K1 {ANNA} Anna", f"K2 {BEN}")
        code = _code(coded, ANNA)
        coded.bring(ANNA, Status.DEFERRED)
        coded.enrol(f"K9 {ANNA} Anna Neu", f"K2 {BEN}")
        assert coded.claim(ANNA, NOW + dt.timedelta(days=1)).code == code
        coded.run().release()
        coded.bring(ANNA, Status.FAILED, now=NOW + dt.timedelta(days=1))
        assert coded.transitions.retry_failed() == 1
        assert coded.claim(ANNA).code == code
        coded.run().release()
        other = _code(coded, BEN)
        coded.enrol(f"K9 {ANNA}", f"K2 {CORA}")
        assert (_code(coded, CORA), _code(coded, BEN), _code(coded, ANNA)) == (other, "", code)

    def test_the_token_of_a_reader(self, post: Mailing) -> None:
        """Whoever is claimed has the token by which a page knows the reader, and the ledger the address."""
        post.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        token = post.claim("Anna@Example.com").token
        assert token == unsubscribe_token(post.record.secret, post.record.id, ANNA)
        assert Suppressions(post.store).whose({token, "x" * 26}) == {token: ANNA}

    def test_longer_for_those_who_join(self, coded: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
        """When a length is full, whoever comes later gets a longer code, in every campaign; nobody's is changed."""
        monkeypatch.setattr("notify.core.codes.GUESSES", CODE_LENGTHS[0].space // 3)
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        before = _code(coded, ANNA), _code(coded, BEN)
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        other = coded.another("weihnachten")
        other.with_codes = True
        other.enrol(f"K1 {ANNA}")
        assert (_code(coded, ANNA), _code(coded, BEN)) == before
        found = [length_of(code) for code in (*before, _code(coded, CORA), _code(other, ANNA))]
        assert found == [CODE_LENGTHS[0]] * 2 + [CODE_LENGTHS[1]] * 2

    def test_no_two_alike(self, coded: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever would get a code that somebody has gets the next one that is drawn, whatever its capitals."""
        draws = itertools.count()

        def drawn(secret: bytes, *who: str, draw: int = 0, **_: object) -> str:
            next(draws)
            return ["Ahorn 1000", "AHORN 1000", "Ahorn 1001", "Ahorn 1002"][min(draw, 3)] if secret else str(who)

        monkeypatch.setattr(codes, "make_code", drawn)
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}", f"K3 {CORA}")
        assert [_code(coded, who) for who in (ANNA, BEN, CORA)] == ["Ahorn 1000", "Ahorn 1001", "Ahorn 1002"]
        assert next(draws) == 1 + 3 + 4

    def test_the_language_of_the_reader(self, coded: Mailing) -> None:
        """A code has the words of its reader's language."""
        coded.enrol(f"K1 {ANNA}")
        mark = f"K1\0{ANNA}"
        assert _code(coded, ANNA) == make_code(coded.record.secret, coded.record.id, mark, CODE_LENGTHS[0], "de")
        assert make_code(coded.record.secret, coded.record.id, mark, CodeLength(1, 4), "en") != _code(coded, ANNA)

    @pytest.mark.parametrize(
        ("status", "phase", "may_be_read"),
        [
            (Status.PENDING, None, False),
            (Status.SENT, Phase.DOT, True),
            (Status.IN_DOUBT, Phase.DOT, True),
            (Status.FAILED, Phase.RCPT, False),
            (Status.DEFERRED, Phase.RCPT, False),
            (Status.DEFERRED, Phase.DOT, True),
        ],
    )
    def test_found(self, coded: Mailing, status: Status, phase: Phase | None, may_be_read: bool) -> None:
        """It tells whose it is, of which campaign, and whether its message can have been read by anybody."""
        coded.enrol(f"K1 {ANNA} Anna Muster", f"K2 {BEN}")
        if phase is not None:
            coded.bring(ANNA, status, phase=phase)
        found = _found(coded, _code(coded, ANNA).upper())
        assert (found.key, found.address, found.name, found.campaign) == ("K1", ANNA, "Anna Muster", "neue-adresse")
        assert (found.status, found.may_be_read) == (status, may_be_read)
        assert found.sent == (NOW if status in {Status.SENT, Status.IN_DOUBT} else None)
        assert found.parts == {"message.de.md": "Hallo"}

    def test_nobody_was_given_it(self, coded: Mailing) -> None:
        """A code that nobody has is found with nobody, also one that only begins like somebody's."""
        coded.enrol(f"K1 {ANNA}")
        code = _code(coded, ANNA)
        for said in ("", "Ahorn", "%", code[:-1], code + "0", code.split()[0]):
            assert Codes(coded.store).find(said) is None

    def test_calls(self, coded: Mailing) -> None:
        """Every call is kept; who calls twice counts once; an alarm counts from the beginning of the campaign on."""
        coded.enrol(f"K1 {ANNA}", f"K2 {BEN}")
        coded.bring(ANNA, Status.SENT)
        known, later = Codes(coded.store), NOW + dt.timedelta(hours=1)
        known.note_call("Ahorn 1", None, NOW - dt.timedelta(days=1))
        for _ in range(2):
            known.note_call("so", _found(coded, _code(coded, ANNA)), later)
        known.note_call("so", _found(coded, _code(coded, BEN)), later)
        known.note_call("x" * 5000, None, later)
        assert (known.verified(coded.record), known.alarms(coded.record)) == (1, 2)
        found = _found(coded, _code(coded, ANNA))
        assert (found.calls, found.last_call) == (2, later)
        calls = list(known.calls())
        assert [call.is_verified for call in calls] == [False, True, True, False, False]
        assert [call.address for call in calls] == ["", ANNA, ANNA, BEN, ""]
        assert max(len(call.said) for call in calls) <= 100
        other = coded.another("weihnachten")
        assert known.verified(other.record) == 0
