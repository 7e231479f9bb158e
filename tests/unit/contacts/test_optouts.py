"""Who does not want mail is told by columns and by the names of files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.contacts.columns import opted_out_by_name, says_no, survey_columns


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("EMAIL_BLACKLISTED", "true"),
        ("EMAIL_BLACKLISTED", "1"),
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
    assert says_no(header, cell)
    assert survey_columns(["E-Mail", header], {}).opted_out == (1,)


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
    assert not says_no(header, cell)


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
    assert not says_no(header, cell)
    assert survey_columns([header], {}).opted_out == ()


@settings(deadline=None)
@given(st.text(), st.text())
def test_any_cell_has_an_answer(header: str, cell: str) -> None:
    """Whatever stands there, the answer is yes or no, and the column is among those that were found."""
    if says_no(header, cell):
        assert survey_columns([header], {}).opted_out == (0,)


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
