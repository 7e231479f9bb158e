"""What is known of the large providers."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.config.provider import Credential
from notify.config.providers import CAREFUL, NEW, PROVIDERS, Provider, provider_of_address, provider_of_exchanger


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider(name: str) -> None:
    """Each has a source, a way to be secured, and limits that do not shrink as the account grows older."""
    provider = PROVIDERS[name]
    assert provider.source
    assert provider.tls in {"implicit", "starttls"}
    assert provider.rates
    ages = [days for days, _ in provider.young]
    assert ages == sorted(ages)

    def in_a_day(age: dt.timedelta | None) -> float:
        return min(rate.count * 86400 / rate.per_s for rate in provider.rates_at(age))

    steps = [in_a_day(dt.timedelta(days=days - 1)) for days in ages] + [in_a_day(None)]
    assert steps == sorted(steps)


def test_by_age() -> None:
    """A new account has the limits of its age; from the day on at which it is not new any more, those of all."""
    nobody = Provider("", "", "")
    assert nobody.rates_at(dt.timedelta(days=0)) == nobody.rates_at(dt.timedelta(days=13)) == NEW
    assert nobody.rates_at(dt.timedelta(days=14)) == nobody.rates_at(None) == CAREFUL


@pytest.mark.parametrize(
    ("address", "preset"),
    [
        ("anna@gmx.de", "gmx"),
        ("anna@GMX.NET", "gmx"),
        ("anna@gmx.com", "gmx.com"),
        ("anna@hotmail.co.uk", "outlook.com"),
        ("anna@web.de", "web.de"),
        ("anna@muster.example", ""),
        ("anna@notgmx.de", ""),
    ],
)
def test_by_address(address: str, preset: str) -> None:
    """A provider is known by the domain of its addresses, and by no part of one."""
    assert provider_of_address(address) == preset


@pytest.mark.parametrize(
    ("host", "preset"),
    [
        ("mx00.ionos.de.", "ionos"),
        ("MX01.KUNDENSERVER.DE", "ionos"),
        ("smtpin.rzone.de", "strato"),
        ("muster-example.mail.protection.outlook.com", "microsoft365"),
        ("eur.olc.protection.outlook.com", "outlook.com"),
        ("aspmx.l.google.com", "google-workspace"),
        ("mail.notgoogle.com", ""),
        ("google.com.muster.example", ""),
    ],
)
def test_by_exchanger(host: str, preset: str) -> None:
    """A domain of one's own is led to its provider by its mail exchangers; a name that only looks like one is none."""
    assert provider_of_exchanger(host) == preset


@pytest.mark.parametrize("name", PROVIDERS)
def test_facts(name: str) -> None:
    """Each has a name for people, a day on which it was looked up, what it says in both languages, and a server."""
    provider = PROVIDERS[name]
    assert provider.label
    assert dt.date(2026, 1, 1) < provider.seen < dt.date(2027, 1, 1)
    assert bool(provider.note.en) == bool(provider.note.de)
    assert provider.host or name in {"all-inkl", "hosting.de"}
    if provider.credential is not Credential.PASSWORD:
        assert provider.note.en


def test_no_domain_has_two_providers() -> None:
    """Nobody's address is led to two servers."""
    domains = [domain for provider in PROVIDERS.values() for domain in provider.domains]
    assert len(domains) == len(set(domains))
    assert all(domain == domain.lower() for domain in domains)


def test_users() -> None:
    """The user is the address, what stands before its @, or a name that only the provider tells."""
    assert PROVIDERS["gmx"].user_for("anna@gmx.de") == "anna@gmx.de"
    assert PROVIDERS["web.de"].user_for("anna@web.de") == "anna"
    assert PROVIDERS["brevo"].user_for("anna@muster.example") == ""
