"""``notify completion``: what it prints, and what a real bash makes of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.folders import make_folder, run

ROOT = Path(__file__).parents[2]

#: Completes the words that it is given as bash does when Tab is pressed behind the last one; prints what it offers.
TAB = """
set -eu
eval "$(notify completion bash)"
complete -p notify | grep -q -- '-F _notify_completion notify$'
compopt() { echo compopt "$@"; }
COMP_WORDS=(notify "$@")
COMP_CWORD=$#
_notify_completion notify "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(tmp_path: Path, shell: str) -> None:
    """The script is printed in any folder; nothing else is said, for a shell reads it at each start."""
    done = run(tmp_path, "completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_NOTIFY_COMPLETE={shell}_complete" in done.stdout


def test_the_shells_are_listed(tmp_path: Path) -> None:
    """Without a shell, or with one that there is none for, it says which there are."""
    assert run(tmp_path, "completion").stdout.split() == ["bash", "zsh", "fish"]
    unknown = run(tmp_path, "completion", "tcsh")
    assert unknown.returncode == 2
    assert "'bash', 'zsh', 'fish'" in unknown.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="bash is another one there, or too old")
def test_bash_completes(tmp_path: Path) -> None:
    """In a real bash, Tab offers commands, options, values and files, as notify has them."""
    notify = tmp_path / "notify"
    notify.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m notify "$@"\n', "utf-8")
    notify.chmod(0o755)
    for words, offered in (
        (["se"], "send"),
        (["send", "--retry"], "--retry-failed"),
        (["init", "--lang", ""], "de\nen"),
        (["contacts", "--contacts", ""], "compopt -o default"),
    ):
        done = subprocess.run(
            ["bash", "--norc", "-c", TAB, "bash", *words],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert (done.stdout.strip(), done.stderr) == (offered, "")


def test_it_loads_nothing_slow(tmp_path: Path) -> None:
    """A shell that reads the script at its start waits for neither tables nor mail."""
    check = """if True:
        import sys
        from notify.cli import group
        group.main(["completion", "zsh"], prog_name="notify", standalone_mode=False)
        print(*{"pandas", "jinja2", "yagmail", "rich", "pydantic", "sqlite3"} & set(sys.modules), file=sys.stderr)
    """
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=make_folder(tmp_path / "campaign"), env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stderr.split() == []
