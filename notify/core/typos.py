"""Addresses that are right in form and probably mistyped: gmial.com, gmx.dee.

Only the domains of the large mail providers are compared, and only with the slips of a hand that types their names: two
letters in the wrong order, one left out, one twice, one from the next key. Whatever else is near to them may be the
domain of a firm, and a false alarm costs more trust than a slip that is not seen: that one comes back as a bounce.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

# by name, the domains below which a provider gives out addresses
_PROVIDERS = {
    name: endings.split()
    for name, endings in {
        "1und1": "de",
        "a1": "net",
        "aol": "com de fr co.uk",
        "aon": "at",
        "arcor": "de",
        "bluemail": "ch",
        "bluewin": "ch",
        "btinternet": "com",
        "chello": "at",
        "comcast": "net",
        "drei": "at",
        "email": "de com",
        "fastmail": "com",
        "free": "fr",
        "freenet": "de",
        "gmail": "com de",
        "gmx": "de net at ch com eu org li info biz fr co.uk",
        "googlemail": "com de",
        "green": "ch",
        "hispeed": "ch",
        "hotmail": "com de at ch fr it es nl co.uk",
        "icloud": "com",
        "inode": "at",
        "kabelbw": "de",
        "kabelmail": "de",
        "kabsi": "at",
        "laposte": "net",
        "liwest": "at",
        "live": "de com at fr co.uk",
        "mac": "com",
        "magenta": "at",
        "mail": "de com ru ch",
        "mailbox": "org",
        "me": "com",
        "msn": "com de",
        "netcologne": "de",
        "o2mail": "de",
        "o2online": "de",
        "online": "de",
        "orange": "fr",
        "outlook": "com de at fr ch",
        "posteo": "de net at ch",
        "proton": "me",
        "protonmail": "com ch",
        "rocketmail": "com",
        "sfr": "fr",
        "sunrise": "ch",
        "t-online": "de com",
        "telering": "at",
        "tutanota": "com de",
        "unitybox": "de",
        "utanet": "at",
        "versanet": "de",
        "vodafone": "de com",
        "vodafonemail": "de",
        "vol": "at",
        "wanadoo": "fr",
        "web": "de",
        "yahoo": "com de at fr ch it es co.uk",
        "ymail": "com",
    }.items()
}
_KNOWN = frozenset(f"{name}.{ending}" for name, endings in _PROVIDERS.items() for ending in endings)
# so many write there, and so long are their names, that what is near to them is rarely a name of its own
_OFTEN_MISSPELT = "bluewin freenet gmail googlemail hotmail icloud outlook protonmail t-online yahoo".split()
# one slip away from a provider, and a word or a name
_NAMES_OF_THEIR_OWN = frozenset("frenet gail hitmail ourlook t-inline".split())

# none of these exists as a top-level domain
_ENDINGS = {
    "at": "a aat att ta".split(),
    "ch": "c cch chh hc".split(),
    "com": "c ccom cim cmo comm comn con coom cpm ocm vom xom".split(),
    "de": "d dde ddee dee der deu df dr ds dw e ed".split(),
    "fr": "ffr frr rf".split(),
    "net": "ent neet ner nett nrt nt nte nwt".split(),
    "org": "ogr orgg prg rog".split(),
}
# these do, but not below these names
_FOREIGN_ENDINGS = {
    "cm": "gmail googlemail hotmail icloud outlook yahoo".split(),
    "co": "gmail googlemail icloud outlook".split(),
    "om": "gmail googlemail hotmail icloud outlook yahoo".split(),
}
_DOTTED = {"t.online.de": "t-online.de"}
# of both keyboards, the German and the English one
_ROWS = ("qwertzuiop", "qwertyuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm")


def suggestion(address: str) -> str:
    """Return the address that is probably meant, or an empty string where nothing seems wrong.

    :param address: as :func:`notify.core.address.parse_address` returns it.
    """
    local, _, domain = address.rpartition("@")
    meant = _misspelt().get(domain.lower())
    return f"{local}@{meant}" if meant else ""


@cache
def _misspelt() -> dict[str, str]:
    """Return the domain that is meant by each misspelt one; a million addresses are looked up, so all are made once."""
    meant: defaultdict[str, set[str]] = defaultdict(set)
    for name, endings in _PROVIDERS.items():
        for ending in endings:
            for slip in _slips_in_the_ending(name, ending):
                meant[slip].add(f"{name}.{ending}")
    for name in _OFTEN_MISSPELT:
        for slip in set(_slips(name)) - _NAMES_OF_THEIR_OWN:
            for ending in _PROVIDERS[name]:
                meant[f"{slip}.{ending}"].add(f"{name}.{ending}")
    return {slip: right.pop() for slip, right in meant.items() if len(right) == 1 and slip not in _KNOWN} | _DOTTED


def _slips_in_the_ending(name: str, ending: str) -> Iterator[str]:
    """Yield the domain with a top-level domain that cannot be meant: web.d, icloud.con."""
    for slip in _ENDINGS.get(ending, ()):
        yield f"{name}.{slip}"
    if ending == "com":
        for slip, names in _FOREIGN_ENDINGS.items():
            if name in names:
                yield f"{name}.{slip}"


def _slips(name: str) -> Iterator[str]:
    """Yield a name with one slip of the hand. The first letter is right: mail.com and ymail.com are no gmail.com."""
    for place in range(1, len(name)):
        before, letter, behind = name[:place], name[place], name[place + 1 :]
        yield before + behind
        yield before + letter + letter + behind
        if behind:
            yield before + behind[0] + letter + behind[1:]
        for neighbour in _neighbours(letter):
            yield before + neighbour + behind


def _neighbours(letter: str) -> set[str]:
    """Return the letters of the keys left and right of this one."""
    return {
        row[place]
        for row in _ROWS
        for place, _ in enumerate(row)
        if abs(place - row.find(letter)) == 1 and letter in row
    }
