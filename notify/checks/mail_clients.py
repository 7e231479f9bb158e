"""Which mail programs a campaign's recipients read with, and what those leave out of a message.

The program is told by the host of the address: who has one at GMX mostly reads in GMX's own page or app. A firm's own
host tells nothing, and neither does a program that was never tested: both are counted as not known, never as fine. What
the programs do was tested by Can I email (``mail_clients.json``, renewed with ``docs/mail_clients.py``).
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from notify.checks.mail_features import FEATURES, Feature
from notify.checks.mail_page import Page
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.shipped import shipped

#: The hosts of each program; ``*`` is any country, as in gmx.de, gmx.net, yahoo.co.uk.
_HOSTS = {
    "gmail": "gmail.com googlemail.com",
    "gmx": "gmx.*",
    "web-de": "web.de email.de",
    "t-online-de": "t-online.de magenta.de",
    "outlook": "outlook.* hotmail.* live.* msn.com",
    "apple-mail": "icloud.com me.com mac.com",
    "yahoo": "yahoo.* ymail.com rocketmail.com",
    "aol": "aol.*",
    "ionos-1and1": "online.de onlinehome.de",
    "protonmail": "proton.me protonmail.com pm.me",
    "fastmail": "fastmail.* fastmail.fm",
    "free-fr": "free.fr",
    "laposte": "laposte.net",
    "orange": "orange.fr wanadoo.fr",
    "sfr": "sfr.fr neuf.fr",
    "mail-ru": "mail.ru",
    "wp-pl": "wp.pl",
}
_NAMES = {
    "gmail": "Gmail",
    "gmx": "GMX",
    "web-de": "WEB.DE",
    "t-online-de": "T-Online",
    "outlook": "Outlook",
    "apple-mail": "Apple Mail",
    "yahoo": "Yahoo",
    "aol": "AOL",
    "ionos-1and1": "1&1",
    "protonmail": "Proton Mail",
    "fastmail": "Fastmail",
    "free-fr": "Free",
    "laposte": "La Poste",
    "orange": "Orange",
    "sfr": "SFR",
    "mail-ru": "Mail.ru",
    "wp-pl": "WP",
}
_PLATFORMS = {
    "desktop-webmail": "in the browser",
    "outlook-com": "in the browser",
    "mobile-webmail": "in a telephone's browser",
    "android": "on Android",
    "ios": "on iPhones",
    "macos": "on a Mac",
    "windows": "in Outlook for Windows",
    "windows-mail": "in Outlook for Windows",
}
_COUNTRY = r"(?:[a-z]{2,3}|co\.[a-z]{2}|com\.[a-z]{2})"
_HOST_PATTERNS = tuple(
    (program, late_pattern("|".join(re.escape(host).replace(r"\*", _COUNTRY) for host in hosts.split())))
    for program, hosts in _HOSTS.items()
)


class Readership:
    """The recipients of a campaign, counted by mail program."""

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._programs: Counter[str] = Counter()
        for address in addresses:
            self.add(address)

    def add(self, address: str) -> None:
        """Count a recipient."""
        self._programs[program_of(address.rpartition("@")[2].casefold())] += 1

    @property
    def size(self) -> int:
        """How many they are."""
        return self._programs.total()

    def weigh(self, feature: Feature) -> str:
        """Return for how many of them something is left out, as the rest of a sentence.

        Empty when the programs of all of them are known, and none leaves it out.
        """
        lost = dict(self._losing(feature))
        count = sum(self._programs[program] for program in lost)
        unknown = sum(number for program, number in self._programs.items() if not _tested(feature, program))
        who = ", ".join(f"{_NAMES[program]} {self._programs[program]:,}{where}" for program, where in lost.items())
        if lost:
            share = max(1, round(100 * count / self.size))
            rest = f"; for {unknown:,} it is not known" * bool(unknown)
            return f"for up to {share} % of the {self.size:,} recipients: {who}{rest}"
        whether = f"by some mail programs; whether by that of {unknown:,} of the {self.size:,} recipients is not known"
        return whether if unknown else ""

    def _losing(self, feature: Feature) -> Iterator[tuple[str, str]]:
        """Yield the programs that leave it out, the commonest first, and where they do so unless it is everywhere."""
        for program, _ in self._programs.most_common():
            answers = _tested(feature, program)
            lost = [where for where, answer in answers.items() if answer == "n" or (feature.partly and answer == "a")]
            if lost:
                words = " and ".join(dict.fromkeys(_PLATFORMS[where] for where in lost))
                yield program, f" ({words})" * (len(lost) < len(answers))


@functools.lru_cache(maxsize=4096)
def program_of(host: str) -> str:
    """Return the name in the data of the program that people at a host read with; empty when it is not known."""
    return next((program for program, pattern in _HOST_PATTERNS if pattern.fullmatch(host)), "")


def find_losses(
    page: Page, readership: Readership, texts: Mapping[str, str], *, needs_style: bool
) -> Iterator[Finding]:
    """Yield what of a message some of its readers do not get.

    :param texts: the layout's text by the name of its file, to say where it stands.
    :param needs_style: whether the message may need what it keeps in ``<style>``.
    """
    for feature in FEATURES:
        if not feature.is_used(page) or (feature.slug == "html-style" and not needs_style):
            continue
        if weight := readership.weigh(feature):
            what = f"{feature.label} is dropped {weight}; then {feature.loss}"
            yield Finding("dropped-html", Severity.WARNING, _where(feature, texts), what, feature.mend)


def _where(feature: Feature, texts: Mapping[str, str]) -> str:
    for label, text in texts.items():
        if found := feature.source.search(text):
            return f"{label}:{text.count(chr(10), 0, found.start()) + 1}"
    return next(iter(texts), "")


def _tested(feature: Feature, program: str) -> Mapping[str, str]:
    """Return what a program does with a feature, by platform; nothing when it was not tested."""
    return _data()[feature.slug].get(program, {})


@functools.cache
def _data() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    read = json.loads(shipped(__package__, "mail_clients.json"))
    return {slug: feature["programs"] for slug, feature in read["features"].items()}
