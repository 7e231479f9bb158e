"""Writes the man page, docs/notify.1, from what the commands and notify.toml say of themselves.

    ./run python docs/manual.py

Commands and options come from their help, and the variables from the schema of notify.toml. Only what is nowhere else
stands here: files and examples. A test tells when the page is old.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs.command_line import STATUSES, VARIABLES, CommandLine
from notify import __version__
from notify.config.schema import SECTIONS
from notify.config.sections import Key

PAGE = ROOT / "docs" / "notify.1"

FILES = {
    "notify.toml": "The campaign: who writes, what changes, to whom, through which relay, with a note at every key.",
    "contacts/": "The contact files of the campaign, as notify.toml names them. They are read, never changed.",
    "templates/": "The texts: a folder for each, with one message file per language.",
    "overrides.csv": "Corrects single contacts; made with `notify contacts --fallbacks overrides.csv`.",
    "ledger.db": "What was sent to whom, with ledger.db-wal beside it while a run lasts: the one file not to lose.",
    "mail-hosts.json": "Where recipients' domains have their mail, as `notify check` saw it; it may be deleted.",
    "outbox/": "The Maildir in which the sandbox keeps what was sent to it.",
    "~/.local/state/notify/": "By what is kept here, a ledger is known that came back from a backup or a copy. "
    "~/Library/Application Support/notify/ on macOS, %LOCALAPPDATA%\\notify\\ on Windows.",
}

EXAMPLES = {
    "notify contacts --contacts kontakte.csv": "Show what notify makes of an export, without a campaign.",
    "notify init neue-adresse": "Make a campaign folder: it asks a few questions.",
    "notify init try --example": "Write an example that works at once in the sandbox.",
    "notify -C neue-adresse preview -n 2": "Show the first two messages, exactly as they would be sent.",
    "notify send --test me@example.com": "Send one message of each kind to yourself, through the relay of notify.toml.",
    "notify send --batch 50": "Send. It shows what it is about to do, and asks.",
    "notify send --yes --wait": "Send without a question, and stay until nobody is left to be tried.",
    "notify log --failed": "Show who was not reached, and what the relay answered.",
}


def page() -> str:
    """Return the man page, as roff."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    line = CommandLine()
    yield '.\\" Written by docs/manual.py; do not change it by hand.'
    yield f'.TH NOTIFY 1 "" "notify {__version__}" "User Commands"'
    # no hyphenation and a ragged right margin: commands stay whole
    yield from (
        ".nh",
        ".ad l",
        ".SH NAME",
        "notify \\- tell everyone that your contact details changed",
        ".SH SYNOPSIS",
    )
    for command in line.commands:
        yield (f"\\fBnotify\\fR [\\fB\\-C\\fR \\fIDIR\\fR] \\fB{command.name}\\fR {_roff(command.usage)}")
        yield ".br"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(line.help)
    yield from (".PP", _roff(_introduction()), ".SH OPTIONS")
    yield from _options(line.options)
    yield ".SH COMMANDS"
    for command in line.commands:
        yield f'.SS "notify {command.name}"'
        yield from _paragraphs(command.help)
        yield from _options(command.own)
        if command.shared:
            yield from (".PP", f"And {_listed([_option(names) for names, _ in command.shared])}: see below.")
    yield '.SS "Options of several commands"'
    yield from _options(line.common)
    yield ".SH EXIT STATUS"
    yield from _terms(
        (str(int(status)), f"{meaning} {_sentence(mend)}".strip()) for status, (meaning, mend) in STATUSES.items()
    )
    yield ".SH FILES"
    yield _roff("All of them but the last are in the campaign folder, which is the current one or that of `-C`.")
    yield from _terms(FILES.items())
    yield ".SH ENVIRONMENT"
    yield from _terms(VARIABLES.items())
    yield from _settings()
    yield ".SH EXAMPLES"
    yield from _terms(EXAMPLES.items())
    yield from (".SH SEE ALSO", ".BR crontab (5),", ".BR systemd.service (5),", ".BR maildir (5)", ".PP")
    yield _roff("The guides that come with the sources: README.md, and the files of docs/.")


def _introduction() -> str:
    """Return the README's first paragraph, from where it tells what notify does."""
    paragraph = " ".join((ROOT / "README.md").read_text("utf-8").split("\n\n")[1].split())
    return "I" + paragraph.partition("**notify** is the mail merge for that: i")[2]


def _sentence(action: str) -> str:
    return f"See {action}." if action.endswith("`") else action


def _settings() -> Iterator[str]:
    yield ".PP"
    yield _roff("Every key of notify.toml can be given by a variable, which beats the file; an option beats both.")
    for section in SECTIONS:
        named = [(key.variable, _meaning(key)) for key in section.keys if key.variable]
        if section.path == ("change", "old"):
            named = [("NOTIFY_CHANGE_OLD_…", section.about.en)]
        yield from _terms(named)


def _meaning(key: Key) -> str:
    # a choice is in the words already
    return (
        key.about.en
        if key.type.words.startswith('"') or key.type.words == "text"
        else f"{key.about.en} ({key.type.words})"
    )


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.strip().split("\n\n")):
        if number:
            yield ".PP"
        yield _roff(" ".join(paragraph.split()))


def _options(records: Iterable[tuple[str, str]]) -> Iterator[str]:
    for names, words in records:
        yield from (".TP", _option(names), _roff(words))


def _option(names: str) -> str:
    """Return ``-n, --number N`` with its names in bold and its value in italics."""
    return " ".join(f"\\f{'B' if word.startswith('-') else 'I'}{_roff(word)}\\fR" for word in names.split(" "))


def _terms(terms: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, words in terms:
        yield from (".TP", f"\\fB{_roff(term)}\\fR", _roff(words))


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _roff(text: str) -> str:
    """Return words so that roff shows them as they are; what stands in backticks becomes bold, a link its words."""
    text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)
    text = text.replace("…", "...").replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", text)
    text = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in text)
    return f"\\&{text}" if text.startswith(".") else text


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
