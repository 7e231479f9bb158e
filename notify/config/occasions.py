"""The templates that notify comes with: what each is for, and which keys of notify.toml belong to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field

from notify.config.sections import About, Example
from notify.core.campaign import BANK_DETAILS
from notify.core.record import record


@record(frozen=True, slots=True)
class Occasion:
    """What a template is for. ``values`` are those keys whose values in the sample file are others; None is out of use.

    Without ``values`` it is the sample as the schema has it.
    """

    about: About
    values: Mapping[tuple[str, ...], Example | None] = field(default_factory=dict)


def _campaign(name: str, id_: str, kind: str = "notice") -> dict[tuple[str, ...], Example | None]:
    return {("campaign", "id"): id_, ("campaign", "template"): f"templates/{name}", ("campaign", "kind"): kind}


def _sender(address: str) -> dict[tuple[str, ...], Example | None]:
    return {("sender", name): address for name in ("email", "reply_to", "return_path")}


def _details(old: Mapping[str, str], new: Mapping[str, str]) -> dict[tuple[str, ...], Example | None]:
    """Return the details of both sides; what the sample has besides is out of use."""
    names = {"email", "phone", "website", *old, *new}
    both = (("old", old), ("new", new))
    return {("change", side, name): details.get(name) for side, details in both for name in names}


_SAME = {"email": "info@muster.example", "phone": "+49 40 111111", "website": "https://muster.example"}
_OLD_ADDRESS = {"street": "Altweg 1", "postcode": "20095", "city": "Hamburg"}
_NEW_ADDRESS = {"street": "Musterweg 2", "postcode": "20099", "city": "Hamburg"}
_OLD_ACCOUNT = {"iban": "DE02 1203 0000 0000 2020 51", "bank": "Altbank", "account_holder": "Muster PR"}
_NEW_ACCOUNT = {
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "MUSTDEHHXXX",
    "bank": "Musterbank",
    "account_holder": "Muster PR",
}
_SEEN_BY_ALL: dict[tuple[str, ...], Example | None] = {
    ("audience", "name"): "customers",
    ("audience", "sees"): BANK_DETAILS,
    ("audience", "everybody"): True,
}
_STAYS = _sender("info@muster.example")
_NEW_MAILBOX = {
    **_sender("info@neu.example"),
    **_details(
        {"email": "info@alt.example", "phone": "+49 40 111111"}, {"email": "info@neu.example", "phone": "+49 40 111111"}
    ),
    ("change", "effective"): dt.date(2026, 10, 1),
}
_NO_END: dict[tuple[str, ...], Example | None] = {("change", "old_works_until"): None}

#: By the names of their folders; the first is the one that ``notify init`` takes.
OCCASIONS: dict[str, Occasion] = {
    "change-of-details": Occasion(
        About("any details change, one or several of them", "irgendwelche Angaben ändern sich, eine oder mehrere")
    ),
    "new-address": Occasion(
        About("you move", "Sie ziehen um"),
        {
            **_campaign("new-address", "2026-12-neue-anschrift"),
            **_STAYS,
            **_NO_END,
            **_details(_SAME | _OLD_ADDRESS, _SAME | _NEW_ADDRESS),
        },
    ),
    "new-phone": Occasion(
        About("your telephone number changes", "Ihre Telefonnummer ändert sich"),
        {
            **_campaign("new-phone", "2026-12-neue-telefonnummer"),
            **_STAYS,
            **_details(_SAME, _SAME | {"phone": "+49 40 222222"}),
        },
    ),
    "new-bank-account": Occasion(
        About("your bank account changes", "Ihre Bankverbindung ändert sich"),
        {
            **_campaign("new-bank-account", "2026-12-neue-bankverbindung"),
            **_STAYS,
            **_details(_SAME | _OLD_ACCOUNT, _SAME | _NEW_ACCOUNT),
            **_SEEN_BY_ALL,
        },
    ),
    "new-name": Occasion(
        About("the firm has a new name or a new owner", "die Firma heißt anders oder gehört jemand anderem"),
        {
            **_campaign("new-name", "2026-12-neuer-name"),
            **_STAYS,
            **_NO_END,
            **_details(_SAME | {"name": "Muster PR"}, _SAME | {"name": "Muster Kommunikation"}),
        },
    ),
    "reminder": Occasion(
        About("some weeks before the old address ends", "einige Wochen, bevor die alte Adresse endet"),
        {**_campaign("reminder", "2026-12-erinnerung"), **_NEW_MAILBOX},
    ),
    "last-call": Occasion(
        About("in the last days of the old address", "in den letzten Tagen der alten Adresse"),
        {**_campaign("last-call", "2027-01-alte-adresse-endet"), **_NEW_MAILBOX},
    ),
    "newsletter": Occasion(
        About("news for those who asked for them; it can be unsubscribed from", "Neues für alle, die es haben wollen"),
        {
            **_campaign("newsletter", "2026-12-newsletter", "newsletter"),
            **_STAYS,
            **_NO_END,
            ("change", "effective"): None,
            **_details(_SAME, _SAME),
        },
    ),
}
