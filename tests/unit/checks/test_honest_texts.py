"""Nothing is found in honest texts: a check that cries wolf is switched off, and then finds nothing at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notify.core.campaign import Campaign, Change, Details
from notify.core.form import Form
from notify.rendering import Template
from tests.audiences import TO_EVERYBODY
from tests.unit.checks.mailing import BANK, CHANGE, SENDER, Mailing, inspected

HONEST = Path(__file__).parents[2] / "data" / "honest"
#: Two who get it, of whom one writes in capitals and is called like a missing value.
PEOPLE = [
    {"email": "anna@kunde.example", "name": "Anna Nan", "salutation": "Guten Tag Anna Nan,"},
    {"email": "BEN.NULL@kunde.example", "name": "Ben Null", "salutation": "Sehr geehrter Herr Null,"},
]


@pytest.mark.parametrize("path", sorted(HONEST.iterdir()), ids=lambda path: path.name)
def test_nothing_is_found_in_an_honest_text(tmp_path: Path, path: Path) -> None:
    """Letters in three languages and two forms, code, brackets, a newsletter with prices, a new bank account."""
    kind, language, suffix = path.name.split(".")
    shutil.copy(path, tmp_path / f"message.{language}.{suffix}")
    subject, _, text = path.read_text("utf-8").partition("\n\n")
    mailing = Mailing(
        tmp_path,
        BANK if kind == "bank" else CHANGE,
        kind="newsletter" if kind == "newsletter" else "notice",
        language=language,
        people=PEOPLE,
    )
    assert mailing.findings(text, subject=subject.removeprefix("Subject: "), suffix=suffix) == []


SENTENCES = [
    (
        "de",
        "Unser Büro zieht um: ab dem 1. Dezember 2026 im Musterweg 2. Parken können Sie im Musterweg 8.",
    ),
    ("de", "Bitte verwenden Sie die alte Adresse info@alt.example nicht mehr, sondern nur noch info@neu.example."),
    ("de", "Wenn Sie dringend etwas brauchen, rufen Sie an: +49 40 222222."),
    ("de", "Ihr Ansprechpartner bleibt Herr Beispiel, Durchwahl +49 40 222222-17."),
    ("de", "Die Rechnung vom 12.11.2026 über 50 % des Betrags (2.500 €) bleibt gültig. Siehe § 7 [2]."),
    ("de", "Öffnungszeiten: Mo–Fr 8–17 Uhr, ab 2. Januar 2027 auch samstags."),
    ("de", "Bis zum 15. Januar 2027 nehmen wir Ihre Unterlagen entgegen."),
    (
        "de",
        "Wir beraten Sie gern auch künftig: unter 040 222222 oder mobil 0171 2345678.",
    ),
    ("de", "Neu ist nur die Nummer: +49 40 222222. Die Faxnummer 040 111119 entfällt."),
    ("de", "Liebe Kundinnen und Kunden, liebe Freunde des Hauses,"),
    ("de", "Unser Notdienst ist weiterhin unter 0800 1234567 erreichbar."),
    ("de", "Die neuen Preise finden Sie in der Preisliste [PL-2027]; Ihr Rabatt bleibt."),
    ("de", "Sie müssen nichts tun. Nur das Adressbuch sollten Sie ändern."),
    ("de", "Achtung, die Hausnummer ist neu: Musterweg 2!"),
    ("en", "Our old number, +49 40 111111, will be switched off; please use +49 40 222222 from now on."),
    ("en", "If it is urgent, please call us."),
    ("en", "Nothing changes for you: prices, discounts and contracts stay as they are."),
    ("en", "We have moved to Musterweg 2, 20095 Hamburg. Please send mail to that address only."),
    ("en", "Dear friends and colleagues,"),
    ("fr", "En cas d'urgence, appelez le +49 40 222222. L'ancien numéro, +49 40 111111, sera coupé."),
    ("fr", "Nos bureaux déménagent le 1er décembre 2026. Veuillez noter notre nouvelle adresse : Musterweg 2."),
    ("de", "Preise, Rabatte und Gutscheine bleiben unverändert."),
    ("fr", "Les remises de 10 % restent les mêmes."),
    ("de", "Meine Website und die Bankverbindung bleiben, auch die Faxnummer ändert sich nicht."),
    ("de", "Die alte Telefonnummer bleibt noch bis zum 31. Januar 2027 geschaltet."),
    ("de", "Ab Dienstag, dem 1. Dezember 2026, sind wir im Musterweg 2. Mittwochs ist geschlossen."),
    ("de", "Vom 21. bis 23. Dezember 2026 ziehen wir mit dem Lager um."),
    ("de", "Sie erreichen uns von 8 bis 24 Uhr, am 24.12. bis 12:30 Uhr."),
    ("de", "Wir fragen Sie nie nach Passwort oder PIN. Ihre Zugangsdaten bleiben gültig."),
    ("de", "Haben Sie Fragen? Schreiben Sie uns, wir sind da: Ihr Team (Anna, Ben u. a.)."),
    ("de", "Bitte ändern Sie die Nummer in Ihrem Adressbuch; ein Anhang ist nicht dabei."),
    ("de", "Eine Datei im Anhang brauchen Sie nicht."),
    ("de", "Ein Dreizimmerbüro à 80 m² – **neu** und *hell*, 5 * 4 Plätze."),
    ("de", "Mehr dazu: [unsere Seite](https://neu.example/umzug?von=alt&an=neu), [Anruf](tel:+4940222222)"),
    ("de", "Unsere neue Mobilnummer folgt; Aktenzeichen 0815.4711.12, Version 2.0.10."),
    ("de", "Unter der neuen Adresse Musterweg 2, 20095 Hamburg, finden Sie auch unsere Werkstatt."),
    ("de", "Anfragen zu The Art of the Deal und Le Figaro beantwortet die Redaktion."),
    ("en", "Our website and our bank details stay as they are; only the address changes."),
    ("en", "We are closed on Thursday, 24 December 2026, and open again on 4 January 2027, 8:30 a.m."),
    ("en", "We will never ask you to confirm your password."),
    ("en", "The shop moves on 1 December 2026. Is the old number still in your phone book?"),
    ("en", "Our partner at GmbH & Co. KG, Frau Ahorn und Söhne, will call."),
]


@pytest.mark.parametrize(("language", "sentence"), SENTENCES, ids=lambda words: words[:30])
def test_nothing_is_found_in_an_honest_sentence(tmp_path: Path, language: str, sentence: str) -> None:
    """Each is beside something that is found: a direct line, another house, a case of need, a discount that stays."""
    assert Mailing(tmp_path, language=language).names(sentence) == []


@pytest.mark.parametrize(("subject", "is_found"), [("Neues aus unserem Büro", False), ("Unser neues Büro", True)])
def test_news_are_nothing_that_is_new(tmp_path: Path, subject: str, *, is_found: bool) -> None:
    """The shipped newsletter begins with "Neues aus …" and the sender, whose name may be the one that changes."""
    change = Change(old=Details(name="Muster PR"), new=Details(name="Muster Kommunikation"))
    mailing = Mailing(tmp_path, change, kind="newsletter")
    names = mailing.names("Guten Tag\n\n{{ unsubscribe }}", subject=f"{subject}: Muster PR")
    assert ("old-called-new" in names) == is_found


SHIPPED = Path(__file__).parents[3] / "notify" / "examples" / "templates"


NAME = Change(old=Details(name="Muster PR"), new=Details(name="Muster Kommunikation"))


@pytest.mark.parametrize("change", [CHANGE, BANK, NAME], ids=["details", "bank", "name"])
@pytest.mark.parametrize(
    "path", sorted(SHIPPED.glob("*/message.*")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_nothing_is_found_in_what_is_shipped(tmp_path: Path, path: Path, change: Change) -> None:
    """Whatever changes: the templates of `notify init` are honest texts, too."""
    shutil.copytree(path.parent, tmp_path, dirs_exist_ok=True)
    language, kind = path.name.split(".")[1], "newsletter" if path.parent.name == "newsletter" else "notice"
    campaign = Campaign("test", SENDER, language, change, kind=kind, disclosure=TO_EVERYBODY)
    template = Template(tmp_path, "templates/change", campaign, tmp_path, lambda _: "")
    form = Form.FAMILIAR if ".du." in path.name else Form.FORMAL
    mailing = Mailing(tmp_path, change, language=language, form=form, people=PEOPLE)
    assert inspected(mailing, template, campaign).found() == []
