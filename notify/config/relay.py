"""The section [[relay]]: the server that we submit to. No password and no token ever stands in it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field, PlainValidator, ValidationInfo, field_validator

from notify.config import server, values
from notify.config.about import About, Kind, Section
from notify.config.providers import PROVIDERS
from notify.core.pace import Rate

#: The port of each way to secure a connection (RFC 8314, RFC 6409, RFC 5321).
PORTS = {"implicit": 465, "starttls": 587, "none": 25}

Preset = Annotated[str, PlainValidator(server.preset), Kind("name of a provider")]
Date = Annotated[dt.date | None, PlainValidator(values.day), Kind("date")]
Host = Annotated[str, PlainValidator(server.host), Kind("host name or IP address")]
Port = Annotated[int | None, PlainValidator(values.number(1, 65535)), Kind("whole number, 1 to 65535")]
Tls = Annotated[str, PlainValidator(values.choice(*PORTS)), Kind('"implicit", "starttls" or "none"')]
Text = Annotated[str, PlainValidator(values.text), Kind("text")]
Command = Annotated[str, PlainValidator(server.command), Kind("command line")]
Rates = Annotated[tuple[Rate, ...], PlainValidator(server.rates), Kind("rate, or a list of rates")]
Senders = Annotated[tuple[str, ...], PlainValidator(server.senders), Kind("list of addresses, domains or patterns")]
Switch = Annotated[bool, PlainValidator(values.yes_or_no), Kind("true or false")]
Connections = Annotated[int, PlainValidator(values.number(1, 50)), Kind("whole number, 1 to 50")]
Messages = Annotated[int, PlainValidator(values.number(1, 100_000)), Kind("whole number, 1 to 100000")]


class RelaySection(Section):
    """The section [[relay]]. What its preset says is the default of the other keys."""

    preset: Annotated[
        Preset,
        About(
            "what a provider has published: server, limits",
            "was ein Anbieter veröffentlicht hat: Server, Grenzen",
            "ionos",
            active=False,
            default="none",
        ),
    ] = ""
    new_account: Annotated[
        Date,
        About(
            "since when you have the account: new ones may send little",
            "seit wann Sie das Konto haben: neue dürfen wenig senden",
            dt.date(2026, 11, 20),
            active=False,
            default="an old account",
        ),
    ] = None
    host: Annotated[
        Host,
        About(
            "the server that takes your mail",
            "der Server, der Ihre Post annimmt",
            "smtp.neu.example",
            default="of the `preset`; else required",
        ),
    ] = ""
    tls: Annotated[
        Tls,
        About(
            '"implicit", "starttls", or "none" (only towards this machine)',
            '"implicit", "starttls" oder "none" (nur zu diesem Rechner)',
            "implicit",
            default='of the `preset`; `"implicit"`; with `port = 587`, `"starttls"`',
        ),
    ] = "implicit"
    port: Annotated[
        Port,
        About(
            "465 for implicit, 587 for starttls, 25 for none",
            "465 bei implicit, 587 bei starttls, 25 bei none",
            465,
            default="by `tls`: 465, 587 or 25",
        ),
    ] = None
    user: Annotated[
        Text,
        About("leave it out when no login is wanted", "weglassen, wenn keine Anmeldung nötig ist", "info@neu.example"),
    ] = ""
    password_command: Annotated[
        Command,
        About(
            "prints the password; else NOTIFY_PASSWORD, keyring, or notify asks",
            "gibt das Passwort aus; sonst NOTIFY_PASSWORD, keyring oder Frage",
            "pass show mail/neu.example",
        ),
    ] = ""
    # not in the sample file, where everything may be switched on together
    token_command: Annotated[
        Command,
        About(
            "instead of `password_command`, where OAuth2 is wanted: prints an access token",
            "statt `password_command`, wo OAuth2 verlangt wird: gibt ein Zugriffstoken aus",
        ),
    ] = ""
    rate: Annotated[
        Rates,
        About(
            'what the relay allows, such as "30/min", "400/hour", "2000/day"',
            'was der Server erlaubt, etwa "30/min", "400/hour", "2000/day"',
            ("10/min", "200/hour"),
            default='of the `preset`; `["10/min", "200/hour"]`; for a `new_account` less',
        ),
    ] = ()
    per_domain: Annotated[
        Rates,
        About(
            "the same towards each domain of recipients",
            "dasselbe gegenüber jeder Domain von Empfängern",
            ("10/min",),
            active=False,
            default="no limit of its own",
        ),
    ] = ()
    pipelining: Annotated[
        Switch,
        About(
            "false for a relay that offers it and then loses commands",
            "false für einen Server, der es anbietet und dann Befehle verliert",
            example=True,
            active=False,
        ),
    ] = True
    senders: Annotated[
        Senders,
        About(
            "it may send for these senders only: an address, a domain, a pattern",
            "er darf nur für diese Absender senden: Adresse, Domain oder Muster",
            ("neu.example",),
            active=False,
            default="for every sender",
        ),
    ] = Field(default=(), alias="from")
    connections: Annotated[
        Connections,
        About("so many at the same time", "so viele gleichzeitig", 1, default="of the `preset`; `1`"),
    ] = 1
    messages_per_connection: Annotated[
        Messages,
        About(
            "after so many, or five minutes, a new connection",
            "nach so vielen oder fünf Minuten eine neue Verbindung",
            example=100,
            active=False,
        ),
    ] = 100

    @field_validator("tls")
    @classmethod
    def _secured(cls, tls: str, info: ValidationInfo) -> str:
        preset = PROVIDERS.get(info.data.get("preset", ""))
        host = info.data.get("host") or (preset.host if preset else "")
        if tls == "none" and host and not server.is_loopback(host):
            raise ValueError(
                f'"none" is only for a relay on this machine; nothing would be secret on the way to {host}'
            )
        return tls

    @field_validator("password_command", "token_command")
    @classmethod
    def _whose(cls, command: str, info: ValidationInfo) -> str:
        if command and info.data.get("user") == "":
            what = str(info.field_name).removesuffix("_command")
            raise ValueError(f"it needs `user` beside it: whose {what} is it?")
        return command

    @field_validator("token_command")
    @classmethod
    def _one_way(cls, command: str, info: ValidationInfo) -> str:
        if command and info.data.get("password_command"):
            raise ValueError("it stands instead of `password_command`, not beside it: leave one of them out")
        return command
