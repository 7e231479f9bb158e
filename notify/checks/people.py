"""Whether a message names somebody else who gets it: an address, a name, or the greeting of one person typed for all.

The recipients are far too many to be looked for in the text. So what stands in the text is collected first, and each
recipient is looked up in that as it comes by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.checks.typed_values import ADDRESS
from notify.core.address import identity
from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.core.rendered import Wording

_CAPITAL = r"[A-ZÄÖÜÉÈÀÇŁŠŽ][\w'’\-]+"
_GREETING = late_pattern(
    r"\b(?:Sehr geehrte[rn]?|Guten (?:Tag|Morgen|Abend)|Hallo|Liebe[r]?|Dear|Bonjour)\s"
    r"(?:Frau|Herrn?|Mr\.?|Mrs\.?|Ms\.?|Madame|Monsieur)\s"
    rf"(?:Dr\.\s|Prof\.\s|Professor(?:in)?\s)*(?:v[ao]n\s|de[rn]?\s)*{_CAPITAL}"
)
_TAGS = late_pattern(r"\{#[^#]*#\}|\{%[^%]*%\}|\{\{[^{}]*\}\}")
_LONGEST = 50_000
_MANY = 10_000  # addresses in values that are kept to be looked up


@record(frozen=False, slots=True)
class People:
    """Looks each recipient up in what is typed, and in what the rows of the others print."""

    facts: Facts
    #: The identities and names that are typed, with how they are written and in which file.
    _typed: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: The identities that rows print which are not theirs, with the first such row.
    _printed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for label, text in self.facts.texts.items():
            self._note_typed(label, text[:_LONGEST])

    def greetings(self, wording: Wording) -> Iterator[Remark]:
        """Yield the greeting of one person that is typed into the message of all."""
        if found := _GREETING.search(wording.typed.text):
            what = f'"{found[0]}" is typed here: everybody would be greeted so'
            yield Remark("another-recipient", what, "Write {{ salutation }} instead.", found[0])

    def _note_typed(self, label: str, text: str) -> None:
        """Remember who is named in a file of the template."""
        typed = _TAGS.sub(" ", text)
        for address in ADDRESS.findall(typed):
            if address.casefold() not in self.facts.own_addresses:
                self._typed.setdefault(identity(address), (address, label))
        own = self.facts.campaign.sender.mailbox.name
        for name in _names_in(typed):
            if not own or (name not in own and own not in name):
                self._typed.setdefault(name, (name, label))

    def note_printed(self, values: Iterable[str], address: str, origin: str) -> None:
        """Remember whose addresses a row prints that are not its own."""
        for who in _others_in(values, address):
            if len(self._printed) < _MANY:
                self._printed.setdefault(who, origin)

    def are_met_in(self, values: Iterable[str], address: str, name: str) -> bool:
        """Tell whether a recipient is named in the author's words, or the row prints an address that is not its own."""
        return any(_others_in(values, address)) or any(self.meet(address, name, ""))

    @property
    def is_anybody_printed(self) -> bool:
        """Whether the recipients must come by once more, as addresses were printed that may be those of some."""
        return bool(self._printed)

    def meet(self, address: str, name: str, origin: str) -> Iterator[tuple[Remark, str]]:
        """Yield that a recipient is named in the author's words, with the file in which that is."""
        domain = address.rpartition("@")[2]
        if not self._typed or domain in self.facts.own_hosts:
            return
        for named in (identity(address), name):
            if named in self._typed:
                typed, label = self._typed[named]
                what = f"{typed} is typed into the message, and is a recipient ({origin}): all others would read that"
                yield (
                    Remark("another-recipient", what, "Leave it out, or say so in [checks] if it is meant.", typed),
                    label,
                )

    def meet_printed(self, who: str, origin: str) -> Iterator[Remark]:
        """Yield that another row prints a recipient's address.

        :param who: the identity of the recipient's address.
        """
        printed_by = self._printed.get(who, "")
        if printed_by and printed_by != origin:
            what = f"the address of another recipient ({origin}) is printed from this row"
            yield Remark(
                "another-recipient", what, "Mend the row, or leave the column out of the text.", where=printed_by
            )


def _others_in(values: Iterable[str], address: str) -> Iterator[str]:
    """Yield the identities of the addresses in values that are not this one."""
    for value in values:
        if "@" not in value:
            continue
        for found in ADDRESS.findall(value):
            if (who := identity(found)) != identity(address):
                yield who


def _names_in(text: str) -> Iterator[str]:
    """Yield every two and three words with capital letters that stand side by side: what may be somebody's name."""
    for run in re.findall(rf"{_CAPITAL}(?: (?:v[ao]n|de[rn]?|zu|{_CAPITAL}))+", text):
        words = run.split()
        for many in (2, 3, 4):
            yield from (" ".join(words[first : first + many]) for first in range(len(words) - many + 1))
