"""A recipient as the contact files give it: to be sorted, and enrolled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from notify.core.form import Form
from notify.core.objection import Against, Objection
from notify.core.record import record


@record(frozen=True, slots=True)
class Given:
    """A recipient as it is given, to be sorted and enrolled.

    ``fields`` is JSON: exactly what the template names. ``person`` is the same for rows that are probably about one
    person, its name before a line break; ``shared_salutation`` greets whoever reads an address of several people.
    ``opted_out`` tells why it is not written to, ``objections`` all that is said against it, as JSON, see
    :func:`objections_of`; both are known when all were sorted. Who is not ``selected`` waits for a run that asks for
    them.
    ``row_digest`` is of all that it was made from, or None when it must be made again the next time. ``form`` is that
    of the greeting, and of the text below it.
    """

    key: str
    identity: str
    address: str
    name: str
    language: str
    salutation: str
    origin: str
    fields: str
    person: str = ""
    shared_salutation: str = ""
    opted_out: str = ""
    objections: str = ""
    row_digest: bytes | None = None
    selected: bool = True
    form: Form = Form.FORMAL


#: What is known of the message of a recipient before all are sorted: its Message-ID, and the mark of its wording.
Proof = tuple[str, bytes]
#: A recipient as :func:`values_of` tells it.
Values = tuple[object, ...]


def objections_of(given: Given) -> tuple[Objection, ...]:
    """Return what is said against writing to a recipient; of those that leave it out, the gravest in front."""
    if not given.objections:
        return ()
    return tuple(Objection(Against(against), reason) for against, reason in json.loads(given.objections))


def values_of(given: Given) -> Values:
    """Return what is taken in of a recipient, as plain values: another process can tell them."""
    *values, form = _values(given)
    return *values, str(form)


def given_of(values: Sequence[Any]) -> Given:
    """Return the recipient of whom :func:`values_of` told these; a truth may have become a number."""
    *texts, selected, form = values
    return Given(*[*texts, selected == 1, _FORMS[form]])


#: The values of a recipient by their names, in their order.
NAMES = [field.name for field in fields(Given)]
_values = attrgetter(*NAMES)
_FORMS = {str(form): form for form in Form}
#: Where they stand among the values.
KEY, IDENTITY, SALUTATION, PERSON, FORM = map(NAMES.index, ("key", "identity", "salutation", "person", "form"))
