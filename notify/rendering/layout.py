"""The HTML around the messages of a template: its own layout.html, or ours."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from markupsafe import Markup

from notify.errors import InputError
from notify.rendering import inlining, slots
from notify.rendering.engine import Engine, render
from notify.rendering.message_file import read_text
from notify.rendering.pictures import Pictures

#: What makes a layout load something when the message is opened.
_REMOTE = re.compile(
    r"""<link\b|@import\b|\b(?:src|srcset|background|poster)\s*=\s*["']?\s*(?:(?:https?:)?//|\{\{)"""
    r"""|url\(\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)


class Layout:
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


def refuse_remote(html_text: str, label: str, what: str) -> None:
    """Refuse HTML that would load something when the message is opened.

    :param what: what it is, in the error.
    :raises InputError: it would.
    """
    if remote := _REMOTE.search(html_text):
        line = html_text[: remote.start()].count("\n") + 1
        raise InputError(
            f"{label}:{line}: the {what} loads something; recipients take it for tracking.",
            hint="Leave it out. A picture is saved into the template's folder, and named as a file.",
        )
