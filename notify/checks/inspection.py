"""Looks at every message of a mailing; cheap enough for all of them, because most is looked at once for many.

What the author typed is the same in all messages of one wording: a check of it runs once. Of each single message only
the values are left, and a glance at most of these is enough.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from notify.checks import examples, fraud, leftovers, markup, old_and_new
from notify.checks.advertising import advertising
from notify.checks.announced import announced_details
from notify.checks.attached import attachment_missing
from notify.checks.claims import claims
from notify.checks.consistency import consistency
from notify.checks.contradictions import contradictions
from notify.checks.damaged import damaged
from notify.checks.disclosure import withheld_from_all
from notify.checks.facts import Facts
from notify.checks.glued import glued
from notify.checks.greeting import Greetings
from notify.checks.layout_words import layout_words, link_targets
from notify.checks.left_behind import left_behind
from notify.checks.links import broken_links
from notify.checks.odd_dates import odd_dates
from notify.checks.other_language import other_language
from notify.checks.people import People
from notify.checks.remark import Remark
from notify.checks.said import Said
from notify.checks.tables import swapped_columns
from notify.checks.typed_values import spelled_plainly
from notify.checks.unfinished import unfinished
from notify.core.check_names import GRAVE
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.rendered import Proved, Rendered, Wording, Words

_CHECKS = (
    leftovers.leftovers,
    markup.markup,
    markup.links,
    old_and_new.old_called_new,
    contradictions,
    left_behind,
    advertising,
    fraud.urgency,
    fraud.typed_account,
    fraud.link_beside_iban,
    fraud.mixed_forms,
    fraud.asks_for_secrets,
    attachment_missing,
    broken_links,
    claims,
    damaged,
    glued,
    link_targets,
    odd_dates,
    other_language,
    swapped_columns,
    unfinished,
)
#: Gmail shows no more of a message's HTML than this.
_LARGEST = 102 * 1024
_KEPT = 512
_LONGEST = 50_000
_WORD = late_pattern(r"[^\W_]")
#: So many findings of each name are kept in full.
_NAMED = 20


@record(frozen=True, slots=True)
class Reader:
    """The recipient of a message, as far as that matters here. ``origin`` is file and line of the row."""

    address: str
    name: str
    salutation: str
    origin: str


@record(frozen=False, slots=True)
class Found:
    """A finding, and in how many messages it was found; 0 for one that is about none in particular."""

    finding: Finding
    messages: int = 0


class Inspection:
    """Everything that was found so far, in the settings, the template, and the messages that were looked at."""

    def __init__(
        self, facts: Facts, silenced: Collection[str] = (), examples_of: Collection[str] | None = None
    ) -> None:
        """Begin with what is no message: settings and template.

        :param silenced: names of checks that are not wanted.
        :param examples_of: the values of the sample campaign, where the mailing is about to leave this machine and
            they must not be in it; None where they may stay.
        """
        self._facts = facts
        self._silenced = frozenset(silenced)
        self._looks_for_examples = examples_of is not None
        self._people = People(facts)
        self._said = Said(facts)
        self._greetings = Greetings()
        self._of_wording = lru_cache(_KEPT)(self._look_at_wording)
        self._found: dict[Finding, Found] = {}
        self._at_once: dict[int, Found] = {}
        self._named: Counter[str] = Counter()
        self._examples: dict[str, Remark] = {}
        # the marks of wordings, and what was found in those that were looked at
        self._marks: dict[Wording, bytes] = {}
        self._by_mark: dict[bytes, tuple[Finding, ...]] = {}
        #: How many messages were looked at.
        self.messages = 0
        remarks = [
            *old_and_new.of_settings(facts),
            *fraud.bank_with_contact(facts),
            *announced_details(facts),
            *consistency(facts),
            *layout_words(facts),
        ]
        remarks += withheld_from_all(facts)
        if examples_of is not None:
            remarks += [*examples.in_settings(facts, examples_of), *examples.in_texts(facts.texts, examples_of)]
        self.note(remarks)

    def note(self, remarks: Iterable[Remark]) -> None:
        """Take note of what was noticed elsewhere, and is about no message in particular."""
        for finding in self._findings(remarks, ""):
            self._note(finding)

    def note_what_is_missing(self) -> None:
        """Take note of what is announced and not said, after all messages were looked at."""
        if self.messages:
            self.note(self._said.remarks())
            self.note(self._greetings.remarks())

    def look(self, rendered: Rendered | Proved, reader: Reader) -> tuple[Finding, ...]:
        """Look at the next message; return what was found in it."""
        self.messages += 1
        findings = [*self._of_wording(rendered.wording)]
        self._greetings.note(rendered, reader.salutation)
        if remarks := [*self._look_at_message(rendered, reader)]:
            findings += self._findings(remarks, rendered.wording.label)
        for remark, label in self._people.meet(reader.address, reader.name, reader.origin):
            findings += self._findings([remark], label)
        for finding in findings:
            self._note(finding).messages += 1
        return tuple(findings)

    def mark_of(self, rendered: Rendered | Proved, reader: Reader) -> bytes | None:
        """Return the mark of a message's wording, if :meth:`look` would find what that says, and no more.

        None if there is more to be found or learned. Nothing is noted here; of the first message of each wording that
        comes by, it is not told: whoever looks at that learns what the wording says.
        """
        wording = rendered.wording
        mark = self._marks.get(wording)
        if mark is None:
            if len(self._marks) >= _KEPT:
                self._marks.clear()
            self._marks[wording] = _mark_of(wording)
            return None
        is_odd = any(self._remarks_of(rendered, reader)) or any(self._example_rows(reader))
        return None if is_odd or self._people.are_met_in(rendered.values, reader.address, reader.name) else mark

    def count(self, marks: Iterable[bytes]) -> bool:
        """Count messages by their marks; return False, and count none, where one is not known and must be looked at."""
        numbers = Counter(marks)
        if not numbers.keys() <= self._by_mark.keys():
            return False
        for mark, number in numbers.items():
            self.messages += number
            for finding in self._by_mark[mark]:
                self._note(finding, number).messages += number
        return True

    @property
    def wants_all_again(self) -> bool:
        """Whether :meth:`look_again` is to be asked about every recipient, after all were looked at."""
        return self._people.is_anybody_printed and "another-recipient" not in self._silenced

    def look_again(self, who: str, origin: str) -> None:
        """Look whether a recipient's address was printed in the message to somebody else.

        :param who: the identity of the address.
        """
        for finding in self._findings([*self._people.meet_printed(who, origin)], ""):
            self._note(finding).messages += 1

    def found(self) -> list[Found]:
        """Return what was found: the grave first, otherwise in the order in which it was found.

        Of each name the first few are there; :meth:`total` counts all.
        """
        return sorted(self._found.values(), key=lambda found: found.finding.severity is not Severity.ERROR)

    @property
    def total(self) -> int:
        """How many findings there are."""
        return self._named.total()

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each name."""
        return dict(self._named)

    @property
    def grave(self) -> int:
        """How many there are that nothing may be sent with."""
        return sum(count for name, count in self._named.items() if name in GRAVE)

    def _note(self, finding: Finding, times: int = 1) -> Found:
        """Count a finding, as often as it was made, unless it is known already."""
        # nearly every message has those of its wording, which are the objects that are kept; hashing one takes a while
        if known := self._at_once.get(id(finding)) or self._found.get(finding):
            return known
        found = Found(finding)
        if self._named[finding.name] < _NAMED:
            self._named[finding.name] += 1
            self._found[finding] = self._at_once[id(finding)] = found
        else:
            self._named[finding.name] += times
        return found

    def _findings(self, remarks: Iterable[Remark], label: str) -> list[Finding]:
        wanted = (remark for remark in remarks if remark.name not in self._silenced)
        return [remark.finding(label, self._facts.texts) for remark in wanted]

    def _look_at_wording(self, wording: Wording) -> tuple[Finding, ...]:
        short = _shortened(wording)
        self._said.note(short)
        remarks = [remark for check in _CHECKS for remark in check(short, self._facts)]
        remarks += self._people.greetings(short)
        if len(self._by_mark) >= _KEPT:
            self._by_mark.clear()
        findings = self._findings(remarks, wording.label)
        # those of other wordings as the same objects, which are found again at once
        known = [self._found[finding].finding if finding in self._found else finding for finding in findings]
        return self._by_mark.setdefault(_mark_of(wording), tuple(known))

    def _look_at_message(self, rendered: Rendered | Proved, reader: Reader) -> Iterator[Remark]:
        """Yield what is wrong with a single message, and note whom its row prints."""
        yield from self._remarks_of(rendered, reader)
        self._people.note_printed(rendered.values, reader.address, reader.origin)
        file = reader.origin.rpartition(":")[0]
        # of each file the first example stands for all in it
        yield from (self._examples.setdefault(file, remark) for remark in self._example_rows(reader))

    def _remarks_of(self, rendered: Rendered | Proved, reader: Reader) -> Iterator[Remark]:
        """Yield what is wrong with a single message: its values, its size, an empty body. Nothing is noted."""
        yield from leftovers.of_values(rendered.values, reader.origin)
        # made only where that is not known yet
        if rendered.most_html * 4 > _LARGEST and len(rendered.content.html.encode()) > _LARGEST:
            what = "the HTML is over 102 KB, so Gmail cuts the message off"
            yield Remark("too-large", what, "Leave pictures out of the layout, or say less.")
        if not _has_words(rendered.wording.typed.text):
            yield from _empty(rendered.content.text, reader.salutation)
        if key := self._facts.own_addresses.get(reader.address.casefold()):
            what = f"{reader.address} is your own ({self._facts.place(key)}), and gets the notice as customers do"
            yield Remark("own-address", what, "Leave the row out, unless you want it so.", where=reader.origin)

    def _example_rows(self, reader: Reader) -> Iterator[Remark]:
        """Yield that a recipient is an example."""
        if self._looks_for_examples:
            yield from examples.recipient(reader.address, reader.origin)


def _empty(text: str, salutation: str) -> Iterator[Remark]:
    """Yield that nothing was written to somebody, or nothing but a greeting."""
    mend = "Write the text below the headers, or mend its conditions."
    if not _has_words(text):
        yield Remark("empty-body", "no word is in the message", mend)
    elif not _has_words(text.replace(salutation, "", 1)):
        yield Remark("greeting-only", "nothing is in the message but the greeting", mend)


def _mark_of(wording: Wording) -> bytes:
    """Return what two processes know a wording by, each of which has its own."""
    return hashlib.blake2b(repr(wording).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _has_words(text: str) -> bool:
    return _WORD.search(text) is not None


def _shortened(wording: Wording) -> Wording:
    """Return a wording of bounded length, with plain blanks: no text is longer, a hostile one must take no time."""
    return replace(wording, typed=_cut(wording.typed), read=_cut(wording.read))


def _cut(words: Words) -> Words:
    return Words(*map(spelled_plainly, (words.subject[:_LONGEST], words.text[:_LONGEST], words.html[: 2 * _LONGEST])))
