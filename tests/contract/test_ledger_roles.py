"""Who may do what with a ledger in a database: each role tries what it needs, and what it must not be able to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from notify.core.status import Status
from notify.errors import WriteError
from notify.ledger import Database as Place
from notify.ledger import Forgetting, Leaving, Reports, Suppressions, Versions, open_store, sending_days
from notify.ledger.postgres.leases import Leases
from notify.ledger.postgres.portion_handover import PortionHandover
from notify.ledger.postgres.portions import Portions
from notify.ledger.postgres.roles import rights, roles_script
from notify.ledger.postgres.store import PostgresStore
from tests.servers.postgres import Database, Postgres
from tests.unit.ledger.mailing import DATE, NOW, RELAY, Mailing, outcome

_NUMBERS = itertools.count(1)

#: What each role may look at, by table; the sender looks at everything. A new table has to be thought of here.
_WORKER = "ledger arrow campaign version recipient attempt code suppression tally deferral portion only_for".split()
_WORKER += "bundle bundled blob move".split()
_READER = "ledger arrow campaign version recipient rejection enrolment attempt suppression tally deferral".split()
_READER += "holder portion move".split()
_WORKER += "rate rate_part ramp_day relay_state".split()
_READER += ["relay_state"]
_WORKER += "commission worker duty".split()
_READER += "commission worker call probe approval".split()

_RECIPIENT = (
    "INSERT INTO recipient (campaign, key, identity, address, name, language, salutation, origin, fields, round,"
    " status, message_id) SELECT number, 'k', 'neu@kunde.example', 'neu@kunde.example', '', 'de', '', '', '{}', 1,"
    " 'pending', '<neu@alt.example>' FROM campaign LIMIT 1"
)
_ATTEMPT = (
    "INSERT INTO attempt (recipient, time, address, relay, phase, reply, status, scope, message_id)"
    " SELECT id, '2026-12-01', address, 'relay', 'dot', '250', 'sent', '', '' FROM recipient LIMIT 1"
)

#: What each may do, and what each may not.
_MAY = {
    "sender": [
        _RECIPIENT,
        _ATTEMPT,
        "UPDATE recipient SET status = 'withdrawn', selected = false",
        "DELETE FROM code",
        "SELECT compact_tallies()",
        "UPDATE ledger SET origin = 'here'",
        "INSERT INTO suppression VALUES ('x@kunde.example', '', '2026-12-01')",
        "DELETE FROM suppression",
        "UPDATE campaign SET round = round + 1",
        "INSERT INTO holder VALUES (1, 7, 'node', '2026-12-01') ON CONFLICT (one) DO UPDATE SET pid = 8",
        "CREATE TEMP TABLE excluded (identity text) ON COMMIT DROP",
        "INSERT INTO call (time, said, is_sent) VALUES ('2026-12-01', 'Apfel 12', false)",
        "SELECT * FROM approval",
        "INSERT INTO blob VALUES (sha256('x'), 'x')",
        "DELETE FROM bundled",
    ],
    "worker": [
        "UPDATE recipient SET status = 'in_flight', run = '1/1', digest = 'd', date = 'x', version = 1, relay = 'r'",
        _ATTEMPT,
        "SELECT 1 FROM suppression WHERE identity = 'a@kunde.example'",
        "SELECT printed FROM code",
        "SELECT compact_tallies()",
        "SELECT * FROM campaign",
        "INSERT INTO portion (campaign, turn, first, last, placed) SELECT number, 1, 1, 9, '' FROM campaign LIMIT 1",
        (
            "UPDATE portion SET owner = 'w', epoch = epoch + 1, lease_until = clock_timestamp(), done = true"
            " WHERE id = (SELECT id FROM portion LIMIT 1 FOR UPDATE SKIP LOCKED)"
        ),
        "SELECT * FROM reserve_moments('relay', '', 2, 1, '{5}', '{60}', '{60}', 10, 1)",
        "SELECT count_left('relay', '', 60, '{0}', '{1}'), give_moments_back('relay', '', 1, '{60}', '{0}')",
        "INSERT INTO relay_state (relay) VALUES ('relay')",
        "INSERT INTO ramp_day VALUES ('relay', '2026-12-01', 1)",
    ],
    "reader": [
        "SELECT * FROM recipient",
        "SELECT * FROM attempt",
        "SELECT sum(count) FROM tally",
        "SELECT * FROM campaign",
        "SELECT * FROM suppression",
    ],
}
_MAY_NOT = {
    "sender": [
        "UPDATE attempt SET reply = ''",
        "UPDATE ledger SET version = 2",
        "INSERT INTO move VALUES (1, 'arrived', '', '', '')",
        "DELETE FROM attempt",
        "DELETE FROM approval",
        "UPDATE approval SET seal = ''",
        "DELETE FROM call",
        "DELETE FROM campaign",
        "TRUNCATE recipient CASCADE",
        "DROP TABLE recipient",
        "ALTER TABLE recipient DISABLE TRIGGER ALL",
        "UPDATE ledger SET version = 0",
        "DELETE FROM arrow",
        "INSERT INTO only_for VALUES ('node7', 'a')",
        "CREATE TABLE more (one int)",
    ],
    "worker": [
        _RECIPIENT,
        "DELETE FROM recipient",
        "UPDATE recipient SET address = 'x@kunde.example'",
        "UPDATE recipient SET selected = true",
        "UPDATE recipient SET round = 7",
        "INSERT INTO suppression VALUES ('x@kunde.example', '', '2026-12-01')",
        "DELETE FROM suppression",
        "UPDATE suppression SET identity = ''",
        "SELECT * FROM approval",
        "INSERT INTO approval (campaign) VALUES (1)",
        "SELECT * FROM call",
        "SELECT * FROM probe",
        "SELECT * FROM rejection",
        "UPDATE attempt SET reply = ''",
        "DELETE FROM attempt",
        "UPDATE campaign SET secret = ''",
        "UPDATE version SET parts = ''",
        "DELETE FROM code",
        "UPDATE tally SET count = 0",
        "INSERT INTO only_for VALUES ('node7', 'a')",
        "DELETE FROM only_for",
        "INSERT INTO blob VALUES (sha256('x'), 'x')",
        "UPDATE bundle SET contents = ''",
        "DELETE FROM bundled",
        "UPDATE portion SET campaign = 2",
        "DELETE FROM portion",
    ],
    "reader": [
        _RECIPIENT,
        _ATTEMPT,
        "UPDATE recipient SET status = 'sent'",
        "DELETE FROM recipient",
        "INSERT INTO suppression VALUES ('x@kunde.example', '', '2026-12-01')",
        "SELECT * FROM code",
        "SELECT * FROM bundle",
        "SELECT * FROM blob",
        "SELECT * FROM only_for",
        "INSERT INTO call (time, said, is_sent) VALUES ('2026-12-01', 'Apfel 12', false)",
        "INSERT INTO tally SELECT * FROM tally",
    ],
}


@dataclass(frozen=True)
class Ledger:
    """A ledger with roles. ``owner`` opens it as whoever has made it; ``login`` is another user."""

    postgres: Postgres
    database: Database
    schema: str

    def place(self, user: str) -> Place:
        """Return where the ledger is, for a user."""
        return Place(replace(self.database, user=user).url, self.schema, lambda: self.database.password)

    def run_script(self) -> None:
        """Do what an administrator does."""
        with self.postgres.administrator(self.database.name) as db:
            db.execute(roles_script(self.schema).encode())

    def login(self, role: str, *, as_role: bool = False) -> str:
        """Make a login in a role, and return its name."""
        name = f"{self.schema}_login_{next(_NUMBERS)}"
        with self.postgres.administrator(self.database.name) as db:
            db.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{self.database.password}' IN ROLE {self.schema}_{role}")
            if as_role:
                db.execute(f"ALTER ROLE {name} SET role TO {self.schema}_{role}")
        return name

    def connect(self, user: str) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection of a user, in the schema."""
        return replace(self.database, user=user).connect(options=f"-c search_path={self.schema}")

    @contextlib.contextmanager
    def undone(self, user: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Give a connection of which nothing is kept."""
        with contextlib.closing(self.connect(user)) as db, db.transaction(force_rollback=True):
            yield db


@pytest.fixture
def bare(postgres: Postgres) -> Iterator[Ledger]:
    """Give a database in which there is nothing."""
    with postgres.database() as database:
        yield Ledger(postgres, database, f"ledger{next(_NUMBERS)}")


@pytest.fixture(scope="module")
def ledger(postgres: Postgres) -> Iterator[Ledger]:
    """Give a ledger of two campaigns, each with one recipient, an attempt and a code, and its roles; all share it."""
    with postgres.database() as database:
        one = Ledger(postgres, database, f"ledger{next(_NUMBERS)}")
        with open_store(one.place("notify"), create=True) as store:
            for name in ("a", "b"):
                Versions(store).register(name, NOW)
        with contextlib.closing(one.connect("notify")) as db:
            for name in ("a", "b"):
                db.execute(_RECIPIENT.replace("LIMIT 1", f"WHERE id = '{name}'").replace("neu@k", f"{name}@k"))
            db.execute(_ATTEMPT.replace(" LIMIT 1", ""))
            db.execute("INSERT INTO code SELECT id, 'Apfel ' || id, 1, 1 FROM recipient")
            db.execute("INSERT INTO version SELECT number, 1, '', '', '' FROM campaign")
            db.execute("INSERT INTO bundle SELECT number, 1, '', '', '', '' FROM campaign")
            db.execute("INSERT INTO blob SELECT sha256(secret), secret FROM campaign")
            db.execute("INSERT INTO bundled SELECT number, sha256(secret), '', '' FROM campaign")
        one.run_script()
        yield one


@pytest.fixture(scope="module")
def logins(ledger: Ledger) -> dict[str, str]:
    """Give a login for each role."""
    return {role: ledger.login(role) for role in ("sender", "worker", "reader")}


@pytest.mark.parametrize(("role", "statement"), [(role, one) for role, all_of in _MAY.items() for one in all_of])
def test_what_each_role_needs_it_may(ledger: Ledger, logins: dict[str, str], role: str, statement: str) -> None:
    """Enrol and place, hand over, look."""
    with ledger.undone(logins[role]) as db:
        db.execute(statement.encode())


@pytest.mark.parametrize(("role", "statement"), [(role, one) for role, all_of in _MAY_NOT.items() for one in all_of])
def test_what_no_role_needs_it_may_not(ledger: Ledger, logins: dict[str, str], role: str, statement: str) -> None:
    """Whoever takes over a machine gets no further than what that machine does."""
    with ledger.undone(logins[role]) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute(statement.encode())


def test_who_has_no_role_sees_nothing(ledger: Ledger) -> None:
    """And is told so; it does not look as if there were no ledger."""
    name = f"{ledger.schema}_nobody"
    with ledger.postgres.administrator() as db:
        db.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{ledger.database.password}'")
    for create in (False, True):
        with pytest.raises(WriteError, match="may not do that") as refused:
            open_store(ledger.place(name), create=create)
        assert "notify ledger roles" in refused.value.hint


def test_every_table_has_been_thought_of(ledger: Ledger) -> None:
    """Each is for the worker, the reader, or both; the sender looks at all."""
    asked = (
        "SELECT relname, has_table_privilege(%(role)s, c.oid, 'SELECT') FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = relnamespace WHERE nspname = %(schema)s AND relkind IN ('r', 'p', 'v')"
    )
    seen: dict[str, set[str]] = {}
    with ledger.postgres.administrator(ledger.database.name) as db:
        for role in ("sender", "worker", "reader"):
            rows = db.execute(asked, {"role": f"{ledger.schema}_{role}", "schema": ledger.schema}).fetchall()
            seen[role] = {name for name, may in rows if may}
            tables = {name for name, _ in rows}
    assert seen == {"sender": tables, "worker": {*_WORKER}, "reader": {*_READER}}
    assert tables == {*_WORKER, *_READER}


def test_a_worker_of_one_campaign_sees_no_other(ledger: Ledger) -> None:
    """Nor does it write about anybody else; one that is confined to nothing that there is sees nobody."""
    worker, other = ledger.login("worker"), ledger.login("worker")
    with ledger.connect("notify") as db:
        db.execute("INSERT INTO only_for VALUES (%s, 'b'), (%s, 'gone')", [worker, other])
    counted = {
        "recipient": "SELECT key FROM recipient",
        "attempt": "SELECT address FROM attempt",
        "code": "SELECT printed FROM code",
        "campaign": "SELECT id FROM campaign",
        "version": "SELECT campaign FROM version",
        "tally": "SELECT DISTINCT campaign FROM tally",
        "bundle": "SELECT campaign FROM bundle",
        "bundled": "SELECT campaign FROM bundled",
        "blob": "SELECT octets FROM blob",
    }
    with ledger.undone(worker) as db:
        assert {name: len(db.execute(one.encode()).fetchall()) for name, one in counted.items()} == dict.fromkeys(
            counted, 1
        )
        assert db.execute("SELECT address FROM recipient").fetchall() == [("b@kunde.example",)]
        moved = db.execute("UPDATE recipient SET status = 'in_flight', run = '1/1' RETURNING address").fetchall()
        assert moved == [("b@kunde.example",)]
        db.execute(_ATTEMPT.encode())
        # what the relay counts together, each of them counts
        lately = "SELECT sum(count) FROM left_lately('relay', 1500000000, false)"
        assert db.execute(lately).fetchall() == [(3,)]
        assert db.execute("SELECT worker, campaign FROM only_for").fetchall() == [(worker, "b")]
    (number,) = _one(ledger, "SELECT id FROM recipient WHERE address = 'a@kunde.example'")
    foreign = _ATTEMPT.replace("SELECT id", f"SELECT {number}")
    with ledger.undone(worker) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute(foreign.encode())
    with ledger.undone(other) as db:
        assert {name: len(db.execute(one.encode()).fetchall()) for name, one in counted.items()} == dict.fromkeys(
            counted, 0
        )


@pytest.mark.parametrize("is_confined", [False, True])
def test_a_campaign_from_one_role_to_the_next(bare: Ledger, *, is_confined: bool) -> None:
    """One login enrols and places, another one hands over, a third one looks; none of them may do the others' part."""
    with open_store(bare.place("notify"), create=True):
        bare.run_script()
    sender, worker, reader = (bare.login(role) for role in ("sender", "worker", "reader"))
    if is_confined:
        with contextlib.closing(bare.connect("notify")) as db:
            db.execute("INSERT INTO only_for VALUES (%s, 'neue-adresse')", [worker])
    with (
        open_store(bare.place(sender)) as sending,
        open_store(bare.place(worker)) as handing,
        open_store(bare.place(reader)) as looking,
    ):
        assert isinstance(sending, PostgresStore)
        assert isinstance(handing, PostgresStore)
        post = Mailing(sending, look=lambda query: _all(bare, query))
        # enough to be told to the planner
        post.enrol(*(f"K{number} p{number}@kunde.example" for number in range(600)))
        other = post.another("andere")
        other.enrol("K1 p1@kunde.example")
        Suppressions(sending).add("p7@kunde.example", "", NOW)
        for record in (post.record, other.record):
            Portions(sending).place(record, NOW)
        portions = Portions(handing)
        leases = Leases(
            handing, "w", lambda: portions.take("w", post.record.number, NOW, lease_s=60), lease_s=60, dot_s=0
        )
        run = PortionHandover(handing, post.record, post.version, RELAY, leases)
        assert _handed_over(run, NOW) == Counter(sent=598, deferred=1)
        leases.free()
        # whoever is due again is gathered by a worker
        later = NOW + dt.timedelta(days=1)
        assert portions.gather(post.record, later)
        assert _handed_over(run, later) == Counter(deferred=1)
        assert Reports(looking, post.record).counts()[Status.SENT] == 598
        assert portions.take("w", other.record.number, NOW, lease_s=60) is None or not is_confined
        for store in (handing, looking):
            with pytest.raises(WriteError, match="may not do that"):
                Suppressions(store).add("p9@kunde.example", "", NOW)
        with pytest.raises(WriteError, match="may not do that"):
            Forgetting(sending).forget(["p9@kunde.example"], NOW)
    with open_store(bare.place("notify")) as owning:
        (known,) = {one.address for one in Forgetting(owning).forget(["p9@kunde.example"], NOW)}
        assert known == "p9@kunde.example"


def test_a_confined_worker_keeps_the_pace_of_all(ledger: Ledger) -> None:
    """Of other campaigns it sees how many messages have left through a relay, and nothing else."""
    worker = ledger.login("worker")
    with contextlib.closing(ledger.connect("notify")) as db:
        db.execute("INSERT INTO only_for VALUES (%s, 'b')", [worker])
    with open_store(ledger.place(worker)) as store:
        assert [(day.tried, day.accepted) for day in sending_days(store, "relay")] == [(2, 2)]
    with ledger.undone(worker) as db:
        left = db.execute("SELECT sum(count) FROM left_lately('relay', 1000000000, false)").fetchone()
        assert left == (2,)
        assert len(db.execute("SELECT * FROM attempt").fetchall()) == 1


def test_nothing_of_a_worker_runs_as_the_owner(ledger: Ledger, logins: dict[str, str]) -> None:
    """Functions that see more than whoever calls them look at the ledger's own tables, whatever else is called so."""
    with ledger.undone(logins["worker"]) as db:
        db.execute("CREATE FUNCTION pg_temp.mine() RETURNS text LANGUAGE sql VOLATILE AS 'SELECT current_user::text'")
        columns = "'relay' AS relay, 'dot' AS phase, 'pending' AS status, 'relay' AS scope, '2026-12-01'::text AS time"
        db.execute(f"CREATE TEMP VIEW attempt AS SELECT {columns}, pg_temp.mine() AS reply".encode())
        assert db.execute("SELECT tried FROM sending_days_of('relay')").fetchall() == [(2,)]
        assert db.execute("SELECT * FROM troubles_of('relay')").fetchall() == []
    asked = (
        "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND pronamespace = %s::regnamespace"
        " AND NOT coalesce(array_to_string(proconfig, ';') LIKE '%%pg_temp', false)"
    )
    with ledger.postgres.administrator(ledger.database.name) as db:
        assert db.execute(asked, [ledger.schema]).fetchall() == []


def test_the_script_may_come_first(bare: Ledger) -> None:
    """The owner then makes the tables, and says himself what each may do."""
    bare.run_script()
    owner = bare.login("owner", as_role=True)
    with open_store(bare.place(owner), create=True) as store:
        Versions(store).register("a", NOW)
    asked = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = %s"
    with bare.postgres.administrator(bare.database.name) as db:
        assert db.execute(asked, [bare.schema]).fetchall() == [(f"{bare.schema}_owner",)]
    with open_store(bare.place(bare.login("worker"))) as store:
        assert Versions(store).find("a") is not None
        with pytest.raises(WriteError, match="may not do that") as refused:
            Versions(store).register("b", NOW)
        assert "notify ledger roles" in refused.value.hint


def test_it_may_be_run_again_and_whoever_had_the_ledger_keeps_it(bare: Ledger) -> None:
    """All tables are one role's then, whoever makes the next ones."""
    with open_store(bare.place("notify"), create=True) as store:
        Versions(store).register("a", NOW)
    for _ in range(2):
        bare.run_script()
        with contextlib.closing(bare.connect("notify")) as db:
            db.execute("CREATE TABLE IF NOT EXISTS later (one int)")
            asked = "SELECT DISTINCT tableowner, user::text, session_user::text FROM pg_tables WHERE schemaname = %s"
            owner = f"{bare.schema}_owner"
            assert db.execute(asked, [bare.schema]).fetchall() == [(owner, owner, "notify")]
            # what only the owner may
            db.execute("DELETE FROM attempt")


def test_the_queue_is_the_senders_and_for_workers(bare: Ledger) -> None:
    """Whoever has made it: any sender may make it anew, any worker takes from it, and a reader does not know it."""
    with open_store(bare.place("notify"), create=True):
        pass
    queue = f"{bare.schema}_placing"
    with contextlib.closing(bare.connect("notify")) as db:
        db.execute(f"CREATE SCHEMA {queue}")
        db.execute(f"CREATE TYPE {queue}.state AS ENUM ('todo')")
        db.execute(f"CREATE TABLE {queue}.job (id bigserial, state {queue}.state)")
        db.execute(f"CREATE FUNCTION {queue}.one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    for _ in range(2):
        bare.run_script()
    with bare.undone(bare.login("worker")) as db:
        db.execute(f"SET LOCAL search_path TO {queue}")
        db.execute("INSERT INTO job (state) VALUES ('todo')")
        db.execute("DELETE FROM job WHERE one() = 1")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("DROP TABLE job")
    with bare.undone(bare.login("reader")) as db:
        db.execute(f"SET LOCAL search_path TO {queue}")
        with pytest.raises(psycopg.errors.UndefinedTable):
            db.execute("SELECT * FROM job")
    with contextlib.closing(bare.connect(bare.login("sender"))) as db:
        db.execute(f"DROP SCHEMA {queue} CASCADE")
        db.execute(f"CREATE SCHEMA {queue}")


def test_no_superuser_is_needed(bare: Ledger) -> None:
    """On a server that somebody else runs: whoever owns the database and may make roles."""
    name = f"{bare.schema}_admin"
    with bare.postgres.administrator() as db:
        db.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{bare.database.password}'")
        db.execute(f"ALTER DATABASE {bare.database.name} OWNER TO {name}")
    with open_store(bare.place(name), create=True) as store:
        Versions(store).register("a", NOW)
    for _ in range(2):
        with contextlib.closing(bare.connect(name)) as db:
            db.execute(roles_script(bare.schema).encode())
    with open_store(bare.place(bare.login("reader"))) as store:
        assert Versions(store).find("a") is not None


def test_without_roles_nothing_is_said(bare: Ledger) -> None:
    """Where one account does everything, no row is looked at twice."""
    with open_store(bare.place("notify"), create=True):
        pass
    with contextlib.closing(bare.connect("notify")) as db:
        db.execute(rights(bare.schema).encode())
        secured = "SELECT count(*) FROM pg_class WHERE relrowsecurity"
        assert db.execute(secured).fetchone() == (0,)
        assert db.execute("SELECT to_regclass('only_for')").fetchone() == (None,)


def _handed_over(run: PortionHandover, now: dt.datetime) -> Counter[str]:
    """Hand over whoever can be claimed, all of them with success but one; count what came of it."""
    came: Counter[str] = Counter()
    while claimed := run.claim(32, now):
        begun = run.record([], [Leaving(one.id, "d", DATE) for one in claimed], now)[1]
        assert all(begun)
        settled = [Status.DEFERRED if one.key == "K9" else Status.SENT for one in claimed]
        run.record([(one.id, outcome(status)) for one, status in zip(claimed, settled, strict=True)], [], now)
        came.update(settled)
    return came


def _all(ledger: Ledger, statement: str) -> list[dict[str, Any]]:
    with contextlib.closing(ledger.connect("notify")) as db:
        cursor = db.execute(statement.encode())
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _one(ledger: Ledger, statement: str) -> tuple[Any, ...]:
    with contextlib.closing(ledger.connect("notify")) as db:
        row = db.execute(statement.encode()).fetchone()
        assert row is not None
        return row
