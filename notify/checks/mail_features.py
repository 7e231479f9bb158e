"""The HTML and CSS that some mail programs leave out, and what a message loses without it.

Only what a reader would miss stands here: round corners may go, a column that falls over another may not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from notify.checks.mail_page import Element, Page
from notify.core.late_pattern import late_pattern
from notify.core.record import record

Used = Callable[[Page], bool]


@record(frozen=True, slots=True)
class Feature:
    """Something that a program may not know.

    ``slug`` is its name in the data, ``label`` how an author knows it, ``loss`` what becomes of the message, ``mend``
    what to write instead. ``source`` finds it in a layout. ``partly``: a program that knows it in part does not know
    what is looked for here.
    """

    slug: str
    label: str
    loss: str
    mend: str
    is_used: Used
    source: re.Pattern[str]
    partly: bool = False


def _tag(*names: str) -> tuple[Used, re.Pattern[str]]:
    source = late_pattern(rf"<(?:{'|'.join(names)})\b", re.IGNORECASE)
    return lambda page: any(element.tag in names for element in page.elements), source


def _attribute(name: str) -> tuple[Used, re.Pattern[str]]:
    return lambda page: any(name in element.attributes for element in page.elements), late_pattern(
        rf"\s{name}\b", re.IGNORECASE
    )


def _style(properties: str, value: str) -> tuple[Used, re.Pattern[str]]:
    """Find a property with a value, in the tags: what stands under a condition in ``<style>`` is an addition."""
    named = late_pattern(properties)
    meant = late_pattern(value)

    def is_in(element: Element) -> bool:
        return any(named.fullmatch(name) and meant.search(said) for name, said in element.style.items())

    source = late_pattern(rf"(?<![\w-])(?:{properties})\s*:[^;}}]*?(?:{value.replace('^', '')})", re.IGNORECASE)
    return lambda page: any(map(is_in, page.elements)), source


def _source(start: str) -> tuple[Used, re.Pattern[str]]:
    pattern = late_pattern(rf"""\bsrc\s*=\s*["']?\s*{start}""", re.IGNORECASE)
    begins = late_pattern(start, re.IGNORECASE)
    return lambda page: any(begins.match(element.attributes.get("src", "")) for element in page.elements), pattern


_COLUMNS = "what stands side by side falls apart"
_TABLE = "Build columns of a table, and let them stand one below the other without it"
_GONE = "it is not shown"
_AS_PICTURE = "Use a PNG or JPEG picture, or words"

FEATURES = (
    Feature(
        "html-style",
        "<style>",
        "what stands in @media, for narrow or dark screens, has no effect",
        "Let the message be readable without it",
        *_tag("style"),
    ),
    Feature(
        "html-semantics",
        "a tag such as <main> or <section>",
        "its style goes, and its words stay",
        "Write <div> instead",
        *_tag("main", "section", "article", "header", "footer", "nav", "aside", "figure"),
        partly=True,
    ),
    Feature("css-display-flex", "display: flex", _COLUMNS, _TABLE, *_style("display", r"^(?:inline-)?flex")),
    Feature("css-display-grid", "display: grid", _COLUMNS, _TABLE, *_style("display", r"^(?:inline-)?grid")),
    Feature("css-float", "float", _COLUMNS, _TABLE, *_style("float", r"^(?:left|right)")),
    Feature("css-column-count", "columns", _COLUMNS, _TABLE, *_style("column-count|columns", r"\d")),
    Feature(
        "css-position",
        "position",
        "it stands where it would without it",
        "Let one thing follow the other",
        *_style("position", r"^(?:absolute|fixed|sticky|relative)"),
    ),
    Feature(
        "css-display-none",
        "display: none",
        "what it hides is shown",
        "Leave the hidden part out",
        *_style("display", r"^none"),
    ),
    Feature(
        "css-visibility",
        "visibility: hidden",
        "what it hides is shown",
        "Leave the hidden part out",
        *_style("visibility", r"^hidden"),
    ),
    Feature("html-hidden", "hidden", "what it hides is shown", "Leave the hidden part out", *_attribute("hidden")),
    Feature(
        "css-variables",
        "var(--…)",
        "the whole declaration has no effect",
        "Write the value itself",
        *_style(r"[\w-]+", r"\bvar\("),
    ),
    Feature(
        "css-unit-calc",
        "calc()",
        "the whole declaration has no effect",
        "Write the value itself",
        *_style(r"[\w-]+", r"\bcalc\("),
    ),
    Feature(
        "css-function-clamp",
        "clamp()",
        "the whole declaration has no effect",
        "Write the value itself",
        *_style(r"[\w-]+", r"\bclamp\("),
    ),
    Feature(
        "css-background-image",
        "background-image",
        "light words on a picture may stand on white",
        "Set a background-color too",
        *_style("background(?:-image)?", r"\burl\("),
    ),
    Feature("image-base64", "a picture in a data: URL", _GONE, "Put the picture's file beside it", *_source("data:")),
    Feature("html-svg", "<svg>", _GONE, _AS_PICTURE, *_tag("svg")),
    Feature("html-video", "<video>", _GONE, "Link to the film", *_tag("video")),
    Feature("html-audio", "<audio>", _GONE, "Link to the recording", *_tag("audio")),
    Feature("html-object", "<object>, <embed>, <iframe>", _GONE, "Link to it", *_tag("object", "embed", "iframe")),
    Feature("html-picture", "<picture>", "the plain <img> in it is shown", "Write an <img> alone", *_tag("picture")),
    Feature("html-form", "<form>", "it cannot be filled in", "Link to a page, or ask for an answer", *_tag("form")),
    Feature("html-button-submit", "<button>", "it does nothing", "Write a link that looks like one", *_tag("button")),
)
