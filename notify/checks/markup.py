"""What is read as it was typed though it was meant to be hidden or to look like something; and links that mislead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.prose import Link, links_in, without_code
from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import GAP, Wording

_TAGS = (
    "a abbr b big blockquote body br center code dd div dl dt em font h1 h2 h3 h4 h5 h6 head hr html i img li ol p pre "
    "s script section small span strong style sub sup table tbody td th thead title tr tt u ul"
)
_ENTITIES = (
    "nbsp amp lt gt quot euro [aou]uml szlig eacute egrave agrave ccedil ndash mdash hellip #\\d{2,5} #x[0-9a-f]{2,4}"
)
_HTML = late_pattern(
    rf"</?(?:{'|'.join(_TAGS.split())})(?:\s[^<>]*)?/?>|&(?:{'|'.join(_ENTITIES.split())});", re.IGNORECASE
)
_MARKDOWN = late_pattern(r"\*\*[^*\n]+\*\*|\[[^\[\]\n]+\]\((?:https?://|mailto:|tel:)[^()\n]*\)")
_COMMENT = late_pattern(r"<!--.*?(?:-->|$)|/\*.*?\*/", re.DOTALL)
_ADDRESS = late_pattern(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_SITE = late_pattern(
    r"(?:https?://|www\.)([\w\-.]+\.\w{2,})|((?:[\w\-]+\.)+(?:[a-z]{2,12}))(?=[/:?#]|$)", re.IGNORECASE
)
#: Endings of files, which are no domains when they end a label.
_FILES = frozenset("pdf doc docx xls xlsx csv txt html htm jpg png zip vcf ics js md py".split())


def markup(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield HTML and comments among the words, and Markdown where none is read."""
    text = without_code(wording.typed)
    for comment in _COMMENT.findall(text)[:1]:
        what = f'the comment "{short(comment)}" stands in the text, and everybody would read it'
        yield Remark("comment-in-text", what, "Remove it, or write {# … #}, which nobody sees.", _first_line(comment))
    text = _COMMENT.sub("", text)
    if tag := _HTML.search(f"{wording.typed.subject}\n{text}"):
        what = f'"{short(tag[0])}" is HTML, and would be read as it is typed here'
        yield Remark(
            "markup-in-text", what, "Write plain words; in a .md file, Markdown makes them bold or a link.", tag[0]
        )
    if not wording.typed.html and (mark := _MARKDOWN.search(text)):
        what = f'"{short(mark[0])}" is Markdown, and would be read as it is typed here'
        yield Remark("markup-in-text", what, "Rename the message to .md, or leave the marks out.", mark[0])


def links(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield the links whose words name another place than that to which they lead."""
    for link in links_in(wording.read.html):
        if GAP in link.target.partition("?")[0] or GAP in link.label:
            continue
        if (said := _said(link)) and said != (leads := _leads(link)):
            what = f'a link says "{short(link.label)}" and leads to {leads or short(link.target)}'
            yield Remark("misleading-link", what, "Let it say where it leads.", link.target)


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _said(link: Link) -> str:
    """Return the host or the address that the words of a link name; empty where they name none."""
    if address := _ADDRESS.fullmatch(link.label):
        return address[0].casefold()
    if " " in link.label or not (site := _SITE.match(link.label)):
        return ""
    host = site[1] or site[2]
    return "" if not site[1] and host.rpartition(".")[2].casefold() in _FILES else host_name(host)


def _leads(link: Link) -> str:
    """Return the host or address to which a link leads."""
    scheme, _, rest = link.target.partition(":")
    if scheme.casefold() == "mailto":
        return rest.partition("?")[0].casefold()
    return host_name(re.split(r"[/?#:]", rest.removeprefix("//"))[0].rpartition("@")[2])


def host_name(host: str) -> str:
    """Return a host in one spelling: in lower case, without www., and in its ASCII form."""
    bare = host.casefold().strip(".").removeprefix("www.")
    try:
        return bare.encode("idna").decode()
    except UnicodeError:
        return bare
