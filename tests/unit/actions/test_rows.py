"""The one walk over the rows: whom a preview shows, and how each is greeted, is whom a run writes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.actions.preview import preview
from notify.actions.run import begun
from notify.core.outcome import Phase
from notify.core.status import Status
from notify.errors import InputError
from tests.campaign import NOW, Folder, enrolled, handover_of, send
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
