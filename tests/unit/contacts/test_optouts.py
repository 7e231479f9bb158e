"""Who does not want mail is told by columns and by the names of files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.contacts.columns import survey_columns
from notify.contacts.optouts import objection, objection_by_name, objections, opted_out_by_name
from notify.core.objection import Against


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("EMAIL_BLACKLISTED", "true"),
        ("EMAIL_BLACKLISTED", "1"),
        ("EMAIL_BLACKLISTED", "1.0"),
        ("EMAIL_BLACKLISTED", "1,00"),
        ("Newsletter abbestellt", "ja"),
        ("Newsletter abbestellt", "12.03.2024"),
        ("Newsletter abgemeldet am", "2024-03-12T08:00:00Z"),
        ("Unsubscribed from all email", "TRUE"),
        ("UNSUB_TIME", "2024-01-01 10:00:00"),
        ("CLEAN_TIME", "2024-01-01 10:00:00"),
        ("unsubscribed_at", "1700000000"),
        ("Opt-out", "x"),
        ("HasOptedOutOfEmail", "1"),
        ("Opted out of email: Marketing Information", "Yes"),
        ("Do not allow Emails", "Do Not Allow"),
        ("Werbesperre", "J"),
        ("Keine Werbung", "☑"),
        ("Kein Newsletter", "ja"),
        ("Désabonné", "oui"),
        ("E-Mail-Werbung", "nein"),
        ("E-Mail-Werbung", "Nein "),
        ("Newsletter", "0"),
        ("Newsletter", "abgemeldet"),
        ("Newsletter gewünscht", "N"),
        ("Newsletter gew?nscht", "nein"),
        ("Newsletter gewÃ¼nscht", "nein"),
        ("Empfängt E-Mail", "nein"),
        ("Opt-In", "no"),
        ("Accepts Email Marketing", "no"),
        ("Email Marketing Consent", "NEVER_SUBSCRIBED"),
        ("Email Marketing Consent", "UNSUBSCRIBED"),
        ("Status", "Unsubscribed"),
        ("E-Mail-Status", "abgemeldet"),
        ("Subscription status", "Opted out"),
    ],
)
def test_no_is_understood(header: str, cell: str) -> None:
    """A contact who said no is recognised, whichever way round the column asks."""
    assert objection(header, cell) is not None
    assert survey_columns(["E-Mail", header], {}).wishes == (1,)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("EMAIL_BLACKLISTED", "false"),
        ("EMAIL_BLACKLISTED", ""),
        ("Newsletter abbestellt", "nein"),
        ("Newsletter abbestellt", "vielleicht"),
        ("Newsletter abbestellt", "0000-00-00 00:00:00"),
        ("Newsletter abbestellt", "0.0.00"),
        ("UNSUB_TIME", "0"),
        ("E-Mail-Werbung", "ja"),
        ("E-Mail-Werbung", ""),
        ("E-Mail-Werbung", "unbekannt"),
        ("Newsletter", "-"),
        ("Newsletter", "Garten, Küche"),
        ("Opt-In", "2024-01-01"),
        ("Status", "nein"),
        ("Status", "0"),
        ("Status", "inaktiv"),
        ("Status", "Active"),
        ("Status", "gesperrt"),
    ],
)
def test_nothing_is_read_into_a_cell(header: str, cell: str) -> None:
    """Yes is not no, an empty cell is nothing, and a customer whose account is blocked has not asked for silence."""
    assert objection(header, cell) is None


@pytest.mark.parametrize(
    "header",
    [
        *("SMS_BLACKLISTED", "Accepts SMS Marketing", "Opt-out Telefon", "UNSUB_REASON", "UNSUB_CAMPAIGN_ID"),
        *("Abmeldelink", "OPTIN_TIME", "OPTIN_IP", "Newsletter-Format", "Vorname", "Nachnahme", "E-Mail", "Gesperrt"),
    ],
)
@pytest.mark.parametrize("cell", ["ja", "nein", "1", "0", "2024-01-01", "unsubscribed"])
def test_other_columns_say_nothing(header: str, cell: str) -> None:
    """Who wants no calls may still be written to, and a reason is no answer."""
    assert objection(header, cell) is None
    assert survey_columns([header], {}).wishes == ()


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_cell_has_an_answer(header: str, cell: str) -> None:
    """Whatever stands there, the answer is yes or no, and the column is among those that were found."""
    if objection(header, cell):
        assert survey_columns([header], {}).wishes == (0,)


@pytest.mark.parametrize(
    ("filename", "opted_out"),
    [
        ("subscribed_members_export_1a2b3c.csv", False),
        ("unsubscribed_members_export_1a2b3c.csv", True),
        ("cleaned_members_export_1a2b3c.csv", True),
        ("subscribed_email_audience_export_1a2b3c.csv", False),
        ("unsubscribed_email_audience_export_1a2b3c.csv", True),
        ("cleaned_email_audience_export_1a2b3c.csv", True),
        ("nonsubscribed_email_audience_export_1a2b3c.csv", True),
        ("subscribed_segment_export_1a2b3c.csv", False),
        ("2024-03-01_Unsubscribed_members_export_1a2b3c.csv", True),
        ("unsubscribed_members_export_1a2b3c (1).csv", True),
        ("cleaned_members_export_1a2b3c-1.csv", True),
        ("subscribed_members_export_1a2b3c - Kopie (2).csv", False),
        ("Kopie von unsubscribed_members_export_1a2b3c.csv", True),
        ("Unsubscribed Members Export 1a2b3c.csv", True),
        ("exports/unsubscribed_members_export_1a2b3c.csv", True),
        ("C:\\Users\\Anna\\cleaned_members_export_1a2b3c.csv", True),
        ("unsubscribed_members_export_1a2b3c/kunden.csv", None),
        ("resubscribed_members_export.csv", None),
        ("sms_only_audience_export_1a2b3c.csv", None),
        ("unsubscribed.csv", None),
        ("kunden.csv", None),
        ("", None),
    ],
)
def test_file_names_of_mailchimp(filename: str, *, opted_out: bool | None) -> None:
    """Mailchimp tells only in the name of the file that those in it left, or that their addresses bounced."""
    assert opted_out_by_name(filename) is opted_out


ADVERTISING, ALL_MAIL, UNREACHABLE, DECEASED, LEFT = (
    Against.ADVERTISING,
    Against.ALL_MAIL,
    Against.UNREACHABLE,
    Against.DECEASED,
    Against.LEFT,
)


@pytest.mark.parametrize(
    ("against", "header", "cells"),
    [
        # what is refused is advertising
        (ADVERTISING, "Werbung erlaubt", "nein;Nein;N;0;false"),
        (ADVERTISING, "Newsletter", "0;nein;abgemeldet"),
        (ADVERTISING, "Werbung J/N", "n"),
        (ADVERTISING, "Werbung gewünscht", "nein"),
        (ADVERTISING, "Werbung zulassen", "nein"),
        (ADVERTISING, "Werbung per E-Mail", "nein"),
        (ADVERTISING, "Darf Werbung erhalten", "nein"),
        (ADVERTISING, "Newsletter (ja/nein)", "nein"),
        (ADVERTISING, "Newsletter abonniert", "nein"),
        (ADVERTISING, "Newsletter abbestellt", "ja;12.03.2024"),
        (ADVERTISING, "Werbeeinwilligung", "nein"),
        (ADVERTISING, "Werbesperre", "ja;X"),
        (ADVERTISING, "Keine Werbung", "ja"),
        (ADVERTISING, "E-Mail-Werbung", "nein"),
        (ADVERTISING, "Mailing erlaubt", "0"),
        (ADVERTISING, "Marketing", "no"),
        (ADVERTISING, "Marketing allowed", "No"),
        (ADVERTISING, "Accepts Email Marketing", "no"),
        (ADVERTISING, "Receives newsletter", "false"),
        (ADVERTISING, "Advertising allowed", "no"),
        (ADVERTISING, "Opted out of email: Marketing Information", "Yes"),
        (ADVERTISING, "Email Marketing Status", "unsubscribed"),
        (ADVERTISING, "Newsletter opt-in", "no"),
        (ADVERTISING, "Status", "keine Werbung"),
        # what is refused is mail
        (ALL_MAIL, "EMAIL_BLACKLISTED", "1"),
        (ALL_MAIL, "Unsubscribed from all email", "true"),
        (ALL_MAIL, "HasOptedOutOfEmail", "1"),
        (ALL_MAIL, "Do not email", "yes"),
        (ALL_MAIL, "Do Not Contact", "x"),
        (ALL_MAIL, "Keine E-Mails", "ja"),
        (ALL_MAIL, "E-Mail gesperrt", "ja"),
        (ALL_MAIL, "Kontaktsperre", "J"),
        (ALL_MAIL, "Status", "unsubscribed;abgemeldet;Complained;Spam complaint"),
        (ALL_MAIL, "List status", "Unsubscribed"),
        (ALL_MAIL, "Global status", "unsubscribed;blacklisted"),
        (ALL_MAIL, "Listenstatus", "abgemeldet"),
        # no mail comes through
        (UNREACHABLE, "Status", "bounced;unreachable;cleaned;Hard bounce;undeliverable;unzustellbar;nicht erreichbar"),
        (UNREACHABLE, "List status", "Bounced"),
        (UNREACHABLE, "Global status", "bounced;cleaned"),
        (UNREACHABLE, "Zustellstatus", "unzustellbar"),
        (UNREACHABLE, "E-Mail-Status", "ungültig;invalid;bounced"),
        (UNREACHABLE, "Newsletter-Status", "bounced"),
        (UNREACHABLE, "Bounced", "yes;2024-01-01"),
        (UNREACHABLE, "Hard bounce", "1"),
        (UNREACHABLE, "E-Mail ungültig", "ja"),
        (UNREACHABLE, "CLEAN_TIME", "2024-01-01 10:00:00"),
        # who has died, and who has left
        (DECEASED, "Verstorben", "Ja;x;†;2019;03.02.2019"),
        (DECEASED, "Status", "verstorben;Deceased;tot;verstorben 2019;Verstorben am 3.2.2019;deceased (2019)"),
        (DECEASED, "Mitgliedsstatus", "verstorben"),
        (DECEASED, "Sterbedatum", "03.02.2019;2019;20190203"),
        (DECEASED, "Todesdatum", "2019-02-03"),
        (DECEASED, "verstorben am", "03.02.2019"),
        (DECEASED, "Deceased", "yes;TRUE"),
        (DECEASED, "Date of death", "2019-02-03"),
        (DECEASED, "Décédé", "oui"),
        (LEFT, "Ausgetreten", "ja;x;31.12.2020"),
        (LEFT, "Austrittsdatum", "31.12.2020;20201231"),
        (LEFT, "Austritt zum", "2020-12-31;31. Dezember 2020;Dec-20;12/2020"),
        (LEFT, "Mitglied bis", "31.12.2020"),
        (
            LEFT,
            "Status",
            "ausgetreten;ehemalig;former member;ausgetreten zum 31.12.2020;ausgetreten 2020;left on 31 Dec 2020",
        ),
        (LEFT, "Mitgliedschaft", "ausgetreten"),
        (LEFT, "Membership status", "resigned"),
        (LEFT, "Membership end date", "12/31/2020"),
        (LEFT, "Date left", "2020-12-31"),
    ],
)
def test_what_is_said(against: Against, header: str, cells: str) -> None:
    """Refusing advertising is not refusing all mail, and neither is being dead, at an address or altogether."""
    assert survey_columns(["E-Mail", header], {}).wishes == (1,)
    for cell in cells.split(";"):
        said = objection(header, cell)
        assert said is not None, cell
        assert (said.against, said.reason) == (against, f"{header}: {cell}")


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Verstorben", "nein"),
        ("Verstorben", "0"),
        ("Austrittsdatum", "00.00.0000"),
        ("Austrittsdatum", "k. A."),
        ("Austrittsdatum", "30.02.2020"),
        ("Austrittsdatum", "20203112"),
        ("Austrittsdatum", "10000815"),
        ("Ehepartner verstorben", "ja"),
        ("Name des Verstorbenen", "ja"),
        ("Austrittsgrund", "ausgetreten"),
        ("Zahlungsstatus", "bounced"),
        ("Auftragsstatus", "abgelehnt"),
        ("Vertragsstatus", "widerrufen"),
        ("Status", "soft bounce"),
        ("Bounce count", "1"),
        ("List status", "Subscribed"),
        ("Werbung erlaubt", "ja"),
        ("Werbung per Post", "nein"),
        ("Bewerber", "nein"),
        ("Bewerbung", "nein"),
        ("Nachname", "Tod"),
    ],
)
def test_what_is_not_said(header: str, cell: str) -> None:
    """Who has not died, whose cheque bounced, or who has applied for work may be written to."""
    assert objection(header, cell) is None


@pytest.mark.parametrize(
    ("cell", "before", "on"),
    [
        ("31.12.2026", "2026-12-31", "2027-01-01"),
        ("2026-12-31 00:00:00", "2026-12-31", "2027-01-01"),
        ("31.12.26", "2026-12-31", "2027-01-01"),
        # whichever of both comes later
        ("05/04/2026", "2026-05-04", "2026-05-05"),
        ("31.12.9999", "2026-12-31", "9999-12-31"),
        ("ausgetreten zum 31.12.2026", "2026-12-31", "2027-01-01"),
        ("ausgetreten zum 31. Dezember 2026", "2026-12-31", "2027-01-01"),
        ("31-Dec-26", "2026-12-31", "2027-01-01"),
        ("Dec-26", "2026-12-31", "2027-01-01"),
    ],
)
def test_who_leaves_is_there_until_then(cell: str, before: str, on: str) -> None:
    """A day in the future is not yet an objection, nor is the last day itself."""
    said = objection("Austrittsdatum", cell)
    assert said is not None
    assert not said.holds(dt.date.fromisoformat(before))
    assert said.holds(dt.date.fromisoformat(on)) is not ("9999" in cell)


@pytest.mark.parametrize(
    "name", ["Max Muster †", "† Muster, Max", "Max Muster (verstorben)", "Muster, verst.", "Muster (verst 2020)"]
)
def test_the_dead_are_marked_in_names(name: str) -> None:
    """Who keeps a list by hand writes it behind the name."""
    assert [one.against for one in objections([], ["Max", name])] == [DECEASED]


@pytest.mark.parametrize("name", ["Anna Verst", "Max Tod", "Verstegen", "Deceasedson", ""])
def test_names_are_no_marks(name: str) -> None:
    """Nobody is buried for what they are called."""
    assert not list(objections([], [name]))


def test_of_each_kind_the_first() -> None:
    """A row may say several things, and one of them often."""
    cells = [("Newsletter", "nein"), ("Opt-out", ""), ("Status", "bounced"), ("Werbung erlaubt", "nein")]
    assert [one.reason for one in objections(cells, [])] == ["Newsletter: nein", "Status: bounced"]


@pytest.mark.parametrize(
    ("status", "against"),
    [("unsubscribed", [ALL_MAIL]), ("nonsubscribed", [ALL_MAIL]), ("cleaned", [UNREACHABLE]), ("subscribed", [])],
)
def test_what_a_file_name_says(status: str, against: list[Against]) -> None:
    """Who is in the file of those whose addresses bounced has refused nothing."""
    assert [one.against for one in objection_by_name(Path(f"{status}_members_export_1a2b3c.csv"))] == against
