"""The account at a relay: its password or its tokens, and the way to an open session.

yagmail resolves, connects and secures; we log in. Its own sending is never used: it connects for every message and
sends again, blindly, after a lost connection. This is its only door, and that of the library keyring; both are
imported only when they are needed.
"""

from notify.accounts.account import Account, Tls
from notify.accounts.keyring import keep_password, keeps_passwords
from notify.accounts.secrets import Secret, find_password
from notify.accounts.session import Session, open_session
from notify.accounts.tokens import Tokens

__all__ = [
    "Account",
    "Secret",
    "Session",
    "Tls",
    "Tokens",
    "find_password",
    "keep_password",
    "keeps_passwords",
    "open_session",
]
