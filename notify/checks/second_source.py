"""The page on which readers look up a notice: whether it is where they know, and says what the campaign says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from notify.checks.facts import Facts
from notify.checks.markup import host_name
from notify.checks.remark import Remark
from notify.core.audience import Sight
from notify.core.campaign import DETAIL_LABELS
from notify.core.told import Told, shown_of

_URL = "second_source.url"


def place_of_page(url: str, final: str, facts: Facts, known: Collection[str]) -> Iterator[Remark]:
    """Yield that the page stands where readers know nobody, or where anybody can change it.

    :param final: where a visit of the page ended.
    :param known: the hosts that readers know; without any nothing is said.
    """
    where = facts.place(_URL)
    if not final.startswith("https:"):
        what = f"{final} is not https: whoever is in between can change what it says"
        yield Remark(
            "unsafe-website", what, "Write https:// if the site has it; if not, have it switched on.", where=where
        )
    if host_name(urlsplit(final).hostname or "") != host_name(urlsplit(url).hostname or ""):
        what = f"{url} leads to another site, {final}"
        yield Remark("page-elsewhere", what, "Put the page itself where readers look.", where=where)
    elif known and not _is_within(host_name(urlsplit(url).hostname or ""), known):
        what = f"{url} is not on a site that readers know: that is {' or '.join(sorted(known))}"
        mend = "Put the page there: a forger's page would be at an address of the forger's own, too."
        yield Remark("page-elsewhere", what, mend, where=where)


def unreachable(url: str, status: int, trouble: str, facts: Facts) -> Iterator[Remark]:
    """Yield that there is no page.

    :param status: what was answered, 0 for nothing; ``trouble`` why not, in words.
    """
    if trouble or status >= 400:
        what = f"{url} {f'does not answer: {trouble}' if trouble else f'answers with {status}'}"
        mend = "Put the page there that  notify page  writes, or mend its address."
        yield Remark("page-unreachable", what, mend, where=facts.place(_URL))


def page_said(url: str, html_text: str, values: Mapping[str, str], facts: Facts) -> Iterator[Remark]:
    """Yield what the page says otherwise than the campaign.

    :param values: what it has for programs, by the names of details (``new.phone``); where it has nothing, its words
        are looked at alone.
    """
    text, sight = shown_of(html_text), Sight.of_public(facts.campaign)
    seen, change = sight.seen.change, facts.campaign.change
    yield from _other_values(url, values, sight, facts)
    for name in seen.announced():
        new, old = getattr(seen.new, name), getattr(seen.old, name)
        if new and f"new.{name}" not in values and not Told.of(name, new).is_in(text):
            has_old = bool(old) and Told.of(name, old).is_in(text)
            what = f"{url} does not say the new {name}{', and still says the old one' if has_old else ''}"
            mend = "Put the page there that  notify page  writes."
            yield Remark("page-incomplete", what, mend, where=facts.place(f"change.new.{name}"))
    day = change.effective.isoformat() if change.effective else ""
    if (given := values.get("effective", day)) != day:
        what = f"{url} says {given} as the day from when it holds, and notify.toml {day or 'none'}"
        mend = "Write the page anew, and put it there:  notify page --force"
        yield Remark("page-differs", what, mend, where=facts.place("change.effective"))
    yield from _told_too_much(url, text, sight, facts)


def _other_values(url: str, values: Mapping[str, str], sight: Sight, facts: Facts) -> Iterator[Remark]:
    """Yield the values that the page has for programs and that are others here, also of what stays."""
    seen = sight.seen.change
    for key, given in values.items():
        side, _, name = key.partition(".")
        if side not in {"new", "old"} or name not in DETAIL_LABELS["en"] or name in sight.hidden:
            continue
        expected, new, old = (getattr(details, name) for details in (getattr(seen, side), seen.new, seen.old))
        if not _are_alike(name, given, expected):
            is_old = side == "new" and old != new and _are_alike(name, given, old)
            what = f"{url} says the {side} {name} is {given}{', which is the old one' if is_old else ''}"
            mend = f"Write the page anew, and put it there:  notify page --force  (here it is {expected or 'none'})"
            yield Remark("page-differs", what, mend, where=facts.place(f"change.{key}"))


def _told_too_much(url: str, text: str, sight: Sight, facts: Facts) -> Iterator[Remark]:
    """Yield what stands on the page and is not for everybody."""
    shown = [*sight.seen.change.new.given().values(), *sight.seen.change.old.given().values()]
    shown += [facts.campaign.sender.mailbox.name, *facts.campaign.sender.letterhead.lines("de")]
    for name in sorted(sight.hidden):
        value = getattr(facts.campaign.change.new, name)
        told = Told.of(name, value) if value else None
        if told and not any(map(told.is_in, shown)) and told.is_in(text):
            what = f"{url} says the new {name}, and no [[audience]] with public = true sees it"
            mend = "Take it off the page; or, if everybody may know it, write such an [[audience]]."
            yield Remark("page-tells-too-much", what, mend, where=facts.place(f"change.new.{name}"))


def known_hosts(facts: Facts) -> frozenset[str]:
    """Return the hosts by which readers know the sender: of the website and of the addresses that they have."""
    change, sender = facts.campaign.change, facts.campaign.sender
    site = change.old.website or ("" if change.announces("website") else change.new.website)
    addresses = {change.old.email, sender.mailbox.address} - (
        {change.new.email} if change.announces("email") else set()
    )
    hosts = {urlsplit(site).hostname or "", *(address.rpartition("@")[2].casefold() for address in addresses)}
    return frozenset(host_name(host) for host in hosts if host)


def _is_within(host: str, known: Collection[str]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in known)


def _are_alike(name: str, one: str, other: str) -> bool:
    if name == "iban":
        return "".join(one.split()).upper() == "".join(other.split()).upper()
    return one == other
