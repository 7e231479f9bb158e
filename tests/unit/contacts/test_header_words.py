"""The words of a header: the short way, of plain ASCII, comes to the same as the long one."""

from __future__ import annotations

from itertools import product

from notify.contacts.header import without_umlauts, words

ASCII = "".join(map(chr, range(128)))


def test_plain_headers_are_read_as_all_others() -> None:
    """With a soft hyphen, which nobody sees, a header goes the long way."""
    headers = ["".join(letters) for letters in product(ASCII, repeat=2)]
    headers += ["EmailID", "E-Mail", "mobilNummer2", "Name 1", "STRASSE", "e mail privat", "Tel.(privat)", "a_b__C"]
    assert [header for header in headers if words(header) != words(f"{header}\N{SOFT HYPHEN}")] == []
    assert without_umlauts("Strasse") == "Strasse"
    assert without_umlauts("Straße für Ämter") == "Straße fur Amter"
