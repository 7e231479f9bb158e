"""The campaign: who writes, what changes, from when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import field, fields

from notify.core.letterhead import Letterhead
from notify.core.message import Mailbox
from notify.core.record import record

#: The languages that salutations, labels and dates are written in.
LANGUAGES = ("de", "en", "fr")

#: How they are called.
LANGUAGE_NAMES = {"de": "German", "en": "English", "fr": "French"}

#: How each detail is called on a message, per language.
DETAIL_LABELS: dict[str, dict[str, str]] = {
    "de": {
        "name": "Name",
        "owner": "Inhaber/in",
        "email": "E-Mail",
        "phone": "Telefon",
        "mobile": "Mobil",
        "fax": "Fax",
        "website": "Website",
        "street": "Straße",
        "postcode": "PLZ",
        "city": "Ort",
        "country": "Land",
        "iban": "IBAN",
        "bic": "BIC",
        "bank": "Bank",
        "account_holder": "Kontoinhaber",
    },
    "en": {
        "name": "Name",
        "owner": "Owner",
        "email": "E-mail",
        "phone": "Phone",
        "mobile": "Mobile",
        "fax": "Fax",
        "website": "Website",
        "street": "Street",
        "postcode": "Postcode",
        "city": "City",
        "country": "Country",
        "iban": "IBAN",
        "bic": "BIC",
        "bank": "Bank",
        "account_holder": "Account holder",
    },
    "fr": {
        "name": "Nom",
        "owner": "Propriétaire",
        "email": "E-mail",
        "phone": "Téléphone",
        "mobile": "Portable",
        "fax": "Fax",
        "website": "Site web",
        "street": "Rue",
        "postcode": "Code postal",
        "city": "Ville",
        "country": "Pays",
        "iban": "IBAN",
        "bic": "BIC",
        "bank": "Banque",
        "account_holder": "Titulaire du compte",
    },
}

#: What nobody may see unless an audience says so.
BANK_DETAILS = ("iban", "bic", "bank", "account_holder")

_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}


def in_words(day: dt.date, language: str) -> str:
    """Return a date as people write it: ``1. Dezember 2026``, ``1 December 2026``, ``1er décembre 2026``."""
    ordinal = "." if language == "de" else "er" if language == "fr" and day.day == 1 else ""
    return f"{day.day}{ordinal} {_MONTHS[language][day.month - 1]} {day.year}"


@record(frozen=True, slots=True)
class Details:
    """Contact details as they are announced; an empty string where there is none.

    ``name`` is what the sender is called, ``owner`` whose firm it is.
    """

    name: str = ""
    owner: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    fax: str = ""
    website: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""
    account_holder: str = ""

    def given(self) -> dict[str, str]:
        """Return the details that are there, in the order in which they are announced."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


@record(frozen=True, slots=True)
class ChangedDetail:
    """One line of the announcement: what it is called, what it was, what it is. Either side may be empty."""

    label: str
    old: str
    new: str


@record(frozen=True, slots=True)
class Change:
    """What is announced: the details before and after, from when, and until when the old ones work."""

    old: Details = Details()
    new: Details = Details()
    effective: dt.date | None = None
    old_works_until: dt.date | None = None

    def changes(self, language: str) -> Iterator[ChangedDetail]:
        """Yield only what differs. A detail named on one side only has come or gone; one that stays is left out."""
        for detail in fields(Details):
            old, new = getattr(self.old, detail.name), getattr(self.new, detail.name)
            if old != new:
                yield ChangedDetail(DETAIL_LABELS[language][detail.name], old, new)

    def announced(self) -> tuple[str, ...]:
        """Return the names of the details that differ."""
        names = (field.name for field in fields(Details))
        return tuple(name for name in names if getattr(self.old, name) != getattr(self.new, name))

    def announces(self, name: str) -> bool:
        """Tell whether a detail is a new one: given, and another than before."""
        return bool(getattr(self.new, name)) and name in self.announced()


@record(frozen=True, slots=True)
class Audience:
    """Recipients who may see details that not everybody may. ``sees`` are the names of these details.

    ``is_public``: everybody and whoever else, as on a page; ``is_everybody``: all recipients.
    """

    name: str
    sees: frozenset[str]
    is_everybody: bool = False
    is_public: bool = False


@record(frozen=True, slots=True)
class Disclosure:
    """Who may see which detail: one that an audience names its members alone, bank details nobody else."""

    audiences: tuple[Audience, ...] = ()

    def hidden_from(self, names: Collection[str]) -> frozenset[str]:
        """Return the details that are hidden from whoever belongs to these audiences alone."""
        return self._kept_back.difference(
            *(one.sees for one in self.audiences if one.is_everybody or one.is_public or one.name in names)
        )

    @property
    def _kept_back(self) -> frozenset[str]:
        """What not everybody may see, unless an audience lets them."""
        return frozenset(BANK_DETAILS).union(*(audience.sees for audience in self.audiences))

    @property
    def hidden_from_public(self) -> frozenset[str]:
        """The details that may not stand where everybody can read them."""
        return self._kept_back.difference(*(one.sees for one in self.audiences if one.is_public))

    @property
    def hidden_from_all(self) -> frozenset[str]:
        """The details that nobody may see."""
        return self.hidden_from([audience.name for audience in self.audiences])


@record(frozen=True, slots=True)
class Sender:
    """Who writes: the From mailbox, where replies go and where bounces go (both default to the From address).

    ``letterhead`` is what the law wants on the business letters of a firm; ``logo`` the picture on top of our layout.
    """

    mailbox: Mailbox
    reply_to: str
    return_path: str
    #: The name before the address for answers; often empty.
    reply_to_name: str = ""
    letterhead: Letterhead = field(default_factory=Letterhead)
    logo: str = ""

    def answers(self, address: str, name: str) -> Mailbox:
        """Return where answers to a message go, by the address and the name that its template gives, if any.

        An address without a name that is the sender's own for answers has that one's name.
        """
        address = address or self.reply_to
        return Mailbox(name or (self.reply_to_name if address == self.reply_to else ""), address)

    @property
    def domain(self) -> str:
        """The domain of the From address; Message-IDs are made in it."""
        return self.mailbox.address.rpartition("@")[2]


@record(frozen=True, slots=True)
class Campaign:
    """One mailing. A new ``id`` starts afresh for everyone; ``kind`` is ``notice`` or ``newsletter``.

    ``unsubscribe`` is the address of the page that unsubscribes from a newsletter, with ``{token}`` in it; empty: none.
    ``written`` is the day from which its texts tell what is to come from what is over: the same for all recipients.
    """

    id: str
    sender: Sender
    language: str = "de"
    change: Change = Change()
    deadline: dt.date | None = None
    kind: str = "notice"
    unsubscribe: str = ""
    written: dt.date | None = None
    disclosure: Disclosure = Disclosure()

    def is_over(self, day: dt.date) -> bool:
        """Tell whether the deadline has passed: its own day is still a day to send on."""
        return self.deadline is not None and day > self.deadline
