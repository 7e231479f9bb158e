"""The section [[relay]]: the server that we submit to. No password and no token ever stands in it."""

from __future__ import annotations

import datetime as dt
import fnmatch
from collections.abc import Collection, Iterator
from typing import Any

from notify.config import server
from notify.config.providers import Provider
from notify.config.sections import About, Section, declared_keys, setting
from notify.config.value_types import (
    COMMAND,
    DATE,
    HOST,
    OWN_NAME,
    PROVIDER,
    RAMP,
    RATES,
    SENDERS,
    SWITCH,
    TEXT,
    choice,
    number,
)
from notify.core.pace import Rate
from notify.core.ramp import Ramp
from notify.core.record import record

#: The port of each way to secure a connection (RFC 8314, RFC 6409, RFC 5321).
PORTS = {"implicit": 465, "starttls": 587, "none": 25}

#: The provider of a relay of which nothing is known.
_UNKNOWN = Provider("", "implicit", "")


@record(frozen=True, slots=True)
class RelaySettings:
    """The section [[relay]]: the server that we submit to.

    ``tls`` is ``implicit``, ``starttls`` or ``none``; ``user``, ``password_command`` and ``token_command`` are empty
    where there is none, and there are never both commands. ``senders`` are patterns of the addresses that it may send
    for, in lower case and with A-labels. ``ehlo`` is as it goes on the wire, or empty. ``provider`` is that of the
    preset, if there is one; ``since`` is when the account began, if it is new. ``machine`` is set where several
    machines have such a server each, all by the same address.
    """

    provider: Provider | None = setting(
        PROVIDER,
        About(
            "what a provider has published: server, limits",
            "was ein Anbieter veröffentlicht hat: Server, Grenzen",
            "ionos",
            active=False,
            default="none",
        ),
        default=None,
        name="preset",
    )
    since: dt.date | None = setting(
        DATE,
        About(
            "since when you have the account: new ones may send little",
            "seit wann Sie das Konto haben: neue dürfen wenig senden",
            dt.date(2026, 11, 20),
            active=False,
            default="an old account",
        ),
        default=None,
        name="new_account",
    )
    host: str = setting(
        HOST,
        About(
            "the server that takes your mail",
            "der Server, der Ihre Post annimmt",
            "smtp.neu.example",
            default="of the `preset`; else required",
        ),
        default="",
    )
    tls: str = setting(
        choice(*PORTS),
        About(
            '"implicit", "starttls", or "none" (only towards this machine)',
            '"implicit", "starttls" oder "none" (nur zu diesem Rechner)',
            "implicit",
            default='of the `preset`; `"implicit"`; with `port = 587`, `"starttls"`',
        ),
        default="implicit",
    )
    port: int = setting(
        number(1, 65535),
        About(
            "465 for implicit, 587 for starttls, 25 for none",
            "465 bei implicit, 587 bei starttls, 25 bei none",
            465,
            default="by `tls`: 465, 587 or 25",
        ),
        default=PORTS["implicit"],
    )
    user: str = setting(
        TEXT,
        About("leave it out when no login is wanted", "weglassen, wenn keine Anmeldung nötig ist", "info@neu.example"),
        default="",
    )
    password_command: str = setting(
        COMMAND,
        About(
            "prints the password; else NOTIFY_PASSWORD, keyring, or notify asks",
            "gibt das Passwort aus; sonst NOTIFY_PASSWORD, keyring oder Frage",
            "pass show mail/neu.example",
        ),
        default="",
    )
    # not in the sample file, where everything may be switched on together
    token_command: str = setting(
        COMMAND,
        About(
            "instead of `password_command`, where OAuth2 is wanted: prints an access token",
            "statt `password_command`, wo OAuth2 verlangt wird: gibt ein Zugriffstoken aus",
        ),
        default="",
    )
    rates: tuple[Rate, ...] = setting(
        RATES,
        About(
            'what the relay allows, such as "30/min", "400/hour", "2000/day"',
            'was der Server erlaubt, etwa "30/min", "400/hour", "2000/day"',
            ("10/min", "200/hour"),
            default='of the `preset`; `["10/min", "200/hour"]`; for a `new_account` less',
        ),
        default=(),
        name="rate",
    )
    ramp: Ramp | None = setting(
        RAMP,
        About(
            "for a new account or domain: the first day, growth, the most",
            "für neue Konten und Domains: erster Tag, Zuwachs, höchstens",
            "50/day, x1.5, 2000/day",
            active=False,
            default="no ramp",
        ),
        default=None,
    )
    per_domain: tuple[Rate, ...] = setting(
        RATES,
        About(
            "the same towards each mail host of recipients",
            "dasselbe gegenüber jedem Mailserver von Empfängern",
            ("10/min",),
            active=False,
            default="no limit of its own",
        ),
        default=(),
    )
    pipelining: bool = setting(
        SWITCH,
        About(
            "false for a relay that offers it and then loses commands",
            "false für einen Server, der es anbietet und dann Befehle verliert",
            example=True,
            active=False,
        ),
        default=True,
    )
    ehlo: str = setting(
        OWN_NAME,
        About(
            "the name by which notify greets the server, if it wants one",
            "mit welchem Namen notify den Server grüßt, wenn er einen will",
            "mail.neu.example",
            active=False,
            default="the address that the connection comes from, such as `[192.0.2.1]`",
        ),
        default="",
    )
    senders: tuple[str, ...] = setting(
        SENDERS,
        About(
            "it may send for these senders only: an address, a domain, a pattern",
            "er darf nur für diese Absender senden: Adresse, Domain oder Muster",
            ("neu.example",),
            active=False,
            default="for every sender",
        ),
        default=(),
        name="from",
    )
    connections: int = setting(
        number(1, 50),
        About("so many at the same time", "so viele gleichzeitig", 1, default="of the `preset`; `1`"),
        default=1,
    )
    messages_per_connection: int = setting(
        number(1, 100_000),
        About(
            "after so many, or five minutes, a new connection",
            "nach so vielen oder fünf Minuten eine neue Verbindung",
            example=100,
            active=False,
            default="as many as the relay takes",
        ),
        default=100_000,
    )

    machine: str = ""

    @property
    def name(self) -> str:
        """How the ledger calls it: attempts and limits are counted by it. Limits are those of an account."""
        account = f" ({self.user})" if self.user else ""
        return f"{self.host.lower()}:{self.port}{account}{self.machine and f' on {self.machine}'}"

    def may_send_for(self, address: str) -> bool:
        """Tell whether this relay may send for an address; where nothing is said, for every one."""
        return not self.senders or any(fnmatch.fnmatchcase(address.lower(), pattern) for pattern in self.senders)

    def rates_on(self, day: dt.date) -> tuple[Rate, ...]:
        """Return the rates as they are on a day: those of notify.toml, else by provider and age of the account."""
        age = day - self.since if self.since else None
        return self.rates or (self.provider or _UNKNOWN).rates_at(age)


def _relay(**given: Any) -> RelaySettings:  # noqa: ANN401  # the values of any keys
    """Make a relay: what its provider has published is the default of the other keys."""
    provider, port = given.get("provider", _UNKNOWN), given.get("port")
    # 587 is for STARTTLS only (RFC 8314), and who names it alone means that
    tls = "starttls" if port == PORTS["starttls"] else _UNKNOWN.tls if port else provider.tls
    defaults = {"host": provider.host, "tls": tls, "connections": provider.connections}
    values = {**defaults, **given}
    return RelaySettings(**{"port": PORTS[values["tls"]], **values})


def _contradictions(relay: RelaySettings, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    if relay.tls == "none" and relay.host and not server.is_loopback(relay.host):
        yield (
            "tls",
            f'"none" is only for a relay on this machine; nothing would be secret on the way to {relay.host}',
        )
    has_user = relay.user or "user" in failed
    for name, command in (("password", relay.password_command), ("token", relay.token_command)):
        if command and not has_user:
            yield f"{name}_command", f"it needs `user` beside it: whose {name} is it?"
    if relay.token_command and relay.password_command and has_user:
        yield "token_command", "it stands instead of `password_command`, not beside it: leave one of them out"


RELAY = Section(
    ("relay",),
    About(
        "Through which server. Without it everything goes to the sandbox, and nothing leaves this machine. "
        "The password never stands in this file.",
        "Über welchen Server. Ohne ihn geht alles in die Sandbox, und nichts verlässt diesen Rechner. "
        "Das Passwort steht nie in dieser Datei.",
        active=False,
    ),
    declared_keys(RelaySettings),
    _relay,
    _contradictions,
)
