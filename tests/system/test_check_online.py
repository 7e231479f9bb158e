"""What DNS and the website tell: each planted mistake is found by its name, and none where there are none."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from notify.actions.checkup import Checkup, check, rehearse
from notify.actions.checkup_online import check_online
from notify.actions.prepare import Prepared, prepare
from notify.config import load
from notify.core.finding import Finding
from notify.lookups import Names
from tests import clean_campaigns as clean
from tests.folders import run
from tests.planted_in_dns import CLEAN, IN_DNS, NEW, OWN, PlantedInDns
from tests.servers.zone import SILENCE, Zone, ZoneServer

TOML = "notify.toml"


class _Pages(BaseHTTPRequestHandler):
    """A site: its first page, one that is not there, some that lead elsewhere."""

    def do_GET(self) -> None:
        """Answer."""
        port = self.connection.getsockname()[1]
        leads = {
            "/other": f"https://elsewhere.internal:{port}/",
            "/plain": f"http://{OWN}:{port}/",
            "/round": "/round",
            "/file": "file:///etc/passwd",
        }
        self.send_response(301 if self.path in leads else 404 if self.path == "/gone" else 200)
        if self.path in leads:
            self.send_header("Location", leads[self.path])
        self.end_headers()
        self.wfile.write(b'<h1>Berg Kommunikation</h1><a href="/impressum">Impressum</a>')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve a site by TLS, whose certificate is that of the own domain; give its port."""
    folder = tmp_path_factory.mktemp("site")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(OWN, "elsewhere.internal").configure_cert(context)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
        yield server.server_address[1]
    server.shutdown()
    server.server_close()


def edit(folder: Path, old: str, new: str) -> Path:
    """Change notify.toml."""
    path = folder / TOML
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return folder


def with_site(folder: Path, port: int, path: str = "") -> Path:
    """Let a campaign announce the site that is served here."""
    return edit(folder, f"https://{OWN}", f"https://{OWN}:{port}{path}")


def found_in(folder: Path, zone: Zone) -> list[Finding]:
    """Return what a check of a folder finds online."""
    settings = load(folder, options={}, environment={})
    prepared, checkup = prepare(settings), Checkup()
    with ZoneServer(zone) as server:
        names = Names("127.0.0.1", server.port)
        check(prepared, checkup, dt.datetime.now(dt.UTC), iter)
        check_online(prepared, checkup, names, iter)
        rehearse(prepared, checkup, dt.datetime.now(dt.UTC), iter)
    return checkup.findings()


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory, site: int) -> tuple[Prepared, Checkup]:
    """Look at a clean campaign once, for many questions about what DNS says of it."""
    folder = with_site(clean.phone_campaign(tmp_path_factory.mktemp("clean") / "c"), site)
    prepared, checkup = prepare(load(folder, options={}, environment={})), Checkup()
    check(prepared, checkup, dt.datetime.now(dt.UTC), iter)
    assert checkup.findings() == []
    return prepared, checkup


@pytest.mark.parametrize("write", clean.CLEAN, ids=lambda write: write.__name__)
def test_nothing_is_found_in_a_clean_campaign(tmp_path: Path, site: int, write: Callable[[Path], Path]) -> None:
    """Whatever it announces: domains, records and the site are as they should be."""
    assert found_in(with_site(write(tmp_path / "c"), site), CLEAN) == []


@pytest.mark.parametrize("planted", IN_DNS, ids=lambda planted: f"{planted.name}: {str(planted.records)[:40]}")
def test_each_mistake_in_dns_is_found_by_its_name(looked_at: tuple[Prepared, Checkup], planted: PlantedInDns) -> None:
    """And nothing else is found beside it."""
    prepared, checkup = looked_at[0], Checkup()
    checkup.domains = looked_at[1].domains
    with ZoneServer(planted.zone) as server:
        check_online(prepared, checkup, Names("127.0.0.1", server.port), iter)
    found = checkup.findings()
    assert {finding.name for finding in found} == {planted.name}
    assert all(finding.what and finding.mend for finding in found)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("site-unreachable", "/gone"),
        ("site-unreachable", "/round"),
        ("site-unreachable", "/file"),
        ("site-elsewhere", "/other"),
        ("site-unreachable", "/plain"),
    ],
)
def test_each_mistake_of_the_site_is_found_by_its_name(tmp_path: Path, site: int, name: str, path: str) -> None:
    """Where it ends is what is looked at."""
    zone = {**CLEAN, ("elsewhere.internal", "A"): ["127.0.0.1"]}
    folder = with_site(clean.phone_campaign(tmp_path / "c"), site, path)
    assert {finding.name for finding in found_in(folder, zone)} == {name}


def test_a_certificate_of_somebody_else(tmp_path: Path, site: int) -> None:
    """Readers would be warned before they see anything."""
    folder = edit(clean.phone_campaign(tmp_path / "c"), f"https://{OWN}", f"https://www.{OWN}:{site}")
    (found,) = found_in(folder, {**CLEAN, (f"www.{OWN}", "A"): ["127.0.0.1"]})
    assert (found.name, found.where) == ("site-certificate", "notify.toml:20")


def test_a_new_mailbox_that_does_not_receive(tmp_path: Path, site: int) -> None:
    """It is grave: everybody would write to it."""
    zone = {key: records for key, records in CLEAN.items() if key[0] != NEW}
    (found,) = found_in(with_site(clean.mailbox_campaign(tmp_path / "c"), site), zone)
    assert (found.name, found.severity) == ("cannot-receive", "error")
    assert "petra@berg-neu.internal receives nothing: berg-neu.internal does not exist" in found.what


def test_the_record_to_set_is_said(tmp_path: Path, site: int) -> None:
    """That of the relay's provider, in the record that there is."""
    folder = with_site(clean.phone_campaign(tmp_path / "c"), site)
    edit(folder, 'host = "mail.berg-kommunikation.internal"', 'preset = "ionos"\nnew_account = 2020-02-01')
    (found,) = found_in(folder, CLEAN)
    assert found.name == "spf-relay"
    assert found.mend == f'Set the TXT record of {OWN} to  "v=spf1 mx include:_spf-eu.ionos.com ~all"'
    known = {
        **CLEAN,
        (OWN, "TXT"): ["v=spf1 include:_spf.perfora.net ~all"],
        ("_spf.perfora.net", "TXT"): ["v=spf1 -all"],
    }
    assert found_in(folder, known) == []


def test_gmx_wants_a_signature(tmp_path: Path, site: int) -> None:
    """DNS cannot show it, so it is said how it is seen."""
    folder = with_site(clean.phone_campaign(tmp_path / "c"), site)
    people = folder / "contacts" / "kunden.csv"
    people.write_text(people.read_text("utf-8").replace("kunde-eins.internal", "gmx.de"), "utf-8")
    (found,) = found_in(folder, {**CLEAN, ("gmx.de", "MX"): ["10 mx00.emig.gmx.net."]})
    assert found.name == "dkim-unseen"


def test_it_is_said_what_is_asked_and_nothing_is_asked_offline(tmp_path: Path) -> None:
    """Of the network it asks what it says, by the resolver that it is told; the document says what was found."""
    folder = clean.phone_campaign(tmp_path / "c")
    edit(folder, 'host = "mail.berg-kommunikation.internal"', 'host = "127.0.0.1"\nport = 9\ntls = "none"')
    with ZoneServer({**CLEAN, (OWN, "A"): ["127.0.0.2"]}) as server:
        done = run(folder, "check", "--offline", "--resolver", f"127.0.0.1:{server.port}", "--json")
        assert (done.returncode, server.asked, done.stderr) == (0, [], "")
        done = run(folder, "check", "--resolver", f"127.0.0.1:{server.port}", "--json")
    assert f"3 domains of recipients, and visits https://{OWN}" in " ".join(done.stderr.split())
    document = json.loads(done.stdout)
    found = [(one["name"], one["severity"]) for one in document["findings"]]
    assert found == [("relay-unreachable", "grave"), ("site-unreachable", "warning")]
    assert done.returncode == 78
    done = run(folder, "check", "--resolver", "nowhere")
    assert done.returncode == 2
    assert "'nowhere' is no IP address" in done.stderr


def test_where_the_mail_of_domains_is_gets_noted(tmp_path: Path) -> None:
    """What a pace per domain counts by: for later runs, for nobody else to read, and the forecast has it already."""
    folder = edit(clean.phone_campaign(tmp_path / "c"), "password_command", 'per_domain = "1/hour"\npassword_command')
    relay = 'port = 9\ntls = "none"'
    edit(folder, 'host = "mail.berg-kommunikation.internal"', f'host = "127.0.0.1"\n{relay}')
    mx = ["5 a-internal.mail.protection.outlook.com."]
    zone = {**CLEAN, ("kunde-eins.internal", "MX"): mx, ("kunde-zwei.internal", "MX"): mx}
    hosts = folder / "mail-hosts.json"
    with ZoneServer(zone) as server:
        before = json.loads(run(folder, "check", "--offline", "--json").stdout)
        assert not hosts.exists()
        done = run(folder, "check", "--resolver", f"127.0.0.1:{server.port}", "--json")
        after = json.loads(done.stdout)
    assert "2 mail hosts; most recipients are at mail.protection.outlook.com: 2 of 3." in " ".join(done.stderr.split())
    assert hosts.stat().st_mode & 0o777 == 0o600
    told = json.loads(hosts.read_text("utf-8"))["exchangers"]
    assert {domain: exchanger for domain, (exchanger, _) in told.items()} == dict.fromkeys(
        ("kunde-eins.internal", "kunde-zwei.internal"), "a-internal.mail.protection.outlook.com"
    )
    assert before["takes_s"] < 3600 <= after["takes_s"]


@pytest.mark.long
def test_servers_that_do_not_answer(tmp_path: Path, site: int) -> None:
    """They hold up nobody else, and say nothing of the domain."""
    zone = {**CLEAN, ("kunde-eins.internal", "MX"): SILENCE}
    (found,) = found_in(with_site(clean.phone_campaign(tmp_path / "c"), site), zone)
    assert (found.name, found.severity) == ("recipient-domain-unknown", "info")
