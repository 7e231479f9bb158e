"""``notify send --test`` as a user meets it: one message of each kind in the own mailbox, and nobody counts."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

from tests.folders import counts, kept, make_folder, run

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
