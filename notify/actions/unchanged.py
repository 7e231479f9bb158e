"""An enrolment of what is as it was at the latest one: nothing is read again, and the same is told.

What it was made from is known by a digest: of the octets of all contact files, and of whatever else decides who becomes
a recipient, and as what. Neither a time nor a size stands for the content of a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from notify import __version__
from notify.actions.enrolling import MOST_OBJECTIONS, Enrolling
from notify.actions.known_files import to_keep
from notify.actions.prepare import Prepared
from notify.config import Settings
from notify.core.form import Form
from notify.core.objection import Objection
from notify.ledger import Enrolled, Enrolment, Given, Version

if TYPE_CHECKING:
    from notify.actions.opening import Opened
    from notify.contacts import Source

_DIGEST_SIZE = 16
#: The counts that are told again as they are.
_TOLD = ("rows", "rejected", "filtered", "hidden", "with_more_addresses")


def made_from(prepared: Prepared, version: Version, dead: Iterable[tuple[str, Objection]]) -> bytes | None:
    """Return the digest of everything that an enrolment is made from; None where not everything can be known.

    :param dead: addresses that are known to be dead.
    """
    known = prepared.known
    decides = known.decides if known else what_decides(prepared.settings, prepared.opened)
    if decides is None:
        return None
    left_out = sorted((address, repr(objection)) for address, objection in dead)
    return _digest_of((version.number, version.fingerprint, left_out, decides)).digest()


def what_decides(settings: Settings, opened: Opened) -> str | None:
    """Return the digest of all in template and contact files that decides who becomes a recipient, and as what.

    None where not everything can be known: files of single recipients are looked at each time, so with them nothing is.
    """
    from notify.actions.forms import served

    template = opened.template
    if any(template.has_own_files(wording.language, wording.form) for wording in served(template)):
        return None
    try:
        sources = [(_described(source), _digest(source)) for source in opened.sources]
    except OSError:
        # whoever reads it says why it cannot be read
        return None
    known = (
        __version__,
        template.named.described,
        settings.mailing,
        settings.contacts,
        opened.selection.described,
        sources,
    )
    return _digest_of(known).hexdigest()


def remember(prepared: Prepared, enrolment: Enrolment, done: Enrolling, *, is_quiet: bool) -> None:
    """Keep what an enrolment tells, if that is all: what it has noticed in single rows is told of them once.

    :param is_quiet: nothing was noticed in settings and template.
    """
    if any(done.form_findings()) or len(done.with_objections) > MOST_OBJECTIONS or done.rejected == done.rows:
        return
    told: dict[str, object] = {name: getattr(done, name) for name in _TOLD}
    told["duplicates"] = done.counts[Enrolled.DUPLICATE]
    told["known"] = sum(done.counts.values()) - done.counts[Enrolled.DUPLICATE]
    told["unused_overrides"] = done.unused_overrides
    told["with_objections"] = [_without_digest(given) for given in done.with_objections]
    _keep(prepared, enrolment, told, is_quiet=is_quiet)


def remember_files(prepared: Prepared, enrolment: Enrolment, *, is_quiet: bool) -> None:
    """Keep what is known of the files beside what the latest enrolment told, where that is something else by now."""
    if prepared.known is None and prepared.seen:
        _keep(prepared, enrolment, json.loads(enrolment.told), is_quiet=is_quiet)


def _keep(prepared: Prepared, enrolment: Enrolment, told: dict[str, object], *, is_quiet: bool) -> None:
    seen = prepared.seen if prepared.seen == prepared.looks_now() else ""
    # changed while it was opened or read, so nobody can tell what was read of it
    files = to_keep(prepared.settings, prepared.opened, seen, is_quiet=is_quiet) if seen else None
    # in ASCII, for a path that the locale cannot read has halves of characters, which no text in UTF-8 may have
    enrolment.remember(json.dumps(told | {"files": files}))


def tell_again(enrolment: Enrolment, done: Enrolling) -> None:
    """Tell what the latest enrolment told, as it is true now."""
    told = json.loads(enrolment.told)
    for name in _TOLD:
        setattr(done, name, told[name])
    done.counts |= {Enrolled.DUPLICATE: told["duplicates"], Enrolled.KNOWN: told["known"]}
    done.unused_overrides = tuple(told["unused_overrides"])
    for values in told["with_objections"]:
        given = Given(**values | {"form": Form(values["form"])})
        if not enrolment.is_done(given):
            done.count_objections(given)


def _described(source: Source) -> tuple[object, ...]:
    """Return what opening a contact file has found out; a row is read by that."""
    told = (source.label, str(source.path), source.format.name, source.encoding, source.delimiter, source.header_line)
    return (*told, source.headers, source.columns, sorted(source.sensitive), source.findings)


def _digest(source: Source) -> bytes:
    with source.path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").digest()


def _digest_of(known: object) -> hashlib.blake2b:
    return hashlib.blake2b(repr(known).encode(), digest_size=_DIGEST_SIZE)


def _without_digest(given: Given) -> dict[str, object]:
    return {one.name: getattr(given, one.name) for one in fields(Given) if one.name != "row_digest"}
