"""Who is there twice: found in SQLite after everybody was given, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from notify.core.form import Form
from notify.core.objection import Against, Objection
from notify.ledger import Given, Group, Groups, Intake, Known, Sharing, Sorted, Twin, objections_of, values_of
from tests.unit.ledger.mailing import given

DUPLICATE, SAME_PERSON, KEY_TWICE = Twin.DUPLICATE, Twin.SAME_PERSON, Twin.KEY_TWICE
NEUTRAL, FIRST, ONCE = Sharing(), Sharing(neutral=False), Sharing(once=True)


@pytest.fixture
def intake() -> Iterator[Intake]:
    """Give an empty intake."""
    with Intake() as intake:
        yield intake


def _row(line: int, row: str, **more: object) -> Given:
    """Return the recipient written as ``KEY ADDRESS NAME``; the person is the name, in lower case."""
    recipient = given(row, f"people.csv:{line}")
    person = f"{recipient.name.lower()}\n" if recipient.name else ""
    made = {"salutation": f"Hallo {recipient.name}", "person": person, "shared_salutation": "Guten Tag,"}
    return replace(recipient, **made | more)  # type: ignore[arg-type]


def _sorted(intake: Intake, sharing: Sharing, *rows: str) -> list[tuple[Twin | None, str]]:
    """Give rows that begin in line 2, sort; return each row's twin and where the other one stands."""
    for line, row in enumerate(rows, start=2):
        intake.add(_row(line, row))
    intake.sort(sharing)
    return [(row.twin, row.other_origin.removeprefix("people.csv:")) for row in intake.rows()]


@pytest.mark.parametrize(
    ("rows", "twins"),
    [
        (["K1 anna@example.com", "K2 ben@example.com"], [(None, ""), (None, "")]),
        (["K1 anna@example.com", "K2 Anna@Example.com"], [(None, ""), (DUPLICATE, "2")]),
        (["- anna@example.com"] * 3, [(None, ""), (DUPLICATE, "2"), (DUPLICATE, "2")]),
        # rows that agree but for a customer number
        (["K1 anna@example.com Anna", "K2 anna@example.com Anna"], [(None, ""), (DUPLICATE, "2")]),
        (["K1 anna@example.com", "K1 ben@example.com"], [(None, ""), (KEY_TWICE, "2")]),
        (["K1 anna@example.com", "K1 anna@example.com"], [(None, ""), (DUPLICATE, "2")]),
        # the key of a duplicate counts as well: it has two addresses
        (
            ["K1 anna@example.com", "K2 anna@example.com", "K2 ben@example.com"],
            [(None, ""), (DUPLICATE, "2"), (KEY_TWICE, "3")],
        ),
        (["a1 anna@example.com", "A1 ben@example.com"], [(None, ""), (None, "")]),
        # nor may somebody's key be the address of another, who is known by it
        (["- anna@example.com", "anna@example.com ben@example.com"], [(None, ""), (KEY_TWICE, "2")]),
        (["anna@example.com ben@example.com", "- anna@example.com"], [(None, ""), (KEY_TWICE, "2")]),
    ],
)
def test_twins(intake: Intake, rows: list[str], twins: list[tuple[Twin | None, str]]) -> None:
    """Each row that is not enrolled names the first row that it is the twin of."""
    assert _sorted(intake, NEUTRAL, *rows) == twins


@pytest.mark.parametrize(
    ("sharing", "twins"),
    [(NEUTRAL, [None, None, None]), (ONCE, [None, SAME_PERSON, None])],
)
def test_one_person_with_two_addresses(intake: Intake, sharing: Sharing, twins: list[Twin | None]) -> None:
    """Somebody who seems to have two addresses is written to at each, or at the first, as the user wants."""
    rows = ["- anna@example.com Anna Muster", "- anna@example.org Anna Muster", "- ben@example.com"]
    assert [twin for twin, _ in _sorted(intake, sharing, *rows)] == twins


WORK, HOME = "- work@example.com Anna Muster", "- home@example.com Anna Muster"
MOVED = Twin.MOVED


@pytest.mark.parametrize(
    ("rows", "twins"),
    [
        ([WORK, HOME], [None, SAME_PERSON]),
        # the list was sorted otherwise since
        ([HOME, WORK], [SAME_PERSON, None]),
        # the row of the address that was written to has gone
        ([HOME], [MOVED]),
        ([HOME, "- third@example.com Anna Muster"], [MOVED, MOVED]),
        # somebody else has the address too
        ([HOME, "- home@example.com Ben"], [None, DUPLICATE]),
        (["- ben@example.com Ben", HOME, WORK], [None, SAME_PERSON, None]),
    ],
)
def test_one_person_who_was_written_to(intake: Intake, rows: list[str], twins: list[Twin | None]) -> None:
    """Somebody who was written to at one address before is not at another one, whatever the files say now."""
    anna = _row(2, WORK)
    known = Known(1, anna.key, anna.identity, anna.address, anna.name, anna.person, anna.origin, 1, is_reached=True)
    for line, row in enumerate(rows, start=2):
        intake.add(_row(line, row))
    intake.sort(ONCE, [known])
    assert [row.twin for row in intake.rows()] == twins


def test_all_addresses_of_a_row_were_asked_for_before(intake: Intake) -> None:
    """Who was written to at one of the addresses of a row is still written to at the others."""
    anna = _row(2, WORK)
    known = Known(1, anna.key, anna.identity, anna.address, anna.name, anna.person, anna.origin, 1, is_reached=True)
    for row in (WORK, HOME):
        intake.add(_row(7, row))
    intake.sort(ONCE, [known])
    assert [row.twin for row in intake.rows()] == [None, None]


def test_nobody_is_left_out_with_somebody_else(intake: Intake) -> None:
    """Who is written to elsewhere keeps an address that another person has too: that one has no other."""
    rows = ["K1 anna@example.com Anna", "K2 familie@example.com Anna", "K3 familie@example.com Ben"]
    assert _sorted(intake, ONCE, *rows) == [(None, ""), (None, ""), (DUPLICATE, "3")]
    greeted = [row.given.salutation for row in intake.rows() if row.twin is None]
    assert greeted == ["Hallo Anna", "Guten Tag,"]


def test_a_wish_in_a_row_whose_key_is_taken(intake: Intake) -> None:
    """Who opted out there is seen to have opted out, before the key is mended too."""
    for line, row in enumerate(["K1 anna@example.com Anna", "K2 ben@example.com Ben"], start=2):
        intake.add(_row(line, row))
    intake.add(_row(4, "K2 anna@example.com Anna"))
    intake.object("anna@example.com", Objection(Against.ALL_MAIL, "Opt-out: yes"), leaves_out=True)
    intake.sort(NEUTRAL)
    rows = list(intake.rows())
    assert [row.twin for row in rows] == [None, None, KEY_TWICE]
    assert rows[0].given.opted_out == "Opt-out: yes"


def test_the_addresses_of_one_row_were_asked_for(intake: Intake) -> None:
    """Who is written to at all addresses of a row is not the same person twice."""
    for address in ("anna@example.com", "anna@example.org"):
        intake.add(_row(2, f"- {address} Anna Muster"))
    intake.sort(ONCE)
    assert [row.twin for row in intake.rows()] == [None, None]
    assert not list(intake.groups(Groups.SAME_PERSON))


@pytest.mark.parametrize(
    ("sharing", "names", "salutation"),
    [
        (NEUTRAL, ("Anna", "Ben"), "Guten Tag,"),
        (FIRST, ("Anna", "Ben"), "Hallo Anna"),
        (NEUTRAL, ("Anna", "Anna"), "Hallo Anna"),
        # whoever has no name is nobody else
        (NEUTRAL, ("Anna", ""), "Hallo Anna"),
    ],
)
def test_several_people_at_one_address(
    intake: Intake, sharing: Sharing, names: tuple[str, str], salutation: str
) -> None:
    """Several people who share an address get one message, which greets nobody of them wrongly."""
    _sorted(intake, sharing, *(f"- info@example.com {name}" for name in names))
    first, second = intake.rows()
    assert (first.given.salutation, first.twin, second.twin) == (salutation, None, DUPLICATE)


def test_a_neutral_greeting_is_not_remembered(intake: Intake) -> None:
    """The row of the first does not say how it is greeted: when the other one leaves, it is greeted by its name."""
    for line, name in enumerate(("Anna", "Ben"), start=2):
        intake.add(_row(line, f"- info@example.com {name}", row_digest=b"row"))
    intake.add(_row(4, "- cora@example.com Cora", row_digest=b"other"))
    intake.sort(NEUTRAL)
    assert [row.given.row_digest for row in intake.rows() if row.twin is None] == [None, b"other"]


@pytest.mark.parametrize(
    ("sharing", "more", "is_kept"),
    [
        (NEUTRAL, {}, False),
        (FIRST, {}, True),
        # greeted as before, but with Sie, as the other one is
        (NEUTRAL, {"salutation": "Guten Tag,", "form": Form.FAMILIAR}, False),
        (NEUTRAL, {"salutation": "Guten Tag,"}, True),
    ],
)
def test_a_proof_is_of_a_greeting(intake: Intake, sharing: Sharing, more: dict[str, object], is_kept: bool) -> None:
    """What is known of a message holds for as long as it is greeted in the same way; that of others stays."""
    proof, other = ("<anna@alt.example>", b"wording"), ("<cora@alt.example>", b"other")
    intake.add_values(values_of(_row(2, "- info@example.com Anna", **more)), proof)
    intake.add(_row(3, "- info@example.com Ben"))
    intake.add_values(values_of(_row(4, "- cora@example.com Cora")), other)
    intake.sort(sharing)
    assert [row.proof for row in intake.rows()] == [proof if is_kept else None, None, other]


def test_wishes_of_all_rows_count(intake: Intake) -> None:
    """Who was asked for in one of the rows of an address was asked for."""
    intake.add(_row(2, "- anna@example.com Anna", selected=False, row_digest=b"row"))
    intake.add(_row(3, "- anna@example.com Anna"))
    intake.add(_row(4, "- ben@example.com Ben", selected=False))
    intake.sort(NEUTRAL)
    anna, _, ben = (row.given for row in intake.rows())
    assert (anna.selected, anna.row_digest) == (True, None)
    assert not ben.selected


def test_an_objection_is_to_an_address(intake: Intake) -> None:
    """What a row says that nobody is made of holds for every row with its address; the gravest decides, and is told."""
    for address in ("anna@example.com", "nobody@example.com"):
        intake.object(address, Objection(Against.ADVERTISING, "Newsletter: 0"), leaves_out=False)
    intake.object("anna@example.com", Objection(Against.ALL_MAIL, "UNSUB_TIME: 2026-01-01"), leaves_out=True)
    intake.object("anna@example.com", Objection(Against.ALL_MAIL, "UNSUB_TIME: 2026-02-02"), leaves_out=True)
    intake.object("anna@example.com", Objection(Against.UNREACHABLE, "CLEAN_TIME: 2026-01-01"), leaves_out=False)
    intake.object("cora@example.com", Objection(Against.LEFT, "Austritt: ja"), leaves_out=False)
    for line, row in enumerate(("anna Anna", "ben Ben", "cora Cora"), start=2):
        name, said = row.split()
        intake.add(_row(line, f"- {name}@example.com {said}", row_digest=b"row"))
    intake.sort(NEUTRAL)
    anna, ben, cora = (row.given for row in intake.rows())
    assert (anna.opted_out, ben.opted_out, cora.opted_out) == ("UNSUB_TIME: 2026-01-01", "", "")
    assert [one.against for one in objections_of(anna)] == [Against.ALL_MAIL, Against.UNREACHABLE, Against.ADVERTISING]
    assert objections_of(ben) == ()
    assert objections_of(cora) == (Objection(Against.LEFT, "Austritt: ja"),)
    # what is said against an address is asked anew by each run, whatever is remembered of the row
    assert {anna.row_digest, ben.row_digest, cora.row_digest} == {b"row"}


def _shown(groups: Iterator[Group]) -> list[tuple[str, list[str], int]]:
    return [(group.mark, [member.origin[11:] for member in group.members], group.rows) for group in groups]


def test_groups(intake: Intake) -> None:
    """Rows that belong together are shown as groups of their kind, in the order of the files."""
    _sorted(
        intake,
        NEUTRAL,
        "K1 info@example.com Anna Muster",
        "K2 info@example.com Ben Probe",
        "K3 cora@example.com Cora Test",
        "K4 cora@example.com Cora Test",
        "K5 dan@example.com Dan Vorbild",
        "K6 dan@example.org Dan Vorbild",
        "K7 eva@example.com Eva",
        "K7 eva@example.org Ewa",
    )
    assert _shown(intake.groups(Groups.SHARED_ADDRESS)) == [("info@example.com", ["2", "3"], 2)]
    assert _shown(intake.groups(Groups.REPEATED_ROWS)) == [("cora@example.com", ["4", "5"], 2)]
    assert _shown(intake.groups(Groups.SAME_PERSON)) == [("dan vorbild\n", ["6", "7"], 2)]
    assert _shown(intake.groups(Groups.KEY_TWICE)) == [("K7", ["8", "9"], 2)]


def test_a_person_of_whom_one_row_shares_its_address(intake: Intake) -> None:
    """Also who was looked at for another reason before is found, however often one asks."""
    people = ("K1 cora@example.com Cora Test", "K2 cora@example.com Cora Test", "K3 ben@example.com Ben Probe")
    _sorted(intake, NEUTRAL, *people, "K4 cora@example.org Cora Test", "- eva@example.com", "- eve@example.com")
    for _ in range(2):
        assert _shown(intake.groups(Groups.SAME_PERSON)) == [("cora test\n", ["2", "5"], 2)]


def test_of_a_large_group_the_first_rows_are_named(intake: Intake) -> None:
    """However many share an address, a few are named and all are counted."""
    _sorted(intake, NEUTRAL, *(f"- info@example.com Kunde{number}" for number in range(500)))
    ((_, members, rows),) = _shown(intake.groups(Groups.SHARED_ADDRESS))
    assert (members[:2], len(members), rows) == (["2", "3"], 10, 500)


def test_everything_comes_out_as_it_went_in(intake: Intake) -> None:
    """Whatever a recipient holds, it is the same afterwards."""
    recipient = _row(2, 'K"; DROP anna@example.com Zoë', opted_out="x", selected=False, row_digest=b"\0\xff")
    intake.add(replace(recipient, fields='{"contact": {"city": "Łódź\\n"}}'))
    intake.sort(NEUTRAL)
    ((out, twin, _),) = ((row.given, row.twin, row.other_origin) for row in intake.rows())
    assert (replace(out, fields=recipient.fields), twin) == (recipient, None)
    assert out.fields == '{"contact": {"city": "Łódź\\n"}}'


def _told(seed: int, sharing: Sharing) -> tuple[list[Sorted], list[list[Group]]]:
    """Return what is told of rows of which some belong together, in whatever way: it is drawn by lot."""
    lot = random.Random(seed)
    people = lot.choice((40, 400))
    keys, known = lot.choice((("-",), ("-", "K"), ("K",))), lot.random() < 0.5

    def row(line: int) -> Given:
        name, number = lot.choice(("", "Anna", "Ben", "Cora Muster")), lot.randrange(people)
        key = lot.choice(keys)
        key += str(lot.choice((line, line, lot.randrange(people)))) * (key == "K")
        given = _row(line, f"{key} p{number}@example.com {name}", selected=lot.random() < 0.9, row_digest=b"row")
        return replace(given, person=f"{name}{lot.randrange(people)}\n" * bool(name), language=lot.choice(("de", "en")))

    with Intake() as intake:
        for line in range(2, 2 + lot.randrange(350)):
            intake.add(row(line))
            if lot.random() < 0.05:
                against, leaves_out = lot.choice((Against.ALL_MAIL, Against.ADVERTISING)), lot.random() < 0.5
                objection = Objection(against, f"line {line}")
                intake.object(f"p{lot.randrange(people)}@example.com", objection, leaves_out=leaves_out)
        before = [row(line) for line in range(lot.randrange(60))] if known else []
        enrolled = [
            Known(number, one.key, one.identity, one.address, one.name, one.person, one.origin, 1, lot.random() < 0.5)
            for number, one in enumerate({one.identity: one for one in before}.values(), start=1)
        ]
        intake.sort(sharing, enrolled)
        return list(intake.rows()), [list(intake.groups(kind)) for kind in Groups]


@pytest.mark.parametrize("sharing", [NEUTRAL, FIRST, ONCE])
def test_who_belongs_with_nobody_is_not_looked_at(sharing: Sharing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all rows are compared, as all digests are the same, that comes to the same."""
    found = [_told(seed, sharing) for seed in range(20)]
    monkeypatch.setattr("notify.ledger.intake.hash", lambda _: 0, raising=False)
    assert [_told(seed, sharing) for seed in range(20)] == found
    twins = {row.twin for rows, _ in found for row in rows}
    assert twins >= {None, DUPLICATE, KEY_TWICE, MOVED}
