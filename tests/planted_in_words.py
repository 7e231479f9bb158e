"""Mistakes to plant in the words, links, layouts and files of a campaign, in both languages, and in its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from notify.core.campaign import in_words
from tests import clean_campaigns as clean
from tests.planted import DE, EN, PEOPLE, TOML

TXT = DE.replace(".md", ".txt")
_SOON, _LATER = clean.SOON, clean.LATER
_TODAY = dt.date.today()  # noqa: DTZ011  # the day of this machine is meant
_GREETING = "{{ salutation }}\n"
_DAYS = (_SOON + dt.timedelta(days=1)).weekday()
_OTHER_DAY = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()[_DAYS]
_OTHER_DAY_EN = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()[_DAYS]
_BANK = clean.bank_campaign


@dataclass(frozen=True)
class Edited:
    """In files of a campaign, texts become others, and files are added; then a finding ``name`` is to be made."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    write: Callable[[Path], Path] = clean.phone_campaign
    added: tuple[tuple[str, str], ...] = ()

    def plant(self, folder: Path) -> Path:
        """Write the campaign with the mistake in it, and return its folder."""
        self.write(folder)
        for file, old, new in self.edits:
            text = (folder / file).read_text("utf-8")
            assert old in text, (old, text)
            (folder / file).write_text(text.replace(old, new), "utf-8")
        for file, text in self.added:
            (folder / file).write_text(text, "utf-8")
        return folder

    @property
    def label(self) -> str:
        """What is planted, short."""
        return f"{self.name}: {(self.edits[0][2] if self.edits else self.added[0][1]).strip()[-40:]}"


def _at(name: str, file: str, old: str, new: str, write: Callable[[Path], Path] = clean.phone_campaign) -> Edited:
    return Edited(name, ((file, old, new),), write)


def _said(name: str, sentence: str, file: str = DE, write: Callable[[Path], Path] = clean.phone_campaign) -> Edited:
    return _at(name, file, _GREETING, f"{_GREETING}\n{sentence}\n", write)


def _layout(name: str, footer: str) -> Edited:
    page = f"<html><body>{{{{ body }}}}{footer}</body></html>"
    return Edited(name, (), added=(("templates/umzug/layout.html", page),))


def _attached(name: str, file: str, text: str) -> Edited:
    heads = tuple((message, "Subject:", f"Attachment: {file}\nSubject:") for message in (DE, EN))
    return Edited(name, heads, added=((f"templates/umzug/{file}", text),))


_NUMBERS = [
    # the old number, however it is spelled
    *(
        _said("old-left-behind", f"Rufen Sie an: {number}")
        for number in (
            "+49\u00a040\u00a0334\u00a04556",
            "040.334.45.56",
            "040\u202f334\u202f45\u202f56",
            "040\u20113344556",
            "040 – 3344556",
            "0049 40 3344556",
            "+49 (0)40 3344556",
            "334 45 56",
            "+49 40 334\u200b4556",
        )
    ),
    _at("old-left-behind", DE, "Neue Telefonnummer ab", "+49 40 3344556 ab"),
    _said("old-left-behind", "[Anrufen](tel:+49403344556)"),
    _said("broken-link", "[+49 40 7788990](tel:+49407788999)"),
    _said("broken-link", "[+49 40 7788990](tel:+49403344556)"),
    # the new one with a slip
    *(
        _said("contradicts-change", f"Telefon: {number}")
        for number in (
            "+49\u00a040\u00a07788\u00a0999",
            "040.77.88.999",
            "+49 40 7789890",
            "+49 4O 7788990",
            "+49 40 77889l0",
            "+43 40 7788990",
            "0431 7788990",
            "+49 40 ７７８８９９１",
            "+49 40 77889900",
        )
    ),
    _said("contradicts-change", "Phone: +49 40 7788909", EN),
    _at("contradicts-change", DE, "{{ new.phone }}", "+49 {{ new.phone }}"),
    _at("contradicts-change", DE, "{{ new.phone }}", "{{ new.phone }}1"),
    _at("contradicts-change", EN, "at {{ new.phone }}", "at{{ new.phone }}"),
    _at("detail-missing", EN, "{{ new.phone }}", "+49 40 7788991"),
    _said("not-in-change", "Mobil sind wir neu unter +49 171 7654321 erreichbar."),
    _said("not-in-change", "Our new fax number is +49 40 7788995.", EN),
    _said("not-in-change", "Unsere neue E-Mail-Adresse lautet petra@gmail.com."),
    Edited(
        "old-called-new",
        (
            (DE, "{{ new.phone }}", "{{ x }}"),
            (DE, "{{ old.phone }}", "{{ new.phone }}"),
            (DE, "{{ x }}", "{{ old.phone }}"),
        ),
    ),
    _said("old-called-new", "| bisher | neu |\n| --- | --- |\n| +49 40 7788990 | +49 40 3344556 |"),
    _said("example-value", "Telefon: 0123 456789"),
    _said("example-value", "Schreiben Sie an max@mustermann.de"),
]

_MAILBOXES = [
    _said("contradicts-change", "Schreiben Sie an petra @berg-neu.internal", write=clean.mailbox_campaign),
    _said("contradicts-change", "Schreiben Sie an www.petra@berg-neu.internal", write=clean.mailbox_campaign),
    _said("contradicts-change", "[Schreiben Sie uns](mailto:petra@berg-nue.internal)", write=clean.mailbox_campaign),
    _said("old-left-behind", "Schreiben Sie an petra (at) berg-kommunikation.internal", write=clean.mailbox_campaign),
    _said(
        "misleading-link",
        "[petra@berg-neu.internal](mailto:petra@berg-kommunikation.internal)",
        write=clean.mailbox_campaign,
    ),
    _at(
        "old-called-new",
        DE,
        "Subject:",
        "Reply-To: petra@berg-kommunikation.internal\nSubject:",
        clean.mailbox_campaign,
    ),
    _at("contradicts-change", DE, "Subject:", "Reply-To: petra@berg-komunikation.internal\nSubject:"),
]

_ACCOUNTS = [
    *(
        _said("wrong-iban", f"Konto: {iban}", write=_BANK)
        for iban in (
            "DE27 1OO7 7777 O2O9 2997 OO",
            "DE27-1007-7777-0209-2997-01",
            "de27 1007 7777 0209 2997 01",
            "DE27\u00a01007\u00a07777\u00a00209\u00a02997\u00a001",
            "DE 27 10077777 02092997 01",
            "DE27 7777 1007 0209 2997 00",
            "DE27 1007 7777 0209 2997 0",
        )
    ),
    _said("old-left-behind", "Bitte überweisen Sie auf DE02 1203 0000 0000 2020 51.", write=_BANK),
    _said("contradicts-change", "BIC: GIBAATWWXXX", write=_BANK),
    _said("contradicts-change", "Kontoinhaber: Jutta Kiefer", write=_BANK),
    _said("contradicts-change", "Bank: Sparkasse Süd", write=_BANK),
    _at("detail-missing", DE, "{{ new.account_holder }}", "{{ sender.name }}", _BANK),
    _said("asks-for-secrets", "Bitte bestätigen Sie Ihr Passwort.", write=_BANK),
]

_DATES = [
    _said("odd-date", f"Ab {_OTHER_DAY}, dem {in_words(_SOON, 'de')}, gilt die neue Nummer {{{{ new.phone }}}}."),
    _said("odd-date", f"Ab {_OTHER_DAY}, dem {{{{ effective }}}}, gilt die neue Nummer."),
    _said("odd-date", f"From {_OTHER_DAY_EN}, {in_words(_SOON, 'en')}, our new number holds.", EN),
    _said("odd-date", "Am 31. November 2026 sind wir nicht da."),
    _said("odd-date", "Our office is closed on 03/04/2027.", EN),
    _said("odd-date", "Die Leitung wird um 25:30 Uhr umgestellt."),
    _at(
        "contradicts-change", EN, "from {{ effective }} you", f"from {in_words(_SOON + dt.timedelta(days=3), 'en')} you"
    ),
    _at("contradicts-change", DE, "ab dem {{ effective }}", "ab dem {{ old_works_until }}"),
    _at("contradicts-change", EN, "ends on {{ old_works_until }}", "ends on 3 March 2041"),
    _said("contradicts-change", f"Our number changes on {in_words(_SOON + dt.timedelta(days=3), 'en')}.", EN),
    _at("start-late", TOML, "[contacts]", f"[send]\nstart = {_SOON + dt.timedelta(days=4)}\n\n[contacts]"),
]

_CLAIMS = [
    _said("contradicts-change", "Unsere Telefonnummer bleibt gleich."),
    _said("contradicts-change", "Ab sofort gilt die neue Nummer."),
    _said("contradicts-change", "The old number is no longer in use.", EN),
    _said("contradicts-change", "Unverändert: Telefon, Postanschrift, Website."),
    _said("contradicts-change", "Our phone number stays the same.", EN),
    _said("contradicts-change", "Auch unsere E-Mail-Adresse ändert sich."),
    _at("contradicts-change", DE, "Subject: Neue Telefonnummer", "Subject: Neue E-Mail-Adresse"),
    _at(
        "contradicts-change",
        TXT,
        "{{ new.postcode }} {{ new.city }}",
        "{{ new.postcode }} Hannover",
        clean.address_campaign,
    ),
    _at("detail-missing", TXT, "{{ new.postcode }}", "20098", clean.address_campaign),
    _at(
        "old-left-behind",
        TXT,
        "Die Telefonnummer bleibt.",
        "Die Telefonnummer bleibt.\n\nPetra Berg\nAltweg 7\n20095 Hamburg",
        clean.address_campaign,
    ),
]

_UNFINISHED = [
    *(
        _said("unfinished-text", text)
        for text in (
            "TODO: Uhrzeit prüfen",
            "Wir sind ab XX.XX. für Sie da.",
            "Die Nummer ist ???",
            "Unsere Faxnummer lautet ________",
            "(intern: noch mit Klaus abstimmen)",
            "Von: Petra\nGesendet: Montag\nAn: Ben",
            "Siehe C:\\Kunden\\Liste.xlsx",
        )
    ),
    *(_at("unfinished-text", DE, "Subject: Neue", f"Subject: {word} Neue") for word in ("AW:", "ENTWURF", "WG:")),
    _at("unfinished-text", EN, "Subject: New telephone number from {{ effective }}", "Subject: Test"),
    _at("urgency", DE, "Subject: Neue Telefonnummer ab {{ effective }}", "Subject: NEUE TELEFONNUMMER BEACHTEN"),
    _at("leftover-placeholder", DE, "{{ new.phone }}", "{ new.phone }"),
    _said("leftover-placeholder", "Guten Tag <Vorname>"),
    _said("leftover-placeholder", "Guten Tag @Vorname@"),
    _said("leftover-placeholder", "Guten Tag { MERGEFIELD Vorname }"),
    _said("damaged-text", "FÃ¼r RÃ¼ckfragen sind wir da."),
    _said("damaged-text", "F?r R?ckfragen sind wir da."),
    _at("wrong-language", EN, clean.ENGLISH.partition("\n\n")[2], clean.GERMAN.partition("\n\n")[2]),
    _at("wrong-language", EN, "New telephone number from", "Neue Telefonnummer ab"),
    _said("greeting-twice", "Sehr geehrte Damen und Herren,"),
    _at("no-greeting", EN, _GREETING, ""),
]

_LINKS = [
    _said("broken-link", "[Unsere Website](http://berg-kommunikation.internal)"),
    _said("broken-link", "[Unsere Website](https://localhost:8000/x)"),
    _said("broken-link", "[Mehr dazu](http://192.0.2.4/x)"),
    _said("broken-link", "[Mehr dazu](https://bit.ly/abc)"),
    _said("broken-link", "[Mehr dazu](https://berg-kommunikation.internal/?utm_source=mail)"),
    _said("markup-in-text", "[Unsere Website](berg-kommunikation.internal)"),
    _said("markup-in-text", "[Website](https://berg-kommunikation.internal"),
    _said("markup-in-text", "Unsere **neue Nummer gilt bald."),
    _layout("old-left-behind", "<p>Berg Kommunikation, Tel. 040 3344556</p>"),
    _layout("old-left-behind", "<a href='tel:0403344556'>Anruf</a>"),
    _layout("wrong-iban", "<p>IBAN DE02 1203 0000 0000 2020 52</p>"),
    _layout("unfinished-text", "<p>TODO Logo</p>"),
    _layout("contradicts-change", "<a href='mailto:petra@berg-komunikation.internal'>Mail</a>"),
    _layout("wide-html", "<table width='900'><tr><td>x</td></tr></table>"),
]

_FILES = [
    _said("attachment-missing", "Unsere neue Visitenkarte finden Sie im Anhang."),
    _said("attachment-missing", "Please find our new card attached.", EN),
    Edited(
        "attachment-missing",
        ((DE, "Subject:", "Attachment: info.txt\nSubject:"),),
        added=(("templates/umzug/info.txt", "Guten Tag\n"),),
    ),
    _attached(
        "old-left-behind", "petra.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Petra Berg\nTEL:+49 40 3344556\nEND:VCARD\n"
    ),
    _attached("contradicts-change", "info.txt", "Telefon: +49 40 7788999\n"),
    _attached("old-left-behind", "nummer-0403344556.txt", "Guten Tag\n"),
    _attached("unfinished-text", "entwurf_v2.txt", "Guten Tag\n"),
]

_SETTINGS = [
    _at("mistyped-new-address", TOML, 'website = "https://berg-kommunikation', 'website = "https://berg-komunikation'),
    _at("mistyped-new-address", TOML, '7788990"\nemail = "petra@berg-k', '7788990"\nemail = "petra@bеrg-k'),
    _at("mistyped-new-address", TOML, "\n\n[change]", '\nreply_to = "petra@berg-komunikation.internal"\n\n[change]'),
    _at("unlikely-phone", TOML, "7788990", "3344565"),
    _at("unlikely-postcode", TOML, 'postcode = "20099"', 'postcode = "80331"', clean.address_campaign),
    _at(
        "unlikely-postcode",
        TOML,
        'postcode = "20099"\ncity = "Hamburg"',
        'postcode = "20095"\ncity = "München"',
        clean.address_campaign,
    ),
    _at("unlikely-street", TOML, 'street = "Neue Straße 2a"', 'street = "Neue Straße"', clean.address_campaign),
    _at("sender-name", TOML, 'name = "Berg Kommunikation"', 'name = ""'),
    _at("sender-name", TOML, 'name = "Berg Kommunikation"', 'name = "petra@berg-kommunikation.internal"'),
    _at("noreply-sender", TOML, '"\n\n[change]', '"\nreply_to = "noreply@berg-kommunikation.internal"\n\n[change]'),
    _at("relay-settings", TOML, 'host = "mail.', 'host = "imap.'),
    _at("relay-settings", TOML, "password_command", "port = 993\npassword_command"),
    _at("relay-settings", TOML, "password_command", 'port = 587\ntls = "implicit"\npassword_command'),
    _at("other-login", TOML, 'user = "petra@berg-kommunikation', 'user = "petra@berg-komunikation'),
    Edited(
        "foreign-relay",
        ((TOML, '"\nemail = "petra@berg-kommunikation.internal"\n\n', '"\nemail = "petra.berg@freenet.de"\n\n'),),
    ),
    Edited(
        "new-through-old",
        (
            (
                TOML,
                '"\nemail = "petra@berg-kommunikation.internal"\nreply',
                '"\nemail = "petra@berg-neu.internal"\nreply',
            ),
        ),
        clean.mailbox_campaign,
    ),
    _at(
        "other-login",
        TOML,
        'host = "mail.berg-kommunikation.internal"\nuser = "petra@berg-kommunikation.internal"',
        'preset = "web.de"\nuser = "petra.berg"',
    ),
    Edited(
        "dead-mailbox",
        (
            (TOML, "password_command", 'rate = "1/day"\npassword_command'),
            (
                TOML,
                f"effective = {_SOON}\nold_works_until = {_LATER}",
                f"effective = {_TODAY}\nold_works_until = {_TODAY}",
            ),
        ),
        clean.mailbox_campaign,
    ),
    _at("relay-limit", TOML, 'host = "mail.berg-kommunikation.internal"', 'preset = "infomaniak"\nrate = "600/day"'),
    _at("relay-new", TOML, 'host = "mail.berg-kommunikation.internal"', 'preset = "ionos"'),
    _at("relay-slow", TOML, "password_command", 'rate = "1/day"\npassword_command'),
    Edited(
        "deadline-missed",
        (
            (TOML, "password_command", 'rate = "1/day"\npassword_command'),
            (TOML, 'language = "de"', f'language = "de"\ndeadline = {_TODAY}'),
        ),
    ),
    _at("own-address", PEOPLE, "ben@kunde-zwei.internal", "petra@berg-kommunikation.internal"),
    _at("machine-address", PEOPLE, "ben@kunde-zwei.internal", "noreply@kunde-zwei.internal"),
    _at("test-row", PEOPLE, "Herr;Ben;Birke", "Herr;Test;Test"),
]

IN_WORDS = [
    *_NUMBERS,
    *_MAILBOXES,
    *_ACCOUNTS,
    *_DATES,
    *_CLAIMS,
    *_UNFINISHED,
    *_LINKS,
    *_FILES,
    *_SETTINGS,
]
