"""``notify verify``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import json_option, load_settings
from notify.cli.screen import STATUS_WORDS, emit, how_many, moment, note, put, put_columns, warn
from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.actions.verify import Answer
    from notify.ledger import Call, GivenCode

_ASK_AGAIN = "Let it be read to you once more, word by word and digit by digit."
_WHAT_TO_DO = (
    "If it is the same again, the message is forged. Then:",
    "- Ask the caller to pay nothing, to answer nothing, and to keep the message.",
    "- Write down who called, and let them send you the message as an attachment.",
    "- Others may have got it too: warn your customers, by telephone or on your website.",
    "- Report it to the police, and to your bank if it names an account.",
    "Was it sent from another campaign folder? Look there as well:  notify -C DIR verify CODE",
)


@click.command(short_help="Tell whose call-back code a caller says.")
@click.argument("words", nargs=-1, metavar="[CODE]...")
@click.option("--list", "show", is_flag=True, help="Show all calls.")
@json_option
@click.pass_obj
def verify(folder: Path, words: tuple[str, ...], show: bool, as_json: bool) -> int:
    """Tell whose call-back code a caller says, when it was sent and what was announced. The call is noted.

    Capitals, blanks and hyphens do not matter, and digits may be typed as words. Nothing leaves this machine. The exit
    status is 67 for a code that nobody was sent: somebody may be forging your notice.
    """
    from notify.actions.verify import Verdict, look_up
    from notify.actions.verify import note as note_call

    if show == bool(words):
        raise click.UsageError("Type the code as the caller says it, or --list to see all calls.")
    if show:
        _list(folder, as_json=as_json)
        return Exit.DONE
    answer = look_up(folder, " ".join(words))
    if as_json:
        emit(_record(answer))
    else:
        _show(answer, _campaign_now(folder))
    try:
        note_call(answer, dt.datetime.now(dt.UTC))
    except NotifyError as error:
        # whoever is on the telephone has the answer by now
        warn(f"This call could not be noted: {error}")
    else:
        note("The call was noted. All calls:  notify verify --list")
    return Exit.DONE if answer.verdict is Verdict.GENUINE else Exit.ALARM


def _campaign_now(folder: Path) -> str:
    """Return the campaign that stands in notify.toml; empty where that cannot be read, which does not matter here."""
    try:
        return load_settings(folder, {}, contacts_only=True).mailing.id
    except NotifyError:
        return ""


def _show(answer: Answer, campaign_now: str) -> None:
    from notify.actions.verify import Verdict

    found = answer.found
    if found is None:
        put(f'nobody was given the code "{answer.said}".', head="Alarm: ", fg="red", bold=True)
        for line in _what_to_do(answer):
            put(line)
        return
    is_genuine = answer.verdict is Verdict.GENUINE
    put(
        f'"{found.code}" is the code of {_who(found.name, found.address, found.key)}'
        + ("." if is_genuine else f", but its message was never sent: it is {STATUS_WORDS[found.status]}."),
        head="Genuine: " if is_genuine else "Alarm: ",
        fg="green" if is_genuine else "red",
        bold=True,
    )
    put_columns(list(_facts(answer, found)))
    if campaign_now and campaign_now != found.campaign:
        put(f"It belongs to an earlier campaign, {found.campaign}; notify.toml is about {campaign_now} now.")
    for line in _what_to_say(answer) if is_genuine else ("Nobody but you can know it. " + _ASK_AGAIN, *_WHAT_TO_DO):
        put(line)


def _what_to_do(answer: Answer) -> Iterator[str]:
    for word, near in () if answer.is_sample else answer.misheard:
        yield f'No code has the word "{word}"' + (f"; was it {' or '.join(near)}?" if near else ".")
    if answer.is_sample:
        yield "It is what previews and tests show in the place of a code. No recipient was sent it."
    yield _ASK_AGAIN
    yield from _WHAT_TO_DO


def _what_to_say(answer: Answer) -> Iterator[str]:
    if answer.change.announces("iban"):
        yield (
            f"Say the last four digits of the new account, {' '.join(_last_four(answer.change.new.iban))}, and let the "
            "caller compare them."
        )
    yield "Ask for no data: whoever has the message need tell you nothing but the code."


def _facts(answer: Answer, found: GivenCode) -> Iterator[tuple[str, str]]:
    yield "Campaign", found.campaign + (" (a rehearsal: its message never left this machine)" * answer.is_rehearsal)
    if found.sent:
        yield (
            "Sent",
            moment(found.sent) + (f", through {found.relay}" if found.relay and not answer.is_rehearsal else ""),
        )
    elif found.may_be_read:
        yield "Sent", f"perhaps: handed over before, and {STATUS_WORDS[found.status]} now"
    if answer.copies:
        yield "Copies", f"went to {', '.join(answer.copies)}: whoever reads them may call, too"
    label = "Announced"
    for line in _announced(answer):
        yield label, line
        label = ""
    if found.calls and found.last_call:
        yield "Called", f"{how_many(found.calls, 'time')} before, last {moment(found.last_call)}"


def _announced(answer: Answer) -> Iterator[str]:
    for changed in answer.change.changes("en"):
        is_account = changed.label == "IBAN"
        old, new = ((_ending(value) if is_account and value else value) for value in (changed.old, changed.new))
        yield f"{changed.label}: {new or 'none any more'}" + (f" (before: {old})" if old else "")
    if answer.change.effective:
        yield f"From {answer.change.effective} on"


def _who(name: str, address: str, key: str) -> str:
    mailbox = f"{name} <{address}>" if name else address
    return mailbox if "@" in key else f"{mailbox}, number {key}"


def _ending(iban: str) -> str:
    return f"ends in {_last_four(iban)}"


def _last_four(iban: str) -> str:
    return "".join(iban.split())[-4:]


def _record(answer: Answer) -> dict[str, object]:
    found, change = answer.found, answer.change
    announced = {
        name: {"old": _for_programs(name, change.old), "new": _for_programs(name, change.new)}
        for name in change.announced()
    }
    record: dict[str, object] = {"said": answer.said, "verdict": str(answer.verdict), "rehearsal": answer.is_rehearsal}
    if found is None:
        return record | {"misheard": [{"word": word, "near": list(near)} for word, near in answer.misheard]}
    return record | {
        "code": found.code,
        "campaign": found.campaign,
        "key": found.key,
        "address": found.address,
        "name": found.name,
        "status": str(found.status),
        "sent": found.sent.astimezone().isoformat(timespec="seconds") if found.sent else None,
        "announced": announced,
        "effective": str(change.effective) if change.effective else None,
        "calls_before": found.calls,
        "copies": list(answer.copies),
    }


def _for_programs(name: str, details: object) -> str:
    value = str(getattr(details, name))
    return _last_four(value) if name == "iban" else value


def _list(folder: Path, *, as_json: bool) -> None:
    from notify.actions.verify import calls

    found = list(calls(folder))
    if as_json:
        emit([_call_record(call) for call in found])
        return
    for call in found:
        put(f"{moment(call.time)}  {_call(call)}")
    alarms = sum(not call.is_verified for call in found)
    note(f"{how_many(len(found), 'call')}" + (f", {how_many(alarms, 'alarm')}." if alarms else "."))


def _call(call: Call) -> str:
    if not call.address:
        return f'ALARM, nobody was given "{call.said}"'
    who = f"{_who(call.name, call.address, call.key)} ({call.campaign})"
    return who if call.is_verified else f'ALARM, "{call.said}" is the code of {who}, but was never sent'


def _call_record(call: Call) -> dict[str, object]:
    return {
        "time": call.time.astimezone().isoformat(timespec="seconds"),
        "said": call.said,
        "verified": call.is_verified,
        "campaign": call.campaign,
        "key": call.key,
        "address": call.address,
        "name": call.name,
    }
