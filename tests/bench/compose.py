"""How long composing takes, held against the same message built with ``email.message.EmailMessage``.

    python tests/bench/compose.py [ROUNDS]

The last line is of personal messages, rendered and composed: text, HTML and a vCard, with the contact's name in them.

Both are measured in one run, in turns, because a machine has slow and fast phases: believe the ratio, not the figures.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from notify.composing import Composer
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.made import MadeFile
from notify.core.message import Attachment, Content, Mailbox
from notify.rendering import Template

MESSAGES = 400
DATE = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "info@neu.example")
TO = Mailbox("Jürgen Müller-Lüdenscheidt", "juergen@kunde.example")
_SENTENCE = (
    "Ab dem 1. Dezember 2026 erreichen Sie uns unter info@neu.example; die alte Adresse gilt noch acht volle Wochen. "
)
TEXT = "Guten Tag Herr Müller-Lüdenscheidt,\n\n" + "\n\n".join([_SENTENCE * 2] * 7) + "\n\nMit freundlichen Grüßen\n"
HTML = "<html><body>\n" + "\n".join([f'<p style="margin: 0 0 1em">{_SENTENCE * 2}</p>'] * 9) + "\n</body></html>\n"
CARD = Attachment("Muster PR.vcf", "text/vcard; charset=utf-8", b"BEGIN:VCARD\r\n" + b"X-LINE:x\r\n" * 40)
PDF = Attachment("Neue Anschrift (gültig ab Dezember).pdf", "application/pdf", bytes(range(256)) * 4096)


def with_notify(composer: Composer, content: Content, number: int) -> bytes:
    """Compose one message as notify does."""
    return composer.compose(content, TO, f"<{number}@alt.example>", DATE).octets


def with_email_message(content: Content, number: int) -> bytes:
    """Compose the same message as the standard library does."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(DATE)
    message["From"] = Address(SENDER.mailbox.name, addr_spec=SENDER.mailbox.address)
    message["To"] = Address(TO.name, addr_spec=TO.address)
    message["Reply-To"] = SENDER.reply_to
    message["Subject"] = content.subject
    message["Message-ID"] = message["X-Notify-Id"] = f"<{number}@alt.example>"
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    for attachment in content.attachments:
        maintype, subtype = attachment.content_type.partition(";")[0].split("/")
        message.add_attachment(attachment.octets, maintype, subtype, filename=attachment.filename)
    return message.as_bytes()


def cost_us(compose: Callable[[int], bytes], messages: int) -> float:
    """Return what one message costs this process, in microseconds."""
    start = time.process_time()
    for number in range(messages):
        compose(number)
    return (time.process_time() - start) / messages * 1e6


def compare(name: str, content: Content, messages: int, rounds: int) -> None:
    """Print the medians of both, and the median of the ratios of the rounds."""
    composer = Composer(SENDER)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(cost_us(lambda number: with_notify(composer, content, number), messages))
        theirs.append(cost_us(lambda number: with_email_message(content, number), max(messages // 10, 2)))
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    print(
        f"{name}: notify {statistics.median(ours):.1f} us (best {min(ours):.1f}),"
        f" EmailMessage {statistics.median(theirs):,.0f} us, ratio {ratio:.0f}"
    )


def personal(rounds: int) -> None:
    """Print the same of messages that are rendered for each of many contacts before they are composed."""
    composer = Composer(SENDER)
    with tempfile.TemporaryDirectory() as folder:
        template = _template(Path(folder))
        fields = [
            template.named.of({"last_name": f"Müller-{number}", "city": "Köln"}, {}) for number in range(MESSAGES)
        ]

        def content(number: int) -> Content:
            return template.render("de", f"Guten Tag Herr Müller-{number},", fields[number], "kunden.csv:2")

        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(cost_us(lambda number: with_notify(composer, content(number), number), MESSAGES))
            theirs.append(cost_us(lambda number: with_email_message(content(number), number), MESSAGES // 10))
        ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
        print(
            f"rendered and composed, with a vCard: notify {1e6 / statistics.median(ours):,.0f} in a second of one core "
            f"(best {1e6 / min(ours):,.0f}), EmailMessage {1e6 / statistics.median(theirs):,.0f}, ratio {ratio:.0f}"
        )


def _template(folder: Path) -> Template:
    message = "Subject: Neue Adresse ab {{ effective }}, {{ contact.last_name }}\n\n{{ salutation }}\n\n"
    message += (
        "\n\n".join([_SENTENCE * 2] * 7) + "\n\n{{ contact.last_name }} in **{{ contact.city }}**: {{ new.email }}\n"
    )
    (folder / "message.de.md").write_text(message, "utf-8")
    made = (MadeFile(CARD, ""),)
    campaign = Campaign("x", SENDER, change=Change(new=Details(email="info@neu.example"), effective=DATE.date()))
    return Template(folder, "vorlage", campaign, folder, lambda _: "", made=lambda _: made)


def main() -> None:
    """Measure a text with its HTML, the same with 1 MB attached, and personal messages."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    content = Content("Unsere neue Adresse: bitte ändern Sie Ihre Unterlagen", TEXT, HTML)
    attached = Content(content.subject, TEXT, HTML, attachments=(PDF,))
    print(f"text {len(TEXT.encode()):,} octets, HTML {len(HTML.encode()):,} octets, {rounds} rounds")
    compare("text and HTML", content, MESSAGES, rounds)
    compare("with 1 MB attached", attached, 20, rounds)
    personal(rounds)


if __name__ == "__main__":
    main()
