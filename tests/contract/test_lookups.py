"""Where an address has its server, by a real DNS server and a real web server, both on loopback."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from notify.actions.init_search import search
from notify.core.bilingual import Bilingual
from notify.lookups import NoAnswerError, Resolver, autoconfig_addresses
from tests.servers.names import NameServer
from tests.servers.scripted import make_certificates

ADDRESS = "anna.muster@muster.example"
CONFIG = """<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="muster.example">
  <incomingServer type="imap"><hostname>imap.muster.example</hostname><port>993</port></incomingServer>
  {servers}
</emailProvider></clientConfig>
"""
SERVER = """<outgoingServer type="smtp"><hostname>{host}</hostname><port>{port}</port>
  <socketType>{secured}</socketType><username>{user}</username></outgoingServer>"""


def _config(*servers: tuple[str, str, str, str]) -> bytes:
    named = (SERVER.format(host=host, port=port, secured=secured, user=user) for host, port, secured, user in servers)
    return CONFIG.format(servers="\n".join(named)).encode()


@contextmanager
def _web(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: Mapping[str, bytes | str], *, is_secure: bool = True
) -> Iterator[str]:
    """Serve files over https on loopback, by their paths; a text is where that path leads. Yield the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path)
            self.send_response(404 if content is None else 302 if isinstance(content, str) else 200)
            if isinstance(content, str):
                self.send_header("Location", content)
            self.end_headers()
            if isinstance(content, bytes):
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep still."""

    certificates = make_certificates(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.server)
    if is_secure:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http{'s' * is_secure}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def _resolver(names: NameServer) -> Resolver:
    return Resolver("127.0.0.1", names.port)


@pytest.mark.parametrize(
    ("records", "relay"),
    [
        (
            {
                "_submissions._tcp.muster.example SRV": ["20 0 465 b.muster.example.", "10 0 465 a.muster.example."],
                "_submission._tcp.muster.example SRV": ["0 0 587 c.muster.example."],
            },
            {"host": "a.muster.example", "user": ADDRESS},
        ),
        (
            {
                "_submissions._tcp.muster.example SRV": ["0 0 0 ."],
                "_submission._tcp.muster.example SRV": ["0 0 587 c.muster.example."],
            },
            {"host": "c.muster.example", "port": 587, "tls": "starttls", "user": ADDRESS},
        ),
        (
            {"_submissions._tcp.muster.example SRV": ["0 1 465 smtp.ionos.de."]},
            {"preset": "ionos", "user": ADDRESS},
        ),
        (
            {"muster.example MX": ["20 mx.fremd.example.", "10 mx01.ionos.de."]},
            {"preset": "ionos", "user": ADDRESS},
        ),
        (
            {"muster.example MX": ["10 w0123456.kasserver.com."]},
            {"preset": "all-inkl", "host": "w0123456.kasserver.com", "user": ADDRESS},
        ),
        ({"muster.example MX": ["0 ."]}, None),
        ({"muster.example MX": []}, None),
        ({}, None),
    ],
)
def test_by_names(records: dict[str, list[str]], relay: dict[str, object] | None) -> None:
    """SRV records by their priority, TLS from the first octet before STARTTLS; else the provider of the exchangers."""
    with NameServer(records) as names:
        found = search(ADDRESS, _resolver(names), ["https://127.0.0.1:1/"])
    assert ({name: value for (_, name), value in found.values().items()} if found else None) == relay
    assert not [question for question in names.asked if "anna" in question]


@pytest.mark.parametrize("trouble", ["SERVFAIL", "REFUSED"])
def test_nobody_answers(trouble: str) -> None:
    """That nobody answers says nothing about a name, and then nobody else is asked either."""
    with NameServer({}, otherwise=trouble) as names:
        with pytest.raises(NoAnswerError):
            _resolver(names).exchangers("muster.example")
        assert search(ADDRESS, _resolver(names), ["no address at all"]) is None


@pytest.mark.parametrize("domain", ["x" * 70 + ".example", "a..example", "x." * 200 + "example"])
def test_no_names(domain: str) -> None:
    """What cannot be the name of a domain has no servers."""
    with NameServer({}) as names:
        assert _resolver(names).exchangers(domain) == []


@pytest.mark.parametrize(
    ("content", "relay"),
    [
        (
            _config(("smtp.muster.example", "465", "SSL", "%EMAILADDRESS%")),
            {"host": "smtp.muster.example", "user": ADDRESS},
        ),
        (
            _config(
                ("smtp.muster.example", "25", "plain", "%EMAILADDRESS%"),
                ("smtp.%EMAILDOMAIN%", "587", "STARTTLS", "%EMAILLOCALPART%"),
            ),
            {"host": "smtp.muster.example", "port": 587, "tls": "starttls", "user": "anna.muster"},
        ),
        (_config(("smtp.strato.de", "465", "SSL", "%EMAILADDRESS%")), {"preset": "strato", "user": ADDRESS}),
        (_config(("smtp muster", "465", "SSL", "x")), None),
        (_config(("smtp.muster.example", "999999", "SSL", "x")), None),
        (_config(("smtp.muster.example", "70000", "SSL", "x")), None),
        (_config(("smtp.muster.example", "465", "SSL", "a\nb")), None),
        (_config(), None),
        (
            _config(("&a;", "465", "SSL", "x")).replace(
                b"?>\n", b"?>\n<!DOCTYPE clientConfig [<!ENTITY a 'smtp.muster.example'>]>\n"
            ),
            None,
        ),
        (_config(("smtp.muster.example", "465", "SSL", "x")) + b" " * 70_000, None),
        (b"<html>no such page", None),
        (b"\xff\xfe\x00", None),
        (b"", None),
        ("/elsewhere", {"host": "smtp.weiter.example", "user": ADDRESS}),
        ("/round", None),
    ],
)
def test_by_autoconfig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | str, relay: dict[str, object] | None
) -> None:
    """A file of autoconfig is taken by its order of preference; what is none, too long or not safe, is as none."""
    elsewhere = _config(("smtp.weiter.example", "465", "SSL", "%EMAILADDRESS%"))
    files = {"/own": content, "/elsewhere": elsewhere, "/round": "/round"}
    with NameServer({}) as names, _web(tmp_path, monkeypatch, files) as web:
        found = search(ADDRESS, _resolver(names), [f"{web}/not-there", f"{web}/own", f"{web}/nor-here"])
    assert ({name: value for (_, name), value in found.values().items()} if found else None) == relay


def test_what_a_provider_wants_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What must be done first is told in the provider's own words, and that it takes no passwords."""
    enable = (
        "<enable><instruction>Switch it\n on!</instruction><instruction lang='de'>Einschalten!</instruction>"
        f"<instruction lang='fr'>{'x' * 5000}</instruction></enable>"
    )
    config = _config(("smtp.muster.example", "465", "SSL", "%EMAILADDRESS%")).replace(
        b"</username>", b"</username><authentication>OAuth2</authentication>"
    )
    files = {"/own": config.replace(b"<incoming", enable.encode() + b"<incoming")}
    with NameServer({}) as names, _web(tmp_path, monkeypatch, files) as web:
        found = search(ADDRESS, _resolver(names), [f"{web}/own", f"{web}/own"])
    assert found is not None
    assert (found.first, found.wants_token) == (Bilingual("Switch it on!", "Einschalten!"), True)


def test_on_the_way_over_http(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody could have changed it on the way, a file is as none."""
    config = _config(("smtp.muster.example", "465", "SSL", "x"))
    plain = _web(tmp_path / "plain", monkeypatch, {"/config": config}, is_secure=False)
    (tmp_path / "plain").mkdir()
    (tmp_path / "web").mkdir()
    files: dict[str, bytes | str] = {"/good": config}
    with NameServer({}) as names, plain as elsewhere, _web(tmp_path / "web", monkeypatch, files) as web:
        files["/own"] = f"{elsewhere}/config"
        assert search(ADDRESS, _resolver(names), [f"{web}/own", f"{web}/own"]) is None
        assert search(ADDRESS, _resolver(names), [f"{web}/good", f"{web}/own"])


def test_who_knows_best(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain's own file counts before the provider of its exchangers, and that one before the database."""
    records = {"muster.example MX": ["10 smtpin.rzone.de."]}
    own, database = (_config((f"{name}.example", "465", "SSL", "%EMAILADDRESS%")) for name in ("own", "database"))
    with NameServer(records) as names, _web(tmp_path, monkeypatch, {"/own": own, "/database": database}) as web:
        places = [f"{web}/own", f"{web}/database"]
        assert str(search(ADDRESS, _resolver(names), places)) == "own.example:465"
        assert str(search(ADDRESS, _resolver(names), [f"{web}/no", places[1]])) == "smtp.strato.de:465"
    with NameServer({}) as names, _web(tmp_path, monkeypatch, {"/database": database}) as web:
        assert str(search(ADDRESS, _resolver(names), [f"{web}/no", f"{web}/database"])) == "database.example:465"


def test_a_certificate_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose certificate nobody vouches for is not believed."""
    config = _config(("smtp.muster.example", "465", "SSL", "x"))
    with NameServer({}) as names, _web(tmp_path, monkeypatch, {"/own": config}) as web:
        monkeypatch.delenv("SSL_CERT_FILE")
        assert search(ADDRESS, _resolver(names), [f"{web}/own", f"{web}/own"]) is None


def test_where_it_is_looked_for() -> None:
    """Over https alone, and without a word of who asks."""
    places = autoconfig_addresses("muster.example")
    assert all(place.startswith("https://") and "@" not in place and "muster.example" in place for place in places)
    assert places[-1].startswith("https://autoconfig.thunderbird.net/")
