"""Test messages to oneself: found again by their code, and what was seen of them is kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from notify.core.authentication import Authentication, Signature
from notify.core.probe import VALID_DAYS, Fate, Probe, SeenBy, Sighting
from notify.core.probe_code import MOST_WRONG
from notify.ledger import Probes, Store
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW

HOUR = dt.timedelta(hours=1)
FOUND = Authentication("mx.neu.example", "pass", "alt.example", (Signature("pass", "alt.example"),), "pass")
ARRIVED = Sighting(Fate.ARRIVED, SeenBy.IMAP, in_spam=True, found=FOUND)
RETURNED = Sighting(Fate.RETURNED, SeenBy.RELAY, reason="550 5.1.1 no such user")


def _probe(number: int, address: str = "info@neu.example", time: dt.datetime = NOW) -> Probe:
    return Probe(time, address, "info@alt.example", "smtp.alt.example:465", f"<probe-{number}@alt.example>")


class Probing(LedgerKind):
    """Test messages to oneself."""

    def test_kept_as_seen(self, tmp_path: Path) -> None:
        """What was seen of a message is there when the ledger is opened again."""
        with self.opened(tmp_path) as store:
            Probes(store).record(_probe(1), "K7QF3M")
            assert [*Probes(store).waiting(NOW)] == [*Probes(store).latest()] == [_probe(1)]
            Probes(store).see("<probe-1@alt.example>", ARRIVED, NOW + HOUR)
        with self.opened(tmp_path) as store:
            (seen,) = Probes(store).latest()
            assert (seen.sighting, seen.seen, seen.is_proof) == (ARRIVED, NOW + HOUR, True)
            assert [*Probes(store).waiting(NOW)] == []

    def test_each_has_its_own_code(self, tmp_path: Path) -> None:
        """Of several that are waited for, a code tells which it was in; a message that was seen is not waited for."""
        with self.opened(tmp_path) as store:
            probes = _recorded(store)
            assert probes.with_code("CCCCCC", NOW) == _probe(2, "bounce@alt.example")
            probes.see("<probe-2@alt.example>", ARRIVED, NOW)
            assert probes.with_code("CCCCCC", NOW) is None
            assert probes.with_code("AAAAAA", NOW) == _probe(1)

    def test_no_code_can_be_guessed(self, tmp_path: Path) -> None:
        """After some wrong ones not even the right one proves anything; a message that is sent then has its own."""
        with self.opened(tmp_path) as store:
            probes = _recorded(store)
            for _ in range(MOST_WRONG - 1):
                assert probes.with_code("DDDDDD", NOW) is None
            assert probes.with_code("AAAAAA", NOW)
            assert probes.with_code("DDDDDD", NOW) is None
            assert probes.with_code("AAAAAA", NOW) is None
            probes.record(_probe(3), "EEEEEE")
            assert probes.with_code("EEEEEE", NOW) == _probe(3)

    def test_what_is_old_is_not_waited_for(self, tmp_path: Path) -> None:
        """Nor can its code be typed any more."""
        later = NOW + dt.timedelta(days=VALID_DAYS, seconds=1)
        with self.opened(tmp_path) as store:
            probes = _recorded(store)
            assert [*probes.waiting(later)] == []
            assert probes.with_code("AAAAAA", later) is None

    def test_the_latest_of_each_mailbox(self, tmp_path: Path) -> None:
        """Also that it came back after another one had arrived; however the address is written."""
        with self.opened(tmp_path) as store:
            probes = Probes(store)
            for number, (address, sighting) in enumerate(
                [("Info@neu.example", ARRIVED), ("info@NEU.example", RETURNED), ("info@neu.example", None)]
            ):
                probes.record(_probe(number, address), "AAAAAA")
                if sighting:
                    probes.see(f"<probe-{number}@alt.example>", sighting, NOW)
            assert [(one.address, one.fate) for one in probes.latest()] == [
                # of which the receiving server has told something
                ("Info@neu.example", Fate.ARRIVED),
                ("info@NEU.example", Fate.RETURNED),
                ("info@neu.example", Fate.WAITING),
            ]

    def test_what_has_arrived_has_arrived(self, tmp_path: Path) -> None:
        """A report that comes later takes nothing back, as of a second mailbox behind the first; the reverse does."""
        with self.opened(tmp_path) as store:
            probes = _recorded(store)
            probes.see("<probe-1@alt.example>", ARRIVED, NOW)
            probes.see("<probe-1@alt.example>", RETURNED, NOW)
            probes.see("<probe-2@alt.example>", RETURNED, NOW)
            probes.see("<probe-2@alt.example>", ARRIVED, NOW)
            assert [one.fate for one in probes.latest()] == [Fate.ARRIVED, Fate.ARRIVED]

    def test_what_never_left_is_forgotten(self, tmp_path: Path) -> None:
        """And what was seen is not."""
        with self.opened(tmp_path) as store:
            probes = _recorded(store)
            probes.see("<probe-2@alt.example>", ARRIVED, NOW)
            for number in (1, 2):
                probes.forget(f"<probe-{number}@alt.example>")
            assert [one.message_id for one in probes.latest()] == ["<probe-2@alt.example>"]

    def test_no_code_is_kept(self, tmp_path: Path) -> None:
        """Only a digest of it is."""
        with self.opened(tmp_path) as store:
            Probes(store).record(_probe(1), "K7QF3M")
        assert all(b"K7QF3M" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def _recorded(store: Store) -> Probes:
    """Record two messages to two mailboxes."""
    probes = Probes(store)
    probes.record(_probe(1), "AAAAAA")
    probes.record(_probe(2, "bounce@alt.example"), "CCCCCC")
    return probes
