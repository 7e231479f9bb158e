"""What the sandbox has kept: each message with its number, the first one first."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from pathlib import Path

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: The header of a message is read from so many octets.
_HEAD = 65_536
#: How a name begins that :meth:`notify.sandbox.Outbox.keep` gives: with the moment, in nanoseconds.
_MOMENT = late_pattern(r"\d{20}(?=\.)")


@record(frozen=True, slots=True)
class Kept:
    """A message in the outbox. ``number`` counts from 1, in the order in which they came; ``size`` is in octets."""

    number: int
    path: Path
    time: dt.datetime
    to: str
    subject: str
    size: int


def kept_files(outbox: Path) -> list[Path]:
    """Return the files of all messages, in the order in which they came, whether they were opened by now or not."""
    files = itertools.chain.from_iterable((outbox / part).glob("[!.]*") for part in ("new", "cur"))
    return sorted(files, key=lambda file: file.name)


def kept(files: list[Path], latest: int | None = None) -> Iterator[Kept]:
    """Yield what these files hold, the ``latest`` of them at most; one that is gone meanwhile is left out."""
    begin = 0 if latest is None else max(0, len(files) - latest)
    for number, file in enumerate(files[begin:], start=begin + 1):
        try:
            with file.open("rb") as opened:
                head = BytesHeaderParser().parsebytes(opened.read(_HEAD))
            status = file.stat()
        except OSError:
            continue
        moment = _MOMENT.match(file.name)
        seconds = int(moment[0]) / 1e9 if moment else status.st_mtime
        time = dt.datetime.fromtimestamp(seconds, dt.UTC)
        yield Kept(number, file, time, _text(head, "To"), _text(head, "Subject"), status.st_size)


def _text(head: Message, name: str) -> str:
    """Return a header in words; as it stands there, where that cannot be told."""
    found = str(head[name] or "")
    with contextlib.suppress(HeaderParseError, LookupError, ValueError):
        found = str(make_header(decode_header(found)))
    return " ".join(found.split())
