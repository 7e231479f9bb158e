"""What ``notify send`` and ``notify preview`` say of the copies of messages, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from notify.cli.screen import how_many, note, warn
from notify.core.status import Status

if TYPE_CHECKING:
    from notify.actions.copies import Copying
    from notify.config.settings import SendSettings
    from notify.core.message import Mailbox

_PER = {
    "campaign": "1 of the first message",
    "cohort": "1 of each text (by language, form and branch)",
    "recipient": "1 of every message",
}


def asked_for(settings: SendSettings) -> str:
    """Return which copies notify.toml asks for, in words; empty where there are none."""
    return f"{_which(settings.copy_per, settings.copy_to)}." if settings.copy_to else ""


def about_the_copies(copying: Copying) -> Iterator[str]:
    """Yield which copies leave, and which cannot."""
    without = copying.suppressed()
    if to := [one for one in copying.to if one not in without]:
        waiting = copying.waiting()
        yield _which(copying.per, to) + (f"; {waiting:,} wait already" if waiting else "")
    if without:
        yield f"none to {_to(without)}: on the suppression list"
    if earlier := copying.of_earlier_texts():
        yield f"none of {how_many(earlier, 'message')} sent before: their text has changed since"


def record_of(copying: Copying | None, expected: int) -> dict[str, object]:
    """Return the same for programs. ``expected`` is how many copies leave, at least."""
    if copying is None:
        return {"to": [], "per": None, "expected": 0}
    without = copying.suppressed()
    return {
        "to": [one.address for one in copying.to if one not in without],
        "per": copying.per,
        "expected": expected,
    }


def say_what_was_left_of_copies(copying: Copying) -> None:
    """Say what an earlier run that died has left of them."""
    if copying.recovered:
        note(f"An earlier run ended abruptly: {how_many(copying.recovered, 'copy', 'copies')} not sent, waiting again.")
    if copying.doubts:
        warn(
            f"An earlier run ended abruptly: {how_many(copying.doubts, 'copy', 'copies')} in doubt, handed over "
            "without an answer; you decide:  notify resolve --copies"
        )


def say_withdrawn(withdrawn: int) -> None:
    """Say how many copies that waited are not sent any more."""
    if withdrawn:
        what = how_many(withdrawn, "copy that waits is", "copies that wait are")
        note(f"{what} withdrawn: not asked for any more, or the text has changed since. Which:  notify log")


def what_to_do_about(counts: Mapping[Status, int], *, runs_anyway: bool) -> Iterator[str]:
    """Yield what to do about copies that have not arrived; those that wait leave by themselves where it runs anyway."""
    from notify.core.status import WAITING

    if any(counts[status] for status in WAITING) and not runs_anyway:
        yield "Copies that wait leave with the next run:  notify send"
    if counts[Status.IN_DOUBT]:
        yield "About copies in doubt you decide:  notify resolve --copies"
    if counts[Status.FAILED]:
        yield "Why copies failed:  notify log --failed"


def _which(per: str, to: Sequence[Mailbox]) -> str:
    return f"{_PER[per]}, to {_to(to)}; each is a message of its own"


def _to(mailboxes: Sequence[Mailbox]) -> str:
    named = [f"{one.name} <{one.address}>" if one.name else one.address for one in mailboxes]
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
