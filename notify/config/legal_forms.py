"""What German law wants on the business letters of each legal form, mails among them; its keys stand in [sender]."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from notify.core.campaign import Sender
from notify.core.letterhead import Letterhead
from notify.core.record import record

_REGISTERED = ("seat", "register_court", "register_number")


@record(frozen=True, slots=True)
class LegalForm:
    """A law, and the keys that it asks for. A form without a law needs none; what is given is printed nevertheless."""

    law: str = ""
    needs: tuple[str, ...] = ()


_MERCHANT = LegalForm("§ 37a HGB", _REGISTERED)
_GMBH = LegalForm("§ 35a GmbHG", (*_REGISTERED, "managing_directors"))
_LIMITED_PARTNERSHIP = LegalForm("§§ 125, 177a HGB", (*_REGISTERED, "general_partner", "managing_directors"))
_PARTNERS = LegalForm("§ 7 PartGG", _REGISTERED)

#: Every form that is known, as it is written.
LEGAL_FORMS: dict[str, LegalForm] = {
    "GmbH": _GMBH,
    "UG (haftungsbeschränkt)": _GMBH,
    "AG": LegalForm("§ 80 AktG", (*_REGISTERED, "board", "supervisory_chair")),
    "SE": LegalForm("§ 80 AktG", (*_REGISTERED, "board", "supervisory_chair")),
    "e.K.": _MERCHANT,
    "e.Kfm.": _MERCHANT,
    "e.Kfr.": _MERCHANT,
    "OHG": LegalForm("§ 125 HGB", _REGISTERED),
    "KG": LegalForm("§§ 125, 161 HGB", _REGISTERED),
    "GmbH & Co. KG": _LIMITED_PARTNERSHIP,
    "UG (haftungsbeschränkt) & Co. KG": _LIMITED_PARTNERSHIP,
    "PartG": _PARTNERS,
    "PartG mbB": _PARTNERS,
    "eG": LegalForm("§ 25a GenG", (*_REGISTERED, "board")),
    "e.V.": LegalForm(),
    "GbR": LegalForm(),
    "freelance": LegalForm(),
}

#: What is given as an example in an error.
_EXAMPLES = {
    "seat": '"Hamburg"',
    "register_court": '"Amtsgericht Hamburg"',
    "register_number": '"HRB 12345"',
    "managing_directors": '["Anna Muster", "Max Muster"]',
    "board": '["Anna Muster", "Max Muster"]',
    "supervisory_chair": '"Kim Muster"',
    "general_partner": '"Muster Verwaltungs GmbH, Sitz Hamburg, Amtsgericht Hamburg, HRB 54321"',
}


def what_is_missing(sender: Sender, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the keys that the law asks for and that are not given, each with what to say.

    :param failed: those that are given, but could not be read.
    """
    letterhead = sender.letterhead
    if letterhead != Letterhead() and not letterhead.legal_form and "legal_form" not in failed:
        # the name of the sender stands for that of the firm, so it tells nothing
        given = [name for name in _EXAMPLES if getattr(letterhead, name)]
        yield (given or ["legal_name"])[0], "it is printed below messages with a `legal_form` only; add one"
    form = LEGAL_FORMS.get(letterhead.legal_form, LegalForm())
    for name in form.needs:
        if not getattr(letterhead, name) and name not in failed:
            yield name, _wanted(name, letterhead.legal_form, form.law, _EXAMPLES[name])
    if form.law and not letterhead.legal_name and not {"name", "legal_name"} & {*failed}:
        example = f'"Muster {letterhead.legal_form}"'
        yield "legal_name", _wanted("legal_name", letterhead.legal_form, form.law, example)


def _wanted(name: str, form: str, law: str, example: str) -> str:
    return f"{law} wants it on the letters and mails of {form}; add  {name} = {example}"
