"""What we use of yagmail, held against yagmail itself: its retry changed between 0.15 and 0.16 without a word.

When one of these fails after an upgrade, read notify/accounts/session.py and client.py beside yagmail's new sender.py.
"""

from __future__ import annotations

import gc
import inspect
import logging
import smtplib
import ssl
from pathlib import Path

import pytest
import yagmail

from notify.accounts.client import Client, TlsClient
from notify.accounts.opener import Opener
from tests.servers.scripted import Certificates, ScriptedServer, make_certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make certificates for this machine once."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def _opener(server: ScriptedServer, **more: object) -> yagmail.SMTP:
    given = {"smtp_ssl": False, "smtp_starttls": False, "smtp_skip_login": True, "timeout": 10}
    return yagmail.SMTP(
        "nobody@localhost", host="localhost", port=server.port, local_hostname="client.example", **{**given, **more}
    )


def test_version() -> None:
    """We know 0.16; another one is to be read first."""
    assert yagmail.__version__.startswith("0.16.")


def test_constructor() -> None:
    """The constructor takes what we give it, and passes the rest on to smtplib."""
    parameters = inspect.signature(yagmail.SMTP.__init__).parameters
    given = {"user", "host", "port", "smtp_ssl", "smtp_starttls", "smtp_skip_login", "soft_email_validation", "kwargs"}
    assert given <= set(parameters)
    assert parameters["kwargs"].kind is inspect.Parameter.VAR_KEYWORD


def test_constructing_opens_nothing(tmp_path: Path) -> None:
    """Only ``login`` connects; until then ``smtp`` is None, which is how we know that the greeting never came."""
    with ScriptedServer(tmp_path / "record") as server:
        opener = _opener(server)
        assert opener.smtp is None
        assert not opener.is_closed
        opener.is_closed = True
    assert server.connections == 0


def test_login_connects_once_and_sends_nothing(tmp_path: Path) -> None:
    """Without credentials and STARTTLS, ``login`` is TCP and the greeting, and nothing else: EHLO is left to us."""
    with ScriptedServer(tmp_path / "record", users={"anna": "geheim"}) as server:
        opener = _opener(server)
        opener.login()
        assert type(opener.smtp) is smtplib.SMTP
        assert opener.smtp.timeout == 10
        assert not opener.smtp.does_esmtp
        opener.is_closed = True
        opener.smtp.close()
    assert (server.connections, server.commands) == (1, [])


def test_starttls_is_verified_and_followed_by_ehlo(tmp_path: Path, certificates: Certificates) -> None:
    """STARTTLS uses the context it is given, and the capabilities are those that were told under TLS (RFC 3207)."""
    context = ssl.create_default_context(cafile=str(certificates.authority))
    users = {"anna": "geheim"}
    with ScriptedServer(tmp_path / "r", tls="starttls", certificate=certificates.server, users=users) as server:
        opener = _opener(server, smtp_starttls={"context": context})
        opener.login()
        assert opener.smtp.sock.context is context
        assert "auth" in opener.smtp.esmtp_features
        opener.is_closed = True
        opener.smtp.close()
    assert [line for _, line in server.commands] == ["ehlo client.example", "STARTTLS", "ehlo client.example"]


def test_implicit_tls_takes_our_context(tmp_path: Path, certificates: Certificates) -> None:
    """With ``smtp_ssl`` the context goes to smtplib, whose own would verify nothing."""
    context = ssl.create_default_context(cafile=str(certificates.authority))
    with ScriptedServer(tmp_path / "r", tls="implicit", certificate=certificates.server) as server:
        opener = _opener(server, smtp_ssl=True, context=context)
        opener.login()
        assert opener.smtp.sock.context is context
        opener.is_closed = True
        opener.smtp.close()
    assert server.commands == []


def test_starttls_that_is_not_offered(tmp_path: Path) -> None:
    """When STARTTLS is not offered nothing goes on in clear, and the connection stays in ``smtp`` for us to close."""
    with ScriptedServer(tmp_path / "record", users={"anna": "geheim"}) as server:
        opener = _opener(server, smtp_starttls={"context": ssl.create_default_context()})
        with pytest.raises(smtplib.SMTPNotSupportedError):
            opener.login()
        opener.is_closed = True
        opener.smtp.close()
    assert server.count("AUTH") == 0


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_it_connects_with_our_client(tmp_path: Path, certificates: Certificates, tls: str) -> None:
    """The class is taken from ``connection``, and ours reads every reply and says every EHLO."""
    context = ssl.create_default_context(cafile=str(certificates.authority))
    with ScriptedServer(tmp_path / "r", tls=tls, certificate=certificates.server if tls != "none" else None) as server:
        opener = Opener(
            "nobody@localhost",
            host="localhost",
            port=server.port,
            smtp_ssl=tls == "implicit",
            smtp_starttls={"context": context} if tls == "starttls" else False,
            smtp_skip_login=True,
            timeout=10,
            ehlo_name="client.example",
            **({"context": context} if tls == "implicit" else {}),
        )
        opener.login()
        opener.smtp.ehlo()
        assert type(opener.smtp) is (TlsClient if tls == "implicit" else Client)
        assert opener.smtp.file is None
        opener.is_closed = True
        opener.smtp.close()
    assert {line for _, line in server.commands} - {"STARTTLS"} == {"ehlo client.example"}


def test_is_closed_keeps_it_from_saying_quit(tmp_path: Path) -> None:
    """``login`` clears ``is_closed``; set again, a client that is thrown away does not touch the connection."""
    with ScriptedServer(tmp_path / "record") as server:
        opener = _opener(server)
        opener.is_closed = True
        opener.login()
        assert opener.is_closed is False
        opener.is_closed = True
        client = opener.smtp
        del opener
        gc.collect()
        assert client.noop()[0] == 250
        client.close()
    assert server.count("QUIT") == 0


def test_it_logs_here() -> None:
    """Its only logger is this one; a handler that writes to the screen is put on it again and again."""
    assert yagmail.SMTP("nobody@localhost").log is logging.getLogger("yagmail.log")
