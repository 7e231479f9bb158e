"""Addresses with letters beyond ASCII before the @, from the contact file to a server that takes them or does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller

from tests.folders import contents, counts, kept, make_folder, run

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

PEOPLE = """\
Anrede;Vorname;Nachname;E-Mail
Frau;Anna;Albrecht;anna@example.com
Herr;Jörg;Müller;müller@example.com
Frau;Mei;Wang;用户@münchen.example
Herr;Jörg;Müller;MU\u0308LLER@example.com
Frau;Olga;Iwanowa;оlga@example.com
Herr;Dan;Dorn;dan@example.org
"""
WIDE = ["müller@example.com", "用户@xn--mnchen-3ya.example"]
USUAL = ["anna@example.com", "dan@example.org"]


class Keeper:
    """Keeps every message with its envelope."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        """Keep a message."""
        self.envelopes.append(envelope)
        return "250 2.0.0 kept"

    def octets_to(self, address: str) -> bytes:
        """Return the one message to an address."""
        (octets,) = (one.original_content for one in self.envelopes if one.rcpt_tos == [address])
        return octets or b""


class Server(Controller):
    """A server on a port that the system gives."""

    def _trigger_server(self) -> None:
        """Learn the port before it is called for the first time."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def _serve(*, smtputf8: bool) -> Iterator[tuple[Keeper, int]]:
    keeper = Keeper()
    server = Server(keeper, hostname="127.0.0.1", port=0, enable_SMTPUTF8=smtputf8)
    server.start()
    try:
        yield keeper, server.port
    finally:
        server.stop()


def _addressee(octets: bytes) -> str:
    """Return the address in To, as a mail program reads it."""
    (found,) = message_from_string(octets.decode(), policy=policy.SMTPUTF8)["To"].addresses
    return str(found.addr_spec)


def test_a_relay_that_offers_smtputf8(tmp_path: Path) -> None:
    """Everybody is written to once; To is the address, the relay was told, and all other messages are seven-bit."""
    with _serve(smtputf8=True) as (keeper, port):
        folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, relay_port=port)
        done = run(folder, "send", "--yes")
        again = run(folder, "send", "--yes")
    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    assert counts(folder) == {"sent": 4}
    assert sorted(address for one in keeper.envelopes for address in one.rcpt_tos) == sorted(USUAL + WIDE)
    for address in USUAL + WIDE:
        octets = keeper.octets_to(address)
        assert _addressee(octets) == address
        assert octets.isascii() == (address in USUAL)
        assert octets.replace(address.encode(), b"").isascii()
    for one in keeper.envelopes:
        assert one.smtp_utf8 == ("BODY=8BITMIME" in one.mail_options) == (one.rcpt_tos[0] in WIDE)


def test_a_relay_that_does_not_offer_smtputf8(tmp_path: Path) -> None:
    """It is not even asked: who has such an address fails, in words, and everybody else is sent to."""
    with _serve(smtputf8=False) as (keeper, port):
        folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, relay_port=port)
        done = run(folder, "send", "--yes")
    assert counts(folder) == {"sent": 2, "failed": 2}, done.stderr
    assert sorted(address for one in keeper.envelopes for address in one.rcpt_tos) == USUAL
    log = [json.loads(line) for line in run(folder, "log", "--json").stdout.splitlines()]
    refused = [one for one in log if one["status"] == "failed"]
    assert sorted(one["to"] for one in refused) == WIDE
    reply = "553 5.6.7 The relay does not offer SMTPUTF8, which this address needs; it was not asked"
    assert [json.dumps(one).count(reply) for one in refused] == [1] * len(WIDE)


def test_the_sandbox(tmp_path: Path) -> None:
    """What is tried in the sandbox is what would be sent, and the files of the preview have it too."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    assert run(folder, "send").returncode == 0
    assert sorted(map(_addressee, kept(folder))) == sorted(USUAL + WIDE)
    out = tmp_path / "out"
    previewed = run(folder, "preview", "--to", "MÜLLER@example.com", "--out", str(out))
    assert previewed.returncode == 0, previewed.stderr
    (octets,) = contents(out).values()
    assert _addressee(octets) == "müller@example.com"


def test_a_long_address_in_letters_of_four_octets(tmp_path: Path) -> None:
    """The files of the preview are named by address, and a name has at most 255 octets."""
    address = "𠀀" * 60 + "@b.example"
    folder = make_folder(tmp_path / "campaign", contacts=f"E-Mail\n{address}\n")
    previewed = run(folder, "preview", "--to", address, "--out", str(tmp_path / "out"))
    assert previewed.returncode == 0, previewed.stderr
    assert list(map(_addressee, contents(tmp_path / "out").values())) == [address]


def test_a_name_is_one_address_however_it_is_encoded(tmp_path: Path) -> None:
    """Two rows of one person are one recipient, and a wish to get no mail is found."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE)
    assert run(folder, "suppress", "MU\u0308LLER@EXAMPLE.com").returncode == 0
    done = run(folder, "contacts")
    assert "6 rows: 3 admitted, 1 rejected, 1 duplicate, 1 suppressed, 0 filtered" in " ".join(done.stdout.split())


def test_the_report_says_what_such_an_address_needs(tmp_path: Path) -> None:
    """A hint and no rejection: whom it concerns, by which letters, and what becomes of them elsewhere."""
    done = run(make_folder(tmp_path / "campaign", contacts=PEOPLE), "contacts")
    shown = " ".join(done.stdout.split())
    for words in (
        "only a relay with SMTPUTF8 takes; through any other these recipients alone fail (2):",
        'contacts/people.csv:3: müller@example.com has "ü"',
        'contacts/people.csv:4: 用户@xn--mnchen-3ya.example has "用户"',
        "not an address: mixes Cyrillic and Latin letters before the @ (1)",
        '"оlga@example.com" is not an address: mixes Cyrillic and Latin letters before the @: "о"',
        "6 rows: 4 admitted, 1 rejected, 1 duplicate, 0 suppressed, 0 filtered",
    ):
        assert words in shown
