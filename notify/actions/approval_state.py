"""Whether what is about to be sent was approved: by whom, and what has changed since, for whom.

Everything that a reader gets counts: what the messages are made of, and every recipient's own values. What counts is
whom a run writes to, so whoever was sent to or has left the files changes nothing, and an approval stays valid for all
runs until there is something in a message that nobody has seen. The relay does not count: it may be changed on the day
on which it is down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from notify.actions.approval import Requirement
from notify.actions.change import DAY, are_same, differences, parts_of
from notify.actions.prepare import Prepared
from notify.actions.run import Run
from notify.core.announcement import When, when
from notify.core.approval import Approval
from notify.core.record import record
from notify.errors import Problem, UnapprovedError
from notify.ledger import Approvals, Approved

#: How many recipients are named for whom something has changed; all are counted.
_NAMED = 5
_SEEN = {When.PAST: "is past", When.TODAY: "is today", When.FUTURE: "is to come"}
_HOW_TO_BE_ALONE = "If you work alone, say so once in notify.toml, and the log will:\n  [policy]\n  works_alone = true"


@record(frozen=True, slots=True)
class Since:
    """What has changed since an approval: in what the messages are made of, and for how many recipients.

    ``new`` were not written to by it, ``other`` get another message; ``first`` names the first of both.
    """

    approval: Approval
    parts: tuple[Problem, ...] = ()
    new: int = 0
    other: int = 0
    first: tuple[Problem, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing has."""
        return not (self.parts or self.new or self.other)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that has changed, in words."""
        counted = []
        if self.new:
            counted.append(f"{_recipients(self.new)} did not stand in the contact files then")
        if self.other:
            counted.append(f"{_recipients(self.other)} had other values then")
        return (*self.parts, *(Problem("", what) for what in counted), *self.first)


@record(frozen=True, slots=True)
class ApprovalState:
    """Who has approved a campaign as it is now, and what has changed since each person's latest approval."""

    requirement: Requirement
    latest: tuple[Since, ...] = ()

    @property
    def given(self) -> tuple[Approval, ...]:
        """The approvals that are valid, one of each person, the first one first."""
        return tuple(since.approval for since in self.latest if since.is_same)

    @property
    def missing(self) -> int:
        """How many people must still approve."""
        return max(0, self.requirement.people - len(self.given))

    def refuse_unapproved(self) -> None:
        """Refuse to send what must be approved, and is not.

        :raises UnapprovedError: says who must, or what has changed since somebody did.
        """
        if error := self.error():
            raise error

    def error(self) -> UnapprovedError | None:
        """Return what to say of what must be approved, and is not; None where nothing is missing."""
        if not self.missing:
            return None
        alone = f"\n{_HOW_TO_BE_ALONE}" * (self.requirement.announces_account and not self.requirement.works_alone)
        changed = [since for since in self.latest if not since.is_same]
        if changed:
            last = changed[-1]
            return UnapprovedError(
                f"This is not what {last.approval.name} approved {_moment(last.approval.time)}: it has changed since.",
                hint="Look at what has changed, and approve it again:  notify approve",
                problems=last.problems,
            )
        if self.given:
            return UnapprovedError(
                f"{self.given[0].name} has approved this, and nobody else; {self.requirement}.",
                hint=f"A second person looks at it, and approves it:  notify approve{alone}",
            )
        return UnapprovedError(
            f"This was not approved, and {self.requirement}.",
            hint=f"Look at it, and approve it:  notify approve{alone}",
        )


def approval_state(run: Run, only: Sequence[str] = ()) -> ApprovalState:
    """Return who has approved what a run that has enrolled everybody is about to send.

    :param only: identities; when given, nobody else is sent to.
    """
    requirement = Requirement.of(run.prepared.settings)
    approvals = Approvals(run.job.store, run.job.record)
    latest = {one.person: one for one in approvals.all() if not one.is_alone}
    if not latest:
        return ApprovalState(requirement)
    return ApprovalState(requirement, _since(latest.values(), approved_parts(run.prepared), approvals.messages(only)))


def approved_parts(prepared: Prepared) -> dict[str, str]:
    """Return what the messages are made of, as it is approved.

    On another day they may speak of something as past; and whoever gets copies reads them too.
    """
    change, send, parts = prepared.campaign.change, prepared.settings.send, parts_of(prepared)
    dates = {"effective": change.effective, "old_works_until": change.old_works_until}
    seen = {name: when(day, prepared.campaign.written) for name, day in dates.items() if day}
    del parts[DAY]
    if seen:
        parts["dates"] = "\n".join(f"{name} {_SEEN[time]}" for name, time in seen.items())
    if send.copy_to:
        parts["copies"] = "\n".join([f"one per {send.copy_per}", *sorted(one.address for one in send.copy_to)])
    return parts


@record(frozen=False, slots=True)
class _Comparison:
    """What one approval is compared with, message by message."""

    approval: Approval
    new: int = 0
    other: int = 0
    first: list[Problem] = field(default_factory=list)

    def look(self, message: Approved) -> None:
        marks = self.approval.marks
        if message.mark in marks:
            return
        is_known = marks.knows(message.mark)
        self.other += is_known
        self.new += not is_known
        if len(self.first) < _NAMED:
            what = "has other values" if is_known else "is new"
            self.first.append(Problem(message.origin, f"{message.address} {what}"))


def _since(approvals: Iterable[Approval], parts: Mapping[str, str], messages: Iterable[Approved]) -> tuple[Since, ...]:
    compared = [_Comparison(approval) for approval in sorted(approvals, key=lambda approval: approval.time)]
    for message in messages:
        if message.waits:
            for one in compared:
                one.look(message)
    return tuple(
        Since(
            one.approval,
            () if are_same(one.approval.parts, parts) else tuple(differences(one.approval.parts, parts)),
            one.new,
            one.other,
            tuple(one.first),
        )
        for one in compared
    )


def _recipients(count: int) -> str:
    return "1 recipient" if count == 1 else f"{count:,} recipients"


def _moment(time: dt.datetime) -> str:
    return f"on {time.astimezone():%Y-%m-%d at %H:%M}"
