"""What a command of the user's prints: a password or an access token, in its first line.

No error here carries what was printed, not even as the cause that a traceback would show.
"""

from __future__ import annotations

import os
import shlex
import subprocess

from notify.errors import ConfigError, LoginError

_TIMEOUT_S = 60


def first_line(command: str, what: str) -> str:
    """Run a command, without a shell, and return the first line that it prints: ``what``, a password or a token.

    A word that begins with ~ is a path below the home directory, as it is when one tries it by hand.

    :raises LoginError: it failed, or printed nothing there.
    :raises ConfigError: it cannot be read.
    """
    key, hint = f"{what}_command", f"Try it by hand: {command}"
    try:
        # Windows splits a command line itself, by its own rules
        arguments = command if os.name == "nt" else [_from_home(word) for word in shlex.split(command)]
    except ValueError as err:
        raise ConfigError(f"{key} cannot be read: {err}.", hint="Check its quotation marks.") from None
    done, trouble = _run(arguments)
    if done is None:
        raise LoginError(f"{key} {trouble}.", hint=hint)
    if done.returncode:
        raise LoginError(f"{key} failed ({done.returncode}): {_last_line(done.stderr)}", hint=hint)
    text = _decoded(done.stdout.partition(b"\n")[0].removesuffix(b"\r"))
    if not text:
        raise LoginError(f"{key} printed no {what} in its first line.", hint=hint)
    return text


def _from_home(word: str) -> str:
    # a Path would take "." and "//" out of words that are no paths
    return os.path.expanduser(word)  # noqa: PTH111  # Path.expanduser raises where there is no home


def _run(arguments: str | list[str]) -> tuple[subprocess.CompletedProcess[bytes] | None, str]:
    """Run a program; return what it did, or why it could not be run. Standard input is left to it, for a PIN."""
    try:
        return subprocess.run(  # noqa: S603 - the user's own command, and no shell sees it
            arguments, capture_output=True, check=False, timeout=_TIMEOUT_S
        ), ""
    except subprocess.TimeoutExpired:
        return None, f"was not done within {_TIMEOUT_S} s"
    except (OSError, ValueError) as err:
        return None, f"cannot be run: {getattr(err, 'strerror', None) or err}"


def _last_line(output: bytes) -> str:
    """Return the last line of what a program complained of; trying it by hand shows the others."""
    lines = output.decode(errors="replace").split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "it did not say why")
    return "".join(char for char in last.strip() if char.isprintable())


def _decoded(line: bytes) -> str:
    """Return the line as text, or nothing: a decoding error would carry the password."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return ""
