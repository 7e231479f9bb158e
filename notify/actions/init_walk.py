"""Walks through the questions of the guided set-up: what no option has answered is asked, where somebody is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from notify.actions.init_question import Question
from notify.actions.init_questions import QUESTIONS
from notify.actions.init_server import Server
from notify.core.record import record
from notify.errors import ConfigError, InputError, Problem


class Asker(Protocol):
    """Somebody who can be asked."""

    def line(self, question: Question, answers: Mapping[str, Any]) -> str:
        """Return the line that answers a question; empty for the default. A yes or no is ``yes`` or ``no``."""
        ...

    def refuse(self, question: Question, line: str, reason: ValueError | InputError) -> None:
        """Say why a line is no answer; the question comes again."""
        ...

    def tell(self, question: Question, answers: Mapping[str, Any]) -> None:
        """Say what follows of an answer that was just given."""
        ...


@record(frozen=True, slots=True)
class Setting:
    """What is known before the first question: where, in which language, on which day.

    ``template`` is empty where it follows of what changes. ``has_keyring`` tells whether a password can be kept.
    """

    folder: Path
    language: str
    today: dt.date
    template: str = ""
    has_keyring: bool = False


class NotAnswered(Exception):  # noqa: N818  # it names what is missing, and nothing is wrong
    """Nobody can be asked, and options are missing: ``options`` are their names."""

    def __init__(self, options: list[str]) -> None:
        super().__init__(", ".join(options))
        self.options = options


def walk(
    setting: Setting, given: Mapping[str, str], asker: Asker | None, search: Callable[[str], Server | None]
) -> dict[str, Any]:
    """Return the answers to all questions that were to be answered, by their names.

    :param given: the answers of the command line, by the names of the questions.
    :param asker: None where nobody can be asked.
    :param search: looks up the server of an address in the net; it is called when that was allowed.
    :raises ConfigError: with everything that is wrong with what was given.
    :raises NotAnswered: something is needed, and nobody can be asked.
    """
    walked = _Walk(setting, given, asker)
    for question in QUESTIONS:
        if question.when(walked.answers):
            walked.take(question)
            if question.name == "look_up" and walked.answers["look_up"]:
                walked.answers["found"] = search(walked.answers["from"])
            if asker is not None:
                asker.tell(question, walked.answers)
    walked.finish()
    return walked.answers


class _Walk:
    """The answers so far, and what is wrong with those that were given."""

    def __init__(self, setting: Setting, given: Mapping[str, str], asker: Asker | None) -> None:
        self._asker = asker
        self._given = given
        self._missing: list[str] = []
        self._problems: list[Problem] = []
        self.answers: dict[str, Any] = {
            "folder": setting.folder,
            "language": setting.language,
            "today": setting.today,
            "template": setting.template,
            "has_keyring": setting.has_keyring,
            "given": frozenset(given),
        }

    def take(self, question: Question) -> None:
        """Take the answer to a question."""
        if question.name not in self._given and self._asker is not None:
            self.answers[question.name] = self._asked(question, self._asker)
            return
        try:
            value = question.answer(self._given.get(question.name, ""), self.answers)
        except (ValueError, InputError) as error:
            # what follows of it is looked at all the same, so that everything is said at once
            value = ""
            if question.name in self._given:
                self._problems.append(Problem(question.option, str(error)))
            else:
                self._missing.append(question.option)
        self.answers[question.name] = value

    def _asked(self, question: Question, asker: Asker) -> object:
        while True:
            line = asker.line(question, self.answers)
            try:
                return question.answer(line, self.answers)
            except (ValueError, InputError) as error:
                asker.refuse(question, line, error)

    def _why_of_no_use(self, name: str) -> str:
        looked_in_vain = self.answers.get("look_up") and self.answers.get("found") is None
        if looked_in_vain and name in {"use_relay", "store_password", "user", "new_account"}:
            address = self.answers["from"]
            return f"the look-up has found no server for {address}: name it with --server, or leave this out"
        return "it is of no use here; leave it out"

    def finish(self) -> None:
        """Refuse what was given wrongly, and what is missing."""
        options = {question.name: question.option for question in QUESTIONS}
        for name in self._given:
            # what changes is told by its details, and these are looked at
            if name not in self.answers and name != "changes":
                self._problems.append(Problem(options[name], self._why_of_no_use(name)))
        if self._problems:
            raise ConfigError(
                f"{len(self._problems)} options must be mended."
                if len(self._problems) > 1
                else f"{self._problems[0]}.",
                hint="What there is to say:  notify init --help",
                problems=self._problems,
            )
        if self._missing:
            raise NotAnswered(self._missing)
