"""What is known of the sender's own mailboxes.

A mailbox counts as proved for some days from when a message was seen there, and in a campaign that has begun: whoever
was written to already was told the address, and a timer must not stop for it in the middle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from notify.actions.ledgers import real_ledger
from notify.config import Settings
from notify.core.campaign import Campaign
from notify.core.own_mailbox import MailboxState, own_mailboxes, states_of
from notify.core.probe import Probe
from notify.core.record import record


@record(frozen=True, slots=True)
class OwnMailboxes:
    """The mailboxes that a campaign needs, each with what is known of it, and all test messages that tell something.

    ``day`` is the one on which they must be proved.
    """

    states: tuple[MailboxState, ...]
    probes: tuple[Probe, ...]
    day: dt.date

    def is_proved(self, state: MailboxState) -> bool:
        """Tell whether a mailbox was seen to receive, and not too long ago."""
        return state.is_proved_on(self.day)

    def latest_by(self, sender: str, relays: Iterable[str]) -> Probe | None:
        """Return the latest test message from a sender through one of these relays of which a server tells.

        One that is too old to prove its mailbox tells nothing of the signature either.
        """
        names = frozenset(relays)
        told = [
            probe
            for probe in self.probes
            if probe.sender.casefold() == sender.casefold()
            and probe.relay in names
            and probe.is_valid_on(self.day)
            and probe.sighting
            and probe.sighting.found
        ]
        return max(told, key=lambda probe: probe.time, default=None)


def mailboxes_of(settings: Settings, campaign: Campaign, day: dt.date) -> OwnMailboxes:
    """Return what the campaign's own ledger knows of them; it is left as it is.

    :param day: on which they must be proved: that on which the messages were written.
    """
    from notify.ledger import Probes, is_up_to_date, open_store

    path = real_ledger(settings)
    if not is_up_to_date(path):
        return known_of(campaign, (), day)
    with open_store(path) as store:
        return known_of(campaign, Probes(store).latest(), day)


def known_of(campaign: Campaign, probes: Iterable[Probe], day: dt.date) -> OwnMailboxes:
    """Return what test messages tell of the mailboxes of a campaign."""
    probes = tuple(probes)
    return OwnMailboxes(states_of(own_mailboxes(campaign), probes), probes, day)
