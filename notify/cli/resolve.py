"""``notify resolve``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.exits import Exit
from notify.cli.options import campaign_options, json_option, load_settings, shared
from notify.cli.screen import STATUS_WORDS, emit, how_many, moment, note, put

if TYPE_CHECKING:
    from notify.config import Settings
    from notify.ledger import RecipientState


@click.command(short_help="Settle what is in doubt, by your word.")
@click.argument("addresses", nargs=-1, metavar="[ADDR]...")
@click.option("--sent", is_flag=True, help="They arrived: count them as sent.")
@click.option("--again", is_flag=True, help="They did not: send to them again.")
@click.option("--copies", is_flag=True, help="Settle copies: by where they went, or by Message-ID.")
@click.option("--all", "everybody", is_flag=True, help="Everybody who is in doubt.")
@campaign_options
@json_option
@click.pass_obj
def resolve(
    folder: Path,
    addresses: tuple[str, ...],
    sent: bool,
    again: bool,
    copies: bool,
    everybody: bool,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> int:
    """Settle what is in doubt: handed over to the relay, but the answer was lost.

    Without --sent or --again, list it, copies too. Look into the Sent folder of your mailbox, or ask the recipient;
    almost always the message did arrive. --again also takes an address that was refused for good.
    Ends with status 65 when nobody named can be settled.
    """
    settings = load_settings(folder, shared(contacts, template, sender))
    if sent and again:
        raise click.UsageError("They arrived (--sent) or they did not (--again): one of the two.")
    if not (sent or again):
        if addresses or everybody:
            raise click.UsageError("Say what to do with them: --sent (they arrived) or --again (send again).")
        _show(settings, as_json=as_json)
        return Exit.DONE
    if bool(addresses) == everybody:
        raise click.UsageError("Name the addresses, or --all for everybody who is in doubt.")
    settle = _settle_copies if copies else _settle
    return settle(settings, addresses, "sent" if sent else "again", as_json=as_json)


def _show(settings: Settings, *, as_json: bool) -> None:
    from notify.actions.resolve import in_doubt
    from notify.actions.status import campaign_status

    doubts = list(in_doubt(settings)) if campaign_status(settings, dt.datetime.now(dt.UTC)).recipients else []
    if as_json:
        emit([_record(doubt) for doubt in doubts])
        return
    if not doubts:
        note("Nothing is in doubt.")
        return
    note(f"{how_many(len(doubts), 'message')} in doubt: handed over, but the answer was lost.")
    for doubt in doubts:
        when = f"  {moment(doubt.time)}" if doubt.time else ""
        who = (
            f"{doubt.address}  (copy of that to {doubt.copy_of})" if doubt.copy_of else f"{doubt.address}  {doubt.name}"
        )
        put(f"{who}{when}  {doubt.reply}".rstrip())
        put(f"    Message-ID {doubt.message_id}")
    if any(not doubt.copy_of for doubt in doubts):
        note("Whoever got it:  notify resolve --sent ADDR…")
        note("Whoever did not:  notify resolve --again ADDR…")
    if any(doubt.copy_of for doubt in doubts):
        note("Copies, by address or Message-ID:  notify resolve --copies --sent ADDR…, or --again")


def _record(doubt: RecipientState) -> dict[str, object]:
    record: dict[str, object] = {
        "key": doubt.key,
        "to": doubt.address,
        "name": doubt.name,
        "origin": doubt.origin,
        "message_id": doubt.message_id,
        "time": doubt.time.astimezone().isoformat(timespec="seconds") if doubt.time else None,
        "relay": doubt.relay,
        "reply": doubt.reply,
    }
    return record | ({"copy_of": doubt.copy_of} if doubt.copy_of else {})


def _settle_copies(settings: Settings, addresses: tuple[str, ...], word: str, *, as_json: bool) -> Exit:
    from notify.actions.resolve import settle_copies
    from notify.core.status import Status
    from notify.ledger import Word

    settled = settle_copies(settings, addresses, Word(word), dt.datetime.now(dt.UTC))
    if as_json:
        to = Status.SENT if word == "sent" else Status.PENDING
        emit([{"to": address, "settled": True, "status": to, "left_out": ""} for address in settled])
    elif not settled:
        note("No copy is in doubt there." if addresses else "No copy is in doubt.")
    elif word == "sent":
        note(f"{how_many(len(settled), 'copy', 'copies')} counted as sent.")
    else:
        note(f"{how_many(len(settled), 'copy', 'copies')} will be sent again:  notify send")
    return Exit.INPUT if addresses and not settled else Exit.DONE


def _settle(settings: Settings, addresses: tuple[str, ...], word: str, *, as_json: bool) -> Exit:
    from notify.actions.resolve import left_out, settle
    from notify.core.status import Status
    from notify.ledger import Word

    now = dt.datetime.now(dt.UTC)
    found = list(settle(settings, addresses, Word(word), now))
    settled = [address for address, before in found if before is None]
    kept = left_out(settings, settled, now) if word == "again" else {}
    if as_json:
        to = Status.SENT if word == "sent" else Status.PENDING
        emit(
            [
                {"to": address, "settled": before is None, "status": before or to, "left_out": kept.get(address, "")}
                for address, before in found
            ]
        )
    elif not found:
        note("Nothing is in doubt.")
    else:
        for address, before in found:
            if before is not None:
                note(f"{address}: left as it is, {STATUS_WORDS.get(before, before)}.")
        for address, why in kept.items():
            note(f"{address}: will not be sent to, {why}.")
        note(_settled(len(settled), len(settled) - len(kept), word))
    # what was asked for cannot be done to anybody
    return Exit.INPUT if found and not settled else Exit.DONE


def _settled(count: int, to_send: int, word: str) -> str:
    if not count:
        return "Nobody was settled."
    if word == "sent":
        return f"{how_many(count, 'recipient')} counted as sent."
    return f"{how_many(to_send, 'recipient')} will be sent to again" + (":  notify send" if to_send else ".")
