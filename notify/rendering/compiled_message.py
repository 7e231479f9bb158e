"""A message file, compiled: it makes the content for any recipient."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from notify.core.address import parse_own_address
from notify.core.audience import AUDIENCES, Sight
from notify.core.form import Form
from notify.core.made import Made
from notify.core.message import Attachment, Filled
from notify.core.rendered import Proved
from notify.core.unsubscribing import NO_TOKEN, page_of
from notify.errors import InputError
from notify.rendering import slots
from notify.rendering.attachments import Attachments
from notify.rendering.body import MessageBody, Parts
from notify.rendering.branching import Branching, Field, Way
from notify.rendering.campaign_variables import of_campaign
from notify.rendering.engine import NotGiven, render
from notify.rendering.filling import Filling
from notify.rendering.message_file import MessageFile
from notify.rendering.own import Own
from notify.rendering.recipe import BodyRecipe, Recipe
from notify.rendering.unsubscribe import UnsubscribeLine, check_is_printed, unsubscribe_line
from notify.rendering.uses import SUBJECT, UNSUBSCRIBE
from notify.rendering.withheld import Withheld
from notify.rendering.wordings import Wordings

T = TypeVar("T")

#: So many ways through a message are known at a time.
_KEPT = 512


class _Reader(NamedTuple):
    """Somebody whose message is made; ``who`` is where the contact stands, for error messages."""

    salutation: str
    fields: Mapping[str, Field]
    form: Form
    who: str

    @property
    def token(self) -> str:
        """By what a page knows who unsubscribes."""
        return str(self.fields.get("token", NO_TOKEN))


class _Made(NamedTuple):
    """How the message of somebody is made, and from what."""

    recipe: Recipe
    values: list[str]
    subject: str
    answers: tuple[str, str]


class CompiledMessage:
    """A message file, compiled."""

    def __init__(self, source: MessageFile, parts: Parts, sight: Sight, made: Made) -> None:
        """Compile it for those who may see the same of a campaign."""
        campaign = sight.seen
        self._source = source
        self._engine = engine = parts.engine
        self._hidden = sorted(sight.hidden)
        self._withheld = Withheld(sight, source, parts) if sight.hidden else None
        self._variables = of_campaign(sight, source.wording.language)
        self._unsubscribe = functools.partial(
            unsubscribe_line, campaign, source.wording.language, style=parts.layout.style_of_links
        )
        self._page = campaign.unsubscribe if campaign.kind == "newsletter" else ""
        self._common_line = self._unsubscribe(NO_TOKEN)
        self._subject = engine.compile(source.subject.value, source.label, source.subject.line, marked=False)
        self._reply_to = (
            engine.compile(source.reply_to.value, source.label, source.reply_to.line, marked=False)
            if source.reply_to is not None
            else None
        )
        self._wordings = Wordings(source.label, source.wording.language, self._variables)
        self._body = MessageBody(source, parts, self._wordings)
        #: Whether it has words for either form; a text that greets by itself is for everybody.
        self.asks_for_form = source.names_columns or any(map(engine.compares_form, (source.subject.value, source.body)))
        #: What its lines attach.
        self.attachments = Attachments(source, engine, parts.files)
        self._made = tuple(one.attachment for one in made(source.wording.language, campaign.change))
        self._parsed = functools.lru_cache(maxsize=512)(parse_own_address)
        self._recipes: dict[Hashable, Recipe] = {}
        self._shapes: dict[Hashable, str] = {}

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
        variables.pop(AUDIENCES, None)
        row, contact = fields.get("row", {}), fields.get("contact", {})
        if self._source.names_columns and isinstance(row, Mapping):
            variables |= row
        if isinstance(contact, Mapping) and "form" in contact:
            # of the cell, of overrides and conditions only what has come of them counts
            variables["contact"] = {**contact, "form": str(form)}
        return variables

    def fill(self, salutation: str, fields: Mapping[str, Field], who: str, form: Form) -> Filled:
        """Return what the recipient reads.

        :raises InputError: whatever goes wrong in the template, with file, line and contact.
        """
        reader = _Reader(salutation, fields, form, who)
        return self._filled(reader, self._make(reader))

    def prove(self, salutation: str, fields: Mapping[str, Field], who: str, form: Form) -> Proved:
        """Return what is known of the message without making it; making it does not fail.

        :raises InputError: as for :meth:`fill`.
        """
        reader = _Reader(salutation, fields, form, who)
        made = self._make(reader)
        self._attached(reader, made.recipe)
        if self._withheld:
            # looked into as it is: a value may be put together of what is somebody's own
            self._filled(reader, made)
        body = made.recipe.body
        return Proved(
            body.wording,
            body.printed.of(made.values, made.subject),
            body.html.most(made.values) if body.html else 0,
            lambda: self._filled(reader, made).content,
        )

    def shape(self, salutation: str, fields: Mapping[str, Field], who: str, form: Form) -> str:
        """Return a digest of subject and body without their values; who goes the same way has the same."""
        way = self._branching and self._branching.way(salutation, fields, form)
        if way and (known := self._shapes.get(way.key)):
            return known
        variables = self.variables(salutation, fields, form) | {"unsubscribe": self._common_line}
        digest = hashlib.blake2b(repr(self._hidden).encode() if self._hidden else b"", digest_size=16)
        for piece in (self._subject, self._body.decisive):
            digest.update(slots.without_values(functools.partial(render, piece, variables, who)).encode())
        if way:
            _keep(self._shapes, way.key, digest.hexdigest())
        return digest.hexdigest()

    @functools.cached_property
    def _branching(self) -> Branching | None:
        """Tells the ways through the template apart, once it is known as a whole; None where that cannot be done."""
        uses = self._engine.uses
        reserved = self.variables("", {}, Form.FORMAL).keys() if self._source.names_columns else ()
        is_clear = uses.is_clear and not (self._page and UNSUBSCRIBE in uses.deciding)
        return Branching(uses, self._wordings.campaign, reserved) if is_clear else None

    def _make(self, reader: _Reader) -> _Made:
        """Find how the message of somebody is made; everything about it is known then to be right.

        :raises InputError: it cannot be made.
        """
        line = self._line(reader)
        if self._branching and (way := self._branching.way(reader.salutation, reader.fields, reader.form)):
            values = [*way.values, line, line.link] if self._page and isinstance(line, UnsubscribeLine) else way.values
            recipe = self._recipes.get(way.key) or self._explore(self._branching, way, values, line, reader)
            if recipe is not None and (subject := recipe.subject_for(values)):
                answers = self._answers(recipe.reply_to, values, reader.who)
                return _Made(recipe, [*values, subject], subject, answers)
        recipe = self._render(reader.salutation, reader.fields, line, reader)
        return _Made(recipe, [], recipe.subject_of([]), self._answers(recipe.reply_to, [], reader.who))

    def _explore(
        self, branching: Branching, way: Way, values: list[str], line: UnsubscribeLine | NotGiven, reader: _Reader
    ) -> Recipe | None:
        """Render the message of somebody who goes a way that nobody went before; None if it speaks for no other."""
        salutation, fields = branching.traced(way, reader.salutation, reader.fields)
        if self._page and isinstance(line, UnsubscribeLine):
            line = line.numbered(branching.size)
        try:
            recipe = self._render(salutation, fields, line, reader, number=len(values))
        except InputError:
            # said again of the message as it is
            return None
        if recipe.body.is_mixed or not recipe.subject_for(values):
            return None
        _keep(self._recipes, way.key, recipe)
        return recipe

    def _render(
        self,
        salutation: str,
        fields: Mapping[str, Field],
        line: UnsubscribeLine | NotGiven,
        reader: _Reader,
        number: int | None = None,
    ) -> Recipe:
        """Render everything for somebody.

        :param number: that of the subject, where values are numbered.
        """
        variables = self.variables(salutation, fields, reader.form) | {"unsubscribe": line}
        headline = render(self._subject, variables, reader.who)
        subject, title = Filling.of_text(headline), " ".join(headline.split())
        if not title:
            where = f"{self._source.label}:{self._source.subject.line}"
            raise InputError(f"{where}: the Subject is empty (for the contact at {reader.who}).")
        reply_to = self._render_reply_to(variables, reader.who)
        has_title = bool(subject.numbers) and SUBJECT in self._engine.uses.printed
        if number is not None and has_title:
            title = Own.numbered(title, number)
        body = self._body.render(headline, title, variables, reader.who)
        if isinstance(line, UnsubscribeLine):
            self._check_is_printed(line, body, 0 if number is None else number + 1, reader.who)
        attachments = None if self.attachments.has_own else self._beside(self.attachments.common, body.pictures)
        return Recipe(subject, reply_to, body, attachments, has_title)

    def _line(self, reader: _Reader) -> UnsubscribeLine | NotGiven:
        """Return what says how to unsubscribe; without a page that is the same for everybody."""
        return self._unsubscribe(reader.token) if self._page else self._common_line

    def _check_is_printed(self, line: UnsubscribeLine, body: BodyRecipe, size: int, who: str) -> None:
        """Refuse a newsletter that does not say how to unsubscribe, whatever the numbered values are that it prints."""
        values = [""] * size
        if line.number is not None:
            values[line.number : line.number + 2] = line, line.link
        html_text = body.html.fill(values) if body.html else ""
        check_is_printed(line, body.text.fill(values), html_text, self._source.label, who)

    def _filled(self, reader: _Reader, made: _Made) -> Filled:
        recipe, values, subject, (reply_to, name) = made
        body = recipe.body
        filled = Filled(
            subject,
            body.text,
            body.html,
            values,
            reply_to,
            self._attached(reader, recipe),
            name,
            body.pictures,
            page_of(self._page, reader.token) if self._page else "",
        )
        if self._withheld:
            self._withheld.refuse(filled.content, reader.who)
        return filled

    def _attached(self, reader: _Reader, recipe: Recipe) -> tuple[Attachment, ...]:
        """Return what is attached; what the row of a contact names is looked at now."""
        if recipe.attachments is not None:
            return recipe.attachments
        variables = self.variables(reader.salutation, reader.fields, reader.form) | {"unsubscribe": self._line(reader)}
        files = reader.fields.get("files", {})
        own = self.attachments.of(variables, files if isinstance(files, Mapping) else {}, reader.who)
        return self._beside(own, recipe.body.pictures)

    def _beside(self, attachments: tuple[Attachment, ...], pictures: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        """Return what is attached beside what is shown: what notify makes itself is one of the two, and no more."""
        shown = {picture.octets for picture in pictures}
        if self._source.names_columns:
            # mailmerge has the same line for a picture and for a file
            attachments = tuple(one for one in attachments if one.octets not in shown)
        return attachments + tuple(one for one in self._made if one.octets not in shown)

    def _render_reply_to(self, variables: dict[str, object], who: str) -> Filling | tuple[str, str]:
        """Return the address for answers, and the name before it; both empty where the template has none."""
        if self._reply_to is None:
            return "", ""
        filling = Filling.of_text(render(self._reply_to, variables, who))
        return filling if filling.numbers else self._answers(filling, (), who)

    def _answers(self, reply_to: Filling | tuple[str, str], values: Sequence[str], who: str) -> tuple[str, str]:
        if isinstance(reply_to, tuple):
            return reply_to
        text = reply_to.fill(values).strip()
        try:
            return self._parsed(text), text.rpartition("<")[0].strip(' "')
        except ValueError as error:
            line = self._source.reply_to.line if self._source.reply_to else 0
            raise InputError(
                f'{self._source.label}:{line}: Reply-To "{text}" is not an address: {error} (for the contact at {who}).'
            ) from error


def _keep(known: dict[Hashable, T], way: Hashable, what: T) -> None:
    """Take note of what is known of a way; a template that has too many ways forgets all and begins again."""
    if len(known) >= _KEPT:
        known.clear()
    known[way] = what
