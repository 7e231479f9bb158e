"""The bundles of campaigns in PostgreSQL: kept once, found whole, and forgotten when nobody needs them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notify import __version__
from notify.actions.bundle import Packed
from notify.actions.bundle_folder import unpacked
from notify.actions.bundle_keep import keep_bundle
from notify.actions.prepare import prepare
from notify.composing import Composer
from notify.config import load
from notify.core.bundle import Bundle, BundledFile
from notify.core.status import Status
from notify.delivery.composition import message_for
from notify.errors import BusyError, ChangedError, VersionError, WriteError
from notify.ledger import CampaignRecord, Database, Forgetting, Version, open_store
from notify.ledger.postgres.bundles import Bundles
from notify.ledger.postgres.store import PostgresStore
from tests.bundles import Sent, sent_from
from tests.campaign import DATE, NOW, Folder
from tests.servers.postgres import Database as Server
from tests.servers.postgres import Postgres
from tests.unit.ledger.mailing import Mailing, given

PEOPLE = "Nachname;E-Mail;Datei\nMuster;anna@example.com;a.pdf\nProbe;ben@example.com;b.pdf\n"


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    """Give a database."""
    with postgres.database() as server:
        yield server


@pytest.fixture
def store(server: Server, tmp_path: Path) -> Iterator[PostgresStore]:
    """Give an empty ledger of its own."""
    schema = f"ledger_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:16]}"
    with open_store(Database(server.url, schema, lambda: server.password), create=True) as store:
        assert isinstance(store, PostgresStore)
        yield store


@pytest.fixture
def look(store: PostgresStore) -> Callable[[str], list[Any]]:
    """Give what answers a query by a connection of its own: what is found is committed."""

    def look(query: str) -> list[dict[str, Any]]:
        with open_store(store.place) as other:
            return [{name: row[name] for name in row.keys()} for row in other.rows_of(query, {})]  # noqa: SIM118

    return look


@pytest.fixture
def mailing(store: PostgresStore, look: Callable[[str], list[Any]]) -> Mailing:
    """Give a campaign in the ledger in which nobody is yet."""
    return Mailing(store, "test", look=look)


def packed_with(*files: bytes, campaign: str = "test", **changes: Any) -> Packed:  # noqa: ANN401  # of a bundle
    """Pack these files and nothing else."""
    octets = {hashlib.sha256(file).hexdigest(): file for file in files}
    names = tuple(BundledFile(f"{number}.pdf", f"{number}.pdf", digest) for number, digest in enumerate(octets))
    bundle = Bundle(campaign, 1, __version__, {}, "", "", "t", (), names, (), 2026, (0,) * 12)
    return Packed(replace(bundle, **changes), octets)


def keep(bundles: Bundles, record: CampaignRecord, packed: Packed) -> bool:
    """Keep a bundle."""
    return bundles.keep(record, packed.bundle, packed.octets, NOW)


def with_files(mailing: Mailing, *files: dict[str, str]) -> None:
    """Enrol somebody for each of these, who has these files of their own."""
    people = [
        replace(given(f"- p{number}@example.com P{number}"), fields=json.dumps({"contact": {}, "files": own}))
        for number, own in enumerate(files)
    ]
    mailing.give(*people)


def digest_of(octets: bytes) -> str:
    """Return how octets are called."""
    return hashlib.sha256(octets).hexdigest()


def test_it_is_found_as_it_was_kept(store: PostgresStore, mailing: Mailing) -> None:
    """The bundle and each of its files; of a campaign that was never placed there is none."""
    bundles, packed = Bundles(store), packed_with(b"one", bytes(range(256)) * 5000, label="Ordner/größe")
    assert (bundles.find(mailing.record), bundles.fingerprint(mailing.record)) == (None, "")
    assert keep(bundles, mailing.record, packed)
    assert bundles.find(mailing.record) == packed.bundle
    assert bundles.fingerprint(mailing.record) == packed.bundle.fingerprint
    assert {digest: bundles.octets(digest) for digest in packed.bundle.digests} == packed.octets


def test_the_same_is_not_kept_again(store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]) -> None:
    """Nothing is written; where one word is another, the bundle takes the place of the one before."""
    bundles = Bundles(store)
    assert keep(bundles, mailing.record, packed_with(b"one", b"two"))
    before = look("SELECT xmin::text AS made FROM bundle UNION ALL SELECT xmin::text FROM blob ORDER BY 1")
    assert not keep(bundles, mailing.record, packed_with(b"one", b"two"))
    assert before == look("SELECT xmin::text AS made FROM bundle UNION ALL SELECT xmin::text FROM blob ORDER BY 1")
    assert keep(bundles, mailing.record, packed_with(b"one", b"two", written="2026-12-02"))
    assert look("SELECT count(*) AS count FROM bundle") == [{"count": 1}]


def test_octets_are_there_once(store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]) -> None:
    """However many need them; they go with the last who does."""
    bundles, other = Bundles(store), mailing.another("other")
    for one in (mailing, other):
        # whoever waits needs a bundle
        one.enrol("- anna@example.com Muster")
    keep(bundles, mailing.record, packed_with(b"shared", b"mine"))
    keep(bundles, other.record, packed_with(b"shared", b"theirs", campaign="other"))
    octets = "SELECT octets FROM blob ORDER BY octets"
    assert [row["octets"] for row in look(octets)] == [b"mine", b"shared", b"theirs"]
    keep(bundles, mailing.record, packed_with(b"shared", b"new"))
    assert [row["octets"] for row in look(octets)] == [b"new", b"shared", b"theirs"]
    bundles.forget(mailing.record)
    assert [row["octets"] for row in look(octets)] == [b"shared", b"theirs"]
    with pytest.raises(BusyError, match="has just changed"):
        bundles.octets(digest_of(b"new"))
    assert bundles.find(mailing.record) is None


def test_what_nobody_needs_is_forgotten(
    store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]
) -> None:
    """When nobody waits in a campaign any more, for a message or its copy, as soon as another one is placed."""
    bundles, other = Bundles(store), mailing.another("other")
    copies = mailing.another("test\tcopies")
    for one in (mailing, copies, other):
        one.enrol("- anna@example.com Muster")
    keep(bundles, mailing.record, packed_with(b"mine"))
    keep(bundles, other.record, packed_with(b"theirs", campaign="other"))
    mailing.bring("anna@example.com", Status.SENT)
    assert bundles.forget_all_over() == 0
    copies.bring("anna@example.com", Status.IN_FLIGHT)
    assert bundles.forget_all_over() == 0
    copies.transitions.recover(NOW)
    keep(bundles, other.record, packed_with(b"theirs", campaign="other", written="2026-12-02"))
    assert [row["octets"] for row in look("SELECT octets FROM blob")] == [b"theirs"]
    assert look("SELECT campaign FROM bundle UNION SELECT campaign FROM bundled") == [{"campaign": other.record.number}]


def of_folder(files: dict[str, bytes]) -> Callable[[Iterable[tuple[str, str]]], Iterator[tuple[BundledFile, bytes]]]:
    """Return what gives the files of single recipients out of these."""

    def of_folder(looked_at: Iterable[tuple[str, str]]) -> Iterator[tuple[BundledFile, bytes]]:
        for name, digest in looked_at:
            assert digest_of(files[name]) == digest
            yield BundledFile(name, f"arrives-{name}", digest), files[name]

    return of_folder


def test_files_of_single_recipients(store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]) -> None:
    """Of those who wait, each once, by how the row names it; of no other campaign, and none that is kept already."""
    files = {name: name.encode() for name in ("a.pdf", "b.pdf", "x/c.pdf", "same.pdf", "sent.pdf")}
    files["same.pdf"] = files["a.pdf"]
    digests = {name: digest_of(octets) for name, octets in files.items()}
    names = [["a.pdf"], ["a.pdf", "x/c.pdf"], [], ["same.pdf"], ["sent.pdf"]]
    with_files(mailing, *({name: digests[name] for name in each} for each in names))
    mailing.bring("p4@example.com", Status.SENT)
    bundles, asked = Bundles(store), []

    def noted(looked_at: Iterable[tuple[str, str]]) -> Iterator[tuple[BundledFile, bytes]]:
        for file, octets in of_folder(files)(looked_at):
            asked.append(file.name)
            yield file, octets

    bundles.keep_own(mailing.record, noted)
    assert sorted(asked) == ["a.pdf", "same.pdf", "x/c.pdf"]
    own = bundles.own_file(mailing.record)
    assert own("x/c.pdf", digests["x/c.pdf"]) == ("arrives-x/c.pdf", b"x/c.pdf")
    assert own("same.pdf", digests["a.pdf"]) == ("arrives-same.pdf", b"a.pdf")
    assert len(look("SELECT digest FROM blob")) == 2
    for name, digest in (
        ("other.pdf", digests["a.pdf"]),
        ("a.pdf", digests["b.pdf"]),
        ("a.pdf", ""),
        ("a.pdf", "../x"),
    ):
        assert own(name, digest) is None
    assert bundles.own_file(mailing.another("other").record)("a.pdf", digests["a.pdf"]) is None
    bundles.keep_own(mailing.record, noted)
    assert len(asked) == 3
    # octets that are there are known by another name too
    with_files(mailing, {"b.pdf": digests["b.pdf"]}, {"again.pdf": digests["a.pdf"]})
    files["again.pdf"] = files["a.pdf"]
    bundles.keep_own(mailing.record, noted)
    assert sorted(asked[3:]) == ["again.pdf", "b.pdf"]
    assert own("again.pdf", digests["a.pdf"]) == ("arrives-again.pdf", b"a.pdf")
    # what is only the bundle's is nobody's own
    keep(bundles, mailing.record, packed_with(b"common"))
    assert own("", digest_of(b"common")) is None
    keep(bundles, mailing.record, packed_with(b"other"))
    assert own("x/c.pdf", digests["x/c.pdf"])
    assert len(look("SELECT digest FROM blob")) == 4


def test_copies_have_the_files_of_what_they_copy(store: PostgresStore, mailing: Mailing) -> None:
    """Though they stand in a record of their own."""
    with_files(mailing.another("test\tcopies"), {"a.pdf": digest_of(b"a")})
    Bundles(store).keep_own(mailing.record, of_folder({"a.pdf": b"a"}))
    assert Bundles(store).own_file(mailing.record)("a.pdf", digest_of(b"a"))


def test_a_file_of_somebody_who_is_forgotten_goes(
    store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]
) -> None:
    """Not one that others get too, nor what is the bundle's."""
    own = {name: digest_of(name.encode()) for name in ("a.pdf", "b.pdf", "both.pdf", "copied.pdf")}
    with_files(
        mailing,
        {name: own[name] for name in ("a.pdf", "both.pdf")},
        {name: own[name] for name in ("b.pdf", "both.pdf")},
    )
    with_files(mailing.another("test\tcopies"), {}, {}, {"copied.pdf": own["copied.pdf"]})
    keep(Bundles(store), mailing.record, packed_with(b"common"))
    Bundles(store).keep_own(mailing.record, of_folder({name: name.encode() for name in own}))
    Forgetting(store).forget(["p0@example.com"], NOW)
    kept = {bytes(row["octets"]) for row in look("SELECT octets FROM blob")}
    assert kept == {b"b.pdf", b"both.pdf", b"copied.pdf", b"common"}


def test_they_pass_through(store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]) -> None:
    """They are never all at hand: what has come is committed while others are still to be read."""
    files = {f"{number}.pdf": bytes([number]) * 3_000_000 for number in range(9)}
    with_files(mailing, *({name: digest_of(octets)} for name, octets in files.items()))
    kept = []

    def counted(looked_at: Iterable[tuple[str, str]]) -> Iterator[tuple[BundledFile, bytes]]:
        for number, one in enumerate(of_folder(files)(looked_at)):
            if number % 3 == 0:
                kept.append(look("SELECT count(*) AS count FROM blob")[0]["count"])
            yield one

    Bundles(store).keep_own(mailing.record, counted)
    assert kept == [0, 3, 6]


def test_a_run_that_ends_in_the_middle(
    store: PostgresStore, mailing: Mailing, look: Callable[[str], list[Any]]
) -> None:
    """Octets are there with who needs them, or not at all; the bundle is the one before until all of it is there."""
    bundles = Bundles(store)
    keep(bundles, mailing.record, packed_with(b"before"))
    large = [bytes([number]) * 5_000_000 for number in range(4)]
    after = packed_with(*large)
    del after.octets[max(after.octets)]
    with pytest.raises(KeyError):
        keep(bundles, mailing.record, after)
    (found,) = [bundles.find(mailing.record)]
    assert found is not None
    assert bundles.octets(*found.digests) == b"before"
    loose = "SELECT 1 FROM blob b FULL JOIN bundled f USING (digest) WHERE b.octets IS NULL OR f.name IS NULL"
    assert look(loose) == []
    assert len(look("SELECT digest FROM blob")) == 3
    keep(bundles, mailing.record, packed_with(large[0]))
    assert look("SELECT length(octets) AS size FROM blob") == [{"size": 5_000_000}]


def test_damage(store: PostgresStore, mailing: Mailing) -> None:
    """Octets that are others than they are called, and a bundle in which a word was changed, are refused."""
    bundles, packed = Bundles(store), packed_with(b"one")
    keep(bundles, mailing.record, packed)
    with_files(mailing, {"a.pdf": digest_of(b"a")})
    bundles.keep_own(mailing.record, of_folder({"a.pdf": b"a"}))
    with store.transaction() as db:
        db.execute("UPDATE blob SET octets = 'else'")
    with pytest.raises(WriteError, match="damaged"):
        bundles.octets(digest_of(b"one"))
    with pytest.raises(WriteError, match="damaged"):
        bundles.own_file(mailing.record)("a.pdf", digest_of(b"a"))
    with store.transaction() as db:
        db.execute("UPDATE bundle SET contents = replace(contents, '\"t\"', '\"u\"')")
    with pytest.raises(WriteError, match="damaged"):
        bundles.find(mailing.record)


def test_another_notify(store: PostgresStore, mailing: Mailing) -> None:
    """What another version has packed is refused, with both named."""
    keep(Bundles(store), mailing.record, packed_with(b"one", program="9.9"))
    with pytest.raises(VersionError, match=r"notify 9\.9 has placed the campaign test, and this is notify \d"):
        Bundles(store).find(mailing.record)


class Placed:
    """A campaign whose recipients are in a database, with those of its folder that were enrolled in SQLite."""

    def __init__(self, folder: Folder, mailing: Mailing) -> None:
        self.folder, self.mailing = folder, mailing
        self.sent: Sent = sent_from(folder.path)
        self.version = Version(1, self.sent.version.parts)
        people = [replace(given(f"- {one.address} {one.name}"), fields=one.stored) for one in self.sent.claimed]
        mailing.give(*people)

    def keep(self) -> bool:
        """Keep its bundle."""
        prepared = prepare(load(self.folder.path, options={}, environment={}))
        store = self.mailing.store
        assert isinstance(store, PostgresStore)
        return keep_bundle(prepared, store, self.mailing.record, self.version, NOW)


@pytest.fixture
def placed(mailing: Mailing, tmp_path: Path) -> Placed:
    """Give a campaign with a file for everybody and one for each recipient, and commands that tell secrets."""
    folder = Folder(tmp_path / "campaign", people=PEOPLE)
    folder.edit(folder.message, "Subject:", 'Attachment: {{ row["Datei"] }}\nAttachment: agb.pdf\nSubject:')
    folder.edit(folder.toml, "[[relay]]\n", '[[relay]]\nuser = "post"\npassword_command = "echo geheim"\n')
    for name in ("a.pdf", "b.pdf", "agb.pdf"):
        (folder.path / name).write_bytes(name.encode() * 100)
    return Placed(folder, mailing)


def test_from_the_folder_to_another_machine(placed: Placed, store: PostgresStore, tmp_path: Path) -> None:
    """It goes through the database, and the messages are the same, octet for octet; it is kept once."""
    assert placed.keep()
    assert not placed.keep()
    bundles, record = Bundles(store), placed.mailing.record
    bundle = bundles.find(record)
    assert bundle is not None
    there = unpacked(bundle, tmp_path / "there", bundles.octets, bundles.own_file(record))
    composer = Composer.of(there.campaign)
    made = [message_for(one, DATE, there.template, composer) for one in placed.sent.claimed]
    assert made == placed.sent.messages
    assert b'filename="b.pdf"' in made[1].octets


def test_nothing_of_the_database_is_secret(placed: Placed, look: Callable[[str], list[Any]]) -> None:
    """In whatever row: neither what a command prints, nor the command."""
    placed.keep()
    tables = [
        row["name"]
        for row in look(
            "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = "
            "to_regnamespace(current_schema())"
        )
    ]
    assert {"bundle", "blob", "bundled", "recipient"} <= {*tables}
    everything = repr([look(f'SELECT * FROM "{table}"') for table in tables])  # noqa: S608  # of the catalogue
    assert "agb.pdf" in everything
    assert "geheim" not in everything
    assert "echo" not in everything


def test_a_file_that_has_changed_meanwhile(placed: Placed, look: Callable[[str], list[Any]]) -> None:
    """It is said, and no bundle is kept that would be sent with it."""
    (placed.folder.path / "b.pdf").write_bytes(b"else")
    with pytest.raises(ChangedError, match=r"b\.pdf has changed"):
        placed.keep()
    assert look("SELECT 1 FROM bundle") == []
