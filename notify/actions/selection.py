"""Says what becomes of a contact, by the settings of a campaign."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from notify import __version__
from notify.actions.sources import headers_of, read_overrides
from notify.config import Settings
from notify.contacts import Source
from notify.core.contact import Contact, Recipient, Rejected
from notify.ledger import Sharing
from notify.recipients.admission import Rules, admit
from notify.rendering import Condition

_DIGEST_SIZE = 16


class Selection:
    """Corrects, filters and admits the contacts of a campaign."""

    def __init__(
        self, settings: Settings, sources: Sequence[Source], languages: Sequence[str], narrowed: str = ""
    ) -> None:
        """Prepare for the contacts of these files.

        :param languages: those that the template is written in.
        :param narrowed: a condition (``--where``) beside the one of notify.toml.
        :raises ConfigError: a condition cannot be read.
        :raises InputError: the overrides must be mended.
        """
        given, headers = settings.contacts, headers_of(sources)
        self._rules = Rules(given.key, settings.language, tuple(languages), given.address, given.fallback_address)
        self._writes_anyway = given.opted_out == "write"
        self._where = Condition(given.where, "where", headers) if given.where else None
        self._narrowed = Condition(narrowed, "--where", headers) if narrowed else None
        self._overrides = read_overrides(settings)
        #: What is done where several rows seem to mean the same.
        self.sharing = Sharing(neutral=given.shared_address == "neutral", once=given.same_person == "once")

    def corrected(self, contact: Contact) -> Contact:
        """Return the contact as the overrides have it."""
        contact = self._overrides.apply(contact)
        return replace(contact, opted_out="") if self._writes_anyway and contact.opted_out else contact

    def belongs(self, contact: Contact) -> bool:
        """Tell whether the campaign is for this contact (``[contacts] where``)."""
        return self._where is None or self._where.holds(contact)

    def is_asked_for(self, contact: Contact) -> bool:
        """Tell whether this run is for this contact (``--where``)."""
        return self._narrowed is None or self._narrowed.holds(contact)

    def admit(self, contact: Contact) -> tuple[Recipient | Rejected, ...]:
        """Return whom the contact becomes, or why nobody."""
        return admit(contact, self._rules)

    @property
    def leaves_addresses_out(self) -> bool:
        """Whether one address of a row is written to, however many it has."""
        return self._rules.address != "all"

    def digest(self, contact: Contact, named: str) -> bytes:
        """Return the digest of everything that a recipient is made from; the same one gives the same recipient.

        :param named: what of a contact is kept.
        """
        parts = [__version__, named, repr(self._rules), contact.opted_out]
        parts += contact.fields.values()
        parts += contact.row.values()
        parts += (f"{cell.text}\0{cell.kind}\0{cell.preferred}" for cell in contact.addresses)
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=_DIGEST_SIZE).digest()

    def unused_overrides(self) -> tuple[str, ...]:
        """Return where overrides stand that no contact was found for, after all contacts were corrected."""
        return tuple(map(str, self._overrides.unused()))
