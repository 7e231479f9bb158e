"""A template: everything that is needed to make content for any recipient of a campaign."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import html
import mimetypes
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from markupsafe import Markup

from notify.core.address import parse_address
from notify.core.campaign import DETAIL_LABELS, Campaign, Details, in_words
from notify.core.message import Attachment, Content
from notify.errors import InputError
from notify.rendering import markdown, slots
from notify.rendering.engine import Engine, render
from notify.rendering.named import Named
from notify.rendering.source import HeaderLine, Source, find_sources, read_text

#: Stands in a layout for the message's own HTML until that is put in.
_BODY = "ntfybodyx"

_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_LINK_SLOT = re.compile(r'href="(ntfyslot\d+x)')


class Template:
    """A template of a campaign, in all its languages."""

    def __init__(self, path: Path, shown: str, campaign: Campaign, root: Path) -> None:
        """Read and compile it.

        :param shown: its path as the user named it, for error messages.
        :param root: the campaign folder; attachments are looked for in the template's folder, then there.
        :raises InputError: something is missing or wrong in it; with file and line.
        """
        sources = find_sources(path, shown)
        folder = path if path.is_dir() else path.parent
        engine = Engine(folder, shown if path.is_dir() else str(Path(shown).parent))
        layout = _Layout(folder, shown, engine)
        self._letters = {
            language: _Letter(source, engine, layout, campaign, (folder, root)) for language, source in sources.items()
        }
        #: The languages it is written in.
        self.languages = tuple(sources)
        #: What it names of a contact: all that has to be kept of one.
        self.named: Named = engine.named
        #: Everything it is made of, by name: texts as they are, attachments by their digest.
        self.parts: dict[str, str] = {source.shown: source.text for source in sources.values()}
        self.parts |= {f"{shown}/{name}": text for name, text in engine.included.items()}
        self.parts |= {f"{shown}/layout.html": layout.text} if layout.is_own else {}
        for letter in self._letters.values():
            self.parts |= letter.attachment_parts

    def render(self, language: str, salutation: str, fields: Mapping[str, Mapping[str, str]], who: str) -> Content:
        """Make the content for one recipient.

        :param fields: what :attr:`named` kept of the contact: ``{"contact": {…}, "row": {…}}``.
        :param who: where the contact stands, for error messages.
        :raises InputError: an undefined variable, or whatever else goes wrong; with file, line and contact.
        """
        return self._letters[language].render(salutation, fields, who)


class _Layout:
    """The HTML around a message: the template's own layout.html, or ours."""

    def __init__(self, folder: Path, shown: str, engine: Engine) -> None:
        own = folder / "layout.html"
        self.is_own = own.is_file()
        name = f"{shown}/layout.html" if self.is_own else "layout.html"
        self.text = (
            read_text(own, name)
            if self.is_own
            else resources.files(__package__).joinpath("layout.html").read_text("utf-8")
        )
        self.compiled = engine.compile(self.text, name, 1, marked=True, also=("body", "subject"))
        if "body" not in self.text:
            raise InputError(f"{name}: the layout has no place for the message.", hint="Write {{ body }} into it.")


class _Letter:
    """A message file, compiled."""

    def __init__(
        self, source: Source, engine: Engine, layout: _Layout, campaign: Campaign, folders: tuple[Path, ...]
    ) -> None:
        self._source = source
        self._layout = layout
        self._variables = _of_campaign(campaign, source.language)
        self._subject = engine.compile(source.subject.value, source.shown, source.subject.line, marked=False)
        self._reply_to = source.reply_to and engine.compile(
            source.reply_to.value, source.shown, source.reply_to.line, marked=False
        )
        self._body = engine.compile(source.body, source.shown, source.body_line, marked=source.is_markdown)
        self._attachments = tuple(_attachment(line, source.shown, folders) for line in source.attachments)
        self._shaped = functools.lru_cache(maxsize=512)(self._shape)
        self._parse_reply_to = functools.lru_cache(maxsize=512)(self._check_reply_to)

    @property
    def attachment_parts(self) -> dict[str, str]:
        """The digest of each attachment, by its name."""
        return {
            f"{self._source.shown}: attachment {one.filename}": hashlib.sha256(one.octets).hexdigest()
            for one in self._attachments
        }

    def render(self, salutation: str, fields: Mapping[str, Mapping[str, str]], who: str) -> Content:
        variables = self._variables | {"salutation": salutation, **fields}
        subject = " ".join(render(self._subject, variables, who).split())
        if not subject:
            raise InputError(
                f"{self._source.shown}:{self._source.subject.line}: the Subject is empty (for the contact at {who})."
            )
        reply_to = self._parse_reply_to(render(self._reply_to, variables, who).strip()) if self._reply_to else ""
        if not self._source.is_markdown:
            text = render(self._body, variables, who).strip("\n") + "\n"
            return Content(subject, text, "", reply_to, self._attachments)
        text, html_text = self._render_markdown(subject, variables, who)
        return Content(subject, text, html_text, reply_to, self._attachments)

    def _render_markdown(self, subject: str, variables: dict[str, object], who: str) -> tuple[str, str]:
        filled = slots.Slots()
        token = slots.current.set(filled)
        try:
            body = render(self._body, variables, who).strip("\n")
            around = {"subject": subject, "body": Markup(_BODY)}  # noqa: S704  # our own constant
            layout = render(self._layout.compiled, variables | around, who)
        finally:
            slots.current.reset(token)
        html_shape, text_shape = self._shaped(body, layout)
        self._check_links(html_shape, filled, who)
        return filled.fill(text_shape, str), filled.fill(html_shape, _escape)

    def _shape(self, body: str, layout: str) -> tuple[str, str]:
        try:
            return layout.replace(_BODY, markdown.to_html(body)), markdown.to_text(body)
        except markdown.RemoteContentError as error:
            raise InputError(f"{self._source.shown}: {error}.") from error

    def _check_links(self, html_shape: str, filled: slots.Slots, who: str) -> None:
        """Refuse a link whose beginning comes from a value and is not one that people may click."""
        for slot in _LINK_SLOT.findall(html_shape):
            target = filled.fill(slot, str)
            if not _SAFE_LINK.match(target):
                raise InputError(
                    f'{self._source.shown}: a link leads to "{target}" (for the contact at {who}).',
                    hint="A link begins with https://, mailto: or tel:.",
                )

    def _check_reply_to(self, text: str) -> str:
        assert self._source.reply_to is not None  # noqa: S101  # or there would be nothing to check
        try:
            return parse_address(text)
        except ValueError as error:
            raise InputError(
                f'{self._source.shown}:{self._source.reply_to.line}: Reply-To "{text}" is not an address: {error}.'
            ) from error


class _Day(dt.date):
    """A date that prints itself as people write it in the message's language."""

    words: str

    def __str__(self) -> str:
        return self.words


def _of_campaign(campaign: Campaign, language: str) -> dict[str, object]:
    """Return the variables that are the same for every recipient of one language."""
    return {
        "language": language,
        "old": _announced(campaign.change.old),
        "new": _announced(campaign.change.new),
        "changes": tuple(campaign.change.changes(language)),
        "sender": {
            "name": campaign.sender.mailbox.name or campaign.sender.mailbox.address,
            "email": campaign.sender.mailbox.address,
            "reply_to": campaign.sender.reply_to or campaign.sender.mailbox.address,
        },
        "effective": _day(campaign.change.effective, language),
        "old_works_until": _day(campaign.change.old_works_until, language),
    }


def _announced(details: Details) -> dict[str, str | None]:
    """Return every detail; one that is not given is None, so that it can be asked for but not printed."""
    given = details.given()
    return {name: given.get(name) for name in DETAIL_LABELS["en"]}


def _day(date: dt.date | None, language: str) -> _Day | None:
    if date is None:
        return None
    day = _Day(date.year, date.month, date.day)
    day.words = in_words(date, language)
    return day


def _escape(value: str) -> str:
    return html.escape(value).replace("\n", "<br>\n")


def _attachment(line: HeaderLine, shown: str, folders: tuple[Path, ...]) -> Attachment:
    """Read a file that a template attaches, once for all recipients.

    :raises InputError: it is not there, or lies outside of the template's and the campaign's folder.
    """
    for folder in folders:
        path = (folder / line.value).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            try:
                octets = path.read_bytes()
            except OSError as error:
                raise InputError(
                    f"{shown}:{line.line}: the attachment {line.value} cannot be read: {error.strerror}."
                ) from error
            kind, encoding = mimetypes.guess_type(path.name)
            return Attachment(path.name, kind if kind and not encoding else "application/octet-stream", octets)
    raise InputError(
        f"{shown}:{line.line}: there is no attachment {line.value}.",
        hint="Put it into the template's folder, or name it as seen from the campaign folder.",
    )
