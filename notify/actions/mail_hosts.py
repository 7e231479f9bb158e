"""At which hosts the domains of recipients have their mail: noted by ``notify check``, counted by in ``notify send``.

``per_domain`` counts by mail host, and a run asks nobody for it: a server of names that does not answer must not hold
up a queue, and without a word of the user nothing is asked of the net. So the file beside the ledger is read when a run
begins, and holds until it ends. A restart counts what left before in the same way, on another machine too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from notify.config import Settings
from notify.core.late_pattern import late_pattern
from notify.core.mail_host import NO_HOSTS, MailHosts
from notify.errors import WriteError

#: Of each domain its preferred exchanger, and the day on which it was looked up.
HOSTS_FILE = "mail-hosts.json"
#: What nobody has looked up for so long is not kept when the file is written. Until then it holds: who has moved to
#: another host meanwhile is a little slower or faster than could be, and all others are right.
_KEPT = dt.timedelta(days=400)
_NAME = late_pattern(r"[\w.\-]{1,253}")


def counts_by_host(settings: Settings) -> bool:
    """Tell whether a relay has a pace that counts by mail host."""
    return any(relay.per_domain for relay in settings.relays)


def known_hosts(settings: Settings) -> MailHosts:
    """Return what is known; nothing where no relay counts by it. A file that cannot be read is as good as none."""
    if not counts_by_host(settings):
        return NO_HOSTS
    return MailHosts({domain: exchanger for domain, (exchanger, _) in _read(_path(settings)).items()})


def most_at(hosts: MailHosts, domains: Mapping[str, int]) -> tuple[str, int, int]:
    """Return at which host most recipients have their mail, how many, and how many hosts there are.

    :param domains: how many recipients there are at each domain.
    """
    counts: Counter[str] = Counter()
    for domain, count in domains.items():
        counts[hosts.of(domain)] += count
    ((host, most),) = counts.most_common(1) or [("", 0)]
    return host, most, len(counts)


def note_hosts(settings: Settings, exchangers: Mapping[str, str], today: dt.date) -> None:
    """Note what was looked up, beside what was known before.

    :param exchangers: of each domain the preferred exchanger; empty where it has none, and so is its own host.
    :raises WriteError: the file cannot be written.
    """
    path = _path(settings)
    known = {domain: found for domain, found in _read(path).items() if today - found[1] < _KEPT}
    known |= {domain: (exchanger, today) for domain, exchanger in exchangers.items()}
    record = {domain: [exchanger, str(day)] for domain, (exchanger, day) in sorted(known.items()) if exchanger}
    try:
        _write(path, json.dumps({"exchangers": record}, indent=0))
    except OSError as error:
        raise WriteError(
            f"{path}: it cannot be written: {error.strerror}.",
            hint="per_domain counts by domain until it can be, and not by mail host.",
        ) from error


def _path(settings: Settings) -> Path:
    return settings.folder / HOSTS_FILE


def _read(path: Path) -> dict[str, tuple[str, dt.date]]:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        record = json.loads(path.read_text("utf-8"))["exchangers"]
        return {
            domain: (exchanger, dt.date.fromisoformat(day))
            for domain, (exchanger, day) in record.items()
            if _NAME.fullmatch(domain) and _NAME.fullmatch(exchanger)
        }
    return {}


def _write(path: Path, text: str) -> None:
    """Put a file in the place of the one before, whole or not at all; for nobody else to read."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)  # noqa: PTH105  # a Path for one call
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
