"""The words for what is announced, with their articles and endings, in each language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from notify.core.announcement import Announcement, When
from notify.core.record import record


@record(frozen=True, slots=True)
class _Noun:
    """What a thing is called. ``article`` is that of a new one; ``other`` is the noun behind it, where it differs."""

    word: str
    adjective: str
    article: str
    other: str = ""
    #: Behind "no": what is said of one that has ended.
    none: str = ""


def _german(word: str, gender: str = "f", other: str = "") -> _Noun:
    if gender == "f":
        return _Noun(word, "neue", "eine neue", other or word, "keine")
    return _Noun(word, "neuer", "einen neuen", other or word, "keinen")


def _english(word: str) -> _Noun:
    return _Noun(word, "new", "a new", word, "no")


def _french(word: str, gender: str = "m") -> _Noun:
    new = "nouveau" if gender == "m" else "nouvelle"
    before_vowel = word[0] in "aeiou"
    return _Noun(word, new, f"{'un' if gender == 'm' else 'une'} {new}", word, "plus d'" if before_vowel else "plus de")


_NOUNS: dict[str, dict[str, _Noun]] = {
    "de": {
        "name": _german("Name", "m", "Namen"),
        # nobody knows here whether it is a woman, a man or a firm
        "owner": _Noun("Inhaberin oder Inhaber", "", "eine neue Inhaberin oder einen neuen", "Inhaber", "keinen"),
        "email": _german("E-Mail-Adresse"),
        "phone": _german("Telefonnummer"),
        "mobile": _german("Mobilnummer"),
        "fax": _german("Faxnummer"),
        "website": _german("Website"),
        "address": _german("Postanschrift"),
        "bank": _german("Bankverbindung"),
        "account_holder": _german("Kontoinhaber", "m"),
        "bank_name": _german("Bankname", "m", "Banknamen"),
        "bic": _german("BIC"),
    },
    "en": {
        "name": _english("name"),
        "owner": _english("owner"),
        "email": _english("e-mail address"),
        "phone": _english("phone number"),
        "mobile": _english("mobile number"),
        "fax": _english("fax number"),
        "website": _english("website"),
        "address": _english("postal address"),
        "bank": _english("bank account"),
        "account_holder": _english("account holder"),
        "bank_name": _english("bank name"),
        "bic": _english("BIC"),
    },
    "fr": {
        "name": _french("nom"),
        "owner": _french("propriétaire"),
        "email": _french("adresse e-mail", "f"),
        "phone": _french("numéro de téléphone"),
        "mobile": _french("numéro de portable"),
        "fax": _french("numéro de fax"),
        "website": _french("site web"),
        "address": _french("adresse postale", "f"),
        "bank": _french("compte bancaire"),
        "account_holder": _french("titulaire du compte"),
        "bank_name": _french("nom de banque"),
        "bic": _french("code BIC"),
    },
}

#: In a headline, where it is no matter of an adjective.
_HEADS = {"de": {"owner": "Inhaberwechsel"}}

_AND = {"de": "und", "en": "and", "fr": "et"}

#: SpamAssassin takes four such English nouns in a row for a form that is to be filled in (FILL_THIS_FORM_LONG).
_MOST_IN_A_ROW = 3

#: From when, in a sentence and in a headline; a day that has passed by when somebody reads it makes none of them wrong.
_WHEN: dict[str, dict[When, str]] = {
    "de": {When.PAST: "seit dem {}", When.TODAY: "ab sofort", When.FUTURE: "ab dem {}", When.OPEN: "ab sofort"},
    "en": {When.PAST: "since {}", When.TODAY: "from now on", When.FUTURE: "from {}", When.OPEN: "from now on"},
    "fr": {
        When.PAST: "depuis le {}",
        When.TODAY: "dès maintenant",
        When.FUTURE: "à partir du {}",
        When.OPEN: "dès maintenant",
    },
}
_WHEN_IN_HEADLINE: dict[str, dict[When, str]] = {
    "de": {**_WHEN["de"], When.PAST: "seit {}", When.FUTURE: "ab {}", When.OPEN: ""},
    "en": {**_WHEN["en"], When.OPEN: ""},
    "fr": {**_WHEN["fr"], When.OPEN: ""},
}


def listed(words: Sequence[str], language: str) -> str:
    """Return ``a, b und c``."""
    return f" {_AND[language]} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def names(things: Sequence[str], language: str) -> str:
    """Return what things are called, one after the other: ``E-Mail-Adresse und Telefonnummer``."""
    return listed([_NOUNS[language][thing].word for thing in things], language)


def unchanged(things: Sequence[str], language: str) -> str:
    """Return what things that stay are called; in English each is ours, for the sake of :data:`_MOST_IN_A_ROW`."""
    ours = "our " if language == "en" else ""
    return listed([ours + _NOUNS[language][thing].word for thing in things], language)


def when(announcement: Announcement, effective: str, language: str) -> str:
    """Return from when it holds, within a sentence: ``ab dem 1. Dezember 2026``, ``seit dem …``, ``ab sofort``."""
    return _WHEN[language][announcement.effective].format(effective)


def headline(announcement: Announcement, effective: str, language: str) -> str:
    """Return what changes and from when: ``Neue E-Mail-Adresse und Telefonnummer ab 1. Dezember 2026``."""
    parts = [_new_in_headline(announcement.new, language)] if announcement.new else []
    parts += [_ENDS[language](announcement.gone, language)] if announcement.gone else []
    what = ", ".join(parts)
    since = _WHEN_IN_HEADLINE[language][announcement.effective].format(effective)
    return " ".join(filter(None, (what[:1].upper() + what[1:], since)))


def renamed(new: str, old: str, language: str) -> str:
    """Return a new name with the former one, so that neither is taken for the other."""
    return f"{new} ({_FORMERLY[language]} {old})" if new.casefold() != old.casefold() else new


def what_changes(announcement: Announcement, language: str) -> str:
    """Return what one has then, behind a verb: ``eine neue E-Mail-Adresse und keine Faxnummer mehr``."""
    nouns = _NOUNS[language]
    new = [f"{nouns[thing].article} {nouns[thing].other}" for thing in announcement.new]
    gone = [_none(nouns[thing]) for thing in announcement.gone]
    return listed(new + gone, language) + (_NO_MORE[language] if gone else "")


_FORMERLY = {"de": "bisher", "en": "formerly", "fr": "anciennement"}

#: What stands behind those that have ended.
_NO_MORE = {"de": " mehr", "en": " any more", "fr": ""}


def _none(noun: _Noun) -> str:
    return f"{noun.none}{noun.other}" if noun.none.endswith("'") else f"{noun.none} {noun.other}"


def _new_in_headline(things: Sequence[str], language: str) -> str:
    """Return ``neue E-Mail-Adresse und Telefonnummer``: an adjective goes for all that follow and want the same."""
    nouns, heads = _NOUNS[language], _HEADS.get(language, {})
    words: list[str] = []
    for adjective, group in groupby(things, key=lambda thing: "" if thing in heads else nouns[thing].adjective):
        first, *others = (heads.get(thing, nouns[thing].word) for thing in group)
        if language == "en" and len(things) > _MOST_IN_A_ROW:
            others = [f"{adjective} {other}" for other in others]
        words += [f"{adjective} {first}".strip(), *others]
    return listed(words, language)


def _german_end(things: Sequence[str], language: str) -> str:
    return f"{names(things, language)} {'entfällt' if len(things) == 1 else 'entfallen'}"


def _english_end(things: Sequence[str], language: str) -> str:
    return f"{names(things, language)} no longer in use"


def _french_end(things: Sequence[str], language: str) -> str:
    return listed([_none(_NOUNS[language][thing]) for thing in things], language)


_ENDS: dict[str, Callable[[Sequence[str], str], str]] = {"de": _german_end, "en": _english_end, "fr": _french_end}
