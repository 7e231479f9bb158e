"""Where the password comes from, and that nobody sees it."""

from __future__ import annotations

import shlex
import sys
import traceback
from pathlib import Path

import pytest

from notify.accounts import Account, Secret, Tls, find_password
from notify.errors import ConfigError, LoginError, NotifyError

SECRET = "Töp secret' pass"


def _python(code: str) -> str:
    """Return a command that runs a line of Python."""
    return shlex.join([sys.executable, "-c", code])


def _find(command: str = "", environment: dict[str, str] | None = None, typed: str | None = None) -> str:
    ask = None if typed is None else lambda _: typed
    found = find_password("anna", "relay.example", command=command, environment=environment or {}, ask=ask)
    return found.reveal()


def test_secret_is_not_seen() -> None:
    """However a password is printed, by itself or in what holds it, stars are seen."""
    secret = Secret(SECRET)
    account = Account("relay.example", 465, Tls.IMPLICIT, "anna", secret)
    assert SECRET not in f"{secret} {secret!r} {account} {[secret]} %s" % secret
    assert f"{secret}" == "***"
    assert secret.reveal() == SECRET


def test_order() -> None:
    """The command wins over the environment, and that over asking."""
    assert _find(_python("print('one')"), {"NOTIFY_PASSWORD": "two"}, "three") == "one"
    assert _find("", {"NOTIFY_PASSWORD": "two"}, "three") == "two"
    assert _find("", {}, "three") == "three"


def test_question() -> None:
    """Who is asked is told whose password is meant."""
    found = find_password("anna", "relay.example", command="", environment={}, ask=lambda question: question)
    assert found.reveal() == "Password of anna at relay.example: "


def test_where_it_would_stand() -> None:
    """A machine that hands over what others have placed has a file of its own."""
    with pytest.raises(LoginError) as caught:
        find_password("anna", "relay.example", command="", environment={}, ask=None, file="worker.toml")
    assert "password_command in worker.toml" in caught.value.hint
    assert "token_command in worker.toml" in caught.value.hint
    assert "notify.toml" not in caught.value.hint


@pytest.mark.parametrize("typed", [None, ""])
def test_none(typed: str | None) -> None:
    """Without any, the ways to give one are named."""
    with pytest.raises(LoginError) as caught:
        _find(typed=typed)
    assert "anna" in caught.value.message
    for way in ("password_command", "NOTIFY_PASSWORD", "keyring set notify anna", "on a terminal", "token_command"):
        assert way in caught.value.hint.replace("On", "on")


def test_first_line_only() -> None:
    """The password is the first line, as with ``pass``, and its blanks belong to it."""
    assert _find(_python(r"import sys; sys.stdout.buffer.write(b' a b \r\nuser: anna\n')")) == " a b "
    assert _find(_python(r"import sys; sys.stdout.buffer.write('gehäim'.encode())")) == "gehäim"


def test_no_shell(tmp_path: Path) -> None:
    """No shell sees the command: what would mean something to one is taken as it is written."""
    witness = tmp_path / "witness"
    command = _python("import sys; print(sys.argv[1:])") + f" '$HOME' ';' touch {witness}"
    assert _find(command) == f"['$HOME', ';', 'touch', '{witness}']"
    assert not witness.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes a line apart by itself, and knows no ~")
def test_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What works when it is tried by hand works here: ~ before a path is the home directory, elsewhere a sign."""
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert _find("cat ~/secret") == SECRET
    assert _find(_python("import sys; print(sys.argv[1:])") + " a~/secret") == "['a~/secret']"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/to/be/found", "cannot be run"),
        (_python(f"import sys; print({SECRET!r}); sys.exit('the store is locked')"), "the store is locked"),
        (_python(""), "printed no password"),
        (_python(f"print(); print({SECRET!r})"), "printed no password"),
        (_python(rf"import sys; sys.stdout.buffer.write(b'\xff' + {SECRET!r}.encode())"), "printed no password"),
        (_python("a\0b"), "cannot be run"),
        (_python("import sys; sys.exit('Traceback\\n  line 1\\nbroken\\x1b[31m\\n\\n')"), r"\(1\): broken\[31m$"),
        (_python("import sys; sys.exit(3)"), r"\(3\): it did not say why$"),
    ],
)
def test_command_that_fails(command: str, words: str) -> None:
    """Why a command failed is said in its own words, and nothing of what it printed as the password."""
    with pytest.raises(LoginError, match=words) as caught:
        _find(command, {"NOTIFY_PASSWORD": "never fallen back to"})
    _assert_clean(caught.value, without=command)


def test_command_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that waits for ever is ended, and what it had printed is not in the error."""
    monkeypatch.setattr("notify.accounts.commands._TIMEOUT_S", 0.5)
    command = _python(f"import time; print({SECRET!r}, flush=True); time.sleep(60)")
    with pytest.raises(LoginError, match="was not done within") as caught:
        _find(command)
    _assert_clean(caught.value, without=command)


def test_command_that_cannot_be_read() -> None:
    """A quotation mark too few is a mistake in notify.toml."""
    with pytest.raises(ConfigError, match="No closing quotation"):
        _find("pass 'show")


def _assert_clean(err: NotifyError, *, without: str) -> None:
    """See that the password is nowhere in an error, nor in what a traceback would show of it."""
    shown = "".join(traceback.format_exception(err)) + err.hint
    assert SECRET not in shown.replace(without, "")
    assert err.__context__ is None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.example", False),
        ("192.0.2.1", False),
        ("0.0.0.0", False),  # noqa: S104 - only looked at
        ("127.0.0.1.relay.example", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    """Only this machine is on loopback; a name is believed only when it is localhost itself."""
    assert Account(host, 25, Tls.NONE).loopback is loopback
