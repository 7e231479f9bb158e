"""Of several encodings that are possible the one is found in which the letters are words."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from notify.contacts.encoding import Encoding, tell_encoding
from notify.contacts.encoding_letters import Choice, choose_encoding
from notify.errors import ConfigError, InputError
from tests.unit.contacts.findings import notes_of


def told(folder: Path, octets: bytes, named: str = "") -> Encoding:
    """Return what is told of a file with these octets."""
    path = folder / "kunden.csv"
    path.write_bytes(octets)
    return tell_encoding(path, "kunden.csv", named)


@pytest.mark.parametrize(
    "text",
    [
        "Müller",
        "Straße",
        "Müller;Straße;Köln",
        "JOSÉ MÜLLER;GRÖSSE",
        "Süß;Größe;Maßstäbe",
        "Renée;Zoë",
        "Müller – „Die Größe“; 5 €",
        "l’Épicerie d’Été",
        "José",
    ],
)
def test_windows_is_sure(tmp_path: Path, text: str) -> None:
    """A plain western file of Windows is read without a word."""
    assert told(tmp_path, f"E-Mail;Name\na@firma.example;{text}\n".encode("cp1252")) == Encoding("cp1252")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "Mäx;Müster"),
        ("mac_roman", "Jürgen Größe;Straße;Käthe"),
        ("mac_roman", "Renée Zoë José François"),
        ("cp850", "Müller;Größe;Jörg;Äpfel"),
        ("cp850", "José"),
        ("cp437", "Müller"),
        ("iso8859-15", "Müller 5 €"),
        ("iso8859-15", "œuvre Müller"),
        ("cp1250", "Dvořák;Čapek;Žižka;Novotný příjmení"),
        ("cp1250", "Łódź;Święty;Zażółć gęślą jaźń"),
        ("iso8859-2", "Łódź;Święty;Zażółć gęślą jaźń"),
        ("cp1251", "Имя;Анна Иванова;Москва;Петров"),
        ("koi8-r", "Имя;Анна Иванова;Москва"),
        ("cp1253", "Γιώργος;Παπαδόπουλος"),
        ("shift_jis", "名前;安奈;東京都;田中さん"),
        ("cp1252", "Peña Muñoz Núñez"),
        ("cp1252", "Pääkkönen Åke Ødegård"),
        ("cp1252", "10 €"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r"])
def test_other_encodings(tmp_path: Path, encoding: str, text: str, line_end: str) -> None:
    """The words are right, and where they may be wrong a note quotes them with their line and the mend."""
    whole = f"E-Mail;Name{line_end}a@firma.example;Anna{line_end}b@firma.example;{text}{line_end}"
    found = told(tmp_path, whole.encode(encoding))
    assert whole.encode(encoding).decode(found.name) == whole
    if not found.sure and found.text:
        assert found.line == 3
        assert found.text in notes_of(found)[0]
        assert f"as {found.name}, line 3 says" in notes_of(found)[0]
        assert "[contacts]  encoding = " in notes_of(found)[0]


def test_a_few_letters_of_old_macs_are_doubtful(tmp_path: Path) -> None:
    """Two letters are no proof; many are."""
    found = told(tmp_path, "E-Mail;Name\na@firma.example;Mäx Müster\n".encode("mac_roman"))
    (note,) = notes_of(found)
    assert (found.name, found.sure, found.line, found.text) == ("mac_roman", False, 2, '"Mäx" and "Müster"')
    assert note == (
        'the encoding is a guess: as mac_roman, line 2 says "Mäx" and "Müster". If that is wrong, say so in '
        'notify.toml:  [contacts]  encoding = "cp1252"'
    )
    assert told(tmp_path, ("Käthe Müller;Größe\n" * 5).encode("mac_roman")) == Encoding("mac_roman")


def test_a_few_foreign_names_make_no_doubt() -> None:
    """Among German names one is Spanish and could be Polish: this is Windows all the same."""
    octets = ("Müller;Jörg;Käthe;Straße\n" * 20 + "Peña\n").encode("cp1252")
    assert choose_encoding(octets, lambda _: "").name == "cp1252"
    assert choose_encoding(octets, lambda _: "").sure


def test_nothing_beyond_ascii() -> None:
    """It reads the same in all of them."""
    assert choose_encoding(b"Anna", lambda _: "").name == "cp1252"


def test_whoever_knows_languages_is_asked_only_in_doubt() -> None:
    """A clear case costs no library, and its answer counts among the close ones alone."""
    asked: list[tuple[str, ...]] = []

    def model(among: Sequence[str], answer: str = "") -> str:
        asked.append(tuple(among))
        return answer

    assert choose_encoding("Müller".encode("cp1252"), model) == Choice("cp1252", sure=True, rival="mac_roman")
    assert asked == []
    choose_encoding("Dvořák;příjmení".encode("cp1250"), model)
    assert asked
    assert {"cp1250", "cp1252"} <= set(asked[0])
    found = choose_encoding("Dvořák;příjmení".encode("cp1250"), functools.partial(model, answer="koi8-r"))
    assert (found.name, found.sure) == ("cp1252", False)


def test_utf_8_with_a_broken_line(tmp_path: Path) -> None:
    """Two files were put together, or the end is cut off: the rest is still right, and the line is told."""
    octets = b"Name;Ort\n" + "Müller;Köln\n".encode() * 9 + "Schäfer;x\n".encode("cp1252")
    found = told(tmp_path, octets)
    assert found.name == "utf-8"
    assert notes_of(found) == ('line 11 cannot be read whole as utf-8: "Sch\ufffdfer"',)
    found = told(tmp_path, octets + "Öz;y\n".encode("cp1252"))
    assert notes_of(found) == ('line 11 and 1 more cannot be read whole as utf-8: "Sch\ufffdfer"',)


@pytest.mark.parametrize("named", ["cp1252", "CP1252", "windows-1252", "latin-1", "mac_roman", "cp850", "iso-8859-15"])
def test_what_is_named_wins(tmp_path: Path, named: str) -> None:
    """Whatever the letters look like, and under any name that Python knows."""
    found = told(tmp_path, "Name\nMäx Müster\n".encode("mac_roman"), named)
    assert found.sure
    assert "Name\nMäx Müster\n".encode("mac_roman").decode(found.name) == "Name\nMäx Müster\n".encode(
        "mac_roman"
    ).decode(named)


def test_what_is_named_may_leave_letters_out(tmp_path: Path) -> None:
    """Nothing fails; the line is told."""
    found = told(tmp_path, "Name\nMüller\n".encode("cp1252"), "utf-8")
    assert notes_of(found) == ('line 2 cannot be read whole as utf-8: "M\ufffdller"',)
    assert told(tmp_path, b"Name\nAnna\n", "mac_roman").findings == ()


def test_what_is_named_and_looks_wrong(tmp_path: Path) -> None:
    """It may be meant for another file of the campaign: followed, but told."""
    found = told(tmp_path, "Name\nMüller\n".encode(), "cp1252")
    assert found.name == "cp1252"
    assert notes_of(found) == ('the file looks like utf-8; with encoding = "cp1252" line 2 says "MÃ¼ller"',)


@pytest.mark.parametrize("real", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_the_first_octets_cannot_be_overruled(tmp_path: Path, real: str) -> None:
    """No other encoding makes sense of a mark, or of a NUL beside every letter."""
    octets = "Name;Ort;Bemerkung\nMüller;Köln;keine\n".encode(real)
    found = told(tmp_path, octets, "cp1252")
    assert found.name == real
    assert notes_of(found) == (f'encoding = "cp1252" is not followed: the file is {real}, as its first octets tell',)
    assert told(tmp_path, octets, real.removesuffix("-sig").removesuffix("-le")).findings == ()
    assert told(tmp_path, b"Name\nM\xfcller\n", "utf-16").name == "cp1252"


@pytest.mark.parametrize("named", ["cp125", "", "idna", "base64", "rot13", "undefined", "a\0b", "utf 9", "hex", "Ä"])
def test_what_is_no_encoding(tmp_path: Path, named: str) -> None:
    """Also what Python calls one, but no file is written in; an empty name is none."""
    if not named:
        assert told(tmp_path, b"Name\n", named) == Encoding("utf-8")
        return
    with pytest.raises(ConfigError, match="there is no such encoding") as caught:
        told(tmp_path, b"Name\n", named)
    assert "cp1252" in caught.value.hint


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """The same words as ever."""
    with pytest.raises(InputError, match="no such file"):
        tell_encoding(tmp_path / "x", "x")


def test_a_large_file(tmp_path: Path) -> None:
    """Some of its lines are asked, not all of them."""
    octets = "anna@firma.example;Jörg Müller;Größe\n".encode("mac_roman") * 200_000
    start = time.perf_counter()
    assert told(tmp_path, octets) == Encoding("mac_roman")
    assert time.perf_counter() - start < 5
