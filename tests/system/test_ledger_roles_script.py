"""``notify ledger roles``: the script for the schema that the folder names."""

from __future__ import annotations

from pathlib import Path

from tests.folders import make_folder, run


def test_it_is_for_the_schema_of_the_folder(tmp_path: Path) -> None:
    """Without a database in notify.toml for the usual one; nothing is connected to."""
    plain = run(make_folder(tmp_path / "a"), "ledger", "roles")
    assert plain.returncode == 0, plain.stderr
    assert "-- Roles for the ledger of notify in the schema notify." in plain.stdout
    assert "INSERT INTO notify.only_for" in plain.stdout
    assert plain.stdout.rstrip().endswith("COMMIT;")
    url = "postgresql://notify@db.example/notify"
    named = run(
        make_folder(tmp_path / "b", more=f'\n[ledger]\nurl = "{url}"\nschema = "verteiler"\n'), "ledger", "roles"
    )
    assert "CREATE SCHEMA IF NOT EXISTS verteiler AUTHORIZATION verteiler_owner" in named.stdout
    assert "notify_" not in named.stdout
    assert "notify." not in named.stdout
