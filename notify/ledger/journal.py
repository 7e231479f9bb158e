"""The journal: a second record, outside of the campaign folder, of every message that was about to leave.

A ledger that comes from a backup or a copied folder, or that lost its ``-wal``, does not know whom its later self wrote
to. So each ``begin`` is noted in a file in the user's state directory too, before the dot leaves. The file is appended
to and never holds an address or a Message-ID, only hashes that are keyed with the campaign's secret. A register beside
it finds the journals of a campaign again when its ledger is gone. With the derived key that the register holds, anybody
can check whether a guessed address was written to, so it is as private as the ledger itself.

The first version called a journal a witness, and what it acknowledged an excuse. The suffix of the file, what goes into
the hashes and the name in the register still say so: journals that were written then must be found and understood.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from notify.core.record import record
from notify.ledger.file import sync_folder

_LOG = logging.getLogger(__name__)

#: Of each of the two hashes of an entry: which message, and to whom.
_HASH = 16
#: How many octets an entry has.
ENTRY = 2 * _HASH
#: How many entries are read at a time.
_PAGE = 4096
#: In the place of a person: this entry acknowledges another one, about which the user has trusted the ledger.
_NOBODY = bytes(_HASH)

#: Makes durable what was written; macOS and Windows have no fdatasync.
SYNC: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)

#: Words of the first version, which stay as they are in every file.
_SUFFIX, _KEY_LABEL, _ACKNOWLEDGED_LABEL, _REGISTERED = ".witness", b"witness", b"excuse\0", "witness"


class Begun(NamedTuple):
    """A message whose dot is about to leave; ``tries`` were made with its Message-ID before, all in the ledger."""

    message_id: str
    tries: int
    identity: str


@record(frozen=True, slots=True)
class Seal:
    """Makes hashes that nobody can guess back without the key."""

    key: bytes

    @classmethod
    def of(cls, secret: bytes) -> Seal:
        """Return the seal of the campaign with this secret, which cannot be found out from it."""
        return cls(_hash(_KEY_LABEL, secret, 32))

    def message(self, message_id: str, tries: int) -> bytes:
        """Return the mark of a message, at its try after ``tries`` others."""
        return _hash(f"message\0{message_id}\0{tries}".encode(), self.key)

    def person(self, identity: str) -> bytes:
        """Return the mark of the person who has an address."""
        return _hash(f"person\0{identity}".encode(), self.key)

    def acknowledgement(self, mark: bytes) -> bytes:
        """Return the mark that acknowledges the message with the mark ``mark``."""
        return _hash(_ACKNOWLEDGED_LABEL + mark, self.key)


@record(frozen=True, slots=True)
class Journal:
    """One file of entries. ``folder``: where the campaign stood that it is about, as far as is known."""

    path: Path
    seal: Seal
    folder: str = ""

    @classmethod
    def of(cls, state: Path, secret: bytes, folder: Path) -> Journal:
        """Return the journal of the campaign with this secret, in the state directory ``state``."""
        return cls(state / f"{_hash(b'file', secret).hex()}{_SUFFIX}", Seal.of(secret), str(folder.absolute()))

    def open(self) -> None:
        """Make the file when it is missing, and cut off half an entry at its end: that message never left.

        :raises OSError: it cannot be written.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _appending(self.path) as file:
            size = os.fstat(file).st_size
            if size % ENTRY:
                os.ftruncate(file, size - size % ENTRY)
        sync_folder(self.path.parent)

    def keep(self, begun: Iterable[Begun]) -> None:
        """Note the messages that are about to leave, durably. When it fails, a warning says so and the run goes on."""
        with self.complaining():
            self._append(self.entries_of(begun))

    def make_durable(self) -> None:
        """Bring to the disk what was noted, which it is already where several processes note something."""

    def entries_of(self, begun: Iterable[Begun]) -> bytes:
        """Return messages as entries."""
        seal = self.seal
        return b"".join([seal.message(item.message_id, item.tries) + seal.person(item.identity) for item in begun])

    @contextlib.contextmanager
    def complaining(self) -> Iterator[None]:
        """Warn once of what cannot be written inside this ``with``, and go on without it."""
        try:
            yield
        except OSError as error:
            _complain_once(self.path, str(error.strerror or error))

    def acknowledge(self, marks: Iterable[bytes]) -> None:
        """Note that the user trusts the ledger, though it does not know these messages.

        :raises OSError: it cannot be written.
        """
        self._append(b"".join(self.seal.acknowledgement(mark) + _NOBODY for mark in marks))

    def messages(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the mark of each message, and that of the person to whom it went."""
        return ((mark, person) for mark, person in self._entries() if person != _NOBODY)

    def acknowledgements(self) -> Iterator[bytes]:
        """Yield the marks that acknowledge messages."""
        # a file whose end was not on the disk when the power went may end in zeros
        return (mark for mark, person in self._entries() if person == _NOBODY != mark)

    def _append(self, octets: bytes) -> None:
        if not octets:
            return
        with _appending(self.path) as file:
            if os.write(file, octets) < len(octets):
                size = os.fstat(file).st_size
                os.ftruncate(file, size - size % ENTRY)
                raise OSError(0, "it takes no more")
            # of the length of the file it makes durable what is needed to read the data, and not when it was written
            SYNC(file)

    def _entries(self) -> Iterator[tuple[bytes, bytes]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            while page := file.read(_PAGE * ENTRY):
                for place in range(0, len(page) - ENTRY + 1, ENTRY):
                    yield page[place : place + _HASH], page[place + _HASH : place + ENTRY]


class JournalRegister:
    """Which journals a campaign has, known by its id and its sender, wherever its folder stands."""

    def __init__(self, state: Path, campaign_id: str, sender: str) -> None:
        """Look into the state directory ``state``. ``path`` is the file of the register, there or not."""
        self._state = state
        name = _hash(f"{campaign_id}\0{sender.casefold()}".encode()).hex()
        self.path = state / f"{name}.campaign"

    def journals(self) -> list[Journal]:
        """Return all of them, each with the folder that was noted last."""
        found: dict[str, Journal] = {}
        for line in self.path.read_text("utf-8").splitlines() if self.path.exists() else ():
            # a line that a crash has cut in half says nothing
            with contextlib.suppress(ValueError, KeyError, TypeError):
                noted = json.loads(line)
                name = Path(noted[_REGISTERED]).name
                found[name] = Journal(self._state / name, Seal(bytes.fromhex(noted["key"])), noted["folder"])
        return list(found.values())

    def add(self, journal: Journal) -> None:
        """Note a journal, durably, unless it is known already.

        :raises OSError: it cannot be written.
        """
        if journal in self.journals():
            return
        noted = {_REGISTERED: journal.path.name, "key": journal.seal.key.hex(), "folder": journal.folder}
        with _appending(self.path) as file:
            # begun on a new line, whatever a crash has left on the last one
            os.write(file, f"\n{json.dumps(noted)}\n".encode())
            os.fsync(file)
        sync_folder(self._state)


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return where the journals are kept: the user's state directory, or where NOTIFY_STATE_DIR says."""
    if given := environment.get("NOTIFY_STATE_DIR"):
        return Path(given).absolute()
    return _state_home(environment) / "notify"


def _state_home(environment: Mapping[str, str]) -> Path:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() raises where there is none
    if sys.platform == "win32":
        given, usual = environment.get("LOCALAPPDATA", ""), home / "AppData" / "Local"
    elif sys.platform == "darwin":
        given, usual = "", home / "Library" / "Application Support"
    else:
        given, usual = environment.get("XDG_STATE_HOME", ""), home / ".local" / "state"
    # the XDG specification wants a relative path to be ignored
    return Path(given) if given and Path(given).is_absolute() else usual


@contextlib.contextmanager
def _appending(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        yield file
    finally:
        os.close(file)


@functools.cache
def _complain_once(path: Path, why: str) -> None:
    _LOG.warning("%s: the journal cannot be written any more (%s). The run goes on without it.", path, why)


def _hash(octets: bytes, key: bytes = b"", size: int = _HASH) -> bytes:
    keyed = _keyed(key, size).copy()
    keyed.update(octets)
    return keyed.digest()


@functools.lru_cache(maxsize=8)
def _keyed(key: bytes, size: int) -> hashlib.blake2b:
    """Return what all hashes with one key begin with."""
    return hashlib.blake2b(key=key, digest_size=size)
