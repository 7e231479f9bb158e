"""Details that change, and that nobody may see: whoever relies on the notice would not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from notify.checks.facts import Facts
from notify.checks.remark import Remark


def unread_attachments(names: Iterable[str], facts: Facts) -> Iterator[Remark]:
    """Yield which attached files go to people who may not see everything, and are not looked into.

    :param names: of the files that are no text, and that all readers of a text get.
    """
    change, disclosure = facts.campaign.change, facts.campaign.disclosure
    hidden = [name for name in change.announced() if name in disclosure.hidden_from(())]
    for file in names if hidden else ():
        what = f"{file} goes to everybody, and notify does not look into it; not everybody may see {', '.join(hidden)}"
        yield Remark("unread-attachment", what, "Open it once, and look whether it tells that.", where=file)


def withheld_from_all(facts: Facts) -> Iterator[Remark]:
    """Yield that details change which no audience sees."""
    change, disclosure = facts.campaign.change, facts.campaign.disclosure
    names = [name for name in change.announced() if name in disclosure.hidden_from_all]
    if names:
        named = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        changes = "changes" if len(names) == 1 else "change"
        what = f"{named} {changes}, and nobody may see that: no [[audience]] does"
        sees = ", ".join(f'"{name}"' for name in names)
        mend = f'Say who gets them:  [[audience]]  name = "customers"  sees = [{sees}]  everybody = true'
        side = "new" if getattr(change.new, names[0]) else "old"
        yield Remark("withheld-from-all", what, mend, where=facts.place(f"change.{side}.{names[0]}"))
