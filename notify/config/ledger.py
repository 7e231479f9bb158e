"""The section [ledger]: the database that several machines share. No password ever stands in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from notify.config.database_url import database_url, schema
from notify.config.sections import About, Section, Type, declared_keys, setting
from notify.config.value_types import COMMAND
from notify.core.record import record

#: Where notify keeps its tables when nothing else is said.
SCHEMA = "notify"


@record(frozen=True, slots=True)
class LedgerSettings:
    """The section [ledger]: a PostgreSQL database. Without ``url`` the ledger is the file beside notify.toml.

    ``password_command`` is empty where there is none: then it is the environment's, or libpq finds the password.
    """

    url: str = setting(
        Type("address of a PostgreSQL database", database_url),
        About(
            "the database; without `sslmode` its certificate is verified",
            "die Datenbank; ohne `sslmode` wird ihr Zertifikat geprüft",
            "postgresql://notify@db.example/notify",
            option="--ledger",
            default="none: the ledger is the file `ledger.db`",
        ),
        default="",
    )
    schema: str = setting(
        Type("name of a schema", schema),
        About(
            "in which notify keeps its tables",
            "darin liegen die Tabellen von notify",
            SCHEMA,
            active=False,
        ),
        default=SCHEMA,
    )
    password_command: str = setting(
        COMMAND,
        About(
            "prints it; else NOTIFY_LEDGER_PASSWORD, ~/.pgpass, a service file",
            "gibt es aus; sonst NOTIFY_LEDGER_PASSWORD, ~/.pgpass, Service-Datei",
            "pass show db/notify",
        ),
        default="",
    )


def _contradictions(ledger: LedgerSettings, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    has_url = ledger.url or "url" in failed
    for name, is_given in (("schema", ledger.schema != SCHEMA), ("password_command", ledger.password_command)):
        if is_given and not has_url:
            yield name, 'it needs `url` beside it: of which database? url = "postgresql://notify@db.example/notify"'
            break


LEDGER = Section(
    ("ledger",),
    About(
        "A PostgreSQL database for several machines: it keeps who was written to, and who must not be. Without it that "
        "is the file ledger.db beside this one. The password never stands in this file.",
        "Eine PostgreSQL-Datenbank für mehrere Rechner: Sie hält fest, wem geschrieben wurde und wem nicht geschrieben "
        "werden darf. Ohne sie ist das die Datei ledger.db neben dieser. Das Passwort steht nie in dieser Datei.",
        active=False,
    ),
    declared_keys(LedgerSettings),
    LedgerSettings,
    _contradictions,
)
