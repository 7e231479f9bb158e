"""The sections [[audience]]: who may see what, and what is said of a section that says too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.config import Settings, load
from notify.config.audience import detail_called
from notify.core.campaign import BANK_DETAILS, Disclosure
from notify.errors import ConfigError

MINIMAL = """
[campaign]
template = "templates/x"
[sender]
email = "info@muster.example"
"""
ALL = 'name = "x"\nsees = ["iban", "account_holder"]\neverybody = true'


def loaded(folder: Path, *audiences: str) -> Settings:
    """Load a campaign with these audiences."""
    text = MINIMAL + "".join(f"\n[[audience]]\n{audience}\n" for audience in audiences)
    (folder / "notify.toml").write_text(text, "utf-8")
    return load(folder, options={}, environment={})


def disclosure(folder: Path, *audiences: str) -> Disclosure:
    """Return who may see what then."""
    return loaded(folder, *audiences).campaign().disclosure


def test_nobody_sees_bank_details(tmp_path: Path) -> None:
    """Without a section; and everything else is seen by all."""
    none = disclosure(tmp_path)
    assert none.hidden_from(()) == none.hidden_from_all == none.hidden_from_public == frozenset(BANK_DETAILS)


def test_who_sees_what(tmp_path: Path) -> None:
    """Everybody, members, and the public are three."""
    seen = disclosure(tmp_path, ALL, 'name = "y"\nsees = ["Telefon", "bic"]\nwhere = "city"')
    assert seen.hidden_from(()) == {"bic", "bank", "phone"}
    assert seen.hidden_from(["y"]) == seen.hidden_from_all == {"bank"}
    assert seen.hidden_from(["z"]) == seen.hidden_from(())
    assert seen.hidden_from_public == {*BANK_DETAILS, "phone"}
    public = disclosure(tmp_path, ALL.replace("everybody", "public"))
    assert public.hidden_from(()) == public.hidden_from_public == {"bic", "bank"}


@pytest.mark.parametrize("more", ['where = "city"', 'files = ["contacts/x.csv"]'])
def test_everybody_of_some(tmp_path: Path, more: str) -> None:
    """With a condition or files besides, it is those of them, and not everybody."""
    assert "iban" in disclosure(tmp_path, f"{ALL}\n{more}").hidden_from(())


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("iban", "iban"),
        ("IBAN", "iban"),
        ("Kontoinhaber", "account_holder"),
        ("account holder", "account_holder"),
        ("Straße", "street"),
    ],
)
def test_what_details_are_called(word: str, name: str) -> None:
    """By their keys, and by their words in German, English and French."""
    assert detail_called(word) == name


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ('sees = ["iban", "account_holder"]\neverybody = true', "`name`: it is missing"),
        ('name = "x"\neverybody = true', "`sees`: it is missing"),
        ('name = "x"\nsees = ["iban"]\neverybody = true', 'name "account_holder" too'),
        ('name = "x"\nsees = ["iban", "account_holder"]', "`where`: nobody is in it"),
        ('name = "x"\nsees = ["iban", "account_holder"]\neverybody = false', "`where`: nobody is in it"),
        ('name = "x"\nsees = ["ibam"]\neverybody = true', 'no detail is called "ibam"; did you mean "iban"?'),
        ('name = "x"\nsees = ["Schuhgröße"]\neverybody = true', "there are name, owner"),
        ('name = "x"\nsees = ["fax"]\npublic = true\nwhere = "city"', "whoever reads the page is in no address list"),
        ('name = "x"\nsees = ["fax"]\neverybody = true\nwher = "true"', "did you mean `where`?"),
        ('name = "x"\nsees = 5\neverybody = true', "5 is not text"),
    ],
)
def test_what_must_be_mended(tmp_path: Path, audience: str, words: str) -> None:
    """Each by its line."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, audience)
    (problem,) = caught.value.problems
    assert words in problem.what
    assert problem.where.startswith("notify.toml:")


def test_two_of_one_name(tmp_path: Path) -> None:
    """Nobody could tell who belongs to which."""
    with pytest.raises(ConfigError, match=r'notify\.toml:13: `name`: "x" is an \[\[audience\]\] already'):
        loaded(tmp_path, ALL, ALL)


def test_one_bracket_too_few(tmp_path: Path) -> None:
    """It is said how it is written."""
    (tmp_path / "notify.toml").write_text(f"{MINIMAL}\n[audience]\n{ALL}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"write \[\[audience\]\], with two brackets"):
        load(tmp_path, options={}, environment={})


def test_they_are_described_alike_in_every_process(tmp_path: Path) -> None:
    """By their text a run knows that nothing has changed; the order of a set differs from one to the next."""
    settings = loaded(tmp_path, ALL)
    assert settings.audiences[0].sees == ("iban", "account_holder")
    assert "set(" not in repr(settings)
