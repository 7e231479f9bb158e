"""What is known of a mail provider: where it takes mail, how it lets people in, and how much of it it takes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from notify.core.bilingual import NO_WORDS, Bilingual
from notify.core.pace import Rate
from notify.core.record import record

#: The pace towards a relay of which nothing is known.
CAREFUL = (Rate(10, 60), Rate(200, 3600))
#: The same where many have been slowed down.
SLOW = (Rate(6, 60), Rate(200, 3600))
#: The first of them while the account is new.
NEW = (Rate(1, 60), Rate(50, 3600))
#: How many days an account is new where its provider does not say.
NEW_DAYS = 14

_YOUNG = ((NEW_DAYS, NEW),)


class Login(StrEnum):
    """What a provider wants as the user."""

    #: The whole address.
    ADDRESS = "address"
    #: What stands before the @.
    LOCAL_PART = "local_part"
    #: A name of its own, which the provider tells.
    OWN_NAME = "own_name"


class Credential(StrEnum):
    """What a provider wants beside the user."""

    #: The password of the mailbox.
    PASSWORD = "password"  # noqa: S105  # the kind of it
    #: A password that its account page makes for programs.
    APP_PASSWORD = "app_password"  # noqa: S105  # the kind of it
    #: A key that its account page makes.
    KEY = "key"
    #: An access token (OAuth2); passwords are refused.
    TOKEN = "token"  # noqa: S105  # the kind of it


@record(frozen=True, slots=True)
class Provider:
    """A provider's submission server.

    ``source`` says who told, ``seen`` when it was looked up. ``rates`` are its published limits; ``young`` those of the
    first days, as pairs of "younger than so many days" and rates, the youngest first. ``domains`` are those of its
    addresses, ``exchangers`` how the names of its mail exchangers end: whose domain is led there has its mail there.
    ``note`` is what else a person must know to be let in, as what follows its name in a sentence.
    """

    host: str
    tls: str
    source: str
    rates: tuple[Rate, ...] = CAREFUL
    young: tuple[tuple[int, tuple[Rate, ...]], ...] = _YOUNG
    connections: int = 1
    label: str = ""
    seen: dt.date = dt.date(2026, 11, 28)
    domains: tuple[str, ...] = ()
    exchangers: tuple[str, ...] = ()
    login: Login = Login.ADDRESS
    credential: Credential = Credential.PASSWORD
    note: Bilingual = NO_WORDS

    @property
    def while_young(self) -> tuple[tuple[int, tuple[Rate, ...]], ...]:
        """What it has published of new accounts; nothing where that is our own care."""
        return () if self.young == _YOUNG else self.young

    @property
    def is_published(self) -> bool:
        """Whether the provider tells its limits; where it does not, they are our own care."""
        return self.rates not in (CAREFUL, SLOW)

    def rates_at(self, age: dt.timedelta | None) -> tuple[Rate, ...]:
        """Return the rates for an account of this age; None is an old one."""
        if age is not None:
            for days, rates in self.young:
                if age < dt.timedelta(days=days):
                    longest = max(rate.per_s for rate in rates)
                    return (*rates, *(rate for rate in self.rates if rate.per_s > longest))
        return self.rates

    def user_for(self, address: str) -> str:
        """Return the user by which the owner of an address logs in; empty where only the owner knows it."""
        if self.login is Login.OWN_NAME:
            return ""
        return address.rpartition("@")[0] if self.login is Login.LOCAL_PART else address
