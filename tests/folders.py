"""Campaign folders for tests, and notify run in them as a user runs it: as a process of its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from notify.actions.status import campaign_status
from notify.config import load
from tests import ledgers
from tests.fork_server import ForkServer

_TOML = """\
[campaign]
id = "test"
template = "templates/change"
language = "de"

[sender]
name = "Muster PR"
email = "info@alt.example"

[change]
effective = 2026-12-01
[change.old]
email = "info@alt.example"
[change.new]
email = "info@neu.example"

[contacts]
files = ["contacts/*.csv"]
"""

_RELAY = """
[[relay]]
host = "127.0.0.1"
port = {port}
tls = "none"
rate = "100000/s"
connections = {connections}

[send]
pause = "0s"
"""

MESSAGE = """\
Subject: Neue E-Mail-Adresse ab {{ effective }}

{{ salutation }}

ab dem {{ effective }} erreichen Sie uns unter {{ new.email }}.
"""


def make_folder(
    folder: Path,
    *,
    contacts: int | str = 5,
    relay_port: int | None = None,
    connections: int = 1,
    message: str = MESSAGE,
    more: str = "",
) -> Path:
    """Write a campaign folder and return it.

    :param contacts: so many invented people, or the text of the file.
    :param relay_port: of a relay on loopback; without one it is the sandbox.
    :param more: appended to notify.toml.
    """
    template = folder / "templates" / "change"
    template.mkdir(parents=True)
    (template / "message.de.md").write_text(message, "utf-8")
    (folder / "contacts").mkdir()
    if isinstance(contacts, int):
        rows = (f"Frau;Vera{n};Muster{n};p{n:06}@example.com" for n in range(1, contacts + 1))
        contacts = "\n".join(["Anrede;Vorname;Nachname;E-Mail", *rows]) + "\n"
    (folder / "contacts" / "people.csv").write_text(contacts, "utf-8")
    relay = _RELAY.format(port=relay_port, connections=connections) if relay_port else ""
    (folder / "notify.toml").write_text(_TOML + relay + more + ledgers.section(), "utf-8")
    return folder


def start(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start notify in a campaign folder, without a terminal."""
    with _signals_are_heard():
        return subprocess.Popen(
            [sys.executable, "-m", "notify", "-C", str(folder), *ledgers.arguments(arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=_environment(environment or {}, folder),
        )


@contextmanager
def _signals_are_heard() -> Iterator[None]:
    """Let what is started hear its signals: tests in the background, or under nohup, ignore some and pass that on."""
    heard = [getattr(signal, name) for name in ("SIGINT", "SIGHUP") if hasattr(signal, name)]
    ignored = [number for number in heard if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def run(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, timeout_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run notify in a campaign folder to its end, without a terminal."""
    if sys.platform == "win32" or any(name.startswith(("PYTHON", "LC_", "LANG")) for name in environment or {}):
        process = start(folder, *arguments, environment=environment)
        out, err = process.communicate(timeout=timeout_s)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)
    return _run_forked(folder, arguments, environment, timeout_s)


class Forked:
    """Notify in a process that has everything loaded already; one at a time. Use it in a ``with``."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self.arguments = ["-C", str(folder), *ledgers.arguments(arguments)]
        self._outputs = tempfile.TemporaryDirectory()
        out, err = (Path(self._outputs.name) / name for name in ("out", "err"))
        # it may be killed before it can open them
        out.touch()
        err.touch()
        self._server = _fork_server()
        self.pid = self._server.start(self.arguments, _environment(environment or {}, folder), out, err)
        self._out, self._err = out, err

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._outputs.cleanup()

    def is_running(self) -> bool:
        """Tell whether it has not ended yet."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def kill(self) -> None:
        """Kill it with what it cannot mind."""
        self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send it a signal, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self) -> subprocess.CompletedProcess[str]:
        """Wait for its end; return what it did."""
        status = self._server.wait()
        out, err = self._out.read_text("utf-8"), self._err.read_text("utf-8")
        return subprocess.CompletedProcess(["notify", *self.arguments], status, out, err)


def _run_forked(
    folder: Path, arguments: Sequence[str], environment: Mapping[str, str] | None, timeout_s: float
) -> subprocess.CompletedProcess[str]:
    with Forked(folder, *arguments, environment=environment) as process:
        late = threading.Timer(timeout_s, process.kill)
        late.start()
        try:
            done = process.wait()
        finally:
            late.cancel()
    if done.returncode == -signal.SIGKILL:
        raise subprocess.TimeoutExpired(process.arguments, timeout_s)
    return done


@functools.cache
def _fork_server() -> ForkServer:
    with _signals_are_heard():
        return ForkServer(_environment({}, Path()))


def _environment(more: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the environment of a run: nothing of the user's own, and for each campaign a state directory beside it."""
    root = str(Path(__file__).parent.parent)
    ours = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}
    ours |= {"PYTHONPATH": root, "PYTHONWARNINGS": "default", "COLUMNS": "100", "NOTIFY_STATE_DIR": f"{folder}.state"}
    return ours | ledgers.environment() | dict(more)


def shell(folder: Path, line: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in a campaign folder; notify is ``"$PYTHON" -m notify`` in it."""
    return subprocess.run(
        ["bash", "-c", ledgers.line(line)],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=_environment({"PYTHON": sys.executable, **(environment or {})}, folder),
        check=False,
        timeout=120,
    )


def counts(folder: Path) -> dict[str, int]:
    """Return how many recipients have each status, as the ledger in use tells; a status that nobody has is left out."""
    settings = load(folder, options={}, environment={})
    return {
        str(status): count
        for status, count in campaign_status(settings, dt.datetime.now(dt.UTC)).counts.items()
        if count
    }


def kept(folder: Path) -> list[bytes]:
    """Return the messages that the sandbox has kept, in the order in which they came."""
    return [path.read_bytes() for path in sorted((folder / "outbox" / "new").glob("*"))]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def addresses(messages: Sequence[Mapping[str, str]]) -> list[str]:
    """Return to whom the messages of a server's record went."""
    return [message["to"] for message in messages]
