"""The files that travel with messages: found in the template's and the campaign's folder, read once, told apart."""

from __future__ import annotations

import enum
import functools
import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Protocol

from notify.core.late_pattern import late_pattern
from notify.core.message import Attachment
from notify.core.record import record
from notify.core.sized_cache import SizedCache
from notify.rendering.file_types import content_type_of
from notify.rendering.message_file import Private, file_within

#: What no mailbox takes: the large ones end at 25 MB, and base64 makes a third more of a file.
MOST_OCTETS = 50_000_000
_MOST_KEPT = 64_000_000
_MOST_JUDGED = 4096
_MESSAGE_FILE = late_pattern(r"message\..*\.(?:md|txt)", re.IGNORECASE)


class Use(enum.Enum):
    """What becomes of a file: as a noun, and what is done with it."""

    ATTACHED = ("attachment", "attached")
    SHOWN = ("picture", "shown")

    @property
    def noun(self) -> str:
        """What the file is called."""
        return self.value[0]

    @property
    def done(self) -> str:
        """What is done with it."""
        return self.value[1]


class FileError(ValueError):
    """A file cannot travel; says why, as a sentence without its full stop."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


@record(frozen=True, slots=True)
class Found:
    """A file as it was read, and the SHA-256 of its octets in hexadecimal."""

    attachment: Attachment
    digest: str


class Files(Protocol):
    """The files of a template, by their names in it, or in the rows of contacts."""

    def common(self, name: str, use: Use = Use.ATTACHED) -> Found:
        """Return a file that goes to everybody.

        :raises FileError: there is none of that name that may travel.
        """

    def own(self, name: str, digest: str = "") -> Found:
        """Return a file that a contact names.

        :param digest: what it was when it was looked at before.
        :raises FileError: as for :meth:`common`.
        """


class FolderFiles:
    """Those in a folder: a template names them as seen from its own, or else from the campaign's."""

    def __init__(self, template: Path, campaign: Path, private: Private) -> None:
        self._folders = (template, campaign)
        # a contact is nobody who may reach into a folder elsewhere
        is_within = template.resolve().is_relative_to(campaign.resolve())
        self._own_folders = self._folders if is_within else (campaign,)
        self._private = functools.lru_cache(maxsize=_MOST_JUDGED)(lambda path: _of_a_template(path) or private(path))
        self._read = SizedCache[Path, Found](_MOST_KEPT, lambda _, found: len(found.attachment.octets))
        #: Where files for everybody were looked for: the digest of each that was found, an empty text where none is.
        self.looked_for: dict[Path, str] = {}

    def common(self, name: str, use: Use = Use.ATTACHED) -> Found:
        """Return a file that goes to everybody.

        :raises FileError: it is not there, private, too large, or cannot be read.
        """
        places = self._places(name, self._folders)
        self.looked_for |= dict.fromkeys(places, "")
        place, path = places.popitem()
        self._refuse_private(path or self._folders[-1] / name, name, use)
        found = self._load(path, name, use)
        self.looked_for[place] = found.digest
        return found

    def own(self, name: str, digest: str = "") -> Found:
        """Return a file that a contact names, from the campaign folder only.

        :param digest: what it was when it was looked at before; the same file needs no second look.
        :raises FileError: as for :meth:`common`.
        """
        _, path = self._places(name, self._own_folders).popitem()
        if path is None or not digest:
            self._refuse_private(path or self._own_folders[-1] / name, name)
        found = self._load(path, name)
        if path is not None and digest and found.digest != digest:
            self._refuse_private(path, name)
        return found

    def _places(self, name: str, folders: tuple[Path, ...]) -> dict[Path, Path | None]:
        """Return where a file may stand, up to the first place where it does, and what there is in each."""
        spellings = (name, name.replace("\\", "/"), *(unicodedata.normalize(form, name) for form in ("NFC", "NFD")))
        places: dict[Path, Path | None] = {}
        for spelling in dict.fromkeys(spellings):
            for folder in folders:
                found = places[folder / spelling] = file_within(folder, spelling, *folders)
                if found is not None:
                    return places
        return places

    def _refuse_private(self, path: Path, name: str, use: Use = Use.ATTACHED) -> None:
        # a ledger that is not made yet will be there one day
        if what := self._private(path):
            mend = "Remove the line, or name a file that everybody may read."
            raise FileError(f"{name} may not be {use.done}: {what}", mend)

    def _load(self, path: Path | None, name: str, use: Use = Use.ATTACHED) -> Found:
        if path is None:
            raise FileError(
                f"there is no {use.noun} {name}",
                "Put it into the template's folder, or name it as seen from the campaign folder; no link may lead out "
                "of them.",
            )
        try:
            size = path.stat().st_size
            if size > MOST_OCTETS:
                raise FileError(
                    f"{name} has {size // 1_000_000:,} MB, and no mailbox takes so much",
                    "Put it on your website, and its address into the text.",
                )
            return self._read.get(path, _read)
        except OSError as error:
            raise FileError(
                f"the {use.noun} {name} cannot be read: {error.strerror}", "Let notify read the file."
            ) from error


def found_as(filename: str, octets: bytes) -> Found:
    """Return a file as it travels under a name."""
    return Found(Attachment(filename, content_type_of(filename, octets), octets), hashlib.sha256(octets).hexdigest())


def _read(path: Path) -> Found:
    return found_as(unicodedata.normalize("NFC", path.name), path.read_bytes())


def _of_a_template(path: Path) -> str:
    own = path.name.casefold() == "layout.html" or _MESSAGE_FILE.fullmatch(path.name)
    return "it belongs to a template" if own else ""
