"""A folder that was made for mailmerge, as its owner runs it: unchanged, and without a notify.toml."""

from __future__ import annotations

from pathlib import Path

from tests.folders import addresses, run
from tests.servers.scripted import ScriptedServer

TEMPLATE = """\
TO: {{email}}
SUBJECT: Your number
FROM: My Firm <office@firma.example>
BCC: office@firma.example

Hi, {{name}},

Your number is {{number}}.
"""


def test_a_folder_is_sent(tmp_path: Path) -> None:
    """Everybody gets one message, and BCC a copy of each; what differs is said, and nobody gets a second one."""
    with ScriptedServer(tmp_path / "record") as server:
        files = {
            "mailmerge_template.txt": TEMPLATE,
            "mailmerge_database.csv": "email,name,number\nanna@example.com,Anna,17\nben@example.com,Ben,42\n",
            "mailmerge_server.conf": f"[smtp_server]\nhost = 127.0.0.1\nport = {server.port}\nratelimit = 6000\n",
        }
        folder = tmp_path / "folder"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        sent = run(folder, "send", "--yes")
        assert sent.returncode == 0, sent.stderr
        said = " ".join(sent.stderr.split())
        assert "mailmerge_template.txt:4: BCC is a message of its own here, with the same text: one for each" in said
        assert "neutrally" not in said
        assert run(folder, "send", "--yes").returncode == 0
        accepted = server.accepted()
    copies = ["office@firma.example"] * 2
    assert addresses(accepted) == ["anna@example.com", "ben@example.com", *copies]
    assert {name: (folder / name).read_text("utf-8") for name in files} == files


def test_what_is_checked(tmp_path: Path) -> None:
    """How somebody would be greeted matters only where the template greets; a doubtful address always."""
    files = {
        "mailmerge_template.txt": TEMPLATE,
        "mailmerge_database.csv": "email,name,number\nanna@example.com,Anna,17\nben@gmial.com,Ben,42\n",
        "mailmerge_server.conf": "[smtp_server]\nhost = 127.0.0.1\nport = 9\nratelimit = 6000\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    checked = run(tmp_path, "check", "--offline")
    assert checked.returncode == 0, checked.stderr
    assert "ben@gmial.com  →  ben@gmail.com ? (mistyped-address)" in checked.stdout
    assert "neutral" not in checked.stdout
