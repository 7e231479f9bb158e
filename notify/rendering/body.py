"""The body of a message file, compiled: text and HTML of a message, with slots for what is different in each."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from notify.core.message import Attachment
from notify.core.record import record
from notify.errors import InputError
from notify.rendering import inlining, slots, soft_breaks
from notify.rendering.engine import Engine, render
from notify.rendering.files import Files
from notify.rendering.filling import Filling
from notify.rendering.layout import Layout, refuse_remote
from notify.rendering.links import BareValueError, find_links, is_safe
from notify.rendering.message_file import MessageFile
from notify.rendering.own import number_of
from notify.rendering.pictures import PictureError, Pictures
from notify.rendering.recipe import BodyRecipe, Printed
from notify.rendering.value_writers import AS_HTML, AS_TEXT
from notify.rendering.wordings import Wordings

if TYPE_CHECKING:
    import jinja2


@record(frozen=True, slots=True)
class Parts:
    """What the messages of a template share."""

    engine: Engine
    layout: Layout
    files: Files
    pictures: Pictures


#: HTML and text, the links with slots, and the pictures that are shown.
_Shaped = tuple[slots.Shape, slots.Shape, tuple[str, ...], tuple[Attachment, ...]]


class MessageBody:
    """What stands below the headers of a message file, compiled."""

    def __init__(self, source: MessageFile, parts: Parts, wordings: Wordings) -> None:
        self._source = source
        self._layout = parts.layout
        self._engine = parts.engine
        self._pictures = parts.pictures
        self._pictures.read_named(source.body)
        self._wordings = wordings
        self._body = parts.engine.compile(source.body, source.label, source.body_line, marked=source.is_markdown)
        self._html = self._compile_html(source)
        self._shaped = functools.lru_cache(maxsize=512)(self._shape)

    @property
    def decisive(self) -> jinja2.Template:
        """The piece that tells most of what a recipient reads."""
        return self._html or self._body

    def _compile_html(self, source: MessageFile) -> jinja2.Template | None:
        """Compile what the author wrote as HTML, with its local pictures in it; None where there is none."""
        if source.html is None:
            return None
        html_text = "\n" * (source.html.line - 1) + source.html.value
        refuse_remote(html_text, source.label, "text")
        embedded = self._pictures.embed(html_text, source.label).lstrip("\n")
        return self._engine.compile(embedded, source.label, source.html.line, marked=True)

    def render(self, headline: str, subject: str, variables: dict[str, object], who: str) -> BodyRecipe:
        """Render it for a recipient; whoever goes the same way through it has the same, but for the values.

        :param headline: the subject as it was rendered; ``subject`` is what the layout may print of it.
        :raises InputError: whatever goes wrong in the template, with file, line and contact.
        """
        if self._html is None and not self._source.is_markdown:
            text = render(self._body, variables, who)
            return BodyRecipe(
                Filling.of_text(text).as_body(),
                None,
                Printed(self._wordings.of_contact(headline, text)),
                lambda: self._wordings.of_text(headline, text),
            )
        filled = slots.Slots()
        shaped = self._shaped(*self._render_shapes(filled, subject, variables, who))
        html_shape, text_shape, links, pictures = shaped
        if not all(is_safe(filled.fill(link, str)) for link in links):
            raise self._refused_link(subject, variables, who)
        text_filling = Filling.of_shape(text_shape, filled, AS_TEXT)
        if self._html is not None and self._source.body.strip():
            text_filling = Filling.of_text(render(self._body, variables, who)).as_body()
        own_links = (Filling.of_shape(slots.Shape(link), filled, AS_TEXT) for link in links)
        return BodyRecipe(
            text_filling,
            Filling.of_shape(html_shape, filled, AS_HTML),
            Printed(
                self._wordings.of_contact(headline),
                tuple(value for value in filled.values if value not in self._wordings.campaign),
            ),
            lambda: self._wordings.of_shapes(headline, filled.values, text_shape.text, html_shape.text),
            pictures,
            tuple(link for link in own_links if link.numbers),
            frozenset(value for value in filled.values if number_of(value) is None),
            filled.is_mixed,
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
                from notify.rendering.html_text import text_of_html

                shapes = slots.Shape(body), slots.Shape(text_of_html(body))
                return *shapes, find_links(body), self._pictures.shown_in(body)
            # its library is large, and a template is opened by many who render nothing
            from notify.rendering import markdown

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
        from notify.rendering import markdown

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
