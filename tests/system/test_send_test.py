"""``notify send --test`` as a user meets it: one message of each kind in the own mailbox, and nobody counts."""

from __future__ import annotations

import email
import email.policy
import time
from pathlib import Path

import pytest

from notify.actions.send_test import ExampleMessages, leaves_after
from notify.cli import send_progress
from notify.core.message import Envelope, Message
from notify.core.pace import Rate
from notify.relays import Later
from tests.folders import counts, kept, make_folder, run
from tests.servers.scripted import ScriptedServer
from tests.telling import teller

pytestmark = pytest.mark.both_ledgers

PEOPLE = """\
Anrede;Nachname;E-Mail;Gruppe
Frau;Muster;anna@example.com;A
Herr;Beispiel;ben@example.com;B
Frau;Probe;cora@example.com;A
"""
TEXT = "Subject: Neues\n\n{{ salutation }}\n\n{% if row['Gruppe'] == 'A' %}Eins.{% else %}Zwei.{% endif %}\n"


def test_one_of_each_kind(tmp_path: Path) -> None:
    """Each goes to the one address, marked in a header and nowhere else, and nothing is recorded."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, message=TEXT)
    sent = run(folder, "send", "--test", "ich@example.org")
    assert sent.returncode == 0, sent.stderr
    said = " ".join(sent.stderr.split())
    for told in (
        "There are 2 texts, by language, form and branches of the template. 2 messages to ich@example.org",
        "anna@example.com (de Sie, branch 1 of 2; stands for 2 recipients) to ich@example.org instead",
        "ben@example.com (de Sie, branch 2 of 2; stands for 1 recipient) to ich@example.org instead",
        "Nobody counts as reached.",
    ):
        assert told in said
    messages = [email.message_from_bytes(one, policy=email.policy.default) for one in kept(folder)]
    assert [message["X-Notify-Test"] for message in messages] == ["de Sie, branch 1 of 2", "de Sie, branch 2 of 2"]
    assert {message["To"] for message in messages} == {"ich@example.org"}
    assert len({message["Message-ID"] for message in messages}) == 2
    assert all("branch" not in f"{message['Subject']}{message.get_body(('plain',))}" for message in messages)
    assert counts(folder) == {}


@pytest.mark.parametrize("only", [(), ("--only", "ben@example.com")])
def test_it_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], only: tuple[str, ...]
) -> None:
    """Everybody is read and looked at before the first message leaves, which takes a while where they are many."""
    folder = make_folder(tmp_path / "campaign", contacts=PEOPLE, message=TEXT)
    monkeypatch.setattr(send_progress, "_READ_EVERY", 2)
    said = teller(capsys)(folder, "send", "--test", "ich@example.org", *only).stderr.splitlines()
    assert said[:2] == ["Reading contacts … 2", "Looking at messages … 2"]
    assert said[-1].endswith("Nobody counts as reached.")


def test_more_kinds_than_the_relay_takes_at_once(tmp_path: Path) -> None:
    """Its rates hold for a test, too: so many at once, the others later, and how long that takes is said before."""
    rows = "".join(f"Frau;Muster{number};p{number}@example.com;{number}\n" for number in range(5))
    people = f"Anrede;Nachname;E-Mail;Gruppe\n{rows}"
    branches = "".join(
        f"{{% if row['Gruppe'] == '{number}' %}}{'x' * (number + 1)}{{% endif %}}" for number in range(5)
    )
    with ScriptedServer(tmp_path / "record") as server:
        text = f"Subject: Neues\n\n{{{{ salutation }}}}\n\n{branches}\n"
        folder = make_folder(tmp_path / "c", contacts=people, message=text, relay_port=server.port)
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace("100000/s", "2/s"), "utf-8")
        began = time.monotonic()
        sent = run(folder, "send", "--test", "ich@example.org")
        assert sent.returncode == 0, sent.stderr
        assert time.monotonic() - began > 2
        assert f"127.0.0.1:{server.port} takes at most 2/s: this takes 2 seconds." in sent.stderr
        assert len(server.accepted()) == 5


def test_when_each_may_leave() -> None:
    """As many at once as a rate has in its time, by the slowest of them; what was given back is not counted."""
    rates = [Rate.parse("2/s"), Rate.parse("3/min")]
    assert [leaves_after(number, rates) for number in range(8)] == [0, 0, 1, 60, 60, 60, 120, 120]
    now = [100.0]
    messages = [Message(Envelope("", "ich@example.org"), f"<{number}@alt.example>", b"") for number in range(3)]
    dispatcher = ExampleMessages(messages, rates, lambda: now[0])
    assert dispatcher.take() == messages[0]
    assert dispatcher.take() == messages[1]
    assert dispatcher.take() == Later(1.0)
    dispatcher.give_back(messages[1])
    assert dispatcher.take() == messages[1]
    now[0] += 1
    assert dispatcher.take() == messages[2]
    assert dispatcher.take() is None
