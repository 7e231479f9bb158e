"""The section [checks]: which of what is noticed in a text is meant so."""

from __future__ import annotations

import difflib

from notify.config.sections import About, Section, Type, declared_keys, setting
from notify.config.values import as_written, listed
from notify.core.check_names import CHECKS
from notify.core.record import record


def _names(value: object) -> tuple[str, ...]:
    """Return names of checks, each once. A variable gives one text for all of them."""
    given = [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise ValueError(f'{as_written(value)} is not a list of names; write it as ["advertising"]')
    names = [name.strip().lower() for name in given]
    for name in names:
        if name not in CHECKS:
            near = difflib.get_close_matches(name, CHECKS, 1)
            mend = f"did you mean {as_written(near[0])}?" if near else f"there are {listed([*CHECKS], 'and')}"
            raise ValueError(f"no check is called {as_written(name)}; {mend}")
    return tuple(dict.fromkeys(names))


CHECK_NAMES = Type("list of names of checks", _names)


@record(frozen=True, slots=True)
class CheckSettings:
    """The section [checks]."""

    silence: tuple[str, ...] = setting(
        CHECK_NAMES,
        About(
            "what is noticed in the text and is meant so: docs/checks.md has the names",
            "was am Text auffällt und so gemeint ist; die Namen stehen in docs/checks.md",
            ("advertising",),
            active=False,
            default="nothing",
        ),
        default=(),
    )


CHECK_SECTION = Section(
    ("checks",),
    About(
        "What is looked for in the text before anything is sent.",
        "Was vor dem Senden im Text gesucht wird.",
    ),
    declared_keys(CheckSettings),
    CheckSettings,
)
