"""Single contacts are corrected by a small file, and a mistake in it is told with its line."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.core.contact import FIELDS, AddressCell, Contact, Origin
from notify.errors import InputError, Problem
from notify.recipients.overrides import Overrides

FILE = "overrides.csv"
ADDRESS = "Anna.Meier@firma.example"


def row(text: str) -> dict[str, str]:
    """Return the cells that a line of a table stands for, by their headers."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


def overrides(*lines: str, key_column: str = "") -> Overrides:
    """Return what a file with these rows corrects; the first stands in its second line."""
    return Overrides(((Origin(FILE, line), row(text)) for line, text in enumerate(lines, 2)), key_column)


def contact(columns: str = "", *cells: str, found: Mapping[str, str] | None = None) -> Contact:
    """Return a contact with these fields and address cells."""
    fields = {**dict.fromkeys(FIELDS, ""), "email": cells[0] if cells else "", **row(columns)}
    return Contact(Origin("kunden.csv", 7), fields, found or {}, tuple(map(AddressCell, cells)))


def texts(found: Contact) -> list[str]:
    """Return what stands in the address cells of a contact."""
    return [cell.text for cell in found.addresses]


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("last_name=Mayer", "last_name=Meier", {"last_name": "Mayer"}),
        ("last_name= Mayer ", "last_name=Meier", {"last_name": "Mayer"}),
        ("Last_Name =Mayer", "last_name=Meier", {"last_name": "Mayer"}),
        ("last_name=", "last_name=Meier", {"last_name": "Meier"}),
        ("title=-", "title=Dr.", {"title": ""}),
        ("salutation=Liebe Anna|form=du", "prefix=Frau", {"salutation": "Liebe Anna", "form": "du", "prefix": "Frau"}),
        ("who=Meier|why=calls herself Mayer|last_name=Mayer", "", {"last_name": "Mayer"}),
        ("=|last_name=Mayer", "", {"last_name": "Mayer"}),
    ],
)
def test_a_row_changes_what_it_fills_in(line: str, before: str, after: dict[str, str]) -> None:
    """An empty cell changes nothing, a dash empties the field; the row of the file stays as it was found."""
    found = contact(before, ADDRESS)
    mended = overrides(f"email={ADDRESS}|{line}").apply(found)
    assert {name: mended.fields[name] for name in after} == after
    assert (mended.origin, mended.row, mended.addresses) == (found.origin, found.row, found.addresses)


@pytest.mark.parametrize(
    ("written", "cells", "hit"),
    [
        ("anna.meier@FIRMA.example", (ADDRESS,), True),
        ("Anna <anna.meier@firma.example>", (ADDRESS,), True),
        (ADDRESS, ("max@firma.example", f" {ADDRESS.upper()} "), True),
        (ADDRESS, (f"max@firma.example; Anna <{ADDRESS}>",), True),
        ("anna@bücher.example", ("Anna@xn--bcher-kva.example",), True),
        ("anna@xn--bcher-kva.example", ("anna@Bücher.example",), True),
        (ADDRESS, ("anna@firma.example",), False),
        (ADDRESS, ("",), False),
        (ADDRESS, (), False),
        (ADDRESS, ("k. A.",), False),
    ],
)
def test_a_row_is_known_by_any_address_of_its_contact(written: str, cells: tuple[str, ...], hit: bool) -> None:
    """However it is written; whoever is not meant stays the very same."""
    found = contact("", *cells)
    corrections = overrides(f"email={written}|last_name=Mayer")
    assert (corrections.apply(found) is not found) is hit
    assert bool(corrections.unused()) is not hit


def test_a_file_without_address_cells_is_known_by_its_fields() -> None:
    """As its contacts are when they are admitted."""
    mended = overrides("email=b@x.example|new_email=c@x.example").apply(
        contact("email=a@x.example|email_2=b@x.example")
    )
    assert (texts(mended), mended.fields["email"], mended.fields["email_2"]) == (["c@x.example"], "c@x.example", "")


@pytest.mark.parametrize("header", ["key", "Kundennummer"])
def test_a_row_is_known_by_the_key(header: str) -> None:
    """Then an address in it is a new one; the addresses of the contact say nothing."""
    corrections = overrides(f"{header}=00123|email=anna@neu.example", key_column="Kundennummer")
    mended = corrections.apply(contact("", ADDRESS, "b@x.example", found={"Kundennummer": " 00123 "}))
    assert mended.addresses == (AddressCell("anna@neu.example", preferred=True),)
    other = contact("", "anna@neu.example", found={"Kundennummer": "123"})
    assert corrections.apply(other) is other
    stranger = contact("", "anna@neu.example")
    assert corrections.apply(stranger) is stranger


def test_a_new_address_replaces_all() -> None:
    """Whichever of them would have been chosen."""
    mended = overrides(f"email={ADDRESS}|new_email=anna@neu.example").apply(contact("", "b@x.example", ADDRESS))
    assert mended.addresses == (AddressCell("anna@neu.example", preferred=True),)
    assert mended.fields["email"] == "anna@neu.example"


def test_a_dash_takes_the_addresses_away() -> None:
    """Nobody is written to who has none."""
    mended = overrides(f"email={ADDRESS}|new_email=-").apply(contact("email_2=b@x.example", ADDRESS, "b@x.example"))
    assert texts(mended) == [""]
    assert (mended.fields["email"], mended.fields["email_2"]) == ("", "")


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("email_2=c@x.example", ["a@x.example", "c@x.example"]),
        ("email_2=-", ["a@x.example", ""]),
        ("email_3=c@x.example", ["a@x.example", "b@x.example", "c@x.example"]),
        ("email_2=c@x.example|email_3=d@x.example", ["a@x.example", "c@x.example", "d@x.example"]),
        ("email_2=c@x.example|new_email=d@x.example", ["d@x.example"]),
    ],
)
def test_a_second_address_is_corrected(line: str, cells: list[str]) -> None:
    """It stands in a cell of its own."""
    found = contact("email_2=b@x.example", "a@x.example", "b@x.example")
    assert texts(overrides(f"email=a@x.example|{line}").apply(found)) == cells


def test_nothing_is_changed_by_an_empty_file() -> None:
    """Most campaigns have none."""
    found = contact("", ADDRESS)
    assert overrides().apply(found) is found
    assert overrides("email=|last_name= ").apply(found) is found
    assert overrides().unused() == ()


def test_rows_that_nobody_was_found_for_are_told() -> None:
    """They may be mistyped; in the order of the file."""
    corrections = overrides("email=a@x.example", "email=b@x.example", "email=c@x.example")
    corrections.apply(contact("", "b@x.example"))
    assert corrections.unused() == (Origin(FILE, 2), Origin(FILE, 4))


@pytest.mark.parametrize(
    ("lines", "key_column", "where", "what"),
    [
        (["email=a@x.example|nmae=x"], "", 1, 'unknown column "nmae": did you mean "name"?'),
        (["email=a@x.example|new-mail=x"], "", 1, 'unknown column "new-mail": did you mean "new_email"?'),
        (["email=a@x.example|Last Nam=x"], "", 1, 'unknown column "Last Nam": did you mean "last_name"?'),
        (["email=a@x.example|=x"], "", 1, 'unknown column "": the columns are key, new_email, email, '),
        (["email=a@x.example|Kundennummer=7"], "", 1, 'unknown column "Kundennummer": the columns are key, '),
        (["key=7|last_name=x"], "", 1, 'a column "key", but notify.toml names no key column'),
        (["last_name=x", "last_name=y"], "", 1, "no column that says whose the rows are: email, or key"),
        (["email=|last_name=x"], "", 2, "whose row is it? email is empty"),
        (["email=a@x.example", "key=|email=a@x.example"], "Nr", 3, "whose row is it? key is empty"),
        (["email=-|last_name=x"], "", 2, "whose row is it? email is empty"),
        (["email=a@x.example|new_email=b@x"], "", 2, 'new_email: "b@x" is not an address: the domain has no dot'),
        (["key=7|email=b@x"], "Nr", 2, 'email: "b@x" is not an address: the domain has no dot'),
        (
            ["email=a@x.example", "email=b@x.example", "email=A@x.example"],
            "",
            4,
            'a second row for "a@x.example"; the first is in line 2',
        ),
        (["Nr=7|form=du", "Nr=7|form=Sie"], "Nr", 3, 'a second row for "7"; the first is in line 2'),
    ],
)
def test_a_mistake_is_told_with_its_line(lines: list[str], key_column: str, where: int, what: str) -> None:
    """In which line, what is wrong, and what was probably meant."""
    with pytest.raises(InputError) as caught:
        overrides(*lines, key_column=key_column)
    (problem,) = caught.value.problems
    assert problem.where == f"{FILE}:{where}"
    assert problem.what.startswith(what)
    assert caught.value.message.startswith(f"{FILE}:{where}: {what}")
    assert caught.value.hint


def test_what_is_no_address_is_mended() -> None:
    """A contact whose cell holds no address is named by what stands there instead."""
    mends = overrides("email=Anna@@X.example |new_email=anna@x.example", "email=keine Mail|new_email=ben@x.example")
    for cell, address in (("anna@@x.example", "anna@x.example"), (" Keine  Mail", "ben@x.example")):
        assert mends.apply(contact("", cell)).addresses == (AddressCell(address, preferred=True),)
    assert mends.unused() == ()


def test_all_mistakes_are_told_together() -> None:
    """Nobody mends a file one mistake at a time; what is wrong with the header is told once."""
    with pytest.raises(InputError) as caught:
        overrides("email=|nmae=x", "email=a@x.example|nmae=y", "email=a@x.example|nmae=z")
    assert [problem.where for problem in caught.value.problems] == [f"{FILE}:{line}" for line in (1, 2, 4)]
    assert caught.value.message == f"3 things must be mended in {FILE}."


@given(
    st.lists(st.dictionaries(st.sampled_from(["email", "key", "new_email", "name", "x"]), st.text(), max_size=3)),
    st.text(),
)
def test_no_file_is_too_odd(rows: list[dict[str, str]], cell: str) -> None:
    """Whatever stands in it: corrections, or problems of one line each, never a traceback."""
    problems: tuple[Problem, ...] = ()
    try:
        Overrides(((Origin(FILE, line), cells) for line, cells in enumerate(rows, 2)), "Nr").apply(contact("", cell))
    except InputError as error:
        problems = error.problems
    assert all(problem.what == " ".join(problem.what.split()) for problem in problems)
