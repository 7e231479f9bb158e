"""The keyring of the desktop: a module of our own stands in for the library, which need not be installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.accounts import find_password, keep_password, keeps_passwords
from notify.errors import LoginError

#: Writes down what it was asked, beside itself.
_LIBRARY = """
from pathlib import Path

def get_password(service, user):
    with Path(__file__).with_name("asked").open("a") as file:
        file.write(f"{{service}} {{user}}\\n")
    {answer}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder in which ``import keyring`` finds its module first."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    yield tmp_path
    sys.modules.pop("keyring", None)


def _find(folder: Path, answer: str, **given: object) -> tuple[str, list[str]]:
    """Return the password that is found with such a library, and what the library was asked."""
    (folder / "keyring.py").write_text(_LIBRARY.format(answer=answer))
    more: dict[str, object] = {"command": "", "environment": {}, "ask": None, **given}
    found = find_password("anna", "relay.example", **more).reveal()  # type: ignore[arg-type]
    asked = folder / "asked"
    return found, asked.read_text().splitlines() if asked.exists() else []


def test_services(folder: Path) -> None:
    """Our own entry is looked for first, then the one that yagmail's users have."""
    assert _find(folder, "return 'ours'") == ("ours", ["notify anna"])
    (folder / "asked").unlink()
    sys.modules.pop("keyring")
    answer = "return 'theirs' if service == 'yagmail' else None"
    assert _find(folder, answer) == ("theirs", ["notify anna", "yagmail anna"])


def test_order(folder: Path) -> None:
    """Command and variable beat the keyring, which is not even looked into then; the keyring beats the question."""
    assert _find(folder, "return 'kept'", command="echo one", environment={"NOTIFY_PASSWORD": "two"}) == ("one", [])
    assert _find(folder, "return 'kept'", environment={"NOTIFY_PASSWORD": "two"}) == ("two", [])
    assert _find(folder, "return 'kept'", ask=lambda _: "typed") == ("kept", ["notify anna"])


@pytest.mark.parametrize(
    "answer",
    [
        "return None",
        "return ''",
        "return b'octets'",
        "raise RuntimeError('No recommended backend was available: geheim')",
        "raise KeyboardInterrupt if service == 'never' else OSError('locked')",
        "import no_such_backend",
    ],
)
def test_no_use(folder: Path, answer: str) -> None:
    """A keyring that is locked, empty or not there is as none: the question follows, or the ways to give a password."""
    assert _find(folder, answer, ask=lambda _: "typed")[0] == "typed"
    with pytest.raises(LoginError, match="There is no password for anna") as caught:
        _find(folder, answer)
    assert caught.value.__context__ is None
    assert "keyring set notify anna" in caught.value.hint


@pytest.mark.parametrize("module", ["raise RuntimeError('no D-Bus')", "raise ImportError", "x =", ""])
def test_library_that_cannot_be_loaded(folder: Path, module: str) -> None:
    """A library that is broken, or another one of the same name, is as none."""
    (folder / "keyring.py").write_text(module)
    found = find_password("anna", "relay.example", command="", environment={}, ask=lambda _: "typed")
    assert found.reveal() == "typed"


_KEEPER = """
from pathlib import Path

class Keyring:
    pass

Keyring.__module__ = {module!r}

def get_keyring():
    return Keyring()

def set_password(service, user, password):
    {set}

def get_password(service, user):
    kept = Path(__file__).with_name(f"{{service}} {{user}}")
    return kept.read_text() if kept.exists() else None
"""
_KEEP = 'Path(__file__).with_name(f"{service} {user}").write_text(password)'


@pytest.mark.parametrize(
    ("module", "keeps"),
    [
        ("keyring.backends.SecretService", True),
        ("keyring.backends.macOS", True),
        ("keyring.backends.fail", False),
        ("keyring.backends.null", False),
        ("keyrings.alt.file", False),
    ],
)
def test_where_a_password_can_be_kept(folder: Path, module: str, keeps: bool) -> None:
    """In a keyring that is one: none is as none, and that which writes it down for everybody too."""
    (folder / "keyring.py").write_text(_KEEPER.format(module=module, set="pass"))
    assert keeps_passwords() is keeps


def test_no_keyring(folder: Path) -> None:
    """Without the library nothing is kept."""
    (folder / "keyring.py").write_text("raise ImportError")
    assert not keeps_passwords()
    assert not keep_password("anna", "geheim")


def test_keeping(folder: Path) -> None:
    """What was kept is found again; a keyring that only says so has not kept it."""
    (folder / "keyring.py").write_text(_KEEPER.format(module="keyring.backends.macOS", set=_KEEP))
    assert keep_password("anna", "geheim")
    assert find_password("anna", "relay.example", command="", environment={}, ask=None).reveal() == "geheim"
    sys.modules.pop("keyring")
    (folder / "keyring.py").write_text(_KEEPER.format(module="keyring.backends.macOS", set="pass"))
    assert not keep_password("kim", "geheim")
    sys.modules.pop("keyring")
    (folder / "keyring.py").write_text(_KEEPER.format(module="keyring.backends.macOS", set="raise OSError('locked')"))
    assert not keep_password("kim", "geheim")
