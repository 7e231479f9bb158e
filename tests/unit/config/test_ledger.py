"""The section [ledger]: a database, which is found by its address and never by a password in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.config import Settings, load
from notify.config.ledger import LedgerSettings
from notify.config.ledger_alone import load_ledger
from notify.errors import ConfigError

MINIMAL = '[campaign]\ntemplate = "t"\n[sender]\nemail = "info@alt.example"\n[contacts]\nfiles = "x.csv"\n'
URL = "postgresql://notify@db.example/notify"


def loaded(folder: Path, section: str, **environment: str) -> Settings:
    """Return the settings of a folder with this section [ledger]."""
    (folder / "notify.toml").write_text(f"{MINIMAL}{section}", encoding="utf-8")
    return load(folder, options={}, environment=environment)


def problems_in(folder: Path, section: str, **environment: str) -> list[str]:
    """Return what is wrong with this section [ledger]."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, section, **environment)
    error: BaseException | None = caught.value
    while error is not None:
        assert "geheim" not in f"{error} {error.args}", "not in what would be logged with its causes either"
        error = error.__cause__ or error.__context__
    return [str(problem) for problem in caught.value.problems]


def test_without_it_the_ledger_is_a_file(tmp_path: Path) -> None:
    """No address, no database."""
    assert loaded(tmp_path, "").ledger == LedgerSettings(url="", schema="notify", password_command="")


def test_all_of_it(tmp_path: Path) -> None:
    """Every key becomes what the program works with."""
    given = f'[ledger]\nurl = "{URL}"\nschema = "mailings"\npassword_command = "pass show db"\n'
    assert loaded(tmp_path, given).ledger == LedgerSettings(URL, "mailings", "pass show db")


def test_by_the_environment(tmp_path: Path) -> None:
    """A variable beats the file, and needs none."""
    other = "postgresql://notify@other.example/notify"
    assert loaded(tmp_path, "", NOTIFY_LEDGER_URL=URL).ledger.url == URL
    made = loaded(tmp_path, f'[ledger]\nurl = "{URL}"\n', NOTIFY_LEDGER_URL=other, NOTIFY_LEDGER_SCHEMA="mailings")
    assert (made.ledger.url, made.ledger.schema) == (other, "mailings")
    assert problems_in(tmp_path, "", NOTIFY_LEDGER_URL="db.example/notify")[0].startswith(
        "NOTIFY_LEDGER_URL: it is not the address of a PostgreSQL database"
    )


@pytest.mark.parametrize(
    "url",
    [
        "postgres://db.example/notify",
        "postgresql://notify@db.example:6432/notify",
        "postgresql://notify@[2001:db8::1]:5432/notify?sslmode=require",
        "postgresql://notify@db1.example,db2.example:5433/notify?target_session_attrs=read-write",
        "postgresql:///notify?host=/var/run/postgresql&sslmode=disable",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/notify?sslmode=disable",
        "postgresql://notify@127.0.0.1:5433/notify?sslmode=disable",
        "postgresql://localhost/notify?sslmode=prefer",
        "postgresql:///?service=notify",
        "postgresql:///?dbname=notify&host=db.example&user=notify&sslrootcert=/etc/ssl/db.pem",
    ],
)
def test_addresses_of_databases(tmp_path: Path, url: str) -> None:
    """What libpq takes stands as it was written."""
    assert loaded(tmp_path, f'[ledger]\nurl = "{url}"\n').ledger.url == url


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ('url = "postgresql://notify:geheim@db.example/notify"', "`url`: no password stands in it: name a"),
        ('url = "postgresql://notify:geheim@x@db.example/notify"', "`url`: no password stands in it"),
        ('url = "postgresql://db.example/notify?password=geheim"', "`url`: no password stands in it"),
        ('url = "postgresql://db.example/notify?sslpassword=geheim"', "`url`: no password stands in it"),
        ('url = "postgresql://notify:geheim/x@db.example/notify"', "`url`: its port is not a number"),
        ('url = "mysql://geheim@db.example/notify"', "`url`: it is not the address of a PostgreSQL database; write"),
        ('url = "geheim"', "`url`: it is not the address of a PostgreSQL database; write"),
        ('url = "postgresql://[geheim/notify"', "`url`: it is not the address of a database; write"),
        ('url = "postgresql://db.example/notify#geheim"', "`url`: it is not the address of a PostgreSQL database"),
        ('url = ""', "`url`: it is not the address of a database"),
        ("url = 5", "`url`: it is not the address of a database"),
        ('url = "postgresql://ge heim@db.example/notify"', "`url`: it is not the address of a PostgreSQL database"),
        ('url = "postgresql://g$heim/notify"', "`url`: its host is not the name of a server; write"),
        ('url = "postgresql://db.example:99999/notify"', "`url`: its port is not a number from 1 to 65535"),
        ('url = "postgresql://notify@db.example"', "`url`: it names no database; write"),
        (
            'url = "postgresql://db.example/notify?ssl_mode=require"',
            "`url`: a word behind its question mark is none that it may have there; did you mean sslmode?",
        ),
        (
            'url = "postgresql://db.example/notify?sslmode=verifyfull"',
            "`url`: its sslmode is none that there is; did you mean verify-full?",
        ),
        ('url = "postgresql://db.example/notify?options=-csearch_path%3Dx"', "`url`: a word behind its question mark"),
        (
            'url = "postgresql://db.example/notify?sslmode=disable"',
            "`url`: sslmode=disable is only for a database on this machine: people's addresses would be read",
        ),
        ('url = "postgresql://127.0.0.1,db.example/notify?sslmode=allow"', "`url`: sslmode=allow is only for"),
        ('url = "postgresql:///notify?host=db.example&sslmode=prefer"', "`url`: sslmode=prefer is only for"),
        (f'url = "{URL}"\nschema = "My Schema"', "`schema`: it is not the name of a schema"),
        (f'url = "{URL}"\nschema = "pg_notify"', "`schema`: it is not the name of a schema"),
        (f'url = "{URL}"\npassword_command = "pass \'x"', "`password_command`: its quotes do not match"),
        (
            f'url = "{URL}"\npassword = "geheim"',
            "passwords never stand in this file: name a `password_command`, set NOTIFY_LEDGER_PASSWORD",
        ),
        (f'url = "{URL}"\nshcema = "x"', "unknown key `shcema`: did you mean `schema`?"),
        ('password_command = "pass x"', "`password_command`: it needs `url` beside it"),
        ('schema = "mailings"', "`schema`: it needs `url` beside it"),
    ],
)
def test_problems(tmp_path: Path, key: str, words: str) -> None:
    """Each with its line, once, and without repeating what may be a secret."""
    problems = problems_in(tmp_path, f"[ledger]\n{key}\n")
    assert len(problems) == 1
    line = 8 + key.count("\n")
    assert problems[0].startswith(f"notify.toml:{line}: {words}")


def test_a_section_that_is_nearly_called_so(tmp_path: Path) -> None:
    """Two brackets are as wrong as a letter too many."""
    assert problems_in(tmp_path, f'[ledgers]\nurl = "{URL}"')[0].endswith(
        "unknown section [ledgers]: did you mean [ledger]?"
    )
    assert problems_in(tmp_path, f'[[ledger]]\nurl = "{URL}"')[0].endswith("write [ledger], with single brackets")


def test_it_is_read_alone(tmp_path: Path) -> None:
    """Whoever asks for the ledger alone is not kept from it by what is wrong elsewhere, but by what is wrong in it."""
    toml = tmp_path / "notify.toml"
    assert load_ledger(tmp_path, {}) == LedgerSettings()
    assert load_ledger(tmp_path, {"NOTIFY_LEDGER_URL": URL}).url == URL
    toml.write_text(f'[sendr]\nx = 1\n[send]\nbatch = "x"\n[ledger]\nurl = "{URL}"\nschema = "mailings"\n', "utf-8")
    assert load_ledger(tmp_path, {}) == LedgerSettings(URL, "mailings")
    assert load_ledger(tmp_path, {"NOTIFY_LEDGER_SCHEMA": "other", "NOTIFY_SEND_BATCH": "x"}).schema == "other"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[ledger]\nurl = 5", "notify.toml:2: `url`: it is not the address of a database"),
        (f'[ledgr]\nurl = "{URL}"', "notify.toml:1: unknown section [ledgr]: did you mean [ledger]?"),
        (f'[ledger]\nulr = "{URL}"', "notify.toml:2: unknown key `ulr`: [ledger] has url, schema and password_command"),
        (f'[ledger]\nurl = "{URL}', "notify.toml:2: "),
    ],
)
def test_read_alone_it_is_refused_too(tmp_path: Path, text: str, problem: str) -> None:
    """A list of who must not be written to is not kept in another place than was meant."""
    (tmp_path / "notify.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_ledger(tmp_path, {})
    assert str(caught.value.problems[0]).startswith(problem)
