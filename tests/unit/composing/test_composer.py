"""Whole messages: one recipient, one To, correct MIME, held against the standard library's parser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage, MIMEPart
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.composing import Composer
from notify.core.campaign import Sender
from notify.core.message import Attachment, Content, Draft, Envelope, Mailbox, Message, dot_stuffed
from notify.errors import ConfigError, InputError
from tests.composed import defects_of

LONGEST_LINE = 78
SENDER = Sender(
    Mailbox("Muster PR", "info@alt.example"), reply_to="info@neu.example", return_path="bounces@neu.example"
)
TO = Mailbox("Jürgen Müller", "juergen@kunde.example")
CONTENT = Content("Unsere neue Adresse", "Guten Tag,\n\nalles neu.\n", "<p>Guten Tag,</p>\n<p>alles neu.</p>\n")
MESSAGE_ID = "<k7kqu4j3nsv5oyhslnqgzj2ljm@alt.example>"
DATE = dt.datetime(2026, 12, 1, 9, 5, 7, tzinfo=ZoneInfo("Europe/Berlin"))
LETTER = Attachment("Neue Anschrift (gültig).pdf", "application/pdf", bytes(range(256)) * 30)
CARD = Attachment("联系方式.vcf", "text/vcard; charset=utf-8", "FN:王小明\r\n".encode())

#: The headers of every message, in their order; Reply-To is there only when replies go elsewhere.
HEADERS = [
    *("Date", "From", "To", "Reply-To", "Subject", "Message-ID", "X-Notify-Id", "MIME-Version"),
    *("Content-Type", "Content-Transfer-Encoding"),
]

anything = st.text(
    st.characters(exclude_categories=[]) | st.sampled_from("\r\n\t\0 .=,;:<>@\"\\'\u2028\u202e\ud800ü中")
)


def compose(content: Content = CONTENT, to: Mailbox = TO, sender: Sender = SENDER, date: dt.datetime = DATE) -> Message:
    """Compose with a composer of its own, so that nothing is left from another message."""
    return Composer(sender).compose(content, to, MESSAGE_ID, date)


def parsed(message: Message) -> EmailMessage:
    """Hold the lines of a message against RFC 5322, then read it, with no defect anywhere."""
    octets = message.octets
    assert octets.isascii()
    assert octets.endswith(b"\r\n")
    assert octets.count(b"\n") == octets.count(b"\r") == octets.count(b"\r\n")
    assert all(len(line) <= LONGEST_LINE for line in octets.split(b"\r\n"))
    assert message.stuffed == dot_stuffed(octets)
    read = message_from_bytes(octets, policy=policy.SMTP)
    for part in read.walk():
        assert defects_of(part) == []
    return read


def shape(part: MIMEPart) -> object:
    """Return the types of a message as a tree."""
    children = [shape(child) for child in part.iter_parts()] if part.is_multipart() else []
    return {part.get_content_type(): children} if children else part.get_content_type()


def readable(text: str) -> str:
    """Return what a reader should find of a body: LF line ends, one at the end, no lone surrogates."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else text + "\n"


def body(read: EmailMessage, kind: str) -> str:
    """Return the text or the HTML that a mail program would show."""
    part = read.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_message_says_who_to_whom_and_when() -> None:
    """Each header is there once and says what was given."""
    read = parsed(compose())
    assert read.keys() == [name for name in HEADERS if name != "Content-Transfer-Encoding"]
    assert str(read["From"]) == "Muster PR <info@alt.example>"
    assert str(read["To"]) == "Jürgen Müller <juergen@kunde.example>"
    assert read["Reply-To"] == "info@neu.example"
    assert read["Subject"] == "Unsere neue Adresse"
    assert read["Message-ID"] == read["X-Notify-Id"] == MESSAGE_ID
    assert read["Date"] == "Tue, 01 Dec 2026 09:05:07 +0100"


def test_the_envelope_has_the_return_path_and_the_one_recipient() -> None:
    """Bounces go where the sender said, not to From."""
    message = compose()
    assert message.envelope == Envelope("bounces@neu.example", "juergen@kunde.example")
    assert message.message_id == MESSAGE_ID


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (replace(CONTENT, html=""), "text/plain"),
        (CONTENT, {"multipart/alternative": ["text/plain", "text/html"]}),
        (
            replace(CONTENT, html="", attachments=(LETTER,)),
            {"multipart/mixed": ["text/plain", "application/pdf"]},
        ),
        (
            replace(CONTENT, attachments=(LETTER, CARD)),
            {
                "multipart/mixed": [
                    {"multipart/alternative": ["text/plain", "text/html"]},
                    "application/pdf",
                    "text/vcard",
                ]
            },
        ),
    ],
)
def test_a_message_has_no_more_structure_than_it_needs(content: Content, expected: object) -> None:
    """Plain text alone is no multipart; the text comes before its HTML, the attachments after both."""
    read = parsed(compose(content))
    assert shape(read) == expected
    assert body(read, "plain") == CONTENT.text
    if content.html:
        assert body(read, "html") == CONTENT.html


def test_attachments_come_back_as_they_were() -> None:
    """Octets and names, umlauts and Chinese."""
    attached = list(parsed(compose(replace(CONTENT, attachments=(LETTER, CARD)))).iter_attachments())
    assert [part.get_filename() for part in attached] == [LETTER.filename, CARD.filename]
    assert [part.get_payload(decode=True) for part in attached] == [LETTER.octets, CARD.octets]


@pytest.mark.parametrize(
    ("of_sender", "of_content", "expected"),
    [
        ("info@alt.example", "", None),
        ("", "", None),
        ("info@neu.example", "", "info@neu.example"),
        ("info@neu.example", "team@neu.example", "team@neu.example"),
        ("info@alt.example", "team@neu.example", "team@neu.example"),
        ("info@neu.example", "info@alt.example", None),
    ],
)
def test_reply_to_is_there_only_when_replies_go_elsewhere(
    of_sender: str, of_content: str, expected: str | None
) -> None:
    """What the content says wins over the sender; the From address needs no Reply-To."""
    read = parsed(compose(replace(CONTENT, reply_to=of_content), sender=replace(SENDER, reply_to=of_sender)))
    assert read["Reply-To"] == expected
    assert len(read.get_all("Reply-To", [])) == (0 if expected is None else 1)


def test_the_name_of_who_reads_the_answers() -> None:
    """It stands before the address, as that of the sender does."""
    read = parsed(compose(replace(CONTENT, reply_to=""), sender=replace(SENDER, reply_to_name="Büro Muster")))
    assert read["Reply-To"] == "Büro Muster <info@neu.example>"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (dt.datetime(2026, 7, 1, 23, 0, tzinfo=ZoneInfo("Europe/Berlin")), "Wed, 01 Jul 2026 23:00:00 +0200"),
        (dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC), "Tue, 01 Dec 2026 09:00:00 +0000"),
        (
            dt.datetime(2026, 12, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
            "Tue, 01 Dec 2026 00:00:00 -0330",
        ),
    ],
)
def test_the_date_keeps_its_zone(date: dt.datetime, expected: str) -> None:
    """A reader sees the hour at which it was for the sender, in numbers (RFC 5322, 3.3)."""
    assert f"Date: {expected}\r\n".encode() in compose(date=date).octets


def test_the_same_arguments_give_the_same_octets() -> None:
    """Also from another composer, and after other messages: a resend is the same message."""
    content = replace(CONTENT, attachments=(LETTER, CARD))
    composer = Composer(SENDER)
    first = composer.compose(content, TO, MESSAGE_ID, DATE)
    composer.compose(CONTENT, replace(TO, name="Erika"), "<2@alt.example>", DATE)
    again = replace(content, attachments=(replace(LETTER), replace(CARD)))
    assert composer.compose(again, TO, MESSAGE_ID, DATE) == first == compose(content)
    assert first.digest == compose(content).digest


def test_messages_differ_only_in_what_differs() -> None:
    """The frame is not mixed up between contents with and without HTML and attachments."""
    composer = Composer(SENDER)
    contents = [
        replace(CONTENT, html=html, attachments=attachments)
        for html in ("", CONTENT.html)
        for attachments in ((), (LETTER,), (CARD,), (CARD, LETTER))
    ]
    for content in contents * 2:
        assert composer.compose(content, TO, MESSAGE_ID, DATE) == compose(content)


def test_several_at_once_are_those_of_each_by_itself() -> None:
    """Nothing of one gets into another."""
    contents = (CONTENT, replace(CONTENT, html=""), replace(CONTENT, text=".\n.x\n", attachments=(CARD,)))
    drafts = [
        Draft(content, replace(TO, name=f"Müller {number}"), f"<{number}@alt.example>", DATE, test="x" * number)
        for number, content in enumerate(contents)
    ]
    alone = [
        Composer(SENDER).compose(draft.content, draft.to, draft.message_id, draft.date, test=draft.test)
        for draft in drafts
    ]
    together = Composer(SENDER).compose_all(drafts)
    assert together == alone
    assert [message.stuffed for message in together] == [dot_stuffed(message.octets) for message in alone]
    assert Composer(SENDER).compose_all([]) == []


def test_a_composer_may_be_shared_between_threads() -> None:
    """Each channel composes for itself, with one composer."""
    composer = Composer(SENDER)
    mailboxes = [Mailbox(f"Müller {number}", f"m{number}@kunde.example") for number in range(200)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda to: composer.compose(CONTENT, to, MESSAGE_ID, DATE), mailboxes))
    assert made == [compose(to=to) for to in mailboxes]


contents = st.builds(
    Content,
    subject=anything,
    text=anything,
    html=anything,
    reply_to=st.sampled_from(["", "team@neu.example"]),
    attachments=st.sampled_from([(), (LETTER,)]),
)


@given(anything, contents)
@example("x\r\nBcc: b@boese.example", Content("x\r\n\r\nbody", "--=_notify_mixed--\r\n.", "--=_notify_alternative--"))
@example("a@boese.example>, <b@boese.example", Content("\ud800", "\0", "x" * 75 + " \r\n."))
@example("", Content("", "", attachments=(LETTER,)))
@example("王" * 300, Content("ü" * 3000, "x" * 5000, "ü" * 5000, attachments=(LETTER, CARD)))
def test_nothing_in_a_cell_breaks_a_message(name: str, content: Content) -> None:
    """One of each header, one To address equal to the given one, the bodies as they were, whatever they hold."""
    read = parsed(compose(content, replace(TO, name=name), replace(SENDER, mailbox=Mailbox(name, "info@alt.example"))))
    assert read.keys() == (HEADERS[:-1] if read.is_multipart() else HEADERS)
    assert [address.addr_spec for address in read["To"].addresses] == [TO.address]
    assert [address.addr_spec for address in read["From"].addresses] == ["info@alt.example"]
    assert body(read, "plain") == readable(content.text)
    if content.html:
        assert body(read, "html") == readable(content.html)
    attached = [part.get_payload(decode=True) for part in read.iter_attachments()]
    assert attached == [attachment.octets for attachment in content.attachments]


@pytest.mark.parametrize("address", ["müller@kunde.example", "用户@xn--mnchen-3ya.example"])
@pytest.mark.parametrize("content", [CONTENT, replace(CONTENT, html="", attachments=(LETTER, CARD))])
def test_only_the_address_in_to_is_not_seven_bit(address: str, content: Content) -> None:
    """Somebody beyond ASCII gets what everybody gets, octet for octet, but for the address in To (RFC 6532, 3.2)."""
    composer = Composer(SENDER)
    wide = composer.compose(content, replace(TO, address=address), MESSAGE_ID, DATE)
    usual = composer.compose(content, TO, MESSAGE_ID, DATE)
    assert wide.envelope == Envelope("bounces@neu.example", address)
    assert wide.octets.count(address.encode()) == 1
    assert wide.octets == usual.octets.replace(TO.address.encode(), address.encode())
    assert usual.octets.isascii()
    # the parser of octets would leave the octets of an address as they are
    read = message_from_string(wide.octets.decode(), policy=policy.SMTPUTF8)
    (to,) = read["To"].addresses
    assert (to.display_name, to.addr_spec) == (TO.name, address)
    assert [part.get("Content-Transfer-Encoding", "7bit").lower() for part in read.walk()].count("8bit") == 0
    assert not any(part.defects for part in read.walk())


NO_SENDERS = ["müller@kunde.example", "用户@kunde.example"]
BAD_ADDRESSES = [
    "",
    "müller@kunde.example\r\nBcc: b@boese.example",
    "müller@müller.example",
    "mül\u202eler@kunde.example",
    "a@kunde.example\r\nBcc: b@boese.example",
    "a@kunde.example>, <b@boese.example",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_that_would_be_more_than_one_is_refused(address: str) -> None:
    """It is named, with the mend; nothing is composed."""
    with pytest.raises(InputError) as caught:
        compose(to=Mailbox("Erika", address))
    assert repr(address) in caught.value.message
    assert "notify contacts" in caught.value.hint


@pytest.mark.parametrize("address", BAD_ADDRESSES[1:] + NO_SENDERS)
def test_a_reply_to_that_would_be_more_than_one_is_refused(address: str) -> None:
    """It may come from a template, and so from a cell."""
    with pytest.raises(InputError, match="reply") as caught:
        compose(replace(CONTENT, reply_to=address))
    assert "reply_to" in caught.value.hint


@pytest.mark.parametrize("address", BAD_ADDRESSES[1:] + NO_SENDERS)
@pytest.mark.parametrize(
    "sender",
    [
        lambda address: replace(SENDER, mailbox=Mailbox("", address)),
        lambda address: replace(SENDER, reply_to=address),
        lambda address: replace(SENDER, return_path=address),
    ],
)
def test_a_sender_who_cannot_stand_in_a_header_is_refused_at_once(
    sender: Callable[[str], Sender], address: str
) -> None:
    """Before the first recipient, and by the name of the file where it stands."""
    with pytest.raises(ConfigError) as caught:
        Composer(sender(address))
    assert "notify.toml" in caught.value.hint


def test_a_from_address_is_needed() -> None:
    """An empty return path is RFC 5321's null path and an empty Reply-To is none, but somebody has to write."""
    with pytest.raises(ConfigError):
        Composer(replace(SENDER, mailbox=Mailbox("Muster PR", "")))
    assert compose(sender=replace(SENDER, return_path="")).envelope.reverse_path == ""


@pytest.mark.parametrize(
    "message_id", ["", "a@b.example", "<a@b.example>\r\nBcc: x@boese.example", "<a b@c.example>", "<ä@b.example>"]
)
def test_a_message_id_that_is_none_is_an_error_of_ours(message_id: str) -> None:
    """It never comes from a user."""
    with pytest.raises(ValueError, match="Message-ID"):
        Composer(SENDER).compose(CONTENT, TO, message_id, DATE)


def test_a_date_without_a_zone_is_an_error_of_ours() -> None:
    """It would be written as -0000, which says that nobody knows."""
    with pytest.raises(ValueError, match="zone"):
        compose(date=dt.datetime(2026, 12, 1))  # noqa: DTZ001
