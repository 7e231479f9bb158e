"""TLS on the way to the database, against a real PostgreSQL that shows good and bad certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from notify.errors import ConfigError
from notify.ledger import Database as Place
from notify.ledger.postgres.connection import connected
from notify.ledger.postgres.tls import tls_parameters, tls_trouble
from tests.servers.postgres import Database, Postgres
from tests.servers.scripted import Certificates, make_certificates

if TYPE_CHECKING:
    import psycopg

_LOCAL = [
    "postgresql:///notify",
    "postgresql://%2Fvar%2Frun%2Fpostgresql/notify",
    "postgresql:///notify?host=/tmp",
    "postgresql://LOCALHOST/notify",
    "postgresql://127.0.0.2:5433/notify",
    "postgresql://[::1]/notify",
    "postgresql://localhost,127.0.0.1/notify",
]
_ELSEWHERE = [
    "postgresql://db.example/notify",
    "postgresql://192.0.2.7/notify",
    "postgresql://localhost.example/notify",
    # the name is verified, wherever it leads
    "postgresql://db.example/notify?hostaddr=127.0.0.1",
    # one of them is enough
    "postgresql://localhost,db.example/notify",
    "postgresql:///notify?host=db.example",
    "postgresql:///notify?hostaddr=192.0.2.7",
    # whatever the file says
    "postgresql://?service=notify",
]


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing of this machine say anything."""
    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE", "PGSSLROOTCERT", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """Give a certificate for db.example."""
    return make_certificates(tmp_path, "db.example")


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    """Give a database."""
    with postgres.database() as one:
        yield one


def opened(database: Database, host: str = "db.example", **more: str) -> psycopg.Connection[Any]:
    """Connect as notify does, to loopback by whatever name.

    :raises ConfigError: TLS is the trouble.
    """
    url = database.url_at(database.port, host, hostaddr="127.0.0.1", **more)
    return connected(Place(url, password=lambda: database.password))


def is_encrypted(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether a connection is by TLS; close it."""
    with connection:
        row = connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
        assert row is not None
        return bool(row[0])


@pytest.mark.parametrize("url", _LOCAL)
def test_on_this_machine_nothing_is_asked_for(url: str) -> None:
    """By a socket, or by loopback, whatever its name."""
    assert tls_parameters(url) == {}


@pytest.mark.parametrize("url", _ELSEWHERE)
def test_elsewhere_the_server_is_verified(url: str) -> None:
    """To its name; by the authorities of this machine."""
    parameters = tls_parameters(url)
    assert (parameters["sslmode"], parameters["gssencmode"]) == ("verify-full", "disable")
    assert Path(parameters["sslrootcert"]).is_file() or parameters["sslrootcert"] == "system"


def test_what_the_url_says_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And the environment names an authority, but no weaker mode; nor does it move what is local."""
    assert tls_parameters("postgresql://db.example/n?sslmode=require&gssencmode=prefer") == {}
    assert "sslrootcert" not in tls_parameters("postgresql://db.example/n?sslrootcert=/etc/db.pem")
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert tls_parameters("postgresql://db.example/n")["sslmode"] == "verify-full"
    monkeypatch.setenv("PGHOST", "db.example")
    assert tls_parameters("postgresql:///n")["sslmode"] == "verify-full"
    assert "sslmode" not in tls_parameters("postgresql://localhost/n")
    (tmp_path / ".postgresql").mkdir()
    (tmp_path / ".postgresql" / "root.crt").write_text("")
    assert "sslrootcert" not in tls_parameters("postgresql://db.example/n")
    monkeypatch.setenv("PGSSLROOTCERT", "/etc/db.pem")
    assert "sslrootcert" not in tls_parameters("postgresql://db.example/n")


def test_a_certificate_that_is_trusted_is_enough(
    postgres: Postgres, database: Database, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name in the URL, or by this machine."""
    with postgres.tls(certificates):
        assert is_encrypted(opened(database, sslrootcert=str(certificates.authority)))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
        assert is_encrypted(opened(database))
        assert is_encrypted(opened(database, sslrootcert="system"))


def test_a_certificate_for_another_name_is_refused(postgres: Postgres, database: Database, tmp_path: Path) -> None:
    """Whoever has one may not be who is meant."""
    other = make_certificates(tmp_path, "other.example", "third.example")
    said = "the certificate of the database is for other.example (and 1 other name), not for db.example."
    with postgres.tls(other), pytest.raises(ConfigError, match=rf"^db\.example:\d+/test_\d+: {re.escape(said)}$"):
        opened(database, sslrootcert=str(other.authority))
    one = make_certificates(tmp_path, "other.example")
    with postgres.tls(one), pytest.raises(ConfigError, match=r"is for other\.example, not for db\.example\.$"):
        opened(database, sslrootcert=str(one.authority))


def test_an_unknown_authority_is_refused(
    postgres: Postgres, database: Database, certificates: Certificates, tmp_path: Path
) -> None:
    """Be it that of nobody whom this machine trusts, or another one than the URL names."""
    trustme.CA().cert_pem.write_to_path(tmp_path / "another.pem")
    with postgres.tls(certificates):
        for more in ({}, {"sslrootcert": str(tmp_path / "another.pem")}):
            with pytest.raises(ConfigError, match="is not to be trusted") as refused:
                opened(database, **more)
            assert "sslrootcert=FILE" in refused.value.hint


def test_an_authority_that_cannot_be_read_is_named(
    postgres: Postgres, database: Database, certificates: Certificates, tmp_path: Path
) -> None:
    """By its file."""
    (tmp_path / "odd.pem").write_text("nothing")
    with postgres.tls(certificates):
        for name in ("gone.pem", "odd.pem"):
            with pytest.raises(ConfigError, match=rf"cannot be read from {re.escape(str(tmp_path / name))}\.$"):
                opened(database, sslrootcert=str(tmp_path / name))


def test_a_server_without_tls_is_refused(database: Database, certificates: Certificates) -> None:
    """Also by the weakest mode that the settings take for a database elsewhere."""
    for more in ({}, {"sslmode": "require"}):
        with pytest.raises(ConfigError, match="the database knows no TLS") as refused:
            opened(database, sslrootcert=str(certificates.authority), **more)
        assert "ssl = on" in refused.value.hint


def test_weaker_than_that_it_has_to_be_said(postgres: Postgres, database: Database, certificates: Certificates) -> None:
    """By `sslmode=require` whoever answers is believed, and by `verify-ca` whatever its name."""
    with postgres.tls(certificates):
        assert is_encrypted(opened(database, "other.example", sslmode="require"))
        more = {"sslmode": "verify-ca", "sslrootcert": str(certificates.authority)}
        assert is_encrypted(opened(database, "other.example", **more))


def test_who_wants_no_tls_is_told_that_the_server_does(
    postgres: Postgres, database: Database, certificates: Certificates
) -> None:
    """As with a server in a container on this machine, which takes nothing else."""
    with postgres.tls(certificates, only=True), pytest.raises(ConfigError, match="lets nobody in without TLS"):
        opened(database, "localhost", sslmode="disable")


@pytest.mark.parametrize("said", ["password authentication failed for user", "Connection refused", ""])
def test_other_troubles_are_not_of_tls(said: str) -> None:
    """They have words of their own."""
    assert tls_trouble(said, "db.example/notify") is None
