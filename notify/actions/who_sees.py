"""Who would see a detail: found in the messages as they are rendered, and not in the settings."""

from __future__ import annotations

from collections.abc import Iterator

from notify.actions.noticed import Noticed
from notify.actions.prepare import Prepared
from notify.actions.preview import admitted, begun_making
from notify.actions.watch import Watch
from notify.core.contact import Recipient
from notify.core.record import record
from notify.core.told import Told, squeezed
from notify.rendering import texts_of


@record(frozen=True, slots=True)
class Sighting:
    """Whether a recipient's message tells the detail; ``is_made``: it can be made at all, and would be sent."""

    recipient: Recipient
    sees: bool
    is_made: bool = True


def who_sees(prepared: Prepared, detail: str, watch: Watch) -> Iterator[Sighting]:
    """Yield everybody who is written to, with whether the message tells the detail, as it was or as it is to be.

    :param detail: the name of a detail.
    :param watch: is given the rows of all files, then all who are written to, and passes them on.
    :raises InputError: a message cannot be rendered, whatever its recipient may see.
    """
    change = prepared.campaign.change
    values = dict.fromkeys(filter(None, (getattr(change.new, detail), getattr(change.old, detail))))
    looked_for = [Told.of(detail, value) for value in values]
    noticed = Noticed(prepared)
    with begun_making(prepared, noticed) as making:
        for recipient in admitted(prepared, watch):
            looked_at = None if noticed.missing.lacks(recipient) else making.look(recipient)
            if looked_at is None:
                yield Sighting(recipient, sees=False, is_made=False)
                continue
            texts = [(text, squeezed(text)) for text in texts_of(looked_at[0].content)]
            yield Sighting(recipient, any(told.is_in(*text) for told in looked_for for text in texts))
