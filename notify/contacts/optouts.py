"""What speaks against writing to somebody, by columns, by marks in names, and by names of files.

Nothing is guessed: a cell that says neither yes nor no is not an answer.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from notify.contacts.dates import day_in, is_date
from notify.contacts.header import normal
from notify.contacts.vocabulary import matches, vocabulary
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.objection import Against, Objection

#: The fields that hold a name, in which the dead are marked.
NAME_FIELDS = frozenset({"name", "first_name", "last_name", "prefix", "title"})

_DATED = late_pattern(
    r"(?P<words>[^\d(]+?)\W*(?:\b(?:am|zum|per|seit|on|since|le)\b)?\W*"
    r"(?P<day>\d[\d./-]*(?:\s*[^\W\d_]{3,}\.?\s*\d+)?)\W*"
)
_DECIMALS = late_pattern(r"(?<=^[01])[.,]0+$")  # behind a yes or a no of a program: 1.0
_YEAR = late_pattern(r"(?:19|20)\d\d")
_SHOWN = 60  # characters of a cell in a reason
_LONGEST = 120  # characters of a cell that is an answer, or a name; a longer one is a note
# Mailchimp: unsubscribed_members_export_ab12.csv, since 2022 unsubscribed_email_audience_export_ab12.csv; browsers put
# (1) and - Kopie behind it, people a date in front
_MAILCHIMP = late_pattern(
    r"(?<![a-z])(?P<status>unsubscribed|nonsubscribed|cleaned|subscribed)"
    r"(?:[ _-]+(?:email|members?|audience|contacts?|segment|tag|list))*[ _-]+export(?![a-z])"
)
# beside a name; Anna Verst is called so
_DEAD = late_pattern(r"†|\bverst\.|\bverst\b(?=[^()]*\))|\b(?:verstorben|deceased|décédée?)\b", re.IGNORECASE)


class _Asks(enum.Enum):
    """How the cells of a column are to be read."""

    WHETHER_NOT = enum.auto()  #: yes, or a date, speaks against writing
    HOW = enum.auto()  #: only words that say it
    WHETHER = enum.auto()  #: no speaks against writing


class _Question(NamedTuple):
    """What the cells of a column answer."""

    asks: _Asks
    against: Against


#: What columns ask by the list of their names, in the order in which they are tried.
_QUESTIONS = {
    "deceased.columns": _Question(_Asks.WHETHER_NOT, Against.DECEASED),
    "left.columns": _Question(_Asks.WHETHER_NOT, Against.LEFT),
    "unreachable.columns": _Question(_Asks.WHETHER_NOT, Against.UNREACHABLE),
    "opt_out.against": _Question(_Asks.WHETHER_NOT, Against.ALL_MAIL),
    "opt_out.told": _Question(_Asks.HOW, Against.ALL_MAIL),
    "opt_out.towards": _Question(_Asks.WHETHER, Against.ALL_MAIL),
    "left.told": _Question(_Asks.HOW, Against.LEFT),
}
#: What a cell says in so many words, by the list of them.
_SAID = {
    "deceased.said": Against.DECEASED,
    "left.said": Against.LEFT,
    "unreachable.said": Against.UNREACHABLE,
    "opt_out.said_of_advertising": Against.ADVERTISING,
    "opt_out.said": Against.ALL_MAIL,
}


def tells_wishes(header: str) -> bool:
    """Tell whether a column says who is not to be written to, or not for every purpose."""
    return _question(header) is not None


@functools.lru_cache(maxsize=4096)
def objection(header: str, cell: str) -> Objection | None:
    """Return what the cell below this header says against writing; None when it says nothing.

    ``Newsletter abbestellt``: ja; ``E-Mail-Werbung``: nein; ``UNSUB_TIME``: a date; ``Status``: Unsubscribed.
    """
    question = _question(header)
    if question is None or len(cell) > _LONGEST:
        return None
    text = normal(_DECIMALS.sub("", cell)) or cell.strip()
    if not text:
        return None
    words, day = _parted(cell)
    against = _said(text, question) or _said(words, question) or _answered(question, text, cell)
    if against is None:
        return None
    if against is Against.ALL_MAIL and matches(header, "opt_out.advertising"):
        against = Against.ADVERTISING
    since = (day_in(cell) or day_in(day)) if against is Against.LEFT else None
    return Objection(against, f"{header}: {cell[:_SHOWN]}", since)


def objections(cells: Iterable[tuple[str, str]], names: Iterable[str]) -> tuple[Objection, ...]:
    """Return what a row says against writing, of each kind the first.

    :param cells: those of the columns that tell wishes, each with its header.
    :param names: those that hold names: the dead are marked there too, Max Muster †.
    """
    said = [told for header, cell in cells if cell and (told := objection(header, cell))]
    name = " ".join(names)
    if may_be_marked(name):
        said += _marked(name)
    if not said:
        return ()
    found: dict[Against, Objection] = {}
    for told in said:
        found.setdefault(told.against, told)
    return tuple(found.values())


def may_be_marked(name: str) -> bool:
    """Tell whether a name is worth a closer look: it is asked of every row, and hardly ever true."""
    folded = name.lower()
    return "†" in folded or "verst" in folded or "decease" in folded or "cédé" in folded


def _marked(name: str) -> list[Objection]:
    """Return that somebody has died whose name is marked so."""
    is_marked = _DEAD.search(name[:_LONGEST])
    return [Objection(Against.DECEASED, f"the name is marked: {name.strip()[:_SHOWN]}")] if is_marked else []


def opted_out_by_name(filename: str) -> bool | None:
    """Tell whether a file holds those who want no mail, where its name tells it, as those of Mailchimp do.

    ``unsubscribed``, ``cleaned`` (their addresses bounced) and ``nonsubscribed`` (never agreed) do, ``subscribed`` does
    not; of any other name nothing is known.
    """
    status = _status_of(filename)
    return status != "subscribed" if status else None


def objection_by_name(path: Path) -> tuple[Objection, ...]:
    """Return what the name of a file says against writing to those in it."""
    if not opted_out_by_name(path.name):
        return ()
    against = Against.UNREACHABLE if _status_of(path.name) == "cleaned" else Against.ALL_MAIL
    return (Objection(against, f"the file is called {path.name}"),)


def findings_on_name(path: Path, label: str) -> tuple[Finding, ...]:
    """Return what a person should know about such a file."""
    if not opted_out_by_name(path.name):
        return ()
    what = "by its name, this file holds those who want no mail, or cannot be reached"
    return (Finding("opted-out-file", Severity.WARNING, label, what),)


@functools.lru_cache(maxsize=4096)
def _question(header: str) -> _Question | None:
    if matches(header, "opt_out.never"):
        return None
    return next((question for names, question in _QUESTIONS.items() if matches(header, names)), None)


def _said(text: str, question: _Question) -> Against | None:
    """Return what a cell says by itself, whatever the question. Who asks for members hears nothing of mails."""
    lists = vocabulary().words
    found = next((against for words, against in _SAID.items() if text in lists[words]), None)
    of_members = question == _QUESTIONS["left.told"]
    return None if of_members and found not in {Against.DECEASED, Against.LEFT} else found


def _parted(cell: str) -> tuple[str, str]:
    """Return the words of a cell and the day behind them, ausgetreten zum 31.12.2020; empty where there is none."""
    found = _DATED.fullmatch(cell.strip())
    return (normal(found["words"]), found["day"]) if found else ("", "")


def _answered(question: _Question, text: str, cell: str) -> Against | None:
    lists = vocabulary().words
    if question.asks is _Asks.WHETHER:
        return question.against if text in lists["opt_out.no"] else None
    if question.asks is _Asks.HOW:
        return None
    if text in lists["opt_out.yes"] or is_date(cell):
        # a day that is none of the calendar says nothing of when somebody leaves
        dated = question.against is not Against.LEFT or text in lists["opt_out.yes"] or day_in(cell)
        return question.against if dated else None
    is_year = question.against is Against.DECEASED and _YEAR.fullmatch(cell.strip())
    return question.against if is_year else None


def _status_of(filename: str) -> str:
    """Return the status that Mailchimp gives to those in a file; empty where the name does not tell it."""
    found = _MAILCHIMP.search(re.split(r"[/\\]", filename)[-1].casefold())
    return found["status"] if found else ""
