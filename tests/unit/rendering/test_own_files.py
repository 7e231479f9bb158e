"""Files that only one recipient gets, as its row names them."""

from __future__ import annotations

import unicodedata

import pytest

from notify.core.form import Form
from notify.errors import ChangedError, InputError
from notify.rendering import Template
from notify.rendering.attachments import OwnFiles
from notify.rendering.files import MOST_OCTETS
from tests.unit.rendering.workshop import SHOWN, WHO, Workshop, render

MESSAGE = f"{SHOWN}/message.de.md"
HEADERS = 'Subject: x\nAttachment: agb.pdf\nAttachment: {{ row["Datei"] }}\n'


@pytest.fixture
def template(workshop: Workshop) -> Template:
    """Give a template with a file for everybody and those of a row."""
    (workshop.root / "anlagen").mkdir()
    for name in ("rechnung 1.pdf", "rechnung 2.pdf", "größe.txt"):
        (workshop.root / "anlagen" / name).write_bytes(name.encode())
    return workshop.write("agb.pdf", b"%PDF").message("Text", headers=HEADERS).open()


def names(template: Template, cell: str) -> list[str]:
    """Return what is attached for a cell, by name."""
    return [attachment.filename for attachment in render(template, row={"Datei": cell}).attachments]


def own(template: Template, cell: str) -> OwnFiles:
    """Look at the files of a cell."""
    fields = template.named.of({}, {"Datei": cell})
    return template.own_files("de", "", fields, WHO)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", []),
        ("   ", []),
        (" ; ", []),
        ("anlagen/rechnung 1.pdf", ["rechnung 1.pdf"]),
        (" anlagen/rechnung 1.pdf ", ["rechnung 1.pdf"]),
        ("anlagen\\rechnung 1.pdf", ["rechnung 1.pdf"]),
        ("./anlagen/../anlagen/rechnung 1.pdf", ["rechnung 1.pdf"]),
        ("anlagen/rechnung 1.pdf; anlagen/rechnung 2.pdf", ["rechnung 1.pdf", "rechnung 2.pdf"]),
        ("anlagen/rechnung 2.pdf\nanlagen/rechnung 1.pdf;", ["rechnung 2.pdf", "rechnung 1.pdf"]),
        ("anlagen/rechnung 1.pdf;anlagen/rechnung 1.pdf", ["rechnung 1.pdf"]),
        (unicodedata.normalize("NFD", "anlagen/größe.txt"), ["größe.txt"]),
        ("agb.pdf", ["agb.pdf"]),
    ],
)
def test_a_cell_names_files(template: Template, cell: str, expected: list[str]) -> None:
    """None, one or several, after what everybody gets; an empty cell is no error."""
    assert names(template, cell) == ["agb.pdf", *expected]
    assert len(own(template, cell).files) == len(expected)
    assert not own(template, cell).problems


@pytest.mark.parametrize(
    "header",
    [
        "{% if row.Datei %}anlagen/{{ row.Datei }}.pdf{% endif %}",
        "{% for f in row.Datei.split() %}{{ f }};{% endfor %}",
    ],
)
def test_the_line_is_a_template(workshop: Workshop, template: Template, header: str) -> None:
    """A name may be put together; where it comes to nothing, nothing is attached."""
    workshop.message("Text", headers=f"Subject: x\nAttachment: {header}\n")
    assert names(workshop.open(), "") == []
    assert template.has_own_files("de", Form.FORMAL)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("fehlt.pdf", "there is no attachment fehlt.pdf"),
        ("../geheim.pdf", "there is no attachment"),
        ("/etc/hostname", "there is no attachment"),
        ("link.pdf", "there is no attachment"),
        ("anlagen", "there is no attachment"),
        ("a\0b", "there is no attachment"),
        ("x" * 5000, "there is no attachment"),
        ("https://x.example/a.pdf", "there is no attachment"),
        ("ledger.db", "ledger.db may not be attached: it belongs to a ledger"),
        ("templates/notice/message.de.md", "may not be attached: it belongs to a template"),
        ("gross.bin", "gross.bin has 50 MB, and no mailbox takes so much"),
    ],
)
def test_files_that_cannot_be_attached(workshop: Workshop, template: Template, cell: str, words: str) -> None:
    """Nothing from outside of the campaign, nothing private; told with the contact and the line of the template."""
    (workshop.root.parent / "geheim.pdf").write_bytes(b"x")
    (workshop.root / "link.pdf").symlink_to(workshop.root.parent / "geheim.pdf")
    (workshop.root / "ledger.db").write_bytes(b"x")
    with (workshop.root / "gross.bin").open("wb") as file:
        file.truncate(MOST_OCTETS + 1)
    workshop.private = {"ledger.db": "it belongs to a ledger"}
    (problem,) = own(template, f"anlagen/rechnung 1.pdf;{cell}").problems
    assert problem.where == WHO
    assert words in problem.what
    assert problem.what.endswith(f"({MESSAGE}:3)")
    with pytest.raises(InputError) as caught:
        render(template, row={"Datei": cell})
    assert caught.value.message.startswith(f"{MESSAGE}:3: ")
    assert words in caught.value.message
    assert caught.value.message.endswith(f"(for the contact at {WHO}).")


def test_a_template_elsewhere_lends_no_files_to_a_cell(workshop: Workshop) -> None:
    """What stands in a row reaches into the campaign folder only; what the template itself names is beside it."""
    campaign = workshop.root / "campaign"
    campaign.mkdir()
    workshop.write("agb.pdf", b"%PDF").message("Text", headers=HEADERS)
    elsewhere = Workshop(workshop.root / "other")
    elsewhere.root, elsewhere.folder = campaign, workshop.folder
    template = elsewhere.open()
    assert names(template, "") == ["agb.pdf"]
    assert "there is no attachment agb.pdf" in own(template, "agb.pdf").problems[0].what


def test_a_file_that_has_changed_since_it_was_looked_at(workshop: Workshop, template: Template) -> None:
    """What was looked at is what is sent; another one, or none any more, is told as a change."""
    cell = "anlagen/rechnung 1.pdf"
    fields = template.named.of({}, {"Datei": cell})
    looked_at = fields | {"files": own(template, cell).files}
    path = workshop.root / cell
    path.write_bytes(b"another")
    # this run has read it before it was changed
    assert template.render("de", "", looked_at, WHO).attachments[1].octets == b"rechnung 1.pdf"
    later = workshop.open()
    with pytest.raises(ChangedError, match=r"rechnung 1\.pdf has changed since"):
        later.render("de", "", looked_at, WHO)
    assert later.render("de", "", fields, WHO).attachments[1].octets == b"another"
    path.unlink()
    with pytest.raises(ChangedError, match="there is no attachment"):
        workshop.open().render("de", "", looked_at, WHO)


def test_only_the_row_names_files_that_are_kept(template: Template) -> None:
    """The ledger keeps the cell, as it keeps whatever a template names."""
    assert template.named.of({}, {"Datei": "a", "Ort": "b"}) == {"contact": {}, "row": {"Datei": "a"}}
    assert [attachment.filename for attachment in template.attachments_of("de", Form.FORMAL)] == ["agb.pdf"]
