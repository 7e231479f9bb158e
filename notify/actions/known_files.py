"""What a run that finds nothing to do has to know of template and contact files, without opening them.

To open them loads the engine of the templates and all that reads contact files, half of what such a run took. So the
latest enrolment keeps what it has found out: in the ledger, beside what it tells. It is known as long as every octet is
as it was that decides of it. Whether a file may leave is looked at when something leaves: then all is opened, and must
be what was known.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify import __version__
from notify.actions.ledgers import ledger_in_use
from notify.actions.paths import overrides_path
from notify.config import Settings
from notify.core.campaign import Campaign
from notify.core.file_read import FileRead
from notify.core.form import Form, Wording
from notify.core.record import record
from notify.errors import NotifyError
from notify.ledger import told_last

if TYPE_CHECKING:
    from notify.actions.opening import Opened

_DIGEST_SIZE = 16


@record(frozen=True, slots=True)
class KnownFiles:
    """What is known of a template and of contact files.

    ``decides`` is a digest of all in them that decides who becomes a recipient, and as what. ``parts``: everything that
    the template is made of, by name. ``served``: in which language and form it has a text for a reader. ``is_quiet``:
    nothing was noticed in it and in the settings.
    """

    decides: str
    parts: dict[str, str]
    served: tuple[Wording, ...]
    is_quiet: bool

    def is_of(self, settings: Settings, opened: Opened) -> bool:
        """Tell whether this is what one finds out who opens them."""
        return self == known_of(settings, opened, is_quiet=self.is_quiet)


def known_of(settings: Settings, opened: Opened, *, is_quiet: bool) -> KnownFiles | None:
    """Return what was found out by opening them; None where not everything that decides can be known."""
    from notify.actions.forms import served
    from notify.actions.unchanged import what_decides

    template, decides = opened.template, what_decides(settings, opened)
    if decides is None:
        return None
    return KnownFiles(decides, template.parts, (*served(template),), is_quiet)


def look(settings: Settings, campaign: Campaign, narrowed: str) -> str:
    """Return a digest of everything that decides what is found out by opening them, but for the template's own files.

    Empty where a file cannot be read, or is not there: whoever opens it says so.

    :param narrowed: the condition of ``--where``.
    """
    try:
        overrides = overrides_path(settings)
        files = [(path, _digest(path)) for path in (*settings.contact_files, *filter(None, [overrides]))]
        # a text in another language is a new file there
        names = sorted(path.name for path in settings.template.iterdir()) if settings.template.is_dir() else []
    except (NotifyError, OSError):
        return ""
    today = dt.datetime.now().astimezone().date()
    seen = (__version__, settings, campaign.written, today, narrowed, overrides is not None, files, names)
    return hashlib.blake2b(repr(seen).encode("utf-8", "surrogateescape"), digest_size=_DIGEST_SIZE).hexdigest()


def to_keep(settings: Settings, opened: Opened, seen: str, *, is_quiet: bool) -> dict[str, object] | None:
    """Return what is to be kept of them, as JSON has it; None where nothing can be.

    :param seen: what :func:`look` has returned before they were opened, and returns now.
    """
    known = known_of(settings, opened, is_quiet=is_quiet)
    if known is None:
        return None
    return {
        "seen": seen,
        "files": [[one.path, one.is_text, one.digest, _target(one.path)] for one in opened.template.files_read],
        "decides": known.decides,
        "parts": known.parts,
        "served": [[wording.language, wording.form.value] for wording in known.served],
        "is_quiet": known.is_quiet,
    }


def remembered(settings: Settings, seen: str) -> KnownFiles | None:
    """Return what is known, by the ledger that a run would use; None when something has changed since.

    :param seen: what :func:`look` returns now.
    """
    told = told_last(ledger_in_use(settings), settings.campaign().id)
    kept: dict[str, Any] = (json.loads(told) if told else {}).get("files") or {}
    if kept.get("seen") != seen or not all(_is_same(*file) for file in kept["files"]):
        return None
    served = tuple(Wording(language, Form(form)) for language, form in kept["served"])
    return KnownFiles(kept["decides"], kept["parts"], served, kept["is_quiet"])


def _is_same(path: str, is_text: bool, digest: str, target: str) -> bool:  # noqa: FBT001  # in the order of JSON
    try:
        octets = Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a name that no file can have
        octets = None
    except OSError:
        return False
    return FileRead(path, digest, is_text=is_text).is_same(octets) and _target(path) == target


def _target(path: str) -> str:
    """Return where a link leads, at its end: nothing may be read that lies outside."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return ""


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").digest()
