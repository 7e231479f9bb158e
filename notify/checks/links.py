"""Links that lead nowhere, or where nobody should be led: without https, to this machine, to a number."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.nearness import same_number
from notify.checks.prose import Link, links_in, without_code
from notify.checks.remark import Remark, short
from notify.checks.typed_values import PHONE
from notify.core.late_pattern import late_pattern
from notify.core.rendered import GAP, Wording

#: Where a link leads cannot be seen by its name, and mail filters distrust it.
SHORTENERS = frozenset("bit.ly tinyurl.com t.co goo.gl is.gd ow.ly t1p.de kurzelinks.de rebrand.ly cutt.ly".split())
#: A link of Markdown that was not read as one.
_UNREAD = late_pattern(
    r"\[[^\[\]\n]+\]\([^()\n]*\)|\[[^\[\]\n]+\]\s?\((?:https?://|mailto:|tel:|www\.)[^()\n]*(?:\)|$)", re.MULTILINE
)
_BOLD = late_pattern(r"(?<![\w*])\*\*(?=\S)|(?<=\S)\*\*(?![\w*])")
_TRACKED = late_pattern(r"(?:^|&)(?:utm_\w+|fbclid|gclid|mc_[ce]id)=", re.IGNORECASE)
_TO_PEOPLE = ("mailto:", "tel:", "sms:")


def broken_links(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the links that do not work as their author meant, or look as those of fraud do."""
    for link in links_in(wording.read.html):
        if GAP not in link.target.partition("?")[0] and (flaw := _flaw_of(link, facts)):
            what = f'the link "{short(link.label)}" leads to {short(link.target)}, {flaw}'
            yield Remark("broken-link", what, "Write the whole address, beginning with https://.", link.target)
    if wording.typed.html:
        text = without_code(wording.typed)
        for mark in (_UNREAD.search(text), _BOLD.search(text)):
            if mark:
                what = f'"{short(mark[0])}" was not read as Markdown, and would be read as it is typed'
                yield Remark("markup-in-text", what, "Close the brackets or the stars.", mark[0])


def is_number(host: str) -> bool:
    """Tell whether a host is an IP address."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _flaw_of(link: Link, facts: Facts) -> str:
    """Return what is wrong with where a link leads, as what follows it; empty where nothing is."""
    target = link.target.strip()
    if target.casefold().startswith(_TO_PEOPLE):
        return _flaw_of_number(link)
    if target.casefold().startswith(("http:", "https:")):
        return _flaw_of_page(target, facts)
    return "" if target.startswith(("#", "cid:")) else "which is no address of a page"


def _flaw_of_page(target: str, facts: Facts) -> str:
    parts = urlsplit(target)
    host = (parts.hostname or "").casefold()
    if host in {"localhost", ""} or host.endswith((".localhost", ".local", ".lan")):
        return "which only your own machine or network knows"
    if is_number(host):
        return "which names the site by a number, as fraud does"
    if host.removeprefix("www.") in SHORTENERS:
        return "which shortens links, so nobody sees where it ends"
    if facts.is_notice and _TRACKED.search(parts.query):
        return "which follows who clicks it, as advertising does"
    own = {host_name(urlsplit(site).hostname or "") for _, site in facts.of("website") if site.startswith("https:")}
    return "without https, though the site has it" if parts.scheme == "http" and host_name(host) in own else ""


def _flaw_of_number(link: Link) -> str:
    """Return that a link dials another number than it shows."""
    said = PHONE.search(link.label)
    if said and link.target.casefold().startswith("tel:") and not same_number(said[0], link.target):
        return "which dials another number"
    return ""
