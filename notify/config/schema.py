"""All sections and keys of notify.toml. The sample file and the reference are written from them."""

from __future__ import annotations

from typing import Any

from notify.config.attach import ATTACH
from notify.config.audience import AUDIENCE
from notify.config.campaign import CAMPAIGN, SENDER
from notify.config.change import CHANGE, NEW_DETAILS, OLD_DETAILS
from notify.config.checks import CHECK_SECTION
from notify.config.contacts import COLUMNS, CONTACTS
from notify.config.ledger import LEDGER
from notify.config.mailbox import MAILBOX
from notify.config.newsletter import NEWSLETTER
from notify.config.policy import POLICY
from notify.config.relay import RELAY
from notify.config.second_source import SECOND_SOURCE
from notify.config.sections import Key, Section
from notify.config.send import SEND

#: All sections, in the order of the file.
SECTIONS: tuple[Section[Any], ...] = (
    CAMPAIGN,
    SENDER,
    CHANGE,
    OLD_DETAILS,
    NEW_DETAILS,
    AUDIENCE,
    SECOND_SOURCE,
    ATTACH,
    CONTACTS,
    COLUMNS,
    RELAY,
    MAILBOX,
    SEND,
    NEWSLETTER,
    POLICY,
    CHECK_SECTION,
    LEDGER,
)

#: All keys, in the order of the file.
KEYS: tuple[Key, ...] = tuple(key for section in SECTIONS for key in section.keys)


def read_value(path: tuple[str, ...], value: object) -> object:
    """Return what a value at a key is read as.

    :raises ValueError: with one sentence for the user.
    """
    return next(key for key in KEYS if key.path == path).type.read(value)
