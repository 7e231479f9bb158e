"""A mailing whose messages are looked at: a template in the making, and the campaign that it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from notify.checks import Facts, Inspection, Reader
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import FIELDS
from notify.core.finding import Finding
from notify.core.form import Form
from notify.core.message import Mailbox
from notify.rendering import Template
from tests.audiences import TO_EVERYBODY

CHANGE = Change(
    old=Details(email="info@alt.example", phone="+49 40 111111", street="Altweg 7", postcode="20095", city="Hamburg"),
    new=Details(
        email="info@neu.example", phone="+49 40 222222", street="Musterweg 2", postcode="20095", city="Hamburg"
    ),
    effective=dt.date(2026, 12, 1),
    old_works_until=dt.date(2027, 1, 31),
)
SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "info@neu.example")
BANK = replace(
    CHANGE,
    old=replace(CHANGE.new, iban="DE02 1203 0000 0000 2020 51"),
    new=replace(CHANGE.new, iban="DE89 3704 0044 0532 0130 00"),
)


@dataclass
class Mailing:
    """What is sent to whom; each of ``people`` is the fields of a contact."""

    folder: Path
    change: Change = CHANGE
    sender: Sender = SENDER
    kind: str = "notice"
    language: str = "de"
    form: Form = Form.FORMAL
    silenced: Collection[str] = ()
    examples: Collection[str] | None = None
    people: Sequence[Mapping[str, str]] = field(default_factory=lambda: [{"email": "anna@kunde.example"}])

    def findings(self, text: str, *, subject: str = "Neue Kontaktdaten", suffix: str = "md") -> list[Finding]:
        """Write a message, render it for everybody, and return what is found in all of it."""
        message = self.folder / f"message.{self.language}.{suffix}"
        message.write_text(f"Subject: {subject}\n\n{text}\n", "utf-8")
        campaign = Campaign("test", self.sender, self.language, self.change, kind=self.kind, disclosure=TO_EVERYBODY)
        template = Template(self.folder, "templates/change", campaign, self.folder, lambda _: "")
        return [found.finding for found in inspected(self, template, campaign).found()]

    def names(self, text: str, *, subject: str = "Neue Kontaktdaten", suffix: str = "md") -> list[str]:
        """Return the names of what is found."""
        return [finding.name for finding in self.findings(text, subject=subject, suffix=suffix)]


def inspected(mailing: Mailing, template: Template, campaign: Campaign) -> Inspection:
    """Look at the messages to everybody."""
    inspection = Inspection(Facts(campaign, template.texts), mailing.silenced, mailing.examples)
    for number, person in enumerate(mailing.people, start=2):
        salutation = person.get("salutation", "Guten Tag,")
        fields = template.named.of({**dict.fromkeys(FIELDS, ""), **person}, person)
        origin = f"kunden.csv:{number}"
        with_code: dict[str, Mapping[str, str] | str] = {**fields, "code": SAMPLE_CODES[mailing.language]}
        rendered = template.rendered(mailing.language, salutation, with_code, origin, form=mailing.form)
        inspection.look(rendered, Reader(person["email"], person.get("name", ""), salutation, origin))
    if inspection.wants_all_again:
        for number, person in enumerate(mailing.people, start=2):
            inspection.look_again(person["email"], f"kunden.csv:{number}")
    return inspection
