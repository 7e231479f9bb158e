"""The test message to a mailbox of one's own: what it says, in German or English, and the code in it."""

from __future__ import annotations

import datetime as dt
import secrets

from notify.composing import Composer
from notify.core.campaign import Campaign, in_words
from notify.core.message import Content, Mailbox, Message

_GERMAN = """\
Diese Nachricht hat notify geschickt, um zu sehen, ob an {address} Post ankommt. \
Sie ging nur an Ihre eigenen Postfächer, an niemanden sonst.

Der Code dieser Nachricht:  {code}

Tippen Sie ihn dort ein, wo notify danach fragt. Später geht es so:

    notify probe --code {code}

Gesendet am {day} von {sender} über {relay}, vor der Kampagne {campaign}.

Sagt Ihnen das nichts? Dann hat jemand Ihre Adresse irrtümlich als seine eigene angegeben. \
Löschen Sie die Nachricht; es geschieht nichts weiter.
"""
_ENGLISH = """\
notify has sent this message to see whether mail arrives at {address}. \
It went to your own mailboxes only, and to nobody else.

The code of this message:  {code}

Type it where notify asks for it. Later, it is done like this:

    notify probe --code {code}

Sent on {day} from {sender} through {relay}, ahead of the campaign {campaign}.

Does this mean nothing to you? Then somebody gave your address for theirs by mistake. \
Delete the message; nothing else happens.
"""
_SUBJECTS = {"de": "Testnachricht an {address}: Code {code}", "en": "Test message to {address}: code {code}"}


def probe_message(campaign: Campaign, relay: str, address: str, code: str, time: dt.datetime) -> Message:
    """Return the test message to an address.

    :param relay: the name of the relay, with the account in brackets.
    :param time: aware; its time zone is that in the header.
    """
    language = "de" if campaign.language == "de" else "en"
    values = {
        "address": address,
        "code": code,
        "day": in_words(time.date(), language),
        "sender": campaign.sender.mailbox.address,
        "relay": relay.partition(" ")[0],
        "campaign": campaign.id,
    }
    subject = _SUBJECTS[language].format(**values)
    text = (_GERMAN if language == "de" else _ENGLISH).format(**values)
    message_id = f"<probe-{secrets.token_hex(12)}@{campaign.sender.domain}>"
    composer = Composer(campaign.sender)
    return composer.compose(Content(subject, text), Mailbox("", address), message_id, time, test="probe")
