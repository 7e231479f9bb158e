"""Random edits of a campaign between its runs, and a model that says what must not happen. Everybody is invented.

A :class:`World` is a folder, a server, and people who stand in its contact files. It is edited, sent from and judged:
by what the server has taken and what the program has said, never by the ledger.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from notify.cli import main
from tests.servers.scripted import Rule, ScriptedServer, say

#: Addresses that nobody takes mail for.
BAD = "bad"

_TOML = """\
[campaign]
{id}template = "templates/{template}"
language = "de"
[sender]
email = "info@alt.example"
[change.new]
email = "info@neu.example"
[contacts]
files = ["contacts/*.csv"]
{key}
"""
_RELAY = '[[relay]]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nrate = "100000/s"\n[send]\npause = "0s"\n'
_MESSAGE = "Subject: Neue Adresse\n\n{{ salutation }}\n\nab jetzt {{ new.email }}.\n"


@dataclass(eq=False)
class Person:
    """Somebody in the files. ``known``: key and address of the latest enrolment, by which one can tell who it is."""

    name: str
    address: str
    key: int
    known: tuple[str, str] | None = None
    messages: int = 0


@dataclass
class Said:
    """What a run of the program came to: its exit status and what it wrote."""

    status: int
    text: str


@dataclass
class World:
    """A campaign through its life."""

    place: Path
    server: ScriptedServer
    random: random.Random
    people: list[Person] = field(default_factory=list)
    gone: list[Person] = field(default_factory=list)
    history: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.named = self.random.random() < 0.6
        self.keyed = self.random.random() < 0.7
        self.key_header, self.mail_header = "Nr", "E-Mail"
        self.with_id = self.random.random() < 0.5
        self.id, self.template = "rundschreiben", "brief"
        self.files = 1
        self.real = True
        self.number = 0
        self.folder = self.place / "campaign"
        self.folders = [self.folder]
        self.shown = ""
        for _ in range(self.random.randint(2, 9)):
            self.people.append(self.new_person())
        (self.folder / "templates").mkdir(parents=True)
        (self.folder / "contacts").mkdir()
        self._template().mkdir()
        (self._template() / "message.de.md").write_text(_MESSAGE, "utf-8")

    def _template(self) -> Path:
        return self.folder / "templates" / self.template

    def new_address(self) -> str:
        """Return an address that nobody had."""
        self.number += 1
        return f"{BAD if self.random.random() < 0.06 else 'p'}{self.number}@example.com"

    def new_person(self) -> Person:
        """Return somebody new, whose key is the next number."""
        address = self.new_address()
        return Person(f"Vera{self.number} Muster{self.number}", address, self.number)

    # --- edits ---

    def edit(self) -> None:
        """Make some edits: those that change keys and those that move addresses never at once, or nobody could tell."""
        kinds: list[Callable[[], None]] = [self.add, self.remove, self.sort, self.split, self.rename_header, self.case]
        kinds += [self.repeat_row, self.restore, self.bring_back]
        deep = self.random.choice([[self.move, self.chain, self.exchange], [self.renumber, self.key_column], []])
        for kind in self.random.sample([*kinds, *deep, *deep], self.random.randint(1, 3)):
            kind()
        if self.random.random() < 0.1:
            self.random.choice([self.rename_template, self.rename_id, self.copy, self.rehearse])()

    def add(self) -> None:
        """Put new rows on top, in the middle or at the end."""
        for _ in range(self.random.randint(1, 3)):
            self.people.insert(self.random.choice([0, len(self.people) // 2, len(self.people)]), self.new_person())
        self.history.append("added rows")

    def remove(self) -> None:
        """Take a row out."""
        if len(self.people) > 1:
            self.gone.append(self.people.pop(self.random.randrange(len(self.people))))
            self.history.append(f"removed {self.gone[-1].address}")

    def bring_back(self) -> None:
        """Put a row back that was taken out, unless its key or its address is somebody else's by now."""
        if self.gone:
            person = self.gone.pop(self.random.randrange(len(self.gone)))
            if all(person.key != other.key and person.address != other.address for other in self.people):
                self.people.append(person)
                self.history.append(f"brought back {person.address}")

    def sort(self) -> None:
        """Sort the rows otherwise."""
        self.random.shuffle(self.people)
        self.history.append("sorted")

    def split(self) -> None:
        """Split the file in two, or make one of two."""
        self.files = 3 - self.files
        self.history.append(f"{self.files} files")

    def rename_header(self) -> None:
        """Call a column otherwise."""
        self.mail_header = {"E-Mail": "Mail", "Mail": "E-Mail"}[self.mail_header]
        self.key_header = self.random.choice(["Nr", "Kundennummer"])
        self.history.append("renamed headers")

    def case(self) -> None:
        """Write an address in other case."""
        person = self.random.choice(self.people)
        person.address = person.address.swapcase()
        self.history.append(f"wrote {person.address}")

    def repeat_row(self) -> None:
        """Let a row stand there twice, at the next writing only."""
        self.shown = self.random.choice(self.people).name
        self.history.append("a row twice")

    def restore(self) -> None:
        """Change nothing."""

    def move(self) -> None:
        """Give people new addresses."""
        for person in self.random.sample(self.people, min(len(self.people), self.random.randint(1, 2))):
            self._readdress(person, self.new_address())

    def chain(self) -> None:
        """Let one take another's address, who gets a new one."""
        length = min(len(self.people), self.random.randint(2, 4))
        chain = self.random.sample(self.people, length)
        for person, address in zip(chain, [*(other.address for other in chain[1:]), self.new_address()], strict=True):
            self._readdress(person, address)

    def exchange(self) -> None:
        """Let two exchange their addresses: the addresses tell who they are then."""
        if len(self.people) > 1:
            one, other = self.random.sample(self.people, 2)
            one.address, other.address = other.address, one.address
            self.history.append(f"exchanged {one.address} and {other.address}")

    def _readdress(self, person: Person, address: str) -> None:
        self.history.append(f"{person.key} {person.address} -> {address}")
        person.address = address

    def renumber(self) -> None:
        """Give the rows new numbers."""
        for number, person in enumerate(self.people, start=1):
            person.key = number
        self.number = max(self.number, len(self.people))
        self.history.append("numbered anew")

    def key_column(self) -> None:
        """Introduce the key column, or give it up."""
        self.keyed = not self.keyed
        self.history.append(f"key column: {self.keyed}")

    def rename_template(self) -> None:
        """Call the template otherwise."""
        old = self._template()
        self.template = self.random.choice(["brief", "neu", "letzte"])
        if self._template() != old:
            old.rename(self._template())
            self.history.append(f"template {self.template}")

    def rename_id(self) -> None:
        """Change the id by a slip, or leave it out."""
        self.with_id = self.random.random() < 0.5
        self.id = self.random.choice(["rundschreiben", "rundschreiben-2"])
        self.history.append(f"id {self.id if self.with_id else 'none'}")

    def copy(self) -> None:
        """Copy the folder, and go on in the copy or in another one that there is."""
        copy = self.place / f"copy{len(self.folders)}"
        shutil.copytree(self.folder, copy)
        self.folders.append(copy)
        self._go_to(self.random.choice(self.folders))

    def _go_to(self, folder: Path) -> None:
        self.folder = folder
        # the templates are what they are here
        for path in (folder / "templates").iterdir():
            if path.name != self.template:
                path.rename(self._template())
        self.history.append(f"in {folder.name}")

    def rehearse(self) -> None:
        """Send to the sandbox only."""
        self.real = False
        self.write()
        self.run("send", "--yes", "--accept-change")
        self.real = True
        self.history.append("rehearsed")

    # --- writing, sending ---

    def write(self) -> None:
        """Write notify.toml and the contact files."""
        key = f'key = "{self.key_header}"' if self.keyed else ""
        identified = f'id = "{self.id}"\n' if self.with_id else ""
        toml = _TOML.format(id=identified, template=self.template, key=key)
        if self.real:
            toml += _RELAY.format(port=self.server.port)
        (self.folder / "notify.toml").write_text(toml, "utf-8")
        for path in (self.folder / "contacts").iterdir():
            path.unlink()
        rows = [person for person in self.people for _ in range(1 + (person.name == self.shown))]
        self.shown = ""
        for number in range(self.files):
            lines = [f"{self.key_header};Name;{self.mail_header}"]
            lines += [f"{row.key};{row.name if self.named else ''};{row.address}" for row in rows[number :: self.files]]
            (self.folder / "contacts" / f"file{number}.csv").write_text("\n".join(lines) + "\n", "utf-8")

    def run(self, *arguments: str) -> Said:
        """Run the program in this process."""
        out, err = io.StringIO(), io.StringIO()
        argv = ["notify", "-C", str(self.folder), *arguments]
        status = 0
        with (
            mock.patch.object(sys, "argv", argv),
            mock.patch.object(sys, "stdin", io.StringIO()),
            mock.patch.dict(os.environ, {"NOTIFY_STATE_DIR": str(self.place / "state"), "COLUMNS": "300"}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main()
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Said(status, out.getvalue() + err.getvalue())

    def send(self, *options: str) -> Said:
        """Send as a user does who reads what is said, and does what it advises; judge what came of it."""
        self.write()
        before = len(self.server.accepted())
        accepted: list[str] = []
        heeded: list[str] = []
        for _ in range(6):
            said = self.run("send", "--yes", *options, *accepted)
            self.history.append(f"send {' '.join([*options, *accepted])} = {said.status}")
            if said.status in {0, 1, 75}:
                self.judge(said, before)
                return said
            self._heed(said, accepted, heeded)
        raise AssertionError(f"no end of refusals: {said.text}")

    def _heed(self, said: Said, accepted: list[str], heeded: list[str]) -> None:
        """Do what an error advises.

        :param accepted: the options that it advised before.
        :param heeded: the ids that it advised before.
        """
        if "sent the same words already" in said.text:
            campaign = said.text.partition('id = "')[2].partition('"')[0]
            if campaign in heeded:
                # some were sent it there and some here: those who are named have it
                self.people = [person for person in self.people if person.address not in said.text]
            heeded.append(campaign)
            self.with_id, self.id = True, campaign
            self.write()
        elif "--accept-change" in said.text and "--accept-change" not in accepted:
            accepted.append("--accept-change")
        elif said.status == 73 and "This ledger is older" in said.text:
            # the folder that knows the most
            counts = {
                folder: (folder / "ledger.db").stat().st_mtime_ns for folder in self.folders if folder != self.folder
            }
            self._go_to(max(counts, key=lambda folder: counts[folder]))
            self.folders.remove(self.folder)
            self.folders = [self.folder]
            self.write()
        else:
            raise AssertionError(said.text)

    # --- judging ---

    def judge(self, said: Said, before: int) -> None:
        """Believe that nobody has got a second message, by the address or by what tells who one is."""
        record = [entry["to"].casefold() for entry in self.server.accepted()]
        twice = [address for address, times in Counter(record).items() if times > 1]
        assert not twice, f"twice at {twice}"
        for person in [*self._in_rings(), *filter(self._is_like_a_shifted_number, self.people)]:
            person.known, person.messages = None, 0
        for person in self.people:
            address, key = person.address.casefold(), str(person.key) if self.keyed else ""
            known_key, known_address = person.known or ("", "")
            if address != known_address and not (key and key == known_key):
                # nobody could tell who that is
                person.messages = 0
            left_out = f"{address} is a new address" in said.text.casefold()
            # whoever is left out keeps the address of the message; without the key nobody could tell
            person.known = (key, known_address if left_out else address)
            person.messages += record[before:].count(address)
            assert person.messages <= 1, f"{person.name} got a second message at {address}"

    def _in_rings(self) -> list[Person]:
        """Return who have exchanged addresses in a ring since the latest run: the addresses tell who they are."""
        owners = {person.known[1]: person for person in self.people if person.known}
        found = []
        for person in self.people:
            seen: list[Person] = []
            at: Person | None = person
            while at is not None and at not in seen:
                seen.append(at)
                at = owners.get(at.address.casefold())
            if at is person and len(seen) > 1:
                found.append(person)
        return found

    def _is_like_a_shifted_number(self, person: Person, behind: int = 0) -> bool:
        """Tell whether a move looks like numbers given anew: its old address is with a new key, and no name tells."""
        if (
            self.named
            or person.known is None
            or person.known[1] == person.address.casefold()
            or behind > len(self.people)
        ):
            return False
        there = [other for other in self.people if other.address.casefold() == person.known[1]]
        return any(
            not self._is_known_by_key(other) or self._is_like_a_shifted_number(other, behind + 1) for other in there
        )

    def _is_known_by_key(self, person: Person) -> bool:
        """Tell whether the program has seen somebody with this key; a row with another one may be anybody's."""
        return person.known is not None and self.keyed and person.known[0] == str(person.key)

    def judge_end(self, said: Said) -> None:
        """Believe that everybody in the files was written to, failed, or was named."""
        record = {entry["to"].casefold() for entry in self.server.accepted()}
        text = said.text.casefold() + self.run("contacts", "--json").text.casefold()
        for person in self.people:
            address = person.address.casefold()
            if address in record or address.startswith(BAD):
                continue
            assert address in said.text.casefold() or _is_left_out(text, address), f"{address} was left out unsaid"


def _is_left_out(text: str, address: str) -> bool:
    return any(address in line and '"status": "moved"' in line for line in text.splitlines())


@contextlib.contextmanager
def world(place: Path, seed: int) -> Iterator[World]:
    """Give a world that begins with this seed."""
    rules = [
        Rule("rcpt", say("550 5.1.1 No such user here"), to=BAD),
        Rule("rcpt", say("550 5.1.1 No such user here"), to=BAD.upper()),
    ]
    with ScriptedServer(place / "record", rules=rules) as server:
        yield World(place, server, random.Random(seed))  # what is drawn must be drawn again


def live(place: Path, seed: int) -> None:
    """Let a campaign live through some edits and runs, and judge it; the history is told when it fails."""
    with world(place, seed) as lived:
        try:
            lived.send(*lived.random.choice([[], ["--limit", "1"], ["--limit", "3"]]))
            for _ in range(lived.random.randint(1, 5)):
                lived.edit()
                lived.send(*lived.random.choice([[], [], ["--limit", "1"], ["--limit", "2"]]))
            lived.judge_end(lived.send())
        except AssertionError as error:
            story = "\n".join([*lived.history, *map(repr, lived.people)])
            raise AssertionError(f"seed {seed}: {error}\n{story}") from error
