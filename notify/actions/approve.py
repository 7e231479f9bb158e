"""Approves a campaign: looks at everything that would be sent, and records who has approved it."""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import socket
from contextlib import AbstractContextManager

from notify.actions.approval_state import ApprovalState, approval_state, approved_parts
from notify.actions.change import are_same
from notify.actions.ledgers import real_ledger
from notify.actions.prepare import Prepared
from notify.actions.run import Run, begun
from notify.config import Settings
from notify.core.approval import Approval, Marks, person_of
from notify.core.record import record
from notify.core.text import one_line
from notify.errors import InputError
from notify.ledger import Approvals, Versions, open_store

_LONGEST_NAME = 100


@record(frozen=True, slots=True)
class Proposal:
    """What a person looks at before approving it, as it was at that moment; ``state`` is who has approved it before."""

    parts: dict[str, str]
    marks: Marks
    recipients: int
    state: ApprovalState

    def approved_by(self, name: str) -> Approval | None:
        """Return the approval that somebody has given to exactly this, if there is one."""
        return next((one for one in self.state.given if one.person == person_of(name)), None)

    def missing_with(self, approval: Approval) -> int:
        """Return how many people must still approve it, beside those who have and who gave this approval."""
        people = {one.person for one in (*self.state.given, approval)}
        return max(0, self.state.requirement.people - len(people))


def to_approve(prepared: Prepared, now: dt.datetime) -> AbstractContextManager[Run]:
    """Begin a run that records and sends nothing, inside this ``with``: it enrols everybody as a real one would.

    It works on a copy of the campaign's own ledger, also while the campaign still goes to the sandbox.

    :raises NotifyError: as :func:`notify.actions.run.begun` does.
    """
    return begun(
        prepared, now, accept_change=True, rehearsal=True, accept_repeat=True, ledger=real_ledger(prepared.settings)
    )


def proposal(run: Run) -> Proposal:
    """Return what such a run would send, after it has enrolled everybody."""
    marks, recipients = [], 0
    for message in Approvals(run.job.store, run.job.record).messages():
        marks.append(message.mark)
        recipients += not message.is_suppressed
    return Proposal(approved_parts(run.prepared), Marks.of(marks), recipients, approval_state(run))


def approve(settings: Settings, proposed: Proposal, name: str, now: dt.datetime) -> Approval:
    """Record that somebody approves a proposal, in the campaign's own ledger; works beside a run.

    :raises InputError: that is no name.
    :raises WriteError: the ledger cannot be written.
    """
    known = one_line(name)[:_LONGEST_NAME]
    if not any(map(str.isalpha, known)):
        raise InputError(f'"{name}" is not a name.', hint='Say who approves it:  notify approve --by "Anna Muster"')
    approval = Approval(now, known, own_account(), proposed.parts, proposed.recipients, proposed.marks)
    with open_store(real_ledger(settings), create=True) as store:
        record = Versions(store).register(settings.campaign().id, now)
        Approvals(store, record).record(approval)
    return approval


def note_alone(run: Run, now: dt.datetime) -> None:
    """Record, once for what is sent, that a new IBAN leaves without a second person, as notify.toml says.

    :raises WriteError: the ledger cannot be written.
    """
    approvals, parts = Approvals(run.job.store, run.job.record), approved_parts(run.prepared)
    if not any(one.is_alone and are_same(one.parts, parts) for one in approvals.all()):
        waiting = sum(message.waits for message in approvals.messages())
        approvals.record(Approval(now, own_name(), own_account(), parts, waiting, Marks(), is_alone=True))


def own_account() -> str:
    """Return the account under which this runs: ``anna@office``."""
    return f"{_login()}@{socket.gethostname()}"


def own_name() -> str:
    """Return the name of the person at this machine, as far as the machine knows it."""
    with contextlib.suppress(ImportError, KeyError):
        import pwd

        # the first of the fields that finger(1) shows
        name = one_line(pwd.getpwnam(_login()).pw_gecos.partition(",")[0])
        if name:
            return name
    return _login()


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
