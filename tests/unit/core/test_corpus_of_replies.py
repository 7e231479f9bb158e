"""Replies that real relays gave, one by one: tests/data/replies.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from notify.core.outcome import Action, Phase, Reply, Scope
from notify.core.status import Status
from notify.core.verdict import complains_of_rate, judge

Expected = tuple[Status, Scope, Action, float]

CORPUS = tomllib.loads((Path(__file__).parents[2] / "data" / "replies.toml").read_text(encoding="utf-8"))
VERDICTS: dict[str, Expected] = {
    name: (Status(status), Scope(scope), Action(action), float(wait_s))
    for name, (status, scope, action, wait_s) in CORPUS["verdicts"].items()
}

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
IP_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
#: RFC 5737, and the versions that Yahoo writes like an address
NOBODYS = ("192.0.2.", "198.51.100.", "203.0.113.", "4.16.55.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One reply; ``fresh`` and ``used`` are what it comes to on a connection that has carried nothing, or something."""

    provider: str
    source: str
    phase: Phase
    reply: Reply
    fresh: Expected
    used: Expected

    def __str__(self) -> str:
        return f"{self.provider} {self.phase} {self.reply}"[:80]


def _entries() -> Iterator[Entry]:
    for page in CORPUS["page"]:
        for one in page["replies"]:
            names = [one["expect"]] * 2 if isinstance(one["expect"], str) else one["expect"]
            fresh, used = (VERDICTS[name] for name in names)
            reply = Reply(one["code"], tuple(one["lines"]))
            yield Entry(page["provider"], page["source"], Phase(one["phase"]), reply, fresh, used)


ENTRIES = list(_entries())
#: Those in which an attempt is recorded.
_RECORDED = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT)


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_reply(entry: Entry) -> None:
    """What a relay really said is charged to whom it is about."""
    for sent_before, expected in ((0, entry.fresh), (7, entry.used)):
        outcome = judge(entry.phase, entry.reply, sent_before=sent_before)
        assert (outcome.status, outcome.scope, outcome.action, outcome.wait_s) == expected, outcome.words


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.phase in _RECORDED], ids=str)
def test_complaint_of_rate(entry: Entry) -> None:
    """As an attempt has it, a reply still tells whether the relay complained that we send too much."""
    complains = complains_of_rate(entry.phase, str(entry.reply))
    if entry.used == VERDICTS["quota"]:
        assert complains
    elif entry.used != VERDICTS["anew"]:
        assert not complains


@pytest.mark.parametrize(
    ("reply", "complains"),
    [
        ("454 Throttling failure: Maximum sending rate exceeded.", True),
        ("421 4.7.0 Too many connections", True),
        ("421 4.7.0 Too many messages on this connection", False),
        ("451 4.3.0 Try again later", False),
        ("the connection was lost", False),
        ("451", False),
        ("250 2.0.0 daily limit", False),
        ("taken back: 550 5.7.1 quota", False),
        ("", False),
    ],
)
def test_complaint_in_a_few_words(reply: str, *, complains: bool) -> None:
    """Haste is a complaint too; a connection that is full, trouble of another kind and a lost answer are none."""
    assert complains_of_rate(Phase.MAIL, reply) is complains


def test_corpus_is_large_and_known_by_its_sources() -> None:
    """There are enough replies, of enough providers, and for each it is known who heard it; none stands there twice."""
    assert len(ENTRIES) >= 250
    assert len({entry.provider for entry in ENTRIES}) >= 40
    assert all(re.fullmatch(r"https?://[\w.-]+/\S*", entry.source) for entry in ENTRIES)
    assert len({(entry.provider, entry.phase, entry.reply, entry.source) for entry in ENTRIES}) == len(ENTRIES)
    assert {entry.phase for entry in ENTRIES} >= {
        Phase.BANNER,
        Phase.AUTH,
        Phase.MAIL,
        Phase.RCPT,
        Phase.DATA,
        Phase.DOT,
    }


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_corpus_tells_nothing_about_people(entry: Entry) -> None:
    """No address and no host of anybody who asked for help stands in it, and nothing but the page in a source."""
    assert all(found.endswith("@example.com") for found in ADDRESS.findall(entry.reply.text))
    assert all(found.startswith(NOBODYS) for found in IP_ADDRESS.findall(entry.reply.text))
    assert "@" not in entry.source
    assert "?" not in entry.source
