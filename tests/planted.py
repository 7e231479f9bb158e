"""Mistakes to plant in a campaign in which nothing is wrong: what a person in a hurry writes, and how it is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import clean_campaigns as clean
from tests.audiences import AUDIENCE_OF_ALL

TOML, DE, EN, PEOPLE = (
    "notify.toml",
    "templates/umzug/message.de.md",
    "templates/umzug/message.en.md",
    "contacts/kunden.csv",
)
_TODAY = dt.date.today()  # noqa: DTZ011  # the day of this machine is meant
_PAST = _TODAY - dt.timedelta(days=3)


@dataclass(frozen=True)
class Planted:
    """In ``file`` of a campaign, ``old`` becomes ``new``; then a finding ``name`` is to be made, at ``where``."""

    name: str
    file: str
    old: str
    new: str
    write: Callable[[Path], Path] = clean.phone_campaign
    where: str = ""

    def plant(self, folder: Path) -> Path:
        """Write the campaign with the mistake in it, and return its folder."""
        path = self.write(folder) / self.file
        text = path.read_text("utf-8")
        assert self.old in text, (self.old, text)
        path.write_text(text.replace(self.old, self.new), "utf-8")
        return folder


def _detail(name: str, old: str, new: str) -> Planted:
    return Planted(name, TOML, old, new)


def _bank(name: str, old: str, new: str) -> Planted:
    return Planted(name, TOML, old, new, clean.bank_campaign)


def _text(name: str, added: str, file: str = DE) -> Planted:
    greeting = "{{ salutation }}\n"
    return Planted(name, file, greeting, f"{greeting}\n{added}\n", where=file)


def _without_reply_to(folder: Path) -> Path:
    path = clean.mailbox_campaign(folder) / TOML
    path.write_text(path.read_text("utf-8").replace('reply_to = "petra@berg-neu.internal"\n', ""), "utf-8")
    return folder


def _prints_the_town(folder: Path) -> Path:
    path = clean.phone_campaign(folder) / DE
    path.write_text(path.read_text("utf-8") + "\nGruß nach {{ contact.city }}\n", "utf-8")
    return folder


def _for_the_english(folder: Path) -> Path:
    path = clean.bank_campaign(folder) / TOML
    path.write_text(path.read_text("utf-8").replace("everybody = true", "where = \"language == 'en'\""), "utf-8")
    return folder


def _with_another_file(folder: Path) -> Path:
    (clean.phone_campaign(folder) / "contacts" / "neue.vcf").write_text("E-Mail\nx@kunde.internal\n", "utf-8")
    return folder


_NEW_PHONE, _NEW_SITE = "+49 40 7788990", 'phone = "+49 40 7788990"'

OFFLINE = [
    # the announced details
    _detail("invalid-settings", _NEW_PHONE, "+49 40 77x8990"),
    _detail("unlikely-phone", _NEW_PHONE, "+49 170 1234"),
    _detail("unlikely-phone", _NEW_PHONE, "+49 040 7788990"),
    _detail("unlikely-phone", _NEW_PHONE, "+49 171 77889"),
    _detail("unlikely-phone", _NEW_PHONE, "+49 40 778899012345678"),
    _detail("unlikely-phone", _NEW_PHONE, "+999 40 7788990"),
    _detail("unlikely-phone", _NEW_PHONE, "0900 1234567"),
    _detail("unlikely-phone", _NEW_SITE, f'{_NEW_SITE}\nmobile = "+49 40 7788991"'),
    _detail("unlikely-phone", _NEW_SITE, f'{_NEW_SITE}\nfax = "+49 171 7788991"'),
    _detail("unlikely-postcode", _NEW_SITE, f'{_NEW_SITE}\npostcode = "2009"\ncountry = "Deutschland"'),
    _detail("unlikely-postcode", _NEW_SITE, f'{_NEW_SITE}\npostcode = "20095"\ncountry = "Austria"'),
    _detail("unlikely-postcode", _NEW_SITE, f'{_NEW_SITE}\npostcode = "SW1A 1AAA"\ncountry = "UK"'),
    _detail("not-changed", _NEW_PHONE, "040 / 334 45 56"),
    _detail(
        "not-changed",
        'new]\nphone = "+49 40 7788990"\nemail = "petra@',
        'new]\nphone = "+49 40 7788990"\nemail = "PETRA@',
    ),
    _detail(
        "not-changed",
        f'{_NEW_SITE}\nemail = "petra@berg-kommunikation.internal"\nwebsite = "https://',
        f'{_NEW_SITE}\nemail = "petra@berg-kommunikation.internal"\nwebsite = "https://www.',
    ),
    _detail("mistyped-new-address", 'email = "petra@berg-kommunikation.internal"', 'email = "petra.berg@gmial.com"'),
    _detail(
        "invalid-settings",
        'new]\nphone = "+49 40 7788990"\nemail = "petra@',
        'new]\nphone = "+49 40 7788990"\nemail = "petra@@',
    ),
    _detail("unsafe-website", "https://berg", "http://berg"),
    _detail("unsafe-website", "https://berg-kommunikation.internal", "https://192.0.2.7/berg"),
    _detail("unsafe-website", "https://berg-kommunikation.internal", "https://bit.ly/berg"),
    _detail("invalid-settings", "https://berg-kommunikation.internal", "berg kommunikation"),
    _detail("nothing-announced", _NEW_PHONE, "+49 40 3344556"),
    _detail("example-value", _NEW_PHONE, "+49 40 222222"),
    _detail("example-value", "Berg Kommunikation", "Muster PR"),
    _detail("example-value", "petra@berg-kommunikation.internal", "petra@berg.example"),
    # the account
    _bank("invalid-settings", "DE27 1007 7777 0209 2997 00", "DE27 1007 7777 0209 2997 01"),
    _bank("invalid-settings", "DE27 1007 7777 0209 2997 00", "DE27 1007 7777 0209 2997"),
    _bank("invalid-settings", "DE27 1007 7777 0209 2997 00", "XX27 1007 7777 0209 2997 00"),
    _bank("invalid-settings", 'Nord"\naccount_holder = "Petra Berg"', 'Nord"'),
    _bank("bank-mismatch", 'bank = "Volksbank Nord"', 'bic = "GIBAATWWXXX"'),
    _bank("bank-mismatch", '2997 00"\nbank = "Volksbank Nord"', '2997 00"\nbic = "BICOITMMXXX"'),
    _bank("bank-mismatch", "DE27 1007 7777 0209 2997 00", "DE40 1001 0010 0000 0001 23"),
    _bank("foreign-iban", "DE27 1007 7777 0209 2997 00", "LT12 1000 0111 0100 1000"),
    _bank("account-holder", 'Nord"\naccount_holder = "Petra Berg"', 'Nord"\naccount_holder = "Jutta Kiefer"'),
    _bank("not-changed", "DE27 1007 7777 0209 2997 00", "DE02120300000000202051"),
    _bank("bank-with-contact", 'new]\nphone = "+49 40 3344556"', 'new]\nphone = "+49 40 7788990"'),
    _bank("iban-with-contact", 'new]\nphone = "+49 40 3344556"', 'new]\nphone = "+49 40 7788990"'),
    _bank("withheld-from-all", AUDIENCE_OF_ALL, ""),
    Planted("withheld-detail", TOML, "everybody = true", "where = \"language == 'en'\"", clean.bank_campaign, DE),
    Planted("withheld-detail", DE, "{{ new.iban }}", "DE27 1007 7777 0209 2997 00", _for_the_english, DE),
    _text("bank-with-contact", "Auch unser Konto ist neu: DE02 1203 0000 0000 2020 51"),
    # days, mailboxes, the relay
    _detail("unlikely-date", f"effective = {clean.SOON}", f"effective = {_TODAY.year - 2}-12-01"),
    _detail("unlikely-date", f"old_works_until = {clean.LATER}", f"old_works_until = {_TODAY.year + 4}-01-31"),
    _detail("invalid-settings", f"old_works_until = {clean.LATER}", f"old_works_until = {_PAST}"),
    _detail("deadline-passed", 'language = "de"', f'language = "de"\ndeadline = {_PAST}'),
    Planted(
        "dead-mailbox",
        TOML,
        f"effective = {clean.SOON}\nold_works_until = {clean.LATER}",
        f"old_works_until = {_PAST}",
        clean.mailbox_campaign,
    ),
    Planted("answers-to-old", TOML, f"\nold_works_until = {clean.LATER}", "", _without_reply_to),
    Planted(
        "foreign-relay", TOML, 'preset = "posteo"', 'host = "mail.berg-kommunikation.internal"', clean.provider_campaign
    ),
    Planted("foreign-relay", TOML, 'preset = "posteo"', 'preset = "ionos"', clean.provider_campaign),
    Planted(
        "old-through-new",
        TOML,
        'host = "mail.berg-kommunikation.internal"',
        'host = "mail.berg-neu.internal"',
        clean.mailbox_campaign,
    ),
    Planted(
        "old-through-new",
        TOML,
        '"mail.berg-kommunikation.internal"\nuser = "petra@berg-kommunikation',
        '"smtp.internal"\nuser = "petra@berg-neu',
        clean.mailbox_campaign,
    ),
    _detail(
        "other-login",
        'host = "mail.berg-kommunikation.internal"\nuser = "petra@berg-kommunikation.internal"',
        'preset = "gmx"\nuser = "petra.berg@gmx.de"',
    ),
    _bank("not-approved", "works_alone = true", ""),
    _detail("not-approved", "[contacts]", '[send]\napproval = "required"\n\n[contacts]'),
    _detail("relay-pitfall", 'host = "mail.berg-kommunikation.internal"', 'preset = "microsoft365"'),
    _detail("invalid-settings", 'user = "petra@berg-kommunikation.internal"\n', ""),
    _detail("invalid-settings", "password_command", "pasword_command"),
    # the texts
    _text("leftover-placeholder", "Hallo {Vorname}"),
    _text("old-left-behind", "Rufen Sie an: +49 40 3344556", DE),
    _text("old-left-behind", "Call us: +49 40 3344556", EN),
    _text("old-called-new", "Unsere neue Nummer ist +49 40 3344556."),
    _text("contradicts-change", "Telefon: +49 40 7788999"),
    Planted("contradicts-change", DE, "{{ effective }} erreichen", "5. März 2001 erreichen"),
    Planted("detail-missing", EN, "{{ new.phone }}", "our new number"),
    Planted("invalid-input", EN, "{{ new.phone }}", "{{ new.telephone }}"),
    Planted("invalid-input", DE, "{{ new.phone }}", "{{ new.phone }"),
    _text("wrong-iban", "Konto DE02 1203 0000 0000 2020 52"),
    _text("misleading-link", "[https://berg-kommunikation.internal](https://other.internal/x)"),
    _text("advertising", "Sichern Sie sich jetzt 20 % Rabatt!"),
    _text("urgency", "Dringend: antworten Sie innerhalb von 24 Stunden!"),
    _text("mixed-forms", "Bitte melde dich, wenn du Fragen hast; wir helfen Ihnen."),
    _text("another-recipient", "Sehr geehrte Frau Ahorn,"),
    _text("comment-in-text", "<!-- noch prüfen -->"),
    Planted("empty-body", DE, clean.GERMAN.partition("\n\n")[2], "\n"),
    Planted("invalid-input", DE, "Subject: ", "Subjekt: "),
    # the contacts
    Planted("rejected-rows", PEOPLE, "ben@kunde-zwei.internal", "ben@@kunde-zwei.internal"),
    Planted("rejected-rows", PEOPLE, "ben@kunde-zwei.internal", ""),
    Planted("mistyped-address", PEOPLE, "ben@kunde-zwei.internal", "ben@gmial.com"),
    Planted("other-language", PEOPLE, ";London;en", ";London;fr"),
    Planted("value-missing", PEOPLE, "Köln", "nan", _prints_the_town),
    Planted("example-value", PEOPLE, "ben@kunde-zwei.internal", "ben@example.com"),
    Planted("neutral-greeting", PEOPLE, "Herr;Ben", ";Ben"),
    Planted("invalid-input", PEOPLE, clean.PEOPLE, "Anrede;Nachname\nFrau;Ahorn\n"),
    Planted("invalid-input", TOML, "contacts/*.csv", "kontakte/*.csv"),
    Planted("invalid-input", TOML, "templates/umzug", "templates/umzüge"),
    Planted("unread-file", TOML, "contacts/*.csv", "contacts/*.csv", _with_another_file),
]
