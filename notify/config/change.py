"""The sections [change], [change.old] and [change.new]: what is announced. They are read as the core's own values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from notify.config.sections import About, Key, Section
from notify.config.value_types import ANNOUNCED_ADDRESS, BIC, DATE, IBAN, PHONE, TEXT, WEBSITE
from notify.core.campaign import Change, Details

_DETAILS = (
    Key(
        "name",
        TEXT,
        About("what you are called: the firm, the club", "wie Sie heißen: Firma, Verein", "Muster PR", active=False),
    ),
    Key("owner", TEXT, About("whose firm it is", "wem die Firma gehört", "Anna Muster", active=False)),
    Key(
        "email",
        ANNOUNCED_ADDRESS,
        About("the e-mail address", "die E-Mail-Adresse", "info@neu.example", "info@alt.example"),
    ),
    Key("phone", PHONE, About("the telephone", "das Telefon", "+49 40 222222", "+49 40 111111")),
    Key("mobile", PHONE, About("the mobile telephone", "das Mobiltelefon", "+49 40 222223", active=False)),
    Key("fax", PHONE, About("the fax", "das Fax", "+49 40 222224", active=False)),
    Key(
        "website",
        WEBSITE,
        About(
            "the website, https:// if it can",
            "die Website, möglichst mit https://",
            "https://muster.example",
            "https://alt.example",
        ),
    ),
    Key("street", TEXT, About("street and number", "Straße und Hausnummer", "Musterweg 2", active=False)),
    Key("postcode", TEXT, About("postal code", "Postleitzahl", "20095", active=False)),
    Key("city", TEXT, About("town", "Ort", "Hamburg", active=False)),
    Key("country", TEXT, About("country", "Land", "Deutschland", active=False)),
    Key(
        "iban",
        IBAN,
        About(
            "the bank account; its check digits are checked",
            "das Bankkonto; die Prüfziffern werden geprüft",
            "DE89 3704 0044 0532 0130 00",
            active=False,
        ),
    ),
    Key("bic", BIC, About("the BIC of the bank", "die BIC der Bank", "MUSTDEHHXXX", active=False)),
    Key("bank", TEXT, About("the name of the bank", "der Name der Bank", "Musterbank", active=False)),
    Key(
        "account_holder",
        TEXT,
        About(
            "its holder, letter for letter as the bank has it",
            "der Inhaber, Buchstabe für Buchstabe wie bei der Bank",
            "Muster PR",
            active=False,
        ),
    ),
)


def _not_before_effective(change: Change, _failed: Collection[str]) -> Iterator[tuple[str, str]]:
    if change.effective and change.old_works_until and change.old_works_until < change.effective:
        what = f"{change.old_works_until} is before {change.effective}, from when the new details hold"
        yield "old_works_until", what


def _whose_account(details: Details, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    if details.iban and not details.account_holder and "account_holder" not in failed:
        needs = (
            'it needs `account_holder` beside it, such as account_holder = "Muster PR": letter for letter as your bank'
        )
        yield "iban", f"{needs} has it, for the reader's bank compares the two (Regulation (EU) 2024/886)"


CHANGE = Section(
    ("change",),
    About("What is announced, and from when.", "Was angekündigt wird, und ab wann."),
    [
        Key(
            "effective",
            DATE,
            About("from when the new details hold", "ab wann die neuen Angaben gelten", dt.date(2026, 12, 1)),
        ),
        Key(
            "old_works_until",
            DATE,
            About("until when the old ones work", "bis wann die alten noch funktionieren", dt.date(2027, 1, 31)),
        ),
    ],
    Change,
    _not_before_effective,
)

OLD_DETAILS = Section(
    ("change", "old"),
    About(
        "The details until now; the keys are those of [change.new].",
        "Die bisherigen Angaben; die Schlüssel sind die von [change.new].",
    ),
    _DETAILS,
    Details,
)

NEW_DETAILS = Section(
    ("change", "new"),
    About(
        "The details from now on. Only what differs from the old ones is announced.",
        "Die neuen Angaben. Angekündigt wird nur, was sich von den alten unterscheidet.",
    ),
    _DETAILS,
    Details,
    _whose_account,
)
