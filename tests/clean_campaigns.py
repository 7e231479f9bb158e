"""Five campaigns in which nothing is wrong, to plant mistakes in. Everybody in them is invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.audiences import AUDIENCE_OF_ALL
from tests.proofs import prove

#: So that the dates are always right.
SOON = dt.date.today() + dt.timedelta(days=20)  # noqa: DTZ011  # the day of this machine is meant
LATER = SOON + dt.timedelta(days=90)

_HEAD = f"""\
[campaign]
id = "2026-neue-nummer"
template = "templates/umzug"
language = "de"

[sender]
name = "Berg Kommunikation"
email = "petra@berg-kommunikation.internal"

[change]
effective = {SOON}
old_works_until = {LATER}
[change.old]
phone = "+49 40 3344556"
email = "petra@berg-kommunikation.internal"
website = "https://berg-kommunikation.internal"
[change.new]
phone = "+49 40 7788990"
email = "petra@berg-kommunikation.internal"
website = "https://berg-kommunikation.internal"

[contacts]
files = ["contacts/*.csv"]
"""

RELAY = """
[[relay]]
host = "mail.berg-kommunikation.internal"
user = "petra@berg-kommunikation.internal"
password_command = "echo x"
"""

GERMAN = """\
Subject: Neue Telefonnummer ab {{ effective }}

{{ salutation }}

ab dem {{ effective }} erreichen Sie uns unter {{ new.phone }}.
Die bisherige Nummer {{ old.phone }} endet am {{ old_works_until }}.

Freundliche Grüße
Petra Berg
"""

ENGLISH = """\
Subject: New telephone number from {{ effective }}

{{ salutation }}

from {{ effective }} you reach us at {{ new.phone }}.
The old number, {{ old.phone }}, ends on {{ old_works_until }}.

Kind regards
Petra Berg
"""

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail;Ort;Sprache
Frau;Anna;Ahorn;anna@kunde-eins.internal;Hamburg;de
Herr;Ben;Birke;ben@kunde-zwei.internal;Köln;de
Ms;Cora;Cedar;cora@customer.internal;London;en
"""

_ALONE = """
[policy]
works_alone = true
"""

_ACCOUNT = """\
iban = "{}"
bank = "{}"
account_holder = "Petra Berg"
"""


def phone_campaign(folder: Path) -> Path:
    """Write one that announces a new telephone number, in German and English, through a relay of the own domain."""
    return _write(folder, _HEAD + RELAY, GERMAN, ENGLISH)


def bank_campaign(folder: Path) -> Path:
    """Write one that announces a new account, of somebody who works alone."""
    details = _HEAD.replace("7788990", "3344556").replace(
        "[change.new]", _ACCOUNT.format("DE02 1203 0000 0000 2020 51", "DKB") + "[change.new]"
    )
    details = details.replace(
        "\n[contacts]", "\n" + _ACCOUNT.format("DE27 1007 7777 0209 2997 00", "Volksbank Nord") + "\n[contacts]", 1
    ).replace("\n\niban", "\niban")
    german = (
        "Subject: Neue Bankverbindung ab {{ effective }}\n\n{{ salutation }}\n\n"
        "ab dem {{ effective }} gilt unser Konto {{ new.iban }}, Kontoinhaber {{ new.account_holder }}.\n"
        "Rufen Sie zur Sicherheit unter der Nummer an, die Sie haben.\n"
    )
    english = (
        "Subject: New bank account from {{ effective }}\n\n{{ salutation }}\n\n"
        "from {{ effective }} our account is {{ new.iban }}, held by {{ new.account_holder }}.\n"
        "To be sure, call us on the number that you have.\n"
    )
    return _write(folder, f"{details}{AUDIENCE_OF_ALL}{RELAY}{_ALONE}", german, english)


def mailbox_campaign(folder: Path) -> Path:
    """Write one that announces a new mail address, which was seen to receive, from the old mailbox while it lives."""
    head = _HEAD.replace('7788990"\nemail = "petra@berg-kommunikation', '3344556"\nemail = "petra@berg-neu')
    head = head.replace("\n\n[change]", '\nreply_to = "petra@berg-neu.internal"\n\n[change]')
    german = GERMAN.replace("phone", "email").replace("Telefonnummer", "E-Mail-Adresse").replace("Nummer", "Adresse")
    english = ENGLISH.replace("phone", "email").replace("telephone number", "mail address")
    _write(folder, head + RELAY, german, english.replace("old number", "old address"))
    return prove(folder, "petra@berg-neu.internal")


def address_campaign(folder: Path) -> Path:
    """Write one that announces that the office moves, as plain text."""
    places = {"old": ("Altweg 7", "20095"), "new": ("Neue Straße 2a", "20099")}
    head = _HEAD.replace("7788990", "3344556")
    for side, (street, postcode) in places.items():
        head = head.replace(
            f"[change.{side}]", f'[change.{side}]\nstreet = "{street}"\npostcode = "{postcode}"\ncity = "Hamburg"'
        )
    german = (
        "Subject: Unser Büro zieht um\n\n{{ salutation }}\n\nab dem {{ effective }} sind wir hier: {{ new.street }}, "
        "{{ new.postcode }} {{ new.city }}.\nDie Telefonnummer bleibt.\n"
    )
    english = (
        "Subject: Our office moves\n\n{{ salutation }}\n\nfrom {{ effective }} we are here: {{ new.street }}, "
        "{{ new.postcode }} {{ new.city }}.\nThe telephone number stays.\n"
    )
    return _write(folder, head + RELAY, german, english, suffix="txt")


def provider_campaign(folder: Path) -> Path:
    """Write one from a provider's address, through its own server."""
    head = _HEAD.replace("petra@berg-kommunikation.internal", "petra.berg@posteo.de")
    relay = '\n[[relay]]\npreset = "posteo"\nuser = "petra.berg@posteo.de"\npassword_command = "echo x"\n'
    return _write(folder, head + relay, GERMAN, ENGLISH)


CLEAN = (phone_campaign, bank_campaign, mailbox_campaign, address_campaign, provider_campaign)


def _write(folder: Path, settings: str, german: str, english: str, suffix: str = "md") -> Path:
    template = folder / "templates" / "umzug"
    template.mkdir(parents=True)
    (template / f"message.de.{suffix}").write_text(german, "utf-8")
    (template / f"message.en.{suffix}").write_text(english, "utf-8")
    (folder / "contacts").mkdir()
    (folder / "contacts" / "kunden.csv").write_text(PEOPLE, "utf-8")
    (folder / "notify.toml").write_text(settings, "utf-8")
    return folder
