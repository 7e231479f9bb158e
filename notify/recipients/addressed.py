"""How somebody is addressed: by which name, in which language, with which greeting; beside where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from notify.core.form import Form
from notify.recipients.damaged_names import without_damaged
from notify.recipients.language import language_of
from notify.recipients.names import full_name, read_name
from notify.recipients.salutation import salute
from notify.recipients.same_person import person_of


class Addressed(NamedTuple):
    """How somebody is addressed; see :class:`notify.core.contact.Recipient` for what each of them is."""

    name: str
    language: str
    salutation: str
    fell_back: bool
    person: str
    shared_salutation: str
    why: str
    doubt: str
    form: Form
    fields: Mapping[str, str]


def addressed(
    found: Mapping[str, str], address: str, languages: Collection[str], otherwise: str, *, du: bool
) -> Addressed:
    """Return how somebody is addressed.

    :param found: the fields of the row.
    :param address: the one that is written to.
    :param languages: those that can be written in.
    :param otherwise: the language of whoever says none of them.
    :param du: greeted with Du, unless the row says otherwise.
    """
    told = language_of(found, address, languages)
    language = told if told in languages and told is not None else otherwise
    name = read_name(found)
    fields, damage = without_damaged(found)
    salutation = salute(fields, language, du=du, name=name if fields is found else None)
    return Addressed(
        full_name(found, name),
        language,
        salutation.text,
        salutation.fell_back or bool(damage),
        person_of(found, name),
        salutation.shared,
        damage or salutation.reason,
        salutation.doubt,
        salutation.form,
        fields,
    )
