"""The one walk over the rows: whom a preview shows, and how each is greeted, is whom a run writes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.actions.prepare import prepare
from notify.actions.preview import preview
from notify.actions.run import begun
from notify.errors import InputError
from tests.campaign import NOW, Folder, enrolled, handover_of

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
        for previewed in preview(prepare(settings, where), folder.ledger, most=None)
    }
    with begun(prepare(settings, where), NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        claimed = {claimed.address: claimed.salutation for claimed in handover_of(run).claim(9, NOW)}
    assert shown == claimed
    assert len(shown) == (3 if not where else 2)


def test_preview_refuses_what_a_run_refuses(tmp_path: Path) -> None:
    """A key with two addresses ends both, though one of its rows is not asked for."""
    folder = Folder(
        tmp_path / "campaign", people=SHARED.replace("2;A;Herr;Ben;Beispiel;post", "1;A;Herr;Ben;Beispiel;ben")
    )
    prepared = prepare(folder.settings({"contacts.key": "Nr"}), 'Gruppe == "A"')
    with pytest.raises(InputError, match="stands with different addresses"):
        list(preview(prepared, folder.ledger, most=None))
    run = begun(prepared, NOW, accept_change=False, rehearsal=False)
    with run as begun_run, pytest.raises(InputError, match="stands with different addresses"):
        enrolled(begun_run)
