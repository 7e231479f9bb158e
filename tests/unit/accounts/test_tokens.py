"""Access tokens: when the command is asked again, and what counts as a token."""

from __future__ import annotations

import shlex
import sys
import threading
import traceback
from pathlib import Path

import pytest

from notify.accounts import Account, Secret, Tls, Tokens
from notify.errors import ConfigError, LoginError


class Command:
    """A command that prints one line of its list after the other, the last one again and again."""

    def __init__(self, folder: Path, *tokens: str) -> None:
        self._calls, lines = folder / "calls", folder / "tokens"
        lines.write_text("\n".join(tokens))
        code = (
            "import sys; calls, lines = sys.argv[1:]; open(calls, 'a').write('x'); "
            "lines = open(lines).read().splitlines(); print(lines[min(len(open(calls).read()), len(lines)) - 1])"
        )
        self.line = shlex.join([sys.executable, "-c", code, str(self._calls), str(lines)])

    @property
    def calls(self) -> int:
        """How often it was run."""
        return len(self._calls.read_text()) if self._calls.exists() else 0


class _Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_age(tmp_path: Path) -> None:
    """The command is asked once for 45 minutes, then again; the same token again is as old as it was."""
    command, clock = Command(tmp_path, "one", "one", "two", "three"), _Clock()
    tokens = Tokens(command.line, clock=clock)
    minutes = [(0, "one", 1), (44, "one", 1), (45, "one", 2), (46, "two", 3), (90, "two", 3), (91, "three", 4)]
    for minute, expected, calls in minutes:
        clock.now = _Clock.now + minute * 60
        assert (minute, tokens.current().reveal(), command.calls) == (minute, expected, calls)


def test_clock_that_was_put_back(tmp_path: Path) -> None:
    """When the clock says that the token is from the future, nobody knows its age."""
    command, clock = Command(tmp_path, "one", "two"), _Clock()
    tokens = Tokens(command.line, clock=clock)
    clock.now -= 86400
    assert tokens.current().reveal() == "two"
    assert (tokens.current().reveal(), command.calls) == ("two", 2)


@pytest.mark.parametrize(("second", "expected"), [("two", "two"), ("one", None)])
def test_refused(tmp_path: Path, second: str, expected: str | None) -> None:
    """For a token that was refused the command is asked once more; when it prints the same, there is no other."""
    command = Command(tmp_path, "one", second)
    tokens = Tokens(command.line)
    other = tokens.instead_of(tokens.current())
    assert (other.reveal() if other else None, command.calls) == (expected, 2)


def test_refused_on_many_connections(tmp_path: Path) -> None:
    """The command is asked once for all connections whose token has expired, and all get the same new one."""
    command = Command(tmp_path, "one", "two", "three")
    tokens = Tokens(command.line)
    expired = tokens.current()
    found: list[Secret | None] = []
    threads = [threading.Thread(target=lambda: found.append(tokens.instead_of(expired))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [token and token.reveal() for token in found] == ["two"] * 8
    assert command.calls == 2


@pytest.mark.parametrize(
    "printed",
    ["", " ", "ya29 x", '{"access_token":"x"}', "<html>", "'x'", "tökén", "a\1b", "a\tb", "Bearer x", "\\xff"],
)
def test_no_token(printed: str) -> None:
    """What cannot be a token is never sent to anybody, nor shown."""
    octets = b"gehe\xff" if printed == "\\xff" else printed.encode()
    command = shlex.join([sys.executable, "-c", f"import sys; sys.stdout.buffer.write(bytes({list(octets)}))"])
    with pytest.raises(LoginError, match=r"token_command printed no token|What token_command printed") as caught:
        Tokens(command)
    assert command in caught.value.hint
    shown = "".join(traceback.format_exception(caught.value))
    assert not printed.strip() or printed not in shown.split("Error: ", 1)[1]
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "token",
    ["ya29.a0AfH6SM-x_y~z", "EwB4A8l6BAAUbDba3x2OMJElkF7gJ4z/VbCPEz0AAR+x==", "eyJ0.eyJh.s-_A", "a:b|c!d*e"],
)
def test_token(token: str) -> None:
    """Everything else is taken, without the blanks around it."""
    assert Tokens(f"printf ' %s \\r\\nexpires: 3600\\n' '{token}'").current().reveal() == token


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/to/be/found", "token_command cannot be run"),
        ("sh -c 'echo geheim; echo revoked >&2; exit 3'", r"token_command failed \(3\): revoked"),
    ],
)
def test_command_that_fails(command: str, words: str) -> None:
    """A command that fails at the beginning is said before anybody is connected to."""
    with pytest.raises(LoginError, match=words):
        Tokens(command)


def test_command_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that waits for ever is ended."""
    monkeypatch.setattr("notify.accounts.commands._TIMEOUT_S", 0.3)
    with pytest.raises(LoginError, match="token_command was not done within") as caught:
        Tokens("sh -c 'echo geheim; exec sleep 60'")
    assert "geheim" not in f"{caught.value!r} {caught.value.__context__}"


def test_command_that_cannot_be_read() -> None:
    """A quotation mark too few is a mistake in notify.toml."""
    with pytest.raises(ConfigError, match="token_command cannot be read: No closing quotation"):
        Tokens("oauth 'show")


def test_token_is_not_seen() -> None:
    """However an account is printed, its token is not seen."""
    account = Account("relay.example", 465, Tls.IMPLICIT, "anna", Tokens("echo geheim"))
    assert "geheim" not in repr(account).replace("echo geheim", "")
    assert isinstance(account.credential, Tokens)
    assert f"{account.credential.current()}" == "***"
