"""The types that the keys of notify.toml have."""

from __future__ import annotations

from notify.config import details, server, values
from notify.config.sections import Type
from notify.core.campaign import LANGUAGES

TEXT = Type("text", values.text)
NEEDED_TEXT = Type("text", values.needed_text)
PATH = Type("path of a folder or file", values.needed_text)
FILES = Type("list of files or patterns", values.files)
NAMES = Type("name, or a list of names", values.names)
COLUMN = Type("header of a column", values.header)
CONDITION = Type("condition", values.text)
SWITCH = Type("true or false", values.yes_or_no)
DATE = Type("date", values.day)
DURATION = Type("duration, or a number of seconds", values.duration)
DAYS = Type("number of days or weeks", values.days)
MOMENT = Type("date, or date and time", values.moment)
HOURS = Type("days and hours", values.window)

ADDRESS = Type("e-mail address", details.address)
MAILBOX_OR_NONE = Type('e-mail address, also `Name <address>`, or ""', details.mailbox_or_none)
MAILBOXES = Type("e-mail address, also `Name <address>`, or a list", details.mailboxes)
ANNOUNCED_ADDRESS = Type("e-mail address", details.announced_address)
PHONE = Type("telephone number", details.phone)
WEBSITE = Type("http or https URL", details.website)
UNSUBSCRIBE_PAGE = Type("https URL with {token} in it", details.unsubscribe_page)
IBAN = Type("IBAN", details.iban)
BIC = Type("BIC, 8 or 11 characters", details.bic)

PROVIDER = Type("name of a provider", server.provider)
HOST = Type("host name or IP address", server.host)
OWN_NAME = Type("host name with its domain, or an IP address in brackets", server.own_name)
COMMAND = Type("command line", server.command)
RATES = Type("rate, or a list of rates", server.rates)
RAMP = Type("first day, growth, most", server.ramp)
SENDERS = Type("list of addresses, domains or patterns", server.senders)


def number(low: int, high: int, words: str = "") -> Type[int]:
    """Return the type of a whole number from ``low`` to ``high``."""
    return Type(words or f"whole number, {low} to {high}", values.number(low, high))


def choice(*words: str) -> Type[str]:
    """Return the type of one of a few words."""
    return Type(values.listed([f'"{word}"' for word in words]), values.choice(*words))


def choices(*words: str) -> Type[tuple[str, ...]]:
    """Return the type of a list in which any of a few words may stand."""
    return Type("list of " + values.listed([f'"{word}"' for word in words]), values.choices(*words))


APPROVAL = choice("required", "two_people")
ACCEPTED = choices("iban-with-contact")
LANGUAGE = choice(*LANGUAGES)
