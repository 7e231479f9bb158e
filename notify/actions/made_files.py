"""What notify attaches by itself: the card, the appointment and the QR code that [attach] asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from notify.cards import SUMMARY, Person, QrError, appointment, qr_code, vcard
from notify.config import Settings
from notify.core.campaign import Change, Details, Sender
from notify.core.made import Made, MadeFile
from notify.core.message import Attachment
from notify.errors import ConfigError
from notify.recipients.whole_name import read_whole

#: By this name a message shows the code.
QR_NAME = "qr.png"


def made_files(settings: Settings) -> Made:
    """Return what is attached to the messages of each language.

    :raises ConfigError: the details do not fit into a QR code.
    """

    @lru_cache
    def made(language: str, change: Change) -> tuple[MadeFile, ...]:
        asked, person = settings.attach, person_of(settings, change)
        card = [_card(person, change)] if asked.vcard else []
        code = [_code(person)] if asked.qr else []
        return (*card, *_day(settings, person, change, language), *code)

    # whether it can be made is known at once: of less there is less to make
    made("de", settings.change)
    return made


def person_of(settings: Settings, change: Change) -> Person:
    """Return who is on the card, with the details from now on."""
    asked, sender = settings.attach, settings.sender
    name = asked.name or asked.company or sender.mailbox.name or sender.mailbox.address
    # a sender may be a person or a firm; who says so in [attach] is known to be a person
    whole = read_whole(asked.name) if asked.name else None
    before = change.old.email or sender.mailbox.address
    return Person(
        name=name,
        details=replace(change.new, email=_email(change.new, change.old, sender)),
        mark=asked.uid or f"{name}\n{before}".casefold(),
        first=whole.first if whole else "",
        last=whole.last if whole else "",
        company=asked.company,
    )


def _email(new: Details, old: Details, sender: Sender) -> str:
    """Return the address on the card: the new one, or else where answers go, unless that is the one given up."""
    answers = sender.reply_to or sender.mailbox.address
    return new.email or ("" if answers == old.email else answers)


def _card(person: Person, change: Change) -> MadeFile:
    text = vcard(person, change.effective)
    return _made(f"{person.file_name}.vcf", "text/vcard; charset=utf-8", text)


def _day(settings: Settings, person: Person, change: Change, language: str) -> Iterator[MadeFile]:
    day = change.effective
    if settings.attach.calendar and day:
        campaign = settings.campaign()
        address = campaign.sender.reply_to or campaign.sender.mailbox.address
        text = appointment(person, change, day, language, campaign_id=campaign.id, sender=address)
        yield _made(f"{SUMMARY[language]} {person.file_name}.ics", "text/calendar; charset=utf-8; method=PUBLISH", text)


def _code(person: Person) -> MadeFile:
    try:
        text, picture = qr_code(person)
    except QrError as error:
        raise ConfigError(f"qr: {error}.", hint="Leave qr out of [attach] in notify.toml.") from error
    return MadeFile(Attachment(QR_NAME, "image/png", picture), text)


def _made(name: str, content_type: str, text: str) -> MadeFile:
    return MadeFile(Attachment(name, content_type, text.encode()), text.replace("\r\n", "\n"))
