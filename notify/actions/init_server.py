"""The server of whoever sets up a campaign: by the own address, as it was typed, or as a look-up found it."""

from __future__ import annotations

import re
from dataclasses import replace

from notify.config.provider import Credential, Login, Provider
from notify.config.providers import PROVIDERS, provider_of_address, provider_of_exchanger
from notify.config.relay import PORTS
from notify.config.schema import read_value
from notify.config.sections import Example
from notify.core.bilingual import NO_WORDS, Bilingual, BilingualError
from notify.core.record import record


@record(frozen=True, slots=True)
class Server:
    """What [[relay]] is to say: a ``preset``, or a ``host`` with what it needs.

    ``user`` is empty where nobody knows it; ``port`` 0 and an empty ``tls`` are those that follow of the rest.
    ``first`` is what must be done first, as the provider says; ``wants_token`` tells that it takes no passwords.
    """

    preset: str = ""
    host: str = ""
    port: int = 0
    tls: str = ""
    user: str = ""
    first: Bilingual = NO_WORDS
    wants_token: bool = False

    @property
    def provider(self) -> Provider | None:
        """What is known of its provider."""
        return PROVIDERS.get(self.preset)

    def __str__(self) -> str:
        """Return ``smtp.neu.example:465``; without a host, the preset."""
        provider = self.provider
        host = self.host or (provider.host if provider else "")
        secured = self.tls or (provider.tls if provider else "implicit")
        return f"{host}:{self.port or PORTS[secured]}" if host else self.preset

    def values(self) -> dict[tuple[str, ...], Example]:
        """Return what stands in [[relay]], by the paths of the keys."""
        named: dict[str, str | int] = {
            "preset": self.preset,
            "host": self.host,
            "port": self.port,
            "tls": self.tls,
            "user": self.user,
        }
        return {("relay", name): value for name, value in named.items() if value}


def of_preset(preset: str, address: str, host: str = "") -> Server:
    """Return the server of a provider, for the owner of an address.

    :param host: which of its servers, where each customer has another.
    """
    provider = PROVIDERS[preset]
    first = f"{provider.label} {provider.note.en}.", f"{provider.label} {provider.note.de}."
    return Server(
        preset=preset,
        host="" if provider.host else host,
        user=provider.user_for(address),
        first=Bilingual(*first) if provider.note.en else NO_WORDS,
        wants_token=provider.credential is Credential.TOKEN,
    )


def known_for(address: str) -> Server | None:
    """Return the server of an address by the table of providers alone."""
    preset = provider_of_address(address)
    return of_preset(preset, address) if preset else None


def named(text: str, address: str) -> Server:
    """Return the server that somebody names: a preset, what its provider is called, or a host, which may have a port.

    :raises ValueError: it is none of these.
    """
    labels = {provider.label.lower(): name for name, provider in PROVIDERS.items()}
    if preset := labels.get(text.lower(), text.lower() if text.lower() in PROVIDERS else ""):
        provider = PROVIDERS[preset]
        if not provider.host:
            raise BilingualError(
                Bilingual(
                    f"{provider.label} has another server for each customer; write the name of yours",
                    f"Bei {provider.label} hat jeder Kunde einen eigenen Server; schreiben Sie den Namen von Ihrem.",
                )
            )
        return of_preset(preset, address)
    host, _, port = text.rpartition(":") if re.search(r"[^:]:\d+$", text) else (text, "", "")
    if "." not in host and host.lower() != "localhost":
        # says which preset may be meant
        read_value(("relay", "preset"), host)
    return with_host(str(read_value(("relay", "host"), host)), int(port or 0), "", address)


def with_host(host: str, port: int, tls: str, address: str) -> Server:
    """Return the server with this host; where it is that of a provider, with what is known of that one.

    :raises ValueError: there is no such port.
    """
    presets = [name for name, provider in PROVIDERS.items() if provider.host == host.lower()]
    own = provider_of_address(address)
    # two providers may share a host: Gmail and Google Workspace, which has the domains of others
    if preset := own if own in presets else presets[-1] if presets else "":
        standard = not port or port == PORTS[PROVIDERS[preset].tls]
        found = of_preset(preset, address)
        return found if standard else replace(found, port=port, tls=tls)
    if port:
        read_value(("relay", "port"), port)
    port = 0 if port == PORTS["implicit"] else port
    secured = "" if tls == "implicit" and not port else tls
    own_host = provider_of_exchanger(host)
    if own_host and not PROVIDERS[own_host].host:
        return replace(of_preset(own_host, address, host), port=port, tls=secured)
    return Server(host=host, port=port, tls=secured, user=address)


def needs_user(server: Server) -> bool:
    """Tell whether only its owner knows by which user one logs in."""
    provider = server.provider
    return not server.user or (provider is not None and provider.login is Login.OWN_NAME)
