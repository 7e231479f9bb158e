"""A mail host on loopback: a relay that delivers into mailboxes, and Dovecot, by which they are read.

Dovecot is that of Debian and Ubuntu (``sudo apt install dovecot-imapd``), of a version whose settings are known here.
It runs as whoever runs the tests, on ports of its own, and touches nothing outside of its folder.
"""

from __future__ import annotations

import contextlib
import email
import functools
import getpass
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.scripted import Certificates

if sys.platform != "win32":
    import grp
    import pwd

#: Also for whoever is no superuser, the programs of the system are not always on the PATH.
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

_CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = {ssl}
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0 secs
login_trusted_networks = 127.0.0.0/8
auth_mechanisms = {mechanisms}
mail_location = maildir:{folder}/mail/%u
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
namespace inbox {{
  inbox = yes
  mailbox Spamverdacht {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
_RECEIVED = (
    "Received: from out.berg.internal (out.berg.internal [192.0.2.2])\r\n"
    "\tby mx.{domain} with ESMTPS id 2; Tue, 1 Dec 2026 09:00:01 +0000\r\n"
    "Received: from [127.0.0.1] by smtp.berg.internal with ESMTPSA id 1; Tue, 1 Dec 2026 09:00:00 +0000\r\n"
)
_BOUNCE = """\
Return-Path: <>\r
From: Mail Delivery System <MAILER-DAEMON@smtp.berg.internal>\r
To: {sender}\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="=="\r
\r
--==\r
\r
I'm sorry to have to inform you that your message could not be delivered.\r
--==\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; smtp.berg.internal\r
\r
Final-Recipient: rfc822; {to}\r
Action: failed\r
Status: 5.2.2\r
Diagnostic-Code: smtp; {reason}\r
\r
--==\r
Content-Type: text/rfc822-headers\r
\r
{headers}\r
--==--\r
"""


@functools.cache
def why_not() -> str:
    """Return why there is no such Dovecot here; empty where there is."""
    if PROGRAM is None or sys.platform == "win32":
        return "there is no Dovecot (Debian, Ubuntu: dovecot-imapd)"
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False).stdout
    return "" if version.startswith("2.3.") else f"the settings here are for Dovecot 2.3, and it is {version.strip()}"


@dataclass
class MailHost:
    """What the host does with each message, and where it is found.

    ``results``: what stands above the Received headers of what is delivered, with its line ends; ``forged``: the same,
    as if it stood in the message. ``refused`` has a reply to RCPT, ``bounced`` what a report says, by address; whoever
    is in ``lost`` gets nothing, and whoever is in ``spam`` in that folder. ``accepted`` is all that the relay took.
    """

    folder: Path
    smtp_port: int = 0
    imap_port: int = 0
    plain_port: int = 0
    results: str = ""
    forged: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    bounced: dict[str, str] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    spam: set[str] = field(default_factory=set)
    accepted: list[tuple[str, bytes]] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802  # aiosmtpd's own
        """Take a recipient, or not."""
        if reply := self.refused.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802  # aiosmtpd's own
        """Deliver it, or what comes back instead."""
        (to,), octets = envelope.rcpt_tos, envelope.content
        self.accepted.append((to, octets))
        if reason := self.bounced.get(to):
            headers = octets.partition(b"\r\n\r\n")[0].decode()
            bounce = _BOUNCE.format(sender=envelope.mail_from, to=to, reason=reason, headers=headers)
            self.deliver(envelope.mail_from, bounce.encode())
        elif to not in self.lost:
            self.deliver(to, self.head(to) + octets, spam=to in self.spam)
        return "250 2.0.0 Ok: queued"

    def head(self, to: str) -> bytes:
        """Return what stands above a message when it is delivered."""
        received = _RECEIVED.format(domain=to.rpartition("@")[2])
        return f"Return-Path: <sender@berg.internal>\r\n{self.results}{received}{self.forged}".encode()

    def deliver(self, to: str, octets: bytes, *, spam: bool = False) -> None:
        """Put a message into a mailbox."""
        box = self.folder / "mail" / to / (".Spamverdacht" if spam else "")
        for name in ("tmp", "new", "cur"):
            (box / name).mkdir(parents=True, exist_ok=True)
        number = sum(1 for _ in (self.folder / "mail").rglob("new/*"))
        (box / "new" / f"{time.time_ns()}.{number}.host").write_bytes(octets)
        _own(self.folder / "mail")

    def code(self, to: str) -> str:
        """Return the code in the latest message to somebody."""
        octets = next(octets for address, octets in reversed(self.accepted) if address == to)
        return str(email.message_from_bytes(octets)["Subject"]).rpartition(" ")[2]

    def kept(self, to: str) -> list[Path]:
        """Return the files of somebody's messages."""
        return [path for path in sorted((self.folder / "mail" / to).rglob("*")) if path.parent.name in ("new", "cur")]

    def anew(self) -> None:
        """Forget everything that a test has said and sent."""
        shutil.rmtree(self.folder / "mail", ignore_errors=True)
        (self.folder / "mail").mkdir(parents=True)
        _own(self.folder / "mail")
        self.results = self.forged = ""
        for said in (self.refused, self.bounced, self.lost, self.spam, self.accepted):
            said.clear()


@contextmanager
def mail_host(
    certificates: Certificates, users: dict[str, str], *, mechanisms: str = "plain login"
) -> Iterator[MailHost]:
    """Run the host inside this ``with``; users log in to read their mailboxes."""
    # not in pytest's own, which nobody else may enter, and whose names are too long for sockets
    with tempfile.TemporaryDirectory(prefix="host-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with relay_host(folder) as host, _dovecot(host, certificates, users, mechanisms):
            yield host


@contextmanager
def relay_host(folder: Path) -> Iterator[MailHost]:
    """Run the relay alone, whose mailboxes nobody reads."""
    host = MailHost(folder, smtp_port=_free_port(), imap_port=_free_port(), plain_port=_free_port())
    relay = Controller(host, hostname="127.0.0.1", port=host.smtp_port)
    relay.start()
    try:
        yield host
    finally:
        relay.stop()


@contextmanager
def _dovecot(host: MailHost, certificates: Certificates, users: dict[str, str], mechanisms: str) -> Iterator[None]:
    folder = host.folder
    for name in ("mail", "home", "run", "state"):
        (folder / name).mkdir(parents=True)
    (folder / "users").write_text("".join(f"{user}:{password}\n" for user, password in users.items()), "utf-8")
    # whatever umask another test has left behind: it is read by an account of Dovecot's own
    (folder / "users").chmod(0o644)
    me = getpass.getuser()
    is_root = os.geteuid() == 0
    account = pwd.getpwnam("nobody" if is_root else me)
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            ssl="yes",
            certificate=certificates.server,
            key=certificates.server,
            mechanisms=mechanisms,
            internal="dovecot" if is_root else me,
            internal_group="dovecot" if is_root else grp.getgrgid(os.getegid()).gr_name,
            login="dovenull" if is_root else me,
            uid=account.pw_uid,
            gid=account.pw_gid,
            port=host.imap_port,
            plain_port=host.plain_port,
        ),
        "utf-8",
    )
    _own(folder / "mail")
    _own(folder / "home")
    assert PROGRAM is not None
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(configuration)], stderr=subprocess.PIPE)
    try:
        _await(process, host.imap_port, folder / "log")
        yield
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    said = process.stderr.read() if process.poll() is not None and process.stderr else b""
    written = log.read_text() if log.exists() else ""
    raise RuntimeError(f"Dovecot does not start: {said.decode()}{written}")


def _own(folder: Path) -> None:
    """Give a folder to whoever reads the mailboxes, if that is not whoever runs the tests."""
    if os.geteuid() == 0:
        account = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            # Dovecot locks a mailbox for a moment with a file, and takes it away
            with contextlib.suppress(FileNotFoundError):
                os.chown(path, account.pw_uid, account.pw_gid)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
