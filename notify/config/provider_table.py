"""The facts about the large providers, with their sources: see :mod:`notify.config.providers`."""

from __future__ import annotations

import datetime as dt

from notify.config.provider import NEW_DAYS, SLOW, Credential, Login, Provider
from notify.core.bilingual import Bilingual
from notify.core.pace import Rate

_APP_PASSWORD = Bilingual(
    "wants an app password, which its account page makes",
    "verlangt ein App-Passwort, das man auf der Seite des Kontos anlegt",
)
_TOKENS_ONLY = Bilingual(
    "takes no passwords any more: set token_command", "nimmt keine Passwörter mehr: token_command eintragen"
)
_SWITCH_ON = Bilingual(
    "lets programs in only after POP3 and IMAP were switched on in its settings",
    "lässt Programme erst herein, wenn POP3 und IMAP in den Einstellungen eingeschaltet sind",
)
_KEY = Bilingual("wants a key of its own, which its account page makes", "verlangt einen eigenen Schlüssel des Kontos")
_FIVE_HUNDRED_A_DAY = (Rate(10, 60), Rate(500, 86400))
#: The day of the snapshot of ISPDB.
_ISPDB = dt.date(2026, 3, 12)

#: By the name that ``preset`` has in notify.toml.
PROVIDERS: dict[str, Provider] = {
    "a1": Provider(
        "securemail.a1.net", "starttls", "ISPDB a1.net", label="A1", seen=_ISPDB, domains=("a1.net", "aon.at")
    ),
    "all-inkl": Provider(
        "",
        "implicit",
        "all-inkl.com: 1,000 in 10 minutes, 3 connections",
        (Rate(100, 60),),
        label="ALL-INKL",
        exchangers=("kasserver.com",),
        note=Bilingual(
            "has a server for each customer, such as w0123456.kasserver.com: its KAS page names yours",
            "hat für jeden Kunden einen eigenen Server, etwa w0123456.kasserver.com: Ihr KAS nennt ihn",
        ),
    ),
    "aol": Provider(
        "smtp.aol.com",
        "implicit",
        "ISPDB aol.com; 500 a day",
        _FIVE_HUNDRED_A_DAY,
        label="AOL",
        seen=_ISPDB,
        domains=tuple("aol.com aol.de aol.fr aol.it aol.es aol.co.uk aim.com netscape.net verizon.net".split()),
        exchangers=("gm0.yahoodns.net",),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "bluewin": Provider(
        "smtpauths.bluewin.ch",
        "implicit",
        "ISPDB bluewin.ch",
        label="Bluewin",
        seen=_ISPDB,
        domains=("bluewin.ch", "bluemail.ch"),
    ),
    "brevo": Provider(
        "smtp-relay.brevo.com",
        "starttls",
        "brevo.com: 300 a day in the free plan",
        (Rate(30, 60), Rate(300, 86400)),
        (),
        label="Brevo",
        login=Login.OWN_NAME,
        credential=Credential.KEY,
        note=_KEY,
    ),
    "domainfactory": Provider(
        "sslout.df.eu",
        "implicit",
        "ISPDB ispgateway.de",
        label="domainfactory",
        seen=_ISPDB,
        exchangers=("ispgateway.de",),
    ),
    "fastmail": Provider(
        "smtp.fastmail.com",
        "implicit",
        "ISPDB messagingengine.com",
        label="Fastmail",
        seen=_ISPDB,
        domains=("fastmail.com", "fastmail.fm", "fastmail.de"),
        exchangers=("messagingengine.com",),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "free": Provider(
        "smtp.free.fr",
        "implicit",
        "ISPDB free.fr",
        label="Free",
        seen=_ISPDB,
        domains=("free.fr",),
        login=Login.LOCAL_PART,
    ),
    "gandi": Provider(
        "mail.gandi.net", "implicit", "ISPDB gandi.net", label="Gandi", seen=_ISPDB, exchangers=("mail.gandi.net",)
    ),
    "gmail": Provider(
        "smtp.gmail.com",
        "implicit",
        "support.google.com/mail/answer/22839: 500 a day",
        (Rate(20, 60), Rate(500, 86400)),
        label="Gmail",
        domains=("gmail.com", "googlemail.com"),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "gmx": Provider(
        "mail.gmx.net",
        "implicit",
        "ISPDB gmx.net",
        SLOW,
        label="GMX",
        seen=_ISPDB,
        domains=tuple("gmx.net gmx.de gmx.at gmx.ch gmx.eu gmx.org gmx.biz gmx.info mein.gmx".split()),
        note=_SWITCH_ON,
    ),
    "gmx.com": Provider(
        "mail.gmx.com",
        "implicit",
        "ISPDB gmx.com, support.gmx.com/pop-imap/toggle.html",
        SLOW,
        label="GMX.com",
        seen=_ISPDB,
        domains=tuple("gmx.com gmx.co.uk gmx.us gmx.fr gmx.es gmx.it gmx.li gmx.pt gmx.ie".split()),
        note=_SWITCH_ON,
    ),
    "google-workspace": Provider(
        "smtp.gmail.com",
        "implicit",
        "support.google.com/a/answer/166852: 2,000 a day, 500 in a trial",
        (Rate(30, 60), Rate(2000, 86400)),
        ((NEW_DAYS, (Rate(10, 60), Rate(500, 86400))),),
        label="Google Workspace",
        exchangers=("google.com", "googlemail.com"),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "hetzner": Provider(
        "mail.your-server.de",
        "implicit",
        "ISPDB your-server.de; docs.hetzner.com: 500 an hour",
        (Rate(10, 60), Rate(500, 3600)),
        label="Hetzner",
        exchangers=("your-server.de",),
    ),
    "hosting.de": Provider(
        "", "implicit", "hosting.de: 120 a minute, 250 recipients in 10 minutes", (Rate(25, 60),), label="hosting.de"
    ),
    "icloud": Provider(
        "smtp.mail.me.com",
        "starttls",
        "support.apple.com/102198: 1,000 a day",
        (Rate(10, 60), Rate(1000, 86400)),
        label="iCloud",
        domains=("icloud.com", "me.com", "mac.com"),
        exchangers=("mail.icloud.com",),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "infomaniak": Provider(
        "mail.infomaniak.com",
        "implicit",
        "infomaniak.com: 500 in 24 hours",
        _FIVE_HUNDRED_A_DAY,
        label="Infomaniak",
        domains=("ik.me", "ikmail.com"),
        exchangers=("infomaniak.ch", "infomaniak.com"),
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
        label="IONOS",
        domains=("online.de", "onlinehome.de", "go4more.de", "sofortstart.de", "sofortsurf.de"),
        exchangers=("ionos.de", "ionos.com", "ionos.fr", "ionos.co.uk", "kundenserver.de", "1and1.com", "schlund.de"),
    ),
    "laposte": Provider(
        "smtp.laposte.net",
        "implicit",
        "ISPDB laposte.net",
        label="La Poste",
        seen=_ISPDB,
        domains=("laposte.net",),
        login=Login.LOCAL_PART,
    ),
    "mail.com": Provider(
        "smtp.mail.com",
        "implicit",
        "ISPDB mail.com",
        SLOW,
        label="mail.com",
        seen=_ISPDB,
        domains=tuple("mail.com email.com post.com consultant.com dr.com engineer.com europe.com usa.com".split()),
    ),
    "mailbox.org": Provider(
        "smtp.mailbox.org",
        "implicit",
        "kb.mailbox.org: by the age of the account",
        SLOW,
        label="mailbox.org",
        domains=("mailbox.org",),
        exchangers=("mailbox.org",),
        note=Bilingual(
            "sends nothing to others from an account in its trial", "versendet aus einem Testkonto nichts an andere"
        ),
    ),
    "mailgun": Provider(
        "smtp.eu.mailgun.org",
        "starttls",
        "mailgun.com",
        (Rate(100, 3600),),
        (),
        label="Mailgun",
        login=Login.OWN_NAME,
        credential=Credential.KEY,
        note=_KEY,
    ),
    "mailjet": Provider(
        "in-v3.mailjet.com",
        "starttls",
        "mailjet.com: 200 a day in the free plan",
        (Rate(30, 60), Rate(200, 86400)),
        (),
        label="Mailjet",
        login=Login.OWN_NAME,
        credential=Credential.KEY,
        note=_KEY,
    ),
    "microsoft365": Provider(
        "smtp.office365.com",
        "starttls",
        "learn.microsoft.com, Exchange Online limits: 30 a minute, 10,000 a day, 3 connections",
        (Rate(30, 60), Rate(10000, 86400)),
        connections=2,
        label="Microsoft 365",
        domains=("onmicrosoft.com",),
        exchangers=("mail.protection.outlook.com",),
        credential=Credential.TOKEN,
        note=_TOKENS_ONLY,
    ),
    "orange.fr": Provider(
        "smtp.orange.fr",
        "implicit",
        "ISPDB orange.fr",
        label="Orange",
        seen=_ISPDB,
        domains=("orange.fr", "wanadoo.fr"),
    ),
    "outlook.com": Provider(
        "smtp-mail.outlook.com",
        "starttls",
        "support.microsoft.com: 300 a day",
        (Rate(10, 60), Rate(300, 86400)),
        label="Outlook.com",
        domains=tuple(
            "outlook.com outlook.de outlook.at outlook.fr outlook.it outlook.es outlook.be hotmail.com hotmail.de "
            "hotmail.fr hotmail.it hotmail.es hotmail.nl hotmail.be hotmail.co.uk live.com live.de live.at live.fr "
            "live.it live.nl live.be live.co.uk msn.com windowslive.com".split()
        ),
        exchangers=("olc.protection.outlook.com",),
        credential=Credential.TOKEN,
        note=_TOKENS_ONLY,
    ),
    "ovh": Provider(
        "ssl0.ovh.net", "implicit", "ISPDB ovh.net", label="OVH", seen=_ISPDB, exchangers=("mail.ovh.net",)
    ),
    "posteo": Provider(
        "posteo.de",
        "implicit",
        "ISPDB posteo.de",
        SLOW,
        label="Posteo",
        seen=_ISPDB,
        domains=tuple("posteo.de posteo.net posteo.at posteo.ch posteo.eu posteo.org posteo.com posteo.uk".split()),
    ),
    "postmark": Provider(
        "smtp.postmarkapp.com",
        "starttls",
        "postmarkapp.com",
        (Rate(60, 60),),
        (),
        label="Postmark",
        login=Login.OWN_NAME,
        credential=Credential.KEY,
        note=Bilingual(
            "wants a key of its own, and mail to many in a broadcast stream",
            "verlangt einen eigenen Schlüssel, und Post an viele in einem Broadcast-Stream",
        ),
    ),
    "sendgrid": Provider(
        "smtp.sendgrid.net",
        "starttls",
        "sendgrid.com: the user is the word apikey",
        (Rate(60, 60),),
        (),
        label="SendGrid",
        login=Login.OWN_NAME,
        credential=Credential.KEY,
        note=Bilingual(
            "wants the word apikey as the user, and a key as the password",
            "verlangt das Wort apikey als Benutzer und einen Schlüssel als Passwort",
        ),
    ),
    "sfr": Provider(
        "smtp.sfr.fr",
        "implicit",
        "ISPDB sfr.fr",
        label="SFR",
        seen=_ISPDB,
        domains=("sfr.fr", "neuf.fr", "club-internet.fr"),
    ),
    "strato": Provider(
        "smtp.strato.de", "implicit", "ISPDB strato.de", label="STRATO", seen=_ISPDB, exchangers=("rzone.de",)
    ),
    "t-online": Provider(
        "securesmtp.t-online.de",
        "implicit",
        "ISPDB t-online.de",
        SLOW,
        label="T-Online",
        seen=_ISPDB,
        domains=("t-online.de", "magenta.de"),
        note=Bilingual(
            "wants its own e-mail password, not that of the login",
            "verlangt das eigene E-Mail-Passwort, nicht das der Anmeldung",
        ),
    ),
    "vodafone": Provider(
        "smtp.vodafonemail.de",
        "implicit",
        "ISPDB vodafonemail.de",
        SLOW,
        label="Vodafone",
        seen=_ISPDB,
        domains=("vodafonemail.de", "arcor.de", "kabelmail.de"),
    ),
    "web.de": Provider(
        "smtp.web.de",
        "implicit",
        "ISPDB web.de",
        SLOW,
        label="WEB.DE",
        seen=_ISPDB,
        domains=("web.de",),
        login=Login.LOCAL_PART,
        note=_SWITCH_ON,
    ),
    "yahoo": Provider(
        "smtp.mail.yahoo.com",
        "implicit",
        "ISPDB yahoo.com; 500 a day",
        _FIVE_HUNDRED_A_DAY,
        label="Yahoo",
        seen=_ISPDB,
        domains=tuple("yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk ymail.com rocketmail.com".split()),
        exchangers=("yahoodns.net",),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
    "zoho": Provider(
        "smtp.zoho.eu",
        "implicit",
        "ISPDB zoho.eu",
        label="Zoho",
        seen=_ISPDB,
        domains=("zoho.eu", "zohomail.eu"),
        exchangers=("zoho.eu",),
        credential=Credential.APP_PASSWORD,
        note=_APP_PASSWORD,
    ),
}
