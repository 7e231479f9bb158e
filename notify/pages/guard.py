"""Who may ask for anything: only a tab that came here by the address that was given out, and only from the page itself.

A page on this machine can be reached by every program on it and, through a browser, by every page of the web: by forms
and pictures that lead here (CSRF), or by a name that is made to mean this machine (DNS rebinding). So a random token in
the first address is exchanged for a cookie that no script can read and no other site sends; the name in Host must be
ours; and whatever a browser says of where a request comes from (Origin, Sec-Fetch-Site) must be this very page. Cookies
and sites are not parted by ports, so the cookie has the port in its name, and "same-site" is not enough.
"""

from __future__ import annotations

import hmac
import secrets
from email.message import Message
from http.cookies import CookieError, SimpleCookie


class Guard:
    """Knows the secrets of one server."""

    def __init__(self, port: int) -> None:
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._cookie = f"notify-{port}"
        self._secret = secrets.token_urlsafe(32)
        #: In the address that is printed; a person may open it again.
        self.token = secrets.token_urlsafe(24)
        self._tickets: set[str] = set()

    def ticket(self) -> str:
        """Return a token that is good for once: other users of this machine can read what a browser is started with."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    def admits(self, token: str) -> bool:
        """Tell whether a token is one that was given out, and use it up unless it is the printed one."""
        if _equal(token, self.token):
            return True
        if token in self._tickets:
            self._tickets.discard(token)
            return True
        return False

    def cookie(self) -> str:
        """Return the value of the Set-Cookie that the token is exchanged for."""
        return f"{self._cookie}={self._secret}; Path=/; HttpOnly; SameSite=Strict"

    def is_ours(self, headers: Message) -> bool:
        """Tell whether a request was made to this server by its name, and by its own page or by nobody's."""
        host = headers.get("Host", "").lower()
        if host not in self._hosts:
            return False
        origin = headers.get("Origin")
        if origin is not None and origin != f"http://{host}":
            return False
        return headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}

    def knows(self, headers: Message) -> bool:
        """Tell whether a request has the cookie."""
        try:
            morsel = SimpleCookie(headers.get("Cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return morsel is not None and _equal(morsel.value, self._secret)


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
