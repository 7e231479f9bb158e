"""Sends test messages to the sender's own mailboxes, and sees whether they arrive.

They go through the relay that sends first, by the code that sends, over one connection. The ledger notes them before
they leave, beside all campaigns: no recipient is charged for them.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from notify.accounts import Account, Tokens, find_password
from notify.actions.addresses import identities
from notify.actions.ledgers import day_of_writing, real_ledger
from notify.actions.own_mailboxes import OwnMailboxes, known_of
from notify.actions.probe_message import probe_message
from notify.actions.send_test import handed_over
from notify.config import Settings
from notify.core.address import identity
from notify.core.outcome import Outcome, Scope
from notify.core.own_mailbox import MailboxState, OwnMailbox, states_of
from notify.core.probe import Fate, Probe, SeenBy, Sighting
from notify.core.probe_code import as_typed, make_code
from notify.core.record import record
from notify.core.status import Status
from notify.delivery.routes import Route
from notify.errors import InputError
from notify.ledger import Probes, Store, open_store
from notify.mailbox import MailboxAccount, Wanted, sighting_in

#: A message that was sent so lately is waited for, and no other is sent in its place.
_RECENT = dt.timedelta(hours=1)
#: No message that notify sends comes back larger.
LARGEST = 5_000_000


@record(frozen=True, slots=True)
class Handed:
    """A test message, and what came of handing it over."""

    probe: Probe
    outcome: Outcome


class Probing:
    """What the ledger knows of the test messages of a campaign's sender; use :func:`probing`."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._campaign = settings.campaign()
        self._probes = Probes(store)
        self._day = day_of_writing(settings)

    def known(self) -> OwnMailboxes:
        """Return what is known of the mailboxes that the campaign needs."""
        return known_of(self._campaign, self._probes.latest(), self._day)

    def asked_for(self, addresses: Sequence[str]) -> list[MailboxState]:
        """Return the mailboxes that are asked for by address; without addresses, those that are not proved yet.

        :raises InputError: one of the addresses is none of the sender's own, or none at all.
        """
        known = self.known()
        if not addresses:
            return [state for state in known.states if not known.is_proved(state)]
        own = {identity(address): address for address in self._own_addresses()}
        wanted = dict.fromkeys(identities(addresses))
        if strange := [who for who in wanted if who not in own]:
            raise InputError(
                f"{', '.join(strange)}: none of your own addresses in notify.toml.",
                hint=f"A test message goes to these only: {', '.join(own.values())}",
            )
        needed = {identity(state.mailbox.address): state.mailbox for state in known.states}
        mailboxes = [needed.get(who) or OwnMailbox(own[who], (), is_needed=False) for who in wanted]
        return [*states_of(mailboxes, known.probes)]

    def refreshed(self, states: Sequence[MailboxState]) -> list[MailboxState]:
        """Return what is known of mailboxes by now."""
        return [*states_of((state.mailbox for state in states), self._probes.latest())]

    def recent(self, states: Sequence[MailboxState], now: dt.datetime) -> list[Probe]:
        """Return the messages to these mailboxes that were sent so lately that they are still on their way."""
        return [state.waiting for state in states if state.waiting and now - state.waiting.time < _RECENT]

    def waiting(self, now: dt.datetime) -> list[Probe]:
        """Return all messages that are waited for."""
        return [*self._probes.waiting(now)]

    def send(self, account: Account, route: Route, addresses: Sequence[str], now: dt.datetime) -> list[Handed]:
        """Send a message to each address; return what came of each.

        One that was refused for its mailbox has come back; one that never left is forgotten.
        """
        time = now.astimezone().replace(microsecond=0)
        made = []
        for address in addresses:
            code = make_code(secrets.choice)
            message = probe_message(self._campaign, route.name, address, code, time)
            probe = Probe(now, address, self._campaign.sender.mailbox.address, route.name, message.message_id)
            self._probes.record(probe, as_typed(code))
            made.append((probe, message))
        outcomes = [*handed_over(account, [message for _, message in made], route.rates)]
        handed = []
        for number, (probe, _) in enumerate(made):
            # a relay that does not let us in says so once
            outcome = outcomes[min(number, len(outcomes) - 1)]
            if outcome.status is Status.FAILED and outcome.scope is Scope.RECIPIENT:
                sighting = Sighting(Fate.RETURNED, SeenBy.RELAY, reason=str(outcome.answer))
                self.see(probe.message_id, sighting, now)
            elif outcome.status not in (Status.SENT, Status.IN_DOUBT):
                self._probes.forget(probe.message_id)
            handed.append(Handed(probe, outcome))
        return handed

    def see(self, message_id: str, sighting: Sighting, now: dt.datetime) -> None:
        """Take note of what was seen of a message."""
        self._probes.see(message_id, sighting, now)

    def confirm(self, typed: str, now: dt.datetime) -> Probe:
        """Take note that a message has arrived whose code somebody has typed; return it.

        :raises ValueError: no code looks like that.
        :raises InputError: it is in no message that is waited for.
        """
        letters = as_typed(typed)
        probe = self._probes.with_code(letters, now)
        if probe is None:
            raise InputError(
                f"{typed}: no test message that is waited for has this code.",
                hint="Type it as it stands in the subject of the message; or send another one:  notify probe",
            )
        self._probes.see(probe.message_id, Sighting(Fate.ARRIVED, SeenBy.CODE), now)
        return probe

    def read_message(self, octets: bytes, label: str, now: dt.datetime) -> tuple[Probe, Sighting]:
        """Take note of what a saved message tells: a test message as it was received, or what came back instead.

        :raises InputError: it is neither.
        """
        known = {probe.message_id: probe for probe in (*self._probes.latest(), *self._probes.waiting(now))}
        found = sighting_in(octets, self.wanted(known.values()), by=SeenBy.FILE)
        if found is None:
            raise InputError(
                f"{label}: this is no test message that notify has sent, as it was received.",
                hint='Save it with all its headers ("save as", .eml), or paste its source (Gmail: "show original").',
            )
        self._probes.see(found[0], found[1], now)
        return known[found[0]], found[1]

    def wanted(self, probes: Iterable[Probe]) -> dict[str, Wanted]:
        """Return what is looked for in a mailbox, by Message-ID."""
        return {probe.message_id: Wanted(probe.address, probe.relay.partition(":")[0]) for probe in probes}

    def _own_addresses(self) -> Iterator[str]:
        sender, change = self._campaign.sender, self._campaign.change
        for address in (change.new.email, sender.mailbox.address, sender.reply_to, sender.return_path):
            if address:
                yield address


@contextmanager
def probing(settings: Settings) -> Iterator[Probing]:
    """Open the campaign's own ledger, made when it is missing; works beside a run.

    :raises WriteError: it cannot be written.
    """
    with open_store(real_ledger(settings), create=True) as store:
        yield Probing(settings, store)


def mailbox_account(
    settings: Settings, environment: Mapping[str, str], ask: Callable[[str], str] | None
) -> MailboxAccount | None:
    """Return how the mailbox in [mailbox] is opened; None where there is none. The password is fetched when needed.

    :param ask: asks for a password, given a prompt; None when nobody can be asked.
    """
    mailbox = settings.mailbox
    if not mailbox.host:
        return None
    user = mailbox.user or settings.change.new.email or settings.sender.reply_to

    def reveal() -> str:
        if mailbox.token_command:
            return Tokens(mailbox.token_command).current().reveal()
        return find_password(
            user,
            mailbox.host,
            command=mailbox.password_command,
            environment=environment,
            ask=ask,
            variable="NOTIFY_MAILBOX_PASSWORD",
        ).reveal()

    return MailboxAccount(mailbox.host, mailbox.port, mailbox.tls, user, reveal, is_token=bool(mailbox.token_command))
