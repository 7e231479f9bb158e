"""Lists of people who must not be written to: whatever they stand in, each is found, or its line is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from notify.actions.suppress import change_from, entries
from notify.actions.unsubscribed import Listed, Unreadable, read_list
from notify.core.unsubscribing import unsubscribe_token
from notify.errors import InputError
from notify.ledger import open_store
from tests.unit.ledger.mailing import NOW, Mailing

LIST = """\
E-Mail;Name;Datum
anna@example.com;Anna Muster;2027-03-01
"Ben Beispiel" <BEN@Example.COM>

# von Hand
cora@example.com, dora@example.com
keine Adresse
emil@@example.com
mailto:frida@example.com?subject=abbestellen
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_read(encoding: str, ends: str) -> None:
    """Every address is found with its line; the header, empty lines and comments are none; the rest is named."""
    found = list(read_list((LIST + "Jörg <jörg>\n").replace("\n", ends).encode(encoding), "list.csv"))
    listed = [(one.line, one.identity) for one in found if isinstance(one, Listed)]
    names = ((2, "anna"), (3, "ben"), (6, "cora"), (6, "dora"), (9, "frida"))
    assert listed == [(line, f"{name}@example.com") for line, name in names]
    wrong = [one for one in found if isinstance(one, Unreadable)]
    assert [one.line for one in wrong] == [7, 8, 10]
    assert "two @ signs" in wrong[1].reason


def test_first_line() -> None:
    """A list without a header begins with its first line."""
    assert list(read_list(b"anna@example.com", "x")) == [Listed(1, "anna@example.com")]


def test_no_text() -> None:
    """A workbook is refused, and nobody is put on the list."""
    with pytest.raises(InputError, match=r"list\.xlsx: this is no text"):
        list(read_list(b"PK\3\4\0\0", "list.xlsx"))


def test_tokens(tmp_path: Path) -> None:
    """Whoever used the page is known by the token, in any campaign, as the log of a server has it; others are named."""
    ledger = tmp_path / "ledger.db"
    with open_store(ledger, create=True) as store:
        first, second = Mailing(store, "2027-02"), Mailing(store, "2027-03")
        first.enrol("K1 anna@example.com", "K2 ben@example.com")
        second.enrol("K1 Anna@Example.com", "K3 cora@example.com")
        anna, cora = (
            unsubscribe_token(post.record.secret, post.record.id, f"{name}@example.com")
            for post, name in ((first, "anna"), (second, "cora"))
        )
    text = f'1.2.3.4 "POST /abmelden/{anna} HTTP/1.1" 200\n/abmelden?t={cora}&x=1\n{"a" * 26}\nanna@example.com\n'
    done = change_from(ledger, text.encode(), "log", "abbestellt", NOW, remove=False)
    assert (done.changed, done.as_before) == (2, 0)
    assert done.unreadable == (Unreadable(3, f'"{"a" * 26}" stands for nobody here'),)
    assert [(entry.identity, entry.reason) for entry in entries(ledger)] == [
        ("anna@example.com", "abbestellt"),
        ("cora@example.com", "abbestellt"),
    ]
    again = change_from(ledger, text.encode(), "log", "", NOW + dt.timedelta(days=1), remove=False)
    assert (again.changed, again.as_before) == (0, 2)
    off = change_from(ledger, b"cora@example.com", "log", "", NOW, remove=True)
    assert (off.changed, [entry.identity for entry in entries(ledger)]) == (1, ["anna@example.com"])


def test_a_token_tells_nothing() -> None:
    """A token differs by secret, campaign and reader, and holds no part of the address."""
    tokens = {
        unsubscribe_token(b"s", "c", "anna@example.com"),
        unsubscribe_token(b"t", "c", "anna@example.com"),
        unsubscribe_token(b"s", "d", "anna@example.com"),
        unsubscribe_token(b"s", "c", "ben@example.com"),
    }
    assert len(tokens) == 4
    assert {len(token) for token in tokens} == {26}
