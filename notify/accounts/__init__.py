"""The account at a relay: its password, and the way to an open session.

yagmail resolves, connects and secures; we log in. Its own sending is never used: it connects for every message and
sends again, blindly, after a lost connection. This is its only door, and it is imported only when a session is opened.
"""

from notify.accounts.account import Account, Tls
from notify.accounts.secrets import Secret, find_password
from notify.accounts.session import Session, open_session

__all__ = ["Account", "Secret", "Session", "Tls", "find_password", "open_session"]
