"""Where the large providers take mail, and what they have published about how much of it.

Facts with their sources; providers change them, and what is written in notify.toml wins. Where nothing is published the
pace is that of a relay of which nothing is known. New accounts are throttled hardest, and whoever has just changed the
provider has a new one. ISPDB is Thunderbird's database of providers (autoconfig.thunderbird.net).
"""

from __future__ import annotations

import functools
import re

from notify.config.provider import CAREFUL, NEW, Provider
from notify.config.provider_table import PROVIDERS

__all__ = ["CAREFUL", "NEW", "PROVIDERS", "Provider", "provider_of_address", "provider_of_exchanger"]


def provider_of_address(address: str) -> str:
    """Return the preset of the provider that gives out such addresses; empty where none is known."""
    return _by_domain().get(address.rpartition("@")[2].lower(), "")


@functools.cache
def _by_domain() -> dict[str, str]:
    return {domain: name for name, provider in PROVIDERS.items() for domain in provider.domains}


#: Who gives out addresses and is no preset: what comes from these through any other server fits no signature either.
_OTHERS: dict[str, str] = {
    "freenet": "freenet.de",
    "Proton": "proton.me protonmail.com protonmail.ch pm.me",
    "Tuta": "tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me",
    "mail.de": "mail.de",
    "WEB.DE": "email.de",
    "o2": "o2mail.de o2online.de alice.de alice-dsl.net",
    "EWE": "ewe.net ewetel.net",
    "NetCologne": "netcologne.de",
    "Yandex": "yandex.com yandex.ru",
    "Mail.ru": "mail.ru",
    "Libero": "libero.it",
    "Virgilio": "virgilio.it",
    "Seznam": "seznam.cz",
    "WP": "wp.pl",
    "Onet": "onet.pl",
    "Comcast": "comcast.net",
    "AT&T": "att.net sbcglobal.net",
}


def label_of_address(address: str) -> str:
    """Return who gives out such addresses where that is known and no preset; else an empty text."""
    domain = address.rpartition("@")[2].lower()
    return next((label for label, domains in _OTHERS.items() if domain in domains.split()), "")


def provider_of_exchanger(host: str) -> str:
    """Return the preset of the provider that a mail exchanger belongs to; empty where none is known.

    Of two whose names fit it is the longer: that of Outlook.com ends like that of Microsoft 365.
    """
    name = host.rstrip(".").lower()
    found = [
        (len(ending), preset)
        for preset, provider in PROVIDERS.items()
        for ending in provider.exchangers
        if re.search(rf"(^|\.){re.escape(ending)}$", name)
    ]
    return max(found, default=(0, ""))[1]
