"""What is said about a relay: its name, the command that tells the password, its rates, for whom it may send.

And by which name we greet it.

As in :mod:`notify.config.values`: ValueError with one sentence for the user.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import shlex

from notify.config.providers import PROVIDERS, Provider
from notify.config.values import as_written, needed_text, printable, text
from notify.core.address import parse_own_address
from notify.core.late_pattern import late_pattern
from notify.core.pace import Rate
from notify.core.ramp import Ramp

# More does not fit into the window that a rate is kept over.
_LARGEST_RATE = 1_000_000_000
_WILD = late_pattern(r"[A-Za-z0-9-]*[*?][A-Za-z0-9*?-]*")
# RFC 5321, 4.1.2: letters, digits and hyphens; no top-level domain is a number
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST_NAME = late_pattern(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
# idna takes the ideographic full stops for dots
_DOT = late_pattern("[.\u3002\uff0e\uff61]")


def host(value: object) -> str:
    """Return the name or the IP address of a server, as the resolver takes it."""
    line = needed_text(value)
    try:
        return str(ipaddress.ip_address(line.strip("[]")))
    except ValueError:
        name = _ascii_name(line)
    if not re.fullmatch(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_.])?", name):
        mend = "; the port has a key of its own, `port`" if re.search(r"[^/]:\d+$", line) else ""
        raise ValueError(f"{as_written(line)} is not the name of a server, such as smtp.example.net{mend}")
    return name


def own_name(value: object) -> str:
    """Return the name that we give ourselves in EHLO: a host name with its domain, or an address in brackets.

    Relays refuse any other (RFC 5321, 2.3.5 and 4.1.3).
    """
    line = needed_text(value)
    inner = line.strip("[]")
    try:
        address = ipaddress.ip_address(inner[5:] if inner.lower().startswith("ipv6:") else inner)
    except ValueError:
        name = _ascii_name(line).removesuffix(".")
        if not _HOST_NAME.fullmatch(name):
            example = "such as mail.example.com or [192.0.2.1]"
            raise ValueError(f"{as_written(line)} is not a host name with its domain, {example}") from None
        return name
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"


def _ascii_name(name: str) -> str:
    try:
        return name[:254].encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def provider(value: object) -> Provider:
    """Return a provider that is known, by its name."""
    name = needed_text(value).lower()
    if name in PROVIDERS:
        return PROVIDERS[name]
    near = difflib.get_close_matches(name, PROVIDERS, 1)
    mend = f"; did you mean {near[0]}?" if near else " (notify providers lists those that are)"
    raise ValueError(f"{as_written(value)} is not known{mend}")


def is_loopback(name: str) -> bool:
    """Tell whether a server is this machine, so that nobody can listen on the way."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def command(value: object) -> str:
    """Return a command line whose quotes match; it may be empty."""
    try:
        line = text(value)
    except ValueError as err:
        # what stands in it may be secret
        raise ValueError("it must be one line of text") from err
    try:
        shlex.split(line)
    except ValueError as err:
        raise ValueError("its quotes do not match") from err
    return line


def rates(value: object) -> tuple[Rate, ...]:
    """Return what was promised to a relay; one text may hold several rates, with commas between them."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or not parts:
        raise ValueError(f'{as_written(value)} is not a rate; write it as ["30/min", "400/hour"]')
    return tuple(map(_rate, parts))


def _rate(value: object) -> Rate:
    try:
        rate = Rate.parse(text(value))
    except ValueError as err:
        raise ValueError(f'{as_written(value)} is not a rate; write it as "30/min", "400/hour" or "2000/day"') from err
    if rate.count > _LARGEST_RATE:
        raise ValueError(f"{as_written(value)} is more than notify can count")
    return rate


def ramp(value: object) -> Ramp:
    """Return how a new account or domain is begun with."""
    try:
        return Ramp.parse(value if isinstance(value, str) else "")
    except ValueError as err:
        raise ValueError(f"{as_written(value)} {err}") from err


def senders(value: object) -> tuple[str, ...]:
    """Return for whom a relay may send, each as a pattern of addresses in the form in which they go on the wire.

    A domain, ``@`` before it or not, stands for every address there. One text may hold several, with commas between.
    """
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, (list, tuple)) else [value]
    if not parts:
        raise ValueError('it is empty; name a domain or an address, such as ["neu.example"], or leave it out')
    return tuple(map(_sender, parts))


def _sender(value: object) -> str:
    line = needed_text(value)
    local, _, domain = line.rpartition("@")
    local, labels = local or "*", _DOT.split(domain)
    wild = [bool(_WILD.fullmatch(label)) for label in labels]
    # no domain has a wildcard in it: it is judged with plain labels in their place
    plain = ["x" if is_wild else label for is_wild, label in zip(wild, labels, strict=True)]
    try:
        wire = parse_own_address(f"{local}@{'.'.join([*plain, 'example'] if any(wild) else plain)}")
    except ValueError as err:
        raise ValueError(f"{as_written(line)} is neither a domain nor an address: {printable(str(err))}") from err
    if wire.rpartition("@")[0] != local:
        raise ValueError(f"{as_written(line)} is more than an address; write only {as_written(wire)}")
    judged = zip(wild, labels, wire.rpartition("@")[2].split("."), strict=False)
    return f"{local}@{'.'.join(label if is_wild else ascii_label for is_wild, label, ascii_label in judged)}".lower()
