"""Who is greeted with Du: by the own row, by a condition, by a greeting; Sie wherever that is not certain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.contact import FIELDS, Contact, Origin, Recipient
from notify.core.form import Form
from notify.recipients.admission import Rules, admit
from notify.recipients.findings import findings_on
from notify.recipients.form import is_unclear, read_form
from notify.recipients.salutation import salute

SIE, DU = Form.FORMAL, Form.FAMILIAR
ANNA = {"first_name": "Anna", "last_name": "Muster", "prefix": "Frau"}


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        (DU, "Du|du|DU|per Du|Du-Form|duzen|geduzt|familiar|informal|informell|tu|tutoyer|tutoiement|Du seit 2019"),
        (SIE, "Sie|SIE|siezen|gesiezt|formal|formell|förmlich|vous|vouvoyer|vouvoiement|nicht duzen|kein Du|pas tu"),
        (None, "x|X|persönlich|formal?|Du?|Du/Sie|Sie oder Du|nicht siezen|kein Sie|1|2|ja|nein|?|Freund|Ihr|dut"),
        (None, "|-| – |k.A.|n/a|./.|unbekannt"),
    ],
)
def test_what_a_cell_says(form: Form | None, cells: str) -> None:
    """German, English and French words; where it says both, neither or asks, it says nothing."""
    for cell in cells.split("|"):
        assert read_form(cell) is form, cell


def test_what_is_unclear() -> None:
    """Whatever somebody wrote that says neither; not a cell that is empty, or only marked as empty."""
    for cell in ("x", "persönlich", "formal?", "Du/Sie", "nein", "1", "?", "✓"):
        assert is_unclear(cell), cell
    for cell in ("", " ", "-", "–", "./.", "k.A.", "n/a", "Du", "Sie", "nicht duzen"):
        assert not is_unclear(cell), cell


FAMILIAR = [
    "Liebe Anna",
    "Hallo Anna",
    "Hallo liebe Anna,",
    "Hi Anna!",
    "Moin Anna",
    "LIEBE ANNA",
    "Grüß dich",
    "Hallo du",
    "Liebe Anna, schön dass es dich gibt",
    "Ihr Lieben",
    "Hallo ihr Lieben",
]
#: What stands above a text with Sie in letters that are written every day, or says nothing of either.
NOT_FAMILIAR = [
    "Hallo Frau Muster",
    "Liebe Frau Muster",
    "Liebe Frau Anna Muster",
    "Liebe Anna Muster",
    "Hallo Anna Muster",
    "Guten Tag Anna",
    "Guten Morgen Anna",
    "Grüß Gott Anna",
    "Sehr geehrte Anna",
    "Hallo Muster",
    "Liebe Kundin",
    "Liebe Kunden",
    "Liebe Mitglieder",
    "Liebe Kolleginnen und Kollegen",
    "Liebe Freunde",
    "Liebe Familie Muster",
    "Hallo zusammen",
    "Hallo",
    "Moin",
    "Liebe Dr. Anna",
    "Liebes Team",
    "Liebe Tante Erna",
    "Dear Anna",
    "Liebe Annabell",
]


@pytest.mark.parametrize(("greetings", "form"), [(FAMILIAR, DU), (NOT_FAMILIAR, SIE)], ids=["familiar", "not"])
def test_a_greeting_tells_the_form(greetings: list[str], form: Form) -> None:
    """By a first name alone, or by a word for you; whoever may be greeted so with Sie is not taken for a friend."""
    for greeting in greetings:
        said = salute({**ANNA, "salutation": greeting}, "de")
        assert (said.form, said.text.rstrip(",")) == (form, greeting.rstrip(",")), greeting


@pytest.mark.parametrize(
    ("fields", "language", "form"),
    [
        ({"first_name": "Peter", "last_name": "Martin", "salutation": "Lieber Martin"}, "de", SIE),
        ({"first_name": "Martin", "last_name": "Martin", "salutation": "Hallo Martin"}, "de", SIE),
        ({"first_name": "Daphne", "last_name": "du Maurier", "salutation": "Hallo Daphne du Maurier"}, "de", SIE),
        ({"salutation": "Hallo Frau du Bois"}, "de", SIE),
        ({"salutation": "Liebe Prof. du Bois"}, "de", SIE),
        ({"first_name": "Anna und Max", "salutation": "Liebe Anna, lieber Max"}, "de", DU),
        ({"first_name": "Anna-Lena", "salutation": "Liebe Anna"}, "de", DU),
        ({"first_name": "Jürgen", "salutation": "Lieber Juergen"}, "de", DU),
        ({"name": "Max Mann", "salutation": "Hallo Max"}, "de", DU),
        ({"name": "Max Mann", "salutation": "Hallo Max Mann"}, "de", SIE),
        ({"prefix": "Lieber Max", "first_name": "Max"}, "de", DU),
        # of the rows of a small list nothing else is known
        ({"email": "anna.muster@example.com", "salutation": "Liebe Anna"}, "de", DU),
        ({"email": "redaktion@example.com", "salutation": "Liebe Redaktion"}, "de", SIE),
        ({"email": "am@example.com", "salutation": "Liebe Kunden"}, "de", SIE),
        # friends and customers are greeted alike
        ({**ANNA, "salutation": "Dear Anna"}, "en", SIE),
        ({**ANNA, "salutation": "Chère Anna"}, "fr", SIE),
        ({**ANNA, "salutation": "Bonjour Anna"}, "fr", SIE),
        ({**ANNA, "salutation": "Salut Anna"}, "fr", DU),
    ],
)
def test_whose_first_name_it_is(fields: dict[str, str], language: str, form: Form) -> None:
    """The row must know the name, and that it is no surname; in English and French many greet everybody so."""
    assert salute(fields, language).form is form


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_what_counts_first(language: str) -> None:
    """What the own row says, whatever holds for many; then the condition."""
    assert salute({**ANNA, "form": "Sie"}, language, du=True).form is SIE
    assert salute({**ANNA, "form": "Du"}, language).form is DU
    assert salute({**ANNA, "form": "x"}, language, du=True).form is DU
    assert salute({**ANNA, "form": "x"}, language).form is SIE
    assert salute(ANNA, language, du=True).form is DU


def test_a_formal_greeting_under_a_condition() -> None:
    """What a program puts before every name is not said to friends: they are greeted as friends, and it is told."""
    said = salute({**ANNA, "salutation": "Sehr geehrte Frau Muster"}, "de", du=True)
    assert (said.text, said.form) == ("Liebe Anna,", DU)
    assert said.doubt == 'the greeting of the file is not used, it is formal: "Sehr geehrte Frau Muster"'
    said = salute({**ANNA, "salutation": "Hallo Team Nord"}, "de", du=True)
    assert (said.text, said.form) == ("Hallo Team Nord,", DU)


def test_greetings_against_the_row() -> None:
    """Where the row itself says another form than its greeting, the greeting stays and the doubt is told."""
    said = salute({**ANNA, "salutation": "Liebe Anna", "form": "Sie"}, "de")
    assert (said.text, said.form, said.doubt) == ("Liebe Anna,", SIE, "is familiar, and the form is Sie")
    said = salute({**ANNA, "salutation": "Hallo Frau Muster", "form": "Du"}, "de")
    assert (said.text, said.form, said.doubt) == ("Hallo Frau Muster,", DU, "is formal, and the form is du")


NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=3).map(str.title)


@given(
    NAMES,
    NAMES,
    st.sampled_from(["Herr", "Frau", "Familie", "Herr Dr.", "Frau Prof."]),
    st.sampled_from("de en fr".split()),
)
def test_nobody_is_a_friend_without_a_word(first: str, last: str, anrede: str, language: str) -> None:
    """Whatever somebody is called, without a word for it the form is Sie, also under a greeting with the Anrede."""
    fields = {"first_name": first, "last_name": last, "prefix": anrede.split(maxsplit=1)[0]}
    assert salute(fields, language).form is SIE
    for opening in ("Hallo", "Liebe", "Lieber", "Guten Tag"):
        greeting = f"{opening} {anrede} {last}"
        assert salute({**fields, "salutation": greeting}, language).form is SIE, greeting


def test_a_finding_for_each_row() -> None:
    """Of a row that says neither, its finding names what stands there."""
    fields = {**dict.fromkeys(FIELDS, ""), "email": "anna@example.com", "form": "formal?"}
    (recipient,) = admit(Contact(Origin("kunden.csv", 7), fields, {}), Rules(), du=True)
    assert isinstance(recipient, Recipient)
    assert recipient.form is DU
    assert [
        (found.name, found.where, str(found)) for found in findings_on(recipient) if found.name == "unclear-form"
    ] == [("unclear-form", "kunden.csv:7", 'the form "formal?" says neither Sie nor Du, so it does not count')]
