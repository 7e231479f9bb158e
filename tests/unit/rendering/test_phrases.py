"""The words for what is announced: articles, endings and lists, in each language."""

from __future__ import annotations

import itertools
import re

import pytest

from notify.core.announcement import THINGS, Announcement, When
from notify.core.campaign import LANGUAGES
from notify.rendering.phrases import headline, renamed, what_changes, when


@pytest.mark.parametrize(
    ("language", "new", "gone", "head", "sentence"),
    [
        ("de", "email", "", "Neue E-Mail-Adresse", "eine neue E-Mail-Adresse"),
        (
            "de",
            "name email phone",
            "",
            "Neuer Name, neue E-Mail-Adresse und Telefonnummer",
            "einen neuen Namen, eine neue E-Mail-Adresse und eine neue Telefonnummer",
        ),
        (
            "de",
            "owner website",
            "",
            "Inhaberwechsel und neue Website",
            "eine neue Inhaberin oder einen neuen Inhaber und eine neue Website",
        ),
        ("de", "", "fax", "Faxnummer entfällt", "keine Faxnummer mehr"),
        (
            "de",
            "email",
            "fax website",
            "Neue E-Mail-Adresse, Faxnummer und Website entfallen",
            "eine neue E-Mail-Adresse, keine Faxnummer und keine Website mehr",
        ),
        (
            "de",
            "account_holder bank_name bic",
            "",
            "Neuer Kontoinhaber, Bankname und neue BIC",
            "einen neuen Kontoinhaber, einen neuen Banknamen und eine neue BIC",
        ),
        (
            "en",
            "email bank",
            "fax",
            "New e-mail address and bank account, fax number no longer in use",
            "a new e-mail address, a new bank account and no fax number any more",
        ),
        (
            "fr",
            "email phone",
            "fax",
            "Nouvelle adresse e-mail et nouveau numéro de téléphone, plus de numéro de fax",
            "une nouvelle adresse e-mail, un nouveau numéro de téléphone et plus de numéro de fax",
        ),
        ("fr", "", "email address", "Plus d'adresse e-mail et plus d'adresse postale", None),
    ],
)
def test_words(language: str, new: str, gone: str, head: str, sentence: str | None) -> None:
    """As a careful person writes them."""
    facts = Announcement(new=tuple(new.split()), gone=tuple(gone.split()))
    assert headline(facts, "", language) == head
    assert what_changes(facts, language) == (sentence or "plus d'adresse e-mail et plus d'adresse postale")


@pytest.mark.parametrize(
    ("language", "effective", "sentence", "in_headline"),
    [
        ("de", When.PAST, "seit dem 1. Mai", " seit 1. Mai"),
        ("de", When.TODAY, "ab sofort", " ab sofort"),
        ("de", When.FUTURE, "ab dem 1. Mai", " ab 1. Mai"),
        ("de", When.OPEN, "ab sofort", ""),
        ("en", When.PAST, "since 1. Mai", " since 1. Mai"),
        ("en", When.TODAY, "from now on", " from now on"),
        ("en", When.FUTURE, "from 1. Mai", " from 1. Mai"),
        ("en", When.OPEN, "from now on", ""),
        ("fr", When.PAST, "depuis le 1. Mai", " depuis le 1. Mai"),
        ("fr", When.TODAY, "dès maintenant", " dès maintenant"),
        ("fr", When.FUTURE, "à partir du 1. Mai", " à partir du 1. Mai"),
        ("fr", When.OPEN, "dès maintenant", ""),
    ],
)
def test_when(language: str, effective: When, sentence: str, in_headline: str) -> None:
    """In a sentence there is always a word for it; a headline leaves out what nobody said."""
    facts = Announcement(new=("website",), effective=effective)
    assert when(facts, "1. Mai", language) == sentence
    assert headline(facts, "1. Mai", language).endswith(in_headline)
    assert headline(facts, "1. Mai", language).count("1. Mai") == in_headline.count("1. Mai")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_two_things_have_words(language: str) -> None:
    """Whatever is new beside whatever ends: nothing is left empty, doubled or without its noun."""
    for first, second in itertools.permutations(THINGS, 2):
        facts = Announcement(new=(first,), gone=(second,))
        for words in (headline(facts, "", language), what_changes(facts, language)):
            assert not re.search(r"  |^ | $|,,|' |None", words), words
            assert len(words.split()) > 2


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Neu (bisher Alt)"), ("en", "Neu (formerly Alt)"), ("fr", "Neu (anciennement Alt)")],
)
def test_a_new_name_with_the_former_one(language: str, words: str) -> None:
    """Readers know the sender by the old one; one that only changes its letters is said once."""
    assert renamed("Neu", "Alt", language) == words
    assert renamed("NEU", "neu", language) == "NEU"
