"""Exactly what each recipient gets: the same rendering and composing as in a run that sends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from notify.actions.addresses import address_of
from notify.actions.prepare import Prepared
from notify.actions.survey import Fate, Survey, survey
from notify.checks import Inspection, Reader
from notify.composing import Composer
from notify.core.address import identity
from notify.core.campaign import Sender
from notify.core.contact import Recipient
from notify.core.finding import Finding
from notify.core.message import Content, Mailbox, Message
from notify.core.rendered import Rendered
from notify.delivery.routes import routes_of
from notify.errors import InputError
from notify.recipients.findings import NEUTRAL_GREETING, OTHER_LANGUAGE, findings_on


@dataclass(frozen=True, slots=True)
class Previewed:
    """One recipient's message. Its Message-ID and Date are placeholders: both are set when it is sent.

    ``findings`` are about the greeting and the language, ``noticed`` is what is wrong in the text.
    """

    recipient: Recipient
    content: Content
    message: Message
    findings: tuple[Finding, ...]
    sender: Sender
    noticed: tuple[Finding, ...] = ()

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
        return (*named, ("Date", "set when sent"), ("Message-ID", "set when sent"))


def preview(
    prepared: Prepared, *, most: int | None, only: str = "", inspection: Inspection | None = None
) -> Iterator[Previewed]:
    """Yield the messages of the first ``most`` recipients in the order of the files; of all when it is None.

    :param only: an address; when given, only its message.
    :param inspection: looks at the messages of everybody, also of those who come after the last that is yielded.
    :raises InputError: a message that cannot be rendered, a key that has two addresses, nobody to write to, or nobody
        has the address ``only``.
    :raises ConfigError: no relay may send for the campaign's sender.
    """
    routes_of(prepared.settings, dt.datetime.now().astimezone().date())
    composer = Composer.of(prepared.campaign)
    whose = identity(address_of(only)) if only else ""
    yielded = 0
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        for recipient in _admitted(surveyed, first=True):
            if only and identity(recipient.address) != whose:
                continue
            is_wanted = most is None or yielded < most
            if not is_wanted and inspection is None:
                return
            rendered = _rendered(prepared, recipient)
            noticed = inspection.look(rendered, _reader(recipient)) if inspection else ()
            if is_wanted:
                yielded += 1
                yield _message(prepared, composer, recipient, rendered.content, noticed)
        if inspection and inspection.wants_all_again:
            for recipient in _admitted(surveyed):
                inspection.look_again(identity(recipient.address), str(recipient.origin))
    if only and not yielded:
        raise InputError(
            f"{only}: nobody in the contact files is written to at this address.",
            hint="See who is, and which rows are rejected:  notify contacts",
        )
    if not yielded:
        raise nobody()


def nobody() -> InputError:
    """Make the error for contact files in which there is nobody to write to."""
    return InputError("There is nobody to write to.", hint="See why:  notify contacts")


def _admitted(surveyed: Survey, *, first: bool = False) -> Iterator[Recipient]:
    """Yield everybody who is written to; the ``first`` time, after the files were read."""
    if first:
        for _ in surveyed.left_out():
            pass
        surveyed.refuse_keys_twice()
    for row in surveyed.taken_in():
        if row.fate is Fate.ADMITTED and isinstance(row.row, Recipient):
            yield row.row


def _rendered(prepared: Prepared, recipient: Recipient) -> Rendered:
    fields = prepared.template.named.of(recipient.fields, recipient.row)
    return prepared.template.rendered(recipient.language, recipient.salutation, fields, str(recipient.origin))


def _reader(recipient: Recipient) -> Reader:
    return Reader(recipient.address, recipient.name, recipient.salutation, str(recipient.origin))


def _message(
    prepared: Prepared, composer: Composer, recipient: Recipient, content: Content, noticed: tuple[Finding, ...]
) -> Previewed:
    message = composer.compose(
        content,
        Mailbox(recipient.name, recipient.address),
        f"<set-when-sent@{prepared.campaign.sender.domain}>",
        dt.datetime.now().astimezone(),
    )
    return Previewed(recipient, content, message, tuple(_findings(recipient)), prepared.campaign.sender, noticed)


def _findings(recipient: Recipient) -> Iterator[Finding]:
    """Yield what changes the message itself; the rest is told by ``notify contacts``."""
    return (found for found in findings_on(recipient) if found.name in {NEUTRAL_GREETING, OTHER_LANGUAGE})


def _in_words(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
