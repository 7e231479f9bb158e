"""Proves of each recipient, before the first connection, that its message can be made, and looks at what that says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from notify.actions.enrolling import Enrolling
from notify.actions.second_core import SecondCore
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

    def prove(self, given: Given, *, is_proved: bool = False) -> None:
        """Prove the message of a recipient, and look at it.

        :param is_proved: it is proved already, and there is nothing to be found in it.
        :raises InputError: it cannot be made.
        """
        done = self._done
        if is_proved:
            if done.inspection:
                done.inspection.pass_over()
            return
        try:
            proved = self._proved(given, given.form)
        except WithheldError as error:
            # nobody is sent to; of how many it is so, is said when all are known
            done.withheld.note(error)
            return
        if done.inspection:
            done.inspection.look(proved, Reader(given.address, given.name, given.salutation, given.origin))

    def sorted(self, found: Iterable[Sorted], core: SecondCore | None) -> Iterator[tuple[Sorted, str]]:
        """Yield everybody; with the Message-ID of whose message is proved already, and says nothing of its own."""
        if core is None:
            yield from ((one, "") for one in found)
            return
        for one, proved in core.shared(PROVE, found, _asked):
            yield one, proved or ""

    def proved_shortly(self, batch: Sequence[_Asked]) -> list[str | None]:
        """Return the Message-IDs of those whose messages can be made and say nothing of their own; else None.

        It changes nothing. What is wrong with others is said when it is their turn.
        """
        return [self._proved_shortly(_Who(*one)) if one else None for one in batch]

    def _proved_shortly(self, who: _Who) -> str | None:
        try:
            proved = self._proved(who, Form(who.form))
            reader = Reader(who.address, who.name, who.salutation, who.origin)
            if self._done.inspection and not self._done.inspection.finds_nothing(proved, reader):
                return None
        except Exception:  # noqa: BLE001  # the same is met once more, in its turn, and there are words for it
            return None
        return self.message_id_for(who.key)

    def _proved(self, who: Given | _Who, form: Form) -> Proved:
        # the code is given when all are enrolled; here it matters only that the message can be made
        values = _of_json(who.fields)[0] | {"code": SAMPLE_CODES[who.language]}
        return self._template.prove(who.language, who.salutation, values, who.origin, form=form)


def _asked(batch: Sequence[Sorted]) -> list[_Asked]:
    return [_told(one.given) if one.twin is None else None for one in batch]


def _told(given: Given) -> _Asked:
    what = (given.key, given.language, given.form.value, given.salutation, given.fields, given.origin)
    return (*what, given.address, given.name)
