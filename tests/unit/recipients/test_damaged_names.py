"""Nobody is greeted with a name that was damaged on its way, or that stands for nothing."""

from __future__ import annotations

import pytest

from notify.core.contact import FIELDS, Contact, Origin, Recipient
from notify.recipients.admission import Rules, admit
from notify.recipients.findings import DAMAGED_NAME, findings_on


def recipient(**fields: str) -> Recipient:
    """Return whom a row with these fields becomes."""
    filled = {**dict.fromkeys(FIELDS, ""), "email": "a@firma.example", **fields}
    (found,) = admit(Contact(Origin("kunden.csv", 7), filled, {}), Rules())
    assert isinstance(found, Recipient)
    return found


@pytest.mark.parametrize(
    ("fields", "greeting", "name"),
    [
        ({"prefix": "Herr", "first_name": "Jens", "last_name": "M?ller"}, "Guten Tag,", "Jens M?ller"),
        ({"prefix": "Herr", "name": "Jens M\ufffdller"}, "Guten Tag,", "Jens M\ufffdller"),
        ({"gender": "f", "first_name": "J?rgen", "last_name": "Meier"}, "Guten Tag,", "J?rgen Meier"),
        ({"salutation": "Sehr geehrter Herr M?ller", "last_name": "M?ller"}, "Guten Tag,", "M?ller"),
        ({"form": "du", "first_name": "J?rg"}, "Hallo,", "J?rg"),
        ({"prefix": "Frau", "rank": "Gräfin", "last_name": "M?ller"}, "Guten Tag,", "Gräfin M?ller"),
        ({"prefix": "Frau", "rank": "Gr?fin", "last_name": "Berg"}, "Guten Tag,", "Berg"),
    ],
)
def test_a_damaged_name(fields: dict[str, str], greeting: str, name: str) -> None:
    """It is greeted neutrally and listed by its line, and no template can say it."""
    found = recipient(**fields)
    assert (found.salutation, found.name, found.why) == (greeting, name, "the name is damaged")
    assert not any("?" in text or "\ufffd" in text for text in found.fields.values())
    finding = next(finding for finding in findings_on(found) if finding.name == DAMAGED_NAME)
    assert (finding.where, name in finding.what) == ("kunden.csv:7", True)


@pytest.mark.parametrize(
    "word", ["tbd", "TBD", "t.b.d.", "#N/A", "#NV", "#DIV/0!", "Err:508", "n/a", "k.A.", "unbekannt"]
)
def test_a_word_for_nothing(word: str) -> None:
    """It is nobody's name."""
    found = recipient(prefix="Herr", last_name=word, company=word)
    assert (found.salutation, found.fell_back) == ("Guten Tag,", True)
    assert word not in found.fields.values()


def test_what_is_whole_is_said() -> None:
    """A company that is damaged costs nobody the name."""
    found = recipient(prefix="Frau", first_name="Anna", last_name="Müller", company="Gro?handel", city="K?ln")
    assert found.salutation == "Sehr geehrte Frau Müller,"
    assert (found.fields["company"], found.fields["city"], found.why) == ("", "K?ln", "")
