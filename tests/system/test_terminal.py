"""Where notify speaks: terminals, pipes, closed and full streams, odd locales and names."""

from __future__ import annotations

import codecs
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import ledgers
from tests.folders import addresses, counts, kept, make_folder, run, shell, start
from tests.servers.scripted import Act, Rule, ScriptedServer

pytestmark = [
    pytest.mark.both_ledgers,
    pytest.mark.skipif(sys.platform == "win32", reason="shells and terminals of POSIX"),
]

NOTIFY = '"$PYTHON" -m notify'
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk here that is always full")
SLOW = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.05, accept=True))


class Terminal:
    """A terminal at which notify sits: what is typed is given, what is shown is kept."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        stdout: int | None = None,
        wide: int = 100,
        high: int = 50,
        environment: Mapping[str, str] | None = None,
        is_controlling: bool = False,
    ) -> None:
        """Start notify there.

        :param is_controlling: Ctrl-C and the loss of the terminal are signals to it, as in a shell.
        """
        import fcntl
        import pty
        import struct
        import termios

        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", high, wide, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "notify", "-C", str(folder), *ledgers.arguments(arguments)],
            stdin=slave,
            stdout=slave if stdout is None else stdout,
            stderr=slave,
            env={
                **os.environ,
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "TERM": "xterm",
                "NOTIFY_STATE_DIR": f"{folder}.state",
                **(environment or {}),
            },
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if is_controlling else None,  # noqa: PLW1509  # no threads here
        )
        os.close(slave)
        # a letter may come in two pieces
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.shown = ""

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str, timeout_s: float = 60) -> None:
        """Read on until ``text`` was shown."""
        until = time.monotonic() + timeout_s
        while text not in self.shown:
            assert time.monotonic() < until, self.shown
            assert self.read(), self.shown

    def settle(self) -> None:
        """Read on until nothing more comes for a moment."""
        while self._has_more(0.05) and self.read():
            pass

    def _has_more(self, within_s: float) -> bool:
        import select

        return bool(select.select([self._master], [], [], within_s)[0])

    def wait_for_a_key(self, text: str) -> None:
        """Read on until ``text`` was shown and a single key is waited for; what is typed before that is thrown away."""
        import termios

        self.wait_for(text)
        while termios.tcgetattr(self._master)[3] & termios.ICANON:
            time.sleep(0.01)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._master)

    def end(self) -> int:
        """Read on to the end, and return the exit status."""
        while self.read():
            pass
        self.hang_up()
        return self.process.wait(60)

    def read(self) -> bool:
        """Read what there is, or wait for more, though not for ever; tell whether the other side is still there."""
        assert self._has_more(60), self.shown
        try:
            octets = os.read(self._master, 65536)
        except OSError:  # Linux's way to say that nobody is at the other side any more
            return False
        self.shown += self._decoder.decode(octets)
        return bool(octets)


def test_question(tmp_path: Path) -> None:
    """On a terminal notify shows what is about to happen and asks; "no" sends nothing and is no failure."""
    with ScriptedServer(tmp_path / "record", users={"info@alt.example": "geheim"}) as server:
        folder = make_folder(tmp_path / "campaign", contacts=3, relay_port=server.port)
        toml = folder / "notify.toml"
        toml.write_text(toml.read_text("utf-8").replace("[[relay]]", '[[relay]]\nuser = "info@alt.example"'), "utf-8")

        silent = run(folder, "send")
        assert silent.returncode == 2
        assert "There is no terminal to ask on. If this is what you want, say --yes." in silent.stderr
        for closed in ("<&-", "</dev/null"):
            assert shell(folder, f"{NOTIFY} send {closed}").returncode == 2

        no = Terminal(folder, "send")
        no.wait_for("Send? [y/N]: ")
        relay = f"127.0.0.1:{server.port} (info@alt.example)"
        assert f"Through  {relay}, at most 100000/s, 1 connection" in no.shown
        assert "To       3 recipients" in no.shown
        no.type("n\n")
        no.wait_for("Nothing was sent.")
        assert no.end() == 0
        assert server.connections == 0

        yes = Terminal(folder, "send")
        yes.wait_for("Send? [y/N]: ")
        yes.type("y\n")
        yes.wait_for("Password of info@alt.example at 127.0.0.1: ")
        yes.type("geheim\n")
        assert yes.end() == 0
        assert "geheim" not in yes.shown
        assert "3/3" in yes.shown
        assert "3 sent." in yes.shown
        assert len(server.accepted()) == 3


def test_json_beside_a_bar(tmp_path: Path) -> None:
    """The bar is on the terminal, and the lines of JSON are where standard output goes."""
    folder = make_folder(tmp_path / "campaign", contacts=3)
    with (tmp_path / "lines").open("wb") as file:
        terminal = Terminal(folder, "send", "--json", stdout=file.fileno())
        assert terminal.end() == 0
    assert "3/3" in terminal.shown
    assert "{" not in terminal.shown
    lines = (tmp_path / "lines").read_text("utf-8").splitlines()
    assert addresses([json.loads(line) for line in lines]) == [f"p{number:06}@example.com" for number in (1, 2, 3)]


def test_what_the_connections_do(tmp_path: Path) -> None:
    """Below the bar stands what each connection is doing."""
    slow = Rule("dot", Act(say="250 2.0.0 Ok", wait_s=0.5, accept=True))
    with ScriptedServer(tmp_path / "record", rules=[slow]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=8, relay_port=server.port, connections=2)
        terminal = Terminal(folder, "send", "--yes")
        terminal.wait_for("2 connections: 2 awaiting the answer")
        assert terminal.end() == 0
    assert "8 sent." in terminal.shown


def test_terminal_that_goes_away(tmp_path: Path) -> None:
    """A run that nobody watches any more sends to its end."""
    with ScriptedServer(tmp_path / "record", rules=[SLOW]) as server:
        folder = make_folder(tmp_path / "campaign", contacts=20, relay_port=server.port)
        terminal = Terminal(folder, "send", "--yes", "--batch", "10", "--pause", "1s")
        terminal.wait_for("Sending")
        terminal.hang_up()
        assert terminal.process.wait(60) == 0
        assert len(server.accepted()) == 20


@pytest.mark.parametrize(
    ("options", "where", "said"),
    [
        ("--json", "| head -1", "Standard output cannot be written any more. The run goes on;"),
        pytest.param(
            "--json", ">/dev/full", "Standard output cannot be written any more. The run goes on;", marks=FULL
        ),
        ("--batch 1", "2>&1 | head -1", ""),
        pytest.param("--json", ">/dev/null 2>/dev/full", "", marks=FULL),
        ("--json", ">&- 2>&- <&-", ""),
    ],
)
def test_nobody_listens(tmp_path: Path, options: str, where: str, said: str) -> None:
    """Nobody reads, or the disk is full: what cannot be told is no reason to stop sending, nor to fail."""
    folder = make_folder(tmp_path / "campaign", contacts=60)
    done = shell(folder, f"{{ {NOTIFY} send --yes {options}; echo $? >status; }} {where}")
    assert (folder / "status").read_text() == "0\n", done.stderr
    assert done.stderr.count(said) == 1 if said else done.stderr == ""
    assert counts(folder) == {"sent": 60}


def test_reports_that_nobody_reads(tmp_path: Path) -> None:
    """A reader that has seen enough ends a report without a word."""
    folder = make_folder(tmp_path / "campaign", contacts=2000)
    for command in ("contacts --json", "preview --json"):
        done = shell(folder, f"set -o pipefail; {NOTIFY} {command} | head -1")
        assert (done.returncode, done.stdout.strip()) == (0, "{" if command.startswith("contacts") else "[")
        assert "Error" not in done.stderr


@FULL
def test_reports_that_cannot_be_written(tmp_path: Path) -> None:
    """A report that does not fit on the disk is an error, not a short report."""
    folder = make_folder(tmp_path / "campaign")
    for command in ("status --json", "contacts"):
        full = shell(folder, f"{NOTIFY} {command} >/dev/full")
        assert full.returncode == 73
        assert full.stderr == (
            "Error: Standard output cannot be written: No space left on device.\n"
            "  Make room where it goes, then try again.\n"
        )


def test_odd_places(tmp_path: Path) -> None:
    """Blanks, umlauts and quotes in the names of folders, and a locale without umlauts, change nothing."""
    folder = make_folder(
        tmp_path / 'Müller\'s "neue" Adresse #1 100%?',
        contacts="Anrede;Nachname;E-Mail\nFrau;Groß;gross@example.com\n",
        message="Subject: Grüße\n\n{{ salutation }}\n\nkostet 1 €\n",
    )
    odd = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run(folder, "send", environment=odd)
    assert done.returncode == 0, done.stderr
    (message,) = kept(folder)
    assert "Sehr geehrte Frau Groß,".encode() in _decoded(message)
    # in Latin-1 there is no €
    shown = run(folder, "preview", "--json", environment={**odd, "PYTHONIOENCODING": "latin-1"})
    assert json.loads(shown.stdout)[0]["text"] == "Sehr geehrte Frau Groß,\n\nkostet 1 €\n"
    assert "Sehr geehrte Frau Gro" in run(folder, "preview", environment=odd).stdout
    assert run(folder, "status", environment=odd).stdout == "  recipients  1\n  sent        1\n"


def _decoded(message: bytes) -> bytes:
    import email

    parts = [part.get_payload(decode=True) for part in email.message_from_bytes(message).walk()]
    return b"".join(part for part in parts if isinstance(part, bytes))


def test_started_elsewhere(tmp_path: Path) -> None:
    """What a command writes stands in the campaign folder, as git and make would put it, wherever it was started."""
    folder = make_folder(tmp_path / "campaign", contacts=1)
    done = shell(tmp_path, f"{NOTIFY} -C campaign send && {NOTIFY} -C campaign log --csv log.csv")
    assert done.returncode == 0
    assert "Kept in campaign/outbox/; nothing was delivered." in done.stderr
    assert "Wrote 1 attempt to campaign/log.csv." in done.stderr
    assert (folder / "log.csv").is_file()
    follower = start(folder, "status")
    assert follower.communicate()[0].endswith("1\n")


def test_completion_at_a_terminal(tmp_path: Path) -> None:
    """Whoever reads the script is told how to install it; whoever pipes it is not."""
    terminal = Terminal(tmp_path, "completion", "zsh")
    assert terminal.end() == 0
    assert """echo 'eval "$(notify completion zsh)"' >>~/.zshrc""" in terminal.shown
    piped = Terminal(tmp_path, "completion", "zsh", stdout=os.open(os.devnull, os.O_WRONLY))
    assert piped.end() == 0
    assert piped.shown == ""


@pytest.mark.parametrize("wide", [pytest.param(80, marks=pytest.mark.long), 40])
def test_lines_fit_the_terminal(tmp_path: Path, wide: int) -> None:
    """Whatever is said at a terminal, help and errors too, breaks at blanks: no line is wider than the terminal."""
    assert run(tmp_path, "init", "campaign", "--lang", "de").returncode == 0
    folder = tmp_path / "campaign"
    (folder / "contacts" / "kunden.csv").write_text(
        "Anrede;Nachname;Firma;E-Mail;Anmerkung\n;Lorenz;Musterwerkstatt für Instrumente;kim@example.com;eins\n"
        "Frau;Muster;;anna@@example.com;zwei Wörter\nFrau;Muster;;anna@example.com;drei\n",
        "utf-8",
    )
    wider = []
    for command in (
        "--help", "send --help", "contacts", "preview -n 3", "send", "send --dry-run", "status", "log", "sned",
        "send --limt 5", "preview --to niemand@example.com", "resolve --sent", "suppress --list", "--batch 5 send",
    ):  # fmt: skip
        terminal = Terminal(folder, *command.split(), wide=wide)
        terminal.end()
        shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.shown).replace("\r\n", "\n")
        lines = [line.rpartition("\r")[2] for line in shown.split("\n")]
        assert not [line for line in lines if set(line.strip()) == {"─"}]
        # a command to copy, and an address, stay in one piece
        wider += [
            (command, line) for line in lines if len(line) > wide and " " in line.strip() and "notify " not in line
        ]
    assert wider == []


def test_one_message_after_the_other(tmp_path: Path) -> None:
    """At a terminal a preview goes on and back by keys, and by the screen; all are looked at when it ends."""
    rows = "".join(f"Frau;Muster{number};p{number}@example.com;Ort\n" for number in range(1, 5))
    text = "Subject: x\n\n{{ salutation }}\n\n{{ contact.city }}\n\n" + "".join(f"Zeile {n}\n\n" for n in range(30))
    folder = make_folder(
        tmp_path / "c", contacts=f"Anrede;Nachname;E-Mail;Ort\n{rows}Frau;M;z@example.com;nan\n", message=text
    )
    terminal = Terminal(folder, "preview", wide=60)
    keys = "n next, p previous, q quit"
    terminal.wait_for_a_key(keys)
    for key, more in (
        (" ", "Zeile 29"), (" ", "── 2 ──"), ("n", "── 3 ──"), ("p", "── 2 ──"), ("\x1b[C", "── 3 ──"), ("x", keys),
        ("n", "── 4 ──"), ("j", "── 5 ──"), ("n", "That was the last message."), ("p", "── 5 ──"),
    ):  # fmt: skip
        terminal.shown = ""
        terminal.type(key)
        terminal.wait_for(more)
        terminal.wait_for_a_key(keys)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.shown).replace("\r\n", "\n")
    assert max(len(line.rpartition("\r")[2]) for line in shown.split("\n")) <= 60
    assert "more lines (space)." in shown
    assert "Zeile 29" not in shown
    terminal.type("q")
    assert terminal.end() == 0
    # of whom no message was asked for, too
    early = Terminal(folder, "preview")
    early.wait_for_a_key(keys)
    early.type("\x03")
    assert early.end() == 0
    for done in (terminal, early):
        assert "notify preview --out preview/" in done.shown
        assert '"nan" is printed' in done.shown
    assert "── 2 ──" not in early.shown


def test_enough_of_a_large_list(tmp_path: Path) -> None:
    """Whoever has seen enough of a large list need not wait until all of it was read, and is told so."""
    folder = make_folder(tmp_path / "c", contacts=30_000)
    terminal = Terminal(folder, "preview")
    terminal.wait_for_a_key("n next, p previous, q quit")
    terminal.type("q")
    assert terminal.end() == 0
    assert "not looked at to its end" in terminal.shown
    assert "notify check --offline" in terminal.shown
    assert "Reading contacts" not in terminal.shown


def test_approved_at_a_terminal(tmp_path: Path) -> None:
    """Name and word are asked for after everything was shown; just Enter is a no, and Ctrl-C leaves no trace."""
    folder = make_folder(tmp_path / "c", contacts=2, relay_port=9, more='approval = "required"\n')
    for answers, said in (
        (("Anna Muster\r", "\r"), "Nothing was approved."),
        (("\x03",), ""),
        (("Anna Muster\r", "vielleicht\r", "ja\r"), "Approved by Anna Muster: 2 recipients."),
    ):
        terminal = Terminal(folder, "approve")
        terminal.wait_for("Your name [")
        assert "E-mail: info@neu.example (before: info@alt.example)" in terminal.shown
        for answer, asks in zip(answers, ("Your name [", "Approve? [y/N]", "answer y (yes) or n (no)"), strict=False):
            terminal.wait_for(asks)
            if answer == "\x03":
                # a signal between the prompt and the reading would only be seen with the next key
                terminal.settle()
                terminal.process.send_signal(signal.SIGINT)
            else:
                terminal.type(answer)
        assert terminal.end() == (0 if said else 130)
        assert said in terminal.shown
    assert "approved: Anna Muster (" in run(folder, "status").stderr


def test_how_far_reading_is_stands_on_one_line(tmp_path: Path) -> None:
    """At a terminal each count takes the place of the one before, and the last is gone when all are read."""
    terminal = Terminal(make_folder(tmp_path / "c", contacts=1200), "check", "--offline")
    assert terminal.end() == 0
    assert "\rReading contacts … 500" in terminal.shown
    assert "\rReading contacts … 1,000" in terminal.shown
    assert "\ufffd" not in terminal.shown
