"""The HTML around the messages of a template: its own layout.html, or ours."""

from __future__ import annotations

import re
from pathlib import Path

from markupsafe import Markup

from notify.core.late_pattern import late_pattern
from notify.core.shipped import shipped
from notify.errors import InputError
from notify.rendering import inlining, slots
from notify.rendering.engine import Engine, render
from notify.rendering.message_file import read_text
from notify.rendering.pictures import Picture, Pictures

#: What makes a layout load something when the message is opened.
_REMOTE = late_pattern(
    r"""<link\b|@import\b|\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:(?:https?:)?//|\{\{)"""
    r"""|url\(\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)

#: As much of it as an error shows.
_TAG = late_pattern(r"[^>;}]{1,80}")

#: What stands on top of our layout, and how large a logo is at most in its place, in CSS pixels.
_NAME = "{{ sender.name }}"
_LOGO_WIDTH, _LOGO_HEIGHT = 240, 80


class Layout:
    """The HTML around a message: the template's own layout.html, or ours."""

    def __init__(self, folder: Path, engine: Engine, pictures: Pictures, logo: str = "") -> None:
        """Read and compile it.

        :param logo: the picture that stands on top of ours instead of the sender's name; one of its own names pictures.
        :raises InputError: it has no place for the message, would load something, or a picture cannot be shown.
        """
        own = folder / "layout.html"
        self.is_own = own.is_file()
        self.label = engine.label_of("layout.html") if self.is_own else "layout.html"
        self.text = read_text(own, self.label) if self.is_own else shipped(__package__, "layout.html")
        if logo and not self.is_own:
            self.text = self.text.replace(_NAME, _tag(pictures.logo(logo)))
        #: Whether it has rules for tables that are made of rows.
        self.sets_rows = ".rows" in self.text
        #: How it draws links, as it stands in a tag.
        self.style_of_links = inlining.of_links(self.text)
        refuse_remote(self.text, self.label, "layout")
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


def _tag(logo: Picture) -> str:
    """Return the HTML of a logo; where pictures are not shown, the sender's name stands in its place."""
    image = logo.image
    scale = min(_LOGO_WIDTH / image.width, _LOGO_HEIGHT / image.height, 1)
    # Outlook for Windows knows no size but that of the attributes
    width, height = (max(1, round(side * scale)) for side in (image.width, image.height))
    return f'<img src="{logo.url}" width="{width}" height="{height}" alt="{_NAME}">'


def refuse_remote(html_text: str, label: str, what: str) -> None:
    """Refuse HTML that would load something when the message is opened.

    :param what: what it is, in the error.
    :raises InputError: it would.
    """
    if remote := _REMOTE.search(html_text):
        line = html_text[: remote.start()].count("\n") + 1
        loaded = " ".join(_TAG.findall(html_text, remote.start())[0].split())
        raise InputError(
            f"{label}:{line}: the {what} loads something ({loaded}); recipients take it for tracking.",
            hint="Leave it out. A picture is saved into the template's folder, and named as a file.",
        )
