"""A bundle: what a machine is given that makes a campaign's messages and has none of its files.

It is plain values, and the octets of every file are kept beside it by their digest: what several names stand for, or
several campaigns need, is there once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any

from notify import __version__
from notify.core.campaign import Details
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.errors import VersionError, WriteError

#: Raised with every change of what a bundle is.
FORM = 1

_DIGEST = late_pattern("[0-9a-f]{64}")
_DETAILS = frozenset(one.name for one in fields(Details))
#: Before and after these some systems know no local time.
_FIRST_YEAR, _LAST_YEAR = 1970, 3000


@record(frozen=True, slots=True)
class BundledFile:
    """A file: how it is named where it is wanted, under which name it arrives, and the SHA-256 of its octets in hex."""

    name: str
    filename: str
    digest: str


@record(frozen=True, slots=True)
class BundledMade:
    """A file that notify has made, for messages in a language to those from whom the details ``hidden`` are hidden.

    ``source`` is the text by which it is compared.
    """

    language: str
    hidden: tuple[str, ...]
    filename: str
    content_type: str
    source: str
    digest: str


@record(frozen=True, slots=True)
class Bundle:
    """What messages of a campaign are made of, and how they are handed over. No secret is in it.

    ``campaign`` is its id, ``version`` that of the ledger from which the messages are made. ``program`` and ``form``
    are whose bundle it is: notify's version and that of the bundle. ``settings`` are as in notify.toml. ``written`` is
    the day from which texts tell what is to come, or empty. ``template`` is the name of its one message file, empty for
    a folder, and ``label`` how the user names it. ``texts`` are its texts, ``files`` go to everybody. ``hosts`` is the
    digest of what is known of mail hosts, or empty; ``by_token`` are the relays that are logged in to by a token.
    ``libraries`` are those of whoever has packed it, with their versions, and ``samples`` the digests of messages that
    they make. ``year``, ``offsets``, ``zone``: local time where it was packed (:mod:`notify.core.local_offsets`).
    """

    campaign: str
    version: int
    program: str
    settings: Mapping[str, Any]
    written: str
    template: str
    label: str
    texts: tuple[BundledFile, ...]
    files: tuple[BundledFile, ...]
    made: tuple[BundledMade, ...]
    year: int
    offsets: tuple[int, ...]
    hosts: str = ""
    by_token: tuple[str, ...] = ()
    zone: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    form: int = field(default=FORM)

    @property
    def digests(self) -> frozenset[str]:
        """The digests of all octets that it needs, but for files of single recipients."""
        files = (one.digest for several in (self.texts, self.files, self.made) for one in several)
        return frozenset(filter(None, (*files, self.hosts)))

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all of it, in hexadecimal."""
        return hashlib.sha256(as_json(self).encode()).hexdigest()


def is_name_inside(name: str) -> bool:
    """Tell whether this is the plain name of a file below a folder, on every system."""
    return not any(part in ("", ".", "..") or {*part} & {*"\\:\0"} for part in name.split("/"))


def as_json(bundle: Bundle) -> str:
    """Return a bundle as it is kept: the same one always as the same text."""
    values = {one.name: _plain(getattr(bundle, one.name)) for one in fields(Bundle)}
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def read_bundle(text: str) -> Bundle:
    """Return a bundle as it was kept.

    :raises VersionError: another notify has packed it.
    :raises WriteError: it is none.
    """
    try:
        values = json.loads(text)
        _refuse_another_version(values["campaign"], str(values["program"]), values["form"])
        return _read(values)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise WriteError(
            "What the ledger keeps for the machines that send cannot be read.",
            hint="Place the campaign again from its folder:  notify send",
        ) from error


def _read(values: dict[str, Any]) -> Bundle:
    listed: dict[str, tuple[object, ...]] = {
        **{name: tuple(BundledFile(**one) for one in values[name]) for name in ("texts", "files")},
        "made": tuple(BundledMade(**one | {"hidden": tuple(one["hidden"])}) for one in values["made"]),
        **{name: tuple(values[name]) for name in ("offsets", "by_token")},
    }
    bundle = Bundle(**values | listed)
    if not (_is_typed(bundle) and all(map(_DIGEST.fullmatch, bundle.digests))):
        raise ValueError("not what a bundle is made of")
    return bundle


def _is_typed(bundle: Bundle) -> bool:
    """Tell whether everything in it is what it should be; whoever has written it may be anybody."""
    several = (bundle.texts, bundle.files, bundle.made)
    of_files = [getattr(file, one.name) for files in several for file in files for one in fields(file)]
    hidden = [name for made in bundle.made for name in made.hidden]
    said = [getattr(bundle, name) for name in ("campaign", "program", "written", "template", "label", "hosts", "zone")]
    said += [*bundle.libraries.items(), *bundle.samples.items(), *bundle.by_token]
    texts = [text for one in (*said, *of_files) for text in (one if isinstance(one, tuple) else [one])]
    numbers = [bundle.version, bundle.year, bundle.form, *bundle.offsets]
    return (
        all(isinstance(text, str) for text in texts)
        and all(type(number) is int for number in numbers)
        and isinstance(bundle.settings, dict)
        and _DETAILS.issuperset(hidden)
        and all(text.isprintable() for text in (bundle.campaign, bundle.label))
        and (not bundle.written or bool(dt.date.fromisoformat(bundle.written)))
        and _FIRST_YEAR < bundle.year < _LAST_YEAR
    )


def _plain(value: object) -> object:
    """Return a value as JSON has it; a record as what is in it, by name."""
    if isinstance(value, tuple):
        return [*map(_plain, value)]
    if isinstance(value, BundledFile | BundledMade):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


def _refuse_another_version(campaign: str, program: str, form: int) -> None:
    if (program, form) == (__version__, FORM):
        return
    theirs, ours = (f"notify {program}", f"notify {__version__}")
    if program == __version__:
        theirs, ours = f"{theirs} (bundle {form})", f"{ours} (bundle {FORM})"
    raise VersionError(
        f"{theirs} has placed the campaign {campaign}, and this is {ours}: it might make other messages.",
        hint="Have the same notify on all machines; then place the campaign again from its folder:  notify send",
    )
