"""What is known of the large providers."""

from __future__ import annotations

import datetime as dt

import pytest

from notify.config.providers import CAREFUL, NEW, PROVIDERS, Provider


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
