"""Pictures inside of a message: a local file travels along and is named by its Content-ID (RFC 2392).

A remote one stays refused. It loads when the message is opened, and tells whoever keeps it that it was.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from notify.core.late_pattern import late_pattern
from notify.core.message import Attachment
from notify.core.record import record
from notify.errors import InputError
from notify.rendering.files import FileError, Files, Found, Use
from notify.rendering.image import Image, ImageError, image_of
from notify.rendering.slots import SLOT

#: As wide as a letter is read; a photograph is wider, and Outlook would show all of it.
MOST_WIDTH = 600

_SCHEME = late_pattern(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
#: What a text may name: inline, or as a reference.
_NAMED = late_pattern(r"\]\(\s*(?:<([^<>\n]*)>|([^\s()]*(?:\([^\s()]*\)[^\s()]*)*))|\]:\s*(?:<([^<>\n]*)>|(\S+))")
#: What a layout loads.
_LOADED = late_pattern(
    r"""(\b(?:src|background|poster)\s*=\s*|\burl\(\s*)(?:(["'])(.*?)\2|([^\s"'<>()]+))""", re.IGNORECASE | re.DOTALL
)
_ESCAPED = late_pattern(r"\\([!-/:-@\[-`{-~])")
_SHOWN = late_pattern(r"cid:([A-Za-z0-9._-]+@[A-Za-z0-9._-]+)")
_REMOTE_HINT = "Save it into the template's folder and name the file: it then travels with the message."


class PictureError(ValueError):
    """A picture cannot be shown; says why, as a sentence, and which one as the template names it."""

    def __init__(self, source: str, what: str, hint: str) -> None:
        super().__init__(what)
        self.source = source
        self.hint = hint


@record(frozen=True, slots=True)
class Picture:
    """A picture as it travels, its kind and size, its SHA-256, and whether it is a file or notify has made it."""

    attachment: Attachment
    image: Image
    digest: str
    is_file: bool

    @property
    def url(self) -> str:
        """How the HTML names it."""
        return f"cid:{self.attachment.content_id}"

    @property
    def width(self) -> int:
        """How many pixels wide it is shown."""
        return min(self.image.width, MOST_WIDTH)


class Pictures:
    """The pictures of a template. Each has a Content-ID made of its content, so that a resend is the same message."""

    def __init__(self, files: Files, domain: str, made: Mapping[str, bytes]) -> None:
        """Show the files of a template.

        :param made: what notify makes itself, by name: a file of the same name goes before it.
        """
        self._files = files
        self._domain = domain
        self._made = made
        self._by_source: dict[str, Picture] = {}
        self._by_id: dict[str, Attachment] = {}

    def read_named(self, text: str) -> None:
        """Read what the text of a message names, before anything is rendered: only that can be shown.

        What is no picture may be a link to a page; if it is shown all the same, that is said then.
        """
        for source in _sources_in(text):
            try:
                self._read(source)
            except PictureError:
                continue

    def find(self, source: str) -> Picture:
        """Return the picture that Markdown shows.

        :raises PictureError: it cannot be shown.
        """
        if SLOT.search(source):
            raise _put_together(unquote(SLOT.sub("{{ … }}", source)))
        name = unquote(source)
        if name not in self._by_source:
            self._read(name)
            # it is there, and the text does not name it: what belongs to the message was not known before
            del self._by_source[name]
            raise _put_together(name)
        return self._by_source[name]

    def logo(self, source: str) -> Picture:
        """Return the picture that the settings name.

        :raises InputError: it cannot be shown.
        """
        try:
            return self._read(source)
        except PictureError as error:
            raise InputError(f"[sender] logo: {error}.", hint=error.hint) from error

    def embed(self, layout: str, label: str) -> str:
        """Return a layout whose local pictures are named by their Content-ID.

        :raises InputError: one cannot be shown, with file and line.
        """

        def named(found: re.Match[str]) -> str:
            before, quote, source = found[1], found[2] or "", (found[3] or found[4] or "").strip()
            if not source or source.startswith(("#", "data:", "cid:", "{{")):
                return found[0]
            try:
                return f"{before}{quote}{self._of_layout(source).url}{quote}"
            except PictureError as error:
                line = layout[: found.start()].count("\n") + 1
                raise InputError(f"{label}:{line}: {error}.", hint=error.hint) from error

        return _LOADED.sub(named, layout)

    def shown_in(self, html_text: str) -> tuple[Attachment, ...]:
        """Return those that an HTML shows, each once."""
        ids = dict.fromkeys(_SHOWN.findall(html_text))
        return tuple(self._by_id[one] for one in ids if one in self._by_id)

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each, by its name as the template says it; what notify makes itself is compared elsewhere."""
        return {source: picture.digest for source, picture in self._by_source.items() if picture.is_file}

    @property
    def files(self) -> dict[str, Attachment]:
        """Those that are files, by their names as the template says them."""
        return {source: picture.attachment for source, picture in self._by_source.items() if picture.is_file}

    def _of_layout(self, source: str) -> Picture:
        if "{{" in source or "{%" in source:
            raise _put_together(source)
        return self._read(unquote(html.unescape(source)))

    def _read(self, source: str) -> Picture:
        if source not in self._by_source:
            picture = self._picture(source)
            self._by_source[source] = picture
            self._by_id[picture.attachment.content_id] = picture.attachment
        return self._by_source[source]

    def _found(self, source: str) -> Found:
        if source.startswith("data:"):
            what = "a picture is written into the text itself, where many mail programs do not show it"
            raise PictureError("](data:", what, _REMOTE_HINT)
        if _SCHEME.match(source):
            what = f"an image is loaded from elsewhere ({source}); recipients take it for tracking"
            raise PictureError(source, what, _REMOTE_HINT)
        try:
            return self._files.common(source, Use.SHOWN)
        except FileError as error:
            if source in self._made:
                octets = self._made[source]
                return Found(Attachment(source, "", octets), hashlib.sha256(octets).hexdigest())
            raise PictureError(source, str(error), error.hint) from error

    def _picture(self, source: str) -> Picture:
        found = self._found(source)
        try:
            image = image_of(found.attachment.octets)
        except ImageError as error:
            raise PictureError(source, f"the picture {source} {error}", "Save it as PNG, JPEG or GIF.") from error
        content_id = f"{found.digest[:32]}@{self._domain}"
        shown = replace(found.attachment, content_type=image.content_type, content_id=content_id)
        return Picture(shown, image, found.digest, is_file=bool(found.attachment.content_type))


def _put_together(name: str) -> PictureError:
    what = f"the name of the picture {name} is put together, and it is the same for everybody"
    return PictureError("![", what, "Write the name of the file out, inside {% if … %} where it depends on something.")


def _sources_in(text: str) -> Iterator[str]:
    for groups in _NAMED.findall(text):
        # as Markdown reads it (CommonMark, 2.4 and 2.5)
        source = unquote(html.unescape(_ESCAPED.sub(r"\1", next(filter(None, groups), ""))))
        if source and not _SCHEME.match(source) and "{{" not in source:
            yield source
