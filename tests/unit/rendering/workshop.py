"""A template folder in the making, and the campaign that it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.contact import FIELDS
from notify.core.message import Content, Mailbox
from notify.errors import InputError
from notify.rendering import Template

#: The template folder as the user names it.
SHOWN = "templates/notice"
#: Where the contact stands.
WHO = "contacts/kunden.csv:214"

SENDER = Sender(Mailbox("Muster PR", "info@alt.example"), "info@neu.example", "info@neu.example")
CHANGE = Change(
    old=Details(email="info@alt.example", phone="+49 40 111111", city="Hamburg"),
    new=Details(email="info@neu.example", website="https://muster.example", city="Hamburg"),
    effective=dt.date(2026, 12, 1),
)

#: A layout that shows the message's own HTML and nothing else.
BARE = "{{ body }}"


class Workshop:
    """A campaign folder with one template."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / SHOWN
        self.folder.mkdir(parents=True)
        self.change = CHANGE
        self.kind = "notice"
        self.unsubscribe = ""
        self.logo = ""
        #: What a file is, by its name, that is for nobody else.
        self.private: dict[str, str] = {}

    def write(self, name: str, text: str | bytes) -> Self:
        """Write a file of the template; a message without headers gets a Subject."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self

    def message(self, body: str, *, headers: str = "Subject: Neues\n", name: str = "message.de.md") -> Self:
        """Write a message."""
        return self.write(name, f"{headers}\n{body}")

    def open(self, named: str = "") -> Template:
        """Open the template, or one file of it."""
        sender = replace(SENDER, logo=self.logo)
        campaign = Campaign("2026-12", sender, "de", self.change, kind=self.kind, unsubscribe=self.unsubscribe)
        shown = f"{SHOWN}/{named}" if named else SHOWN
        return Template(self.folder / named, shown, campaign, self.root, lambda path: self.private.get(path.name, ""))

    def render(
        self, *, salutation: str = "Guten Tag,", row: Mapping[str, str] | None = None, **contact: str
    ) -> Content:
        """Open the template and render the German message for a contact with these fields."""
        return render(self.open(), salutation=salutation, row=row, **contact)

    def refused(self, row: Mapping[str, str] | None = None, **contact: str) -> InputError:
        """Return the error that the template ends with, when it is opened or rendered."""
        with pytest.raises(InputError) as caught:
            self.render(row=row, **contact)
        return caught.value


def render(
    template: Template, *, salutation: str = "Guten Tag,", row: Mapping[str, str] | None = None, **contact: str
) -> Content:
    """Render the German message for a contact with these fields, of which only what is named is kept."""
    fields = template.named.of({**dict.fromkeys(FIELDS, ""), **contact}, row or {})
    return template.render("de", salutation, fields, WHO)
