"""``./run`` as a user starts it, with invented programs on the PATH: no network, no real environment."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="./run is a shell script; uv and pipx start notify on Windows"
)

#: What ./run may ask of a Python, as patterns of `case`. The first that fits answers.
PYTHON = {
    "*version_info*": "exit 0",
    "*'import ensurepip'*": "exit 0",
    "'-m pip --version'": "exit 1",
    "'-m venv '*": 'mkdir -p .venv/bin && cp "$0" .venv/bin/python',
    "*sysconfig*": "mkdir -p .venv/site && echo .venv/site",
    "*'install '*": "echo Installing",
    "'-P -m notify '*": 'printf "%s|" "$@"; pwd; exit 7',
}


class Checkout:
    """A copy of ``./run`` with a short list of packages, on a machine that has only the programs put there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "my mailing"
        self.programs = folder / "programs"
        self.log = folder / "log"
        self.programs.mkdir(parents=True)
        for name in ("cat", "chmod", "cksum", "cp", "dirname", "ls", "mkdir", "mv", "rm", "rmdir", "sh", "sleep"):
            (self.programs / name).symlink_to(str(shutil.which(name)))
        (self.root / ".run").mkdir(parents=True)
        shutil.copy(ROOT / "run", self.root)
        for name in ("runtime", "development"):
            (self.root / f".run/{name}.txt").write_text(f"{name}==1\n")

    def put(self, name: str, answers: dict[str, str]) -> None:
        """Put a program on the PATH that notes how it was called, then answers by its arguments."""
        cases = "".join(f"{pattern}) {answer} ;;\n" for pattern, answer in answers.items())
        program = self.programs / name
        program.write_text(f'#!/bin/sh\necho "${{0##*/}} $*" >>"{self.log}"\ncase "$*" in\n{cases}esac\n')
        program.chmod(0o755)

    def let_seconds_pass(self) -> None:
        """Let every ``sleep`` be over at once; ``nap`` takes its time."""
        (self.programs / "sleep").rename(self.programs / "nap")
        self.put("sleep", {})

    def begin(self, *command: str, terminal: int | None = None) -> subprocess.Popen[str]:
        """Start ``./run COMMAND`` from another folder, in a group of processes of its own.

        :param terminal: where its errors go; else they are kept.
        """
        return subprocess.Popen(
            [self.root / "run", *command],
            cwd=self.programs,
            env={"PATH": str(self.programs)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if terminal is None else terminal,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str) -> tuple[int | None, str, str]:
        """Return exit status, output and error output of ``./run COMMAND``."""
        started = self.begin(*command)
        output, errors = started.communicate(timeout=20)
        return started.returncode, output, errors

    def calls(self, part: str) -> list[str]:
        """Return the calls that hold ``part``, and forget all."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [line for line in lines if part in line]

    @property
    def left(self) -> list[str]:
        """What of an environment and its lock is there."""
        return sorted(path.name for path in self.root.glob(".venv*"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Give a fresh checkout, on a machine without any Python."""
    return Checkout(tmp_path)


def test_says_how_to_call_it(checkout: Checkout) -> None:
    """Without a command there is a sentence, and no environment."""
    assert checkout.run() == (1, "", "Error: Which command?\n  ./run notify --help\n")
    assert checkout.left == []


def test_no_python(checkout: Checkout) -> None:
    """Where there is no Python, a sentence says which is needed."""
    status, _, errors = checkout.run("notify", "send")
    assert (status, checkout.left) == (1, [])
    assert errors == (
        "Error: notify needs Python 3.11 or newer; found: none.\n"
        "  Install it, or uv, which brings a Python of its own.\n"
    )


def test_old_python(checkout: Checkout) -> None:
    """A Python that is too old is named."""
    checkout.put("python3", {"*version_info*": "exit 1", "--version": "echo Python 3.9.6"})
    status, _, errors = checkout.run("notify", "send")
    assert (status, checkout.left) == (1, [])
    assert "notify needs Python 3.11 or newer; found: Python 3.9.6.\n" in errors


def test_newer_python_beside_an_old_one(checkout: Checkout) -> None:
    """A Python that is new enough is found beside the machine's own."""
    checkout.put("python3", {"*version_info*": "exit 1"})
    checkout.put("python3.12", PYTHON)
    assert checkout.run("notify", "send")[0] == 7
    assert checkout.calls("-m venv") == ["python3.12 -m venv .venv"]


def test_debian_without_venv(checkout: Checkout) -> None:
    """Where Debian's venv is missing, the command that mends it is named."""
    checkout.put("python3.11", PYTHON | {"*'import ensurepip'*": "exit 1"})
    status, _, errors = checkout.run("notify", "send")
    assert (status, checkout.left) == (1, [])
    assert errors.endswith("\n  sudo apt install python3.11-venv\n")


def test_debian_with_only_pip(checkout: Checkout) -> None:
    """The system's pip installs into the environment where venv has none of its own."""
    checkout.put("python3", PYTHON | {"*'import ensurepip'*": "exit 1", "'-m pip --version'": "exit 0"})
    assert checkout.run("notify", "send")[0] == 7
    _, venv, install, _ = checkout.calls("-m")
    assert venv == "python3 -m venv --without-pip .venv"
    assert install.startswith("python3 -m pip --python .venv/bin/python install ")
    assert install.endswith(" --require-hashes -r .run/runtime.txt")


def test_uv_first(checkout: Checkout) -> None:
    """Where uv is, it makes the environment, and no Python need be on the PATH."""
    checkout.put("interpreter", PYTHON)
    made = f"mkdir -p .venv/bin && cp '{checkout.programs}/interpreter' .venv/bin/python"
    checkout.put("uv", {"'venv '*": made})
    assert checkout.run("notify", "send")[0] == 7
    assert checkout.calls("uv ") == [
        "uv --version",
        "uv venv --quiet .venv",
        "uv pip install --quiet --python .venv/bin/python --require-hashes -r .run/runtime.txt",
    ]


def test_hands_everything_through(checkout: Checkout) -> None:
    """Arguments, folder, output and exit status are the command's; what ./run says goes to the error output."""
    checkout.put("python3", PYTHON)
    for first_time in (True, False):
        status, output, errors = checkout.run("notify", "a b", "", "$c")
        assert (status, output) == (7, f"-P|-m|notify|a b||$c|{checkout.programs}\n")
        assert bool(errors) == first_time


def test_shows_what_goes_on(checkout: Checkout) -> None:
    """Without a terminal each step is a line, and one that lasts says so; nothing of it is in the command's output."""
    checkout.put("python3", PYTHON | {"*'install '*": "nap 2; echo Retrying"})
    checkout.let_seconds_pass()
    status, output, errors = checkout.run("notify", "send")
    assert (status, output) == (7, f"-P|-m|notify|send|{checkout.programs}\n")
    assert "  ... for 15 s now\n" in errors
    assert re.sub(r"  \.\.\. for \d+ s now\n", "", errors) == (
        f"Making the environment in {checkout.root}/.venv: once, some 150 MB, about a minute.\n"
        "  Setting it up ...\n"
        "  Installing what notify needs ...\n"
        "Retrying\n"
    )
    assert checkout.run("notify", "send")[2] == ""


def test_shows_that_it_lives(checkout: Checkout) -> None:
    """On a terminal a dot for each second follows the step, and what a tool says has a line of its own."""
    checkout.put("python3", PYTHON | {"*'install '*": "nap 1; echo Retrying; nap 1"})
    checkout.let_seconds_pass()
    ours, theirs = os.openpty()
    with checkout.begin("notify", "send", terminal=theirs) as started:
        os.close(theirs)
        output, _ = started.communicate(timeout=20)
    shown = _all_of(ours)
    assert output.startswith("-P|-m|notify|send|")
    assert re.search(r"needs \.+\r\nRetrying\r\n\.+\r\n$", shown), shown
    assert "for 15 s" not in shown


def _all_of(terminal: int) -> str:
    """Return what was shown on a terminal that nobody writes to any more."""
    shown = b""
    # Linux says by an error that the other side is closed
    with contextlib.suppress(OSError):
        while octets := os.read(terminal, 4096):
            shown += octets
    os.close(terminal)
    return shown.decode()


@pytest.mark.parametrize("status", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_in_its_middle(checkout: Checkout, status: int) -> None:
    """Ctrl-C while the environment is made leaves neither half of it nor its lock, and nothing that goes on."""
    checkout.put("python3", PYTHON | {"*'install '*": "echo Installing; sleep 60"})
    with checkout.begin("notify", "send") as started:
        assert started.stderr is not None
        said = iter(started.stderr.readline, "Installing\n")
        assert len(list(said)) == 3
        os.killpg(started.pid, status)
        # the end of its errors: nobody has them open any more
        errors = started.stderr.read()
    assert (started.returncode, checkout.left) == (128 + status, [])
    # the shell may name the signal that its tool got, too
    assert errors.endswith("Stopped. The next start makes what is missing.\n")


def test_second_start_asks_nobody(checkout: Checkout) -> None:
    """Once made, the environment is used without a question to Python, pip or uv."""
    checkout.put("python3", PYTHON)
    checkout.run("notify", "send")
    checkout.calls("")
    checkout.put("uv", {})
    checkout.run("notify", "send")
    assert checkout.calls("") == ["python -P -m notify send"]


def test_points_at_this_folder(checkout: Checkout) -> None:
    """The environment imports notify from the folder beside ./run."""
    checkout.put("python3", PYTHON)
    checkout.run("notify", "send")
    assert (checkout.root / ".venv/site/notify.pth").read_text() == f"{checkout.root}\n"


def test_development_tools_when_needed(checkout: Checkout) -> None:
    """The program does not wait for the tools of its developers; any other command has them."""
    checkout.put("python3", PYTHON)
    checkout.run("notify", "send")
    assert [call[-11:] for call in checkout.calls("install")] == ["runtime.txt"]
    assert checkout.run("sh", "-c", "exit 3")[0] == 3
    assert [call[-15:] for call in checkout.calls("install")] == ["development.txt"]
    checkout.run("sh", "-c", ":")
    assert checkout.calls("install") == []


def test_failed_start_leaves_nothing(checkout: Checkout) -> None:
    """An environment whose packages could not be installed is taken away, and the next start makes it."""
    checkout.put("python3", PYTHON | {"*'install '*": "echo no route >&2; exit 2"})
    status, output, errors = checkout.run("notify", "send")
    assert (status, output, checkout.left) == (1, "", [])
    assert errors.endswith(
        "no route\nError: What .run/runtime.txt lists could not be installed; the reason stands above.\n"
        "  Mend it, and start again.\n"
    )
    checkout.put("python3", PYTHON)
    assert checkout.run("notify", "send")[0] == 7


def test_failed_tools_leave_the_program(checkout: Checkout) -> None:
    """When the development tools cannot be installed, the program goes on working."""
    checkout.put("python3", {"*development.txt": "exit 2"} | PYTHON)
    assert checkout.run("sh", "-c", ":")[0] == 1
    assert checkout.left == [".venv"]
    assert checkout.run("notify", "send")[0] == 7


@pytest.mark.parametrize("lost", ["list", "folder", "python"])
def test_made_anew(checkout: Checkout, lost: str) -> None:
    """A changed list, a moved folder and a Python that is gone each make a new environment."""
    checkout.put("python3", PYTHON)
    checkout.run("notify", "send")
    checkout.calls("")
    if lost == "list":
        (checkout.root / ".run/runtime.txt").write_text("runtime==2\n")
    elif lost == "folder":
        checkout.root = checkout.root.rename(checkout.root.with_name("moved"))
    else:
        (checkout.root / ".venv/bin/python").unlink()
    (checkout.root / ".venv/stale").touch()
    assert checkout.run("notify", "send")[0] == 7
    assert checkout.calls("-m venv") == ["python3 -m venv .venv"]
    assert not (checkout.root / ".venv/stale").exists()


def test_two_first_starts(checkout: Checkout) -> None:
    """Of two first starts, one makes the environment and the other waits for it."""
    checkout.put("python3", PYTHON | {"*'install '*": "sleep 0.5"})
    starts = [checkout.begin("notify", "send") for _ in range(2)]
    errors = [start.communicate(timeout=20)[1] for start in starts]
    assert [start.returncode for start in starts] == [7, 7]
    assert checkout.calls("-m venv") == ["python3 -m venv .venv"]
    assert sum("Waiting for another start" in text for text in errors) == 1
    assert checkout.left == [".venv"]


def test_killed_start_holds_up_nobody(checkout: Checkout) -> None:
    """A start that was killed in its middle leaves a lock and half an environment; the next one clears both."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    (checkout.root / f".venv.lock/{gone.pid}").mkdir(parents=True)
    (checkout.root / ".venv/half-made").mkdir(parents=True)
    checkout.put("python3", PYTHON)
    assert checkout.run("notify", "send")[0] == 7
    assert checkout.left == [".venv"]
    assert not (checkout.root / ".venv/half-made").exists()


@pytest.mark.parametrize("name", ["runtime", "development"])
def test_lock_is_hashed_and_names_no_host(name: str) -> None:
    """Every package of the lock is held against hashes, and none is tied to an address."""
    text = (ROOT / f".run/{name}.txt").read_text()
    assert "://" not in text
    assert "index-url" not in text
    entries = re.findall(r"^[a-z].*(?:\n +--hash=.*)*", text, re.MULTILINE)
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_lock_fits_pyproject() -> None:
    """What pyproject.toml asks for is in the lock, in a version that it allows; else ``.run/lock`` was forgotten."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {
        "runtime": pyproject["project"]["dependencies"],
        "development": pyproject["dependency-groups"]["dev"],
    }
    for name, requirements in wanted.items():
        pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / f".run/{name}.txt").read_text(), re.MULTILINE))
        for requirement in map(Requirement, requirements):
            assert requirement.name in pinned
            assert pinned[requirement.name] in requirement.specifier
