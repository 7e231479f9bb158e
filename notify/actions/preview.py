"""Exactly what each recipient gets: the same rendering and composing as in a run that sends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from notify.actions.addresses import address_of
from notify.actions.forms import FormNotes, MissingTexts
from notify.actions.message_size import findings_on_size
from notify.actions.prepare import Prepared
from notify.actions.survey import Fate, survey
from notify.composing import Composer
from notify.core.address import identity
from notify.core.campaign import Sender
from notify.core.contact import Recipient
from notify.core.finding import Finding
from notify.core.message import Content, Mailbox, Message
from notify.delivery.routes import routes_of
from notify.errors import InputError
from notify.recipients.findings import (
    DOUBTFUL_GREETING,
    NEUTRAL_GREETING,
    OTHER_LANGUAGE,
    UNCLEAR_FORM,
    findings_on,
)

#: What changes the message itself; the rest is told by ``notify contacts``.
_OF_THE_MESSAGE = frozenset({NEUTRAL_GREETING, OTHER_LANGUAGE, DOUBTFUL_GREETING, UNCLEAR_FORM})


@dataclass(frozen=True, slots=True)
class Previewed:
    """One recipient's message. Its Message-ID and Date are placeholders: both are set when it is sent."""

    recipient: Recipient
    content: Content
    message: Message
    findings: tuple[Finding, ...]
    sender: Sender

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that a person looks at, in words."""
        to = Mailbox(self.recipient.name, self.recipient.address)
        named = [("From", _in_words(self.sender.mailbox))]
        reply_to = self.content.reply_to or self.sender.reply_to
        if reply_to and reply_to != self.sender.mailbox.address:
            named.append(("Reply-To", _in_words(Mailbox(self.content.reply_to_name, reply_to))))
        named += [("To", _in_words(to)), ("Subject", self.content.subject)]
        named += [
            ("Attachment", f"{attachment.filename} ({attachment.content_type})")
            for attachment in self.content.attachments
        ]
        named += [("Picture", f"{picture.filename} ({picture.content_type})") for picture in self.content.pictures]
        return (*named, ("Date", "set when sent"), ("Message-ID", "set when sent"))


class FormsSeen:
    """What a preview finds out of the forms of all whom it has gone past, also of those whom it does not show."""

    def __init__(self, prepared: Prepared) -> None:
        """Begin with nobody seen."""
        self.missing = MissingTexts(prepared.settings, prepared.template)
        self.notes = FormNotes()

    def has_text(self, recipient: Recipient) -> bool:
        """Look at a recipient; tell whether there is a text."""
        self.notes.add(recipient)
        return not self.missing.lacks(recipient)


def preview(
    prepared: Prepared, *, most: int | None, only: str = "", seen: FormsSeen | None = None
) -> Iterator[Previewed]:
    """Yield the messages of the first ``most`` recipients in the order of the files; of all when it is None.

    Whoever is greeted in a form for which there is no text is left out.

    :param only: an address; when given, only its message.
    :param seen: takes note of the forms of all recipients, when the last message was taken.
    :raises InputError: a message that cannot be rendered, a key that has two addresses, nobody to write to, or nobody
        has the address ``only``; or no text for anybody whose message was asked for.
    :raises ConfigError: no relay may send for the campaign's sender.
    """
    seen = seen or FormsSeen(prepared)
    routes_of(prepared.settings, dt.datetime.now().astimezone().date())
    composer = Composer.of(prepared.campaign)
    whose = identity(address_of(only)) if only else ""
    yielded = 0
    for recipient in admitted(prepared):
        if only and identity(recipient.address) != whose:
            continue
        if not seen.has_text(recipient) or (most is not None and yielded >= most):
            continue
        yielded += 1
        yield _message(prepared, composer, recipient)
    if not yielded and (error := seen.missing.error()):
        raise error
    if only and not yielded:
        raise InputError(
            f"{only}: nobody in the contact files is written to at this address.",
            hint="See who is, and which rows are rejected:  notify contacts",
        )
    if not yielded:
        raise nobody()


def refuse_without_text(prepared: Prepared) -> None:
    """Refuse when the template has no text for the form in which somebody is greeted; nobody is enrolled.

    :raises InputError: says how many, who the first are, and which files to write.
    """
    missing = MissingTexts(prepared.settings, prepared.template)
    for recipient in admitted(prepared):
        missing.lacks(recipient)
    if error := missing.error():
        raise error


def nobody() -> InputError:
    """Make the error for contact files in which there is nobody to write to."""
    return InputError("There is nobody to write to.", hint="See why:  notify contacts")


def admitted(prepared: Prepared) -> Iterator[Recipient]:
    """Yield everybody who is written to, in the order of the files."""
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        for _ in surveyed.left_out():
            pass
        surveyed.refuse_keys_twice()
        for row in surveyed.taken_in():
            if row.fate is Fate.ADMITTED and isinstance(row.row, Recipient):
                yield row.row


def previewed(prepared: Prepared, recipient: Recipient) -> Previewed:
    """Return the message of one recipient.

    :raises InputError: it cannot be rendered.
    """
    return _message(prepared, Composer.of(prepared.campaign), recipient)


def _message(prepared: Prepared, composer: Composer, recipient: Recipient) -> Previewed:
    fields = prepared.template.named.of(recipient.fields, recipient.row)
    content = prepared.template.render(
        recipient.language, recipient.salutation, fields, str(recipient.origin), form=recipient.form
    )
    message = composer.compose(
        content,
        Mailbox(recipient.name, recipient.address),
        f"<set-when-sent@{prepared.campaign.sender.domain}>",
        dt.datetime.now().astimezone(),
    )
    return Previewed(
        recipient,
        content,
        message,
        (*(_findings(recipient) if prepared.template.greets else ()), *findings_on_size(content)),
        prepared.campaign.sender,
    )


def _findings(recipient: Recipient) -> Iterator[Finding]:
    return (found for found in findings_on(recipient) if found.name in _OF_THE_MESSAGE)


def _in_words(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
