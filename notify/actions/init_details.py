"""What can change, for the guided set-up: the items that one chooses from, and the details that belong to each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from notify.checks.phone_numbers import flaw_of
from notify.config.values import as_written
from notify.core.bilingual import Bilingual, BilingualError
from notify.core.record import record


@record(frozen=True, slots=True)
class Item:
    """One thing that changes, as people see it. ``template`` is the one for when nothing else does."""

    name: str
    words: Bilingual
    template: str = ""


ITEMS = (
    Item("email", Bilingual("e-mail address", "E-Mail-Adresse")),
    Item("phone", Bilingual("telephone", "Telefon"), "new-phone"),
    Item("mobile", Bilingual("mobile telephone", "Mobiltelefon")),
    Item("fax", Bilingual("fax", "Fax")),
    Item("website", Bilingual("website", "Website")),
    Item("address", Bilingual("postal address", "Postanschrift"), "new-address"),
    Item("bank", Bilingual("bank account", "Bankverbindung"), "new-bank-account"),
    Item("name", Bilingual("name", "Name"), "new-name"),
)

#: By these somebody is called back; none of them goes out together with a new account.
_CALLED_BACK_BY = frozenset({"email", "phone", "mobile"})
_ANY_CHANGE = "change-of-details"
_APART = Bilingual(
    "a new bank account never goes out together with a new telephone number or e-mail address: nobody could check the "
    "one by the other. Make two campaigns of it, 14 days apart",
    "Eine neue Bankverbindung geht nie zusammen mit einer neuen Telefonnummer oder E-Mail-Adresse hinaus: niemand "
    "könnte das eine am anderen prüfen. Machen Sie zwei Kampagnen daraus, mit 14 Tagen Abstand.",
)


@record(frozen=True, slots=True)
class Detail:
    """A detail of an item. ``de`` is how it is called in German, with the ending of an adjective before it.

    ``is_needed``: the new one must be given; ``is_optional``: neither need be. Otherwise the new one is needed where
    there is no old one: what had one and has none ends. ``is_new_only``: nobody asks what it was. ``may_stay``: it may
    be the same as before, though its item changes.
    """

    name: str
    item: str
    en: str
    de: str
    wrong: str = ""
    is_needed: bool = False
    is_optional: bool = False
    is_new_only: bool = False
    may_stay: bool = False

    def words(self, side: str) -> Bilingual:
        """Return how it is asked for, ``old`` or ``new``."""
        ending, noun = self.de.split(" ", 1)
        en, de = ("Old", "Bisherig") if side == "old" else ("New", "Neu")
        return Bilingual(f"{en} {self.en}?", f"{de}{ending} {noun}?")

    def is_asked_for(self, side: str, answers: Mapping[str, Any]) -> bool:
        """Tell whether it is asked for on a side: of an old address that was left out, nobody asks for the town."""
        if side == "new":
            return True
        belongs_to_street = self.item == "address" and self.name != "street"
        return not self.is_new_only and not (belongs_to_street and not answers.get("old.street"))

    def default(self, side: str, answers: Mapping[str, Any]) -> str:
        """Return what is likely: the sender's own name and address; the town, for who moves seldom moves far."""
        if self.name == "email":
            old = answers.get("old.email")
            return str(answers["from"]) if side == "old" or (old and old != answers["from"]) else ""
        if self.name == "city" and side == "new":
            return str(answers.get("old.city") or "")
        if self.name == "account_holder" or (self.name == "name" and side == "old"):
            return str(answers.get("old.account_holder") or answers["name"])
        return ""


_NOT_A_PHONE = "{given} ist keine Telefonnummer."
_NO_LINE = "Das ist kein Text, der in einer Zeile steht, oder er fehlt."

#: In the order in which they are asked for.
DETAILS = (
    Detail("email", "email", "e-mail address", "e E-Mail-Adresse", "{given} ist keine E-Mail-Adresse.", is_needed=True),
    Detail("phone", "phone", "telephone number", "e Telefonnummer", _NOT_A_PHONE, is_needed=True),
    Detail("mobile", "mobile", "mobile number", "e Mobilnummer", _NOT_A_PHONE),
    Detail("fax", "fax", "fax number", "e Faxnummer", _NOT_A_PHONE),
    Detail(
        "website",
        "website",
        "website",
        "e Website",
        "{given} ist keine Website; vollständig heißt es etwa https://muster.example",
    ),
    Detail(
        "street", "address", "street and number", "e Straße und Hausnummer", _NO_LINE, is_needed=True, may_stay=True
    ),
    Detail("postcode", "address", "postal code", "e Postleitzahl", _NO_LINE, is_needed=True, may_stay=True),
    Detail("city", "address", "town", "er Ort", _NO_LINE, is_needed=True, may_stay=True),
    Detail(
        "iban",
        "bank",
        "IBAN",
        "e IBAN",
        "{given} ist keine IBAN: eine Ziffer, die Länge oder das Land stimmt nicht.",
        is_needed=True,
    ),
    Detail(
        "account_holder",
        "bank",
        "account holder, letter for letter as the bank has it",
        "er Kontoinhaber, genau wie bei der Bank",
        _NO_LINE,
        is_needed=True,
        may_stay=True,
    ),
    Detail("bank", "bank", "bank", "e Bank", _NO_LINE, is_optional=True, is_new_only=True),
    Detail("bic", "bank", "BIC", "e BIC", "{given} ist keine BIC.", is_optional=True, is_new_only=True),
    Detail("name", "name", "name", "er Name", _NO_LINE, is_needed=True),
)


def doubt_about(detail: str, value: str) -> Bilingual | None:
    """Return why an answer may be mistyped, though it can be taken: a telephone number that its country has not."""
    flaw = flaw_of(value, detail, "") if detail in {"phone", "mobile", "fax"} else ""
    if not flaw:
        return None
    return Bilingual(
        f"Is that right? This number {flaw}.", "Stimmt das? Eine solche Nummer gibt es nicht: Ist eine Ziffer falsch?"
    )


def announces(answers: Mapping[str, Any], item: str) -> bool:
    """Tell whether an item is one of those that change."""
    changes = answers.get("changes")
    return item in (changes if changes is not None else implied(answers) or ())


def implied(answers: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the items that the template alone tells, or None where they are to be asked for."""
    template = answers["template"]
    if template == "newsletter":
        return ()
    return next(((item.name,) for item in ITEMS if item.template and item.template == template), None)


def template_for(answers: Mapping[str, Any]) -> str:
    """Return the template that was asked for, else the one that fits what changes."""
    if answers["template"]:
        return str(answers["template"])
    changes = answers["changes"]
    own = next((item.template for item in ITEMS if (item.name,) == changes), "")
    return own or _ANY_CHANGE


def read_items(text: str, _answers: object) -> tuple[str, ...]:
    """Return the names of the items whose numbers, names or words stand in a text, in their order.

    :raises ValueError: one of them is none, or they must not go out together.
    """
    by_word = {
        word.casefold(): item.name
        for number, item in enumerate(ITEMS, start=1)
        for word in (str(number), item.name, *item.words.en.split(), *item.words.de.split())
    }
    # points part numbers, and are nothing else: what is no item is named as it was typed
    typed = re.findall(r"\d+(?=[\s,;+&.]|$)|[^\s,;+&.][^\s,;+&]*", text)
    words = [word.rstrip(".").casefold() for word in typed]
    unknown = [shown for shown, word in zip(typed, words, strict=True) if word not in by_word]
    if unknown or not words:
        called = as_written(" ".join(unknown) or text)
        raise BilingualError(
            Bilingual(
                f"there is no {called}; write numbers, such as 1,2",
                f"{called} gibt es hier nicht; Nummern genügen, etwa 1,2.",
            )
        )
    chosen = {by_word[word] for word in words}
    if "bank" in chosen and chosen & _CALLED_BACK_BY:
        raise BilingualError(_APART)
    return tuple(item.name for item in ITEMS if item.name in chosen)
