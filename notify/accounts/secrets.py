"""Where the password comes from, and how it is kept from being seen.

No error here carries the password or what came with it, not even as the cause that a traceback would show.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable, Mapping

from notify.errors import ConfigError, LoginError

_COMMAND_TIMEOUT_S = 60
_WAYS = "Give it by password_command in notify.toml, or by NOTIFY_PASSWORD; on a terminal notify asks."


class Secret:
    """A password. Whoever prints, formats or logs it sees ``***``."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the password itself, for the one who has to send it."""
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
) -> Secret:
    """Return the password of ``user`` at ``host``: from the command, from NOTIFY_PASSWORD, or by asking.

    ``command`` may be empty; ``ask`` is given the question and is None where nobody can be asked.

    :raises LoginError: there is none, or the command failed.
    :raises ConfigError: the command cannot be read.
    """
    if command:
        return Secret(_first_line(command))
    if text := environment.get("NOTIFY_PASSWORD"):
        return Secret(text)
    if ask is not None and (text := ask(f"Password of {user} at {host}: ")):
        return Secret(text)
    raise LoginError(f"There is no password for {user} at {host}.", hint=_WAYS)


def _first_line(command: str) -> str:
    """Run the command, without a shell, and return the first line that it prints."""
    try:
        # Windows takes a line apart by itself, by its own rules
        arguments = command if os.name == "nt" else shlex.split(command)
    except ValueError as err:
        raise ConfigError(f"password_command cannot be read: {err}.", hint="Mind its quotation marks.") from None
    done, trouble = _run(arguments)
    if done is None:
        raise LoginError(f"password_command {trouble}.", hint=f"Try it by hand: {command}")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise LoginError(f"password_command failed ({done.returncode}): {said}", hint=f"Try it by hand: {command}")
    line = done.stdout.partition(b"\n")[0].removesuffix(b"\r")
    text = _decoded(line)
    if not text:
        raise LoginError("password_command printed no password in its first line.", hint=f"Try it by hand: {command}")
    return text


def _run(arguments: str | list[str]) -> tuple[subprocess.CompletedProcess[bytes] | None, str]:
    """Run a program; return what it did, or why it could not be run. Standard input is left to it, for a PIN."""
    try:
        return subprocess.run(  # noqa: S603 - the user's own command, and no shell sees it
            arguments, capture_output=True, check=False, timeout=_COMMAND_TIMEOUT_S
        ), ""
    except subprocess.TimeoutExpired:
        return None, f"was not done within {_COMMAND_TIMEOUT_S} s"
    except (OSError, ValueError) as err:
        return None, f"cannot be run: {getattr(err, 'strerror', None) or err}"


def _decoded(line: bytes) -> str:
    """Return the line as text, or nothing: a decoding error would carry the password."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""
