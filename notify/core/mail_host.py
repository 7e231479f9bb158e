"""At which host a domain has its mail: a thousand firms whose mail is at one host are one receiver.

The host is told by the name of the mail exchanger, and called by the end of that name which its owner has registered:
``mx01.hosting.example`` is ``hosting.example``. The rule takes two labels, and three below an ending such as ``co.uk``.
It needs no list of public suffixes: where it takes too little, domains that have nothing to do with each other count
together, and a message leaves later than it could, never sooner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from functools import cached_property, lru_cache

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: Below these of a country people register names: co.uk, com.au, or.at, ac.nz.
_SHARED = late_pattern(r"(?:ac|co|com|edu|go|gob|gov|gv|ltd|me|ne|net|or|org|plc)\.[a-z]{2}")
#: Receivers that the rule does not tell: by the endings of their exchangers' names. The longest that fits holds.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "google.com": ("google.com", "googlemail.com"),
    # firms at Microsoft 365; who has an address of Outlook.com itself is elsewhere, though below the same name
    "mail.protection.outlook.com": ("mail.protection.outlook.com", "mail.eo.outlook.com", "mx.microsoft"),
    "olc.protection.outlook.com": ("olc.protection.outlook.com",),
    "ionos.com": tuple(
        "ionos.de ionos.com ionos.fr ionos.es ionos.co.uk kundenserver.de schlund.de 1and1.com 1and1.co.uk "
        "perfora.net".split()
    ),
    "mimecast.com": ("mimecast.com", "mimecast.co.za", "mimecast-offshore.com"),
    "proofpoint.com": ("pphosted.com", "ppe-hosted.com", "ppops.net"),
    "barracuda.com": ("barracudanetworks.com", "barracuda.com"),
    "hornetsecurity.com": ("hornetsecurity.com", "antispameurope.com", "cloud-security.net"),
    "zoho.com": ("zoho.com", "zoho.eu", "zoho.in"),
    "infomaniak.com": ("infomaniak.ch", "infomaniak.com"),
    "ovh.net": ("ovh.net", "ovh.ca"),
    "proton.me": ("protonmail.ch", "proton.me", "protonmail.com"),
}
#: The same of domains at which people have addresses, so that these are known without asking anybody.
_ADDRESSES: dict[str, str] = {
    "google.com": r"gmail\.com|googlemail\.com",
    "olc.protection.outlook.com": r"(?:outlook|hotmail|live)\.(?:com|[a-z]{2}|co\.uk)|msn\.com|windowslive\.com",
    "gmx.net": r"gmx\.(?:com|net|org|biz|info|co\.uk|[a-z]{2})",
    "yahoodns.net": r"(?:yahoo|aol)\.(?:com|[a-z]{2}|co\.uk)|ymail\.com|rocketmail\.com|aim\.com",
    "icloud.com": r"icloud\.com|me\.com|mac\.com",
    "proton.me": r"proton\.me|protonmail\.com|protonmail\.ch|pm\.me",
}
_HOST_OF_ENDING = {ending: host for host, endings in _ENDINGS.items() for ending in endings}
_ADDRESS_PATTERNS = tuple((host, late_pattern(pattern)) for host, pattern in _ADDRESSES.items())


def host_of_exchanger(name: str) -> str:
    """Return the host to which a mail exchanger belongs."""
    labels = name.rstrip(".").lower().split(".")
    endings = (".".join(labels[start:]) for start in range(len(labels)))
    if known := next(filter(None, map(_HOST_OF_ENDING.get, endings)), ""):
        return known
    return ".".join(labels[-3 if _SHARED.fullmatch(".".join(labels[-2:])) else -2 :])


@lru_cache(4096)
def host_of_addresses(domain: str) -> str:
    """Return the host of a provider's own domain, such as googlemail.com; empty where it is none that is known."""
    return next((host for host, pattern in _ADDRESS_PATTERNS if pattern.fullmatch(domain)), "")


@record(frozen=True, slots=False)  # its properties are computed once
class MailHosts:
    """At which hosts domains have their mail, as far as that is known; any other domain is a host of its own.

    ``exchangers`` has the preferred mail exchanger of each domain that was looked up. Nothing is looked up here.
    """

    exchangers: Mapping[str, str] = field(default_factory=dict)

    def of(self, domain: str) -> str:
        """Return the mail host of a domain."""
        return self._known.get(domain) or host_of_addresses(domain) or domain

    def together_with(self, domains: Collection[str]) -> set[str]:
        """Return these domains, and all that are known to have their mail at the same hosts."""
        hosts = {self.of(domain) for domain in domains}
        return {*domains, *(domain for domain, host in self._known.items() if host in hosts)}

    @cached_property
    def _known(self) -> dict[str, str]:
        return {domain: host_of_exchanger(name) for domain, name in self.exchangers.items()}


#: Nothing was looked up.
NO_HOSTS = MailHosts()
