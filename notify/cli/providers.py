"""``notify providers``: the mail providers that notify knows, and what is known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from notify.cli.options import json_option
from notify.cli.screen import emit, how_many, note, put, put_columns

if TYPE_CHECKING:
    from notify.config.provider import Provider
    from notify.core.pace import Rate

#: How a provider wants its users called, and what it wants beside.
_LOGINS = {
    "address": "the whole address",
    "local_part": "what stands before the @",
    "own_name": "a name that the provider tells you",
}
_CREDENTIALS = {
    "password": "the password of the mailbox",
    "app_password": "an app password",
    "key": "a key",
    "token": "an access token (OAuth2)",
}
#: After so many days somebody should look whether it is still true.
_OLD_DAYS = 365


@click.command(short_help="Show what is known of mail providers.")
@click.argument("name", required=False)
@json_option
def providers(name: str | None, as_json: bool) -> None:
    """Show the mail providers that notify knows: server, login, limits, and what one must do first.

    With NAME, a name from the list or an address, show that one with the source of the facts and their age. The name is
    the value of preset in [[relay]]; what else stands there in notify.toml beats what is known here.
    """
    from notify.config.providers import PROVIDERS

    if name is not None:
        found = _named(name)
        if as_json:
            emit(_record(found, PROVIDERS[found]))
        else:
            _show(found, PROVIDERS[found])
    elif as_json:
        emit([_record(key, provider) for key, provider in PROVIDERS.items()])
    else:
        show_all()


def show_all() -> None:
    """Show all of them, each with its server."""
    from notify.config.providers import PROVIDERS

    put_columns([(key, provider.label, _server(provider)) for key, provider in PROVIDERS.items()], indent="")
    note("\nMore of one:  notify providers NAME")


def _named(name: str) -> str:
    """Return the preset that a name or an address is meant to be.

    :raises click.UsageError: none is known.
    """
    from notify.config.providers import PROVIDERS, provider_of_address
    from notify.config.server import provider

    try:
        provider(name)
    except ValueError as error:
        # a domain is the address of somebody there, and a label the name with capitals
        by_label = {known.label.lower(): key for key, known in PROVIDERS.items()}
        if meant := by_label.get(name.lower()) or provider_of_address(name if "@" in name else f"@{name}"):
            return meant
        raise click.UsageError(f"{error}.".replace("?.", "?")) from error
    return name.strip().lower()


def _show(name: str, provider: Provider) -> None:
    put(head=f"{name}  {provider.label}", bold=True)
    put_columns(list(_facts(name, provider)))
    put("\nIn notify.toml:\n")
    put("  [[relay]]")
    put(f'  preset = "{name}"')
    if not provider.host:
        put('  host = "…"')
    put('  user = "…"')


def _facts(name: str, provider: Provider) -> Iterator[tuple[str, str]]:
    from notify.config.imap_hosts import IMAP_HOSTS

    yield "Server", _server(provider)
    if host := IMAP_HOSTS.get(name):
        yield "Mailbox", f"{host}:993 (IMAP, TLS)"
    yield "User", _LOGINS[provider.login]
    yield "Password", _CREDENTIALS[provider.credential]
    if provider.note.en:
        yield "Note", f"{provider.label} {provider.note.en}."
    limits = f"{_rates(provider.rates)}, {how_many(provider.connections, 'connection')}"
    yield "Limits", limits if provider.is_published else f"not published; notify keeps to {limits}"
    for days, rates in provider.young:
        yield "", f"in the first {days} days {_rates(rates)}"
    if provider.domains:
        yield "Addresses", ", ".join(provider.domains)
    if provider.exchangers:
        yield "Domains", f"whose mail goes to {', '.join(provider.exchangers)}"
    yield "Source", provider.source
    yield "Looked up", _age(provider)


def _server(provider: Provider) -> str:
    from notify.config.relay import PORTS

    if not provider.host:
        return "another one for each customer"
    return f"{provider.host}:{PORTS[provider.tls]} ({'TLS' if provider.tls == 'implicit' else 'STARTTLS'})"


def _rates(rates: tuple[Rate, ...]) -> str:
    return ", ".join(map(str, rates))


def _age(provider: Provider) -> str:
    days = (dt.datetime.now().astimezone().date() - provider.seen).days
    age = how_many(max(days, 0), "day") if days < 60 else how_many(days // 30, "month")
    return f"{provider.seen}, {age} ago" + (": look whether it still holds" * (days > _OLD_DAYS))


def _record(name: str, provider: Provider) -> dict[str, object]:
    from notify.config.imap_hosts import IMAP_HOSTS
    from notify.config.relay import PORTS

    return {
        "name": name,
        "label": provider.label,
        "host": provider.host,
        "port": PORTS[provider.tls],
        "tls": provider.tls,
        "imap_host": IMAP_HOSTS.get(name, ""),
        "login": str(provider.login),
        "credential": str(provider.credential),
        "note": {"en": provider.note.en, "de": provider.note.de},
        "rates": [str(rate) for rate in provider.rates],
        "rates_published": provider.is_published,
        "new_account": [{"days": days, "rates": [str(rate) for rate in rates]} for days, rates in provider.young],
        "connections": provider.connections,
        "domains": list(provider.domains),
        "exchangers": list(provider.exchangers),
        "source": provider.source,
        "seen": provider.seen.isoformat(),
    }
