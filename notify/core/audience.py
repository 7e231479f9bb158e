"""Audiences: which recipients may see which detail of a change.

Bank details go to nobody unless an audience says so. Any other detail goes to everybody, until an audience names it:
then it goes to the audiences that name it, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from notify.core.campaign import Campaign, Change, Details
from notify.core.record import record

#: Under this name the audiences of a recipient are kept beside its fields, with a line end between them.
AUDIENCES = "audiences"


@record(frozen=True, slots=True)
class Sight:
    """What of a campaign somebody may see. ``hidden`` are the names of details that are given and not shown."""

    campaign: Campaign
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of(cls, campaign: Campaign, audiences: Collection[str]) -> Sight:
        """Return what the members of these audiences may see, and of those that everybody belongs to."""
        given = {*campaign.change.old.given(), *campaign.change.new.given()}
        return cls(campaign, campaign.disclosure.hidden_from(audiences) & given)

    @classmethod
    def of_public(cls, campaign: Campaign) -> Sight:
        """Return what may stand where everybody can read it."""
        given = {*campaign.change.old.given(), *campaign.change.new.given()}
        return cls(campaign, campaign.disclosure.hidden_from_public & given)

    @property
    def seen(self) -> Campaign:
        """The campaign without what is hidden, as if nobody had given it."""
        return replace(self.campaign, change=without(self.campaign.change, self.hidden))

    @property
    def hides_a_change(self) -> bool:
        """Whether something of what changes is hidden."""
        return not self.hidden.isdisjoint(self.campaign.change.announced())


def audiences_in(text: object) -> tuple[str, ...]:
    """Return the audiences of a recipient from how they are kept (:data:`AUDIENCES`)."""
    return tuple(text.split("\n")) if isinstance(text, str) and text else ()


def kept(audiences: Iterable[str]) -> dict[str, str]:
    """Return the audiences of a recipient as they are kept beside its fields; nothing where there are none."""
    return {AUDIENCES: text} if (text := "\n".join(audiences)) else {}


def without(change: Change, hidden: Collection[str]) -> Change:
    """Return a change as if nobody had given the details of these names."""
    old, new = (_without(details, hidden) for details in (change.old, change.new))
    return replace(change, old=old, new=new)


def _without(details: Details, hidden: Collection[str]) -> Details:
    return replace(details, **dict.fromkeys(hidden, ""))
