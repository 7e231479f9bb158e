"""The sender's own mailboxes: whether what is sent there arrives, and what the receiving server found of it.

A mailbox is opened by IMAP (RFC 9051), looked into, and left as it was: nothing is marked as read. This is the only
door of imaplib.
"""

from notify.mailbox.account import MailboxAccount, Unopened
from notify.mailbox.imap import Mailbox, open_mailbox
from notify.mailbox.sightings import Wanted, sighting_in, wanted_in

__all__ = ["Mailbox", "MailboxAccount", "Unopened", "Wanted", "open_mailbox", "sighting_in", "wanted_in"]
