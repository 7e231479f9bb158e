"""The announced details: a wrong digit told to everyone is worse than none.

As in :mod:`notify.config.values`: ValueError with one sentence for the user. An empty text stays empty, the detail is
then not there.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from notify.config.values import as_written, needed_text, printable, text
from notify.core.address import identity, parse_own_address
from notify.core.bilingual import Bilingual, BilingualError
from notify.core.iban import parse_iban
from notify.core.message import Mailbox
from notify.core.unsubscribing import TOKEN

#: So that a header line keeps far below the longest that RFC 5322 allows, with a token in it.
_LONGEST_URL = 500


def address(value: object) -> str:
    """Return an e-mail address as it goes on the wire, its domain in ASCII form. It may not be empty."""
    line = needed_text(value)
    try:
        wire = parse_own_address(line)
    except ValueError as err:
        raise ValueError(f"{as_written(line)} is not an address: {printable(str(err))}") from err
    if wire.partition("@")[0] != line.partition("@")[0]:
        raise ValueError(f"{as_written(line)} is more than an address; write only {as_written(wire)}")
    return wire


def address_or_none(value: object) -> str:
    """Return an e-mail address as it goes on the wire."""
    return "" if value == "" else address(value)


def mailbox_or_none(value: object) -> Mailbox:
    """Return a mailbox, whose address may have a name in front of it: Büro Muster <info@muster.example>."""
    if value == "":
        return Mailbox("", "")
    line = needed_text(value)
    name, mark, rest = line.rpartition("<")
    if mark and rest.endswith(">"):
        return Mailbox(name.strip(' "'), address(rest[:-1].strip()))
    return Mailbox("", address(line))


def mailboxes(value: object) -> tuple[Mailbox, ...]:
    """Return one or more mailboxes, each address once; in one text they have commas between them."""
    several = value
    if isinstance(value, str):
        several = value.split(",") if value.count("@") > 1 else [value]
    found = [mailbox_or_none(one) for one in (several if isinstance(several, (list, tuple)) else [several])]
    return tuple({identity(one.address): one for one in reversed(found) if one.address}.values())[::-1]


def announced_address(value: object) -> str:
    """Return an e-mail address as people read it: müller.example, not its ASCII form."""
    address_or_none(value)
    return text(value)


def website(value: object) -> str:
    """Return the http or https address of a site."""
    url = text(value)
    if url and not _is_website(url):
        mend = f"; did you mean https://{url}?" if _is_website(f"https://{url}") else ", such as https://muster.example"
        raise ValueError(f"{as_written(url)} is not the address of a website{mend}")
    return url


def unsubscribe_page(value: object) -> str:
    """Return the https address of the page on which readers unsubscribe, with its place for the token."""
    url = needed_text(value)
    example = "such as https://muster.example/abmelden/{token}"
    if not url.startswith("https://") or not url.isascii() or not _is_website(url):
        raise ValueError(f"{as_written(url)} is not the https address of a page, {example}")
    if url.count(TOKEN) != 1 or TOKEN in url.partition("#")[2] or TOKEN in (urlsplit(url).hostname or ""):
        raise ValueError(
            f"{as_written(url)} needs {{token}} in its path or query, once: it tells who unsubscribes; {example}"
        )
    if len(url) > _LONGEST_URL:
        raise ValueError(f"{as_written(url)} is longer than {_LONGEST_URL} characters")
    return url


def _is_website(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = "." in (parts.hostname or "").strip(".") and parts.port != 0
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and url.isprintable() and not re.search(r"[\s<>\"@\\]", url)


def phone(value: object) -> str:
    """Return a telephone number, grouped as it was given."""
    line = text(value)
    for character in line:
        if not re.fullmatch(r"[0-9+()/\-. ]", character):
            raise ValueError(f"{as_written(line)} is not a telephone number: it has {as_written(character)} in it")
    if line and len(re.findall(r"[0-9]", line)) < 5:
        raise ValueError(f"{as_written(line)} is not a telephone number: it has fewer than 5 digits")
    return line


def iban(value: object) -> str:
    """Return an IBAN, grouped as it was given."""
    line = text(value)
    try:
        return parse_iban(line) if line else ""
    except BilingualError as err:
        given = as_written(line)
        words = Bilingual(f"{given} is not an IBAN: {err}", f"{given} ist keine IBAN: {err.words.de}")
        raise BilingualError(words) from err


def bic(value: object) -> str:
    """Return a BIC (ISO 9362)."""
    line = text(value).upper()
    if line and not re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", line):
        raise ValueError(
            f"{as_written(value)} is not a BIC: four characters of the bank, its country as in DE, then 2 or 5 more"
        )
    return line
