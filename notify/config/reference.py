"""The reference of notify.toml, docs/configuration.md, written from the schema."""

from __future__ import annotations

import json
from typing import Any

from notify.config.schema import KEYS, SECTIONS
from notify.config.sections import Key, Section

_HEADINGS = ("Key", "Type", "Default", "Meaning", "Environment")
_NOTHING = "—"

_INTRODUCTION = """\
# Configuration

`notify.toml` stands in the campaign folder and says who writes, what changes, to whom, through which relay and how
fast. `notify init` writes one with notes beside every key. `notify preview` names everything that is wrong with it,
with the line.

Options ({options}) beat environment variables, which beat
`notify.toml`, which beats the defaults. With `--contacts`, `--template` and `--from` no `notify.toml` is needed.

A variable that is empty was not given. `NOTIFY_CONTACTS_FILES` may name several files, with `:` between them (`;` on
Windows), `NOTIFY_RELAY_RATE` several rates and `NOTIFY_RELAY_FROM` several senders, with commas. The variables of
`[[relay]]` are laid over the relay that `notify.toml` has; without one, `NOTIFY_RELAY_HOST` makes it.

The file has sections, each a header in brackets with its keys on the lines below. Unknown keys are errors. The type of
a key tells how its value is written: a duration is `"60s"`, `"2min"` or `"1h"`, a rate is `"30/min"`, `"400/hour"` or
`"2000/day"`, a date is `2026-12-01` without quotes, and with a time `2026-12-01T08:00`. A ramp is what the first day
allows, how that grows (`x1.5`, `+50%` or `+25`), and up to what: `"50/day, x1.5, 2000/day"`. Text stands in quotes,
also telephone numbers and postal codes. Paths are relative to the folder that `notify.toml` is in.

Neither password nor token of a relay ever stands in `notify.toml`. notify takes what `password_command` prints, else
the environment variable `NOTIFY_PASSWORD`, else the keyring's entry (`keyring set notify USER`; with the extra
`notify-circular[keyring]`), else it asks. Where a relay takes no passwords, `token_command` prints an access token; it
is run again after 45 minutes, or when the relay refuses the token. No shell sees these commands, though a word may
begin with `~/`; what needs one is written as `sh -c '…'`. They run in the folder that notify is started in. Those of
`[mailbox]` are the same, with the variable `NOTIFY_MAILBOX_PASSWORD`, and so is the `password_command` of `[ledger]`,
with `NOTIFY_LEDGER_PASSWORD`; without either PostgreSQL's own files tell the password: `~/.pgpass`, or what
`PGPASSFILE` names, or the service that stands behind `service=` in the `url`.
A database wants the extra `notify-circular[postgres]`.
"""


def reference() -> str:
    """Return every section and key with type, default, meaning and environment variable, as Markdown."""
    options = ", ".join(f"`{key.about.option}`" for key in KEYS if key.about.option)
    return "\n".join([_INTRODUCTION.format(options=options), *map(_section, SECTIONS)])


def _section(section: Section[Any]) -> str:
    """Write a section as a table, without the columns that would be empty in every row."""
    rows = [_row(key) for key in section.keys]
    used = [column for column in range(len(_HEADINGS)) if any(row[column] != _NOTHING for row in rows)]
    lines = [[line[column] for column in used] for line in (_HEADINGS, ("---",) * len(_HEADINGS), *rows)]
    return "\n".join(
        [f"## {section.header}", "", section.about.en, "", *(f"| {' | '.join(line)} |" for line in lines), ""]
    )


def _row(key: Key) -> tuple[str, ...]:
    variable = f"`{key.variable}`" if key.variable else _NOTHING
    return f"`{key.name}`", key.type.words, _default(key), key.about.en, variable


def _default(key: Key) -> str:
    if key.about.required:
        return "required"
    constant = f"`{json.dumps(key.default)}`" if key.default else _NOTHING
    return key.about.default or constant
