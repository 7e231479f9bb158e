"""Cases of an announcement: what changes, from where it is told, when; and the shipped templates rendered for them."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from notify.core.audience import Sight
from notify.core.campaign import Campaign, Change, Details, Sender
from notify.core.codes import SAMPLE_CODES
from notify.core.form import Form
from notify.core.message import Content, Mailbox
from notify.rendering import Template
from notify.rendering.campaign_variables import of_campaign
from tests.audiences import TO_EVERYBODY
from tests.unit.rendering.workshop import WHO

SHIPPED = Path(__file__).parents[3] / "notify" / "examples" / "templates"
FILES = ("message.de.md", "message.de.du.md", "message.en.md")
GREETINGS = {
    "message.de.md": "Sehr geehrte Frau Sommer,",
    "message.de.du.md": "Liebe Ute,",
    "message.en.md": "Dear Ms Sommer,",
}

WRITTEN = dt.date(2026, 12, 15)
DAYS = {"past": dt.date(2026, 12, 1), "today": WRITTEN, "future": dt.date(2027, 1, 31), "none": None}

#: What changes, with its details before and after.
KINDS: dict[str, dict[str, tuple[str, str]]] = {
    "name": {"name": ("Muster PR", "Muster Kommunikation")},
    "email": {"email": ("info@alt.example", "info@neu.example")},
    "phone": {"phone": ("+49 40 111111", "+49 40 222222")},
    "mobile": {"mobile": ("+49 170 1111111", "+49 170 2222222")},
    "website": {"website": ("https://alt.example", "https://neu.example")},
    "address": {
        "street": ("Altweg 1", "Neuweg 2"),
        "postcode": ("20095", "20099"),
        "city": ("Hamburg", "Hamburg"),
    },
    "bank": {
        "iban": ("DE02 1203 0000 0000 2020 51", "DE89370400440532013000"),
        "bank": ("Altbank", "Neubank"),
        "account_holder": ("Anna Muster", "Anna Muster"),
    },
}
CONTACT = {"email", "phone", "mobile", "website", "address"}


@dataclass(frozen=True, slots=True)
class Case:
    """A campaign: ``stated``: what does not change is named on both sides; ``sender``: the old or the new mailbox."""

    kinds: frozenset[str]
    stated: bool
    sender: str
    effective: str
    until: str

    @property
    def unchanged(self) -> list[str]:
        """What is named on both sides and stays."""
        return [kind for kind in KINDS if self.stated and kind not in self.kinds]

    def campaign(self) -> Campaign:
        """Make it."""
        named = {kind for kind in KINDS if self.stated or kind in self.kinds}
        values = {name: (kind, pair) for kind in named for name, pair in KINDS[kind].items()}
        old = Details(**{name: pair[0] for name, (_, pair) in values.items()})
        new = Details(**{name: pair[kind in self.kinds] for name, (kind, pair) in values.items()})
        address = f"info@{self.sender}.example"
        sender = Sender(Mailbox("Muster PR", address), address, address)
        change = Change(old, new, DAYS[self.effective], DAYS[self.until])
        return Campaign("x", sender, "de", change, written=WRITTEN, disclosure=TO_EVERYBODY)


def subsets() -> Iterator[frozenset[str]]:
    """Yield every choice of what changes, but that of nothing."""
    for many in range(1, len(KINDS) + 1):
        yield from map(frozenset, itertools.combinations(KINDS, many))


def cases() -> Iterator[Case]:
    """Yield every combination; whether the rest is stated takes turns."""
    turn = itertools.cycle((True, False))
    for kinds in subsets():
        for sender in ("alt", "neu") if "email" in kinds else ("alt",):
            for effective, until in itertools.product(DAYS, DAYS):
                # old details do not end before the new ones hold
                first, last = DAYS[effective], DAYS[until]
                if first is None or last is None or first <= last:
                    yield Case(kinds, next(turn), sender, effective, until)


class Shipped:
    """A message of a shipped template, compiled once for all cases: compiling takes longer than all else."""

    def __init__(self, name: str, file: str) -> None:
        self.name, self.file = name, file
        self.language = file.split(".")[1]
        kind = "newsletter" if name == "newsletter" else "notice"
        self._campaign = replace(next(cases()).campaign(), kind=kind)
        path = SHIPPED / name / file
        self._template = Template(path, f"templates/{name}/{file}", self._campaign, path.parent, lambda _: "")

    def render(self, campaign: Campaign) -> Content:
        """Render it for a campaign."""
        for message in self._template._messages.values():  # noqa: SLF001  # what else differs between campaigns
            message._variables = of_campaign(Sight(campaign), self.language)  # noqa: SLF001
            message._recipes.clear()  # noqa: SLF001  # they were made of the variables before
        form = Form.FAMILIAR if ".du." in self.file else Form.FORMAL
        return self._template.render(
            self.language, GREETINGS[self.file], {"code": SAMPLE_CODES[self.language]}, WHO, form=form
        )
