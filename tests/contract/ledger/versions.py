"""Campaigns and versions: secrets, fingerprints, and whether anybody was reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.core.outcome import Phase
from notify.core.status import Status
from notify.ledger import Version, Versions
from tests.contract.ledger.base import LedgerKind
from tests.unit.ledger.mailing import NOW, Mailing

ANNA = "anna@example.com"


class Campaigns(LedgerKind):
    """Campaigns and versions."""

    def test_register(self, tmp_path: Path) -> None:
        """A campaign is made once; opened again, or registered again, it is the same with the same secret."""
        with self.opened(tmp_path) as store:
            versions = Versions(store)
            assert versions.find("neue-adresse") is None
            first = versions.register("neue-adresse", NOW)
            other = versions.register("neue-adresse-2", NOW)
            assert versions.register("neue-adresse", NOW) == versions.find("neue-adresse") == first
        with self.opened(tmp_path) as store:
            assert Versions(store).register("neue-adresse", NOW) == first
        assert len({first.secret, other.secret}) == 2
        assert len(first.secret) == 32
        assert first.rendered is None

    def test_secret_is_the_ledgers(self, tmp_path: Path) -> None:
        """Two ledgers have two secrets: whoever knows one campaign cannot guess the Message-IDs of another."""
        secrets = set()
        for name in ("one", "two"):
            with self.opened(tmp_path / name) as store:
                secrets.add(Versions(store).register("neue-adresse", NOW).secret)
        assert len(secrets) == 2

    def test_record(self, post: Mailing) -> None:
        """The version recorded last is in force; earlier ones are kept; each campaign has its own."""
        versions = Versions(post.store)
        other = versions.register("weihnachten", NOW)
        assert versions.latest(other) is None
        second = versions.record(post.record, {"message.de.md": "Grüß Gott", "sender": "x"}, NOW)
        assert second == Version(2, {"message.de.md": "Grüß Gott", "sender": "x"})
        assert versions.latest(post.record) == second
        assert versions.record(other, {}, NOW).number == 1
        assert versions.latest(post.record) == second

    def test_fingerprint(self) -> None:
        """The fingerprint tells texts and names apart, not the order in which they are named."""
        fingerprints = [
            Version(1, parts).fingerprint
            for parts in ({"a": "x", "b": "y"}, {"b": "y", "a": "x"}, {"a": "xy"}, {"a": "x"})
        ]
        assert fingerprints[0] == fingerprints[1]
        assert len(set(fingerprints)) == 3
        assert all(len(fingerprint) == 64 for fingerprint in fingerprints)

    def test_rendered(self, post: Mailing) -> None:
        """The campaign tells which version its latest enrolment rendered."""
        post.enrol(f"K1 {ANNA}")
        found = Versions(post.store).find("neue-adresse")
        assert found is not None
        assert found.rendered == post.version.number

    @pytest.mark.parametrize(
        ("status", "phase", "reached"),
        [
            (Status.CLAIMED, Phase.MAIL, False),
            (Status.FAILED, Phase.RCPT, False),
            (Status.DEFERRED, Phase.DATA, False),
            (Status.PENDING, Phase.MAIL, False),
            (Status.IN_FLIGHT, Phase.DOT, True),
            (Status.SENT, Phase.DOT, True),
            (Status.IN_DOUBT, Phase.DOT, True),
            (Status.DEFERRED, Phase.DOT, True),
            # refused for good, and so nobody's
            (Status.FAILED, Phase.DOT, False),
        ],
    )
    def test_anybody_reached(self, post: Mailing, status: Status, phase: Phase, *, reached: bool) -> None:
        """Somebody was reached, perhaps, once a dot was about to leave; in this campaign."""
        versions = Versions(post.store)
        post.enrol(f"K1 {ANNA}")
        assert not versions.anybody_reached(post.record)
        post.bring(ANNA, status, phase=phase)
        assert versions.anybody_reached(post.record) == reached
        assert not versions.anybody_reached(post.another("weihnachten").record)
