"""``notify init --look-up``: the server of an address is found in the net, and nobody else is asked than is said."""

from __future__ import annotations

import http.server
import ssl
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.folders import run
from tests.servers.zone import SERVFAIL, Zone, ZoneServer

OPTIONS = (
    "--name", "Berg", "--from", "petra@berg.internal", "--look-up", "--use-relay", "--old", "phone=+49 40 3344556",
    "--new", "phone=+49 40 7788990", "--keep", "website=https://berg.internal", "--effective", "2026-12-01",
    "--lang", "de",
)  # fmt: skip
#: Where files of autoconfig are looked for is always port 443: on an address that nothing else uses.
_WEB = ("127.0.0.43", 443)
_CONFIG = b"""<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="berg.internal">
<outgoingServer type="smtp"><hostname>smtp.berg.internal</hostname><port>587</port><socketType>STARTTLS</socketType>
<username>%EMAILLOCALPART%</username><authentication>password-cleartext</authentication></outgoingServer>
<enable><instruction lang="de">Erst SMTP einschalten.</instruction></enable>
</emailProvider></clientConfig>
"""


def _relay(folder: Path, zone: Zone) -> tuple[list[dict[str, object]], list[str], str]:
    """Set up a campaign; return the relays in its notify.toml, the questions to DNS, and what was said."""
    with ZoneServer(zone) as names:
        done = run(folder, "init", "neu", *OPTIONS, "--resolver", f"127.0.0.1:{names.port}")
        assert done.returncode == 0, done.stderr
        settings = tomllib.loads((folder / "neu" / "notify.toml").read_text("utf-8"))
        return settings.get("relay", []), names.asked, done.stderr


@pytest.mark.parametrize(
    ("zone", "relay"),
    [
        (
            {("_submissions._tcp.berg.internal", "SRV"): ["10 0 465 mail.berg.internal."]},
            {"host": "mail.berg.internal", "user": "petra@berg.internal"},
        ),
        (
            {("_submission._tcp.berg.internal", "SRV"): ["10 0 587 mail.berg.internal."]},
            {"host": "mail.berg.internal", "port": 587, "tls": "starttls", "user": "petra@berg.internal"},
        ),
        ({("berg.internal", "MX"): ["10 smtpin.rzone.de."]}, {"preset": "strato", "user": "petra@berg.internal"}),
    ],
    ids=["submissions", "submission", "exchangers"],
)
def test_by_dns(tmp_path: Path, zone: Zone, relay: dict[str, object]) -> None:
    """By its SRV records, else by the provider to which its mail is led; the person is in no question."""
    relays, asked, _ = _relay(tmp_path, zone)
    assert relays == [relay]
    assert asked
    assert not [question for question in asked if "petra" in question]


@pytest.mark.parametrize("zone", [{}, {("_submissions._tcp.berg.internal", "SRV"): SERVFAIL}], ids=["none", "silence"])
def test_nothing_is_found(tmp_path: Path, zone: Zone) -> None:
    """Then no server can be used, and it is said which option names one; without that the campaign has none yet."""
    with ZoneServer(zone) as names:
        resolver = ("--resolver", f"127.0.0.1:{names.port}")
        refused = run(tmp_path, "init", "neu", *OPTIONS, *resolver)
        assert (refused.returncode, (tmp_path / "neu").exists()) == (78, False)
        assert "--use-relay: the look-up has found no server for petra@berg.internal: name it with --server" in (
            " ".join(refused.stderr.split())
        )
        done = run(tmp_path, "init", "neu", *(option for option in OPTIONS if option != "--use-relay"), *resolver)
    assert done.returncode == 0, done.stderr
    assert "relay" not in tomllib.loads((tmp_path / "neu" / "notify.toml").read_text("utf-8"))


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Serve the file of autoconfig over https; give what was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            is_there = self.path == "/mail/config-v1.1.xml"
            self.send_response(200 if is_there else 404)
            self.end_headers()
            self.wfile.write(_CONFIG if is_there else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("autoconfig.berg.internal").configure_cert(context)
    try:
        server = http.server.ThreadingHTTPServer(_WEB, Handler)
    except OSError as error:
        pytest.skip(f"port 443 of {_WEB[0]} is not ours: {error.strerror}")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield asked
    server.shutdown()
    server.server_close()


def test_by_autoconfig(tmp_path: Path, web: list[str]) -> None:
    """The domain's own file over https, found by the same server of names; its provider's words are handed on."""
    zone: Zone = {("autoconfig.berg.internal", "A"): [_WEB[0]], ("berg.internal", "TXT"): ["x"]}
    relays, _, _ = _relay(tmp_path, zone)
    assert relays == [{"host": "smtp.berg.internal", "port": 587, "tls": "starttls", "user": "petra"}]
    assert web == ["autoconfig.berg.internal/mail/config-v1.1.xml"]


def test_nobody_is_asked_without_leave(tmp_path: Path) -> None:
    """Without --look-up not one question goes to the server of names."""
    with ZoneServer({}) as names:
        given = [option for option in OPTIONS if option not in ("--look-up", "--use-relay")]
        done = run(tmp_path, "init", "neu", *given, "--resolver", f"127.0.0.1:{names.port}")
        assert (done.returncode, names.asked) == (0, []), done.stderr
