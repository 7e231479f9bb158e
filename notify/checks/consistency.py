"""What in [change] and [sender] does not go together, though each by itself may be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.facts import Facts
from notify.checks.nearness import digits, near_host, slips
from notify.checks.remark import Remark
from notify.core.iban import Iban
from notify.core.late_pattern import late_pattern
from notify.core.scripts import mixed_scripts

_NO_REPLY = late_pattern(r"(?:no-?_?reply|do-?not-?reply|nicht-?antworten|keine-?antwort)[@+._-]", re.IGNORECASE)
_HOUSE = late_pattern(r"\d")


def consistency(facts: Facts) -> Iterator[Remark]:
    """Yield what contradicts itself."""
    yield from _slips_among_own(facts)
    yield from _scripts(facts)
    yield from _places(facts)
    yield from _sender(facts)
    yield from _swapped_digits(facts)
    yield from _bank_and_bic(facts)


def _own(facts: Facts) -> dict[str, str]:
    """Return the sender's hosts by the keys in which they are named."""
    sender, new = facts.campaign.sender, facts.campaign.change.new
    named = {
        "sender.email": sender.mailbox.address,
        "sender.reply_to": sender.reply_to,
        "sender.return_path": sender.return_path,
        "change.old.email": facts.campaign.change.old.email,
        "change.new.email": new.email,
    }
    hosts = {key: address.rpartition("@")[2] for key, address in named.items() if address}
    if new.website:
        hosts["change.new.website"] = urlsplit(new.website).hostname or ""
    return {key: host.casefold().removeprefix("www.") for key, host in hosts.items() if host}


def _slips_among_own(facts: Facts) -> Iterator[Remark]:
    """Yield a domain that is another one of the sender's with a slip in its name; another ending may be meant."""
    hosts = _own(facts)
    for key in ("sender.reply_to", "sender.return_path", "change.new.website", "change.new.email"):
        host = hosts.get(key, "")
        name, _, ending = host.rpartition(".")
        others = {other for other in hosts.values() if other != host}
        # what is named more often is meant
        common = max(others, key=[*hosts.values()].count, default="")
        if host and common.rpartition(".")[2] == ending and near_host(name, common.rpartition(".")[0]):
            what = f"{host} differs in a letter or two from {common}, which is yours, too"
            yield Remark("mistyped-new-address", what, f"Did you mean {common}?", where=facts.place(key))
            return


def _scripts(facts: Facts) -> Iterator[Remark]:
    for key, host in _own(facts).items():
        if mixed := mixed_scripts(host):
            what = f"{host} mixes {mixed}: letters that look alike lead to somebody else"
            yield Remark("mistyped-new-address", what, "Type it anew on one keyboard.", where=facts.place(key))


def _places(facts: Facts) -> Iterator[Remark]:
    old, new = facts.campaign.change.old, facts.campaign.change.new
    if old.city and new.city and old.city.casefold() != new.city.casefold() and old.postcode == new.postcode != "":
        what = f"the town changes from {old.city} to {new.city}, and the postal code stays {new.postcode}"
        yield Remark("unlikely-postcode", what, "Mend one of them.", where=facts.place("change.new.postcode"))
    if _bare(old.city) == _bare(new.city) != "" and _is_elsewhere(old.postcode, new.postcode):
        what = f"{new.postcode} is far from {old.postcode}, and the town stays {new.city}"
        yield Remark("unlikely-postcode", what, "Mend one of them.", where=facts.place("change.new.postcode"))
    if old.street != new.street and _HOUSE.search(old.street) and new.street and not _HOUSE.search(new.street):
        what = f"{new.street} has no house number, and the old street has one"
        yield Remark("unlikely-street", what, "Write it behind the street.", where=facts.place("change.new.street"))


def _is_elsewhere(one: str, other: str) -> bool:
    """Tell whether two German postal codes are of other regions: they differ in their first digit."""
    return all(re.fullmatch(r"\d{5}", code) for code in (one, other)) and one[0] != other[0]


def _sender(facts: Facts) -> Iterator[Remark]:
    sender = facts.campaign.sender
    where = facts.place("sender.name")
    if not sender.mailbox.name:
        what = f"the sender has no name: readers see {sender.mailbox.address} alone"
        yield Remark("sender-name", what, "Write name in [sender], as your customers know you.", where=where)
    elif "@" in sender.mailbox.name:
        what = f"the sender is called {sender.mailbox.name}: mail programs distrust an address in the place of a name"
        yield Remark("sender-name", what, "Write name in [sender], as your customers know you.", where=where)
    answers = sender.reply_to or sender.mailbox.address
    if _NO_REPLY.match(answers):
        what = f"answers go to {answers}, which nobody reads"
        mend = "Set reply_to in [sender]: who doubts the notice wants to ask."
        yield Remark(
            "noreply-sender", what, mend, where=facts.place("sender.reply_to" if sender.reply_to else "sender.email")
        )


def _swapped_digits(facts: Facts) -> Iterator[Remark]:
    """Yield that a new number is the old one with two neighbours swapped."""
    old, new = facts.campaign.change.old, facts.campaign.change.new
    for name in ("phone", "mobile", "fax"):
        one, other = digits(getattr(old, name)), digits(getattr(new, name))
        if one and one != other and sorted(one) == sorted(other) and slips(one, other) == 1:
            what = f"the new {name} is the old one with two digits swapped"
            mend = "Mend it; if it is right, say so in [checks]."
            yield Remark("unlikely-phone", what, mend, where=facts.place(f"change.new.{name}"))


def _bank_and_bic(facts: Facts) -> Iterator[Remark]:
    old, new = facts.campaign.change.old, facts.campaign.change.new
    is_another = Iban(old.iban)[4:12] != Iban(new.iban)[4:12] and _bare(old.bank) != _bare(new.bank)
    if old.iban and new.iban and old.bank and new.bank and new.bic and old.bic == new.bic and is_another:
        what = f"the bank changes from {old.bank} to {new.bank}, and the BIC stays {new.bic}"
        yield Remark(
            "bank-mismatch", what, "Copy all of it from your bank's own letter.", where=facts.place("change.new.bic")
        )


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
