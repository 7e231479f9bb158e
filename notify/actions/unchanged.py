"""An enrolment of what is as it was at the latest one: nothing is read again, and the same is told.

What it was made from is known by a digest: of the octets of all contact files, and of whatever else decides who becomes
a recipient, and as what. Neither a time nor a size stands for the content of a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields

from notify import __version__
from notify.actions.enrolling import MOST_OBJECTIONS, Enrolling
from notify.actions.forms import served
from notify.actions.prepare import Prepared
from notify.contacts import Source
from notify.core.form import Form
from notify.core.objection import Objection
from notify.ledger import Enrolled, Enrolment, Given, Version

_DIGEST_SIZE = 16
#: The counts that are told again as they are.
_TOLD = ("rows", "rejected", "filtered", "hidden", "with_more_addresses")


def made_from(prepared: Prepared, version: Version, dead: Iterable[tuple[str, Objection]]) -> bytes | None:
    """Return the digest of everything that an enrolment is made from; None where not everything can be known.

    Files of single recipients are looked at each time, so with them nothing is.

    :param dead: addresses that are known to be dead.
    """
    template, settings = prepared.template, prepared.settings
    if any(template.has_own_files(wording.language, wording.form) for wording in served(template)):
        return None
    try:
        sources = [(_described(source), _digest(source)) for source in prepared.sources]
    except OSError:
        # whoever reads it says why it cannot be read
        return None
    known = (
        __version__,
        version.number,
        version.fingerprint,
        template.named.described,
        settings.mailing,
        settings.contacts,
        prepared.selection.described,
        sorted((address, repr(objection)) for address, objection in dead),
        sources,
    )
    return hashlib.blake2b(repr(known).encode(), digest_size=_DIGEST_SIZE).digest()


def remember(enrolment: Enrolment, done: Enrolling) -> None:
    """Keep what an enrolment tells, if that is all: what it has noticed in single rows is told of them once."""
    if any(done.form_notes.findings()) or len(done.with_objections) > MOST_OBJECTIONS or done.rejected == done.rows:
        return
    told = {name: getattr(done, name) for name in _TOLD}
    told["duplicates"] = done.counts[Enrolled.DUPLICATE]
    told["known"] = sum(done.counts.values()) - done.counts[Enrolled.DUPLICATE]
    told["unused_overrides"] = done.unused_overrides
    told["with_objections"] = [_without_digest(given) for given in done.with_objections]
    enrolment.remember(json.dumps(told, ensure_ascii=False))


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


def _without_digest(given: Given) -> dict[str, object]:
    return {one.name: getattr(given, one.name) for one in fields(Given) if one.name != "row_digest"}
