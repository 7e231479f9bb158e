"""Compares the page on which readers look up a notice, and the legal notices of the website, with the campaign."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

from notify.actions.prepare import Prepared
from notify.checks import Facts, Remark
from notify.checks.legal_notice import legal_notice, none_found, notices_linked
from notify.checks.second_source import known_hosts, page_said, place_of_page, unreachable
from notify.config.providers import provider_of_address
from notify.lookups import Names, Visit, visit
from notify.pages.public_page import values_on

#: After so long no further page is asked for.
_ALL_WITHIN_S = 40.0


def second_source(prepared: Prepared, facts: Facts, names: Names) -> Iterator[Remark]:
    """Yield what the page of [second_source] says otherwise, or that there is none; nothing where none is named."""
    if url := prepared.settings.second_source.url:
        seen = visit(url, names.ask, reads=True)
        missing = [*unreachable(url, seen.status, seen.trouble, facts)]
        yield from missing
        if not missing:
            # nobody has a page of their own at the provider of a mailbox
            known = [host for host in known_hosts(facts) if not provider_of_address(f"@{host}")]
            yield from place_of_page(url, seen.url, facts, known)
            yield from page_said(url, seen.text, values_on(seen.text), facts)


def notices_of(start: Visit, facts: Facts, names: Names, today: dt.date) -> Iterator[Remark]:
    """Yield the old details in legal notice and privacy notice of the website.

    :param start: a visit of its first page, which was read.
    """
    if start.trouble or start.status >= 400:
        return
    found = notices_linked(start.text, start.url)
    if not found:
        yield none_found(start.url)
    until = time.monotonic() + _ALL_WITHIN_S
    for url, label in found:
        if time.monotonic() > until:
            return
        seen = start if url == start.url else visit(url, names.ask, reads=True)
        if not seen.trouble and seen.status < 400:
            yield from legal_notice(url, label, seen.text, facts, today)


def pages_of(prepared: Prepared) -> tuple[str, ...]:
    """Return which pages are visited besides the website."""
    url = prepared.settings.second_source.url
    return (url,) if url else ()
