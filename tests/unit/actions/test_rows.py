"""The one walk over the rows: whom a preview shows, and how each is greeted, is whom a run writes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.actions.preview import preview
from notify.actions.run import begun
from notify.actions.survey import Fate, survey
from notify.core.contact import Recipient
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.errors import ConfigError, InputError
from tests.campaign import NOW, Folder, enrolled, handover_of, send
from tests.unit.contacts.workbooks import Cell, replaced, xlsx
from tests.unit.ledger.mailing import outcome, settle

SHARED = """\
Nr;Gruppe;Anrede;Vorname;Nachname;E-Mail
1;B;Frau;Anna;Muster;post@example.com
2;A;Herr;Ben;Beispiel;post@example.com
3;A;Frau;Cora;Probe;cora@example.com
4;B;Herr;Dan;Muster;dan@example.com
"""


@pytest.mark.parametrize("shared_address", ["neutral", "first"])
@pytest.mark.parametrize("where", ["", 'Gruppe == "A"', 'Gruppe == "B"'])
def test_preview_shows_what_is_sent(tmp_path: Path, where: str, shared_address: str) -> None:
    """Also for some of them only, and where one address stands in a row that is asked for and in one that is not."""
    folder = Folder(tmp_path / "campaign", people=SHARED)
    settings = folder.settings({"contacts.shared_address": shared_address})
    shown = {
        previewed.recipient.address: previewed.recipient.salutation
        for previewed in preview(prepare(settings, where), most=None)
    }
    with begun(prepare(settings, where), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        claimed = {claimed.address: claimed.salutation for claimed in handover_of(run).claim(9, NOW)}
    assert shown == claimed
    assert len(shown) == (3 if not where else 2)


SWAPPED = """\
Nr;Anrede;Vorname;Nachname;Ort;Neu;Alt;E-Mail
1;Frau;Anna;Muster;Ulm;A1;A2;anna@example.com
2;;Ben;Beispiel;Bonn;B1;B2;b@example.com
"""


def _mend_headers(folder: Folder) -> dict[str, object]:
    folder.write(SWAPPED.replace("Neu;Alt", "Alt;Neu"))
    return {}


def _write_overrides(folder: Folder) -> dict[str, object]:
    (folder.path / "overrides.csv").write_text("email;first_name\nb@example.com;Benno\n", "utf-8")
    return {}


def _write_english(folder: Folder) -> dict[str, object]:
    text = "Subject: x\n\n{{ salutation }} {{ contact.first_name }}\n"
    (folder.message.parent / "message.en.md").write_text(text, "utf-8")
    return {"campaign.language": "en"}


def _name_another_field(folder: Folder) -> dict[str, object]:
    folder.edit(folder.message, "contact.first_name", "contact.city")
    return {}


def _change_a_detail(folder: Folder) -> dict[str, object]:
    folder.edit(folder.toml, "info@neu.example", "post@neu.example")
    return {}


#: What is changed between two runs: in the files, and as settings.
EDITS: dict[str, Callable[[Folder], dict[str, object]]] = {
    "two headers that were swapped": _mend_headers,
    "a column assigned otherwise": lambda _: {"contacts.columns.first_name": "Nachname"},
    "a column that was a salutation": lambda _: {"contacts.columns.salutation": "Ort"},
    "corrections": _write_overrides,
    "the language of those who do not say": _write_english,
    "a field that the template names": _name_another_field,
    "an announced detail": _change_a_detail,
    "a key column": lambda _: {"contacts.key": "Nr"},
}


@pytest.mark.parametrize("deferred", [False, True])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_preview_shows_what_is_sent_after_an_edit(
    tmp_path: Path, edit: Callable[[Folder], dict[str, object]], *, deferred: bool
) -> None:
    """After the first was sent to, and another one perhaps put off, the others get what the preview shows now."""
    folder = Folder(tmp_path / "campaign", people=SWAPPED)
    folder.edit(
        folder.message, "{{ salutation }}", "{{ salutation }} {{ contact.first_name }} {{ row.Alt }} {{ row.Neu }}"
    )
    with begun(folder.prepared(), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        send(handover_of(run), "anna@example.com")
        if deferred:
            (ben,) = handover_of(run).claim(1, NOW)
            settle(handover_of(run), ben.id, outcome(Status.DEFERRED, Phase.RCPT), NOW)
    prepared = prepare(folder.settings(edit(folder)))
    shown = next(preview(prepared, most=1, only="b@example.com")).content
    with begun(prepared, NOW + dt.timedelta(days=1), accept_change=True, rehearsal=False) as run:
        enrolled(run)
        (ben,) = handover_of(run).claim(1, NOW + dt.timedelta(days=1))
        assert prepared.template.render(ben.language, ben.salutation, ben.fields, "") == shown


def test_preview_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    """A key with two addresses ends both, though one of its rows is not asked for."""
    folder = Folder(
        tmp_path / "campaign", people=SHARED.replace("2;A;Herr;Ben;Beispiel;post", "1;A;Herr;Ben;Beispiel;ben")
    )
    prepared = prepare(folder.settings({"contacts.key": "Nr"}), 'Gruppe == "A"')
    with pytest.raises(InputError, match="stands with different addresses"):
        list(preview(prepared, most=None))
    run = begun(prepared, NOW, accept_change=False, rehearsal=False)
    with run as begun_run, pytest.raises(InputError, match="stands with different addresses"):
        enrolled(begun_run)


NEWS = """\
Nr;Gruppe;E-Mail;E-Mail 2;Unsubscribed
1;A;anna@example.com;;
2;A;ben@example.com;;
3;A;cora@example.com;;
4;A;dan@example.com;;
"""


@pytest.mark.parametrize(
    "unsubscribed",
    [
        # not meant by the campaign, without a key, with another address in front, or with one that is none
        "5;B;anna@example.com;;yes",
        ";A;anna@example.com;;yes",
        "5;B;Anna Muster <ANNA@Example.com>;;yes",
        "5;B;eva@example.com;anna@example.com;yes",
        "5;A;eva@@example.com;anna@example.com;yes",
        "5;B;eva@example.com, anna@example.com;;yes",
        ";;anna@example.com;;2026-01-01",
        # nothing in the first cell, a row that is read again behind a stray quotation mark, a cell with both
        "5;B;k. A.;anna@example.com;yes",
        '6;A;"zoe@example.com;;\n5;B;eva@example.com;anna@example.com;yes',
        "5;B;eva@example.com und anna@example.com;;12. Mai 2020",
        "5;B;anna@example.com;;1.0",
    ],
)
def test_an_opt_out_is_the_address_s(tmp_path: Path, unsubscribed: str) -> None:
    """Whatever becomes of the row in which somebody unsubscribed, in front of the others or behind them."""
    header, *rows = NEWS.splitlines(keepends=True)
    for number, text in enumerate((NEWS + unsubscribed, "".join([header, f"{unsubscribed}\n", *rows]))):
        folder = Folder(tmp_path / f"campaign-{number}", people=text)
        options = {"contacts.where": 'Gruppe == "A"', "contacts.key": "Nr"}
        assert _admitted(folder, options).isdisjoint({"anna@example.com"})
        assert {"ben@example.com", "cora@example.com", "dan@example.com"} <= _admitted(folder, options)
        folder.enrol_with(options)
        assert folder.statuses()["anna@example.com"] == "suppressed"


def test_an_opt_out_in_another_file(tmp_path: Path) -> None:
    """The file of those who unsubscribed lacks the column that the condition asks for; so do its vCards."""
    folder = Folder(tmp_path / "campaign", people=NEWS)
    folder.people.with_name("unsubscribed_members_export_1a2b3c.csv").write_text("Email Address\nANNA@example.com\n")
    cards = "BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nEMAIL:ben@example.com\nEND:VCARD\n"
    folder.people.with_name("cleaned_members_export_1a2b3c.csv").write_text(cards)
    assert _admitted(folder, {"contacts.where": 'row["Gruppe"] == "A"'}) == {"cora@example.com", "dan@example.com"}


def test_a_wish_goes_with_the_old_address_and_the_new(tmp_path: Path) -> None:
    """Somebody who unsubscribed and whose address was corrected gets no mail at either."""
    folder = Folder(tmp_path / "campaign", people=NEWS + "5;B;eva@example.com;;yes\n6;A;eva@example.com;;\n")
    (folder.path / "overrides.csv").write_text("key,new_email\n5,ben@example.com\n")
    admitted = _admitted(folder, {"contacts.key": "Nr"})
    assert admitted == {"anna@example.com", "cora@example.com", "dan@example.com"}


def test_an_opt_out_in_a_hidden_row(tmp_path: Path) -> None:
    """Rows that a filter of the workbook hides are left out, each counted; what they say of an address holds."""
    folder = Folder(tmp_path / "campaign", people=NEWS)
    people: list[list[Cell]] = [["anna@example.com", "yes"], ["eva@example.com", None], ["fay@example.com", None]]
    octets = xlsx({"Kunden": [["E-Mail", "Unsubscribed"], *people]})
    for number in (2, 3):
        octets = replaced(octets, "xl/worksheets/sheet1.xml", f'<row r="{number}">', f'<row r="{number}" hidden="1">')
    folder.people.with_name("workbook.csv").write_bytes(octets)
    everybody = {"ben@example.com", "cora@example.com", "dan@example.com", "fay@example.com"}
    assert _admitted(folder, {"contacts.hidden_rows": "leave_out"}) == everybody
    assert _admitted(folder, {}) == everybody | {"eva@example.com"}
    with begun(
        folder.prepared({"contacts.hidden_rows": "leave_out"}), NOW, accept_change=False, rehearsal=False
    ) as run:
        done = enrolled(run)
    assert (done.rows, done.hidden, done.filtered, done.objected.total()) == (7, 2, 0, 1)


MIXED = """\
Nr;Gruppe;Anrede;Nachname;E-Mail;E-Mail 2;Unsubscribed
1;A;1;M?ller;anna@example.com;;n/a
2;A;1;Muster;ben@@example.com;ben@example.com;-
3;A;2;Probe;keine;cora@example.com;#N/A
4;A;2;Beispiel;"dan@example.com;;
5;A;2;Beispiel;eva@@example.com;eva@example.com;x
6;A;2;Beispiel;keine;k. A.;x
7;B;2;Beispiel;fay@example.com;;
8;A;2;Beispiel;fay@example.com;;
9;A;2;Beispiel;Fay@Example.com;;
"""


@pytest.mark.parametrize("fallback", [False, True])
def test_each_row_has_one_fate(tmp_path: Path, *, fallback: bool) -> None:
    """Rows of every kind beside each other: each is counted once, a word for nothing is no wish, and codes are read."""
    folder = Folder(tmp_path / "campaign", people=MIXED)
    given = {"contacts.where": 'Gruppe == "A"', "contacts.gender_codes": "1=Frau, 2=Herr"}
    prepared = folder.prepared({**given, "contacts.fallback_address": fallback})
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        rows = list(surveyed.rows())
    fates = {str(row.row.origin).rpartition(":")[2]: row.fate.value for row in rows}
    mended, unsubscribed = ("admitted", "suppressed") if fallback else ("rejected", "rejected")
    assert fates == dict(
        zip(
            map(str, range(2, 11)),
            f"admitted {mended} admitted rejected {unsubscribed} rejected filtered admitted duplicate".split(),
            strict=True,
        )
    )
    greeted = {row.row.address: row.row.salutation for row in rows if isinstance(row.row, Recipient)}
    assert greeted["anna@example.com"] == "Guten Tag,"
    assert greeted["cora@example.com"] == "Sehr geehrter Herr Probe,"
    assert greeted.get("ben@example.com", "Sehr geehrte Frau Muster,") == "Sehr geehrte Frau Muster,"


def _admitted(folder: Folder, options: Mapping[str, object]) -> set[str]:
    prepared = folder.prepared(options)
    with survey(prepared.sources, prepared.selection, prepared.settings) as surveyed:
        return {
            row.row.address for row in surveyed.rows() if row.fate is Fate.ADMITTED and isinstance(row.row, Recipient)
        }


def test_numbers_are_read_as_the_user_says(tmp_path: Path) -> None:
    """Without a word of the user or of the header they greet nobody; with one that says nothing, nobody is enrolled."""
    folder = Folder(tmp_path / "campaign", people="Anrede;Nachname;E-Mail\n1;Muster;anna@example.com\n")
    said = [
        previewed.recipient.salutation
        for codes in ("", "1=Frau, 2=Herr", "1=Herr, 2=Frau")
        for previewed in preview(folder.prepared({"contacts.gender_codes": codes}), most=None)
    ]
    assert said == ["Guten Tag,", "Sehr geehrte Frau Muster,", "Sehr geehrter Herr Muster,"]
    with pytest.raises(ConfigError, match=r'gender_codes: "ja" says nothing of how somebody is addressed'):
        folder.prepared({"contacts.gender_codes": "1=ja"})
