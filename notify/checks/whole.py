"""What is wrong with a campaign on the day on which it is checked: dates, mailboxes that have ended, no news at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.remark import Remark

#: From so far on a year is probably mistyped.
_FAR = dt.timedelta(days=400)
#: An answer may take so long.
_SOON = dt.timedelta(days=30)


def campaign_today(facts: Facts, today: dt.date) -> Iterator[Remark]:
    """Yield what is wrong on a day."""
    yield from _dates(facts, today)
    yield from _mailboxes(facts, today)
    change = facts.campaign.change
    if facts.is_notice and change.old.given() and change.new.given() and not change.announced():
        what = "[change.old] and [change.new] are the same, so nothing is announced"
        yield Remark("nothing-announced", what, "Write the new details into [change.new].", where=_place(facts))


def _dates(facts: Facts, today: dt.date) -> Iterator[Remark]:
    change, deadline = facts.campaign.change, facts.campaign.deadline
    for name, day in (("effective", change.effective), ("old_works_until", change.old_works_until)):
        if day and abs(day - today) > _FAR:
            direction = "away" if day > today else "over"
            what = f"{name} is {day}, and that is more than a year {direction}"
            yield Remark("unlikely-date", what, "Is the year right?", where=facts.place(f"change.{name}"))
    if deadline and facts.campaign.is_over(today):
        what = f"the deadline was {deadline}: nobody would be sent to"
        mend = "Move it, or leave it out."
        yield Remark("deadline-passed", what, mend, where=facts.place("campaign.deadline"))


def _mailboxes(facts: Facts, today: dt.date) -> Iterator[Remark]:
    """Yield who would write from, or be answered at, a mailbox that has ended or soon will."""
    sender, change = facts.campaign.sender, facts.campaign.change
    old, new, ends = change.old.email.casefold(), change.new.email.casefold(), change.old_works_until
    if not old or not new or old == new:
        return
    uses = {"reply_to": ("answers go", sender.reply_to), "return_path": ("bounces go", sender.return_path)}
    mend = f"Set {{}} in [sender] to {change.new.email}."
    if ends and ends < today:
        uses["email"] = ("the messages come", sender.mailbox.address)
        for key, (words, address) in uses.items():
            if address.casefold() == old:
                preposition = "from" if key == "email" else "to"
                what = f"{words} {preposition} {address}, which has ended on {ends} (old_works_until)"
                yield Remark("dead-mailbox", what, mend.format(key), where=facts.place(f"sender.{key}"))
    elif sender.reply_to.casefold() == old and (ends is None or ends - today < _SOON):
        until = f"which ends on {ends}" if ends else "and nobody knows for how long it works"
        what = f"answers go to the old address, {sender.reply_to}, {until}"
        yield Remark("answers-to-old", what, mend.format("reply_to"), where=facts.place("sender.reply_to"))


def _place(facts: Facts) -> str:
    """Return where the section of the new details stands."""
    name = next(iter(facts.campaign.change.new.given()))
    return facts.place(f"change.new.{name}")
