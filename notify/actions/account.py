"""The account that a run hands over to: the relay of the settings with its password, or the sandbox, started."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from notify.accounts import Account, Tls, find_password
from notify.actions.ledgers import outbox_folder
from notify.config import Settings
from notify.errors import WriteError
from notify.sandbox import Outbox, Sandbox


@contextmanager
def account_of(
    settings: Settings, environment: Mapping[str, str], ask: Callable[[str], str] | None
) -> Iterator[Account]:
    """Give the account inside this ``with``.

    :param ask: asks for a password, given a prompt; None when nobody can be asked.
    :raises LoginError: there is no password to be had.
    :raises WriteError: the sandbox cannot keep messages.
    """
    relay = settings.relay
    if relay is None:
        with Sandbox(Outbox(outbox_folder(settings))) as sandbox:
            yield Account(host=sandbox.host, port=sandbox.port, tls=Tls.NONE)
            if sandbox.trouble:
                raise WriteError(
                    f"The outbox cannot be written: {sandbox.trouble}.",
                    hint="Make room, then run the same command again: it goes on where it stopped.",
                )
        return
    password = None
    if relay.user:
        password = find_password(
            relay.user, relay.host, command=relay.password_command, environment=environment, ask=ask
        )
    yield Account(host=relay.host, port=relay.port, tls=Tls(relay.tls), user=relay.user, password=password)
