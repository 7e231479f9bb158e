"""Writes docs/providers.md, what is known of mail providers, in both languages, from the table of the program.

./run python docs/write.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.config.provider import NEW, Credential, Login, Provider
from notify.config.providers import PROVIDERS
from notify.config.relay import PORTS
from notify.core.bilingual import Bilingual
from notify.core.pace import Rate

_INTRODUCTION = """\
# Mail providers

What notify knows of {number} providers: where they take mail, how they let you in, how much of it they take, and what
you must do first. `notify init` finds yours by your address, or by where the mail of your domain goes; `notify
providers NAME` shows the same in the terminal. In `notify.toml` two lines are enough, and what else stands there beats
what is known here:

*Was notify von {number} Anbietern weiß: wo sie Mail annehmen, wie man sich anmeldet, wie viel sie nehmen und was man
vorher einschalten muss. `notify init` findet Ihren an der Adresse. In `notify.toml` genügen zwei Zeilen:*

```toml
[[relay]]
preset = "mailbox.org"
user = "info@neu.example"
```

Where a provider publishes no limits, notify keeps to a pace of its own, which is marked so; `rate` beats it. A new
account is allowed less everywhere, and `new_account = 2026-11-20` (the day it was opened) keeps to that. Facts grow
old: each has its source and the day it was looked up. Passwords are never in `notify.toml`:
[how notify gets them](configuration.md).

*Wo ein Anbieter keine Grenzen nennt, hält notify eine eigene, vorsichtige ein; `rate` geht vor. Ein neues Konto darf
überall weniger, und `new_account = 2026-11-20` (der Tag, an dem es eröffnet wurde) richtet sich danach.*
"""

_LOGINS = {
    Login.ADDRESS: Bilingual("the whole address", "die ganze Adresse"),
    Login.LOCAL_PART: Bilingual("what stands before the @", "was vor dem @ steht"),
    Login.OWN_NAME: Bilingual("a name that the provider tells you", "ein Name, den der Anbieter nennt"),
}
_CREDENTIALS = {
    Credential.PASSWORD: Bilingual("the password of the mailbox", "das Passwort des Postfachs"),
    Credential.APP_PASSWORD: Bilingual("an app password", "ein App-Passwort"),
    Credential.KEY: Bilingual("a key", "ein Schlüssel"),
    Credential.TOKEN: Bilingual("an access token (OAuth2)", "ein Zugriffstoken (OAuth2)"),
}


def page() -> str:
    """Return the page, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION.format(number=len(PROVIDERS))
    yield ", ".join(f"[{provider.label}](#{_anchor(provider.label)})" for provider in PROVIDERS.values())
    for name, provider in PROVIDERS.items():
        yield from _provider(name, provider)


def _provider(name: str, provider: Provider) -> Iterator[str]:
    yield f"\n## {provider.label}\n"
    yield f'`preset = "{name}"`\n'
    yield f"- **Server**: {_server(provider)}"
    yield f"- **User** (*Benutzer*): {_both(_LOGINS[provider.login])}"
    yield f"- **Password** (*Passwort*): {_both(_CREDENTIALS[provider.credential])}"
    if provider.note.en:
        yield f"- **Note** (*Hinweis*): {provider.label} {provider.note.en}. *{provider.label} {provider.note.de}.*"
    own = "" if provider.is_published else "not published, notify's own (*nicht veröffentlicht, von notify gewählt*): "
    yield f"- **Limits** (*Grenzen*): {own}{_rates(provider.rates)}"
    for days, rates in provider.young:
        own = ", notify's own (*von notify gewählt*)" if rates == NEW else ""
        yield f"- **In the first {days} days** (*in den ersten {days} Tagen*){own}: {_rates(rates)}"
    yield f"- **Connections at once** (*Verbindungen zugleich*): {provider.connections}"
    if provider.domains:
        yield f"- **Addresses** (*Adressen*): {', '.join(provider.domains)}"
    if provider.exchangers:
        yield f"- **Domains of your own** (*eigene Domains*), whose mail goes to {', '.join(provider.exchangers)}"
    yield f"- **Source** (*Quelle*): {provider.source}, looked up on {provider.seen}"


def _server(provider: Provider) -> str:
    if not provider.host:
        return _both(Bilingual("another one for each customer", "für jeden Kunden ein eigener"))
    return f"{provider.host}, port {PORTS[provider.tls]} ({'TLS' if provider.tls == 'implicit' else 'STARTTLS'})"


def _both(words: Bilingual) -> str:
    return f"{words.en} (*{words.de}*)"


def _rates(rates: tuple[Rate, ...]) -> str:
    return ", ".join(map(str, rates))


def _anchor(heading: str) -> str:
    """Return the anchor that a forge gives a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
