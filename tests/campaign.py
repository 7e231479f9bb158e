"""A campaign folder, opened as the verbs open it. Everybody in it is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from notify.actions.enrolling import Enrolling
from notify.actions.folder_ledger import ledger_of_folder
from notify.actions.prepare import Prepared, prepare
from notify.actions.run import Run, begun
from notify.config import Settings, load
from notify.ledger import Handovers, Place
from tests.folders import make_folder
from tests.unit.ledger.mailing import begin, read

NOW = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
DATE = dt.datetime(2026, 12, 1, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))

PEOPLE = """\
Anrede;Nachname;E-Mail
Frau;Muster;anna@example.com
Herr;Beispiel;ben@example.com
Frau;Probe;cora@example.com
"""


class Folder:
    """A campaign folder that a test edits, with a relay on a port at which nobody answers; ``real=False``: without."""

    def __init__(self, path: Path, *, people: str = PEOPLE, more: str = "", real: bool = True, port: int = 9) -> None:
        self.path = make_folder(path, contacts=people, relay_port=port if real else None, more=more)
        self.ledger: Place = ledger_of_folder(path) if real else path / "outbox" / "ledger.db"
        self.people = path / "contacts" / "people.csv"
        self.message = path / "templates" / "change" / "message.de.md"
        self.toml = path / "notify.toml"

    @property
    def file(self) -> Path:
        """The file of the ledger, for a test that looks at it as one."""
        assert isinstance(self.ledger, Path)
        return self.ledger

    def write(self, text: str) -> None:
        """Write other people into the contact file."""
        self.people.write_text(text, "utf-8")

    def edit(self, path: Path, old: str, new: str) -> None:
        """Put something else in the place of what stands in a file once."""
        text = path.read_text("utf-8")
        assert text.count(old) == 1, text
        path.write_text(text.replace(old, new), "utf-8")

    def settings(self, options: Mapping[str, object] | None = None) -> Settings:
        """Load the settings."""
        return load(self.path, options=dict(options or {}), environment={})

    def prepared(self, options: Mapping[str, object] | None = None) -> Prepared:
        """Open template and contact files."""
        return prepare(self.settings(options))

    def enrol(self, now: dt.datetime = NOW, *, accept: bool = False) -> Enrolling:
        """Begin a run, enrol everybody and end it; return what was done."""
        with begun(self.prepared(), now, accept_change=accept, rehearsal=False) as run:
            return enrolled(run)

    def enrol_with(self, options: Mapping[str, object], narrowed: str = "") -> Enrolling:
        """Do so with options, and for those only for whom the condition holds."""
        prepared = prepare(self.settings(options), narrowed)
        with begun(prepared, NOW, accept_change=False, rehearsal=False) as run:
            return enrolled(run)

    def statuses(self) -> dict[str, str]:
        """Return the status by address, as it stands in the ledger."""
        return {one["address"]: str(one["status"]) for one in read(self.ledger, "SELECT * FROM recipient ORDER BY id")}


#: The latest run, and its dealings: whom it has claimed is in their memory.
_dealings: list[tuple[Run, Handovers]] = []


def handover_of(run: Run) -> Handovers:
    """Return what a run does with recipients, through its first relay; the same as long as it is asked for one run."""
    if not (_dealings and _dealings[0][0] is run):
        _dealings[:] = [(run, run.job.handover(run.job.routes[0]))]
    return _dealings[0][1]


def enrolled(run: Run) -> Enrolling:
    """Let a run enrol everybody; return what was done."""
    *_, done = run.enrol()
    return done


def send(handover: Handovers, address: str, now: dt.datetime = NOW, digest: str = "d1") -> int:
    """Let a dot leave for somebody who waits; return the recipient's number."""
    (claimed,) = handover.claim(1, now, [address])
    assert begin(handover, claimed.id, digest, DATE)
    return claimed.id
