"""Where the password comes from, and how it is kept from being seen."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from notify.accounts.commands import first_line
from notify.accounts.keyring import password_in_keyring
from notify.errors import LoginError


class Secret:
    """A password or a token. Whoever prints, formats or logs it sees ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself, for the one who has to send it."""
        return self._text

    def __repr__(self) -> str:
        return "***"


def find_password(
    user: str,
    host: str,
    *,
    command: str,
    environment: Mapping[str, str],
    ask: Callable[[str], str] | None,
    variable: str = "NOTIFY_PASSWORD",
    file: str = "notify.toml",
) -> Secret:
    """Return the password of ``user`` at ``host``: from the command, the variable, the keyring, or by asking.

    ``command`` may be empty; ``ask`` is given the question and is None where nobody can be asked. ``file`` is where the
    command would stand.

    :raises LoginError: there is none, or the command failed.
    :raises ConfigError: the command cannot be read.
    """
    if command:
        return Secret(first_line(command, "password"))
    if text := environment.get(variable):
        return Secret(text)
    if text := password_in_keyring(user):
        return Secret(text)
    if ask is not None and (text := ask(f"Password of {user} at {host}: ")):
        return Secret(text)
    raise LoginError(f"There is no password for {user} at {host}.", hint=_ways(user, variable, file))


def _ways(user: str, variable: str, file: str) -> str:
    return (
        f"Give it by password_command in {file}, by {variable}, or by the keyring:  "
        f"keyring set notify {shlex.quote(user)}\n"
        f"On a terminal notify asks. Where the server takes no passwords, token_command in {file} gives a token."
    )
