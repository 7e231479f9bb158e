"""Finds by opening a session with each relay, and ending it, what would keep it from taking the messages."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence

from notify.accounts import Account, Session, open_session
from notify.actions.check import facts_of
from notify.actions.checkup import Checkup
from notify.actions.prepare import Prepared
from notify.actions.send_test import ExampleMessages
from notify.actions.submissions import provider_of_relay
from notify.checks.relay import Mailing, Offered, relay_offers
from notify.checks.remark import Remark
from notify.config.server import is_loopback
from notify.core.outcome import Outcome, Phase
from notify.core.record import record
from notify.delivery.routes import Route, routes_of
from notify.errors import LoginError
from notify.relays import Wire, run_channel

#: A relay that has not answered by then is away for a person who waits.
_WITHIN_S = 30.0


@record(frozen=True, slots=True)
class LetIn:
    """A relay that has let us in, and what it has offered."""

    offered: Offered
    is_encrypted: bool


def routes_to_try(prepared: Prepared) -> tuple[Route, ...]:
    """Return the relays that would be used; none where it is the sandbox."""
    routes = routes_of(prepared.settings, dt.datetime.now().astimezone().date())
    return tuple(route for route in routes if not route.is_sandbox)


def on_this_machine(route: Route) -> bool:
    """Tell whether a relay needs no network."""
    return is_loopback(route.relay.host)


def check_relays(
    prepared: Prepared, checkup: Checkup, routes: Sequence[Route], account_of: Callable[[Route], Account]
) -> Iterator[LetIn]:
    """Log in to relays and leave them again; yield those that let us in. No message is begun.

    :param account_of: returns the account at a relay; raises LoginError where there is no password.
    """
    facts = facts_of(prepared)
    for route in routes:
        where = facts.place(f"relay.{prepared.settings.relays.index(route.relay)}")
        opened = _opened(route, account_of)
        if isinstance(opened, Session):
            answer_s = _leave(opened)
            relay = route.relay
            offered = Offered(route.name, opened.features, answer_s, relay.connections, relay.pipelining)
            remarks = relay_offers(offered, _mailing(checkup), where)
            yield LetIn(offered, relay.tls != "none")
        else:
            remarks = _refusal(route, opened, where)
        for remark in remarks:
            checkup.add(remark.finding("", facts.texts))


def _mailing(checkup: Checkup) -> Mailing:
    expected = checkup.expected
    takes_s = expected.forecast.takes_s if expected and expected.forecast else 0.0
    return Mailing(expected.recipients if expected else 0, checkup.octets, checkup.beyond_ascii, takes_s)


def _opened(route: Route, account_of: Callable[[Route], Account]) -> Session | Outcome | LoginError:
    try:
        return open_session(account_of(route), timeout_s=_WITHIN_S)
    except LoginError as error:
        return error


def _refusal(route: Route, refused: Outcome | LoginError, where: str) -> Iterator[Remark]:
    """Yield why a relay did not let us in."""
    provider = provider_of_relay(route.relay)
    note = f" {provider.label} {provider.note.en}." if provider and provider.note.en else ""
    if isinstance(refused, LoginError):
        yield Remark("relay-login", refused.message.rstrip("."), refused.hint, where=where)
    elif refused.phase is Phase.AUTH:
        what = f"{route.name} refuses the login: {refused.answer}"
        yield Remark("relay-login", what, f"{refused.words}{note}", where=where)
    else:
        what = f"{route.name} cannot be used: {refused.answer}"
        yield Remark("relay-unreachable", what, refused.words, where=where)


def _leave(session: Session) -> float:
    """Say QUIT: there is no message. Return how long the answer took, in seconds."""
    begins = time.monotonic()
    wire = Wire(session.sock, replies=session.replies, redaction=session.redaction)
    run_channel(wire, session.features, ExampleMessages(()))
    session.sock.close()
    return time.monotonic() - begins
