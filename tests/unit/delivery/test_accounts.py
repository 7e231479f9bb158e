"""The accounts of a run: what is said where the machine does not know whose password is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.config import RelaySettings
from notify.delivery.accounts import accounts_of
from notify.delivery.routes import Route
from notify.errors import ConfigError, LoginError


def test_one_password_for_two_relays(tmp_path: Path) -> None:
    """Nobody guesses which one it is for; the mend names the file in which the relays stand."""
    routes = [Route(RelaySettings(host=host, user="post")) for host in ("one.example", "two.example")]
    given = {"NOTIFY_PASSWORD": "geheim"}
    with (
        pytest.raises(ConfigError, match="2 relays want a password") as caught,
        accounts_of(routes, tmp_path, given, None, file="worker.toml"),
    ):
        pytest.fail("it was taken for one of them")
    assert "password_command in worker.toml" in caught.value.hint


def test_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked for when it is needed, and the same file is named."""
    monkeypatch.setattr("notify.accounts.secrets.password_in_keyring", lambda _user: "")
    route = Route(RelaySettings(host="one.example", user="post"))
    with accounts_of([route], tmp_path, {}, None, file="worker.toml") as account_of:
        with pytest.raises(LoginError) as caught:
            account_of(route)
        assert "password_command in worker.toml" in caught.value.hint
