"""The section [mailbox]: where notify sees whether a test message has arrived. No password ever stands in it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from notify.config.imap_hosts import IMAP_HOSTS
from notify.config.sections import About, Section, Type, declared_keys, setting
from notify.config.server import is_loopback
from notify.config.value_types import COMMAND, HOST, TEXT, choice, number
from notify.config.values import as_written, needed_text
from notify.core.record import record

#: The port of each way to secure a connection (RFC 8314, RFC 9051).
PORTS = {"implicit": 993, "starttls": 143, "none": 143}


def _imap_host(value: object) -> str:
    """Return the IMAP server of a provider that is known, by its name."""
    name = needed_text(value).lower()
    if name in IMAP_HOSTS:
        return IMAP_HOSTS[name]
    near = difflib.get_close_matches(name, IMAP_HOSTS, 1)
    mend = f"did you mean {near[0]}?" if near else "set `host` to its IMAP server"
    raise ValueError(f"of {as_written(value)} no IMAP server is known; {mend}")


@record(frozen=True, slots=True)
class MailboxSettings:
    """The section [mailbox]: an IMAP server. Without ``host`` no mailbox is read.

    ``user``, ``password_command`` and ``token_command`` are empty where there is none. ``tls`` is ``implicit``,
    ``starttls`` or ``none``.
    """

    preset_host: str = setting(
        Type("name of a provider", _imap_host),
        About(
            "a provider whose IMAP server is known",
            "ein Anbieter, dessen IMAP-Server bekannt ist",
            "ionos",
            active=False,
            default="none",
        ),
        default="",
        name="preset",
    )
    host: str = setting(
        HOST,
        About(
            "the server on which the new mailbox is read (IMAP)",
            "der Server, auf dem das neue Postfach gelesen wird (IMAP)",
            "imap.neu.example",
            default="of the `preset`; without both no mailbox is read",
        ),
        default="",
    )
    tls: str = setting(
        choice(*PORTS),
        About(
            '"implicit", "starttls", or "none" (only towards this machine)',
            '"implicit", "starttls" oder "none" (nur zu diesem Rechner)',
            "implicit",
            active=False,
            default='`"implicit"`; with `port = 143`, `"starttls"`',
        ),
        default="implicit",
    )
    port: int = setting(
        number(1, 65535),
        About(
            "993 for implicit, 143 for starttls and none",
            "993 bei implicit, 143 bei starttls und none",
            993,
            active=False,
            default="by `tls`: 993 or 143",
        ),
        default=PORTS["implicit"],
    )
    user: str = setting(
        TEXT,
        About(
            "the login, if it is not the new address",
            "die Anmeldung, wenn sie nicht die neue Adresse ist",
            "info@neu.example",
            active=False,
            default="the new address of `[change]`; else `reply_to`",
        ),
        default="",
    )
    password_command: str = setting(
        COMMAND,
        About(
            "prints it; else NOTIFY_MAILBOX_PASSWORD, keyring, or asked",
            "gibt es aus; sonst NOTIFY_MAILBOX_PASSWORD, keyring, Frage",
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


def _mailbox(**given: Any) -> MailboxSettings:  # noqa: ANN401  # the values of any keys
    """Make the settings: a provider's server is the default of the host."""
    tls = "starttls" if given.get("port") == PORTS["starttls"] else "implicit"
    values = {"host": given.get("preset_host", ""), "tls": tls, **given}
    return MailboxSettings(**{"port": PORTS[values["tls"]], **values})


def _contradictions(mailbox: MailboxSettings, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    has_host = mailbox.host or "host" in failed or "preset" in failed
    for name in ("user", "password_command", "token_command"):
        if getattr(mailbox, name) and not has_host:
            yield name, 'it needs `host` beside it: on which server is the mailbox? host = "imap.neu.example"'
            break
    if mailbox.tls == "none" and mailbox.host and not is_loopback(mailbox.host):
        yield (
            "tls",
            f'"none" is only for a server on this machine; nothing would be secret on the way to {mailbox.host}',
        )
    if mailbox.token_command and mailbox.password_command:
        yield "token_command", "it stands instead of `password_command`, not beside it: leave one of them out"


MAILBOX = Section(
    ("mailbox",),
    About(
        "Where notify probe sees whether its test message has arrived in the new mailbox, and how it was signed. "
        "Without it you type the code that stands in the message. The password never stands in this file.",
        "Wo notify probe nachsieht, ob seine Testnachricht im neuen Postfach angekommen ist und wie sie signiert war. "
        "Ohne das tippen Sie den Code ab, der in der Nachricht steht. Das Passwort steht nie in dieser Datei.",
        active=False,
    ),
    declared_keys(MailboxSettings),
    _mailbox,
    _contradictions,
)
