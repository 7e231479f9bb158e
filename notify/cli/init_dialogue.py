"""The questions of ``notify init`` at a terminal, in German or English: how they are asked, and refused answers."""

from __future__ import annotations

import contextlib
import glob
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from notify.cli.init_words import day_words, lines_about_contacts, lines_about_server
from notify.cli.screen import note, warn
from notify.cli.wrapping import width_of, wrapped
from notify.core.bilingual import Bilingual, BilingualError
from notify.errors import NotifyError

if TYPE_CHECKING:
    from notify.actions.init_question import Question
    from notify.errors import InputError

_YES = frozenset({"y", "yes", "j", "ja"})
_NO = frozenset({"n", "no", "nein"})
_YES_OR_NO = Bilingual("[y/N]", "[j/N]")
_ANSWER_YES_OR_NO = Bilingual("Please answer y (yes) or n (no).", "Bitte mit j (ja) oder n (nein) antworten.")
_WAIT = Bilingual("One moment ...", "Einen Moment ...")
_EMPTY = Bilingual("empty", "leer")


class Dialogue:
    """Asks a person at a terminal."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._asked = ""
        with contextlib.suppress(ImportError):  # Windows has another one
            # lines can be edited, and several that are pasted come as one: none of them answers the next question
            import readline

            readline.set_completer_delims("")
            readline.set_completer(self._complete)
            readline.parse_and_bind("tab: complete")

    def line(self, question: Question, answers: Mapping[str, Any]) -> str:
        """Return the line that answers a question; empty for the default. A yes or no is ``yes`` or ``no``."""
        if question.name != self._asked:
            note()
            if hint := self._in(question.hint):
                note(hint)
        self._asked = question.name
        words = self._in(question.words)
        if question.wants_yes_or_no:
            line = self._yes_or_no(f"{words} {self._in(_YES_OR_NO)}")
        else:
            line = _typed(self._with_default(question, words, answers))
        if question.takes_time and line not in {"", "no"}:
            note(f"  {self._in(_WAIT)}")
        return line

    def _complete(self, text: str, number: int) -> str | None:
        """Complete the name of a file, where one is asked for."""
        if self._asked != "contacts":
            return None
        start = os.path.expanduser(text)  # noqa: PTH111  # a Path would drop the slash at its end
        found = sorted(glob.glob(f"{glob.escape(start)}*"))  # noqa: PTH207  # as above
        names = [f"{name}/" if os.path.isdir(name) else name for name in found]  # noqa: PTH112  # as above
        return names[number] if number < len(names) else None

    def _with_default(self, question: Question, words: str, answers: Mapping[str, Any]) -> str:
        """Return the words of a question with what an empty answer means."""
        if default := question.default(answers):
            return f"{words} [{default}]:"
        empty = self._in(question.empty)
        if empty and not question.needed(answers):
            return f"{words} ({self._in(_EMPTY)}: {empty})"
        return words if words.endswith("?") else f"{words}:"

    def _yes_or_no(self, prompt: str) -> str:
        while True:
            line = _typed(prompt).strip().strip(".!").casefold()
            if line in _YES or not line or line in _NO:
                return "yes" if line in _YES else "no"
            note(self._in(_ANSWER_YES_OR_NO))

    def refuse(self, question: Question, line: str, reason: ValueError | InputError) -> None:
        """Say why a line is no answer; the question comes again."""
        if isinstance(reason, BilingualError):
            text = self._in(reason.words)
        elif self._language == "de" and question.wrong:
            text = question.wrong.format(given=f"„{_short(line.strip())}“")
        else:
            text = str(reason)
        warn(f"  {text}" if text.endswith((".", "?")) else f"  {text}.")
        if isinstance(reason, NotifyError):
            note(f"  {reason.message}")

    def tell(self, question: Question, answers: Mapping[str, Any]) -> None:
        """Say what follows of an answer that was just given."""
        from notify.actions.init_details import doubt_about

        value = answers[question.name]
        lines: list[str] = []
        if question.name in {"from", "look_up", "server", "user"}:
            lines = lines_about_server(question.name, answers, self._language)
        elif question.name == "contacts" and value is not None:
            lines = lines_about_contacts(value, self._language)
        elif value and (doubt := doubt_about(question.name.rpartition(".")[2], str(value))):
            lines = [self._in(doubt)]
        elif question.name in {"effective", "old_works_until", "new_account"} and value:
            lines = [day_words(value, self._language)]
        for line in lines:
            note(f"  {line}")

    def _in(self, words: Bilingual) -> str:
        return words.in_language(self._language)


def _typed(prompt: str) -> str:
    """Return a line that is typed behind a prompt, whose last line fits the terminal."""
    lines = wrapped(prompt, width_of(sys.stdout), hang=0).split("\n")
    for line in lines[:-1]:
        note(line)
    # the editor of lines must know how wide the prompt is
    return input(f"{lines[-1]} ")


def _short(line: str) -> str:
    plain = "".join(character if character.isprintable() else "\ufffd" for character in line)
    return plain if len(plain) <= 60 else f"{plain[:59]}…"
