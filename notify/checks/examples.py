"""Values of the example campaign, and names that are reserved for examples: nobody can be reached by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from notify.checks.facts import Facts
from notify.checks.nearness import digits
from notify.checks.remark import Remark, line_of, short
from notify.checks.typed_values import IBAN, PHONE
from notify.core.example_names import RESERVED, is_reserved
from notify.core.late_pattern import late_pattern

_PEOPLE = late_pattern(r"\b(?:Muster PR|Musterm[aä]nn(?:er)?|Musterfrau|Musterweg \d+|Musterbank|Musterfirma)\b")

#: Domains that people write for any; somebody else has them.
_HOSTS = late_pattern(
    r"(?<![\w\-])[\w.+\-]+@(?:www\.)?(?:muster(?:mann|frau|firma)?|beispiel|domain|example|ihre-?(?:firma|domain)"
    r"|your-?(?:company|domain)|firma|company)\.(?:de|com|at|ch|net|org)\b",
    re.IGNORECASE,
)
#: Numbers that people type for any.
_DUMMY = late_pattern(r"123456|234567|(\d)\1{6,}")

#: What stands in the newsletter that notify comes with until its author writes something.
_TO_BE_WRITTEN = late_pattern(
    r"Hier steht, was (?:Sie berichten möchten|du berichten möchtest|außerdem wichtig ist)"
    r"|Write here what (?:you want to tell|matters besides)"
)


def example_in(text: str) -> str:
    """Return the first name or number in a text that is an example; empty when there is none."""
    found = RESERVED.search(text) or _PEOPLE.search(text) or _HOSTS.search(text)
    return found[0] if found else next(filter(_DUMMY.search, map(_digits_of, PHONE.finditer(IBAN.sub(" ", text)))), "")


def in_settings(facts: Facts, shipped: Iterable[str]) -> Iterator[Remark]:
    """Yield the values in [sender] and [change] that are examples.

    :param shipped: the values that the sample of notify.toml has.
    """
    samples = {_bare(value) for value in shipped}
    for key, value in _given(facts):
        if _bare(value) in samples or example_in(value):
            what = f"{key.rpartition('.')[2]} is still an example: {short(value)}"
            yield Remark(
                "example-value", what, "Write your own in its place, or remove the line.", where=facts.place(key)
            )


def in_texts(texts: Mapping[str, str], shipped: Iterable[str]) -> Iterator[Remark]:
    """Yield the examples in the files of a template, the first of each file."""
    samples = [value for value in shipped if re.search(r"\d{4}", value)]
    for label, text in texts.items():
        typed = next((value for value in samples if value in text), "") or example_in(text)
        if unwritten := _TO_BE_WRITTEN.search(text):
            what = f'"{unwritten[0]}" still stands in the text'
            mend = "Write there what you have to tell, or take it out."
            yield Remark("example-value", what, mend, where=line_of(unwritten[0], label, {label: text}))
        elif typed:
            what = f'"{typed}" in the text is an example'
            mend = "Write your own in its place, or print it from [change]."
            yield Remark("example-value", what, mend, where=line_of(typed, label, {label: text}))


def recipient(address: str, origin: str) -> Iterator[Remark]:
    """Yield that a recipient's address is an example."""
    if is_reserved(address):
        what = f"{address} is an example, and nobody has it"
        yield Remark("example-value", what, "Remove the example rows from the contact files.", where=origin)


def copies(facts: Facts, addresses: Iterable[str]) -> Iterator[Remark]:
    """Yield that an address that gets copies is an example."""
    for address in filter(is_reserved, addresses):
        what = f"{address} is an example, and nobody has it"
        yield Remark("example-value", what, "Write your own in its place.", where=facts.place("send.copy_to"))


def _given(facts: Facts) -> Iterator[tuple[str, str]]:
    sender = facts.campaign.sender
    yield "sender.name", sender.mailbox.name
    yield "sender.email", sender.mailbox.address
    if sender.reply_to != sender.mailbox.address:
        yield "sender.reply_to", sender.reply_to
    if sender.return_path != sender.mailbox.address:
        yield "sender.return_path", sender.return_path
    yield from facts.announced


def _digits_of(found: re.Match[str]) -> str:
    return re.sub(r"\D", "", found[0])


def _bare(value: str) -> str:
    """Return a value as it is compared: numbers by their digits alone."""
    number = digits(value)
    return number if len(number) >= 6 and re.fullmatch(r"[+\d ()/\-.]+", value) else value.replace(" ", "").casefold()
