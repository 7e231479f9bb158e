"""Keeps a new bank account apart from new ways to be reached: whoever gets both at once has no way left to check.

Banks and the police describe the fraud so: new account, and a new number or address that confirms it. So neither goes
out with the other, nor within some days of it in the same ledger, unless the user accepts that by name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from notify.actions.change import announced_in
from notify.actions.prepare import Prepared
from notify.config.policy import IBAN_WITH_CONTACT
from notify.core.campaign import Change
from notify.core.record import record
from notify.errors import PolicyError, Problem
from notify.ledger import CampaignRecord, Store, Version, Versions

#: By these somebody is called back, in the words of a sentence.
_CONTACTS = {"email": "e-mail address", "phone": "telephone number", "mobile": "mobile number"}
_HOW_TO_ACCEPT = (
    "If it must be, say so in notify.toml, and the question before sending will name it:\n"
    f'  [policy]\n  accept = ["{IBAN_WITH_CONTACT}"]'
)


@record(frozen=True, slots=True)
class _Risk:
    """What of a change matters here: a new account, and new ways to be reached."""

    account: bool
    contacts: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> _Risk:
        return cls(
            change.announces("iban"), tuple(words for name, words in _CONTACTS.items() if change.announces(name))
        )

    def meets(self, other: _Risk) -> bool:
        """Tell whether one has the account, and the other a way to be reached."""
        return bool((self.account and other.contacts) or (self.contacts and other.account))

    def __str__(self) -> str:
        named = [*["a new IBAN"] * self.account, *(f"a new {words}" for words in self.contacts)]
        return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def keep_apart(prepared: Prepared, store: Store, record: CampaignRecord, now: dt.datetime) -> tuple[str, ...]:
    """Refuse a new IBAN together with a new way to be reached; return what the user has accepted of that, in words.

    Other campaigns count when they were sent; one that began after this one was decided upon then.

    :raises PolicyError: it is not accepted; says with which campaign, and from when on it may go.
    """
    policy, risk = prepared.settings.policy, _Risk.of(prepared.campaign.change)
    if not (risk.account or risk.contacts):
        return ()
    found = []
    if risk.account and risk.contacts:
        found.append(_together(risk))
    if prepared.settings.relays and policy.cool_off:
        found += _too_soon(Versions(store), record, risk, dt.timedelta(days=policy.cool_off), now)
    if IBAN_WITH_CONTACT in policy.accept:
        return tuple(error.message for error in found)
    if found:
        raise found[0]
    return ()


def _together(risk: _Risk) -> PolicyError:
    return PolicyError(
        f"{str(risk)[0].upper()}{str(risk)[1:]} are announced together. That is what fraud looks like: nobody could "
        "check the account by calling you.",
        hint="Announce them in two campaigns, each with its own id: first how you are reached, later the account.\n"
        + _HOW_TO_ACCEPT,
        problems=[Problem("notify.toml", "in [change.new], `iban` and the others are not those of [change.old]")],
    )


def _too_soon(
    versions: Versions, record: CampaignRecord, risk: _Risk, cool_off: dt.timedelta, now: dt.datetime
) -> Iterator[PolicyError]:
    """Yield what was announced too short a time ago, the latest first."""
    ours: list[tuple[CampaignRecord, Version]] = []
    others: list[tuple[dt.datetime, dt.datetime, str, _Risk]] = []
    for campaign, version in versions.all():
        other = _Risk.of(announced_in(version.parts))
        if campaign.number == record.number and other == risk:
            ours.append((campaign, version))
        elif risk.meets(other) and (sent := versions.sent(campaign, version)) is not None:
            others.append((sent[1], sent[0], campaign.id, other))
    if not others:
        # mostly so: then no recipient of ours is looked at
        return
    began = min((sent[0] for one in ours if (sent := versions.sent(*one)) is not None), default=None)
    for last, first, campaign_id, other in sorted(others, reverse=True, key=lambda found: found[0]):
        # by a clock that was set back what was sent may be still to come
        if (began is None or first <= began) and now < last + cool_off:
            yield _soon_after(risk, other, campaign_id, last, last + cool_off)


def _soon_after(risk: _Risk, other: _Risk, campaign_id: str, last: dt.datetime, until: dt.datetime) -> PolicyError:
    ours = _Risk(account=bool(other.contacts) and risk.account, contacts=risk.contacts if other.account else ())
    theirs = _Risk(account=bool(risk.contacts) and other.account, contacts=other.contacts if risk.account else ())
    return PolicyError(
        f"The campaign {campaign_id} announced {theirs}, and was sent until {_day(last)}. "
        f"{str(ours)[0].upper()}{str(ours)[1:]} so soon after it looks like fraud.",
        hint=f"Wait until {_day(until)}; the time between is `cool_off` in [policy].\n{_HOW_TO_ACCEPT}",
    )


def _day(moment: dt.datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
