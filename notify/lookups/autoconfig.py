"""The server that a domain, or Thunderbird's database, names in a file of autoconfig (Thunderbird's format, 1.1).

Only over https, and the address of a person is told to nobody: the domain alone is in the question.
"""

from __future__ import annotations

import http
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from notify.core.bilingual import Bilingual
from notify.core.name_records import Ask
from notify.lookups.sites import visit
from notify.lookups.submission import Submission

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


def submission_by_autoconfig(address: str, urls: Iterable[str], ask: Ask) -> Submission | None:
    """Return the server for an e-mail address by the first of the files that is there and names one.

    :param ask: tells the addresses of names.
    """
    for url in urls:
        content = _fetched(url, ask)
        if content is not None and (found := next(_named(content, address), None)):
            return found
    return None


def _fetched(url: str, ask: Ask) -> str | None:
    """Return the content of a file of a reasonable length; None where there is none, or it did not come by https."""
    found = visit(url, ask, reads=True, only_safe=True)
    return found.text if found.status == http.HTTPStatus.OK and len(found.text) <= _LONGEST else None


def _named(content: str, address: str) -> Iterator[Submission]:
    """Yield the servers for sending that a file names, in its order: that of preference."""
    # nothing of the format needs a DTD, and by one a small file can be made to grow
    if "<!DOCTYPE" in content or "<!ENTITY" in content:
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
