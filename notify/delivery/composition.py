"""The message of a recipient: rendered and composed."""

from __future__ import annotations

import datetime as dt

from notify.composing import Composer
from notify.core.message import Mailbox, Message
from notify.ledger import Claimed
from notify.rendering import Template


def message_for(claimed: Claimed, date: dt.datetime, template: Template, composer: Composer) -> Message:
    """Return the message of a recipient. The same recipient and date always come to the same octets.

    :param date: aware; it stands in the message.
    :raises ChangedError: a file of its own is not what it was when everybody was enrolled.
    :raises InputError: the message cannot be made.
    """
    content = template.render(
        claimed.language,
        claimed.salutation,
        claimed.variables,
        f"the contact {claimed.address}",
        form=claimed.form,
    )
    to, copy_of = Mailbox(claimed.name, claimed.address), str(claimed.copy_of or "")
    return composer.compose(content, to, claimed.message_id, date, copy_of=copy_of)
