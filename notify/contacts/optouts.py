"""Who does not want mail, by columns and by names of files.

Nothing is guessed: a cell that says neither yes nor no is not an answer.
"""

from __future__ import annotations

import enum
import functools
import re
from pathlib import Path

from notify.contacts.header import normal
from notify.contacts.vocabulary import matches, vocabulary
from notify.core.finding import Finding, Severity

_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{9,13}$")
# Mailchimp: unsubscribed_members_export_ab12.csv, since 2022 unsubscribed_email_audience_export_ab12.csv; browsers put
# (1) and - Kopie behind it, people a date in front
_MAILCHIMP = re.compile(
    r"(?<![a-z])(?P<status>unsubscribed|nonsubscribed|cleaned|subscribed)"
    r"(?:[ _-]+(?:email|members?|audience|contacts?|segment|tag|list))*[ _-]+export(?![a-z])"
)


class _Wish(enum.Enum):
    """How the cells of a column are to be read."""

    AGAINST = "opt_out.against"  #: yes means no mail
    TOLD = "opt_out.told"  #: only words that say it
    TOWARDS = "opt_out.towards"  #: no means no mail


def tells_wishes(header: str) -> bool:
    """Tell whether a column says who wants mail and who does not."""
    return _wish(header) is not None


def says_no(header: str, cell: str) -> bool:
    """Tell whether the cell below this header says that the contact does not want mail.

    ``Newsletter abbestellt``: ja; ``E-Mail-Werbung``: nein; ``UNSUB_TIME``: a date; ``Status``: Unsubscribed.
    """
    wish = _wish(header)
    text = normal(cell) or cell.strip()
    if wish is None or not text:
        return False
    lists = vocabulary().words
    if text in lists["opt_out.said"]:
        return True
    if wish is _Wish.AGAINST:
        return text in lists["opt_out.yes"] or _is_date(cell)
    return wish is _Wish.TOWARDS and text in lists["opt_out.no"]


def opted_out_by_name(filename: str) -> bool | None:
    """Tell whether a file holds those who want no mail, where its name tells it, as those of Mailchimp do.

    ``unsubscribed``, ``cleaned`` (their addresses bounced) and ``nonsubscribed`` (never agreed) do, ``subscribed`` does
    not; of any other name nothing is known.
    """
    name = re.split(r"[/\\]", filename)[-1].casefold()
    found = _MAILCHIMP.search(name)
    return found["status"] != "subscribed" if found else None


def opted_out_by(path: Path) -> str:
    """Return why nobody in a file of this name wants mail; empty where the name does not say so."""
    return f"the file is called {path.name}" if opted_out_by_name(path.name) else ""


def findings_on_name(path: Path, label: str) -> tuple[Finding, ...]:
    """Return what a person should know about such a file."""
    if not opted_out_by_name(path.name):
        return ()
    what = "by its name, this file holds those who want no mail, or cannot be reached"
    return (Finding("opted-out-file", Severity.WARNING, label, what),)


@functools.lru_cache(maxsize=4096)
def _wish(header: str) -> _Wish | None:
    if matches(header, "opt_out.never"):
        return None
    return next((wish for wish in _Wish if matches(header, wish.value)), None)


def _is_date(cell: str) -> bool:
    """Tell whether a cell is a date or a time; 0000-00-00 is none."""
    return bool(_DATE.match(cell.strip())) and any(digit in "123456789" for digit in cell)
