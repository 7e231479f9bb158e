"""Whom a run has leased, as whoever makes and hands over the message is told of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.core.address import identity
from notify.core.form import Form
from notify.core.record import record
from notify.core.unsubscribing import unsubscribe_token
from notify.ledger.queries import as_moment

if TYPE_CHECKING:
    from notify.ledger.versions import CampaignRecord

#: Beside the fields of a copy, of which message it is one.
_COPY_OF = "copy_of"
# json.loads asks first what it was given, and whether blanks stand around it: a third of its time
_read = json.JSONDecoder().raw_decode


class CopyOf(NamedTuple):
    """Of which message something is a copy."""

    address: str
    message_id: str

    def __str__(self) -> str:
        return f"{self.address} {self.message_id}"


@record(frozen=True, slots=True)
class Claimed:
    """A recipient that this run has claimed.

    ``date`` and ``digest`` are those of the message whose dot left in an earlier try, or None: the same message must
    leave again. ``code`` is the call-back code, empty where none was given; by ``token`` a page knows who unsubscribes.
    ``copy_of``: this is a copy of the message that was sent to that address, with that Message-ID. ``stored`` is the
    JSON of the fields, which only whoever makes the message reads.
    """

    id: int
    key: str
    address: str
    name: str
    language: str
    form: Form
    salutation: str
    stored: str
    message_id: str
    date: dt.datetime | None
    digest: str | None
    code: str = ""
    token: str = ""
    copy_of: CopyOf | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields and cells that the template names; read anew each time."""
        fields: dict[str, Any] = _read(self.stored)[0]
        fields.pop(_COPY_OF, None)
        return fields

    @property
    def variables(self) -> dict[str, Any]:
        """What the template is rendered with."""
        variables = self.fields
        if self.code:
            variables["code"] = self.code
        if self.token:
            variables["token"] = self.token
        return variables


class Leaving(NamedTuple):
    """A message whose final dot is about to leave: whose it is, its digest and its Date."""

    recipient: int
    digest: str
    date: dt.datetime


def reader_of(campaign: CampaignRecord, *, gives_tokens: bool) -> Callable[[Iterable[Any]], Claimed]:
    """Return what makes a :class:`Claimed` of a recipient's values, as the statements that claim read them.

    :param gives_tokens: the campaign has a page on which readers unsubscribe.
    """
    return partial(_claimed, partial(_token, campaign) if gives_tokens else _no_token)


def _claimed(token: Callable[[str], str], row: Iterable[Any]) -> Claimed:
    # by their places: a name is looked for in each row again
    number, key, address, name, language, form, salutation, stored, message_id, date, digest, code = row
    return Claimed(
        number,
        key,
        address,
        name,
        language,
        Form(form),
        salutation,
        stored,
        message_id,
        as_moment(date) if date else None,
        digest,
        code or "",
        token(address),
        _copied(stored),
    )


def _copied(stored: str) -> CopyOf | None:
    """Return of which message a recipient is to get a copy (:mod:`~notify.ledger.copies`), if it is one."""
    if f'"{_COPY_OF}"' not in stored or (copied := json.loads(stored).get(_COPY_OF)) is None:
        return None
    return CopyOf(copied["to"], copied["message_id"])


def _token(campaign: CampaignRecord, address: str) -> str:
    return unsubscribe_token(campaign.secret, campaign.id, identity(address))


def _no_token(_: str) -> str:
    return ""
