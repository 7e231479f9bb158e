"""The accounts that a run hands over to: the relays of its routes with their credentials, or the sandbox, started."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from notify.accounts import Account, Secret, Tls, Tokens, find_password
from notify.config.settings import RelaySettings
from notify.delivery.routes import Route
from notify.errors import ConfigError, WriteError


@contextmanager
def accounts_of(
    routes: Sequence[Route],
    outbox: Path,
    environment: Mapping[str, str],
    ask: Callable[[str], str] | None,
    *,
    file: str = "notify.toml",
) -> Iterator[Callable[[Route], Account]]:
    """Give, inside this ``with``, a function that returns the account of a route; a credential is fetched when needed.

    :param outbox: the folder in which the sandbox keeps messages.
    :param ask: asks for a password, given a prompt; None when nobody can be asked.
    :param file: where the relays stand, for what is to be mended there.
    :raises ConfigError: NOTIFY_PASSWORD is set, and there are several relays that it could be for.
    :raises LoginError: no password or token was found.
    :raises WriteError: the sandbox cannot keep messages.
    """
    if not any(route.is_sandbox for route in routes):
        _refuse_one_password([route.relay for route in routes], environment, file)
        relays = {route.name: route.relay for route in routes}
        account = functools.cache(lambda name: _account(relays[name], environment, ask, file))
        # a route may come back without pipelining; its account stays
        yield lambda route: account(route.name)
        return
    # its libraries take a tenth of a second, and a run towards a real relay needs none of them
    from notify.sandbox import Outbox, Sandbox

    with Sandbox(Outbox(outbox)) as sandbox:
        yield lambda _: Account(host=sandbox.host, port=sandbox.port, tls=Tls.NONE)
        if sandbox.trouble:
            raise WriteError(
                f"The outbox cannot be written: {sandbox.trouble}.",
                hint="Make room, then run the same command again: it goes on where it stopped.",
            )


def _account(
    relay: RelaySettings, environment: Mapping[str, str], ask: Callable[[str], str] | None, file: str
) -> Account:
    credential: Secret | Tokens | None = None
    if relay.user and relay.token_command:
        credential = Tokens(relay.token_command)
    elif relay.user:
        credential = find_password(
            relay.user, relay.host, command=relay.password_command, environment=environment, ask=ask, file=file
        )
    return Account(relay.host, relay.port, Tls(relay.tls), relay.user, credential, relay.ehlo)


def _refuse_one_password(relays: Sequence[RelaySettings], environment: Mapping[str, str], file: str) -> None:
    wanting = [relay for relay in relays if relay.user and not relay.password_command and not relay.token_command]
    if len(wanting) > 1 and environment.get("NOTIFY_PASSWORD"):
        raise ConfigError(
            f"NOTIFY_PASSWORD is set, and {len(wanting)} relays want a password: which one is it for?",
            hint=f"Give each [[relay]] its password_command in {file}; or unset it and use the keyring.",
        )
