"""Names as they are read from columns: who it is, what is first name and surname, which words stand around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.contact import FIELDS
from notify.core.text import one_line
from notify.recipients.names import Name, full_name, read_name


def row(text: str) -> dict[str, str]:
    """Return the columns that a line of a table stands for."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


@pytest.mark.parametrize(
    ("columns", "first", "last"),
    [
        # two words, particles, initials
        ("name=Anna Müller", "Anna", "Müller"),
        ("name=Müller", "", "Müller"),
        ("name=Hans-Peter Müller", "Hans-Peter", "Müller"),
        ("name=Anna von der Heide", "Anna", "von der Heide"),
        ("name=Anna Von Stein", "Anna", "Von Stein"),
        ("name=von der Heide", "", "von der Heide"),
        ("name=Pieter van 't Hof", "Pieter", "van 't Hof"),
        ("name=Maria de la Cruz", "Maria", "de la Cruz"),
        ("name=Peter an der Heiden", "Peter", "an der Heiden"),
        ("name=Otto von und zu Hohenberg", "Otto", "von und zu Hohenberg"),
        ("name=Jeanne Marie d'Arc", "Jeanne Marie", "d'Arc"),
        ("name=Anna Gräfin Hohenberg", "Anna", "Gräfin Hohenberg"),
        ("name=Gräfin Hohenberg", "", "Gräfin Hohenberg"),
        ("name=Karl Theodor Freiherr von Stein", "Karl Theodor", "Freiherr von Stein"),
        ("name=Anna M. Müller", "Anna M.", "Müller"),
        ("name=J. R. R. Müller", "J. R. R.", "Müller"),
        ("name=H.Müller", "H.", "Müller"),
        # nobody can tell
        ("name=Anna Maria Müller", "", ""),
        ("name=Tran Van Minh", "", ""),
        ("name=ANNA MÜLLER", "ANNA", "MÜLLER"),
        ("name=ANNA MARIA MÜLLER", "", ""),
        ("name=M.", "", "M."),
        ("name=von", "", "von"),
        ("name=Anna M.", "", ""),
        ("name=王小明", "", ""),
        # a comma tells it, and capitals do
        ("name=Müller, Anna", "Anna", "Müller"),
        ("name=Müller,Anna", "Anna", "Müller"),
        ("name=Müller, Anna Maria", "Anna Maria", "Müller"),
        ("name=García López, Juan", "Juan", "García López"),
        ("name=von der Heide, Katrin", "Katrin", "von der Heide"),
        ("name=Heide, Katrin von der", "Katrin", "von der Heide"),
        ("name=Heide, von der, Katrin", "Katrin", "von der Heide"),
        ("name=Heide, von der", "", "von der Heide"),
        ("name=Müller, Frau Dr. Anna", "Anna", "Müller"),
        ("name=Frau Müller, Anna", "Anna", "Müller"),
        ("name=Müller, Frau", "", "Müller"),
        ("name=Müller, Anna, geb. Huber", "Anna", "Müller"),
        ("name=Müller, geb. Huber, Anna", "Anna", "Müller"),
        ("name=Müller, Anna, M.A.", "Anna", "Müller"),
        ("name=Anna Müller, M. A.", "Anna", "Müller"),
        ("name=Anna Müller, MA", "Anna", "Müller"),
        ("name=Smith Jr., John", "John", "Smith"),
        ("name=Herr, Max", "Max", "Herr"),
        ("name=M. A., geb. Huber", "", ""),
        ("name=Müller, Anna, Musterstadt", "", ""),
        ("name=DUPONT Jean-Pierre", "Jean-Pierre", "DUPONT"),
        ("name=Jean DUPONT", "Jean", "DUPONT"),
        ("last_name=Müller, Anna", "Anna", "Müller"),
        ("first_name=Müller, Anna", "Anna", "Müller"),
        # the columns tell it, and complete each other
        ("first_name=Anna|last_name=Müller", "Anna", "Müller"),
        ("first_name=Anna|last_name=Müller|name=Nordkai", "Anna", "Müller"),
        ("first_name=Ursula von der|last_name=Heide", "Ursula", "von der Heide"),
        ("first_name=Johann Wolfgang von|last_name=Stein", "Johann Wolfgang", "von Stein"),
        ("first_name=von|last_name=Stein", "", "von Stein"),
        ("first_name=Anna|name=Müller", "Anna", "Müller"),
        ("first_name=Anna|name=Anna Müller", "Anna", "Müller"),
        ("first_name=Anna|name=Müller Anna", "Anna", "Müller"),
        ("first_name=Anna|name=von der Heide Anna", "Anna", "von der Heide"),
        ("first_name=Anna|name=Anna Maria Müller", "Anna", ""),
        ("first_name=Bob|name=Robert Hanley", "Bob", ""),
        ("first_name=Anna|name=Anna", "Anna", ""),
        ("last_name=Müller|name=Anna Müller", "Anna", "Müller"),
        ("last_name=Müller|name=Müller Anna Maria", "Anna Maria", "Müller"),
        ("last_name=Müller|name=Kim Huber", "", "Müller"),
        ("last_name=Huber|name=Müller, Anna", "Anna", "Huber"),
        ("first_name=M. A.|last_name=Müller", "M. A.", "Müller"),
        # a register has the surname first
        ("surname_first=Müller Anna", "Anna", "Müller"),
        ("surname_first=von der Heide Anna", "Anna", "von der Heide"),
        ("surname_first=Dr. Müller Anna", "Anna", "Müller"),
        ("surname_first=Müller, Anna Maria", "Anna Maria", "Müller"),
        ("surname_first=García López Juan", "", ""),
        ("surname_first=Müller", "", "Müller"),
        # two people
        ("name=Anna und Max Müller", "Anna und Max", "Müller"),
        ("name=Anna & Max von der Heide", "Anna & Max", "von der Heide"),
        ("name=Müller, Anna und Max", "Anna und Max", "Müller"),
        ("name=Anna Müller und Max Schmidt", "", ""),
        ("name=Müller und Schmidt", "", ""),
        # what stands around a name
        ("name=Anna Müller (privat)", "Anna", "Müller"),
        ("name=Anna Müller (Büro", "Anna", "Müller"),
        ("name=Anna Müller [alt]", "Anna", "Müller"),
        ("name=z. Hd. Anna Müller", "Anna", "Müller"),
        ("name=c/o Anna Müller", "Anna", "Müller"),
        ("name=An Frau Anna Müller", "Anna", "Müller"),
        ("name=*Anna Müller*", "Anna", "Müller"),
        ('name="Anna Müller"', "Anna", "Müller"),
        ("name='Anna Müller'", "Anna", "Müller"),
        ("first_name=Anna|last_name=Müller 12345", "Anna", "Müller"),
        ("first_name=Anna\r\nMaria|last_name=Mu\u0308ller", "Anna Maria", "Müller"),
        ("first_name=\u200bAnna\ufeff|last_name=Müller\x00", "Anna", "Müller"),
        # nothing
        *(
            (f"first_name=Anna|last_name={cell}", "Anna", "")
            for cell in ("", "-", "?", "n/a", "k.A.", "N.N.", "null", "123")
        ),
        *((f"first_name=Anna|last_name={name}", "Anna", name) for name in ("Na", "Null", "Ka", "Li", "O")),
        ("name=anna@firma.example", "", ""),
        ("name=www.firma.example", "", ""),
    ],
)
def test_first_name_and_surname(columns: str, first: str, last: str) -> None:
    """They are told apart where the row tells it, and otherwise not."""
    name = read_name(row(columns))
    assert (name.first, name.last) == (first, last)


@pytest.mark.parametrize(
    ("whole", "titles", "left"),
    [
        ("Dr. Anna Müller", "Dr.", "Anna Müller"),
        ("Dr Anna Müller", "Dr", "Anna Müller"),
        ("Dr.Anna Müller", "Dr.", "Anna Müller"),
        ("Dr. med. Anna Müller", "Dr. med.", "Anna Müller"),
        ("Dr. med. dent. Anna Müller", "Dr. med. dent.", "Anna Müller"),
        ("Dr. med Anna Müller", "Dr. med", "Anna Müller"),
        ("Dr. rer. nat. habil. Anna Müller", "Dr. rer. nat. habil.", "Anna Müller"),
        ("Dr.-Ing. E. h. Max Huber", "Dr.-Ing. E. h.", "Max Huber"),
        ("Dr. sc. ETH Max Huber", "Dr. sc. ETH", "Max Huber"),
        ("Dr. Dr. Max Huber", "Dr. Dr.", "Max Huber"),
        ("Prof. Max Huber", "Prof.", "Max Huber"),
        ("Professorin Anna Huber", "Professorin", "Anna Huber"),
        ("Prof. Dr. Dr. h. c. mult. Max Huber", "Prof. Dr. Dr. h. c. mult.", "Max Huber"),
        ("Univ.-Prof. DDr. Max Huber", "Univ.-Prof. DDr.", "Max Huber"),
        ("ao. Univ.-Prof. Dr. Max Huber", "ao. Univ.-Prof. Dr.", "Max Huber"),
        ("Prof. em. Max Huber", "Prof. em.", "Max Huber"),
        ("Priv.-Doz. Dr. Max Huber", "Priv.-Doz. Dr.", "Max Huber"),
        ("PD Dr. Max Huber", "PD Dr.", "Max Huber"),
        ("Dipl.-Ing. Max Huber", "Dipl.-Ing.", "Max Huber"),
        ("Dipl. Ing. Max Huber", "Dipl. Ing.", "Max Huber"),
        ("Dipl.-Wirtsch.-Ing. Max Huber", "Dipl.-Wirtsch.-Ing.", "Max Huber"),
        ("Diplom-Kauffrau Anna Huber", "Diplom-Kauffrau", "Anna Huber"),
        ("DI Max Huber", "DI", "Max Huber"),
        ("Mag. Anna Gruber", "Mag.", "Anna Gruber"),
        ("Mag.a Anna Gruber", "Mag.a", "Anna Gruber"),
        ("MMag. Dr. Anna Gruber", "MMag. Dr.", "Anna Gruber"),
        ("Ing. Mag. Max Gruber", "Ing. Mag.", "Max Gruber"),
        ("B.Sc. Anna Huber", "B.Sc.", "Anna Huber"),
        ("Max Huber, Dr.", "Dr.", "Max Huber"),
        ("Max Huber Dr.", "Dr.", "Max Huber"),
        # degrees and generations behind a name are not kept
        ("Anna Huber, B.Sc.", "", "Anna Huber"),
        ("Anna Huber MSc MBA", "", "Anna Huber"),
        ("Anna Huber M. A.", "", "Anna Huber"),
        ("Max Huber jun.", "", "Max Huber"),
        ("Max Huber Ph.D.", "", "Max Huber"),
        ("Max Huber III", "", "Max Huber"),
        # names that look like one
        ("Phil Collins", "", "Phil Collins"),
        ("Dr. Phil Collins", "Dr.", "Phil Collins"),
        ("Dr. H. Müller", "Dr.", "H. Müller"),
        ("Dr. E. Müller", "Dr.", "E. Müller"),
        ("M. A. Müller", "", "M. A. Müller"),
        ("Amartya Sen", "", "Amartya Sen"),
        ("Anna Doktor", "", "Anna Doktor"),
        ("Magda Huber", "", "Magda Huber"),
        ("Inge Huber", "", "Inge Huber"),
        ("DI STEFANO", "", "DI STEFANO"),
        ("Didi Huber", "", "Didi Huber"),
        ("Drago Huber", "", "Drago Huber"),
        ("Lic Huber", "", "Lic Huber"),
    ],
)
def test_titles_are_taken_off_a_name(whole: str, titles: str, left: str) -> None:
    """What stands before and behind a name is no part of it; initials and real names stay."""
    name = read_name({"name": whole})
    assert (name.titles, f"{name.first} {name.last}".strip()) == (titles, left)


@pytest.mark.parametrize(
    ("cell", "titles"),
    [
        ("Dr.", "Dr."),
        ("Prof. Dr.", "Prof. Dr."),
        ("Mag", "Mag"),
        ("Ing", "Ing"),
        ("DI", "DI"),
        ("Frau Dr.", "Dr."),
        ("M. A., Dr.", "Dr."),
        ("Geschäftsführer", ""),
        ("Assistentin von Prof. Dr. Huber", ""),
        ("Magier", ""),
        ("Ingenieur", ""),
        ("Drucker", ""),
        ("", ""),
    ],
)
def test_a_column_of_titles_may_hold_positions(cell: str, titles: str) -> None:
    """Titles need no full stop there; what somebody does for a living is none."""
    assert read_name({"title": cell, "last_name": "Müller"}).titles == titles


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Max Huber GmbH",
            "HUBER GMBH",
            "Huber G.m.b.H.",
            "Huber & Co",
            "Huber AG",
            "Huber SE",
            "Huber eG",
            "Huber e.V.",
        ),
        *("Huber GmbH, Anna Müller", "Dr. Huber & Kollegen", "Inh. Max Huber", "Huber A/S", "Huber Sp. z o.o."),
        *("Handwerkskammer Süd", "Stadtwerke Nord", "Volksbank Musterstadt", "Café Huber", "Hotel Lindenhof", "Info"),
        *(
            "Bezirksregierung Muster",
            "Musikschule",
            "Haus am See",
            "Freunde für Tiere",
            "Mairie",
            "Radio Nord",
            "Fa. Huber",
        ),
    ],
)
def test_a_firm_is_no_person(name: str) -> None:
    """Legal forms, and words that no person bears, where nothing else speaks for a person."""
    assert read_name({"name": name}) == Name(company=name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Anna Stadt",
            "Max Bank",
            "Eva Amt",
            "Kim Kirche",
            "Max Neuhaus",
            "Anna Oppenheim",
            "Ralf Samt",
            "Max Kammer",
        ),
        *("Anna Hof", "Se Yeon", "S. E. Huber", "A. S. Huber", "E. V. Huber", "Agnes Hagg", "Anna Coe", "Ida Inceoglu"),
        *("Ugo Huber", "Max Sauer", "Sasha Huber", "Seb Huber", "Anna Vereinig", "Max Burga", "Anna Forster"),
    ],
)
def test_a_person_is_no_firm(name: str) -> None:
    """Surnames that are words for firms, or end like them, and initials that look like legal forms."""
    found = read_name({"name": name})
    assert found.company == ""
    assert found.whole == name


@pytest.mark.parametrize("said", ["prefix=Herr", "gender=m", "first_name=Max"])
def test_words_for_firms_are_surnames_where_something_speaks_for_a_person(said: str) -> None:
    """Herr Praxis is a man; Praxis alone is a practice; and a GmbH is a GmbH."""
    assert read_name({"last_name": "Praxis"}).company == "Praxis"
    assert read_name({**row(said), "last_name": "Praxis"}).last == "Praxis"
    assert read_name({**row(said), "last_name": "Praxis GmbH"}).last == ""


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ("name=Müller, Anna", "Anna Müller"),
        ("name=von der Heide, Katrin", "Katrin von der Heide"),
        ("name=Müller, Dr. Anna", "Dr. Anna Müller"),
        ("name=Frau Dr. Eva Klein", "Dr. Eva Klein"),
        ("name=King, M.D.", "King"),
        ("name=Meier, Schulz & Partner", "Meier, Schulz & Partner"),
        ("name=Anna, Max und Eva Müller", "Anna, Max und Eva Müller"),
        ("name=Anna Müller (privat)", "Anna Müller"),
        ("name=Muster UG (haftungsbeschränkt)", "Muster UG (haftungsbeschränkt)"),
        ('name=Robert "Bob" Hanley|first_name=Robert|last_name=Hanley', 'Robert "Bob" Hanley'),
        ("name=Dvořák, Zdeněk|first_name=Zdeněk|last_name=Dvořák", "Zdeněk Dvořák"),
        ("name=anna@firma.example|first_name=Anna|last_name=Müller", "Anna Müller"),
        ("name=Nordkai GmbH|first_name=Anna|last_name=Müller|company=Nordkai GmbH", "Anna Müller"),
        ("name=Nordkai GmbH|company=Nordkai GmbH", "Nordkai GmbH"),
        ("first_name=Autohaus|last_name=Kühn GmbH", "Autohaus Kühn GmbH"),
        ("surname_first=Kühn GmbH", "Kühn GmbH"),
        ("surname_first=Müller Anna", "Anna Müller"),
        ("surname_first=García López Juan", "García López Juan"),
        ("first_name=Anna|last_name=Müller", "Anna Müller"),
        ("prefix=Frau|title=Prof. Dr.|first_name=Erika|last_name=Müller", "Prof. Dr. Erika Müller"),
        ("prefix=Frau Gräfin|first_name=Anna|last_name=Hohenberg", "Anna Gräfin Hohenberg"),
        ("prefix=Herr Dr.|first_name=Max|last_name=Meier", "Dr. Max Meier"),
        ("title=Geschäftsführer|first_name=Max|last_name=Meier", "Max Meier"),
        ("title=M. A.|first_name=Max|last_name=Meier", "Max Meier"),
        ("last_name=Müller", "Müller"),
        ("prefix=Familie|last_name=Müller", "Familie Müller"),
        ("name=Herr und Frau Müller", "Herr und Frau Müller"),
        ("name=Herr Max Müller und Frau Eva Klein", "Herr Max Müller und Frau Eva Klein"),
        ("prefix=Eheleute|first_name=Hans und Maria|last_name=Müller", "Hans und Maria Müller"),
        ("first_name=小明|last_name=王", "王小明"),
        ("first_name=Anna\r\nMaria|last_name=Müller", "Anna Maria Müller"),
        ("company=Nordkai GmbH", "Nordkai GmbH"),
        ("first_name=Anna|last_name=Müller|company=Nordkai GmbH", "Anna Müller"),
        ("email=anna@firma.example", ""),
        ("", ""),
    ],
)
def test_a_name_is_given_as_one_says_it(columns: str, name: str) -> None:
    """First name before surname, titles in front, the firm's name when there is no person."""
    assert full_name(row(columns)) == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" Anna \r\n\t Müller ", "Anna Müller"),
        ("Anna\u00a0Müller\u2028", "Anna Müller"),
        ("An\u200bna\x00\u202e Mül\u00adler", "Anna Müller"),
        ("Mu\u0308ller", "Müller"),
        ("a\ud800b", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("", ""),
    ],
)
def test_a_cell_is_brought_on_one_line(text: str, line: str) -> None:
    """Nothing in a header may be invisible or broken, and letters are composed; Persian keeps its joiners."""
    assert one_line(text) == line


@given(st.dictionaries(st.sampled_from([*FIELDS, "surname_first"]), st.text()))
def test_a_name_is_one_line_without_anything_invisible(fields: dict[str, str]) -> None:
    """Whatever stands in a row, its name can go into a header."""
    name = full_name(fields)
    assert name == one_line(name)


@given(st.integers(1, 40_000), st.sampled_from(["Dr. ", "Müller, ", "a. ", "(", "von ", "- ", "Herr und ", "\n", "A"]))
def test_a_huge_cell_is_no_name(count: int, piece: str) -> None:
    """A text that went into the wrong column costs no time and stands in no header."""
    assert len(full_name({"last_name": count * piece})) <= 200
