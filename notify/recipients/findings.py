"""What a person should know about a recipient before anything is sent: the address, the greeting, the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.core.address import beyond_ascii
from notify.core.contact import Recipient
from notify.core.finding import Finding, Severity
from notify.core.late_pattern import late_pattern
from notify.core.text import one_line
from notify.core.typos import suggestion
from notify.recipients.damaged_names import DAMAGED
from notify.recipients.form import is_unclear
from notify.recipients.language import read_languages
from notify.recipients.ready_made import FAMILIAR_ABOVE_SIE, FORMAL_ABOVE_DU

#: The address has a slip in it, as far as one can see.
MISTYPED_ADDRESS = "mistyped-address"
#: Only a relay with SMTPUTF8 takes the address.
LETTERS_BEYOND_ASCII = "letters-beyond-ascii"
#: Something speaks against the greeting that the file brings along.
DOUBTFUL_GREETING = "doubtful-greeting"
#: The name has lost letters on its way.
DAMAGED_NAME = "damaged-name"
#: Nobody reads what is sent to such an address.
MACHINE_ADDRESS = "machine-address"
#: The row is one that somebody typed to try something.
TEST_ROW = "test-row"
#: The greeting is the neutral one, because nothing better is known.
NEUTRAL_GREETING = "neutral-greeting"
#: The file asks for a language that the template does not have.
OTHER_LANGUAGE = "other-language"
#: The column for the form says something that is neither Sie nor Du.
UNCLEAR_FORM = "unclear-form"
_MACHINE = late_pattern(
    r"(?:no-?_?reply|do-?not-?reply|nicht-?antworten|keine-?antwort|mailer-daemon|bounces?)[@+._-]", re.IGNORECASE
)
_TEST = late_pattern(
    r"(?:test|tester|asdf+|qwertz?|xxx+|foo|dummy)(?: (?:test|tester|user|person|asdf+|bar|dummy))?",
    re.IGNORECASE,
)
#: What matters only where the message greets.
ABOUT_GREETINGS = frozenset({DOUBTFUL_GREETING, DAMAGED_NAME, NEUTRAL_GREETING})


#: The greeting of the file is in the other form than the text below it.
MIXED_FORM = "mixed-form"


def has_mixed_form(recipient: Recipient) -> bool:
    """Tell whether the greeting of a recipient is in the other form than the text below it."""
    # hardly any greeting is doubted, and all are asked about
    return bool(recipient.doubt) and any(
        against in recipient.doubt for against in (FORMAL_ABOVE_DU, FAMILIAR_ABOVE_SIE)
    )


def has_unclear_form(recipient: Recipient) -> bool:
    """Tell whether the row of a recipient says something of the form that is neither Sie nor Du."""
    return is_unclear(recipient.fields.get("form", ""))


def findings_on(recipient: Recipient) -> Iterator[Finding]:
    """Yield what was noticed about a recipient; ``where`` is the row."""
    where = str(recipient.origin)
    if letters := beyond_ascii(recipient.address):
        what = f'{recipient.address}  has "{letters}"'
        yield Finding(LETTERS_BEYOND_ASCII, Severity.INFO, where, what)
    if meant := suggestion(recipient.address):
        yield Finding(MISTYPED_ADDRESS, Severity.WARNING, where, f"{recipient.address}  →  {meant} ?")
    if _MACHINE.match(recipient.address):
        what = f"{recipient.address}: a machine sends from it, and nobody reads what comes back"
        yield Finding(MACHINE_ADDRESS, Severity.WARNING, where, what)
    if _TEST.fullmatch(recipient.name):
        yield Finding(TEST_ROW, Severity.WARNING, where, f"{recipient.name} <{recipient.address}> looks like a test")
    if recipient.doubt:
        yield Finding(DOUBTFUL_GREETING, Severity.WARNING, where, f"{recipient.salutation} {recipient.doubt}")
    if recipient.why == DAMAGED:
        yield Finding(DAMAGED_NAME, Severity.WARNING, where, f"{recipient.name}  is greeted  {recipient.salutation}")
    if recipient.fell_back:
        yield Finding(NEUTRAL_GREETING, Severity.INFO, where, f"neutral salutation: {recipient.why}")
    if has_unclear_form(recipient):
        what = f'the form "{one_line(recipient.fields["form"])[:40]}" says neither Sie nor Du, so it does not count'
        yield Finding(UNCLEAR_FORM, Severity.WARNING, where, what)
    language = recipient.fields.get("language", "").strip()
    # a number is a code of the program that nobody else knows
    if any(map(str.isalpha, language)) and recipient.language not in read_languages(language):
        what = (
            f'language: there is no message for "{language}", which the file says; this one is "{recipient.language}"'
        )
        yield Finding(OTHER_LANGUAGE, Severity.WARNING, where, what)
