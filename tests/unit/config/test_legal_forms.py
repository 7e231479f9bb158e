"""What the law wants on business letters: asked for key by key, with its law, and printed in each language."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.config import load
from notify.config.legal_forms import LEGAL_FORMS
from notify.core.campaign import Sender
from notify.errors import ConfigError

MAILING = '[campaign]\ntemplate = "t"\n[contacts]\nfiles = "k.csv"\n[sender]\nemail = "info@muster.example"\n'
GIVEN = {
    "seat": '"Hamburg"',
    "register_court": '"Amtsgericht Hamburg"',
    "register_number": '"HRB 12345"',
    "managing_directors": '["Anna Muster", "Max Muster"]',
    "board": '"Anna Muster, Max Muster"',
    "board_chair": '"Max Muster"',
    "supervisory_chair": '"Kim Muster"',
    "general_partner": '"Muster Verwaltungs GmbH, Hamburg, HRB 54321"',
}


def _sender(folder: Path, lines: str) -> Sender:
    (folder / "notify.toml").write_text(MAILING + lines, "utf-8")
    return load(folder, options={}, environment={}).campaign().sender


def _lines(form: str, names: tuple[str, ...], name: str = "Muster PR") -> str:
    given = "".join(f"{key} = {GIVEN[key]}\n" for key in names)
    return f'name = "{name}"\nlegal_form = "{form}"\n{given}'


@pytest.mark.parametrize("form", LEGAL_FORMS)
def test_what_a_law_asks_for(tmp_path: Path, form: str) -> None:
    """Complete, it loads and every value is in the footer; each missing key is named with law and line."""
    needs = LEGAL_FORMS[form].needs
    footer = "\n".join(_sender(tmp_path, _lines(form, needs)).letterhead.lines("de"))
    assert (form in footer) == (form != "freelance")
    for key in needs:
        assert GIVEN[key].strip('["]').split('"')[0] in footer
        with pytest.raises(ConfigError) as caught:
            _sender(tmp_path, _lines(form, tuple(name for name in needs if name != key)))
        assert f"notify.toml:5: `{key}`: {LEGAL_FORMS[form].law} wants it" in str(caught.value)
        assert f"add  {key} = " in str(caught.value)


def test_which_law_asks_for_what() -> None:
    """As the laws have it: a company names who runs it, a merchant where he is registered, a freelancer nothing."""
    register = ("seat", "register_court", "register_number")
    assert (
        LEGAL_FORMS["GmbH"].needs == LEGAL_FORMS["UG (haftungsbeschränkt)"].needs == (*register, "managing_directors")
    )
    assert LEGAL_FORMS["AG"].needs == LEGAL_FORMS["SE"].needs == (*register, "board", "supervisory_chair")
    assert LEGAL_FORMS["eG"].needs == (*register, "board")
    for form in ("e.K.", "e.Kfm.", "e.Kfr.", "OHG", "KG", "PartG", "PartG mbB"):
        assert LEGAL_FORMS[form].needs == register
    assert LEGAL_FORMS["GmbH & Co. KG"].needs == (*register, "general_partner", "managing_directors")
    assert not any(LEGAL_FORMS[form].needs for form in ("e.V.", "GbR", "freelance"))


@pytest.mark.parametrize(
    ("form", "names", "language", "lines"),
    [
        (
            "GmbH",
            ("seat", "register_court", "register_number", "managing_directors"),
            "de",
            [
                "Muster PR · Rechtsform: GmbH",
                "Sitz: Hamburg · Registergericht: Amtsgericht Hamburg, HRB 12345",
                "Geschäftsführung: Anna Muster, Max Muster",
            ],
        ),
        (
            "AG",
            ("seat", "register_court", "register_number", "board", "board_chair", "supervisory_chair"),
            "en",
            [
                "Muster PR · Legal form: AG",
                "Registered office: Hamburg · Registered at: Amtsgericht Hamburg, HRB 12345",
                "Executive board: Max Muster (chair), Anna Muster",
                "Chair of the supervisory board: Kim Muster",
            ],
        ),
        ("e.V.", ("seat",), "fr", ["Muster PR · Forme juridique : e.V.", "Siège : Hamburg"]),
        ("freelance", (), "de", []),
    ],
)
def test_the_footer(tmp_path: Path, form: str, names: tuple[str, ...], language: str, lines: list[str]) -> None:
    """In the words of the language; what is not given is left out."""
    assert _sender(tmp_path, _lines(form, names)).letterhead.lines(language) == lines


def test_the_registered_name(tmp_path: Path) -> None:
    """It stands for the sender's, and a form that it has in it is not told twice."""
    lines = _lines("e.V.", ()) + 'legal_name = "Verein Muster e.V."\n'
    assert _sender(tmp_path, lines).letterhead.lines("de") == ["Verein Muster e.V."]
    with pytest.raises(ConfigError, match="`legal_name`: § 37a HGB wants it"):
        _sender(tmp_path, _lines("e.K.", LEGAL_FORMS["e.K."].needs, name=""))


def test_details_without_a_form(tmp_path: Path) -> None:
    """What would not be printed is no silent setting."""
    with pytest.raises(
        ConfigError, match=r"notify\.toml:8: `seat`: it is printed below messages with a `legal_form` only"
    ):
        _sender(tmp_path, 'name = "Muster PR"\nseat = "Hamburg"\n')


def test_a_new_account_needs_its_holder(tmp_path: Path) -> None:
    """Its line is named, and what to add; the old account needs none."""
    iban = 'iban = "DE89 3704 0044 0532 0130 00"\n'
    _sender(tmp_path, f"[change.old]\n{iban}")
    _sender(tmp_path, f'[change.new]\n{iban}account_holder = "Anna Muster"\n')
    with pytest.raises(ConfigError, match=r"notify\.toml:8: `iban`: it needs `account_holder` beside it, such as"):
        _sender(tmp_path, f"[change.new]\n{iban}")


@pytest.mark.parametrize("key", ["name", "owner"])
def test_a_name_does_not_end(tmp_path: Path, key: str) -> None:
    """Another detail may be dropped; who had a name has one afterwards."""
    _sender(tmp_path, f'[change.old]\n{key} = "A"\nfax = "040 12345"\n[change.new]\n{key} = "A"\n')
    with pytest.raises(ConfigError, match=rf"notify\.toml:8: `{key}`: it needs `{key}` in \[change\.new\]"):
        _sender(tmp_path, f'[change.old]\n{key} = "A"\n')
