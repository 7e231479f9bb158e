"""What a user is told of the way to the database: refused where it cannot be trusted, and warned where nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import make_folder, run
from tests.servers.postgres import Database, Postgres
from tests.servers.scripted import Certificates, make_certificates

pytestmark = pytest.mark.long

LEDGER = '\n[ledger]\nurl = "{url}"\n'


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Give a certificate for db.internal."""
    return make_certificates(tmp_path, "db.internal")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Give a database."""
    with postgres.database() as one:
        yield one


def told(folder: Path, command: str, database: Database, host: str = "db.internal", **more: str) -> tuple[int, str]:
    """Run a command where the ledger is in the database, by whatever name; return its status and what it said."""
    url = database.url_at(database.port, host, hostaddr="127.0.0.1", **more)
    make_folder(folder, relay_port=9, more=LEDGER.format(url=url))
    done = run(folder, *command.split(), environment={"NOTIFY_LEDGER_PASSWORD": database.password})
    said = f"{done.stdout} {done.stderr}"
    assert database.password not in said
    return done.returncode, " ".join(said.split())


def test_who_cannot_be_trusted_is_told_nothing(
    tmp_path: Path, postgres: Postgres, database: Database, certificates: Certificates
) -> None:
    """A wrong name, an unknown authority and no TLS are mistakes in notify.toml, each with its own mend."""
    authority, command = str(certificates.authority), "suppress anna@example.com"
    with postgres.tls(certificates):
        status, said = told(tmp_path / "name", command, database, "other.internal", sslrootcert=authority)
        assert status == 78
        assert "the certificate of the database is for db.internal, not for other.internal." in said
        status, said = told(tmp_path / "authority", command, database)
        assert status == 78
        assert "sslrootcert=FILE" in said
        status, said = told(tmp_path / "trusted", command, database, sslrootcert=authority)
        assert status == 0, said
    status, said = told(tmp_path / "none", command, database, sslrootcert=authority)
    assert status == 78
    assert "the database knows no TLS" in said


def test_a_weaker_way_is_warned_of(
    tmp_path: Path, postgres: Postgres, database: Database, certificates: Certificates
) -> None:
    """It was written by the user, so it is taken; and named by each check."""
    with postgres.tls(certificates):
        _, said = told(tmp_path / "weak", "check --offline", database, sslmode="require")
        assert "by sslmode=require whoever shows any certificate is taken for db.internal" in said
        assert "(unverified-database)" in said
        _, said = told(tmp_path / "strong", "check --offline", database, sslrootcert=str(certificates.authority))
        assert "unverified-database" not in said
        assert "Error" not in said
