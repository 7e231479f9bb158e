"""What ``notify contacts`` says after it has read all files: who is left out and why, who is there twice, counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from notify.cli.findings import listed
from notify.cli.objections import heading, who_is_left_out, who_is_written_to
from notify.cli.screen import how_many, note, put, warn
from notify.core.late_pattern import late_pattern
from notify.core.record import record

if TYPE_CHECKING:
    from notify.actions.survey import Fate, Survey, Surveyed
    from notify.cli.contacts_lists import Lists
    from notify.core.contact import Recipient
    from notify.core.objection import Against, Objection
    from notify.ledger import Group, Groups, Sharing

#: How many rows of each kind are listed; the files that can be written have them all.
_LISTED = 10
_LISTED_OF_A_REASON = 5
_MEMBERS = 4

# a reason says what was found; without that it is the same for many rows
_QUOTED = late_pattern(r'^"[^"]*"(?: in "[^"]*")? (?:is )?|"[^"]*"|\S+:\d+')
_NUMBER = late_pattern(r"(?<![\w.])\d+(?![\w.])")

#: What mends the rows of a reason, by how the reason begins.
_MENDS = (
    ("no address", "They need a letter or a call. As a list:  notify contacts --without-address FILE.csv"),
    ("not an address", "Mend the address where the list comes from, or give new_email in overrides.csv."),
    ("the row has", "A cell holds the delimiter without quotes around it: mend the row, or export again."),
    ("a quotation mark opens", 'Remove the stray " in the row, or write it twice ("") inside a quoted cell.'),
    ("a stray quotation mark", 'Remove the stray " in the row, or write it twice ("") inside a quoted cell.'),
    ("it may be the rest", 'Mend the row above first: a stray " has cut it.'),
    ("no value in the key column", "Give the row its key, or leave key out of [contacts]."),
    ("the key", 'Mend the rows, or write to all addresses of a key:  address = "all"  in [contacts].'),
)


#: What stands above the findings of a name; those without a line here are told elsewhere.
_HEADS = {
    "mistyped-address": "Perhaps mistyped; written to as it stands, unless you give new_email in overrides.csv",
    "machine-address": "Written to, though nobody reads it; mend them in the list, or:  notify suppress ADDR",
    "test-row": "Written to, though they look like tests; remove the rows from the list",
    "letters-beyond-ascii": (
        "Letters before the @ that only a relay with SMTPUTF8 takes; through any other these recipients alone fail"
    ),
    "damaged-name": "Letters of the name are lost, so it is not said; mend it in the list, or in overrides.csv",
    "doubtful-greeting": "Greeted as the file says, though something speaks against it",
}


@record(frozen=False, slots=True)
class _Reason:
    count: int = 0
    first: list[str] = field(default_factory=list)


class Report:
    """Counts rows by their fate, and keeps the first few of each kind."""

    def __init__(self, kind: str) -> None:
        """Begin one for a campaign of this kind: ``notice`` or ``newsletter``."""
        from notify.actions.form_notes import FormNotes

        self._kind = kind
        self._counts: Counter[str] = Counter()
        self._reasons: dict[str, _Reason] = {}
        self._suppressed: list[str] = []
        self._on_the_list = 0
        self._moved: list[str] = []
        self._left_out: Counter[Against] = Counter()
        self._written_to_though: Counter[Against] = Counter()
        self._first_objected: defaultdict[tuple[Against, bool], list[str]] = defaultdict(list)
        self._noticed: Counter[str] = Counter()
        self._first_noticed: defaultdict[str, list[str]] = defaultdict(list)
        self._neutral: Counter[str] = Counter()
        self._familiar = 0
        self._form_notes = FormNotes()
        self._further = 0

    def add(self, surveyed: Surveyed) -> None:
        """Take note of a row."""
        from notify.actions.survey import Fate
        from notify.core.contact import Recipient

        self._counts[surveyed.fate] += 1
        if surveyed.fate is Fate.REJECTED:
            reason = self._reasons.setdefault(_sort_of(surveyed.reason), _Reason())
            reason.count += 1
            if len(reason.first) < _LISTED_OF_A_REASON:
                reason.first.append(f"{surveyed.row.origin}: {surveyed.reason}")
        elif surveyed.fate is Fate.SUPPRESSED and isinstance(surveyed.row, Recipient):
            if surveyed.row.opted_out:
                self._object(surveyed.row, surveyed.row.objections[0], left_out=True)
            else:
                self._on_the_list += 1
                _keep(self._suppressed, f"{surveyed.row.origin}: {surveyed.row.address}: {surveyed.reason}")
        elif surveyed.fate is Fate.MOVED and isinstance(surveyed.row, Recipient):
            _keep(self._moved, f"{surveyed.row.origin}: {surveyed.row.address}: {surveyed.reason}")
        elif surveyed.fate is Fate.ADMITTED and isinstance(surveyed.row, Recipient):
            self._add_recipient(surveyed.row)

    def _add_recipient(self, row: Recipient) -> None:
        from notify.core.form import Form
        from notify.recipients.findings import findings_on

        for finding in findings_on(row):
            self._noticed[finding.name] += 1
            _keep(self._first_noticed[finding.name], listed(finding))
        self._further += bool(row.other_addresses)
        self._familiar += row.form is Form.FAMILIAR
        self._form_notes.add(row)
        for objection in row.objections:
            self._object(row, objection, left_out=False)
        if row.why:
            self._neutral[row.why] += 1

    def _object(self, row: Recipient, objection: Objection, *, left_out: bool) -> None:
        (self._left_out if left_out else self._written_to_though)[objection.against] += 1
        listed_there = self._first_objected[objection.against, left_out]
        _keep(listed_there, f"{row.origin}: {row.address}: {objection.reason}")

    def show(self, surveyed: Survey, lists: Lists) -> None:
        """Say everything."""
        from notify.actions.survey import Fate

        for lines in self._sections(surveyed):
            for line in lines:
                put(line)
            put()
        self.show_counts()
        counts = self._counts
        for origin in surveyed.unused_overrides():
            warn(f"{origin}: no contact was found for this row of the overrides.")
        for line in who_is_left_out(self._left_out, self._kind):
            warn(f"Without {line}")
        for line in who_is_written_to(self._written_to_though):
            warn(f"With {line}")
        if self._familiar:
            note(f"{how_many(self._familiar, 'recipient')} {'is' if self._familiar == 1 else 'are'} greeted with Du.")
        self._say_neutral(lists)
        if counts[Fate.REJECTED] and "rejected" not in lists:
            note("All rejected rows with their reasons as a list:  notify contacts --rejected rejected.csv")

    def show_counts(self) -> None:
        """Say how many rows there are of each fate, and what is not written to of those who are."""
        counts = self._counts
        fates = ", ".join(f"{counts[fate]:,} {fate}" for fate in shown_fates(counts))
        put(f"{how_many(sum(counts.values()), 'row')}: {fates}")
        if self._further:
            rows = f"{how_many(self._further, 'row')} {'has' if self._further == 1 else 'have'}"
            which = "which one is, or whether all are, says address in [contacts]"
            note(f"{rows} further addresses that are not written to; {which}.")

    def _sections(self, surveyed: Survey) -> Iterator[list[str]]:
        from notify.ledger import Groups

        if self._reasons:
            yield list(self._rejected())
        for kind in (Groups.KEY_TWICE, Groups.SHARED_ADDRESS, Groups.REPEATED_ROWS, Groups.SAME_PERSON):
            if lines := list(_grouped(kind, surveyed)):
                yield lines
        if self._suppressed:
            yield _listed("Must not be written to", self._suppressed, self._on_the_list)
        for (against, left_out), lines in sorted(self._first_objected.items(), key=lambda item: -item[0][0].weight):
            counts = self._left_out if left_out else self._written_to_though
            yield _listed(heading(against, left_out=left_out), lines, counts[against])
        if self._moved:
            yield _listed("At a new address, and not written to again by itself", self._moved, self._counts["moved"])
        if unclear := [listed(finding) for finding in self._form_notes.unclear()]:
            yield ["Forms that say neither Sie nor Du:", *(f"  {line}" for line in unclear)]
        for name, head in _HEADS.items():
            if noticed := self._first_noticed.get(name):
                yield _listed(head, noticed, self._noticed[name])

    def _rejected(self) -> Iterator[str]:
        yield f"Rejected ({sum(reason.count for reason in self._reasons.values()):,}):"
        for name, reason in sorted(self._reasons.items(), key=lambda item: -item[1].count):
            yield f"  {name} ({reason.count:,})"
            yield from (f"    {line}" for line in reason.first)
            if reason.count > len(reason.first):
                yield f"    … and {reason.count - len(reason.first):,} more"
            if mend := _mend_of(name):
                yield f"    {mend}"

    def _say_neutral(self, lists: Lists) -> None:
        from notify.recipients.salutation import NUMBERED

        if not self._neutral:
            return
        reasons = ", ".join(f"{count:,} {why}" for why, count in self._neutral.most_common())
        note(
            f"{how_many(sum(self._neutral.values()), 'salutation')} neutral, because the file does not say how to "
            f"address them ({reasons}); gender is never guessed."
        )
        if self._neutral[NUMBERED]:
            note('If you know what these numbers mean, say so:  gender_codes = "1=Frau, 2=Herr"  in [contacts]')
        if "fallbacks" not in lists:
            note("As a list to fill in:  notify contacts --fallbacks overrides.csv")


def shown_fates(counts: Mapping[str, int]) -> list[Fate]:
    """Return the fates that are counted; that of who has moved only where somebody has."""
    from notify.actions.survey import Fate

    return [fate for fate in Fate if counts[fate] or fate is not Fate.MOVED]


def _sort_of(reason: str) -> str:
    """Return what is the same in the reasons of many rows."""
    return " ".join(_NUMBER.sub("…", _QUOTED.sub(" ", reason)).split()).rstrip(":") or reason


def _mend_of(name: str) -> str:
    from notify.recipients.admission import ANOTHER_ADDRESS

    if ANOTHER_ADDRESS.rstrip(":") in name:
        return "Mend the address, or have the other one taken:  fallback_address = true  in [contacts]"
    return next((mend for beginning, mend in _MENDS if name.startswith(beginning)), "")


def _keep(lines: list[str], line: str) -> None:
    if len(lines) < _LISTED:
        lines.append(line)


def _listed(head: str, lines: Sequence[str], count: int) -> list[str]:
    more = [f"  … and {count - len(lines):,} more"] if count > len(lines) else []
    return [f"{head} ({max(count, len(lines)):,}):", *(f"  {line}" for line in lines), *more]


def _grouped(kind: Groups, surveyed: Survey) -> Iterator[str]:
    """Yield the lines about the groups of a kind: what they are, what is done, and the setting for it."""
    number = 0
    for number, group in enumerate(surveyed.groups(kind), start=1):
        if number == 1:
            yield f"{_head(kind, surveyed.sharing)}:"
        if number <= _LISTED:
            yield f"  {_named(group)}"
    if number > _LISTED:
        yield f"  … and {number - _LISTED:,} more"


def _head(kind: Groups, sharing: Sharing) -> str:
    from notify.ledger import Groups

    if kind is Groups.KEY_TWICE:
        return "One key with several addresses (an error: mend the rows)"
    if kind is Groups.REPEATED_ROWS:
        return "There several times (written to once, as the first row says)"
    if kind is Groups.SHARED_ADDRESS:
        done = "neutrally; as the first of them" if sharing.neutral else "as the first of them; neutrally"
        other = "first" if sharing.neutral else "neutral"
        return f'Several people, one address (one message, greeted {done}:  shared_address = "{other}")'
    done = "only the first is written to; each" if sharing.once else "each is written to; only the first"
    return f'Probably one person with several addresses ({done}:  same_person = "{"each" if sharing.once else "once"}")'


def _named(group: Group) -> str:
    from notify.ledger import Groups

    first = group.members[:_MEMBERS]
    if group.kind in (Groups.SHARED_ADDRESS, Groups.REPEATED_ROWS):
        rows = ", ".join(f"{member.name} ({member.origin})" if member.name else member.origin for member in first)
        head = first[0].address
    else:
        rows = ", ".join(f"{member.address} ({member.origin})" for member in first)
        head = group.mark if group.kind is Groups.KEY_TWICE else first[0].name
    more = f" and {group.rows - len(first):,} more" if group.rows > len(first) else ""
    return f"{head}: {rows}{more}"
