"""Two rows are one person's where name and place agree, and nobody else's."""

from __future__ import annotations

import pytest

from notify.recipients.same_person import person_of


def row(text: str) -> dict[str, str]:
    """Return the columns that a line of a table stands for."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


@pytest.mark.parametrize(
    ("columns", "person"),
    [
        ("first_name=Anna|last_name=Müller", "anna müller"),
        ("first_name= ANNA |last_name=Müller", "anna müller"),
        ("name=Müller, Anna", "anna müller"),
        ("name=Frau Dr. Anna Müller", "anna müller"),
        ("first_name=René|last_name=Groß", "rené gross"),
        ("first_name=Anna|last_name=Müller|street=Am  Weg 1|postcode=D-20095|city=X", "anna müller\nam weg 1 d-20095"),
        ("first_name=Anna|last_name=Müller|street=Am Weg 1|company=Nordkai", "anna müller\nam weg 1"),
        ("first_name=Anna|last_name=Müller|postcode=20095|company=Nordkai", "anna müller\nnordkai"),
        ("first_name=Anna|last_name=Müller|street=n/a|phone=+49 (40) 11-11", "anna müller\n49401111"),
        ("first_name=Anna|last_name=Müller|phone=unbekannt", "anna müller"),
        ("company=Nordkai GmbH|street=Am Weg 1", "nordkai gmbh\nam weg 1"),
        ("name=Nordkai GmbH|phone=040 1", "nordkai gmbh\nnordkai gmbh"),
        # who is not known in full may be anybody
        ("first_name=A.|last_name=Müller|street=Am Weg 1", ""),
        ("last_name=Müller|company=Nordkai GmbH", ""),
        ("first_name=Anna|company=Nordkai GmbH", ""),
        ("name=Anna Maria Müller", ""),
        ("", ""),
    ],
)
def test_a_person_is_known_by_name_and_place(columns: str, person: str) -> None:
    """Case, blanks, titles and the order of the name change nothing; an accent does."""
    assert person_of(row(columns)) == person
