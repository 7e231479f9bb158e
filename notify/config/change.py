"""The sections [change], [change.old] and [change.new]: what is announced."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import PlainValidator, ValidationInfo, field_validator

from notify.config import details, values
from notify.config.about import About, Kind, Section

Address = Annotated[str, PlainValidator(details.announced_address), Kind("e-mail address")]
Phone = Annotated[str, PlainValidator(details.phone), Kind("telephone number")]
Website = Annotated[str, PlainValidator(details.website), Kind("http or https URL")]
Iban = Annotated[str, PlainValidator(details.iban), Kind("IBAN")]
Bic = Annotated[str, PlainValidator(details.bic), Kind("BIC, 8 or 11 characters")]
Text = Annotated[str, PlainValidator(values.text), Kind("text")]
Date = Annotated[dt.date | None, PlainValidator(values.day), Kind("date")]


class DetailsSection(Section):
    """The section [change.old] or [change.new]. The names are those of :class:`notify.core.campaign.Details`."""

    email: Annotated[
        Address, About("the e-mail address", "die E-Mail-Adresse", "info@neu.example", "info@alt.example")
    ] = ""
    phone: Annotated[Phone, About("the telephone", "das Telefon", "+49 40 222222", "+49 40 111111")] = ""
    mobile: Annotated[Phone, About("the mobile telephone", "das Mobiltelefon", "+49 40 222223", active=False)] = ""
    fax: Annotated[Phone, About("the fax", "das Fax", "+49 40 222224", active=False)] = ""
    website: Annotated[
        Website,
        About(
            "the website, https:// if it can",
            "die Website, möglichst mit https://",
            "https://muster.example",
            "https://alt.example",
        ),
    ] = ""
    street: Annotated[Text, About("street and number", "Straße und Hausnummer", "Musterweg 2", active=False)] = ""
    postcode: Annotated[Text, About("postal code", "Postleitzahl", "20095", active=False)] = ""
    city: Annotated[Text, About("town", "Ort", "Hamburg", active=False)] = ""
    country: Annotated[Text, About("country", "Land", "Deutschland", active=False)] = ""
    iban: Annotated[
        Iban,
        About(
            "the bank account; its check digits are checked",
            "das Bankkonto; die Prüfziffern werden geprüft",
            "DE89 3704 0044 0532 0130 00",
            active=False,
        ),
    ] = ""
    bic: Annotated[Bic, About("the BIC of the bank", "die BIC der Bank", "MUSTDEHHXXX", active=False)] = ""
    bank: Annotated[Text, About("the name of the bank", "der Name der Bank", "Musterbank", active=False)] = ""
    account_holder: Annotated[Text, About("whose account it is", "wem das Konto gehört", "Muster PR", active=False)] = (
        ""
    )


class ChangeSection(Section):
    """The section [change]."""

    effective: Annotated[
        Date, About("from when the new details hold", "ab wann die neuen Angaben gelten", dt.date(2026, 12, 1))
    ] = None
    old_works_until: Annotated[
        Date, About("until when the old ones work", "bis wann die alten noch funktionieren", dt.date(2027, 1, 31))
    ] = None
    old: Annotated[
        DetailsSection,
        About(
            "The details until now; the keys are those of [change.new].",
            "Die bisherigen Angaben; die Schlüssel sind die von [change.new].",
        ),
    ] = DetailsSection()
    new: Annotated[
        DetailsSection,
        About(
            "The details from now on. Only what differs from the old ones is announced.",
            "Die neuen Angaben. Angekündigt wird nur, was sich von den alten unterscheidet.",
        ),
    ] = DetailsSection()

    @field_validator("old_works_until")
    @classmethod
    def _not_before_effective(cls, until: dt.date | None, info: ValidationInfo) -> dt.date | None:
        effective = info.data.get("effective")
        if until and effective and until < effective:
            raise ValueError(f"{until} is before {effective}, from when the new details hold")
        return until
