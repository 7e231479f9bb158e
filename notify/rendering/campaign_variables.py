"""What a template may say of the campaign: the same for every recipient of one language."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from notify.core.audience import Sight
from notify.core.campaign import DETAIL_LABELS, Campaign, ChangedDetail, Details, in_words
from notify.rendering import slots
from notify.rendering.announced import announced, as_read, changes, comparison
from notify.rendering.engine import NotGiven, withheld

#: The details that are links in HTML.
_CLICKABLE = ("email", "website")


class _Day(dt.date):
    """A date that prints itself as people write it in the message's language."""

    words: str

    def __str__(self) -> str:
        return self.words


def of_campaign(sight: Sight, language: str) -> dict[str, object]:
    """Return the variables that are the same for every recipient of one language who may see the same."""
    campaign = sight.seen
    footer = "\n".join(campaign.sender.letterhead.lines(language))
    return {
        "language": language,
        "old": _announced("old", campaign.change.old, sight.campaign.change.old),
        "new": _announced("new", campaign.change.new, sight.campaign.change.new),
        "changes": tuple(_with_link(change, language) for change in changes(campaign, language)),
        "sender": {
            "name": campaign.sender.mailbox.name or campaign.sender.mailbox.address,
            "email": _clickable(campaign.sender.mailbox.address, campaign),
            "reply_to": _clickable(campaign.sender.reply_to or campaign.sender.mailbox.address, campaign),
            "footer": footer or _not_given("sender.footer"),
        },
        "effective": _day("effective", campaign.change.effective, language),
        "old_works_until": _day("old_works_until", campaign.change.old_works_until, language),
        **announced(sight, language),
        "comparison": tuple(_with_link(line, language) for line in comparison(campaign, language)),
    }


def _clickable(address: str, campaign: Campaign) -> str:
    """Return an address of the sender as a link, unless it is the one that is given up."""
    old, new = campaign.change.old.email, campaign.change.new.email
    return address if address == old != new else slots.own_link(address)


def _with_link(change: ChangedDetail, language: str) -> ChangedDetail:
    """Return a changed detail whose new side may be clicked, if it is an address or a website; nobody needs the old."""
    labels = {DETAIL_LABELS[language][name] for name in _CLICKABLE}
    return replace(change, new=slots.own_link(change.new)) if change.label in labels else change


def _announced(side: str, details: Details, whole: Details) -> dict[str, str | NotGiven]:
    """Return every detail; one that is not given, or may not be seen, can be asked for, but not printed."""
    given = {name: as_read(name, value, is_old=side == "old") for name, value in details.given().items()}
    if side == "new":
        given |= {name: slots.own_link(given[name]) for name in _CLICKABLE if name in given}
    hidden = whole.given().keys() - given.keys()
    missing = {
        name: withheld(f"{side}.{name} may not be seen") if name in hidden else _not_given(f"{side}.{name}")
        for name in DETAIL_LABELS["en"]
    }
    return {**missing, **given}


def _not_given(name: str) -> NotGiven:
    return NotGiven(f"{name} is not given; print it inside {{% if {name} %}} only")


def _day(name: str, date: dt.date | None, language: str) -> _Day | NotGiven:
    if date is None:
        return _not_given(name)
    day = _Day(date.year, date.month, date.day)
    day.words = in_words(date, language)
    return day
