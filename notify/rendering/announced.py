"""The variables of a template that tell of the change: facts, and words for them in the message's language."""

from __future__ import annotations

from collections.abc import Iterator

from notify.core.announcement import THINGS, announce
from notify.core.audience import Sight
from notify.core.campaign import DETAIL_LABELS, Campaign, ChangedDetail, Details, in_words
from notify.core.iban import FormerIban, Iban
from notify.rendering import phrases
from notify.rendering.engine import NotGiven, withheld

_ADDRESS = {"de": "Anschrift", "en": "Address", "fr": "Adresse"}

#: What stands side by side for each thing, where that is not one detail.
_LINES = {"bank": ("account_holder", "iban", "bic", "bank"), "bank_name": ("bank",)}


def announced(sight: Sight, language: str) -> dict[str, object]:
    """Return the variables, each with what a template can ask of it.

    By what a notice can be verified is true of the whole change, whatever of it may be seen; as is what stays, unless
    it belongs to something hidden that changes: that an account stays is no secret.
    """
    campaign, whole = sight.seen, announce(sight.campaign)
    facts = announce(campaign)
    effective = in_words(campaign.change.effective, language) if campaign.change.effective else ""
    moved = {*facts.new, *facts.gone}
    return {
        "announcement": phrases.headline(facts, effective, language) if moved else _nothing("announcement", sight),
        "what_changes": phrases.what_changes(facts, language) if moved else _nothing("what_changes", sight),
        "when": phrases.when(facts, effective, language),
        "changed": {thing: thing in moved for thing in THINGS},
        "unchanged": phrases.unchanged((facts if sight.hides_a_change else whole).unchanged, language),
        "former": phrases.names(facts.former, language),
        "former_count": len(facts.former),
        "known_as": _known_as(campaign, language),
        "effective_is": facts.effective.value,
        "old_works_until_is": facts.old_works_until.value,
        "sent_from": facts.origin.value,
        "verify_by": tuple(way.value for way in whole.verify_by),
    }


def _known_as(campaign: Campaign, language: str) -> str:
    """Return by which name readers know who writes: beside a new one stands the one that they have known."""
    change, mailbox = campaign.change, campaign.sender.mailbox
    name = mailbox.name or mailbox.address
    if not change.announces("name"):
        return name
    return phrases.renamed(change.new.name, change.old.name or name, language)


def as_read(name: str, value: str, *, is_old: bool) -> str:
    """Return a detail as people read it: an IBAN in groups of four, the old one with its last four places alone."""
    if name == "iban" and value:
        return FormerIban(value) if is_old else Iban(value)
    return value


def changes(campaign: Campaign, language: str) -> Iterator[ChangedDetail]:
    """Yield every detail that differs."""
    for change in campaign.change.changes(language):
        name = "iban" if change.label == DETAIL_LABELS[language]["iban"] else ""
        old, new = as_read(name, change.old, is_old=True), as_read(name, change.new, is_old=False)
        yield ChangedDetail(change.label, old, new)


def comparison(campaign: Campaign, language: str) -> Iterator[ChangedDetail]:
    """Yield what changes as people read it: an address on one line, an account with all that belongs to it."""
    old, new = campaign.change.old, campaign.change.new
    for label, names in things_changed(campaign, language):
        if len(names) > 1:
            yield ChangedDetail(label, _on_one_line(old), _on_one_line(new))
            continue
        (name,) = names
        before, after = getattr(old, name), getattr(new, name)
        yield ChangedDetail(label, as_read(name, before, is_old=True), as_read(name, after, is_old=False))


def things_changed(campaign: Campaign, language: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what stands on a line of its own where changes are told: its label, and the details that are on it."""
    facts = announce(campaign)
    old, new = campaign.change.old, campaign.change.new
    for thing in THINGS:
        if thing not in {*facts.new, *facts.gone}:
            continue
        if thing == "address":
            yield _ADDRESS[language], THINGS[thing]
            continue
        for name in _LINES.get(thing, THINGS[thing]):
            if getattr(old, name) or getattr(new, name):
                yield DETAIL_LABELS[language][name], (name,)


def _on_one_line(details: Details) -> str:
    place = " ".join(filter(None, (details.postcode, details.city)))
    return ", ".join(filter(None, (details.street, place, details.country)))


def _nothing(name: str, sight: Sight) -> NotGiven:
    if sight.hides_a_change:
        return withheld(f"{name}: nothing of what changes may be seen")
    return NotGiven(f"{name} is not given, as nothing changes: [change.old] and [change.new] say the same")
