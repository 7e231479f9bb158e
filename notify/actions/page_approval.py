"""Approves a campaign from its page: shows first what it is and what has changed, then records just that."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading

from notify.actions.approval_state import Since
from notify.actions.approve import Proposal, approve, own_name, proposal, to_approve
from notify.actions.prepare import prepare
from notify.config import Settings
from notify.errors import InputError
from notify.pages import Earlier, Proposed


class PageApproval:
    """What was shown last to be approved: only that can be."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._shown: tuple[str, Settings, Proposal] | None = None

    def propose(self, settings: Settings) -> Proposed:
        """Look at everything that would be sent, as ``notify approve`` does, and return what is to be known of it.

        :raises NotifyError: something must be mended before it can be sent.
        """
        with self._looking:
            with to_approve(prepare(settings), dt.datetime.now(dt.UTC)) as run:
                for _ in run.enrol():
                    pass
                proposed = proposal(run)
            digest = hashlib.sha256(repr(sorted(proposed.parts.items())).encode() + proposed.marks.octets)
            self._shown = digest.hexdigest(), settings, proposed
        state = proposed.state
        return Proposed(
            mark=digest.hexdigest(),
            recipients=proposed.recipients,
            name=own_name(),
            reason=str(state.requirement) if state.requirement.people else "",
            missing=state.missing,
            earlier=tuple(map(_earlier, state.latest)),
        )

    def approve(self, name: str, mark: str) -> None:
        """Record that somebody approves what was shown last.

        :raises InputError: that is another one, or the name is none.
        :raises WriteError: the ledger cannot be written.
        """
        with self._looking:
            if self._shown is None or self._shown[0] != mark:
                raise InputError("What you approve is not what was shown last.", hint="Look at it once more.")
            _, settings, proposed = self._shown
            if proposed.approved_by(name) is None:
                approve(settings, proposed, name, dt.datetime.now(dt.UTC))
            # it was shown without this approval
            self._shown = None


def _earlier(since: Since) -> Earlier:
    """Return an earlier approval as the page shows it."""
    time = since.approval.time.astimezone().strftime("%Y-%m-%d %H:%M")
    return Earlier(since.approval.name, since.approval.account, time, () if since.is_same else since.problems)
