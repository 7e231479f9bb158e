"""How people are greeted: with certainty, or neutrally."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.people import FIELDS
from notify.core.salutation import Salutation, full_name, read_gender, read_language, salute

# columns as they stand in a row, the German greeting, the English one; "~" before a greeting that fell back
GREETINGS = [
    # Herr and Frau, in every spelling
    ("prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=Herr|last_name=Smith", "Sehr geehrter Herr Smith,", "Dear Mr Smith,"),
    ("prefix=Herrn|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    ("prefix=Hr.|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    ("prefix=Hr|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    ("prefix=Fr.|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=FRAU|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=Mr.|last_name=Smith", "Sehr geehrter Herr Smith,", "Dear Mr Smith,"),
    ("prefix=Ms|last_name=Smith", "Sehr geehrte Frau Smith,", "Dear Ms Smith,"),
    ("prefix=Mrs|last_name=Smith", "Sehr geehrte Frau Smith,", "Dear Mrs Smith,"),
    ("prefix=Miss|last_name=Smith", "Sehr geehrte Frau Smith,", "Dear Miss Smith,"),
    ("gender=w|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("gender=m|first_name=Andrea|last_name=Rossi", "Sehr geehrter Herr Rossi,", "Dear Mr Rossi,"),
    ("gender=female|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("gender=Männlich|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    ("gender=2|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=1|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    # particles and noble names belong to the surname
    ("prefix=Frau|last_name=von der Leyen", "Sehr geehrte Frau von der Leyen,", "Dear Ms von der Leyen,"),
    ("prefix=Frau|name=Ursula von der Heide", "Sehr geehrte Frau von der Heide,", "Dear Ms von der Heide,"),
    ("prefix=Frau|name=von der Heide, Ursula", "Sehr geehrte Frau von der Heide,", "Dear Ms von der Heide,"),
    ("prefix=Herr|name=Pieter van Dijk", "Sehr geehrter Herr van Dijk,", "Dear Mr van Dijk,"),
    ("prefix=Frau|last_name=Gräfin Hohenberg", "Sehr geehrte Frau Gräfin Hohenberg,", "Dear Ms Gräfin Hohenberg,"),
    ("prefix=Frau|first_name=A|last_name=Müller, geb. Huber", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=Frau|first_name=A|last_name=Müller, M. A.|name=Anni", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    # titles: only Dr. and Prof., only the highest
    ("prefix=Herr Dr.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Frau|title=Dr. med. dent.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Herr|title=Dr.-Ing.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Frau|title=Dr. Dr.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Herr|title=Dr. h. c.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Frau|title=PD Dr. habil.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,", "Dear Dr Meier,"),
    ("prefix=Frau|title=Prof. Dr.|last_name=Bremer", "Sehr geehrte Frau Professorin Bremer,", "Dear Professor Bremer,"),
    ("prefix=Herr Prof.|last_name=Meinert", "Sehr geehrter Herr Professor Meinert,", "Dear Professor Meinert,"),
    ("gender=m|title=Univ.-Prof. DDr.|last_name=M", "Sehr geehrter Herr Professor M,", "Dear Professor M,"),
    (
        "gender=m|name=Prof. Dr. h.c. mult. Max Mustermann",
        "Sehr geehrter Herr Professor Mustermann,",
        "Dear Professor Mustermann,",
    ),
    ("prefix=Herr|title=Dipl.-Ing. (FH)|last_name=Meier", "Sehr geehrter Herr Meier,", "Dear Mr Meier,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber", "Sehr geehrte Frau Gruber,", "Dear Ms Gruber,"),
    ("prefix=Frau|title=Geschäftsführerin|last_name=Meier", "Sehr geehrte Frau Meier,", "Dear Ms Meier,"),
    ("prefix=Frau|last_name=Dr. Meier", "Sehr geehrte Frau Dr. Meier,", "Dear Dr Meier,"),
    ("gender=w|name=Meier, Dr. Anna", "Sehr geehrte Frau Dr. Meier,", "Dear Dr Meier,"),
    ("name=Frau Dr. Eva Klein", "Sehr geehrte Frau Dr. Klein,", "Dear Dr Klein,"),
    ("title=Dr.|first_name=Andrea|last_name=Meier", "~Guten Tag Dr. Andrea Meier,", "Dear Dr Meier,"),
    ("title=Prof. Dr.|first_name=Kim|last_name=Meier", "~Guten Tag Prof. Kim Meier,", "Dear Professor Meier,"),
    ("title=Dr.|last_name=Meier", "~Guten Tag Dr. Meier,", "Dear Dr Meier,"),
    # nobody's gender is guessed
    ("first_name=Andrea|last_name=Müller", "~Guten Tag Andrea Müller,", "~Dear Andrea Müller,"),
    ("first_name=Max|last_name=Müller", "~Guten Tag Max Müller,", "~Dear Max Müller,"),
    ("name=Müller, Andrea", "~Guten Tag Andrea Müller,", "~Dear Andrea Müller,"),
    ("name=Andrea Müller (privat)", "~Guten Tag Andrea Müller,", "~Dear Andrea Müller,"),
    ("gender=Keine Angabe|first_name=A|last_name=Müller", "~Guten Tag A Müller,", "~Dear A Müller,"),
    ("gender=d|first_name=Kim|last_name=Müller", "Guten Tag Kim Müller,", "Dear Kim Müller,"),
    ("gender=divers|last_name=Müller", "Guten Tag,", "Hello,"),
    ("prefix=Herr|gender=w|first_name=Kim|last_name=Müller", "~Guten Tag Kim Müller,", "~Dear Kim Müller,"),
    ("prefix=Herr/Frau|first_name=Kim|last_name=Müller", "~Guten Tag Kim Müller,", "~Dear Kim Müller,"),
    ("last_name=Müller", "~Guten Tag,", "~Hello,"),
    ("name=Müller", "~Guten Tag,", "~Hello,"),
    ("email=a@b.example|name=a@b.example", "~Guten Tag,", "~Hello,"),
    ("", "~Guten Tag,", "~Hello,"),
    ("prefix=Frau", "~Guten Tag,", "~Hello,"),
    ("name=Anna Müller a@b.example", "~Guten Tag,", "~Hello,"),
    # which of the words is the surname cannot be told; a comma tells it
    ("prefix=Herr|name=Juan García López", "~Guten Tag Juan García López,", "~Dear Juan García López,"),
    ("prefix=Herr|name=García López, Juan", "Sehr geehrter Herr García López,", "Dear Mr García López,"),
    ("prefix=Mr|name=王小明", "~Guten Tag 王小明,", "~Dear 王小明,"),
    ("first_name=小明|last_name=王", "~Guten Tag 王小明,", "~Dear 王小明,"),
    # firms
    ("company=Nordkai GmbH", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("prefix=Firma|last_name=Müller", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("prefix=Fa.|company=Müller", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("prefix=Damen und Herren|company=Müller", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("name=Müller GmbH & Co. KG", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("last_name=Sportfreunde Süd e. V.", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("first_name=Autohaus|last_name=Kühn GmbH", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("name=Meier, Schulz & Partner", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("name=Finanzamt Musterhausen", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("name=Praxis Dr. Meier", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("company=Nordkai|name=Nordkai", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("company=Nordkai|last_name=Nordkai", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("prefix=Frau|company=Nordkai GmbH", "Sehr geehrte Damen und Herren,", "Dear Sir or Madam,"),
    ("prefix=Frau|last_name=Meier|company=Nordkai GmbH", "Sehr geehrte Frau Meier,", "Dear Ms Meier,"),
    ("prefix=Herr|last_name=Stadt", "Sehr geehrter Herr Stadt,", "Dear Mr Stadt,"),
    ("first_name=E. G.|last_name=Müller", "~Guten Tag E. G. Müller,", "~Dear E. G. Müller,"),
    # several people
    ("prefix=Familie|last_name=Müller", "Sehr geehrte Familie Müller,", "Dear Müller family,"),
    ("prefix=Fam.|last_name=Müller", "Sehr geehrte Familie Müller,", "Dear Müller family,"),
    ("name=Familie Müller", "Sehr geehrte Familie Müller,", "Dear Müller family,"),
    (
        "prefix=Eheleute|first_name=Hans und Maria|last_name=Müller",
        "~Guten Tag Hans und Maria Müller,",
        "~Dear Hans und Maria Müller,",
    ),
    ("prefix=Herr und Frau|last_name=Müller", "~Guten Tag,", "~Hello,"),
    ("name=Herr und Frau Müller", "~Guten Tag,", "~Hello,"),
    ("prefix=Mr & Mrs|last_name=Smith", "~Guten Tag,", "~Hello,"),
    ("prefix=Herr|first_name=Hans & Maria|last_name=Bo", "~Guten Tag Hans & Maria Bo,", "~Dear Hans & Maria Bo,"),
    # du
    ("form=du|first_name=Anna|last_name=Müller", "Hallo Anna,", "Dear Anna,"),
    ("form=Du|first_name=Anna|gender=w", "Liebe Anna,", "Dear Anna,"),
    ("form=per du|first_name=Max|prefix=Herr", "Lieber Max,", "Dear Max,"),
    ("form=du|first_name=Kim|gender=d", "Hallo Kim,", "Dear Kim,"),
    ("form=du|name=Müller, Anna", "Hallo Anna,", "Dear Anna,"),
    ("form=du|last_name=Müller|prefix=Frau", "~Hallo,", "~Hello,"),
    ("form=du|company=Nordkai GmbH", "~Hallo,", "~Hello,"),
    ("form=du|prefix=Firma|first_name=Anna|last_name=Müller", "~Hallo,", "~Hello,"),
    ("form=du|prefix=Herr|first_name=Hans & Maria", "Hallo Hans & Maria,", "Dear Hans & Maria,"),
    ("form=Sie|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,", "~Dear Anna Müller,"),
    # what the file has ready wins; what only looks ready does not
    ("salutation=Liebe Tante Erna|prefix=Frau|last_name=M", "Liebe Tante Erna,", "Liebe Tante Erna,"),
    ("salutation=Sehr geehrte Frau Gonzalez|title=Dr.", "Sehr geehrte Frau Gonzalez,", "Sehr geehrte Frau Gonzalez,"),
    ("salutation=Moin zusammen!", "Moin zusammen!", "Moin zusammen!"),
    ("salutation=Hallo ,", "Hallo,", "Hallo,"),
    ("salutation=Sehr geehrte\r\nFrau Mann", "Sehr geehrte Frau Mann,", "Sehr geehrte Frau Mann,"),
    ("salutation=Mr.|first_name=Max|last_name=Smith", "Sehr geehrter Herr Smith,", "Dear Mr Smith,"),
    ("salutation=Sehr geehrte Frau|last_name=Müller", "Sehr geehrte Frau Müller,", "Dear Ms Müller,"),
    ("prefix=Sehr geehrter Herr|last_name=Müller", "Sehr geehrter Herr Müller,", "Dear Mr Müller,"),
    ("prefix=Sehr geehrter Herr Müller", "Sehr geehrter Herr Müller,", "Sehr geehrter Herr Müller,"),
    ("prefix=Liebe Anna|first_name=Anna", "Liebe Anna,", "Liebe Anna,"),
    ("prefix=Hallo|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,", "~Dear Anna Müller,"),
]


def row(text: str) -> dict[str, str]:
    """Return the columns that a line of a table stands for."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


@pytest.mark.parametrize(("columns", "german", "english"), GREETINGS)
def test_the_greeting_is_the_one_that_people_expect(columns: str, german: str, english: str) -> None:
    """Each row is greeted as a careful person would, and it is told when that was the neutral greeting."""
    for language, expected in (("de", german), ("en", english)):
        assert salute(row(columns), language) == Salutation(expected.removeprefix("~"), expected.startswith("~"))


@given(
    st.dictionaries(
        st.sampled_from([*FIELDS]),
        st.one_of(st.text(), st.sampled_from(["Herr", "Frau Dr.", "Müller, Anna", "von", ",", "Dr.", "GmbH", "und"])),
    ),
    st.sampled_from(["de", "en"]),
)
def test_a_greeting_is_one_line_with_its_comma(fields: dict[str, str], language: str) -> None:
    """Whatever stands in a row, the greeting is one line without double blanks that ends as a greeting does."""
    text = salute(fields, language).text
    assert text == " ".join(text.split())
    assert text[-1] in ",.!?:;"
    assert full_name(fields) == " ".join(full_name(fields).split())


@given(st.text(min_size=1).filter(lambda name: "|" not in name))
def test_a_first_name_says_nothing_about_gender(first: str) -> None:
    """Nobody is called Herr or Frau without a column that says so."""
    text = salute({"first_name": f"Q{first}", "last_name": "Zet"}, "de").text
    assert not text.startswith(("Sehr geehrte Frau", "Sehr geehrter Herr"))


@pytest.mark.parametrize(
    ("cell", "gender"),
    [
        *(
            (cell, "m")
            for cell in ("Herr", "Hr.", "herrn", "Mr", "m", "M.", "male", "männlich", "Männlich", "1", " Herr ")
        ),
        *(
            (cell, "f")
            for cell in ("Frau", "Fr.", "Mrs.", "Ms", "Miss", "w", "F", "female", "weiblich", "2", "Frau Dr.")
        ),
        *((cell, "d") for cell in ("d", "divers", "x", "non-binary")),
        *((cell, None) for cell in ("", "Firma", "Herr/Frau", "Keine Angabe", "Dr.", "0", "9", "Andrea", "Herrmann")),
    ],
)
def test_a_gender_is_read_from_words_that_say_it(cell: str, gender: str | None) -> None:
    """Only the words and codes for it count; both at once, or none, say nothing."""
    assert read_gender(cell) == gender


@pytest.mark.parametrize(
    ("cell", "language"),
    [
        *((cell, "de") for cell in ("de", "DE", "de-DE", "de_AT", "Deutsch", "Deutsch (Deutschland)", "German", "ger")),
        *((cell, "en") for cell in ("en", "en-GB", "English", "englisch", "English (United States)", "eng")),
        *((cell, None) for cell in ("", " ", "fr", "Français", "cs", "Deutschland", "?", "Keine Angabe")),
    ],
)
def test_a_language_is_read_from_its_names(cell: str, language: str | None) -> None:
    """Codes and names in German and English are understood; any other language is left to the campaign's."""
    assert read_language(cell) == language


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ("name=Müller, Anna", "Anna Müller"),
        ("name=von der Heide, Katrin", "Katrin von der Heide"),
        ("name=Müller, Dr. Anna", "Dr. Anna Müller"),
        ("name=King, M.D.", "King"),
        ("name=Meier, Schulz & Partner", "Meier, Schulz & Partner"),
        ("name=Anna Müller (privat)", "Anna Müller"),
        ("name=Muster UG (haftungsbeschränkt)", "Muster UG (haftungsbeschränkt)"),
        ('name=Robert "Bob" Hanley|first_name=Robert|last_name=Hanley', 'Robert "Bob" Hanley'),
        ("name=Dvořák, Zdeněk|first_name=Zdeněk|last_name=Dvořák", "Zdeněk Dvořák"),
        ("name=anna@firma.example|first_name=Anna|last_name=Müller", "Anna Müller"),
        ("name=Nordkai GmbH|first_name=Anna|last_name=Müller|company=Nordkai GmbH", "Anna Müller"),
        ("name=Nordkai GmbH|company=Nordkai GmbH", "Nordkai GmbH"),
        ("first_name=Anna|last_name=Müller", "Anna Müller"),
        ("prefix=Frau|title=Prof. Dr.|first_name=Erika|last_name=Müller", "Prof. Dr. Erika Müller"),
        ("prefix=Herr Dr.|first_name=Max|last_name=Meier", "Dr. Max Meier"),
        ("title=Geschäftsführer|first_name=Max|last_name=Meier", "Max Meier"),
        ("title=M. A.|first_name=Max|last_name=Meier", "Max Meier"),
        ("last_name=Müller", "Müller"),
        ("first_name=小明|last_name=王", "王小明"),
        ("first_name=Anna\r\nMaria|last_name=Müller", "Anna Maria Müller"),
        ("company=Nordkai GmbH", "Nordkai GmbH"),
        ("first_name=Anna|last_name=Müller|company=Nordkai GmbH", "Anna Müller"),
        ("email=anna@firma.example", ""),
    ],
)
def test_a_name_is_given_as_one_says_it(columns: str, name: str) -> None:
    """First name before surname, titles in front, the firm's name when there is no person."""
    assert full_name(row(columns)) == name
