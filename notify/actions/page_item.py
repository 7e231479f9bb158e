"""What a page shows beside a message: whom it is for, why they are greeted so, what was noticed."""

from __future__ import annotations

from collections.abc import Iterator

from notify.actions.corrections import CORRECTABLE
from notify.actions.excerpts import located
from notify.actions.prepare import Prepared
from notify.actions.previewed import Previewed
from notify.core.contact import Recipient
from notify.core.form import Form
from notify.pages import Choice, Fact, Field, Item, Trouble


def item_of(prepared: Prepared, number: int, recipient: Recipient, one: Previewed, about: tuple[Fact, ...]) -> Item:
    """Return a message as the page shows it.

    :param about: what is known of it besides.
    """
    texts = prepared.template.texts
    code = (Fact("code", one.code),) if one.code else ()
    return Item(
        number=number,
        key=recipient.key,
        title=recipient.name or recipient.address,
        octets=one.message.octets,
        facts=(*_facts(prepared, recipient), *code, *about),
        fields=tuple(_fields(prepared, recipient)),
        findings=tuple(located(finding, texts) for finding in (*one.noticed, *one.findings)),
        choices=tuple(_choices(prepared, recipient)),
    )


def item_without_message(
    prepared: Prepared, number: int, recipient: Recipient, trouble: Trouble, octets: bytes = b""
) -> Item:
    """Return what is shown of a recipient whose message cannot be made.

    :param octets: the message as it was when it could be.
    """
    return Item(
        number=number,
        key=recipient.key,
        title=recipient.name or recipient.address,
        octets=octets,
        trouble=trouble,
        facts=tuple(_facts(prepared, recipient)),
        fields=tuple(_fields(prepared, recipient)),
        choices=tuple(_choices(prepared, recipient)),
    )


def _facts(prepared: Prepared, recipient: Recipient) -> Iterator[Fact]:
    if prepared.template.greets:
        yield Fact("greeting", recipient.salutation)
        yield Fact("why", _why(recipient))
    yield Fact("language", recipient.language)
    yield Fact("form", str(recipient.form))
    yield Fact("row", str(recipient.origin))


def _why(recipient: Recipient) -> str:
    """Return why somebody is greeted so; the two usual reasons by the names that the page has words for."""
    reason = recipient.why if recipient.fell_back else ""
    if said := "; ".join(filter(None, (reason, recipient.doubt))):
        return said
    return "why_file" if recipient.fields.get("salutation") else "why_known"


def _fields(prepared: Prepared, recipient: Recipient) -> Iterator[Field]:
    """Yield the fields that were recognised, then the other cells of the row; none that is empty and not used."""
    named = prepared.template.named
    shown = set()
    for name, value in recipient.fields.items():
        is_used = named.contact is None or name in named.contact
        if value or (is_used and named.contact is not None):
            shown.add(value)
            yield Field(name, value, is_used=is_used)
    for header, value in recipient.row.items():
        is_used = named.row is None or header in named.row
        if is_used or (value and value not in shown):
            yield Field(header, value, is_used=is_used)


def _choices(prepared: Prepared, recipient: Recipient) -> Iterator[Choice]:
    choices = {
        "salutation": Choice("salutation", recipient.salutation),
        "language": Choice("language", recipient.language, prepared.template.languages),
        "form": Choice("form", str(recipient.form), tuple(map(str, Form))),
    }
    return (choices[name] for name in CORRECTABLE)
