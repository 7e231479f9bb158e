"""Who must approve a campaign before it is sent, and who has: as much as can be told without reading contacts."""

from __future__ import annotations

from notify.actions.ledgers import real_ledger
from notify.config import Settings
from notify.core.approval import Approval
from notify.core.record import record
from notify.ledger import Approvals, Versions, is_up_to_date, open_store

_PEOPLE = {"": 0, "required": 1, "two_people": 2}


@record(frozen=True, slots=True)
class Requirement:
    """How many people must approve a campaign, and what asks for it.

    ``setting`` is that of [send]; ``works_alone``: the user says that there is no second person.
    """

    people: int
    setting: str
    announces_account: bool
    works_alone: bool

    @classmethod
    def of(cls, settings: Settings) -> Requirement:
        """Return what notify.toml asks for; a new IBAN wants two people, unless there is one only."""
        account, alone = settings.change.announces("iban"), settings.policy.works_alone
        setting = settings.send.approval
        return cls(max(_PEOPLE[setting], 2 if account and not alone else 0), setting, account, alone)

    @property
    def is_alone(self) -> bool:
        """Whether a new IBAN leaves without a second person, by the word of the user."""
        return self.announces_account and self.works_alone and self.people < _PEOPLE["two_people"]

    def __str__(self) -> str:
        """Return why somebody must approve it, as the end of a sentence."""
        if self.people > _PEOPLE[self.setting]:
            return "a new IBAN needs the approval of two people"
        return f'[send] says approval = "{self.setting}"'


def approvals_of(settings: Settings) -> tuple[Approval, ...]:
    """Return everything that was approved in a campaign, whatever has changed since; the first one first.

    While the campaign goes to the sandbox its own ledger is left as it is, and one of an earlier version tells nothing.
    """
    path = real_ledger(settings)
    if not is_up_to_date(path):
        return ()
    with open_store(path) as store:
        record = Versions(store).find(settings.campaign().id)
        return tuple(Approvals(store, record).all()) if record else ()
