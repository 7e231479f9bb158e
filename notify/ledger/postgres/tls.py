"""TLS on the way to the database: verified to the name in the URL, unless the URL says something else.

What libpq does by itself is ``sslmode=prefer``: whoever sits in between can read along and answer in the server's place
(its documentation, "SSL Support"). So a database elsewhere is verified as a website is: by the authorities that this
machine trusts, or by the one that ``sslrootcert`` names. On this machine, by loopback or a socket, nobody sits between.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from notify.core.late_pattern import late_pattern
from notify.errors import ConfigError

#: Where libpq looks for an authority when nothing is said.
_ROOT = Path("~/.postgresql/root.crt")
_WINDOWS_ROOT = Path("postgresql/root.crt")

_OTHER_NAME = late_pattern('server certificate for "(?P<names>[^\n]+) does not match host name "(?P<host>[^"]*)"')
_DISTRUSTED = late_pattern("certificate verify failed")
_NO_TLS = late_pattern("server does not support SSL")
_NO_ROOT = late_pattern(
    '(?:root certificate file "(?P<missing>.*)" does not exist|read root certificate file "(?P<odd>.*)")'
)
_ONLY_TLS = late_pattern("no pg_hba.conf entry .*(?:no encryption|SSL off)")


def tls_parameters(url: str) -> dict[str, str]:
    """Return what libpq is told beside the URL, so that it verifies the server; nothing for one of this machine.

    What the URL says of TLS is not touched; a service file or the environment cannot say less than this.
    """
    said = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    if _is_local(said):
        return {}
    # Kerberos would be tried before TLS, and then there is none
    parameters = {} if "gssencmode" in said else {"gssencmode": "disable"}
    mode = said.get("sslmode") or "verify-full"
    if mode == "verify-full":
        parameters |= {"sslmode": mode, **_authorities(said.get("sslrootcert", ""))}
    return parameters


def tls_trouble(said: str, label: str) -> ConfigError | None:
    """Return the words for an error of libpq that is about TLS; None for any other.

    :param said: the text of the error.
    :param label: what the database is called in words.
    """
    if found := _OTHER_NAME.search(said):
        what = f"the certificate of the database is for {_names(found['names'])}, not for {found['host']}"
        mend = "Write the name that its certificate has into the URL, or have one issued for this name."
    elif found := _NO_ROOT.search(said):
        what = f"the certificate of an authority cannot be read from {found['missing'] or found['odd']}"
        mend = "Name the file with the certificate of whoever issued that of the database:  …?sslrootcert=FILE"
    elif _DISTRUSTED.search(said):
        what = "the certificate of the database is not to be trusted: it is over, or nobody known here has issued it"
        mend = "If it was issued by an authority of your own, name the file with its certificate:  …?sslrootcert=FILE"
    elif _NO_TLS.search(said):
        what = "the database knows no TLS, so people's addresses could be read on the way to it"
        mend = "Turn it on there (ssl = on, ssl_cert_file and ssl_key_file in postgresql.conf)."
    elif _ONLY_TLS.search(said):
        what = "the database lets nobody in without TLS"
        mend = "Leave sslmode out of the URL."
    else:
        return None
    return ConfigError(f"{label}: {what}.", hint=mend)


def _is_local(said: dict[str, str]) -> bool:
    """Tell whether every server that is meant is on this machine; in a service file there may be any."""
    if "service" in said or "PGSERVICE" in os.environ:
        return False
    hosts = said.get("host") or said.get("hostaddr") or os.environ.get("PGHOST") or os.environ.get("PGHOSTADDR", "")
    return all(_is_here(host) for host in hosts.split(","))


def _is_here(host: str) -> bool:
    # nothing is the socket, and @ one without a file
    if not host or host[0] in "/@" or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _authorities(said: str) -> dict[str, str]:
    """Return which authorities are trusted, unless libpq finds out by itself: those that this machine trusts.

    The libpq of psycopg's wheel brings an OpenSSL that looks for them where there is nothing.
    """
    if said not in ("", "system") or (not said and ("PGSSLROOTCERT" in os.environ or _own_root().exists())):
        return {}
    return {"sslrootcert": ssl.get_default_verify_paths().cafile or "system"}


def _own_root() -> Path:
    return Path(os.environ.get("APPDATA", "")) / _WINDOWS_ROOT if os.name == "nt" else _ROOT.expanduser()


def _names(text: str) -> str:
    """Return the names of a certificate from ``first.example" (and 2 other names)``."""
    first, _, others = text.partition('"')
    return first + others
