"""The keyring of the desktop, where the library ``keyring`` is installed: the extra ``notify-circular[keyring]``.

Known limit: a locked keyring may ask for its own password in a window, and is waited for as long as that takes.
"""

from __future__ import annotations

import contextlib

#: Ours, and the one that yagmail's own users have their passwords under.
_SERVICES = ("notify", "yagmail")
#: Backends that keep nothing, or keep it for everybody to read.
_NO_BACKENDS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")


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


def keeps_passwords() -> bool:
    """Tell whether there is a keyring that a password can be kept in, and that keeps it a secret."""
    with contextlib.suppress(Exception):
        import keyring

        return not type(keyring.get_keyring()).__module__.startswith(_NO_BACKENDS)
    return False


def keep_password(user: str, password: str) -> bool:
    """Keep the password of a user in the keyring; tell whether it did."""
    with contextlib.suppress(Exception):
        import keyring

        keyring.set_password(_SERVICES[0], user, password)
        return bool(keyring.get_password(_SERVICES[0], user) == password)
    return False
