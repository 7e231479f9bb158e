"""The sender's own mailboxes that a campaign needs: that which it announces, and those for answers and bounces."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable

from notify.core.address import identity
from notify.core.campaign import Campaign
from notify.core.example_names import is_reserved
from notify.core.probe import Fate, Probe
from notify.core.record import record


class Role(enum.StrEnum):
    """What a mailbox is for."""

    #: Everybody is told to write to it.
    ANNOUNCED = "announced"
    #: Answers to the messages go there.
    ANSWERS = "answers"
    #: What cannot be delivered comes back there.
    BOUNCES = "bounces"


#: Where each stands in the settings.
KEYS = {Role.ANNOUNCED: "change.new.email", Role.ANSWERS: "sender.reply_to", Role.BOUNCES: "sender.return_path"}


@record(frozen=True, slots=True)
class OwnMailbox:
    """A mailbox. ``is_needed``: nothing may be sent before it was seen to receive, as it is new."""

    address: str
    roles: tuple[Role, ...]
    is_needed: bool


@record(frozen=True, slots=True)
class MailboxState:
    """What is known of a mailbox: the latest message of which something was seen, and the latest that is waited for."""

    mailbox: OwnMailbox
    settled: Probe | None = None
    waiting: Probe | None = None

    def is_proved_on(self, day: dt.date) -> bool:
        """Tell whether it counts as proved on a day."""
        return self.settled is not None and self.settled.is_valid_on(day)

    @property
    def has_returned(self) -> bool:
        """Whether the last that is known is that a message came back, and no other was sent since."""
        return self.waiting is None and self.settled is not None and self.settled.fate is Fate.RETURNED

    def was_seen_since(self, time: dt.datetime) -> bool:
        """Tell whether something was seen of a message there, since a moment."""
        return self.settled is not None and self.settled.seen is not None and self.settled.seen >= time


def own_mailboxes(campaign: Campaign) -> tuple[OwnMailbox, ...]:
    """Return the mailboxes of a campaign that should be seen to receive.

    A new address that is announced is needed, and so are those for answers and bounces at its domain: all of them are
    as new. Elsewhere, only where they are not the sender's own address, which has been in use. Examples are nobody's.
    """
    sender, change = campaign.sender, campaign.change
    announced = change.new.email if change.announces("email") else ""
    named = [(Role.ANNOUNCED, announced), (Role.ANSWERS, sender.reply_to), (Role.BOUNCES, sender.return_path)]
    roles: dict[str, list[Role]] = {}
    addresses: dict[str, str] = {}
    for role, address in named:
        is_in_use = identity(address) == identity(sender.mailbox.address) != identity(announced)
        if address and not is_in_use and not is_reserved(address):
            roles.setdefault(identity(address), []).append(role)
            addresses.setdefault(identity(address), address)
    return tuple(
        OwnMailbox(addresses[who], tuple(found), bool(announced) and _domain(addresses[who]) == _domain(announced))
        for who, found in roles.items()
    )


def states_of(mailboxes: Iterable[OwnMailbox], probes: Iterable[Probe]) -> tuple[MailboxState, ...]:
    """Return what is known of each mailbox.

    :param probes: the latest of each, as :meth:`notify.ledger.Probes.latest` gives them.
    """
    settled: dict[str, Probe] = {}
    waiting: dict[str, Probe] = {}
    for probe in probes:
        (waiting if probe.fate is Fate.WAITING else settled)[identity(probe.address)] = probe
    found = []
    for mailbox in mailboxes:
        who = identity(mailbox.address)
        known, open_ = settled.get(who), waiting.get(who)
        # what was sent before the last that is known is not waited for any more
        found.append(MailboxState(mailbox, known, open_ if open_ and (not known or known.time < open_.time) else None))
    return tuple(found)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
