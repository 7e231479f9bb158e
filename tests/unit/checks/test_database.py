"""A database elsewhere that is not verified to its name is noticed; one of this machine is not."""

from __future__ import annotations

import pytest

from notify.checks.database import unverified_database
from notify.checks.remark import Remark
from notify.config.database_url import unverified


def found(url: str) -> list[Remark]:
    """Return what is noticed of a URL."""
    return list(unverified_database(*unverified(url), "notify.toml:7"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql:///notify?sslmode=require",
        "postgresql://localhost/notify?sslmode=disable",
        "postgresql:///notify?host=/run/postgresql&sslmode=require",
        "postgresql://notify@db.example/notify",
        "postgresql://notify@db.example/notify?sslmode=verify-full&sslrootcert=/etc/db.pem",
    ],
)
def test_what_is_verified_or_here_is_no_remark(url: str) -> None:
    """Nor is no database."""
    assert found(url) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://notify@db.example/notify?sslmode=require",
            "whoever shows any certificate is taken for db.example",
        ),
        ("postgresql://localhost,db.example:5433/n?sslmode=verify-ca", "for any other name is taken for db.example"),
        ("postgresql:///notify?hostaddr=192.0.2.7&sslmode=require", "is taken for 192.0.2.7"),
    ],
)
def test_a_weaker_mode_is_noticed(url: str, said: str) -> None:
    """With what anybody could do, and what to write instead."""
    (remark,) = found(url)
    assert (remark.name, remark.where) == ("unverified-database", "notify.toml:7")
    assert said in remark.what
    assert "sslrootcert=FILE" in remark.mend
