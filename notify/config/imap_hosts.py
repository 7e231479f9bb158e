"""Where the mailboxes of large providers are read: the IMAP server of each, all of them by TLS on port 993.

Of ISPDB (Thunderbird's database, 2026-03-12); those of IONOS, mailbox.org and Infomaniak are from their own pages.
"""

from __future__ import annotations

#: By the name that the provider has in :mod:`notify.config.providers`.
IMAP_HOSTS: dict[str, str] = {
    "a1": "securemail.a1.net",
    "aol": "imap.aol.com",
    "bluewin": "imaps.bluewin.ch",
    "domainfactory": "sslin.df.eu",
    "fastmail": "imap.fastmail.com",
    "free": "imap.free.fr",
    "gandi": "mail.gandi.net",
    "gmail": "imap.gmail.com",
    "gmx": "imap.gmx.net",
    "gmx.com": "imap.gmx.com",
    "google-workspace": "imap.gmail.com",
    "hetzner": "mail.your-server.de",
    "icloud": "imap.mail.me.com",
    "infomaniak": "mail.infomaniak.com",
    "ionos": "imap.ionos.de",
    "laposte": "imap.laposte.net",
    "mail.com": "imap.mail.com",
    "mailbox.org": "imap.mailbox.org",
    "microsoft365": "outlook.office365.com",
    "orange.fr": "imap.orange.fr",
    "outlook.com": "outlook.office365.com",
    "ovh": "ssl0.ovh.net",
    "posteo": "posteo.de",
    "sfr": "imap.sfr.fr",
    "strato": "imap.strato.de",
    "t-online": "secureimap.t-online.de",
    "vodafone": "imap.vodafonemail.de",
    "web.de": "imap.web.de",
    "yahoo": "imap.mail.yahoo.com",
    "zoho": "imap.zoho.eu",
}
