"""An SMTP server on loopback that answers from a script and remembers what it accepted.

What it accepts it has written to a file and fsynced before it says so. That record, and never the ledger, is what the
tests believe: it tells what was sent, whatever became of client, server or connection afterwards.

In a test::

    with ScriptedServer(tmp_path / "record", rules=[Rule("dot", lose_answer(), connection=1)]) as server:
        ...
    assert [mail["to"] for mail in server.accepted()] == [...]

As a process of its own, which prints its port and lives until its standard input is closed::

    python -m tests.servers.scripted --record FILE --script '[{"phase": "dot", "act": {"close": true}}]'
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import itertools
import json
import os
import re
import socket
import ssl
import struct
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import trustme

FEATURES = ("PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES")

_HEADER = re.compile(rb"(?m)^([!-9;-~]+):[ \t]*([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)")


@dataclass(frozen=True, slots=True)
class Act:
    """What the server does instead of its ordinary answer: wait, then say something or nothing, then perhaps hang up.

    ``say`` is a reply, its lines separated by line feeds; ``raw`` goes out as it is; ``slow_s`` passes before every
    octet of either. ``forget``: throw away first what has come already. ``reset`` hangs up with a TCP reset.
    ``accept``: at the dot, record the message as accepted even if nothing is said, or a lie.
    """

    say: str = ""
    raw: str = ""
    wait_s: float = 0.0
    slow_s: float = 0.0
    forget: bool = False
    close: bool = False
    reset: bool = False
    accept: bool = False


def say(reply: str) -> Act:
    """Answer something else."""
    return Act(say=reply)


def say_and_close(reply: str) -> Act:
    """Answer something else and hang up, as with 421."""
    return Act(say=reply, close=True)


def garbage(raw: str = "HTTP/1.1 400 Bad Request\r\n") -> Act:
    """Answer something that is no answer."""
    return Act(raw=raw)


def silence(seconds: float = 60.0) -> Act:
    """Do not answer for so long, then hang up."""
    return Act(wait_s=seconds, close=True)


def close() -> Act:
    """Hang up instead of an answer."""
    return Act(close=True)


def reset() -> Act:
    """Hang up rudely."""
    return Act(reset=True)


def slow(reply: str, seconds_per_octet: float) -> Act:
    """Answer octet by octet."""
    return Act(say=reply, slow_s=seconds_per_octet)


def lose_answer() -> Act:
    """At the dot: accept the message, and hang up before saying so."""
    return Act(close=True, accept=True)


def lie(reply: str) -> Act:
    """At the dot: accept the message, and deny it."""
    return Act(say=reply, accept=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """When an act is due. Whatever is not given fits always; the first rule that fits is taken.

    ``phase``: connect, banner, ehlo, starttls, tls (the handshake), auth, mail, rcpt, data, body, dot, rset, noop or
    quit.
    ``connection`` and ``message`` count from 1, messages on their connection. ``to`` is a part of the recipient's
    address. ``times``: how often the rule is good.
    """

    phase: str
    act: Act
    connection: int | None = None
    message: int | None = None
    to: str = ""
    times: int | None = None

    @classmethod
    def load(cls, entry: Mapping[str, Any]) -> Rule:
        """Return the rule that :meth:`dump` wrote."""
        return cls(**{**entry, "act": Act(**entry["act"])})

    def dump(self) -> dict[str, Any]:
        """Return the rule as JSON can hold it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of PEM files: the authority to be trusted, and the server's key and certificate."""

    authority: Path
    server: Path


def make_certificates(folder: Path, *names: str) -> Certificates:
    """Write an authority and a certificate for ``names``, by default for this machine."""
    authority = trustme.CA()
    server = authority.issue_cert(*(names or ("localhost", "127.0.0.1")))
    authority.cert_pem.write_to_path(folder / "authority.pem")
    server.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    return Certificates(folder / "authority.pem", folder / "server.pem")


class Record:
    """The durable list of what was accepted: one JSON document a line, on the disk before anybody is told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write an entry, whole or not at all."""
        os.write(self._file, json.dumps(entry).encode() + b"\n")
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    @staticmethod
    def read(path: Path) -> list[dict[str, Any]]:
        """Return all entries; a last line that a crash cut off was never told to anybody."""
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        return [json.loads(line) for line in lines]


class ScriptedServer:
    """The server; a context manager.

    :param record: the file for what is accepted; appended to, so that a server can be started again on it.
    :param tls: ``none``, ``starttls`` or ``implicit``, the latter two with ``certificate``, a PEM file.
    :param users: passwords by user; without any, there is no AUTH.
    :param features: what it offers in answer to EHLO. Commands that arrive together are answered in order, PIPELINING
        offered or not; without it, whoever did not wait for an answer is noted in ``hasty``.
    :param initial_response: whether AUTH PLAIN may bring its credentials along (RFC 4954, 4).
    :param generous: whether DATA is granted though no recipient was taken (RFC 2920, 3.1, allows it).
    :param idle_s: how long it waits for whatever a client owes it, before it hangs up; for ever when None.
    """

    def __init__(
        self,
        record: Path,
        *,
        rules: Iterable[Rule] = (),
        tls: str = "none",
        certificate: Path | None = None,
        users: Mapping[str, str] | None = None,
        features: Sequence[str] = FEATURES,
        mechanisms: str = "PLAIN LOGIN",
        initial_response: bool = True,
        generous: bool = False,
        idle_s: float | None = None,
        port: int = 0,
    ) -> None:
        self.tls, self.users, self.features, self.mechanisms = tls, users, features, mechanisms
        self.initial_response, self.generous, self.idle_s = initial_response, generous, idle_s
        self.context: ssl.SSLContext | None = None
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        #: Every line that a client wrote, bodies left out, with the number of its connection.
        self.commands: list[tuple[int, str]] = []
        #: The commands behind which more came unasked, though PIPELINING was not offered.
        self.hasty: list[str] = []
        self.connections = 0
        self.stopping = threading.Event()
        self._path, self.record = record, Record(record)
        self._rules = tuple(rules)
        self._taken = Counter[int]()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=100)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._threads.append(threading.Thread(target=self._accept))
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        # closing alone does not wake who is accepting
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join(10)
        with self._lock:
            for sock in self._sockets:
                with contextlib.suppress(OSError):
                    # without TLS's own farewell, which would wait
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        self.record.close()

    def accepted(self) -> list[dict[str, Any]]:
        """Return what was accepted, also by earlier servers on this record."""
        return Record.read(self._path)

    def count(self, verb: str) -> int:
        """Return how many commands began with ``verb``."""
        return sum(line.upper().startswith(verb.upper()) for _, line in self.commands)

    def pick(self, phase: str, connection: int, message: int, to: str) -> Act | None:
        """Return what is due now, and use it up."""
        with self._lock:
            for number, rule in enumerate(self._rules):
                fits = rule.phase == phase and rule.to in to and rule.message in (None, message)
                fits = fits and (rule.times is None or self._taken[number] < rule.times)
                if fits and rule.connection in (None, connection):
                    self._taken[number] += 1
                    return rule.act
        return None

    def _accept(self) -> None:
        for number in itertools.count(1):
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.settimeout(self.idle_s)
            self.connections = number
            thread = threading.Thread(target=self._serve, args=(sock, number))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        conversation = Conversation(self, sock, number)
        try:
            with contextlib.suppress(OSError, HungUp):
                conversation.hold()
        finally:
            conversation.end()

    def watch(self, new: socket.socket | None, old: socket.socket | None = None) -> None:
        """Keep the socket of a conversation in place of another, so that it can be ended."""
        with self._lock:
            if old is not None:
                self._sockets.discard(old)
            if new is not None:
                self._sockets.add(new)


class HungUp(Exception):  # noqa: N818 - nothing went wrong
    """The conversation is over."""


@dataclass(slots=True)
class Conversation:
    """One connection, served by one thread."""

    server: ScriptedServer
    sock: socket.socket
    number: int
    message: int = 0
    secure: bool = False
    user: str = ""
    sender: str | None = None
    to: str = ""
    file: Any = field(default=None)

    def hold(self) -> None:
        """Serve the client until one side hangs up."""
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.watch(self.sock)
        if act := self.server.pick("connect", self.number, 0, ""):
            self._do(act)
        if self.server.tls == "implicit":
            self._secure()
        self.file = self.sock.makefile("rb")
        self._answer("banner", "220 scripted.example ESMTP")
        while line := self.file.readline(65536):
            self._command(line.decode("latin-1").rstrip("\r\n"))

    def end(self) -> None:
        """Close what is open."""
        self.server.watch(None, self.sock)
        if self.file is not None:
            self.file.close()
        with contextlib.suppress(OSError):
            self.sock.close()

    def _command(self, line: str) -> None:
        self.server.commands.append((self.number, line))
        if "PIPELINING" not in self.server.features and self._more_has_come():
            self.server.hasty.append(line)
        verb, _, rest = line.partition(" ")
        handler = {
            "EHLO": self._ehlo,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "QUIT": self._quit,
        }.get(verb.upper())
        if handler:
            handler(rest)
        else:
            self._send("502 5.5.1 not implemented")

    def _ehlo(self, _: str) -> None:
        lines = ["scripted.example", *self.server.features]
        if self.server.tls == "starttls" and not self.secure:
            lines.append("STARTTLS")
        elif self.server.users is not None:
            lines.append(f"AUTH {self.server.mechanisms}")
        self._answer("ehlo", "\n".join([f"250-{line}" for line in lines[:-1]] + [f"250 {lines[-1]}"]))

    def _starttls(self, _: str) -> None:
        if self._answer("starttls", "220 2.0.0 go ahead"):
            self._secure()
            self.file.close()
            self.file = self.sock.makefile("rb")

    def _secure(self) -> None:
        if act := self.server.pick("tls", self.number, 0, ""):
            self._do(act)
            raise HungUp
        assert self.server.context is not None
        plain = self.sock
        self.sock = self.server.context.wrap_socket(plain, server_side=True)
        self.server.watch(self.sock, plain)
        self.secure = True

    def _auth(self, rest: str) -> None:
        mechanism, _, token = rest.partition(" ")
        by_token = mechanism.upper() in {"XOAUTH2", "OAUTHBEARER"}
        if by_token:
            user, password = self._token((self.server.initial_response and token) or self._challenge(""))
        elif mechanism.upper() == "PLAIN":
            _, user, password = (
                base64.b64decode((self.server.initial_response and token) or self._challenge("")).decode().split("\0")
            )
        else:
            user = base64.b64decode(self._challenge("Username:")).decode()
            password = base64.b64decode(self._challenge("Password:")).decode()
        if (self.server.users or {}).get(user) != password:
            if by_token:
                self._challenge('{"status":"invalid_token"}')
            self._answer("auth", "535 5.7.8 authentication failed")
        elif self._answer("auth", "235 2.7.0 welcome"):
            self.user = user

    @staticmethod
    def _token(response: str | bytes) -> tuple[str, str]:
        """Return user and token of either mechanism."""
        who, bearer, *_ = base64.b64decode(response).decode().split("\1")
        return who.removeprefix("n,a=").removeprefix("user=").removesuffix(","), bearer.removeprefix("auth=Bearer ")

    def _challenge(self, text: str) -> bytes:
        self._send(f"334 {base64.b64encode(text.encode()).decode()}")
        line: bytes = self.file.readline(65536)
        self.server.commands.append((self.number, line.decode().rstrip("\r\n")))
        return line

    def _mail(self, rest: str) -> None:
        self.message += 1
        if self.server.users is not None and not self.user:
            self._send("530 5.7.0 authentication required")
        elif self.sender is not None:
            self._send("503 5.5.1 nested MAIL command")
        elif self._answer("mail", "250 2.1.0 Ok"):
            self.sender, self.to = rest.partition("<")[2].partition(">")[0], ""

    def _rcpt(self, rest: str) -> None:
        if self.sender is None:
            self._send("503 5.5.1 need MAIL command")
            return
        to = rest.partition("<")[2].partition(">")[0]
        if self._answer("rcpt", "250 2.1.5 Ok", to):
            self.to = to

    def _data(self, _: str) -> None:
        if not self.to and not self.server.generous:
            self._send("503 5.5.1 need RCPT command")
            return
        if not self._answer("data", "354 End data with <CR><LF>.<CR><LF>", self.to):
            return
        if act := self.server.pick("body", self.number, self.message, self.to):
            self._do(act)
        lines: list[bytes] = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise HungUp
            lines.append(line.removeprefix(b"."))
        self._dot(b"".join(lines))

    def _dot(self, octets: bytes) -> None:
        """Accept or refuse a message; the record comes before the reply."""
        act = self.server.pick("dot", self.number, self.message, self.to)
        if act is None or act.accept or act.say.startswith("2"):
            self.server.record.add(self._entry(octets))
        self.sender, self.to = None, ""
        if act is None:
            self._send("250 2.0.0 Ok: queued")
        else:
            self._do(act)

    def _entry(self, octets: bytes) -> dict[str, Any]:
        headers = {name.lower(): value for name, value in _HEADER.findall(octets.partition(b"\r\n\r\n")[0])}
        return {
            "to": self.to,
            "message_id": headers.get(b"message-id", b"").decode("latin-1"),
            "header_to": headers.get(b"to", b"").decode("latin-1"),
            "subject": headers.get(b"subject", b"").decode("latin-1"),
            "from": self.sender,
            "user": self.user,
            "connection": self.number,
            "message": self.message,
            "digest": hashlib.sha256(octets).hexdigest(),
        }

    def _rset(self, _: str) -> None:
        if self._answer("rset", "250 2.0.0 Ok"):
            self.sender, self.to = None, ""

    def _noop(self, _: str) -> None:
        self._answer("noop", "250 2.0.0 Ok")

    def _more_has_come(self) -> bool:
        """Tell whether the client has written more than the line that was read last, without waiting for it."""
        timeout = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            return bool(self.file.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            self.sock.settimeout(timeout)

    def _quit(self, _: str) -> None:
        self._answer("quit", "221 2.0.0 Bye")
        raise HungUp

    def _answer(self, phase: str, ordinary: str, to: str = "") -> bool:
        """Answer as the script says, or else as one would; return whether that was a consent."""
        act = self.server.pick(phase, self.number, self.message, to or self.to)
        if act is None:
            self._send(ordinary)
            return ordinary[0] in "23"
        self._do(act)
        return act.say[:1] in ("2", "3")

    def _do(self, act: Act) -> None:
        if act.wait_s:
            self.server.stopping.wait(act.wait_s)
        while act.forget and self._more_has_come():
            self.file.read1()
        if act.say or act.raw:
            self._send(act.say, raw=act.raw, slow_s=act.slow_s)
        if act.reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if act.reset or act.close:
            raise HungUp

    def _send(self, reply: str, *, raw: str = "", slow_s: float = 0.0) -> None:
        octets = (raw or reply.replace("\n", "\r\n") + "\r\n").encode("latin-1")
        if not slow_s:
            self.sock.sendall(octets)
            return
        for number in range(len(octets)):
            self.sock.sendall(octets[number : number + 1])
            if self.server.stopping.wait(slow_s):
                raise HungUp


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until standard input is closed; so the server never outlives the test that started it."""
    parser = argparse.ArgumentParser(description="A scripted SMTP server on loopback.")
    parser.add_argument("--record", type=Path, required=True, help="file for what is accepted")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate", type=Path, help="PEM file with key and certificates")
    parser.add_argument("--user", action="append", metavar="USER:PASSWORD")
    parser.add_argument("--script", default="[]", help="rules, as JSON")
    given = parser.parse_args(arguments)
    users = dict(user.split(":", 1) for user in given.user) if given.user else None
    rules = [Rule.load(entry) for entry in json.loads(given.script)]
    with ScriptedServer(
        given.record, rules=rules, tls=given.tls, certificate=given.certificate, users=users, port=given.port
    ) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
