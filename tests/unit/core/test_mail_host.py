"""At which host a domain has its mail."""

from __future__ import annotations

import pytest

from notify.core.mail_host import MailHosts, host_of_exchanger


@pytest.mark.parametrize(
    ("exchanger", "host"),
    [
        ("mx01.hosting.example.", "hosting.example"),
        ("MX.Berg.Example", "berg.example"),
        ("mail.firm.co.uk", "firm.co.uk"),
        ("a.b.firma.or.at", "firma.or.at"),
        ("localhost", "localhost"),
        ("firm-example.mail.protection.outlook.com", "mail.protection.outlook.com"),
        ("firm-example.j-v1.mx.microsoft", "mail.protection.outlook.com"),
        ("outlook-com.olc.protection.outlook.com", "olc.protection.outlook.com"),
        ("alt1.aspmx.l.google.com", "google.com"),
        ("aspmx2.googlemail.com", "google.com"),
        ("mx00.ionos.de", "ionos.com"),
        ("mx01.kundenserver.de", "ionos.com"),
        ("smtpin.rzone.de", "rzone.de"),
        ("www42.your-server.de", "your-server.de"),
        ("w0123456.kasserver.com", "kasserver.com"),
        ("mx00.emig.gmx.net", "gmx.net"),
        ("mta7.am0.yahoodns.net", "yahoodns.net"),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast.com"),
        ("mx-ha.notgoogle.com", "notgoogle.com"),
    ],
)
def test_host_of_an_exchanger(exchanger: str, host: str) -> None:
    """Whatever it is called there, and in whichever of its names; that an ending is like another one does not count."""
    assert host_of_exchanger(exchanger) == host


def test_hosts_of_domains() -> None:
    """What was looked up holds; a provider's own domains are known; of any other nothing is."""
    hosts = MailHosts({"firm.example": "mx.hosting.example", "gmx.de": "mx.elsewhere.example"})
    assert hosts.of("firm.example") == hosts.of("hosting.example") == "hosting.example"
    assert hosts.of("gmx.de") == "elsewhere.example"
    assert hosts.of("gmx.at") == hosts.of("gmx.net") == "gmx.net"
    assert hosts.of("googlemail.com") == hosts.of("gmail.com") == "google.com"
    assert hosts.of("hotmail.de") == hosts.of("outlook.com") != hosts.of("example.com")
    assert hosts.of("example.com") == "example.com"
