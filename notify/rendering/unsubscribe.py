"""The line by which a newsletter can be unsubscribed from, as ``{{ unsubscribe }}`` prints it."""

from __future__ import annotations

import html

from notify.core.campaign import Campaign
from notify.core.unsubscribing import NO_TOKEN, mail_link, page_of
from notify.errors import InputError
from notify.rendering.engine import NotGiven
from notify.rendering.own import Own
from notify.rendering.slots import WithHtml

#: What the link is called, the subject of the mail, and how the mail is asked for.
_WORDS = {
    "de": ("Newsletter abbestellen", "abbestellen", "eine Mail mit dem Betreff „{subject}“ an {address}"),
    "en": ("Unsubscribe", "unsubscribe", "a mail with the subject “{subject}” to {address}"),
    "fr": ("Se désabonner", "desabonnement", "un e-mail avec l’objet « {subject} » à {address}"),
}


class UnsubscribeLine(WithHtml):
    """The line, as it stands in plain text. Its ``link`` is for a template that words the line itself.

    One with a ``number`` is known again wherever it is printed (:class:`notify.rendering.own.Own`), as is its link.
    """

    __slots__ = ("link", "number")
    link: str
    number: int | None

    def __str__(self) -> str:
        return super().__str__() if self.number is None else Own.numbered(self, self.number)

    def numbered(self, number: int) -> UnsubscribeLine:
        """Return the same line with a number; its link has the next one."""
        line = _line(str(self), self.html, Own.numbered(self.link, number + 1))
        line.number = number
        return line


def unsubscribe_line(
    campaign: Campaign, language: str, token: str = NO_TOKEN, *, style: str = ""
) -> UnsubscribeLine | NotGiven:
    """Return the line for one reader; a notice has none, and printing it there is an error.

    :param style: how the layout draws links: its rules are in the tags already when this line is put in.
    """
    if campaign.kind != "newsletter":
        return NotGiven(
            'nobody unsubscribes from a notice; take {{ unsubscribe }} out, or set  kind = "newsletter"  in [campaign]'
        )
    label, subject, mail = _WORDS[language]
    if campaign.unsubscribe:
        link = page_of(campaign.unsubscribe, token)
        return _line(f"{label}: {link}", _anchor(link, label, style), link)
    address = campaign.sender.reply_to or campaign.sender.mailbox.address
    link = mail_link(address, subject)
    anchor = _anchor(link, address, style)
    before, after = f"{label}: {mail.format(subject=subject, address='{address}')}".split("{address}")
    return _line(f"{before}{address}{after}", f"{html.escape(before)}{anchor}{html.escape(after)}", link)


def check_is_printed(line: UnsubscribeLine, text: str, html_text: str, label: str, who: str) -> None:
    """Refuse a newsletter that does not say how to unsubscribe, in each of its parts.

    :param label: the message file.
    :param who: where the contact stands.
    :raises InputError: it does not.
    """
    in_text = line in text or line.link.removeprefix("mailto:") in text
    in_html = html.escape(line.link) in html_text
    if in_text and (in_html or not html_text):
        return
    part = "Its HTML" if in_text else "Its plain text" if in_html else "It"
    raise InputError(
        f"{label}: a newsletter says how to unsubscribe. {part} has no such line (for the contact at {who}).",
        hint="Write  {{ unsubscribe }}  on a line of its own, where the text ends.",
    )


def _anchor(link: str, words: str, style: str) -> str:
    drawn = f' style="{style}"' if style else ""
    return f'<a href="{html.escape(link)}"{drawn}>{html.escape(words)}</a>'


def _line(text: str, in_html: str, link: str) -> UnsubscribeLine:
    line = UnsubscribeLine(text)
    line.html, line.link, line.number = in_html, link, None
    return line
