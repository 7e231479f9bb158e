"""Where the large providers take mail, and what they have published about how much of it.

Facts with their sources; providers change them, and what is written in notify.toml wins. Where nothing is published the
pace is that of a relay of which nothing is known. New accounts are throttled hardest, and whoever has just changed the
provider has a new one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from notify.core.pace import Rate

#: The pace towards a relay of which nothing is known.
CAREFUL = (Rate(10, 60), Rate(200, 3600))
#: The same while the account is new.
NEW = (Rate(1, 60), Rate(50, 3600))
#: How many days an account is new where its provider does not say.
_NEW_DAYS = 14


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's submission server.

    ``rates`` are its published limits; ``young`` those of the first days, as pairs of "younger than so many days" and
    rates, the youngest first. ``note`` is what else a person must know to be let in.
    """

    host: str
    tls: str
    source: str
    rates: tuple[Rate, ...] = CAREFUL
    young: tuple[tuple[int, tuple[Rate, ...]], ...] = ((_NEW_DAYS, NEW),)
    connections: int = 1
    note: str = ""

    def rates_at(self, age: dt.timedelta | None) -> tuple[Rate, ...]:
        """Return the rates for an account of this age; None is an old one."""
        if age is not None:
            for days, rates in self.young:
                if age < dt.timedelta(days=days):
                    longest = max(rate.per_s for rate in rates)
                    return (*rates, *(rate for rate in self.rates if rate.per_s > longest))
        return self.rates


_APP_PASSWORD = "wants an app password, which its account page makes"  # noqa: S105  # no password, words about one
_OAUTH = "takes no passwords any more: set token_command"
_SLOWLY = (Rate(6, 60), Rate(200, 3600))

#: By the name that ``preset`` has in notify.toml.
PROVIDERS: dict[str, Provider] = {
    "a1": Provider("smtp.a1.net", "starttls", "ISPDB a1.net"),
    "all-inkl": Provider("", "implicit", "all-inkl.com: 1,000 in 10 minutes, 3 connections", (Rate(100, 60),)),
    "aol": Provider(
        "smtp.aol.com", "implicit", "ISPDB aol.com; 500 a day", (Rate(10, 60), Rate(500, 86400)), note=_APP_PASSWORD
    ),
    "bluewin": Provider("smtpauths.bluewin.ch", "implicit", "ISPDB bluewin.ch"),
    "brevo": Provider(
        "smtp-relay.brevo.com",
        "starttls",
        "brevo.com: 300 a day in the free plan",
        (Rate(30, 60), Rate(300, 86400)),
        (),
    ),
    "fastmail": Provider("smtp.fastmail.com", "implicit", "ISPDB fastmail.com", note=_APP_PASSWORD),
    "gmail": Provider(
        "smtp.gmail.com",
        "implicit",
        "support.google.com/mail/answer/22839: 500 a day",
        (Rate(20, 60), Rate(500, 86400)),
        note=_APP_PASSWORD,
    ),
    "gmx": Provider(
        "mail.gmx.net",
        "implicit",
        "ISPDB gmx.net",
        _SLOWLY,
        note="lets programs in only after POP3 and IMAP were switched on in its settings",
    ),
    "google-workspace": Provider(
        "smtp.gmail.com",
        "implicit",
        "support.google.com/a/answer/166852: 2,000 a day, 500 in a trial",
        (Rate(30, 60), Rate(2000, 86400)),
        ((_NEW_DAYS, (Rate(10, 60), Rate(500, 86400))),),
        note=_APP_PASSWORD,
    ),
    "hetzner": Provider(
        "mail.your-server.de", "implicit", "docs.hetzner.com: 500 an hour", (Rate(10, 60), Rate(500, 3600))
    ),
    "hosting.de": Provider("", "implicit", "hosting.de: 120 a minute, 250 recipients in 10 minutes", (Rate(25, 60),)),
    "icloud": Provider(
        "smtp.mail.me.com",
        "starttls",
        "support.apple.com/102198: 1,000 a day",
        (Rate(10, 60), Rate(1000, 86400)),
        note=_APP_PASSWORD,
    ),
    "infomaniak": Provider(
        "mail.infomaniak.com", "implicit", "infomaniak.com: 500 in 24 hours", (Rate(10, 60), Rate(500, 86400))
    ),
    "ionos": Provider(
        "smtp.ionos.de",
        "implicit",
        "ionos.de/hilfe: by the age of the contract",
        (Rate(30, 60), Rate(500, 3600)),
        (
            (7, (Rate(2, 60), Rate(50, 3600))),
            (14, (Rate(4, 60), Rate(100, 3600))),
            (30, (Rate(15, 60), Rate(400, 3600))),
        ),
    ),
    "mailbox.org": Provider("smtp.mailbox.org", "implicit", "kb.mailbox.org: by the age of the account", _SLOWLY),
    "microsoft365": Provider(
        "smtp.office365.com",
        "starttls",
        "learn.microsoft.com, Exchange Online limits: 30 a minute, 10,000 a day, 3 connections",
        (Rate(30, 60), Rate(10000, 86400)),
        connections=2,
        note=_OAUTH,
    ),
    "outlook.com": Provider(
        "smtp-mail.outlook.com",
        "starttls",
        "support.microsoft.com: 300 a day",
        (Rate(10, 60), Rate(300, 86400)),
        note=_OAUTH,
    ),
    "posteo": Provider("posteo.de", "implicit", "ISPDB posteo.de", _SLOWLY),
    "strato": Provider("smtp.strato.de", "implicit", "ISPDB strato.de"),
    "t-online": Provider(
        "securesmtp.t-online.de",
        "implicit",
        "ISPDB t-online.de",
        _SLOWLY,
        note="wants its own e-mail password, not that of the login",
    ),
    "vodafone": Provider("smtp.vodafonemail.de", "implicit", "ISPDB vodafonemail.de", _SLOWLY),
    "web.de": Provider(
        "smtp.web.de",
        "implicit",
        "ISPDB web.de",
        _SLOWLY,
        note="lets programs in only after POP3 and IMAP were switched on in its settings",
    ),
    "yahoo": Provider(
        "smtp.mail.yahoo.com",
        "implicit",
        "ISPDB yahoo.com; 500 a day",
        (Rate(10, 60), Rate(500, 86400)),
        note=_APP_PASSWORD,
    ),
    "zoho": Provider("smtp.zoho.eu", "implicit", "ISPDB zoho.eu", note=_APP_PASSWORD),
}
