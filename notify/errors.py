"""What the user must mend.

What a relay says is a value (:mod:`notify.core.outcome`), never an exception. An exception of this tree means that
notify cannot go on until somebody changes something, and it says what, where and how::

    NotifyError
    ├── ConfigError       notify.toml, an option or an environment variable
    │   └── VersionError      this machine has another notify than the one that placed the campaign
    ├── InputError        the contacts, the template or the announced details
    │   ├── ChangedError  the campaign was changed in its middle
    │   ├── PolicyError   it would look like fraud, and is not accepted
    │   ├── UnapprovedError   somebody must approve what is to be sent
    │   └── WithheldError     a message tells somebody what no audience of theirs may see
    ├── RelayError        the relay refuses us: policy, content, TLS
    ├── LoginError        the relay refused the login, or there is no password
    ├── WriteError        a file or folder cannot be written, or a ledger cannot be trusted
    │   └── OlderError    messages were sent that the ledger does not know
    └── BusyError         not now: another run holds the ledger, the relay is away
        ├── LockedError   another process is writing to the ledger
        └── FencedError   the lease of these recipients is over

The command line alone turns them into words on the screen and an exit status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

#: The mend where a message tells what its recipient may not see.
HOW_TO_SHOW = (
    "Say something else to them: {% if new.iban %} … {% else %} … {% endif %}, by the name of the detail. Or leave "
    "them out, by `where` in [contacts]. Or let them see it, in notify.toml:\n"
    '  [[audience]]\n  name = "customers"\n  sees = ["iban", "bic", "bank", "account_holder"]\n  everybody = true'
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands (``notify.toml:12``, or empty) and what is wrong with it.

    Problems belong to an error, which ends the command. What is only noticed, while the command goes on, is a
    :class:`notify.core.finding.Finding`.
    """

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class NotifyError(Exception):
    """Something the user must mend.

    :param message: what is wrong, and where, as one sentence.
    :param hint: the mend, if possible as a command.
    :param problems: every single problem, when there are several of a file.
    """

    def __init__(self, message: str, *, hint: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)


class ConfigError(NotifyError):
    """notify.toml, an option or an environment variable must be mended."""


class VersionError(ConfigError):
    """Another version of notify has placed the campaign, which might make other messages of it."""


class InputError(NotifyError):
    """The contacts, the template or the announced details must be mended."""


class ChangedError(InputError):
    """Template, change or sender differ from what earlier recipients of this campaign were sent."""


class PolicyError(InputError):
    """What is announced would look like fraud, and the user has not accepted it by name."""


class UnapprovedError(InputError):
    """What is to be sent was not approved, or has changed since."""


class WithheldError(InputError):
    """A message would tell its recipient a detail that none of the recipient's audiences may see.

    ``where`` is the line that tells it, ``what`` what stands there, ``who`` where the contact stands.
    """

    where: str = ""
    what: str = ""
    who: str = ""

    @classmethod
    def at(cls, where: str, what: str, who: str) -> Self:
        """Make the error of one message."""
        error = cls(f"{where}: {what} by its recipient (the contact at {who}).", hint=HOW_TO_SHOW)
        error.where, error.what, error.who = where, what, who
        return error


class RelayError(NotifyError):
    """The relay refuses us, or cannot be trusted."""


class LoginError(NotifyError):
    """The relay refused the login, or no password could be found."""


class WriteError(NotifyError):
    """A file or folder cannot be written, or the ledger in it cannot be trusted."""


class OlderError(WriteError):
    """Messages were sent that the ledger does not know: it is older than they are, or another one."""


class BusyError(NotifyError):
    """Not now: run it again later."""


class LockedError(BusyError):
    """Another process is writing to the ledger; nothing was changed, and it may be free in a moment."""


class FencedError(BusyError):
    """The lease of these recipients is over, and others may have them; nothing was recorded."""
