"""The keyring of the desktop, where the library ``keyring`` is installed: the extra ``notify-circular[keyring]``.

Known limit: a locked keyring may ask for its own password in a window, and is waited for as long as that takes.
"""

from __future__ import annotations

import contextlib

#: Ours, and the one that yagmail's own users have their passwords under.
_SERVICES = ("notify", "yagmail")


def password_in_keyring(user: str) -> str:
    """Return the password that the keyring has for a user; empty without one, or without a keyring to be asked."""
    # its backends raise what the desktop underneath raises; for us none of that differs from "there is no keyring"
    with contextlib.suppress(Exception):
        import keyring

        for service in _SERVICES:
            text = keyring.get_password(service, user)
            if isinstance(text, str) and text:
                return text
    return ""
