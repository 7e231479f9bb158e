"""One question of the guided set-up: its words, how a line is read as its answer, and when it is asked at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, cast

from notify.config.dates import dates_meant
from notify.config.schema import read_value
from notify.config.values import as_written, listed, needed_text
from notify.core.bilingual import NO_WORDS, Bilingual, BilingualError
from notify.core.campaign import in_words
from notify.core.record import record

#: What was answered so far, by the names of the questions, and what was known before the first of them.
Answers = Mapping[str, Any]

#: Longer than any honest answer.
_LONGEST = 500


def nothing(_answers: Answers) -> str:
    """Have no default."""
    return ""


def always(_answers: Answers) -> bool:
    """Hold whatever was answered."""
    return True


def never(_answers: Answers) -> bool:
    """Hold for no answers."""
    return False


@record(frozen=True, slots=True)
class Question:
    """One question, ``name`` is also that of its answer.

    ``read`` takes one line, which is not empty, and the answers so far; it raises ValueError with one sentence in
    English. ``wrong`` says the same in German, as well as that can be said beforehand. An answer that is left empty is
    the ``default``; where that is empty too there is none, which means ``empty``, unless it is ``needed``. ``option``
    gives the answer on the command line; the answer to a question that wants a yes or no is a flag there. Where it
    ``takes_time`` to look at an answer, people are told.
    """

    name: str
    words: Bilingual
    read: Callable[[str, Answers], object]
    wrong: str = ""
    option: str = ""
    hint: Bilingual = NO_WORDS
    empty: Bilingual = NO_WORDS
    default: Callable[[Answers], str] = nothing
    needed: Callable[[Answers], bool] = never
    when: Callable[[Answers], bool] = always
    wants_yes_or_no: bool = False
    takes_time: bool = False

    def answer(self, text: str, answers: Answers) -> object:
        """Return what a line answers, or None for nothing.

        :raises ValueError: it is no answer.
        :raises InputError: it names a file that cannot be read.
        """
        if len(text) > _LONGEST:
            raise BilingualError(
                Bilingual(
                    f"it has {len(text):,} characters; more than {_LONGEST} are no answer",
                    f"Das sind {len(text)} Zeichen; mehr als {_LONGEST} sind keine Antwort.",
                )
            )
        line = text.strip() or self.default(answers)
        if not line:
            if self.needed(answers):
                raise BilingualError(Bilingual("this must be answered", "Hier braucht es eine Antwort."))
            return None
        return self.read(needed_text(line), answers)


def by_key(path: str) -> Callable[[str, Answers], object]:
    """Make the reader of what stands at a key of notify.toml."""
    return lambda text, _answers: read_value(tuple(path.split(".")), text)


def yes_or_no(name: str, words: Bilingual, option: str, **more: Any) -> Question:  # noqa: ANN401  # its fields
    """Make a question that wants a yes or no."""
    return Question(name, words, lambda text, _answers: text == "yes", option=option, wants_yes_or_no=True, **more)


def read_day(text: str, _answers: Answers) -> dt.date:
    """Return a day that is written in any usual way, if it can be only one."""
    meant = dates_meant(text)
    if len(meant) > 1:
        days = [str(day) for day in meant]
        raise BilingualError(
            Bilingual(
                f"{as_written(text)} may be {listed(days)}",
                f"Das kann {listed([in_words(day, 'de') for day in meant], 'oder')} heißen.",
            )
        )
    # the reader of notify.toml says what is wrong with any other text
    return meant[0] if meant else cast("dt.date", read_value(("change", "effective"), text))
