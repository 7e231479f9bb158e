"""The server that a domain, or Thunderbird's database, names in a file of autoconfig (Thunderbird's format, 1.1).

Only over https, and the address of a person is told to nobody: the domain alone is in the question.
"""

from __future__ import annotations

import http.client
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from notify.core.bilingual import Bilingual
from notify.lookups.submission import Submission

_WITHIN_S = 5.0
#: Such a file has one or two thousand octets.
_LONGEST = 65536
#: What a provider says to people is no essay.
_LONGEST_WORDS = 300
_TLS = {"SSL": "implicit", "STARTTLS": "starttls"}


def autoconfig_addresses(domain: str) -> tuple[str, ...]:
    """Return where the file of a domain may be: at the domain, then in the database."""
    return (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
        f"https://autoconfig.thunderbird.net/v1.1/{domain}",
    )


def submission_by_autoconfig(address: str, urls: Iterable[str]) -> Submission | None:
    """Return the server for an e-mail address by the first of the files that is there and names one."""
    for url in urls:
        content = _fetched(url)
        if content is not None and (found := next(_named(content, address), None)):
            return found
    return None


def _fetched(url: str) -> bytes | None:
    """Return the content of a file of a reasonable length; None where there is none that came by https all the way."""
    try:
        with urllib.request.urlopen(url, timeout=_WITHIN_S) as answer:  # noqa: S310  # see the addresses above
            content: bytes = answer.read(_LONGEST + 1)
            is_safe = answer.geturl().startswith("https://")
    except (OSError, ValueError, http.client.HTTPException):  # those of urllib and of TLS are OSErrors
        return None
    return content if is_safe and len(content) <= _LONGEST else None


def _named(content: bytes, address: str) -> Iterator[Submission]:
    """Yield the servers for sending that a file names, in its order: that of preference."""
    # nothing of the format needs a DTD, and by one a small file can be made to grow
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return
    try:
        root = ET.fromstring(content)  # noqa: S314  # small, and without a DTD
    except (ET.ParseError, ValueError, LookupError):
        return
    first = _what_is_first(root)
    for server in root.iter("outgoingServer"):
        host = _filled(server.findtext("hostname"), address)
        port = (server.findtext("port") or "").strip()
        tls = _TLS.get((server.findtext("socketType") or "").strip())
        if host and tls and port.isdecimal() and len(port) < 6:
            user = _filled(server.findtext("username"), address)
            ways = {(way.text or "").strip() for way in server.iter("authentication")}
            yield Submission(host, int(port), tls, "" if user == address else user, first, ways == {"OAuth2"})


def _what_is_first(root: ET.Element) -> Bilingual:
    """Return what a person must do before programs are let in, as the provider says it: in its own words, shortened."""
    said = {"en": "", "de": ""}
    for text in root.iterfind(".//enable/instruction"):
        words = " ".join((text.text or "").split())
        said[text.get("lang", "en")] = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
    en = said["en"] or said["de"]
    return Bilingual(en, said["de"] or en)


def _filled(text: str | None, address: str) -> str:
    local, _, domain = address.rpartition("@")
    filled = (text or "").strip()
    for mark, value in (("EMAILADDRESS", address), ("EMAILLOCALPART", local), ("EMAILDOMAIN", domain)):
        filled = filled.replace(f"%{mark}%", value)
    return filled
