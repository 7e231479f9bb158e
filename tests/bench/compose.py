"""How long composing takes, held against the same message built with ``email.message.EmailMessage``.

    python tests/bench/compose.py [ROUNDS]

The last lines are of personal messages, rendered and composed: a letter with a vCard, the shipped ``new-bank-account``
as it leaves (text, HTML, vCard), and a message of some 4 kB with eight fields, a branch and a loop. In all of them the
greeting is another one each time, and so is whatever else is said of the reader.

Both are measured in one run, in turns, because a machine has slow and fast phases: believe the ratio, not the figures.
"""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

import notify
from notify.composing import Composer
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.made import MadeFile
from notify.core.message import Attachment, Content, Filled, Mailbox
from notify.rendering import Template
from tests.audiences import TO_EVERYBODY

MESSAGES = 400
_NUMBERS = itertools.count(1000)
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


def with_notify(composer: Composer, content: Content | Filled, number: int) -> bytes:
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


def cost_us(compose: Callable[[int], object], messages: int) -> float:
    """Return what one message costs this process, in microseconds."""
    # each has a number of its own, in all rounds
    numbers = [next(_NUMBERS) for _ in range(messages)]
    start = time.process_time()
    for number in numbers:
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


class Personal(NamedTuple):
    """A template, and what differs in the messages that are made with it: everything else is the same."""

    name: str
    template: Template
    fields_of: Callable[[int], Mapping[str, Mapping[str, str] | str]]

    def filled(self, number: int) -> Filled:
        """Render the message of somebody."""
        return self.template.fill("de", f"Guten Tag Herr Müller-{number},", self.fields_of(number), "kunden.csv:2")


def personal(message: Personal, rounds: int) -> None:
    """Print the same of messages that are rendered for each of many contacts before they are composed."""
    composer = Composer(SENDER)
    rendered, ours, theirs = [], [], []
    for _ in range(rounds):
        rendered.append(cost_us(message.filled, MESSAGES))
        ours.append(cost_us(lambda number: with_notify(composer, message.filled(number), number), MESSAGES))
        theirs.append(
            cost_us(lambda number: with_email_message(message.filled(number).content, number), MESSAGES // 10)
        )
    ratio = statistics.median(their / our for our, their in zip(ours, theirs, strict=True))
    octets = len(with_notify(composer, message.filled(0), 0))
    print(
        f"{message.name}, {octets:,} octets: notify {1e6 / statistics.median(ours):,.0f} in a second of one core "
        f"({statistics.median(ours):.1f} us, best {min(ours):.1f}, of it rendering {statistics.median(rendered):.1f}), "
        f"EmailMessage {1e6 / statistics.median(theirs):,.0f}, ratio {ratio:.0f}"
    )


def letter(folder: Path) -> Personal:
    """Return a letter that says little of its reader."""
    body = "\n\n".join([_SENTENCE * 2] * 7)
    body += "\n\n{{ contact.last_name }} in **{{ contact.city }}**: {{ new.email }}\n"
    subject = "Neue Adresse ab {{ effective }}, {{ contact.last_name }}"
    template = _template(
        folder, f"Subject: {subject}\n\n{{{{ salutation }}}}\n\n{body}", Details(email="info@neu.example")
    )
    return Personal(
        "letter, with a vCard",
        template,
        lambda number: template.named.of({"last_name": f"Müller-{number}", "city": "Köln"}, {}),
    )


def new_bank_account(folder: Path) -> Personal:
    """Return the shipped template for a new account: it says much, and to everybody the same but for the code."""
    shipped = Path(notify.__file__).parent / "examples/templates/new-bank-account"
    for path in shipped.iterdir():
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    account = Details(
        account_holder="Muster PR", iban="DE02120300000000202051", bank="Musterbank", phone="+49 40 111111",
        street="Musterweg 1", postcode="20095", city="Hamburg", email="info@alt.example",
    )  # fmt: skip
    template = _template(folder, "", account, replace(account, iban="DE89370400440532013000", bank="Altbank"))
    return Personal(
        "new-bank-account, with a vCard",
        template,
        lambda number: {"contact": {}, "row": {}, "code": f"Ahorn {number:04}"},
    )


def with_branches(folder: Path) -> Personal:
    """Return a message of the size that the goals were measured with."""
    _write(folder / "layout.html", "<html><body>{{ body }}</body></html>")
    cells = "\n".join(f"{{{{ row['{name}'] }}}}" for name in "abcde")
    body = f"{{{{ salutation }}}}\n\n{_SENTENCE}\n\n{cells}\n\n{{% if row.f == 'ja' %}}{_SENTENCE}{{% endif %}}\n\n"
    body += f"{_SENTENCE * 5}\n\n{_SENTENCE * 5}\n\n"
    body += "{% for line in changes %}{{ line.label }}: {{ line.new }}\n{% endfor %}"
    template = _template(
        folder,
        f"Subject: Neues\n\n{body}\n\n{{{{ row.g }}}}, {{{{ row.h }}}}\n",
        Details(email="info@neu.example"),
        with_card=False,
    )
    return Personal(
        "eight fields, a branch and a loop",
        template,
        lambda number: {
            "contact": {},
            "row": {name: f"{name}{number}ö" for name in "abcdegh"} | {"f": "ja" if number % 2 else "nein"},
        },
    )


def _template(
    folder: Path, message: str, new: Details, old: Details | None = None, *, with_card: bool = True
) -> Template:
    if message:
        _write(folder / "message.de.md", message)
    change = Change(old or Details(), new, DATE.date())
    campaign = Campaign("x", SENDER, change=change, disclosure=TO_EVERYBODY)
    made = (MadeFile(CARD, ""),) if with_card else ()
    return Template(folder, "vorlage", campaign, folder, lambda _: "", made=lambda _language, _change: made)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def main() -> None:
    """Measure a text with its HTML, the same with 1 MB attached, and personal messages."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    content = Content("Unsere neue Adresse: bitte ändern Sie Ihre Unterlagen", TEXT, HTML)
    attached = Content(content.subject, TEXT, HTML, attachments=(PDF,))
    print(f"text {len(TEXT.encode()):,} octets, HTML {len(HTML.encode()):,} octets, {rounds} rounds")
    compare("text and HTML", content, MESSAGES, rounds)
    compare("with 1 MB attached", attached, 20, rounds)
    for make in (letter, new_bank_account, with_branches):
        with tempfile.TemporaryDirectory() as folder:
            personal(make(Path(folder)), rounds)


if __name__ == "__main__":
    main()
