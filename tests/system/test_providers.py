"""``notify providers``: what a person and a program are told of mail providers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.folders import run


def test_all_of_them(tmp_path: Path) -> None:
    """Each is in the list with its server, and a program gets all facts of it."""
    from notify.config.providers import PROVIDERS

    shown = run(tmp_path, "providers")
    assert (shown.returncode, len(shown.stdout.splitlines())) == (0, len(PROVIDERS))
    assert "gmx               GMX               mail.gmx.net:465 (TLS)" in shown.stdout
    assert "notify providers NAME" in shown.stderr
    assert [one["name"] for one in json.loads(run(tmp_path, "providers", "--json").stdout)] == list(PROVIDERS)


@pytest.mark.parametrize("name", ["gmx", "GMX", "gmx.de", "anna@gmx.at"])
def test_one(tmp_path: Path, name: str) -> None:
    """One is found by its name and by its addresses, with what must be done first, the source and its age."""
    shown = run(tmp_path, "providers", name).stdout
    for words in ("POP3 and IMAP were switched on", "ISPDB gmx.net", "2026-03-12, ", " ago", 'preset = "gmx"'):
        assert words in shown
    assert "not published; notify keeps to 6/min, 200/hour" in shown
    assert "in the first 7 days 2/min, 50/hour" in run(tmp_path, "providers", "IONOS").stdout


def test_where_mailboxes_are_read(tmp_path: Path) -> None:
    """Of those that have mailboxes the IMAP server is known; the set-up writes that of the new address down."""
    from notify.config.imap_hosts import IMAP_HOSTS
    from notify.config.providers import PROVIDERS

    assert set(IMAP_HOSTS) <= set(PROVIDERS)
    assert "imap.gmx.net:993 (IMAP, TLS)" in run(tmp_path, "providers", "gmx").stdout
    told = {one["name"]: one["imap_host"] for one in json.loads(run(tmp_path, "providers", "--json").stdout)}
    assert (told["gmx"], told["sendgrid"]) == ("imap.gmx.net", "")
    options = "--from petra@posteo.de --name Berg --old email=petra@posteo.de --new email=petra.berg@gmx.de".split()
    assert run(tmp_path, "init", "neu", "--lang", "de", *options).returncode == 0
    assert '# [mailbox]\n# host = "imap.gmx.net"' in (tmp_path / "neu" / "notify.toml").read_text("utf-8")


def test_unknown(tmp_path: Path) -> None:
    """Of one that is not known, the nearest is named."""
    refused = run(tmp_path, "providers", "gmxx")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert '"gmxx" is not known; did you mean gmx?' in refused.stderr
