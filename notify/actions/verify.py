"""Whose call-back code somebody says on the telephone. Asks the ledger of a folder, and no relay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from notify.actions.change import announced_to
from notify.actions.folder_ledger import LEDGER_FILE, ledger_of_folder
from notify.core.campaign import Change
from notify.core.codes import heard, is_sample, misheard
from notify.core.record import record
from notify.errors import InputError
from notify.ledger import Call, Codes, GivenCode, Place, copies_went_to, exists, open_store


class Verdict(StrEnum):
    """What a code that somebody says means."""

    #: It was given out, and the message with it has left.
    GENUINE = "genuine"
    #: It was given out, and its message was not sent: nobody can know it.
    NOT_SENT = "not_sent"
    #: Nobody was given it: somebody forges the notice, or it was misheard.
    ALARM = "alarm"


@record(frozen=True, slots=True)
class Answer:
    """What is known of a code. ``ledger`` is where it was found; ``is_rehearsal``: its message stayed in the sandbox.

    ``change`` is what was announced, as far as the recipient could see it.

    ``misheard`` are the words that no code has, each with those that were perhaps said. ``copies`` are the addresses to
    which copies of the message have gone, or may have: whoever reads them may call as well.
    """

    said: str
    verdict: Verdict
    found: GivenCode | None
    change: Change
    ledger: Place
    is_rehearsal: bool = False
    is_sample: bool = False
    misheard: tuple[tuple[str, tuple[str, ...]], ...] = ()
    copies: tuple[str, ...] = ()


def look_up(folder: Path, said: str) -> Answer:
    """Tell whose a code is. The sandbox is asked when the campaigns' own ledger does not know it.

    :raises InputError: what was said has no letters or no digits, or there is no ledger.
    """
    code = heard(said)
    if not (code[:1].isalpha() and code[-1:].isdigit()):
        raise InputError(
            f'"{said}" is not a code: a code is one word or more, then digits.',
            hint="For example:  notify verify Ahorn 42713",
        )
    ledgers = _ledgers(folder)
    for ledger, is_rehearsal in ledgers.items():
        with open_store(ledger) as store:
            found = Codes(store).find(said)
            copies = tuple(copies_went_to(store, found.campaign, found.code)) if found else ()
        if found is not None:
            verdict = Verdict.GENUINE if found.may_be_read else Verdict.NOT_SENT
            told = announced_to(found.parts, found.audiences)
            return Answer(said, verdict, found, told, ledger, is_rehearsal, copies=copies)
    others = tuple(misheard(said))
    return Answer(said, Verdict.ALARM, None, Change(), next(iter(ledgers)), is_sample=is_sample(said), misheard=others)


def note(answer: Answer, now: dt.datetime) -> None:
    """Take note of the call in the ledger.

    :raises BusyError: another process is writing to it.
    """
    with open_store(answer.ledger) as store:
        Codes(store).note_call(answer.said, answer.found, now)


def calls(folder: Path) -> Iterator[Call]:
    """Yield all calls that were noted; those of the sandbox where nothing was sent yet.

    :raises InputError: there is no ledger.
    """
    with open_store(next(iter(_ledgers(folder)))) as store:
        yield from Codes(store).calls()


def _ledgers(folder: Path) -> dict[Place, bool]:
    """Return the ledgers that are there, each with whether it is the sandbox's; the campaigns' own comes first."""
    own = ledger_of_folder(folder)
    found = {ledger: ledger is not own for ledger in (own, folder / "outbox" / LEDGER_FILE) if exists(ledger)}
    if not found:
        where = folder.absolute() if isinstance(own, Path) else own
        raise InputError(
            f"There is no ledger in {where}: no code was given out here.",
            hint="Name the folder of the campaign:  notify -C DIR verify CODE",
        )
    return found
