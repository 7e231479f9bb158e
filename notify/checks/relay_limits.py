"""Whether what notify.toml lets leave is what the relay's provider takes, and how long the campaign takes by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.checks.submission import Submission
from notify.core.pace import Rate
from notify.core.record import record

_DAY = dt.timedelta(days=1)
#: So many at once from a new domain look like spam.
_MANY = 200


def beyond_limits(way: Submission) -> Iterator[Remark]:
    """Yield that more may leave than the provider has published that it takes."""
    for limit in way.published:
        if way.rates and (allowed := most_within(limit.per_s, way.rates)) > limit.count:
            what = (
                f"rate lets {allowed:,} messages leave in {_span(limit.per_s)}, and {way.carrier.label} takes {limit}"
            )
            mend = f"Leave rate out: those of the provider hold then ({_listed(way.published)}, says {way.source})."
            yield Remark("relay-limit", what, mend, where=way.where)
            return
    if way.while_young and not way.is_age_given:
        days, _ = way.while_young[-1]
        first = way.while_young[0][1]
        what = f"{way.carrier.label} takes less from an account of less than {days} days: at first {_listed(first)}"
        mend = "If yours is as new, say since when:  new_account = 2026-11-20"
        yield Remark("relay-new", what, mend, where=way.where)


@record(frozen=True, slots=True)
class Planned:
    """What a run would do: to how many, from when until when, and whether some still wait after the deadline."""

    recipients: int
    now: dt.datetime
    starts: dt.datetime
    done: dt.datetime
    misses_deadline: bool


def takes_long(facts: Facts, plan: Planned, *, rates: Sequence[Rate], where: str) -> Iterator[Remark]:
    """Yield that the campaign takes days by the limits of its relay, or longer than it may.

    :param where: the line of the relay.
    """
    effective, starts, done = facts.campaign.change.effective, plan.starts, plan.done
    yield from _from_a_mailbox_that_ends(facts, plan)
    ends = f"{done.astimezone():%Y-%m-%d %H:%M}"
    whole = f"{plan.recipients:,} recipients take until {ends} at {_listed(rates) or 'this pace'}"
    if plan.misses_deadline:
        deadline = facts.campaign.deadline
        what = f"{whole}, and the deadline is {deadline}: whoever still waits then is not written to"
        mend = "Begin sooner, move the deadline, or send through a relay that takes more."
        yield Remark("deadline-missed", what, mend, where=facts.place("campaign.deadline"))
    elif effective and plan.now.astimezone().date() <= effective < starts.astimezone().date():
        what = f"nothing leaves before {starts.astimezone():%Y-%m-%d %H:%M}, and the change holds from {effective}"
        yield Remark("start-late", what, "Begin before the change holds.", where=facts.place("send.start"))
    elif effective and plan.now.astimezone().date() < effective < done.astimezone().date():
        what = f"{whole}, and the change holds from {effective}: the last are told too late"
        yield Remark("relay-slow", what, "Begin sooner, or send through a relay that takes more.", where=where)
    elif done - starts > _DAY:
        mend = "It may be stopped and goes on where it was; send --wait stays until it is done."
        yield Remark("relay-slow", whole, mend, where=where)


def unknown_domain(facts: Facts, recipients: int, *, has_ramp: bool, where: str) -> Iterator[Remark]:
    """Yield that many get mail from a domain that none of them knows: it is the one that is announced.

    How old it is only its registry knows, which would be told whom one asks about; that it is new to the readers is
    known without.
    """
    change, domain = facts.campaign.change, facts.campaign.sender.domain.casefold()
    old, new = (address.rpartition("@")[2].casefold() for address in (change.old.email, change.new.email))
    if recipients >= _MANY and domain == new != old and old and not has_ramp:
        what = f"{recipients:,} recipients have never had mail from {domain}, and filters distrust a sudden many"
        mend = 'Write from the old address while it lives, or begin with few:  ramp = "50/day, x1.5, 2000/day"'
        yield Remark("new-domain", what, mend, where=where)


def _from_a_mailbox_that_ends(facts: Facts, plan: Planned) -> Iterator[Remark]:
    """Yield that the last messages come from a mailbox that is gone by then."""
    change, sender = facts.campaign.change, facts.campaign.sender.mailbox.address.casefold()
    ends = change.old_works_until
    is_left = sender == change.old.email.casefold() != change.new.email.casefold() != ""
    if is_left and ends and plan.now.astimezone().date() <= ends < plan.done.astimezone().date():
        what = f"the last messages leave on {plan.done.astimezone():%Y-%m-%d}, and {sender} ends on {ends}"
        mend = "Begin sooner, send faster, or write from the new address and say so."
        yield Remark("dead-mailbox", what, mend, where=facts.place("sender.email"))


def most_within(seconds: int, rates: Sequence[Rate]) -> int:
    """Return how many messages may leave within any span of so many seconds; all rates hold at the same time."""
    return min(rate.count * -(-seconds // rate.per_s) for rate in rates)


def _span(seconds: int) -> str:
    return {1: "a second", 60: "a minute", 3600: "an hour", 86400: "a day"}.get(seconds, f"{seconds:,} s")


def _listed(rates: Sequence[Rate]) -> str:
    return ", ".join(map(str, rates))
