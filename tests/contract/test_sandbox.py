"""The sandbox is a real SMTP server that keeps each message and leaves nothing behind."""

from __future__ import annotations

import gc
import shutil
import smtplib
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.sandbox import Outbox, Sandbox

SENDER, RECIPIENT = "info@alt.example", "anna@example.com"
MESSAGE = b"Subject: Hallo\r\nTo: anna@example.com\r\n\r\nZeile\r\n.\r\n..Punkte\r\n\r\n" + b"x" * 900 + b"\r\n"


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    """Give an empty outbox."""
    return Outbox(tmp_path / "outbox")


def kept(outbox: Outbox) -> list[bytes]:
    """Return the messages in it, in their order."""
    return [path.read_bytes() for path in sorted((outbox.path / "new").iterdir())]


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No thread and no open file outlives a test, and nothing is closed by chance only."""
    gc.collect()
    threads = set(threading.enumerate())
    files = open_files()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(warning.message) for warning in caught] == []
    assert set(threading.enumerate()) <= threads
    assert open_files() <= files


def open_files() -> int:
    """Return how many files and sockets this process has open, where the system tells."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_a_message_lands(outbox: Outbox) -> None:
    """With every octet, dots at the beginning of lines and all, before the reply."""
    with Sandbox(outbox) as sandbox, smtplib.SMTP(sandbox.host, sandbox.port) as client:
        assert client.sendmail(SENDER, [RECIPIENT], MESSAGE) == {}
        assert kept(outbox) == [MESSAGE]
    assert sandbox.trouble == ""


def test_it_forwards_nothing_and_says_so(outbox: Outbox) -> None:
    """Whoever talks to it can read what it is; it listens on loopback only."""
    with Sandbox(outbox) as sandbox, smtplib.SMTP(sandbox.host, sandbox.port) as client:
        assert sandbox.host == "127.0.0.1"
        assert b"sandbox.notify.example" in client.ehlo()[1]
        client.mail(SENDER)
        client.rcpt(RECIPIENT)
        assert client.data(MESSAGE) == (250, b"2.0.0 kept in the outbox, not forwarded")


def test_several_messages_on_one_connection(outbox: Outbox) -> None:
    """In their order, also a large one and one with letters that are not ASCII."""
    messages = [b"1\r\n", "Grüße 👩\r\n".encode(), b"x" * 70 + b"\r\n", (b"y" * 76 + b"\r\n") * 50_000, b"5\r\n"]
    with Sandbox(outbox) as sandbox, smtplib.SMTP(sandbox.host, sandbox.port) as client:
        for message in messages:
            client.sendmail(SENDER, [RECIPIENT], message)
    assert kept(outbox) == messages


def test_several_connections_at_once(outbox: Outbox) -> None:
    """Every message once, whoever sent it."""

    def send(letter: str, port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for number in range(15):
                client.sendmail(SENDER, [RECIPIENT], f"{letter}{number}\r\n".encode())

    with Sandbox(outbox) as sandbox:
        threads = [threading.Thread(target=send, args=(letter, sandbox.port)) for letter in "abcdef"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(kept(outbox)) == sorted(
        f"{letter}{number}\r\n".encode() for letter in "abcdef" for number in range(15)
    )


def test_two_sandboxes(outbox: Outbox) -> None:
    """No port is ever in use: each has its own."""
    with Sandbox(outbox) as one, Sandbox(outbox) as other:
        assert one.port != other.port


def test_an_outbox_that_cannot_be_written(outbox: Outbox) -> None:
    """The relay is busy with it (452) and remembers why; the connection goes on, and so does the next message."""
    with Sandbox(outbox) as sandbox, smtplib.SMTP(sandbox.host, sandbox.port) as client:
        shutil.rmtree(outbox.path / "new")
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail(SENDER, [RECIPIENT], MESSAGE)
        assert caught.value.smtp_code == 452
        assert "No such file" in str(caught.value.smtp_error)
        assert sandbox.trouble == f"{outbox.path}: No such file or directory"
        (outbox.path / "new").mkdir()
        client.sendmail(SENDER, [RECIPIENT], MESSAGE)
    assert kept(outbox) == [MESSAGE]


@pytest.mark.parametrize(
    "said", [b"", b"EHLO x\r\n", b"EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\nhalf"]
)
@pytest.mark.parametrize("connections", [1, 5])
def test_it_ends_while_somebody_is_connected(outbox: Outbox, said: bytes, connections: int) -> None:
    """Whoever is still there is hung up on; half a message is none."""
    clients: list[socket.socket] = []
    with Sandbox(outbox) as sandbox:
        for _ in range(connections):
            clients.append(socket.create_connection((sandbox.host, sandbox.port), timeout=5))
            clients[-1].sendall(said)
    for client in clients:
        with client:
            try:
                while client.recv(1000):
                    pass
            except ConnectionResetError:
                pass
    assert kept(outbox) == []


def test_it_ends_at_once_after_an_error(outbox: Outbox) -> None:
    """What goes wrong inside of the with is not hidden, and nobody waits."""
    ports: list[int] = []

    def use() -> None:
        with Sandbox(outbox) as sandbox:
            ports.append(sandbox.port)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), timeout=5)


def test_one_that_is_never_entered(outbox: Outbox) -> None:
    """It has neither port nor socket, so there is nothing to close."""
    assert Sandbox(outbox).port == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_machine_that_gives_no_socket(tmp_path: Path) -> None:
    """Out of files, or loopback forbidden: a sentence, and no hanging."""
    program = (
        "import os, resource, sys\n"
        "from pathlib import Path\n"
        "from notify.errors import WriteError\n"
        "from notify.sandbox import Outbox, Sandbox\n"
        "outbox = Outbox(Path(sys.argv[1]))\n"
        "limit = len(os.listdir('/dev/fd')) + int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))\n"
        "try:\n"
        "    with Sandbox(outbox):\n"
        "        print('up')\n"
        "except WriteError as error:\n"
        "    print(error.message)\n"
    )
    for spare in range(-1, 2):
        # what Python itself says of the loop that it could not make is not looked at
        done = subprocess.run(
            [sys.executable, "-c", program, tmp_path / "outbox", str(spare)],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        assert done.stdout.startswith("The sandbox cannot listen on 127.0.0.1: ")
