"""Which files are for nobody else, so that nothing of them may leave with a message.

A template names the files that it attaches and includes. One wrong name there, and everybody is sent everybody's
address. So the files that a campaign works with are refused, and those that hold a password: by where they lie and what
they are called, under whatever other name, link or copy they are reached.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from notify.actions.mail_hosts import HOSTS_FILE
from notify.actions.paths import overrides_path
from notify.config import Settings
from notify.config.settings import CONTACT_SUFFIXES
from notify.core.late_pattern import late_pattern
from notify.core.mailmerge import SERVER
from notify.errors import InputError
from notify.ledger import is_ledger, state_folder

_LEDGER = "it belongs to a ledger, which knows everybody's address"
_SETTINGS = "it belongs to the settings of the campaign"
_CONTACTS = "it is one of your contact files"
_AMONG_CONTACTS = "it lies among your contact files"
_MESSAGE = "it is a message to somebody"
_JOURNAL = "it belongs to notify's own records"
_HIDDEN = "it is a hidden file"
_SECRET = "it holds a password or a key"  # noqa: S105  # no password, words about one

_LIST = "it is a list that notify wrote"
_ADDRESSES = "it is a list of other people's addresses"

_BEGINNINGS = {
    "ledger.db": _LEDGER,
    HOSTS_FILE: "it belongs to the ledger",
    "notify.toml": _SETTINGS,
    SERVER: _SETTINGS,
    "overrides.csv": _CONTACTS,
}
#: Folders of a campaign, with what is in them; of any campaign, since one may lie in another.
_FOLDERS = {"contacts": _AMONG_CONTACTS, "outbox": _MESSAGE}
_SUFFIXES = {
    **dict.fromkeys((".witness", ".campaign"), _JOURNAL),
    **dict.fromkeys((".gpg", ".jks", ".kdb", ".kdbx", ".key", ".p12", ".pfx"), _SECRET),
}
#: What files of passwords are called, without their suffix (Windows calls .netrc so).
_SECRETS = frozenset("_netrc credentials kennwort passwd password passwords passwort passwörter secret token".split())
#: What tells by its content what it is: messages that we made, in the sandbox or by a preview, the lists of
#: ``notify contacts`` and ``notify log``, and private keys.
_CONTENTS = {
    late_pattern(rb"^X-Notify-Id: <", re.MULTILINE): _MESSAGE,
    late_pattern(
        rb"\A\xef\xbb\xbf(?:Reason[,;]Where|Where[,;]|time[,;]key|(?:email|key)[,;]salutation[,;]gender|email[,;]email_2)"
    ): _LIST,
    late_pattern(rb"PRIVATE KEY-----"): _SECRET,
}
_HEAD = 8192
_APART = late_pattern(r"[\s=;|<>'\"]+")
#: Addresses at so many domains are those of other people; a firm has its own at one or two.
_DOMAINS = 5
_ADDRESS = late_pattern(rb"[\w.+-]@([\w-]+(?:\.[\w-]+)+)")
_LOOKED_AT = 1_000_000  # octets


class PrivateFiles:
    """The files of a campaign that are for nobody else."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.folder.resolve()
        template = settings.template.resolve()
        #: From here a template may name files.
        self._open_folders = (self._root, template if template.is_dir() else template.parent)
        self._own_folders = {settings.folder / name: what for name, what in _FOLDERS.items()}
        self._state = state_folder(os.environ)
        self._settings = settings

    def what(self, path: Path) -> str:
        """Return what a file is, in words, if it is for nobody else, and else an empty text. It need not be there."""
        with contextlib.suppress(OSError, RuntimeError, ValueError):  # RuntimeError: links in a circle
            path = path.resolve()
            what = self._told_by_name(path)
            if what or not path.is_file():
                return what
            return self._told_by_content(path) or next(filter(None, map(self._told_by_name, self._links(path))), "")
        return ""  # it cannot be read, and whoever reads it says so

    def _links(self, path: Path) -> Iterator[Path]:
        """Yield every name that a file has: hard links to it may lie where it is private."""
        if path.stat().st_nlink < 2:
            return
        for top in {*self._open_folders, self._state}:
            for folder, _, names in os.walk(top):
                yield from (other for name in names if _is_same(other := Path(folder, name), path))

    def _told_by_name(self, path: Path) -> str:
        name = path.name.casefold()
        beginning = next((what for start, what in _BEGINNINGS.items() if name.startswith(start)), "")
        if what := beginning or _SUFFIXES.get(path.suffix.casefold(), ""):
            return what
        if path.stem.casefold() in _SECRETS or any(_is_same(path, file) for file in self._read_by_commands()):
            return _SECRET
        return self._told_by_place(path)

    def _told_by_place(self, path: Path) -> str:
        if any(_is_same(path, file) for file in self._contact_files()):
            return _CONTACTS
        if path.is_relative_to(self._state):
            return _JOURNAL
        for above in path.parents:
            own = [what for folder, what in self._own_folders.items() if _is_same(above, folder)]
            if (above.parent / "notify.toml").exists():
                own.append(_FOLDERS.get(above.name.casefold(), ""))
            if any(own):
                return next(filter(None, own))
        if self._is_beside_contacts(path):
            return _AMONG_CONTACTS
        below = next((path.relative_to(top) for top in self._open_folders if path.is_relative_to(top)), path)
        return _HIDDEN if any(part.startswith(".") for part in below.parts) else ""

    def _told_by_content(self, path: Path) -> str:
        with path.open("rb") as file:
            octets = file.read(_LOOKED_AT)
        head = octets[:_HEAD]
        if is_ledger(head):
            return _LEDGER
        if any(_is_copy(path, file) for file in self._contact_files()):
            return _CONTACTS
        told = next((what for pattern, what in _CONTENTS.items() if pattern.search(head)), "")
        is_text = b"\0" not in head and not head.startswith(b"%PDF")
        return told or (_ADDRESSES if is_text and len(set(_ADDRESS.findall(octets))) >= _DOMAINS else "")

    def _is_beside_contacts(self, path: Path) -> bool:
        """Tell whether a list lies in a folder of lists, or is another state of one: kunden.csv.bak.

        A folder that the template names files from may hold anything.
        """
        name = path.name.lstrip(".~#$").casefold()
        if any(name.startswith(file.name.casefold()) for file in self._contact_files()):
            return True
        if path.suffix.casefold() not in CONTACT_SUFFIXES or path.parent in self._open_folders:
            return False
        return any(_is_same(path.parent, file.parent) for file in self._contact_files())

    def _contact_files(self) -> Iterator[Path]:
        with contextlib.suppress(InputError):
            yield from self._settings.contact_files
        with contextlib.suppress(InputError):
            yield from filter(None, [overrides_path(self._settings)])

    def _read_by_commands(self) -> Iterator[Path]:
        """Yield the files that the commands for passwords and tokens name."""
        for relay in self._settings.relays:
            for command in (relay.password_command, relay.token_command):
                # what stands in quotes may be a command of its own: sh -c "cat secret"
                for word in (*shlex.split(command), *_APART.split(command)):
                    named = os.path.expanduser(word)  # noqa: PTH111  # raises nothing
                    yield from (self._root / named, Path.cwd() / named)


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def _is_copy(path: Path, other: Path) -> bool:
    try:
        return path.stat().st_size > 0 and filecmp.cmp(path, other, shallow=False)
    except OSError:
        return False
