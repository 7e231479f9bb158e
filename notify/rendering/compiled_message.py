"""A message file, compiled: it makes the content for any recipient."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from notify.core.address import parse_own_address
from notify.core.campaign import Campaign
from notify.core.form import Form
from notify.core.made import Made
from notify.core.message import Attachment, Content
from notify.core.rendered import Rendered
from notify.core.unsubscribing import NO_TOKEN, page_of
from notify.errors import InputError
from notify.rendering import inlining, markdown, slots, soft_breaks
from notify.rendering.attachments import Attachments
from notify.rendering.campaign_variables import of_campaign
from notify.rendering.engine import Engine, render
from notify.rendering.files import Files
from notify.rendering.html_text import text_of_html
from notify.rendering.layout import Layout, refuse_remote
from notify.rendering.links import BareValueError, find_links, is_safe
from notify.rendering.message_file import MessageFile
from notify.rendering.pictures import PictureError, Pictures
from notify.rendering.unsubscribe import UnsubscribeLine, check_is_printed, unsubscribe_line
from notify.rendering.value_writers import AS_HTML, AS_TEXT
from notify.rendering.wordings import Wordings

if TYPE_CHECKING:
    import jinja2

#: What is known of a recipient under one name: fields or cells by theirs, or one text.
Field = Mapping[str, str] | str


@dataclass(frozen=True, slots=True)
class Parts:
    """What the messages of a template share."""

    engine: Engine
    layout: Layout
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


class CompiledMessage:
    """A message file, compiled."""

    def __init__(self, source: MessageFile, parts: Parts, campaign: Campaign, made: Made) -> None:
        self._source = source
        self._layout = parts.layout
        self._engine = engine = parts.engine
        self._pictures = parts.pictures
        self._pictures.read_named(source.body)
        self._variables = of_campaign(campaign, source.wording.language)
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
        self._html = self._compile_html(source)
        #: Whether it has words for either form; a text that greets by itself is for everybody.
        self.asks_for_form = source.names_columns or any(map(engine.compares_form, (source.subject.value, source.body)))
        #: What its lines attach.
        self.attachments = Attachments(source, engine, parts.files)
        self._made = tuple(one.attachment for one in made(source.wording.language))
        self._shaped = functools.lru_cache(maxsize=512)(self._shape)
        self._wordings = Wordings(source.label, source.wording.language, self._variables)
        self._parsed = functools.lru_cache(maxsize=512)(parse_own_address)

    def _compile_html(self, source: MessageFile) -> jinja2.Template | None:
        """Compile what the author wrote as HTML, with its local pictures in it; None where there is none."""
        if source.html is None:
            return None
        html_text = "\n" * (source.html.line - 1) + source.html.value
        refuse_remote(html_text, source.label, "text")
        embedded = self._pictures.embed(html_text, source.label).lstrip("\n")
        return self._engine.compile(embedded, source.label, source.html.line, marked=True)

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
        row, contact = fields.get("row", {}), fields.get("contact", {})
        if self._source.names_columns and isinstance(row, Mapping):
            variables |= row
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
        if self._source.names_columns:
            # mailmerge has the same line for a picture and for a file
            shown = {picture.octets for picture in pictures}
            attachments = tuple(one for one in attachments if one.octets not in shown)
        attachments += self._not_in(pictures)
        page = page_of(self._page, token)
        content = Content(subject, text, html_text, reply_to, attachments, name, pictures, page)
        return content, functools.partial(worded, content, headline)

    def shape(self, salutation: str, fields: Mapping[str, Field], who: str, form: Form) -> str:
        """Return a digest of subject and body without their values."""
        variables = self.variables(salutation, fields, form) | {"unsubscribe": self._unsubscribe(NO_TOKEN)}
        digest = hashlib.blake2b(digest_size=16)
        for piece in (self._subject, self._html or self._body):
            digest.update(slots.without_values(functools.partial(render, piece, variables, who)).encode())
        return digest.hexdigest()

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
        if self._html is None and not self._source.is_markdown:
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
        text, html_text = text_shape.fill(filled, AS_TEXT), html_shape.fill(filled, AS_HTML)
        if self._html is not None and self._source.body.strip():
            text = render(self._body, variables, who).strip("\n") + "\n"
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
            if self._html is not None:
                return render(self._html, variables, who).strip("\n"), slots.BODY
            return render(self._body, variables, who).strip("\n"), self._layout.render(variables, subject, who)
        finally:
            slots.current.reset(token)

    def _shape(self, body: str, layout: str) -> _Shaped:
        """Return the shapes of HTML and text, the links with slots, and the pictures that are shown."""
        try:
            if self._html is not None:
                shapes = slots.Shape(body), slots.Shape(text_of_html(body))
                return *shapes, find_links(body), self._pictures.shown_in(body)
            html_shape = layout.replace(slots.BODY, self._html_of(body))
            links = find_links(html_shape)
            html_shape = inlining.inline(html_shape)
            text_shape = markdown.to_text(body)
            return slots.Shape(html_shape), slots.Shape(text_shape), links, self._pictures.shown_in(html_shape)
        except PictureError as error:
            raise InputError(f"{self._line_of(error.source)}: {error}.", hint=error.hint) from error
        except BareValueError as error:
            label = self._source.label if self._html is not None else self._layout.label
            raise InputError(f"{label}: {error}.", hint='Write  href="{{ … }}".') from error

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
