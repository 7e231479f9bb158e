"""Who is written to, where a line says it with more than the name of a column: ``{{ login }}@firma.example``."""

from __future__ import annotations

from dataclasses import replace

import jinja2

from notify.core.contact import AddressCell, Contact
from notify.errors import InputError
from notify.rendering.allowance import within_allowance
from notify.rendering.engine import BARE_NAME
from notify.rendering.environment import BoundedEnvironment

#: What a name is made of; where the line says one, it is that one.
_NAMES = ("first_name", "last_name", "rank", "particle", "prefix", "title")


class Addressees:
    """The addresses that a line has for each contact, in which columns stand by their bare names."""

    def __init__(self, line: str, label: str) -> None:
        """Compile it.

        :param label: where it stands, as the user knows it.
        :raises InputError: it cannot be read.
        """
        self._label = label
        environment = BoundedEnvironment(undefined=jinja2.StrictUndefined)
        try:
            self._line = environment.from_string(line)
        except (jinja2.TemplateError, RecursionError, SyntaxError, ValueError) as error:
            raise InputError(f"{label}: {str(error).rstrip('.')}.", hint="Mend the template.") from error

    def given_to(self, contact: Contact) -> Contact:
        """Return a contact with the addresses, and the name, that the line says.

        :raises InputError: it cannot be told.
        """
        try:
            text = within_allowance(lambda: self._line.render({**contact.row, "row": contact.row}))
        except Exception as error:  # a line may raise anything, as 1/0 does
            what = (str(error) or type(error).__name__).rstrip(".")
            if isinstance(error, jinja2.UndefinedError) and (column := BARE_NAME.fullmatch(what)):
                what = f'there is no column "{column[1]}"'
            raise InputError(
                f"{self._label}: {what} (for the contact at {contact.origin}).",
                hint="Name the column as the file's header does.",
            ) from error
        from email.utils import getaddresses

        # what can be taken apart, is; whether each is an address, is judged with all others
        mailboxes = [(name, address) for name, address in getaddresses([text]) if address] or [("", text)]
        cells = tuple(AddressCell(address) for _, address in mailboxes)
        fields, name = contact.fields, mailboxes[0][0].strip()
        if name:
            fields = {**fields, **dict.fromkeys(_NAMES, ""), "name": name}
        return replace(contact, fields=fields, addresses=cells)
