"""What is wrong in the author's words is found, said with its line, and told how to be mended."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from notify.core.check_names import CHECKS, GRAVE
from notify.core.finding import Severity
from notify.core.message import Mailbox
from tests.unit.checks.mailing import BANK, CHANGE, SENDER, Mailing

PLACEHOLDERS = [
    "Hallo {Vorname},",
    "Hallo { First Name },",
    "{Anrede}",
    "{% raw %}Hallo {{Firma}}{% endraw %}",
    "{% raw %}{% if x %}{% endraw %}",
    "Hallo <<Name>>,",
    "Hallo <<Ihr Vorname>>,",
    "Hallo «Vorname»",
    "Hallo [Name],",
    "Hallo [Your Name],",
    "Am [Datum] ziehen wir um.",
    "[hier Text einfügen]",
    "[insert address here]",
    "[TODO]",
    "Hallo %NAME%,",
    "Hallo %Vorname%,",
    "Hallo *|FNAME|*,",
    "Hallo %%first_name%%,",
    "Hallo ##Vorname##,",
    "Hallo ${first_name},",
    "Lorem ipsum dolor sit amet",
]


@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_placeholders_that_stayed(tmp_path: Path, suffix: str) -> None:
    """Those of Word, Mailchimp, Thunderbird and of people, in both kinds of messages; they are grave."""
    mailing = Mailing(tmp_path)
    findings = mailing.findings("\n".join(["{{ salutation }}", "", *PLACEHOLDERS[:19]]), suffix=suffix)
    findings += mailing.findings("\n".join(["{{ salutation }}", "", *PLACEHOLDERS[19:]]), suffix=suffix)
    assert {found.name for found in findings} == {"leftover-placeholder"}
    assert {found.severity for found in findings} == {Severity.ERROR}
    assert all(found.mend for found in findings)
    lines = [found.where.rpartition(":")[2] for found in findings]
    assert sorted(map(int, lines)) == sorted([*range(5, 24), 5, 6])


@pytest.mark.parametrize("subject", ["Neues für {Firma}", "Neues für [Name]"])
def test_placeholders_in_the_subject(tmp_path: Path, subject: str) -> None:
    """They are the worst: everybody sees them first."""
    (found,) = Mailing(tmp_path).findings("Guten Tag", subject=subject)
    assert (found.name, found.where) == ("leftover-placeholder", "templates/change/message.de.md:1")


def test_the_mend_of_a_placeholder_names_the_field(tmp_path: Path) -> None:
    """It is what the author meant, in the words of a template."""
    mends = [found.mend for found in Mailing(tmp_path).findings("%%Wunschtermin%% <<Anrede>> {Vorname}")]
    for mend, words in zip(mends, ('row["…"]', "{{ salutation }}", "{{ contact.first_name }}"), strict=True):
        assert words in mend


@pytest.mark.parametrize(
    ("name", "text", "suffix"),
    [
        ("markup-in-text", "Das ist <b>neu</b>.", "txt"),
        ("markup-in-text", "Das ist <b>neu</b>.", "md"),
        ("markup-in-text", "Zeile<br/>Zeile", "txt"),
        ("markup-in-text", 'Hier: <a href="https://neu.example">Seite</a>', "md"),
        ("markup-in-text", "Müller &amp; Söhne, Stra&szlig;e", "txt"),
        ("markup-in-text", "Das ist **neu**.", "txt"),
        ("markup-in-text", "Zur [Seite](https://neu.example)", "txt"),
        ("comment-in-text", "Text <!-- noch prüfen --> Text", "md"),
        ("comment-in-text", "Text <!-- noch\nprüfen --> Text", "txt"),
        ("comment-in-text", "/* noch prüfen */ Text", "txt"),
        ("misleading-link", "[https://neu.example](https://boese.test/x)", "md"),
        ("misleading-link", "[www.neu.example/kontakt](https://neu.example.boese.test)", "md"),
        ("misleading-link", "[neu.example](https://neu.example@boese.test/)", "md"),
        ("misleading-link", "[info@neu.example](mailto:info@nue.example)", "md"),
        ("advertising", "Besuchen Sie unseren neuen Laden.", "md"),
        ("advertising", "Jetzt 20 % Rabatt auf alles", "txt"),
        ("advertising", "Entdecken Sie unsere neuen Leistungen", "md"),
        ("advertising", "Alle Kurse für nur 49,00 €", "md"),
        ("advertising", "Bitte empfehlen Sie uns weiter", "md"),
        ("advertising", "Visit our new shop and follow us", "txt"),
        ("advertising", "Profitez de notre offre spéciale", "md"),
        ("urgency", "Bitte ändern Sie die Adresse sofort.", "md"),
        ("urgency", "Dringend: neue Adresse", "txt"),
        ("urgency", "Sie müssen innerhalb von 24 Stunden antworten", "md"),
        ("urgency", "Please update this immediately", "md"),
        ("urgency", "Wenn Sie nicht innerhalb von 24 Stunden antworten, sperren wir das Konto", "md"),
        ("urgency", "ACHTUNG, neue Adresse", "md"),
        ("urgency", "Neue Adresse!!!", "txt"),
        ("mixed-forms", "Bitte melden Sie sich, wenn du etwas brauchst. Ich danke dir.", "md"),
        ("mixed-forms", "Das schicke ich Ihnen. Hast du Fragen?", "txt"),
        ("another-recipient", "Sehr geehrte Frau Dr. Beispiel,", "txt"),
        ("another-recipient", "Dear Mr Smith,", "md"),
    ],
)
def test_each_is_found_by_its_name_and_line(tmp_path: Path, name: str, text: str, suffix: str) -> None:
    """In its own line of the template."""
    findings = Mailing(tmp_path).findings(f"{{{{ salutation }}}}\n\nZeile\n{text}", suffix=suffix)
    found = next(found for found in findings if found.name == name)
    assert found.where == f"templates/change/message.de.{suffix}:6"
    assert found.severity is (Severity.ERROR if name in GRAVE else Severity.WARNING)
    assert found.mend


@pytest.mark.parametrize("name", ["advertising", "urgency"])
def test_a_newsletter_may_sell_and_press(tmp_path: Path, name: str) -> None:
    """It is advertising, and people have asked for it."""
    text = "Dringend: besuchen Sie uns, 20 % Rabatt!!"
    assert name in Mailing(tmp_path).names(text)
    assert Mailing(tmp_path, kind="newsletter").names(text + "\n\n{{ unsubscribe }}") == []


def test_a_firm_that_is_called_like_advertising(tmp_path: Path) -> None:
    """What comes from a contact's cell is not what the author says."""
    text = "{{ salutation }} {{ contact.company }} {{ contact.city }}"
    people = [{"email": "a@kunde.example", "company": "Rabatt & Gutschein GmbH", "city": "Dringend"}]
    assert Mailing(tmp_path, people=people).names(text) == []
    assert Mailing(tmp_path, people=people).names("Rabatt & Gutschein GmbH") == ["advertising", "advertising"]


@pytest.mark.parametrize(
    "text",
    [
        "Unsere neue Telefonnummer: +49 40 111111.",
        "Die neue Adresse lautet info@alt.example.",
        "Unsere neue Telefonnummer ist 040 / 111 111.",
        "Bitte schreiben Sie künftig an {{ old.email }}.",
        "Bitte schreiben Sie nicht mehr an info@neu.example.",
        "Bisher: {{ new.phone }}",
        "Our new address is info@alt.example.",
        "The old number was +49 40 222222.",
        "Notre nouvelle adresse : info@alt.example",
    ],
)
def test_old_called_new(tmp_path: Path, text: str) -> None:
    """Typed, or printed from the wrong side of [change]."""
    (found,) = Mailing(tmp_path).findings(text)
    assert found.name == "old-called-new"


@pytest.mark.parametrize(
    "text",
    [
        "Aus info@alt.example wird info@neu.example.",
        "Die neue Adresse info@neu.example ersetzt info@alt.example.",
        "Neu: info@neu.example (bisher info@alt.example)",
        "Statt +49 40 111111 gilt jetzt +49 40 222222.",
        "Our new address, info@neu.example, replaces info@alt.example.",
        "Neue Adresse seit dem Umzug. Unter info@alt.example lesen wir noch.",
    ],
)
def test_old_and_new_in_their_right_places(tmp_path: Path, text: str) -> None:
    """However the sentence turns."""
    assert Mailing(tmp_path).names(text) == []


def test_replies_that_would_go_to_the_old_address(tmp_path: Path) -> None:
    """When the message comes from the new one: sender and change were filled in the wrong way round."""
    swapped = replace(SENDER, mailbox=Mailbox("Muster PR", "info@neu.example"), reply_to="info@alt.example")
    assert Mailing(tmp_path, sender=swapped).names("Guten Tag") == ["old-called-new"]


def test_address_and_website_that_changed_domains_crosswise(tmp_path: Path) -> None:
    """One of the two has old and new swapped."""
    old = replace(CHANGE.old, website="https://neu.example")
    new = replace(CHANGE.new, website="https://www.alt.example")
    assert Mailing(tmp_path, replace(CHANGE, old=old, new=new)).names("Guten Tag") == ["old-called-new"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Telefon: +49 40 22222"),
        ("de", "Tel. 040 222232"),
        ("de", "Rufnummer 040 22 22 23"),
        ("de", "Sie erreichen uns unter 040 262222."),
        ("de", "Unsere neue Telefonnummer ist 040 333333."),
        ("de", "Schreiben Sie an info@neue.example"),
        ("de", "Schreiben Sie an info@nue.example"),
        ("de", "Schreiben Sie an inof@neu.example"),
        ("de", "Unsere neue E-Mail-Adresse ist post@neu.example"),
        ("de", "Rufen Sie uns künftig unter 0049 40 222223 an."),
        ("en", "From now on our number is 040 222221."),
        ("de", "Sie finden uns im Musterweg 3"),
        ("de", "ab dem 1. November 2026 erreichen Sie uns unter neuer Nummer"),
        ("de", "die neue Adresse gilt ab 12.1.2026"),
        ("de", "Ab dem 1. Dezember 2027 ändert sich unsere Adresse"),
        ("de", "Die alte Adresse gilt bis zum 31. März 2027"),
        ("en", "You will reach us from December 2, 2026 at the new address"),
        ("fr", "L'ancienne adresse fonctionne jusqu'au 31 mars 2027"),
    ],
)
def test_what_was_typed_and_is_not_what_is_announced(tmp_path: Path, language: str, text: str) -> None:
    """A digit too few, swapped letters, another day: told with what [change] says."""
    (found,) = Mailing(tmp_path, language=language).findings(text)
    assert found.name == "contradicts-change"
    assert "change." in found.what
    assert "{{ " in found.mend


@pytest.mark.parametrize(
    "text",
    [
        "Telefon: +49 (0)40 222222, 0049 40 222222, 040-222222, 222222",
        "Fax: 040 222223",
        "Zentrale 040 222210, Kundennummer 0815 4711",
        "Schreiben Sie an vera@neu.example oder anna@alt.example",
        "Unsere neue Kollegin erreichen Sie unter vera@neu.example",
        "Musterweg 2, 20095 Hamburg; Lieferungen in den Hinterhof",
        "Ab dem 1.12. gilt die neue Adresse, bis 31.01.27 auch die alte",
        "Ab dem 1. Februar 2027 kommt unter der alten Adresse nichts mehr an",
        "Wir haben vom 2. bis 4. Januar geschlossen und sind danach neu aufgestellt",
        "Am 15. Dezember 2026 feiern wir in den neuen Räumen",
        "The new address holds from December 1st, 2026",
    ],
)
def test_what_was_typed_and_agrees(tmp_path: Path, text: str) -> None:
    """However it is written; and numbers, people and dates of which the announcement says nothing."""
    assert Mailing(tmp_path).names(text) == []


#: The website changes too.
SITES = replace(
    CHANGE,
    old=replace(CHANGE.old, website="https://alt.example"),
    new=replace(CHANGE.new, website="https://neu.example/"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Unsere Seite: https://nue.example",
        "Sie finden uns unter www.neu.exmaple.",
        "Die neue Website ist muster.org.",
        "Unsere neue Homepage: https://www.muster.example/start",
        "Please note our new website, www.new.example",
    ],
)
def test_another_website(tmp_path: Path, text: str) -> None:
    """One with a slip in it, or one that is called new and is not that of [change]."""
    (found,) = Mailing(tmp_path, SITES).findings(text)
    assert found.name == "contradicts-change"
    assert found.mend.endswith("{{ new.website }}.")


@pytest.mark.parametrize(
    "text",
    [
        "Mehr unter www.neu.example/umzug, shop.neu.example (bisher https://alt.example) und kammer.example.org",
        "Unsere neue Kollegin finden Sie unter www.kollegin.example",
        "Dr.med. Anna Muster, z.B. mittwochs; die Datei heißt umzug.pdf",
        "Unsere neue Website ist neu.example, früher www.alt.example.",
    ],
)
def test_websites_that_agree(tmp_path: Path, text: str) -> None:
    """Pages and sites of our own, those of others, and what is none."""
    assert Mailing(tmp_path, SITES).names(text) == []


@pytest.mark.parametrize(
    ("change", "text", "name"),
    [
        (BANK, "Neu: DE89 3704 0044 0532 0130 01", "wrong-iban"),
        (BANK, "Neu: DE89 3704 0044 0532 0130 0", "wrong-iban"),
        (BANK, "Neu: AT61 1904 3002 3457 3201", "contradicts-change"),
        (BANK, "Neu: DE89 3704 0044 0532 0130 00, bisher DE02120300000000202051", ""),
        (CHANGE, "Konto: DE89 3704 0044 0532 0130 00", ""),
        (CHANGE, "Konto: DE89 3704 0044 0532 0310 00", "wrong-iban"),
        (BANK, "Unser Konto: {{ new.iban }} https://neu.example", "link-beside-iban"),
        (BANK, "Unser Konto: {{ new.iban }}\n\nMehr bei https://bank.example", "link-beside-iban"),
        (BANK, "Unser Konto: {{ new.iban }}\n\nMehr bei https://www.neu.example/x", ""),
    ],
)
def test_ibans(tmp_path: Path, change: object, text: str, name: str) -> None:
    """One with wrong digits must not go out; one beside a link looks like fraud."""
    mailing = Mailing(tmp_path, change)  # type: ignore[arg-type]
    assert mailing.names(text) == [name] * bool(name)


@pytest.mark.parametrize("detail", ["phone", "email"])
def test_a_new_account_together_with_what_it_is_checked_by(tmp_path: Path, detail: str) -> None:
    """New bank account and new phone or mail in one message is what banks warn of."""
    old = replace(BANK.old, **{detail: {"phone": "+49 40 111111", "email": "info@alt.example"}[detail]})
    assert Mailing(tmp_path, replace(BANK, old=old)).names("Guten Tag") == ["bank-with-contact"]
    assert Mailing(tmp_path, BANK).names("Guten Tag") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty-body"),
        ("{% if new.fax %}Fax: {{ new.fax }}{% endif %} –", "empty-body"),
        ("{{ salutation }}", "greeting-only"),
        ("{{ salutation }} Ja.", ""),
    ],
)
@pytest.mark.parametrize("suffix", ["md", "txt"])
def test_an_empty_body(tmp_path: Path, text: str, suffix: str, name: str) -> None:
    """No word at all is grave; a greeting alone is no message either, as when all conditions are false."""
    assert Mailing(tmp_path).names(text, suffix=suffix) == [name] * bool(name)


def test_a_body_that_comes_from_a_cell(tmp_path: Path) -> None:
    """It is not empty, unless the cell is."""
    people = [{"email": "a@kunde.example", "company": "Ein Text."}, {"email": "b@kunde.example", "company": ""}]
    mailing = Mailing(tmp_path, people=people)
    assert mailing.names("{{ salutation }}\n\n{{ contact.company }}") == ["greeting-only"]
    mailing.people = people[:1]
    assert mailing.names("{{ salutation }}\n\n{{ contact.company }}") == []


def test_html_that_is_too_large(tmp_path: Path) -> None:
    """Octets count, not letters: Gmail cuts at 102 KB."""
    assert Mailing(tmp_path).names("ä" * 30_000) == []
    assert Mailing(tmp_path).names("ä" * 60_000) == ["too-large"]


def test_every_check_can_be_silenced_by_its_name(tmp_path: Path) -> None:
    """And silences no other one."""
    text = "<b>{Vorname}</b> Dringend: besuchen Sie uns"
    names = set(Mailing(tmp_path).names(text))
    assert names == {"markup-in-text", "leftover-placeholder", "urgency", "advertising"}
    for name in names:
        assert set(Mailing(tmp_path, silenced=[name]).names(text)) == names - {name}
    assert Mailing(tmp_path, silenced=CHECKS).names(text) == []


def test_dates_without_a_change(tmp_path: Path) -> None:
    """Where notify.toml announces no day there is nothing to contradict."""
    mailing = Mailing(tmp_path, replace(CHANGE, effective=None, old_works_until=None))
    assert mailing.names("Ab dem 5. März 2027 gilt die neue Adresse, bis zum 3. April 2027 die alte.") == []
    mailing.change = replace(CHANGE, effective=dt.date(2027, 3, 5), old_works_until=None)
    assert mailing.names("Ab dem 5. März 2027 gilt die neue Adresse, bis zum 3. April 2027 die alte.") == []


def test_a_link_that_is_printed(tmp_path: Path) -> None:
    """The message is named; on which line its two sides were printed is not known."""
    (found,) = Mailing(tmp_path).findings("[{{ new.email }}](mailto:{{ old.email }})")
    assert (found.name, found.where) == ("misleading-link", "templates/change/message.de.md")
