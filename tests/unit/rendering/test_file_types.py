"""Types of files: the same everywhere, with the charset of texts, and nothing that a mail program takes for its own."""

from __future__ import annotations

import pytest

from notify.rendering.file_types import content_type_of


@pytest.mark.parametrize(
    ("name", "octets", "expected"),
    [
        ("preise.pdf", b"%PDF", "application/pdf"),
        ("Preise.PDF", b"%PDF", "application/pdf"),
        ("brief.docx", b"PK", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("zahlen.ods", b"PK", "application/vnd.oasis.opendocument.spreadsheet"),
        ("foto.webp", b"RIFF", "image/webp"),
        ("ohne", b"x", "application/octet-stream"),
        ("a.tar.gz", b"x", "application/octet-stream"),
        ("a.txt.gz", b"x", "application/octet-stream"),
        ("karte.vcf", "FN:Jürgen".encode(), "text/vcard; charset=utf-8"),
        ("termin.ics", b"BEGIN:VCALENDAR", "text/calendar; charset=utf-8"),
        ("notiz.txt", "Größe".encode(), "text/plain; charset=utf-8"),
        ("notiz.txt", b"", "text/plain; charset=utf-8"),
        ("notiz.txt", "Größe".encode("utf-8-sig"), "text/plain; charset=utf-8"),
        ("notiz.txt", "Größe".encode("utf-16"), "text/plain; charset=utf-16"),
        ("notiz.txt", "Größe".encode("cp1252"), "application/octet-stream"),
        ("notiz.txt", b"\0\1", "application/octet-stream"),
        ("seite.html", "<p>Größe".encode("latin-1"), "application/octet-stream"),
        ("liste.csv", "Größe;1".encode(), "text/csv; charset=utf-8"),
        *((name, b"x", "application/octet-stream") for name in ("brief.eml", "seite.mht", "alt.NWS")),
        *((name, b"x", "application/octet-stream") for name in ("vertrag.pdf.p7m", "smime.p7s", "a.asc", "a.sig")),
    ],
)
def test_the_type_of_a_file(name: str, octets: bytes, expected: str) -> None:
    """By its name, and for a text by what is in it: a charset that nobody is sure of is not named."""
    assert content_type_of(name, octets) == expected
