"""A template: everything that is needed to make content for any recipient of a campaign."""

from __future__ import annotations

import datetime as dt
import functools
import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path, PurePath
from typing import NamedTuple

from markupsafe import Markup

from notify.core.address import parse_own_address
from notify.core.campaign import DETAIL_LABELS, Campaign, ChangedDetail, Details, in_words
from notify.core.form import Form, Wording, chosen
from notify.core.made import Made, nothing_made
from notify.core.message import Attachment, Content
from notify.core.rendered import Rendered
from notify.core.unsubscribing import NO_TOKEN, page_of
from notify.errors import InputError
from notify.rendering import inlining, markdown, slots, soft_breaks
from notify.rendering.announced import announced, as_read, changes, comparison
from notify.rendering.attachments import Attachments, OwnFiles
from notify.rendering.engine import Engine, NotGiven, render
from notify.rendering.files import Files
from notify.rendering.links import BareValueError, find_links, is_safe
from notify.rendering.message_file import MessageFile, Private, find_message_files, read_text
from notify.rendering.named import Named
from notify.rendering.pictures import PictureError, Pictures
from notify.rendering.unsubscribe import UnsubscribeLine, check_is_printed, unsubscribe_line
from notify.rendering.wordings import Wordings

#: What makes a layout load something when the message is opened.
_REMOTE = re.compile(
    r"""<link\b|@import\b|\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:(?:https?:)?//|\{\{)"""
    r"""|url\(\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)

#: The details that are links in HTML.
_CLICKABLE = ("email", "website")


#: What is known of a recipient under one name: fields or cells by theirs, or one text.
Field = Mapping[str, str] | str


class Template:
    """A template of a campaign, in all its languages and forms."""

    def __init__(
        self,
        path: Path,
        label: str,
        campaign: Campaign,
        root: Path,
        private: Private,
        *,
        made: Made = nothing_made,
    ) -> None:
        """Read and compile it.

        :param label: its path as the user named it, for error messages.
        :param root: the campaign folder; files are looked for in the template's folder, then there.
        :param private: tells which files may be neither attached nor included.
        :param made: what notify attaches by itself, in each language.
        :raises InputError: something is missing or wrong in it; with file and line.
        """
        sources = find_message_files(path, label)
        folder = path if path.is_dir() else path.parent
        engine = Engine(folder, label if path.is_dir() else str(PurePath(label).parent), private)
        self._engine = engine
        files = Files(folder, root, private)
        pictures = Pictures(files, campaign.sender.domain, {one.name: one.octets for one in made("de")})
        layout = _Layout(folder, engine, pictures)
        parts = _Parts(engine, layout, files, pictures)
        self._messages = {
            wording: _CompiledMessage(source, parts, campaign, made) for wording, source in sources.items()
        }
        #: Its texts: in which language and form each of them is.
        self.wordings = tuple(sources)
        #: The languages it is written in.
        self.languages = tuple(dict.fromkeys(wording.language for wording in sources))
        #: What it names of a contact: all that has to be kept of one.
        self.named: Named = engine.named
        #: Whether it prints call-back codes.
        self.prints_codes = "code" in engine.used
        #: Everything it is made of, by name: texts as they are, attachments and pictures by their digest.
        self.parts: dict[str, str] = {source.label: source.text for source in sources.values()}
        self.parts |= {engine.label_of(name): text for name, text in engine.included.items()}
        self.parts |= {layout.label: layout.text} if layout.is_own else {}
        #: The texts of its files, by name.
        self.texts: dict[str, str] = dict(self.parts)
        for text in engine.included.values():
            pictures.read_named(text)
        self.parts |= {f"{engine.label_of('')}: picture {name}": digest for name, digest in pictures.digests.items()}
        for message in self._messages.values():
            self.parts |= message.attachments.parts
            self.parts |= {f"{one.name} ({message.language})": one.source for one in made(message.language)}

    def know_headers(self, headers: Collection[str]) -> None:
        """Take note of the columns of the contact files: an error about one that is missing names the nearest."""
        self._engine.know_headers(headers)

    def text_of(self, wording: Wording) -> str:
        """Return the message file of one of :attr:`wordings` as it is, with its header."""
        return self._messages[wording].text

    def label_of(self, wording: Wording) -> str:
        """Return how the user knows the message file of one of :attr:`wordings`."""
        return self._messages[wording].label

    def wording_for(self, language: str, form: Form) -> Wording | None:
        """Return which of its texts is for a reader of this language who is greeted in this form; None for no text.

        A text that asks for the form itself serves both, where there is none for the other.
        """
        other = Wording(language, form.other)
        return chosen(self.wordings, language, form) or (other if self.asks_for_form(other) else None)

    def asks_for_form(self, wording: Wording) -> bool:
        """Tell whether there is such a text, and it says one thing to those greeted with Sie, another with Du."""
        return wording in self._messages and self._messages[wording].asks_for_form

    def attachments_of(self, language: str, form: Form) -> tuple[Attachment, ...]:
        """Return what is attached to every message of a text; nothing where there is no text."""
        wording = self.wording_for(language, form)
        return self._messages[wording].common if wording else ()

    def has_own_files(self, language: str, form: Form) -> bool:
        """Tell whether the row of a contact can name files that only its message gets."""
        wording = self.wording_for(language, form)
        return wording is not None and self._messages[wording].attachments.has_own

    def own_files(
        self,
        language: str,
        salutation: str,
        fields: Mapping[str, Mapping[str, str]],
        who: str,
        *,
        form: Form = Form.FORMAL,
    ) -> OwnFiles:
        """Look at the files that only one recipient gets.

        :raises InputError: no text for this form, or their names cannot be rendered.
        """
        message = self._message_for(language, form, who)
        return message.attachments.own(message.variables(salutation, fields, form), who)

    def render(
        self,
        language: str,
        salutation: str,
        fields: Mapping[str, Field],
        who: str,
        *,
        form: Form = Form.FORMAL,
    ) -> Content:
        """Make the content for one recipient.

        :param fields: what :attr:`named` kept of the contact: ``{"contact": {…}, "row": {…}}``; ``"files"``, the
            digests of its own ones as :meth:`own_files` found them, once it was enrolled; its ``"code"``, if the
            template prints codes, and its ``"token"``, if a newsletter has a page to unsubscribe.
        :param who: where the contact stands, for error messages.
        :param form: how the recipient is greeted.
        :raises ChangedError: one of its own files is another one than it was.
        :raises InputError: no text for this form, an undefined variable, or whatever else goes wrong; with file, line
            and contact.
        """
        content, _ = self._message_for(language, form, who).render(salutation, fields, who, form)
        return content

    def rendered(
        self, language: str, salutation: str, fields: Mapping[str, Field], who: str, *, form: Form = Form.FORMAL
    ) -> Rendered:
        """Make the content as :meth:`render` does; with what is known of its words."""
        _, with_wording = self._message_for(language, form, who).render(salutation, fields, who, form)
        return with_wording()

    def _message_for(self, language: str, form: Form, who: str) -> _CompiledMessage:
        wording = self.wording_for(language, form)
        if wording is None:
            raise InputError(f"There is no message.{Wording(language, form)}.md for the contact at {who}.")
        return self._messages[wording]


class _Layout:
    """The HTML around a message: the template's own layout.html, or ours."""

    def __init__(self, folder: Path, engine: Engine, pictures: Pictures) -> None:
        own = folder / "layout.html"
        self.is_own = own.is_file()
        self.label = engine.label_of("layout.html") if self.is_own else "layout.html"
        self.text = (
            read_text(own, self.label)
            if self.is_own
            else resources.files(__package__).joinpath("layout.html").read_text("utf-8")
        )
        #: Whether it has rules for tables that are made of rows.
        self.sets_rows = ".rows" in self.text
        #: How it draws links, as it stands in a tag.
        self.style_of_links = inlining.of_links(self.text)
        if remote := _REMOTE.search(self.text):
            line = self.text[: remote.start()].count("\n") + 1
            raise InputError(
                f"{self.label}:{line}: the layout loads something; recipients take it for tracking.",
                hint="Leave it out. A picture is saved into the template's folder, and named as a file.",
            )
        self._compiled = engine.compile(
            pictures.embed(self.text, self.label), self.label, 1, marked=True, also=("body", "subject")
        )
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the messages of a template share."""

    engine: Engine
    layout: _Layout
    files: Files
    pictures: Pictures


#: HTML and text, the links with slots, and the pictures that are shown.
_Shaped = tuple[slots.Shape, slots.Shape, tuple[str, ...], tuple[Attachment, ...]]


class _Body(NamedTuple):
    """Text and HTML, the pictures that are shown, and what finds the wording by content and subject."""

    text: str
    html: str
    pictures: tuple[Attachment, ...]
    worded: Callable[[Content, str], Rendered]


class _CompiledMessage:
    """A message file, compiled."""

    def __init__(self, source: MessageFile, parts: _Parts, campaign: Campaign, made: Made) -> None:
        self._source = source
        self._layout = parts.layout
        self._engine = engine = parts.engine
        self._pictures = parts.pictures
        self._pictures.read_named(source.body)
        self._variables = _of_campaign(campaign, source.wording.language)
        self._unsubscribe = functools.partial(
            unsubscribe_line, campaign, source.wording.language, style=parts.layout.style_of_links
        )
        self._page = campaign.unsubscribe if campaign.kind == "newsletter" else ""
        self._subject = engine.compile(source.subject.value, source.label, source.subject.line, marked=False)
        self._reply_to = (
            engine.compile(source.reply_to.value, source.label, source.reply_to.line, marked=False)
            if source.reply_to is not None
            else None
        )
        self._body = engine.compile(source.body, source.label, source.body_line, marked=source.is_markdown)
        #: Whether it has words for either form.
        self.asks_for_form = any(map(engine.compares_form, (source.subject.value, source.body)))
        #: What its lines attach.
        self.attachments = Attachments(source, engine, parts.files)
        self._made = tuple(one.attachment for one in made(source.wording.language))
        self._shaped = functools.lru_cache(maxsize=512)(self._shape)
        self._wordings = Wordings(source.label, source.wording.language, self._variables)
        self._parsed = functools.lru_cache(maxsize=512)(parse_own_address)

    @property
    def text(self) -> str:
        """The file as it is."""
        return self._source.text

    @property
    def label(self) -> str:
        """Its path as the user knows it."""
        return self._source.label

    @property
    def language(self) -> str:
        """The language it is written in."""
        return self._source.wording.language

    @property
    def common(self) -> tuple[Attachment, ...]:
        """What goes to everybody."""
        return self.attachments.common + self._made

    def variables(self, salutation: str, fields: Mapping[str, Field], form: Form) -> dict[str, object]:
        """Return what its pieces may use."""
        variables = self._variables | {"salutation": salutation, "form": str(form), **fields}
        contact = fields.get("contact", {})
        if isinstance(contact, Mapping) and "form" in contact:
            # of the cell, of overrides and conditions only what has come of them counts
            variables["contact"] = {**contact, "form": str(form)}
        return variables

    def render(
        self, salutation: str, fields: Mapping[str, Field], who: str, form: Form
    ) -> tuple[Content, Callable[[], Rendered]]:
        """Return the content, and what returns it with its wording: a run that sends has no use for that."""
        token = str(fields.get("token", NO_TOKEN))
        line = self._unsubscribe(token)
        variables = self.variables(salutation, fields, form) | {"unsubscribe": line}
        headline = render(self._subject, variables, who)
        subject = " ".join(headline.split())
        if not subject:
            raise InputError(
                f"{self._source.label}:{self._source.subject.line}: the Subject is empty (for the contact at {who})."
            )
        reply_to, name = self._render_reply_to(variables, who)
        files = fields.get("files", {})
        attachments = self.attachments.of(variables, files if isinstance(files, Mapping) else {}, who)
        text, html_text, pictures, worded = self._render_body(subject, variables, who)
        if isinstance(line, UnsubscribeLine):
            check_is_printed(line, text, html_text, self._source.label, who)
        attachments += self._not_in(pictures)
        page = page_of(self._page, token)
        content = Content(subject, text, html_text, reply_to, attachments, name, pictures, page)
        return content, functools.partial(worded, content, headline)

    def _not_in(self, pictures: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        """Return what notify attaches by itself, but for what the message shows."""
        shown = {picture.octets for picture in pictures}
        return tuple(one for one in self._made if one.octets not in shown) if shown else self._made

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

    def _render_body(self, subject: str, variables: dict[str, object], who: str) -> _Body:
        if not self._source.is_markdown:
            text = render(self._body, variables, who)
            return _Body(
                text.strip("\n") + "\n",
                "",
                (),
                lambda content, headline: self._wordings.of_text(content, headline, text),
            )
        filled = slots.Slots()
        html_shape, text_shape, links, pictures = self._shaped(*self._render_shapes(filled, subject, variables, who))
        for link in links:
            if not is_safe(filled.fill(link, str)):
                raise self._refused_link(subject, variables, who)
        text, html_text = text_shape.fill(filled, _AS_TEXT), html_shape.fill(filled, _AS_HTML)
        shapes = (text_shape.text, html_shape.text)
        return _Body(
            text,
            html_text,
            pictures,
            lambda content, headline: self._wordings.of_shapes(content, headline, filled, *shapes),
        )

    def _render_shapes(
        self, into: slots.Slots, subject: str, variables: dict[str, object], who: str
    ) -> tuple[str, str]:
        """Return the shapes of body and layout, and put the values into their slots."""
        token = slots.current.set(into)
        try:
            return render(self._body, variables, who).strip("\n"), self._layout.render(variables, subject, who)
        finally:
            slots.current.reset(token)

    def _shape(self, body: str, layout: str) -> _Shaped:
        """Return the shapes of HTML and text, the links with slots, and the pictures that are shown."""
        try:
            html_shape = layout.replace(slots.BODY, self._html_of(body))
            links = find_links(html_shape)
            html_shape = inlining.inline(html_shape)
            text_shape = markdown.to_text(body)
            return slots.Shape(html_shape), slots.Shape(text_shape), links, self._pictures.shown_in(html_shape)
        except PictureError as error:
            raise InputError(f"{self._line_of(error.source)}: {error}.", hint=error.hint) from error
        except BareValueError as error:
            raise InputError(f"{self._layout.label}: {error}.", hint='Write  href="{{ … }}".') from error

    def _html_of(self, body: str) -> str:
        if not self._layout.sets_rows:
            return markdown.to_html(body, self._show)
        return soft_breaks.soften(markdown.to_html(body, self._show, in_rows=True))

    def _show(self, source: str) -> dict[str, str]:
        """Return the attributes of a picture: no wider than a letter, nor than the screen."""
        picture = self._pictures.find(source)
        return {"src": picture.url, "width": str(picture.width), "style": "max-width: 100%; height: auto"}

    def _line_of(self, mark: str) -> str:
        """Return the first line of the message and of what it includes that has a mark."""
        included = {self._engine.label_of(name): text for name, text in self._engine.included.items()}
        texts = {self._source.label: self._source.text, **included}
        mark = mark if any(mark in text for text in texts.values()) else "!["
        found = ((label, text.partition(mark)[0].count("\n") + 1) for label, text in texts.items() if mark in text)
        return next((f"{label}:{line}" for label, line in found), self._source.label)

    def _refused_link(self, subject: str, variables: dict[str, object], who: str) -> InputError:
        """Return what to say of a link from a value that people must not click.

        It is rendered again with a slot for every print, and then once more up to that of the link: so the error has
        the link's own line, though the same value may be printed elsewhere.
        """
        separate = slots.SeparateSlots()
        _, _, links, _ = self._shape(*self._render_shapes(separate, subject, variables, who))
        link = next(link for link in links if not is_safe(separate.fill(link, str)))
        number = next(int(found[2]) for found in slots.SLOT.finditer(link))
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
        "changes": tuple(_with_link(change, language) for change in changes(campaign, language)),
        "sender": {
            "name": campaign.sender.mailbox.name or campaign.sender.mailbox.address,
            "email": _clickable(campaign.sender.mailbox.address, campaign),
            "reply_to": _clickable(campaign.sender.reply_to or campaign.sender.mailbox.address, campaign),
            "footer": footer or _not_given("sender.footer"),
        },
        "effective": _day("effective", campaign.change.effective, language),
        "old_works_until": _day("old_works_until", campaign.change.old_works_until, language),
        **announced(campaign, language),
        "comparison": tuple(_with_link(line, language) for line in comparison(campaign, language)),
    }


def _clickable(address: str, campaign: Campaign) -> str:
    """Return an address of the sender as a link, unless it is the one that is given up."""
    old, new = campaign.change.old.email, campaign.change.new.email
    return address if address == old != new else slots.own_link(address)


def _with_link(change: ChangedDetail, language: str) -> ChangedDetail:
    """Return a changed detail whose new side may be clicked, if it is an address or a website; nobody needs the old."""
    labels = {DETAIL_LABELS[language][name] for name in _CLICKABLE}
    return replace(change, new=slots.own_link(change.new)) if change.label in labels else change


def _announced(side: str, details: Details) -> dict[str, str | NotGiven]:
    """Return every detail; one that is not given can be asked for, but not printed."""
    given = {name: as_read(name, value, is_old=side == "old") for name, value in details.given().items()}
    if side == "new":
        given |= {name: slots.own_link(given[name]) for name in _CLICKABLE if name in given}
    return {name: given.get(name) or _not_given(f"{side}.{name}") for name in DETAIL_LABELS["en"]}


def _not_given(name: str) -> NotGiven:
    return NotGiven(f"{name} is not given; print it inside {{% if {name} %}} only")


def _day(name: str, date: dt.date | None, language: str) -> _Day | NotGiven:
    if date is None:
        return _not_given(name)
    day = _Day(date.year, date.month, date.day)
    day.words = in_words(date, language)
    return day


def _unless_written(write: Callable[[str], str]) -> Callable[[str], str]:
    """Return what writes a value, unless that has its own HTML already."""
    return lambda value: value.html if isinstance(value, slots.WithHtml) else write(value)


def _escape(value: str) -> str:
    if isinstance(value, slots.WithHtml):
        return value.html
    return html.escape(value).replace("\n", "<br>\n")


#: What a value becomes, by kind of slot; what stands in cells is mostly the same for everybody.
_AS_TEXT = dict.fromkeys(slots.KINDS, str)
_AS_HTML: slots.Writers = {
    **dict.fromkeys(slots.PRINTED, _escape),
    slots.TEXT: _unless_written(lambda value: soft_breaks.in_text(_escape(value))),
    slots.CELL: _unless_written(functools.lru_cache(maxsize=1024)(lambda value: soft_breaks.in_cell(_escape(value)))),
}
