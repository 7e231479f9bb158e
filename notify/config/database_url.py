"""The address of a PostgreSQL database, as libpq takes it (its documentation, "Connection URIs").

As in :mod:`notify.config.values`: ValueError with one sentence for the user. None of these repeats the address itself,
in which a password may stand.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from notify.config import server
from notify.config.values import needed_text
from notify.core.late_pattern import late_pattern

_EXAMPLE = 'write it as "postgresql://notify@db.example/notify"'
_SCHEMES = ("postgresql", "postgres")

#: What may stand behind the question mark (libpq, "Parameter Key Words"), but for passwords, and for what notify sets.
_PARAMETERS = frozenset(
    "channel_binding connect_timeout dbname gssdelegation gssencmode gsslib host hostaddr keepalives keepalives_count "
    "keepalives_idle keepalives_interval krbsrvname load_balance_hosts passfile port require_auth requirepeer service "
    "ssl_max_protocol_version ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey "
    "sslmode sslnegotiation sslrootcert sslsni target_session_attrs tcp_user_timeout user".split()
)
_SECRETS = frozenset({"password", "sslpassword"})

#: From the weakest to the strongest; the first three may send everything in the clear.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_IN_THE_CLEAR = _SSL_MODES[:3]

_PORT = late_pattern("[0-9]{1,5}")
#: A name that PostgreSQL takes without quotes, short enough for what stands beside it to be called after it.
_SCHEMA = late_pattern("[a-z_][a-z0-9_]{0,39}")


def database_url(value: object) -> str:
    """Return the address of a PostgreSQL database, in which no password stands."""
    try:
        url = needed_text(value)
        parts = urlsplit(url)
    except ValueError as err:
        raise ValueError(f"it is not the address of a database; {_EXAMPLE}") from err
    user, _, hosts = parts.netloc.rpartition("@")
    parameters = dict(parse_qsl(parts.query, keep_blank_values=True))
    if ":" in user or _SECRETS.intersection(parameters):
        raise ValueError(
            "no password stands in it: name a `password_command`, set NOTIFY_LEDGER_PASSWORD, or put it into ~/.pgpass "
            "or a service file of PostgreSQL"
        )
    if parts.scheme not in _SCHEMES or "//" not in url or parts.fragment or not url.isprintable() or " " in url:
        raise ValueError(f"it is not the address of a PostgreSQL database; {_EXAMPLE}")
    _check_parameters(parameters)
    for host in filter(None, hosts.split(",")):
        _check_host(host)
    if not (parts.path.strip("/") or {"dbname", "service"}.intersection(parameters)):
        raise ValueError(f"it names no database; {_EXAMPLE}")
    _check_secrecy(hosts, parameters)
    return url


def unverified(url: str) -> tuple[str, str]:
    """Return a server elsewhere that is not verified to its name, and the ``sslmode`` for it; else two empty texts."""
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query))
    mode = parameters.get("sslmode", "")
    others = _elsewhere(parts.netloc.rpartition("@")[2], parameters)
    return (others[0], mode) if others and mode and mode != _SSL_MODES[-1] else ("", "")


def schema(value: object) -> str:
    """Return the name of a schema, as PostgreSQL takes it without quotes."""
    name = needed_text(value)
    if not _SCHEMA.fullmatch(name) or name.startswith("pg_") or name == "information_schema":
        raise ValueError("it is not the name of a schema: at most 40 small letters, digits and _, and not pg_…")
    return name


def _check_parameters(parameters: dict[str, str]) -> None:
    for name in parameters:
        if name not in _PARAMETERS:
            near = difflib.get_close_matches(name.lower(), sorted(_PARAMETERS), 1)
            mend = f"did you mean {near[0]}?" if near else "such as sslmode=verify-full"
            raise ValueError(f"a word behind its question mark is none that it may have there; {mend}")
    mode = parameters.get("sslmode", "verify-full")
    if mode not in _SSL_MODES:
        near = difflib.get_close_matches(mode, _SSL_MODES, 1) or ["verify-full"]
        raise ValueError(f"its sslmode is none that there is; did you mean {near[0]}?")


def _check_host(host: str) -> None:
    """Refuse a host that is none: its name, an address, one in brackets, or the folder of a socket, with its port."""
    name, port = _name_and_port(host)
    if port and not (_PORT.fullmatch(port) and 0 < int(port) < 2**16):
        raise ValueError("its port is not a number from 1 to 65535")
    try:
        if not name.startswith("/"):
            server.host(name)
    except ValueError as err:
        raise ValueError(f"its host is not the name of a server; {_EXAMPLE}") from err


def _name_and_port(host: str) -> tuple[str, str]:
    if host.startswith("["):
        name, _, port = host.rpartition("]")
        return name[1:], port.removeprefix(":")
    name, _, port = host.partition(":")
    return unquote(name), port


def _check_secrecy(hosts: str, parameters: dict[str, str]) -> None:
    """Refuse a way on which everybody could read along."""
    others = _elsewhere(hosts, parameters)
    if others and parameters.get("sslmode") in _IN_THE_CLEAR:
        raise ValueError(
            f"sslmode={parameters['sslmode']} is only for a database on this machine: people's addresses would be read "
            f"on the way to {others[0]}; leave it out, or write sslmode=require at the least"
        )


def _elsewhere(hosts: str, parameters: dict[str, str]) -> list[str]:
    """Return the servers that are not on this machine."""
    return [name for name in _names(hosts, parameters) if not (name.startswith("/") or server.is_loopback(name))]


def _names(hosts: str, parameters: dict[str, str]) -> Iterator[str]:
    for host in hosts.split(","):
        if host:
            yield _name_and_port(host)[0]
    for key in ("host", "hostaddr"):
        yield from filter(None, parameters.get(key, "").split(","))
