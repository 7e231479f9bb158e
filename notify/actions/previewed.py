"""One recipient's message as a person sees it before it is sent."""

from __future__ import annotations

from notify.core.campaign import Sender
from notify.core.contact import Recipient
from notify.core.finding import Finding
from notify.core.message import Content, Mailbox, Message
from notify.core.record import record


@record(frozen=True, slots=True)
class Previewed:
    """One recipient's message. Its Message-ID and Date are placeholders: both are set when it is sent.

    ``code`` is what is said of its call-back code; empty where the template prints none.
    ``findings`` are about the greeting and the language, ``noticed`` is what is wrong in the text.
    """

    recipient: Recipient
    content: Content
    message: Message
    findings: tuple[Finding, ...]
    sender: Sender
    code: str = ""
    noticed: tuple[Finding, ...] = ()
    #: It takes the place of one that was made before all rows were read.
    is_correction: bool = False

    def is_like(self, other: Previewed) -> bool:
        """Tell whether both show the same message to the same recipient."""
        return (self.headers, self.content, self.findings) == (other.headers, other.content, other.findings)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that a person looks at, in words."""
        to = Mailbox(self.recipient.name, self.recipient.address)
        named = [("From", _in_words(self.sender.mailbox))]
        answers = self.sender.answers(self.content.reply_to, self.content.reply_to_name)
        if answers.address and answers.address != self.sender.mailbox.address:
            named.append(("Reply-To", _in_words(answers)))
        named += [("To", _in_words(to)), ("Subject", self.content.subject)]
        named += [
            ("Attachment", f"{attachment.filename} ({attachment.content_type})")
            for attachment in self.content.attachments
        ]
        named += [("Picture", f"{picture.filename} ({picture.content_type})") for picture in self.content.pictures]
        codes = [("Code", self.code)] if self.code else []
        return (*named, *codes, ("Date", "set when sent"), ("Message-ID", "set when sent"))


def _in_words(mailbox: Mailbox) -> str:
    return f"{mailbox.name} <{mailbox.address}>" if mailbox.name else mailbox.address
