"""How a reader of a newsletter unsubscribes: by a mail, or on a page where there is one (RFC 2369, RFC 8058)."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import quote

#: Where the token of a reader stands in the address of the page.
TOKEN = "{token}"  # noqa: S105  # not a password

#: What stands in its place where nobody in particular is meant, as in a preview.
NO_TOKEN = "set-when-sent"  # noqa: S105  # not a password

#: The subject of the mail that programs send by the header, whatever their language.
SUBJECT = "unsubscribe"


def unsubscribe_token(secret: bytes, campaign_id: str, identity: str) -> str:
    """Return what stands for a reader in the address of the page; nobody can make it, or read anything out of it."""
    mark = hmac.digest(secret, f"unsubscribe\0{campaign_id}\0{identity}".encode(), "sha256")
    return base64.b32encode(mark).decode().lower()[:26]


def page_of(page: str, token: str) -> str:
    """Return the address of the page for one reader; empty where there is no page."""
    return page.replace(TOKEN, token)


def mail_link(address: str, subject: str = SUBJECT) -> str:
    """Return the link that writes the mail."""
    return f"mailto:{quote(address, safe='@.-_+')}?subject={quote(subject)}"
