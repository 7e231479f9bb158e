"""How large a message becomes with its files, and from when on that is too much for those who get it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from notify.actions.prepare import Prepared
from notify.composing import Composer
from notify.core.contact import Recipient
from notify.core.finding import Finding, Severity
from notify.core.message import Content, Mailbox

#: From here on mailboxes and the servers before them refuse messages: those of firms first, the large providers' at 20
#: to 25 MB.
LARGE_MESSAGE = 10_000_000
#: On a telephone underway, a picture of so many octets takes seconds.
LARGE_PICTURE = 1_000_000
#: Octets of a line in base64, without its CRLF.
_LINE = 76


def octets_of(content: Content) -> int:
    """Return about how many octets the message will have: files travel in base64, with a line end every 76."""
    files = sum(len(file.octets) for file in (*content.attachments, *content.pictures))
    return files * 4 // 3 * (_LINE + 2) // _LINE + len(content.text.encode()) + len(content.html.encode())


class Largest:
    """The largest message of a campaign, of all that come by."""

    def __init__(self) -> None:
        self._octets = 0
        self._message: tuple[Recipient, Content] | None = None

    def note(self, recipient: Recipient, content: Content) -> None:
        """Look at the next message."""
        if (octets := octets_of(content)) > self._octets:
            self._octets, self._message = octets, (recipient, content)

    def octets(self, prepared: Prepared) -> int:
        """Return how many octets it has as it leaves; 0 where no message came by."""
        if self._message is None:
            return 0
        recipient, content = self._message
        to, now = Mailbox(recipient.name, recipient.address), dt.datetime.now(dt.UTC)
        composer = Composer.of(prepared.campaign)
        return len(composer.compose(content, to, f"<set-when-sent@{prepared.campaign.sender.domain}>", now).octets)

    def findings(self) -> Iterator[Finding]:
        """Yield what of it is too large to arrive everywhere."""
        if self._message:
            recipient, content = self._message
            yield from (replace(finding, where=str(recipient.origin)) for finding in findings_on_size(content))


def findings_on_size(content: Content) -> Iterator[Finding]:
    """Yield what of a message is too large to arrive everywhere."""
    octets = octets_of(content)
    if octets > LARGE_MESSAGE:
        what = f"the message has {octets / 1e6:.1f} MB with its files, and many mailboxes refuse more than 10 MB"
        yield Finding("large-message", Severity.WARNING, "", what, "attach less, or put the files on your website")
    for picture in content.pictures:
        if len(picture.octets) > LARGE_PICTURE:
            what = f"the picture {picture.filename} has {len(picture.octets) / 1e6:.1f} MB, too much for a telephone"
            yield Finding("large-picture", Severity.WARNING, "", what, "save it smaller, 1,200 pixels wide at most")
