"""Finds by opening the mailbox in [mailbox], and leaving it again, what would keep a test message from being seen."""

from __future__ import annotations

from collections.abc import Iterator

from notify.actions.check import facts_of
from notify.actions.checkup import Checkup
from notify.actions.prepare import Prepared
from notify.checks.remark import Remark
from notify.errors import LoginError
from notify.mailbox import MailboxAccount, Unopened, open_mailbox


def check_mailbox(prepared: Prepared, checkup: Checkup, account: MailboxAccount) -> bool:
    """Log in to a mailbox, and leave it as it is; tell whether it let us in."""
    facts = facts_of(prepared)
    found = [*_refusal(account, facts.place("mailbox.host"))]
    for remark in found:
        checkup.add(remark.finding("", facts.texts))
    return not found


def _refusal(account: MailboxAccount, where: str) -> Iterator[Remark]:
    try:
        opened = open_mailbox(account)
    except LoginError as error:
        yield Remark("mailbox-login", error.message.rstrip("."), error.hint, where=where)
        return
    if not isinstance(opened, Unopened):
        opened.close()
    elif opened.is_login:
        what = f"{account.name} refuses the login: {opened.reason.rstrip('.')}"
        mend = "Mend user and password of [mailbox]; some providers want an app password, or IMAP switched on first."
        yield Remark("mailbox-login", what, mend, where=where)
    else:
        what = f"{account.name} cannot be read: {opened.reason.rstrip('.')}"
        yield Remark("mailbox-unreachable", what, "Mend host, port and tls of [mailbox].", where=where)
