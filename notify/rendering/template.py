"""A template: everything that is needed to make content for any recipient of a campaign."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import html
import mimetypes
import re
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path, PurePath

from markupsafe import Markup

from notify.core.address import parse_own_address
from notify.core.campaign import DETAIL_LABELS, Campaign, Details, in_words
from notify.core.message import Attachment, Content
from notify.errors import InputError
from notify.rendering import markdown, slots
from notify.rendering.announced import announced, as_read, changes
from notify.rendering.engine import Engine, NotGiven, render
from notify.rendering.links import BareValueError, find_links, is_safe
from notify.rendering.message_file import (
    HeaderLine,
    MessageFile,
    Private,
    file_within,
    find_message_files,
    read_text,
    refuse_private,
)
from notify.rendering.named import Named

#: What makes a layout load something when the message is opened.
_REMOTE = re.compile(
    r"""<link\b|@import\b|\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:(?:https?:)?//|\{\{)"""
    r"""|url\(\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)

_MESSAGE_FILE = re.compile(r"message\.[a-z]{2}\.(?:md|txt)", re.IGNORECASE)


class Template:
    """A template of a campaign, in all its languages."""

    def __init__(self, path: Path, label: str, campaign: Campaign, root: Path, private: Private) -> None:
        """Read and compile it.

        :param label: its path as the user named it, for error messages.
        :param root: the campaign folder; attachments are looked for in the template's folder, then there.
        :param private: tells which files may be neither attached nor included.
        :raises InputError: something is missing or wrong in it; with file and line.
        """
        sources = find_message_files(path, label)
        folder = path if path.is_dir() else path.parent
        engine = Engine(folder, label if path.is_dir() else str(PurePath(label).parent), private)
        layout = _Layout(folder, engine)
        attach = functools.partial(_attachment, folders=(folder, root), private=private)
        self._messages = {
            language: _CompiledMessage(source, engine, layout, campaign, attach) for language, source in sources.items()
        }
        #: The languages it is written in.
        self.languages = tuple(sources)
        #: What it names of a contact: all that has to be kept of one.
        self.named: Named = engine.named
        #: Everything it is made of, by name: texts as they are, attachments by their digest.
        self.parts: dict[str, str] = {source.label: source.text for source in sources.values()}
        self.parts |= {engine.label_of(name): text for name, text in engine.included.items()}
        self.parts |= {layout.label: layout.text} if layout.is_own else {}
        for message in self._messages.values():
            self.parts |= message.attachment_parts

    def text_of(self, language: str) -> str:
        """Return the message file of a language as it is, with its header."""
        return self._messages[language].text

    def render(self, language: str, salutation: str, fields: Mapping[str, Mapping[str, str]], who: str) -> Content:
        """Make the content for one recipient.

        :param fields: what :attr:`named` kept of the contact: ``{"contact": {…}, "row": {…}}``.
        :param who: where the contact stands, for error messages.
        :raises InputError: an undefined variable, or whatever else goes wrong; with file, line and contact.
        """
        return self._messages[language].render(salutation, fields, who)


class _Layout:
    """The HTML around a message: the template's own layout.html, or ours."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        own = folder / "layout.html"
        self.is_own = own.is_file()
        self.label = engine.label_of("layout.html") if self.is_own else "layout.html"
        self.text = (
            read_text(own, self.label)
            if self.is_own
            else resources.files(__package__).joinpath("layout.html").read_text("utf-8")
        )
        if remote := _REMOTE.search(self.text):
            line = self.text[: remote.start()].count("\n") + 1
            raise InputError(
                f"{self.label}:{line}: the layout loads something; recipients take it for tracking.",
                hint="Leave it out; a small picture may stand in the layout itself, as a data: URL.",
            )
        self._compiled = engine.compile(self.text, self.label, 1, marked=True, also=("body", "subject"))
        if "body" not in engine.used:
            raise InputError(
                f"{self.label}:1: the layout has no place for the message.", hint="Write {{ body }} into it."
            )

    def render(self, variables: dict[str, object], subject: str, who: str) -> str:
        """Return its shape for one recipient."""
        around = {"subject": subject, "body": Markup(slots.BODY)}  # noqa: S704  # our own constant
        shape = render(self._compiled, variables | around, who)
        if slots.BODY not in shape:
            raise InputError(f"{self.label}: the layout leaves the message out (for the contact at {who}).")
        return shape


class _CompiledMessage:
    """A message file, compiled."""

    def __init__(
        self,
        source: MessageFile,
        engine: Engine,
        layout: _Layout,
        campaign: Campaign,
        attach: Callable[[HeaderLine, str], Attachment],
    ) -> None:
        self._source = source
        self._layout = layout
        self._engine = engine
        self._variables = _of_campaign(campaign, source.language)
        self._subject = engine.compile(source.subject.value, source.label, source.subject.line, marked=False)
        self._reply_to = (
            engine.compile(source.reply_to.value, source.label, source.reply_to.line, marked=False)
            if source.reply_to is not None
            else None
        )
        self._body = engine.compile(source.body, source.label, source.body_line, marked=source.is_markdown)
        self._attachments = tuple(attach(line, source.label) for line in source.attachments)
        self._shaped = functools.lru_cache(maxsize=512)(self._shape)
        self._parsed = functools.lru_cache(maxsize=512)(parse_own_address)

    @property
    def text(self) -> str:
        """The file as it is."""
        return self._source.text

    @property
    def attachment_parts(self) -> dict[str, str]:
        """The digest of each attachment, by its name as the template says it."""
        return {
            f"{self._source.label}: attachment {line.value}": hashlib.sha256(attachment.octets).hexdigest()
            for line, attachment in zip(self._source.attachments, self._attachments, strict=True)
        }

    def render(self, salutation: str, fields: Mapping[str, Mapping[str, str]], who: str) -> Content:
        variables = self._variables | {"salutation": salutation, **fields}
        subject = " ".join(render(self._subject, variables, who).split())
        if not subject:
            raise InputError(
                f"{self._source.label}:{self._source.subject.line}: the Subject is empty (for the contact at {who})."
            )
        reply_to, name = self._render_reply_to(variables, who)
        if not self._source.is_markdown:
            text = render(self._body, variables, who).strip("\n") + "\n"
            return Content(subject, text, "", reply_to, self._attachments, name)
        text, html_text = self._render_markdown(subject, variables, who)
        return Content(subject, text, html_text, reply_to, self._attachments, name)

    def _render_reply_to(self, variables: dict[str, object], who: str) -> tuple[str, str]:
        """Return the address for answers, and the name before it; both empty where the template has none."""
        if self._reply_to is None or self._source.reply_to is None:
            return "", ""
        text = render(self._reply_to, variables, who).strip()
        try:
            return self._parsed(text), text.rpartition("<")[0].strip(' "')
        except ValueError as error:
            raise InputError(
                f'{self._source.label}:{self._source.reply_to.line}: Reply-To "{text}" is not an address: {error} '
                f"(for the contact at {who})."
            ) from error

    def _render_markdown(self, subject: str, variables: dict[str, object], who: str) -> tuple[str, str]:
        filled = slots.Slots()
        html_shape, text_shape, links = self._shaped(*self._render_shapes(filled, subject, variables, who))
        for link in links:
            if not is_safe(filled.fill(link, str)):
                raise self._refused_link(subject, variables, who)
        return filled.fill(text_shape, str), filled.fill(html_shape, _escape)

    def _render_shapes(
        self, into: slots.Slots, subject: str, variables: dict[str, object], who: str
    ) -> tuple[str, str]:
        """Return the shapes of body and layout, and put the values into their slots."""
        token = slots.current.set(into)
        try:
            return render(self._body, variables, who).strip("\n"), self._layout.render(variables, subject, who)
        finally:
            slots.current.reset(token)

    def _shape(self, body: str, layout: str) -> tuple[str, str, tuple[str, ...]]:
        """Return the shapes of HTML and text, and the links with slots."""
        try:
            html_shape = layout.replace(slots.BODY, markdown.to_html(body))
            return html_shape, markdown.to_text(body), find_links(html_shape)
        except markdown.RemoteContentError as error:
            raise InputError(f"{self._line_of('![')}: {error}.") from error
        except BareValueError as error:
            raise InputError(f"{self._layout.label}: {error}.", hint='Write  href="{{ … }}".') from error

    def _line_of(self, mark: str) -> str:
        """Return the first line of the message and of what it includes that has a mark."""
        included = {self._engine.label_of(name): text for name, text in self._engine.included.items()}
        texts = {self._source.label: self._source.text, **included}
        found = ((label, text.partition(mark)[0].count("\n") + 1) for label, text in texts.items() if mark in text)
        return next((f"{label}:{line}" for label, line in found), self._source.label)

    def _refused_link(self, subject: str, variables: dict[str, object], who: str) -> InputError:
        """Return what to say of a link from a value that people must not click.

        It is rendered again with a slot for every print, and then once more up to that of the link: so the error has
        the link's own line, though the same value may be printed elsewhere.
        """
        separate = slots.SeparateSlots()
        _, _, links = self._shape(*self._render_shapes(separate, subject, variables, who))
        link = next(link for link in links if not is_safe(separate.fill(link, str)))
        number = next(int(found[1]) for found in slots.SLOT.finditer(link))
        try:
            why = f'a link leads to "{separate.fill(link, str)}"'
            self._render_shapes(slots.SeparateSlots(refused=(number, why)), subject, variables, who)
        except InputError as error:
            error.hint = "A link begins with https://, mailto: or tel:."
            return error
        raise AssertionError("the same rendering prints the same slots")


class _Day(dt.date):
    """A date that prints itself as people write it in the message's language."""

    words: str

    def __str__(self) -> str:
        return self.words


def _of_campaign(campaign: Campaign, language: str) -> dict[str, object]:
    """Return the variables that are the same for every recipient of one language."""
    footer = "\n".join(campaign.sender.letterhead.lines(language))
    return {
        "language": language,
        "old": _announced("old", campaign.change.old),
        "new": _announced("new", campaign.change.new),
        "changes": tuple(changes(campaign, language)),
        "sender": {
            "name": campaign.sender.mailbox.name or campaign.sender.mailbox.address,
            "email": campaign.sender.mailbox.address,
            "reply_to": campaign.sender.reply_to or campaign.sender.mailbox.address,
            "footer": footer or _not_given("sender.footer"),
        },
        "effective": _day("effective", campaign.change.effective, language),
        "old_works_until": _day("old_works_until", campaign.change.old_works_until, language),
        **announced(campaign, language),
    }


def _announced(side: str, details: Details) -> dict[str, str | NotGiven]:
    """Return every detail; one that is not given can be asked for, but not printed."""
    given = {name: as_read(name, value, is_old=side == "old") for name, value in details.given().items()}
    return {name: given.get(name) or _not_given(f"{side}.{name}") for name in DETAIL_LABELS["en"]}


def _not_given(name: str) -> NotGiven:
    return NotGiven(f"{name} is not given; print it inside {{% if {name} %}} only")


def _day(name: str, date: dt.date | None, language: str) -> _Day | NotGiven:
    if date is None:
        return _not_given(name)
    day = _Day(date.year, date.month, date.day)
    day.words = in_words(date, language)
    return day


def _escape(value: str) -> str:
    return html.escape(value).replace("\n", "<br>\n")


def _of_a_template(path: Path) -> str:
    own = path.name.casefold() == "layout.html" or _MESSAGE_FILE.fullmatch(path.name)
    return "it belongs to a template" if own else ""


def _attachment(line: HeaderLine, label: str, folders: tuple[Path, ...], private: Private) -> Attachment:
    """Read a file that a template attaches, once for all recipients.

    :raises InputError: it is not there, or lies outside of the template's and the campaign's folder, or is private.
    """
    refusal = f"{label}:{line.line}: {line.value} may not be attached"
    for folder in folders:
        path = file_within(folder, line.value, *folders)
        if path is not None:
            refuse_private(path, lambda file: _of_a_template(file) or private(file), refusal)
            try:
                octets = path.read_bytes()
            except OSError as error:
                raise InputError(
                    f"{label}:{line.line}: the attachment {line.value} cannot be read: {error.strerror}."
                ) from error
            kind, encoding = mimetypes.guess_type(path.name)
            return Attachment(path.name, kind if kind and not encoding else "application/octet-stream", octets)
    if "{{" in line.value or "{%" in line.value:
        raise InputError(
            f"{label}:{line.line}: attachments are the same for everybody, so no variable may stand here.",
            hint="Name a file, or write to each group apart:  where = …  in [contacts], with an id of its own.",
        )
    # a ledger that is not made yet will be there one day
    refuse_private(folders[-1] / line.value, private, refusal)
    raise InputError(
        f"{label}:{line.line}: there is no attachment {line.value}.",
        hint="Put it into the template's folder, or name it as seen from the campaign folder; no link may lead out of "
        "them.",
    )
