"""Mistakes to plant in the mailboxes of a campaign in which nothing is wrong, and how each is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import clean_campaigns as clean
from tests.servers.mail_host import MailHost

NEW, SENDER, ELSEWHERE = "petra@berg-neu.internal", "petra@berg-kommunikation.internal", "buero@berg-buero.internal"
PASSWORD = "geheim 1"
#: What the receiving server writes when all is well.
SIGNED = (
    "Authentication-Results: mx.berg-neu.internal; dkim=pass header.d=berg-kommunikation.internal;\r\n"
    "\tspf=pass smtp.mailfrom=petra@berg-kommunikation.internal; dmarc=pass header.from=berg-kommunikation.internal\r\n"
)


@dataclass(frozen=True)
class PlantedMailbox:
    """What is otherwise at the host, and in files of the campaign; then a finding ``name`` is to be made."""

    name: str
    spoil: Callable[[MailHost], object] = lambda _: None
    settings: tuple[str, str] = ("", "")
    people: tuple[str, str] = ("", "")
    severity: str = ""
    said: str = ""


def campaign(folder: Path, host: MailHost, planted: PlantedMailbox | None = None, *, is_read: bool = True) -> Path:
    """Write the campaign through the relay of a host; with the mistake in its files, if any.

    :param is_read: whether the mailbox there is read by IMAP.
    """
    clean.mailbox_campaign(folder)
    (folder / "ledger.db").unlink()
    toml = folder / "notify.toml"
    relay = f'host = "127.0.0.1"\nport = {host.smtp_port}\ntls = "none"\nrate = "100000/s"\n'
    text = toml.read_text("utf-8").replace(clean.RELAY.removeprefix("\n[[relay]]\n"), relay)
    if is_read:
        text += f'\n[mailbox]\nhost = "localhost"\nport = {host.imap_port}\npassword_command = "echo {PASSWORD}"\n'
    toml.write_text(text, "utf-8")
    if planted:
        for path, (old, new) in ((toml, planted.settings), (folder / "contacts" / "kunden.csv", planted.people)):
            before = path.read_text("utf-8")
            assert old in before, before
            path.write_text(before.replace(old, new) if old else before, "utf-8")
    return folder


def _results(name: str, results: str, **more: object) -> PlantedMailbox:
    return PlantedMailbox(name, lambda host: setattr(host, "results", results), **more)  # type: ignore[arg-type]  # of it


def _at(host: str, results: str) -> str:
    return f"Authentication-Results: {host}; {results}\r\n"


def _forge(host: MailHost) -> None:
    """Let the message bring along what the receiving server would have written of a signed one."""
    host.results, host.forged = _at(_MX, "dkim=none"), SIGNED


_MX = "mx.berg-neu.internal"
_ANSWERS = ('reply_to = "petra@berg-neu.internal"', f'reply_to = "{ELSEWHERE}"')
_AT_GMX = ("ben@kunde-zwei.internal", "ben@gmx.de")

PLANTED = [
    # mailboxes
    PlantedMailbox("unproved-address", lambda host: host.lost.add(NEW), severity="error"),
    PlantedMailbox(
        "address-bounced",
        lambda host: host.refused.update({NEW: "550 5.1.1 no such user"}),
        severity="error",
        said="550 5.1.1 no such user",
    ),
    PlantedMailbox("unproved-address", lambda host: host.refused.update({NEW: "452 4.2.2 mailbox full"})),
    PlantedMailbox(
        "address-bounced",
        lambda host: host.bounced.update({NEW: "552 5.2.2 over quota"}),
        # the report comes into the mailbox that is read
        settings=('host = "localhost"', f'user = "{SENDER}"\nhost = "localhost"'),
        said="552 5.2.2 over quota",
    ),
    PlantedMailbox("unproved-reply", lambda host: host.lost.add(ELSEWHERE), settings=_ANSWERS, severity="warning"),
    PlantedMailbox(
        "unproved-reply",
        lambda host: host.lost.add(ELSEWHERE),
        settings=('reply_to = "', f'return_path = "{ELSEWHERE}"\nreply_to = "'),
    ),
    PlantedMailbox(
        "unproved-address",
        lambda host: host.lost.add("antwort@berg-neu.internal"),
        settings=('reply_to = "petra@', 'reply_to = "antwort@'),
    ),
    PlantedMailbox("arrived-as-spam", lambda host: host.spam.add(NEW), severity="warning"),
    # the signature
    _results("dkim-missing", _at(_MX, "dkim=none; spf=pass smtp.mailfrom=x"), severity="warning"),
    _results("dkim-missing", _at(_MX, "dkim=none"), people=_AT_GMX, severity="error", said="one recipient is at GMX"),
    _results(
        "dkim-missing", _at(_MX, "dkim=none"), people=("ben@kunde-zwei.internal", "ben@email.de"), severity="error"
    ),
    _results(
        "dkim-missing", _at(_MX, "dkim=none"), people=("ben@kunde-zwei.internal", "ben@mail.com"), severity="error"
    ),
    _results(
        "dkim-unaligned", _at(_MX, "dkim=pass header.d=relay.internal"), severity="warning", said="relay.internal"
    ),
    _results("dkim-unaligned", _at(_MX, "dkim=pass header.i=@relay.internal"), people=_AT_GMX, severity="error"),
    _results("dkim-broken", _at(_MX, "dkim=fail header.d=berg-kommunikation.internal"), said="dkim=fail"),
    _results(
        "dkim-missing",
        _at(_MX, "dkim=none") + _at("elsewhere.internal", "dkim=pass header.d=berg-kommunikation.internal"),
    ),
    PlantedMailbox("dkim-missing", _forge),
    _results("spf-fails", SIGNED.replace("spf=pass", "spf=softfail"), said="spf=softfail"),
    _results("dmarc-fails", SIGNED.replace("dmarc=pass", "dmarc=fail")),
]
