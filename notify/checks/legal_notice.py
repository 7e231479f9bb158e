"""Legal notice and privacy notice of a website: they must have the new details on the day from which these hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.prose import links_in
from notify.checks.remark import Remark
from notify.core.late_pattern import late_pattern
from notify.core.told import Told, shown_of

#: By these words people find them, in the order in which they are looked at.
_CALLED = late_pattern(
    r"\b(?:impressum|imprint|anbieterkennzeichnung|legal[\s_-]*notice|legal|mentions[\s_-]*l[ée]gales"
    r"|datenschutz\w*|privacy\w*|confidentialit[ée])\b",
    re.IGNORECASE,
)
#: What such pages have to say; a town alone, or an account, is not looked for.
_DETAILS = ("name", "email", "phone", "mobile", "fax", "street")
#: So many pages are visited.
MOST_PAGES = 4


def notices_linked(start_html: str, start_url: str) -> list[tuple[str, str]]:
    """Return the pages of the same site that a start page calls so: each with the words of its link, once."""
    found: dict[str, str] = {}
    home = host_name(urlsplit(start_url).hostname or "")
    for link in links_in(start_html):
        try:
            url = urldefrag(urljoin(start_url, link.target)).url
            parts = urlsplit(url)
        except ValueError:
            continue
        is_called = _CALLED.search(link.label) or _CALLED.search(parts.path)
        if is_called and parts.scheme in ("http", "https") and host_name(parts.hostname or "") == home:
            found.setdefault(url, " ".join(link.label.split()) or url)
    return list(found.items())[:MOST_PAGES]


def legal_notice(url: str, label: str, html_text: str, facts: Facts, today: dt.date) -> Iterator[Remark]:
    """Yield the old details that stand on such a page; before the day from which the new ones hold they may.

    :param label: how the site calls the page.
    """
    change, text = facts.campaign.change, shown_of(html_text)
    is_due = change.effective is None or change.effective <= today
    for name in _DETAILS:
        old, new = getattr(change.old, name), getattr(change.new, name)
        if not old or old == new or (new and Told.of(name, old).is_in(new)) or not Told.of(name, old).is_in(text):
            continue
        has_new = bool(new) and Told.of(name, new).is_in(text)
        beside = ", beside the new one" if has_new else ""
        where = facts.place(f"change.old.{name}")
        if is_due:
            what = f'"{label}" of your website still says the old {name}{beside}: {url}'
            yield Remark("legal-notice-old", what, "Have it changed; whoever checks a notice looks there.", where=where)
        elif not has_new:
            what = f'"{label}" of your website says {name} as it is until now: {url}'
            yield Remark("legal-notice-due", what, f"Have it changed by {change.effective}.", where=where)


def none_found(url: str) -> Remark:
    """Return that no such page is linked where it was looked for."""
    what = f"on {url} no link to an Impressum, legal notice or privacy notice was found, so nobody looked there"
    return Remark("legal-notice-unseen", what, "Look yourself whether they have the new details.")
