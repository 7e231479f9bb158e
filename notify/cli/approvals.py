"""How approvals are told: before a question, in ``notify status`` and in ``notify log``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from notify.cli.screen import how_many, moment

if TYPE_CHECKING:
    from notify.actions.approval_state import ApprovalState
    from notify.core.approval import Approval

_ALONE = "nobody else has approved the new IBAN: works_alone in [policy]"


def about_the_approval(state: ApprovalState) -> Iterator[tuple[str, str]]:
    """Yield who has approved what is to be sent, who has not yet, and that there is nobody else who could."""
    found = [*given_by(state)]
    if state.missing:
        found.append("not yet by a second person:  notify approve" if state.given else "not yet:  notify approve")
    for number, text in enumerate(found):
        yield "" if number else "Approved", text
    if state.requirement.is_alone:
        yield "Alone", _ALONE


def given_by(state: ApprovalState) -> Iterator[str]:
    """Yield who has approved what is to be sent, and who has approved something else."""
    for since in state.latest:
        approval = since.approval
        changed = "" if since.is_same else "; it has changed since"
        yield f"by {person(approval)}, {moment(approval.time)}{changed}"


def person(approval: Approval) -> str:
    """Return who has approved something: the name that was given, and the account of the machine."""
    return f"{approval.name} ({approval.account})"


def as_words(approval: Approval) -> str:
    """Return what was approved, by whom."""
    what = "sent alone, with nobody to approve it" if approval.is_alone else "approved"
    return f"{what}: {person(approval)}, {how_many(approval.recipients, 'recipient')}"


def as_record(approval: Approval) -> dict[str, object]:
    """Return an approval as the JSON documents hold it."""
    return {
        "time": approval.time.astimezone().isoformat(timespec="seconds"),
        "name": approval.name,
        "account": approval.account,
        "recipients": approval.recipients,
        "alone": approval.is_alone,
    }


def approval_record(state: ApprovalState) -> dict[str, object]:
    """Return the same as :func:`about_the_approval`, for programs."""
    return {
        "people": state.requirement.people,
        "missing": state.missing,
        "alone": state.requirement.is_alone,
        "by": [as_record(approval) for approval in state.given],
    }
