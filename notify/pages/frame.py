"""The HTML of a message, made fit for a frame in which nothing runs, and nothing is fetched.

Three things hold a hostile message: the frame is a sandbox without scripts, its Content-Security-Policy allows nothing
but the message itself, and what neither of them stops is taken out here: for a ``<link rel="preconnect">`` and for a
frame, though its policy forbids it, Chromium connects to the server; a ``<base>`` and a ``http-equiv`` speak for the
whole document. And nothing can be clicked: browsers connect to where a link leads before that is followed.
"""

from __future__ import annotations

import re

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: What the frame may do: scripts of the page around it may look into it, and that is all.
SANDBOX = "allow-same-origin"
_DOCTYPE = late_pattern(r"\s*<!doctype[^>]*>", re.IGNORECASE)
# a link that was followed all the same would open a window, which a sandbox has not
_NOWHERE = '<html inert><base target="_blank"><meta charset="utf-8">'
_REACHES_OUT = late_pattern(
    r"<(?=(?:link|base|i?frame|fencedframe|portal|object|embed|applet)\b)|\bhttp-equiv\b(?=[^<>]*>)", re.IGNORECASE
)
_STYLE = late_pattern(r"<style\b.*?(?:</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)
# browsers do not agree on whether a frame is as dark as the page around it: here the view says it
_DARK = late_pattern(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width: 0px)", "(max-width: 0px)"
_SCHEME = "<style>:root {{ color-scheme: {} !important }}</style>"
_PLAIN = """<!doctype html><meta charset="utf-8"><title></title><style>
body { margin: 24px } pre { margin: 0; font: 14px/1.55 ui-monospace, "DejaVu Sans Mono", monospace;
white-space: pre-wrap; overflow-wrap: break-word }</style>"""


@record(frozen=True, slots=True)
class View:
    """How a message is looked at: as programs show it that drop ``<style>``, show no pictures, or are dark."""

    style: bool = True
    pictures: bool = True
    dark: bool = False

    @property
    def policy(self) -> str:
        """The Content-Security-Policy of the frame."""
        pictures = "data:" if self.pictures else "'none'"
        return (
            f"sandbox {SANDBOX}; default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'self'"
        )


def framed(html: str, view: View) -> str:
    """Return the HTML of a message as the frame gets it."""
    has_dark = bool(_DARK.search(html))
    html = _DARK.sub(lambda found: _ALWAYS if (found[1].lower() == "dark") == view.dark else _NEVER, html)
    html = _REACHES_OUT.sub(lambda found: "<meta data-was-" if found[0] == "<" else "data-http-equiv", html)
    if not view.style:
        html = _STYLE.sub("", html)
    doctype = _DOCTYPE.match(html)
    cut = doctype.end() if doctype else 0
    scheme = _SCHEME.format("dark" if view.dark and has_dark else "light")
    return html[:cut] + _NOWHERE + scheme + html[cut:]


def framed_text(text: str, view: View) -> str:
    """Return a plain text as the frame gets it."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{_PLAIN}{_SCHEME.format('dark' if view.dark else 'light')}<pre>{escaped}</pre>"
