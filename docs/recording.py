"""Records a session at a real terminal, and draws it: docs/pictures/terminal.svg, and the same in German.

    ./run python docs/recording.py

A shell runs in a pseudo-terminal; notify is typed there, asks, and is answered. The picture moves by CSS alone, takes
light or dark from whoever looks at it, and stands still where motion is not wanted.
"""

from __future__ import annotations

import codecs
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Self
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs.terminal_screen import Cell, Screen

PICTURES = ROOT / "docs" / "pictures"
_COLUMNS, _ROWS = 66, 24
_PROMPT = "$ "

_LISTS = {
    "en": """\
Salutation,Title,First name,Last name,Company,E-mail
Ms,Dr,Alice,Summer,,alice.summer@summer-clinic.example
Mr,,James,Carter,Carter Timber Ltd,james@carter-timber.example
,,,,Northern Print Ltd,orders@northern-print.example
,,Kim,Lawrence,,kim.lawrence@example.net
Ms,,Petra,Walker,,petra.walker@@example.com
""",
    "de": """\
Anrede;Titel;Vorname;Name;Firma;E-Mail
Frau;Dr.;Ute;Sommer;;ute.sommer@praxis-sommer.example
Herr;;Jens;Böttcher;Böttcher Holzbau GmbH;jens@boettcher-holzbau.example
;;;;Druckerei Nord GmbH;auftrag@druckerei-nord.example
;;Kim;Lorenz;;kim.lorenz@example.net
Frau;;Petra;Wagner;;petra.wagner@@example.com
""",
}

#: What is typed: commands, each with its answers by how the question begins; Enter at all other questions.
_SESSIONS: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {
        "notify init new-address": {
            "Who writes?": "Muster PR",
            "From which": "info@old.example",
            "What changes?": "1,2",
            "New e-mail": "info@new.example",
            "Old telephone": "+44 20 7946 0111",
            "New telephone": "+44 20 7946 0222",
            "Where is your": "contacts.csv",
            "Copy it": "y",
        },
        "cd new-address": {},
        "notify preview -n 1": {},
        "notify check --offline": {},
        "notify send": {},
        "notify status": {},
    },
    "de": {
        "notify init neue-adresse": {
            "Wer schreibt?": "Muster PR",
            "Von welcher": "info@alt.example",
            "Was ändert": "1,2",
            "Neue E-Mail": "info@neu.example",
            "Bisherige Telefon": "+49 40 111111",
            "Neue Telefon": "+49 40 222222",
            "Wo liegt": "kontakte.csv",
            "Die Liste": "j",
        },
        "cd neue-adresse": {},
        "notify preview -n 1": {},
        "notify check --offline": {},
        "notify send": {},
        "notify status": {},
    },
}
NAMES = {"en": "terminal.svg", "de": "terminal-de.svg"}
_FILES = {"en": "contacts.csv", "de": "kontakte.csv"}


@dataclass(slots=True)
class Recording:
    """What was shown, and how many lines of it after how many seconds."""

    screen: Screen
    moments: list[tuple[float, int]] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Let what is shown now be shown for so long."""
        self.moments.append((self.seconds, len(self.screen.lines)))
        self.seconds += seconds


class _Shell:
    """A shell at a terminal of its own."""

    def __init__(self, folder: Path, language: str, screen: Screen) -> None:
        import pty

        self._screen = screen
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        environment = {
            "HOME": str(folder),
            "LANG": f"{language}_XX.UTF-8",
            "LC_CTYPE": "C.UTF-8",
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PS1": _PROMPT,
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
        }
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noediting"], environment)  # noqa: S606, S607  # a shell is what is shown
        _set_size(self._terminal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self._process, signal.SIGHUP)
        os.close(self._terminal)
        os.waitpid(self._process, 0)

    def type(self, text: str) -> None:
        os.write(self._terminal, f"{text}\n".encode())

    def wait(self) -> str:
        """Read on until nothing comes and something is waited for; return the line that waits."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            while select.select([self._terminal], [], [], 0.4)[0]:
                self._screen.write(self._decoder.decode(os.read(self._terminal, 65536)))
            last = "".join(cell.letter for cell in self._screen.lines[-1])
            if last == _PROMPT or last.endswith(("? ", ") ", "] ", ": ")):
                return last
        raise SystemExit("\n".join(self._screen.text()))


def _set_size(terminal: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))


def record(language: str, folder: Path) -> Recording:
    """Play the session in a folder that is empty, and return what was shown."""
    (folder / _FILES[language]).write_text(_LISTS[language], "utf-8")
    (folder / "bin").mkdir()
    program = folder / "bin" / "notify"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notify "$@"\n', "utf-8")
    program.chmod(0o755)
    recording = Recording(Screen(_COLUMNS))
    with _Shell(folder, language, recording.screen) as shell:
        shell.wait()
        for command, answers in _SESSIONS[language].items():
            recording.note(0.8)
            _play(shell, recording, command, answers)
        recording.note(6)
    return recording


def _play(shell: _Shell, recording: Recording, command: str, answers: Mapping[str, str]) -> None:
    shell.type(command)
    shown = len(recording.screen.lines)
    while shell.wait() != _PROMPT:
        # a question may have been broken into several lines
        question = " ".join(recording.screen.text()[shown:])
        recording.note(0.9)
        shown = len(recording.screen.lines)
        shell.type(next((answer for words, answer in answers.items() if words in question), ""))
    added = len(recording.screen.lines) - shown
    # long outputs are scrolled through, half a screen at a time
    for line in range(shown + _ROWS // 2, shown + added, _ROWS // 2):
        recording.moments.append((recording.seconds, line))
        recording.seconds += 1.4
    recording.note(min(4.0, 0.6 + 0.15 * added))


_LINE, _WIDTH, _MARGIN = 18, 8.4, 14
_STYLE = """\
.bg{fill:#fff;stroke:#d1d9e0}.t{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
fill:#1f2328;white-space:pre}.bold{font-weight:700}.dim{fill:#59636e}.red{fill:#b42318}.green{fill:#1a7f37}.yellow{fill:#7d5a00}
.blue{fill:#0550ae}.magenta{fill:#8250df}.cyan{fill:#0b6e7a}
@media (prefers-color-scheme:dark){.bg{fill:#0d1117;stroke:#3d444d}.t{fill:#e6edf3}.dim{fill:#9198a1}.red{fill:#ff8f85}
.green{fill:#56d364}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.magenta{fill:#d2a8ff}.cyan{fill:#56d4dd}}
"""


def draw(recording: Recording, title: str) -> str:
    """Return the recording as an SVG that moves by itself; its still picture is the last screen."""
    lines = recording.screen.lines
    width, height = round(_COLUMNS * _WIDTH + 2 * _MARGIN), _ROWS * _LINE + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"',
            f' viewBox="0 0 {width} {height}">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}{_movement(recording)}</style>",
            f'<rect class="bg" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>',
            f'<svg x="{_MARGIN}" y="{_MARGIN}" width="{width - 2 * _MARGIN}" height="{_ROWS * _LINE}">',
            f'<g class="tape" transform="translate(0 {-_LINE * max(0, len(lines) - _ROWS)})">',
            *(text for number, line in enumerate(lines) for text in _texts(number, line)),
            f'<rect class="bg cover" y="{len(lines) * _LINE}" width="100%" height="{_ROWS * _LINE}" stroke-width="0"/>',
            "</g></svg></svg>",
            "",
        ]
    )


def _movement(recording: Recording) -> str:
    """Return the keyframes: at each moment the tape has moved up so far, and the cover down to the last line shown."""
    tape, cover = [], []
    for seconds, shown in recording.moments:
        share = f"{100 * seconds / recording.seconds:.2f}%"
        tape.append(f"{share}{{transform:translate(0,{-_LINE * max(0, shown - _ROWS)}px)}}")
        cover.append(f"{share}{{transform:translate(0,{_LINE * (shown - len(recording.screen.lines))}px)}}")
    moves = f"{recording.seconds:.1f}s step-end infinite"
    rules = f".tape{{animation:tape {moves}}}.cover{{animation:cover {moves}}}"
    return (
        f"@keyframes tape{{{''.join(tape)}}}\n@keyframes cover{{{''.join(cover)}}}\n"
        f"@media (prefers-reduced-motion:no-preference){{{rules}}}\n"
    )


def _texts(number: int, line: Sequence[Cell]) -> Iterator[str]:
    """Yield a text for each stretch of one style; its length is set, so that columns stand in line in every font."""
    column = 0
    for style, cells in groupby(line, key=lambda cell: cell.style):
        letters = "".join(cell.letter for cell in cells)
        start = column + len(letters) - len(letters.lstrip())
        column += len(letters)
        if words := letters.strip():
            place = f'x="{start * _WIDTH:.1f}" y="{number * _LINE + 14}" textLength="{len(words) * _WIDTH:.1f}"'
            yield f'<text class="{" ".join(["t", *sorted(style)])}" {place}>{escape(words)}</text>'


def main() -> None:
    """Record both sessions, and draw them."""
    titles = {
        "en": "A campaign from its first question to a rehearsal in the sandbox",
        "de": "Eine Kampagne von der ersten Frage bis zur Probe in der Sandbox",
    }
    for language, name in NAMES.items():
        folder = Path(tempfile.mkdtemp())
        try:
            (PICTURES / name).write_text(draw(record(language, folder), titles[language]), "utf-8")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
