"""Access tokens (OAuth 2.0), where a relay takes no passwords: what the user's own command prints, for an hour or so.

How a token is obtained, with a browser, a client id and a refresh token, is left to that command.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from notify.accounts.commands import first_line
from notify.accounts.secrets import Secret
from notify.core.late_pattern import late_pattern
from notify.errors import LoginError

#: Google's and Microsoft's are valid for an hour or a little more; none may expire while a session begins.
_OLD_S = 45 * 60
# more than RFC 6750 (2.1) allows, but no JSON, no HTML, and nothing that could end a field of the login
_TOKEN = late_pattern(r"[!-~]+")
_NO_TOKEN = late_pattern(r"[\"'<>{}\\]")


class Tokens:
    """The tokens of one account, one after the other; all connections of a run share them."""

    def __init__(self, command: str, *, clock: Callable[[], float] = time.time) -> None:
        """Run the command for the first token, so that a mistake in it is known before any connection.

        :raises LoginError: the command failed or printed no token.
        :raises ConfigError: the command cannot be read.
        """
        self._command = command
        self._clock = clock
        self._lock = threading.Lock()
        self._token = _token_of(command)
        self._since = clock()

    def current(self) -> Secret:
        """Return the token for a new connection; the command is asked again when the last one is old.

        :raises LoginError: that failed.
        """
        with self._lock:
            # a clock that was put back proves nothing
            if not 0 <= self._clock() - self._since < _OLD_S:
                self._renew()
            return self._token

    def instead_of(self, refused: Secret) -> Secret | None:
        """Return another token than the one that was refused; None when the command has no other.

        :raises LoginError: the command failed.
        """
        with self._lock:
            # another connection may have asked in the meantime
            if self._token is refused:
                self._renew()
            return None if self._token is refused else self._token

    def _renew(self) -> None:
        """Run the command again; a token that it prints a second time keeps its age."""
        token = _token_of(self._command)
        if token.reveal() != self._token.reveal():
            self._token, self._since = token, self._clock()


def _token_of(command: str) -> Secret:
    text = first_line(command, "token").strip()
    if not _TOKEN.fullmatch(text) or _NO_TOKEN.search(text):
        raise LoginError(
            "What token_command printed in its first line is no token.",
            hint=f"It must print the access token and nothing else; try it by hand: {command}",
        )
    return Secret(text)
