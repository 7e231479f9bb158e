"""A server that is asked for a mailbox may say anything: it ends in words, within bounds, and without the password."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notify.mailbox import Mailbox, MailboxAccount, Unopened, Wanted, open_mailbox

ID = "<probe-1@alt.example>"
SECRET = "geheim 1"


@contextmanager
def answering(*answers: bytes) -> Iterator[MailboxAccount]:
    """Answer each line of a client with the next of these, ``TAG`` in them being its tag; then hang up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client, client.makefile("rb") as lines:
                client.sendall(answers[0])
                for answer in answers[1:]:
                    line = lines.readline()
                    client.sendall(answer.replace(b"TAG", line.split(b" ")[0]))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield MailboxAccount("127.0.0.1", server.getsockname()[1], "none", "info@neu.example", lambda: SECRET)
        thread.join(5)


HELLO = b"* OK hello\r\n"
CAN = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
LISTED = b'* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\Junk) "/" "Spam \\"1\\""\r\nTAG OK done\r\n'
OPEN = (HELLO, CAN, b"TAG OK in\r\n", LISTED)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((b"* BYE come back at night\r\n",), "come back at night"),
        ((b"220 smtp.example ESMTP\r\n",), "220 smtp.example"),
        ((b"",), "EOF"),
        ((HELLO, CAN, b"TAG NO wrong: geheim 1\r\n"), "wrong: ***"),
        ((HELLO, CAN, b"TAG BAD LOGIN is not allowed\r\n"), "LOGIN is not allowed"),
        ((HELLO, CAN, b""), "EOF"),
        ((HELLO, CAN, b"TAG OK in\r\n", b"* LIST () NIL {99999999}\r\n"), "99,999,999 octets at once"),
    ],
)
def test_what_cannot_be_opened(answers: tuple[bytes, ...], reason: str) -> None:
    """It is said why, and what the server repeats of the password is taken out."""
    with answering(*answers) as account:
        opened = open_mailbox(account, timeout_s=5)
    assert isinstance(opened, Unopened)
    assert reason in opened.reason
    assert SECRET not in opened.reason
    assert SECRET not in repr(account)


SELECTED, FOUND = b"TAG OK done\r\n", b"* SEARCH 7\r\nTAG OK done\r\n"


@pytest.mark.parametrize(
    "answers",
    [
        (b"TAG NO no such folder\r\n",) * 2,
        (SELECTED, b"TAG NO not now\r\n") * 2,
        (SELECTED, b"* SEARCH\r\nTAG OK done\r\n") * 2,
        (SELECTED, FOUND, b"* 1 FETCH (FLAGS ())\r\nTAG OK done\r\n", b"TAG NO x\r\n"),
        (SELECTED, FOUND, b"TAG NO gone\r\n", b"TAG NO x\r\n"),
    ],
)
def test_what_is_not_there(answers: tuple[bytes, ...]) -> None:
    """A folder or a message that is not there is none that is looked for."""
    with answering(*OPEN, *answers, b"TAG OK bye\r\n") as account:
        opened = open_mailbox(account, timeout_s=5)
        assert isinstance(opened, Mailbox)
        with opened:
            assert list(opened.look({ID: Wanted("info@neu.example", "relay")}, dt.date(2026, 12, 1))) == []


def test_a_server_that_goes_away() -> None:
    """In the middle of looking: it is said, and ends nothing else."""
    with answering(*OPEN, b"TAG OK done\r\n") as account:
        opened = open_mailbox(account, timeout_s=5)
        assert isinstance(opened, Mailbox)
        with opened, pytest.raises(ConnectionError, match="was lost"):
            list(opened.look({ID: Wanted("info@neu.example", "relay")}, dt.date(2026, 12, 1)))


def test_letters_that_it_does_not_take() -> None:
    """A password with them is not in the words about it."""
    with answering(HELLO, CAN) as account:
        wide = MailboxAccount(account.host, account.port, "none", account.user, lambda: "Grüße 1")
        opened = open_mailbox(wide, timeout_s=5)
    assert isinstance(opened, Unopened)
    assert (opened.is_login, opened.reason) == (True, "it takes no password with letters that are not ASCII")
