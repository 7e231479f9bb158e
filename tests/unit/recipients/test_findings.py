"""What a person should know about a recipient, each as a finding with the row that it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notify.core.contact import Origin, Recipient
from notify.core.finding import Finding, Severity
from notify.recipients.findings import findings_on

PLAIN = Recipient(
    key="anna@example.com",
    address="anna@example.com",
    name="Anna Müller",
    language="de",
    salutation="Sehr geehrte Frau Müller,",
    fell_back=False,
    origin=Origin("kunden.csv", 7),
    fields={"language": "Deutsch"},
    row={},
)


@pytest.mark.parametrize("address", ["anna@example.com", "noreplyer@kunde.example", "reply@kunde.example"])
def test_nothing_to_say(address: str) -> None:
    """Whoever is written to as the file says is no finding."""
    assert list(findings_on(replace(PLAIN, address=address, name="Testa Tester"))) == []


@pytest.mark.parametrize("language", ["1", "49", " 2 ", "-"])
def test_a_code_for_a_language(language: str) -> None:
    """What a program means by a number nobody else knows, so nothing is said about it."""
    assert list(findings_on(replace(PLAIN, fields={"language": language}))) == []


@pytest.mark.parametrize(
    ("recipient", "name", "severity", "what"),
    [
        (
            replace(PLAIN, address="no-reply@kunde.example"),
            "machine-address",
            Severity.WARNING,
            "no-reply@kunde.example: a machine sends from it, and nobody reads what comes back",
        ),
        (
            replace(PLAIN, name="Test Test"),
            "test-row",
            Severity.WARNING,
            "Test Test <anna@example.com> looks like a test",
        ),
        (
            replace(PLAIN, address="anna@gmial.com"),
            "mistyped-address",
            Severity.WARNING,
            "anna@gmial.com  →  anna@gmail.com ?",
        ),
        (
            replace(PLAIN, address="müller@example.com"),
            "letters-beyond-ascii",
            Severity.INFO,
            'müller@example.com  has "ü"',
        ),
        (
            replace(PLAIN, doubt="leaves out the doctor"),
            "doubtful-greeting",
            Severity.WARNING,
            "Sehr geehrte Frau Müller, leaves out the doctor",
        ),
        (
            replace(PLAIN, fell_back=True, why="no name"),
            "neutral-greeting",
            Severity.INFO,
            "neutral salutation: no name",
        ),
        (
            replace(PLAIN, fields={"language": " polnisch "}),
            "other-language",
            Severity.WARNING,
            'language: there is no message for "polnisch", which the file says; this one is "de"',
        ),
    ],
)
def test_what_is_noticed(recipient: Recipient, name: str, severity: Severity, what: str) -> None:
    """Each has its own name, and says the row."""
    assert list(findings_on(recipient)) == [Finding(name, severity, "kunden.csv:7", what)]
