"""The message of a recipient: rendered and composed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from notify.composing import Composer
from notify.core.message import Draft, Filled, Mailbox, Message
from notify.ledger import Claimed
from notify.rendering import Template


def message_for(claimed: Claimed, date: dt.datetime, template: Template, composer: Composer) -> Message:
    """Return the message of a recipient. The same recipient and date always come to the same octets.

    :param date: aware; it stands in the message.
    :raises ChangedError: a file of its own is not what it was when everybody was enrolled.
    :raises InputError: the message cannot be made.
    """
    return composer.compose_all([_draft(claimed, _filled(claimed, claimed.variables, template), date)])[0]


def messages_for(
    claimed: Sequence[Claimed], today: dt.datetime, template: Template, composer: Composer
) -> list[Message]:
    """Return the messages of several recipients, as :func:`message_for` makes each.

    Each step is taken for all of them before the next: the processor then has at hand what a step needs, which saves
    a third of the time.

    :param today: the date of those who have no other.
    """
    variables = [one.variables for one in claimed]
    filled = [_filled(one, its, template) for one, its in zip(claimed, variables, strict=True)]
    return composer.compose_all([_draft(one, its, one.date or today) for one, its in zip(claimed, filled, strict=True)])


def _filled(claimed: Claimed, variables: Mapping[str, Any], template: Template) -> Filled:
    who = f"the contact {claimed.address}"
    return template.fill(claimed.language, claimed.salutation, variables, who, form=claimed.form)


def _draft(claimed: Claimed, filled: Filled, date: dt.datetime) -> Draft:
    to, copy_of = Mailbox(claimed.name, claimed.address), str(claimed.copy_of or "")
    return Draft(filled, to, claimed.message_id, date, copy_of=copy_of)
