"""Proves of each recipient, before the first connection, that its message can be made, and looks at what that says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from notify.actions.enrolling import Enrolling
from notify.checks import Reader
from notify.core.codes import SAMPLE_CODES
from notify.core.contact import Recipient
from notify.core.form import Form
from notify.core.message import message_id
from notify.core.rendered import Proved
from notify.delivery.forked import each_that_can
from notify.errors import WithheldError
from notify.ledger import CampaignRecord, Given, Proof
from notify.rendering import Field, Template

_of_json = json.JSONDecoder().raw_decode


class Proving:
    """Proves the messages of a campaign."""

    def __init__(self, template: Template, record: CampaignRecord, round_: int, domain: str, done: Enrolling) -> None:
        """Prepare.

        :param round_: the number of the enrolment.
        :param domain: that of the sender.
        :param done: is told what was found.
        """
        self._template = template
        self._record = record
        self._round = round_
        self._domain = domain
        self._done = done

    def message_id_for(self, key: str) -> str:
        """Return the Message-ID of somebody who is enrolled now."""
        # a key may pass to somebody else, and a recipient may be given a new message: neither must get an old one
        return message_id(self._record.secret, self._record.id, f"{self._round}\0{key}", self._domain)

    def count(self, marks: Sequence[bytes]) -> bool:
        """Count messages that are proved already, by the marks of their wordings; False: one of them must be looked at.

        Then none is counted.
        """
        inspection = self._done.inspection
        return inspection is None or inspection.count(marks)

    def prove(self, given: Given, mark: bytes | None = None) -> None:
        """Prove the message of a recipient, and look at it.

        :param mark: of its wording, where it is proved already, and all that is to be found in it is what that says.
        :raises InputError: it cannot be made.
        """
        done = self._done
        if mark is not None and self.count([mark]):
            return
        try:
            values = _of_json(given.fields)[0]
            proved = self._proved(given.language, given.salutation, values, given.origin, given.form)
        except WithheldError as error:
            # nobody is sent to; of how many it is so, is said when all are known
            done.withheld.note(error)
            return
        if done.inspection:
            done.inspection.look(proved, Reader(given.address, given.name, given.salutation, given.origin))

    def proofs(self, recipients: Sequence[Recipient]) -> list[Proof | None]:
        """Return Message-ID and mark of the wording of each whose message can be made and says nothing of its own.

        None of the others: what is to be said of them is said when it is their turn. Nothing is changed here.
        """
        return each_that_can(self._proofs, recipients)

    def _proofs(self, recipients: Sequence[Recipient]) -> list[Proof | None]:
        template = self._template
        # the files of others are looked at first
        people = {
            place: who for place, who in enumerate(recipients) if not template.has_own_files(who.language, who.form)
        }
        values = {place: template.named.of(who.fields, who.row, who.audiences) for place, who in people.items()}
        origins = {place: str(who.origin) for place, who in people.items()}
        proved = {
            place: self._proved(who.language, who.salutation, values[place], origins[place], who.form)
            for place, who in people.items()
        }
        marks = {place: self._mark_of(one, people[place], origins[place]) for place, one in proved.items()}
        told = {
            place: (self.message_id_for(people[place].key), mark) for place, mark in marks.items() if mark is not None
        }
        return [*map(told.get, range(len(recipients)))]

    def _mark_of(self, proved: Proved, who: Recipient, origin: str) -> bytes | None:
        """Return the mark of the wording; empty where nobody wants to know, None where more is to be said."""
        inspection = self._done.inspection
        return inspection.mark_of(proved, Reader(who.address, who.name, who.salutation, origin)) if inspection else b""

    def _proved(self, language: str, salutation: str, values: Mapping[str, Field], origin: str, form: Form) -> Proved:
        # the code is given when all are enrolled; here it matters only that the message can be made
        values = {**values, "code": SAMPLE_CODES[language]}
        return self._template.prove(language, salutation, values, origin, form=form)
