"""Proves of each recipient, before the first connection, that its message can be made, and looks at what that says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from notify.actions.enrolling import Enrolling
from notify.actions.second_core import SecondCore, each_that_can
from notify.checks import Reader
from notify.core.codes import SAMPLE_CODES
from notify.core.form import Form
from notify.core.message import message_id
from notify.core.rendered import Proved
from notify.errors import WithheldError
from notify.ledger import CampaignRecord, Given, Sorted
from notify.rendering import Template

#: What this work is called where a second core shares it.
PROVE = "prove"

_of_json = json.JSONDecoder().raw_decode
#: Message-ID and mark of the wording of who is proved, and of whom no more is to be said; else None.
Shortly = tuple[str, bytes] | None

#: The values of :class:`_Who`; None for one of whom nothing can be told beforehand.
_Asked = tuple[str, ...] | None


class _Who(NamedTuple):
    """A recipient, as far as proving needs it."""

    key: str
    language: str
    form: str
    salutation: str
    fields: str
    origin: str
    address: str
    name: str


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

    def prove(self, given: Given, mark: bytes | None = None) -> None:
        """Prove the message of a recipient, and look at it.

        :param mark: of its wording, where it is proved already, and all that is to be found in it is what that says.
        :raises InputError: it cannot be made.
        """
        done = self._done
        if mark is not None and (done.inspection is None or done.inspection.count(mark)):
            return
        try:
            proved = self._proved(given, given.form)
        except WithheldError as error:
            # nobody is sent to; of how many it is so, is said when all are known
            done.withheld.note(error)
            return
        if done.inspection:
            done.inspection.look(proved, _reader(given))

    def sorted(self, found: Iterable[Sorted], core: SecondCore | None) -> Iterator[tuple[Sorted, Shortly]]:
        """Yield everybody, with what :meth:`proved_shortly` says."""
        return ((one, None) for one in found) if core is None else core.shared(PROVE, found, _asked)

    def proved_shortly(self, batch: Sequence[_Asked]) -> list[Shortly]:
        """Return Message-ID and mark of the wording of each whose message can be made and says nothing of its own.

        None of the others: what is to be said of them is said when it is their turn. Nothing is changed here.
        """
        return each_that_can(self._proved_shortly, batch)

    def _proved_shortly(self, batch: Sequence[_Asked]) -> list[Shortly]:
        people = {place: _Who(*one) for place, one in enumerate(batch) if one}
        # the files of others are looked at first
        alone = {place: who for place, who in people.items() if not self._has_own_files(who)}
        proved = {place: self._proved(who, Form(who.form)) for place, who in alone.items()}
        marks = {place: self._mark_of(proved[place], who) for place, who in alone.items()}
        told = {
            place: (self.message_id_for(who.key), mark)
            for place, who in alone.items()
            if (mark := marks[place]) is not None
        }
        return [*map(told.get, range(len(batch)))]

    def _has_own_files(self, who: _Who) -> bool:
        return self._template.has_own_files(who.language, Form(who.form))

    def _mark_of(self, proved: Proved, who: _Who) -> bytes | None:
        """Return the mark of the wording; empty where nobody wants to know, None where more is to be said."""
        inspection = self._done.inspection
        return inspection.mark_of(proved, _reader(who)) if inspection else b""

    def _proved(self, who: Given | _Who, form: Form) -> Proved:
        # the code is given when all are enrolled; here it matters only that the message can be made
        values = _of_json(who.fields)[0] | {"code": SAMPLE_CODES[who.language]}
        return self._template.prove(who.language, who.salutation, values, who.origin, form=form)


def _asked(batch: Sequence[Sorted]) -> list[_Asked]:
    return [_told(one.given) if one.twin is None else None for one in batch]


def _told(given: Given) -> _Asked:
    what = (given.key, given.language, given.form.value, given.salutation, given.fields, given.origin)
    return (*what, given.address, given.name)


def _reader(who: Given | _Who) -> Reader:
    return Reader(who.address, who.name, who.salutation, who.origin)
