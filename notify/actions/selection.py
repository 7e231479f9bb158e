"""Says what becomes of a contact, by the settings of a campaign."""

from __future__ import annotations

import datetime as dt
import hashlib
import marshal
from collections.abc import Iterator, Sequence
from dataclasses import replace

from notify import __version__
from notify.actions.audiences import Audiences
from notify.actions.sources import headers_of, read_overrides
from notify.config import ContactSettings, Settings
from notify.contacts import Source
from notify.core.contact import Contact, Recipient, Rejected
from notify.core.objection import Against, Objection
from notify.errors import ConfigError
from notify.ledger import Sharing
from notify.recipients.admission import Rules, admit, admit_all
from notify.recipients.gender_codes import read_codes
from notify.rendering import Addressees, Condition

_DIGEST_SIZE = 16
# of later ones the octets also depend on which texts are one in memory
_MARSHAL = 2


class Selection:
    """Corrects, filters and admits the contacts of a campaign."""

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[Source],
        languages: Sequence[str],
        narrowed: str = "",
        today: dt.date | None = None,
    ) -> None:
        """Prepare for the contacts of these files.

        :param languages: those that the template is written in.
        :param narrowed: a condition (``--where``) beside the one of notify.toml.
        :param today: the day by which it is told who has left already; that of the clock where it is not given.
        :raises ConfigError: a condition, or what codes mean, cannot be read.
        :raises InputError: the overrides must be mended.
        """
        given, headers = settings.contacts, headers_of(sources)
        codes = _codes(given.gender_codes)
        self._rules = Rules(
            given.key, settings.language, tuple(languages), given.address, given.fallback_address, codes
        )
        self._today = today or dt.datetime.now().astimezone().date()
        #: Whom the campaign leaves out.
        self.leaves_out = frozenset(left_out(given, settings.campaign().kind))
        self._where = Condition(given.where, "where", headers) if given.where else None
        self._du_condition = given.du
        self._du = Condition(given.du, "du", headers) if given.du else None
        self._narrowed = Condition(narrowed, "--where", headers) if narrowed else None
        self._audiences = Audiences(settings, sources)
        self._to = Addressees(given.to, given.to_label) if given.to else None
        self._overrides = read_overrides(settings)
        self._narrowed_condition = narrowed
        self._begun: dict[tuple[object, ...], hashlib.blake2b] = {}
        #: What is done where several rows seem to mean the same.
        self.sharing = Sharing(neutral=given.shared_address == "neutral", once=given.same_person == "once")

    @property
    def is_by_template(self) -> bool:
        """Whether the template says who is written to, and corrects each contact so."""
        return self._to is not None

    def corrected(self, contact: Contact) -> Contact:
        """Return the contact as the template's TO and the overrides have it."""
        return self._overrides.apply(self._to.given_to(contact) if self._to else contact)

    def objections(self, contact: Contact) -> Iterator[Objection]:
        """Yield what the contact's row says against writing to it, as far as it holds today."""
        return (objection for objection in contact.objections if objection.holds(self._today))

    def belongs(self, contact: Contact) -> bool:
        """Tell whether the campaign is for this contact (``[contacts] where`` and ``hidden_rows``)."""
        return not contact.is_hidden and (self._where is None or self._where.holds(contact))

    def is_asked_for(self, contact: Contact) -> bool:
        """Tell whether this run is for this contact (``--where``)."""
        return self._narrowed is None or self._narrowed.holds(contact)

    def admit(self, contact: Contact) -> tuple[Recipient | Rejected, ...]:
        """Return whom the contact becomes, or why nobody."""
        admitted = admit(contact, self._rules, du=self._is_greeted_with_du(contact))
        return self._with_audiences(contact, admitted)

    def admit_all(self, contacts: Sequence[Contact]) -> list[tuple[Recipient | Rejected, ...]]:
        """Return what :meth:`admit` returns of each; many at once take less time."""
        admitted = admit_all(contacts, self._rules, [*map(self._is_greeted_with_du, contacts)])
        return [*map(self._with_audiences, contacts, admitted)]

    def _is_greeted_with_du(self, contact: Contact) -> bool:
        return self._du is not None and self._du.holds(contact)

    def _with_audiences(
        self, contact: Contact, admitted: tuple[Recipient | Rejected, ...]
    ) -> tuple[Recipient | Rejected, ...]:
        audiences = self._audiences.of(contact)
        if not audiences:
            return admitted
        return tuple(replace(one, audiences=audiences) if isinstance(one, Recipient) else one for one in admitted)

    def digest(self, contact: Contact, named: str) -> bytes:
        """Return the digest of everything that a recipient is made from; the same one gives the same recipient.

        :param named: what of a contact is kept.
        """
        cells = [(cell.text, cell.kind, cell.preferred) for cell in contact.addresses]
        # what stands where counts as well: a header may have been above the wrong column
        columns = (named, tuple(contact.fields), tuple(contact.row), self._audiences.of(contact))
        begun = self._begun.get(columns)
        if begun is None:
            rules = repr((__version__, self._rules, self._du_condition, columns))
            begun = self._begun[columns] = hashlib.blake2b(rules.encode(), digest_size=_DIGEST_SIZE)
        digest = begun.copy()
        values = ([*contact.fields.values()], [*contact.row.values()], cells)
        digest.update(marshal.dumps(values, _MARSHAL))
        return digest.digest()

    @property
    def described(self) -> str:
        """Everything that it decides by, but for the settings themselves: the same for the same decisions."""
        by = (self._rules, self._today, sorted(self.leaves_out), self._narrowed_condition, self._overrides.described)
        return repr((*by, self.sharing, self._audiences.described))

    def unused_overrides(self) -> tuple[str, ...]:
        """Return where overrides stand that no contact was found for, after all contacts were corrected."""
        return tuple(map(str, self._overrides.unused()))


def _codes(text: str) -> dict[str, str]:
    try:
        return read_codes(text)
    except ValueError as error:
        raise ConfigError(f"gender_codes: {error}.", hint="Mend gender_codes in [contacts] of notify.toml.") from error


def left_out(given: ContactSettings, kind: str) -> Iterator[Against]:
    """Yield whom a campaign of this kind leaves out, by the settings."""
    yield Against.DECEASED
    if given.unreachable == "leave_out":
        yield Against.UNREACHABLE
    if given.former == "leave_out":
        yield Against.LEFT
    if kind == "newsletter" or given.opted_out == "leave_out":
        yield Against.ALL_MAIL
    if kind == "newsletter" or given.refused_advertising == "leave_out":
        yield Against.ADVERTISING
