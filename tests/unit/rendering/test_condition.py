"""``where``: which contacts are meant."""

from __future__ import annotations

import pytest

from notify.core.contact import FIELDS, Contact, Origin
from notify.errors import ConfigError, InputError
from notify.rendering import Condition

HEADERS = ("Gruppe", "PLZ 2", "Land", "name")
ROW = {"Gruppe": "A", "PLZ 2": "20095", "Land": "AT", "name": "not the field"}
KNOWN = {"country": "AT", "company": "Muster GmbH", "last_name": "Muster", "name": "Anna Muster"}
ANNA = Contact(Origin("people.csv", 3), dict.fromkeys(FIELDS, "") | KNOWN, ROW)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('country == "AT"', True),
        ('country != "AT"', False),
        ('contact.country == "AT"', True),
        ('"GmbH" in company', True),
        ('company.lower().startswith("muster")', True),
        ('country in ["DE", "CH"]', False),
        ("city", False),
        ("not city and last_name", True),
        # columns: by their names, or as row["…"]
        ('Gruppe == "A"', True),
        ('row["PLZ 2"] < "3"', True),
        ('row["PLZ 2"]|int >= 20000', True),
        # a field goes before a column of its name
        ('name == "Anna Muster"', True),
        ('row["name"] == "not the field"', True),
    ],
)
def test_holds(text: str, *, holds: bool) -> None:
    """A condition names fields and columns, and compares them as a template does."""
    assert Condition(text, "where", HEADERS).holds(ANNA) is holds


def test_a_column_of_another_file_is_empty() -> None:
    """One condition serves all files, whatever columns each has."""
    other = Contact(Origin("other.csv", 2), dict.fromkeys(FIELDS, ""), {"Land": "DE"})
    assert not Condition('Gruppe == "A"', "where", HEADERS).holds(other)
    assert Condition('row["Gruppe"] == ""', "where", HEADERS).holds(other)


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ('country = "AT"', "chunk after expression", "Two are compared with ==, not with =."),
        ('coutry == "AT"', 'there is no field and no column "coutry"', "Did you mean country?"),
        ('Grupe == "A"', 'there is no field and no column "Grupe"', 'Did you mean row["Gruppe"]?'),
        ('row["PLZ2"]', 'no contact file has a column "PLZ2"', 'Did you mean row["PLZ 2"]?'),
        ("country ==", "unexpected", "Compare as in"),
        ("}} {% for x in y %}", "unexpected", "Compare as in"),
        ("country }} {{ city", "chunk after expression", "Compare as in"),
        ("range(9)", 'no column "range"', ""),
        ('country|nonsense == "x"', "nonsense", "Compare as in"),
        ("(" * 500, "", "Compare as in"),
        ("", "unexpected", "Compare as in"),
    ],
)
def test_cannot_be_read(text: str, sentence: str, hint: str) -> None:
    """What no contact can be asked is refused at once, with what was meant."""
    with pytest.raises(ConfigError) as caught:
        Condition(text, "--where", HEADERS)
    assert caught.value.message.startswith(f"--where '{text}': ")
    assert sentence in caught.value.message
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize("text", ["1 / 0", "contact.foo", "city + 1", 'company.replace("a")', "country.__class__.x"])
def test_cannot_be_told(text: str) -> None:
    """What goes wrong with a contact names the contact."""
    with pytest.raises(InputError, match=r"people\.csv:3"):
        Condition(text, "where", HEADERS).holds(ANNA)
