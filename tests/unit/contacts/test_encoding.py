"""Which encoding a file has is told by its bytes; what is no text is refused with the mend."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.contacts.encoding_bytes import find_encoding
from notify.errors import InputError

TABLE = 'E-Mail;Name;Ort\r\nanna@example.com;Müller – "Die Größe";Köln\r\n'
MIB = 1 << 20


def encoding(tmp_path: Path, octets: bytes) -> str:
    """Return what a file with these bytes is taken for."""
    path = tmp_path / "kunden.csv"
    path.write_bytes(octets)
    return find_encoding(path, "kunden.csv")


def refused(tmp_path: Path, octets: bytes) -> InputError:
    """Return the error that a file with these bytes ends with."""
    with pytest.raises(InputError) as caught:
        encoding(tmp_path, octets)
    assert caught.value.message.startswith("kunden.csv: ")
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"E-Mail;Name\nanna@example.com;Anna\n", "utf-8"),
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8-sig"),
        (TABLE.encode("cp1252"), "cp1252"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"\xff\xfe" + TABLE.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        # two letters of which one byte is NUL the other way round
        ((TABLE * 9 + "Ā\u2000").encode("utf-16-le"), "utf-16-le"),
        ((TABLE * 9 + "Ā\u2000").encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-32"), "utf-32"),
        (b"\x00\x00\xfe\xff" + TABLE.encode("utf-32-be"), "utf-32"),
        ("Имя;E-Mail\nАнна;anna@example.com\n".encode(), "utf-8"),
        ("名前;E-Mail\n安奈;anna@example.com\n".encode(), "utf-8"),
        (b"E-Mail\n\xe4\n", "cp1252"),
        # a mark decides, also when what follows is broken
        (b"\xef\xbb\xbfE-Mail\n\xe4\n", "utf-8-sig"),
    ],
)
def test_encodings(tmp_path: Path, octets: bytes, name: str) -> None:
    """A mark, the NULs of UTF-16, UTF-8 without one mistake, else Windows."""
    assert encoding(tmp_path, octets) == name


@pytest.mark.parametrize("before", [0, 1, MIB - 2, MIB - 1, MIB, 2 * MIB - 1, 2 * MIB])
@pytest.mark.parametrize(
    ("end", "name"),
    [
        ("ü".encode(), "utf-8"),
        ("€".encode(), "utf-8"),
        ("👩".encode(), "utf-8"),
        ("ü".encode()[:1], "cp1252"),
        ("€".encode()[:2], "cp1252"),
        ("👩".encode()[:3], "cp1252"),
        ("€".encode()[1:], "cp1252"),
        (b"\xfc", "cp1252"),
    ],
)
def test_a_letter_at_the_border_of_a_block(tmp_path: Path, before: int, end: bytes, name: str) -> None:
    """A letter in two blocks is no mistake; half a letter at the very end is one."""
    assert encoding(tmp_path, b"x" * before + end) == name


def test_a_mistake_late_in_a_large_file(tmp_path: Path) -> None:
    """One umlaut in the last row decides as well as one in the first."""
    assert encoding(tmp_path, b"E-Mail;Name\n" * 200_000 + b"M\xfcller") == "cp1252"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
        (b"\r\n \t\r\n", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an old Excel workbook"),
        (b"SQLite format 3\0" + b"\0" * 500, "a database"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "a binary file"),
        (b"\x1f\x8b\x08" + bytes(range(1, 256)) * 9, "a binary file"),
        (b"\0" * 100, "a binary file"),
        (b"\0\0a" * 100, "a binary file"),
        (b"a" * 1000 + bytes(range(32)), "a binary file"),
    ],
)
def test_what_is_no_table(tmp_path: Path, octets: bytes, words: str) -> None:
    """Known by how it begins, whatever its name says."""
    assert words in refused(tmp_path, octets).message


def test_a_workbook(tmp_path: Path) -> None:
    """Somebody renames .xlsx to .csv; they are told to save the sheet as CSV."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    error = refused(tmp_path, file.getvalue())
    assert "a workbook" in error.message
    assert "save the sheet as CSV" in error.hint


@pytest.mark.parametrize("octets", [b"E-Mail\0;Name\n" + b"anna@example.com;Anna\n" * 9, TABLE.encode() * 9 + b"\x1a"])
def test_a_stray_control_character_is_no_binary_file(tmp_path: Path, octets: bytes) -> None:
    """Old programs pad with NUL and end with Ctrl-Z; a table of theirs is still a table."""
    assert encoding(tmp_path, octets) == "utf-8"


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, a folder, and what the system refuses, each in words of its own."""
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    (tmp_path / "file").touch()
    for name, words in (
        ("fehlt.csv", "no such file"),
        (".", "this is a folder"),
        ("circle.csv", "cannot be read"),
        ("file/x.csv", "cannot be read"),
        ("a" * 300, "cannot be read"),
    ):
        with pytest.raises(InputError) as caught:
            find_encoding(tmp_path / name, f"contacts/{name}")
        assert caught.value.message.startswith(f"contacts/{name}: ")
        assert words in caught.value.message
        assert caught.value.hint


@given(st.text(st.characters(exclude_categories=["C"]), min_size=4).filter(lambda text: len(text.strip()) > 3))
def test_utf_8_is_always_found(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever it says: a text in UTF-8 is not taken for anything else."""
    assert encoding(tmp_path_factory.mktemp("utf-8"), f"E-Mail;Name\n{text}\n".encode()) == "utf-8"


@given(st.text(st.characters(max_codepoint=0xFF, exclude_categories=["C"])))
def test_utf_16_is_always_found(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """In western letters, with and without a mark, in both orders."""
    folder = tmp_path_factory.mktemp("utf-16")
    for name in ("utf-16", "utf-16-le", "utf-16-be"):
        assert encoding(folder, f"E-Mail;Name\n{text}\n".encode(name)) == name


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(tmp_path_factory: pytest.TempPathFactory, octets: bytes) -> None:
    """An encoding that Python knows, or an error for people."""
    folder = tmp_path_factory.mktemp("bytes")
    try:
        name = encoding(folder, octets)
    except InputError:
        return
    octets.decode(name, errors="replace")
