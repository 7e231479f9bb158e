"""What makes an HTML message hard to read whatever the mail program."""

from __future__ import annotations

from collections.abc import Iterator

from notify.checks.colours import Colour, contrast
from notify.checks.mail_page import Element, Look, Page
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern

#: The narrowest screen that is still in use.
_NARROW_PX = 320
_PIXELS = late_pattern(r"(\d+(?:\.\d+)?)(?:px)?")
_UNSEEN = frozenset({"title", "style", "script"})


def find_flaws(page: Page, label: str) -> Iterator[Finding]:
    """Yield what is too wide, too faint, or a picture without words.

    :param label: the file that it comes from.
    """
    for what in dict.fromkeys(filter(None, map(_too_wide, page.elements))):
        mend = "Write  width: 100%; max-width: …  instead"
        yield Finding("wide-html", Severity.WARNING, label, what, mend)
    pairs = {pair: element for element in page.elements if (pair := _too_faint(element))}
    for (ink, paper), element in pairs.items():
        what = (
            f'"{_short(element.words)}" is hard to read: {_hex(ink)} on {_hex(paper)} has a contrast of '
            f"{contrast(ink, paper):.1f}, not {_least(element.look):g}"
        )
        yield Finding("faint-text", Severity.WARNING, label, what, "Take a darker colour, or a lighter background")
    if pictures := sum(element.tag == "img" and "alt" not in element.attributes for element in page.elements):
        what = f"{pictures} picture{'s' * (pictures > 1)} without alt: who does not see them learns nothing of them"
        yield Finding("no-alt", Severity.WARNING, label, what, 'Write alt="…", or alt="" for mere ornament')


def _too_wide(element: Element) -> str:
    said = element.style.get("min-width") or element.style.get("width") or element.attributes.get("width", "")
    pixels = _PIXELS.fullmatch(said)
    if pixels is None or float(pixels[1]) <= _NARROW_PX:
        return ""
    limit = element.style.get("max-width", "")
    if "min-width" not in element.style and limit.endswith("%"):
        return ""
    return f"<{element.tag}> is {pixels[1]} px wide; a telephone shows {_NARROW_PX} to 430"


def _too_faint(element: Element) -> tuple[Colour, Colour] | None:
    look = element.look
    if element.tag in _UNSEEN or not element.words.strip() or look.ink is None or look.paper is None:
        return None
    return (look.ink, look.paper) if contrast(look.ink, look.paper) < _least(look) else None


def _least(look: Look) -> float:
    """Return the contrast that text needs: large letters need less (WCAG 2.1, 1.4.3)."""
    return 3.0 if look.size_px >= 24 or (look.is_bold and look.size_px >= 18.66) else 4.5


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
