"""What a key that notify does not know was probably meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from notify.config.contacts import COLUMNS
from notify.config.ledger import LEDGER
from notify.config.lines import Place
from notify.config.schema import SECTIONS
from notify.config.sections import header
from notify.config.values import listed, printable

_NO_PASSWORDS = (
    "passwords never stand in this file: name a `password_command`, set NOTIFY_PASSWORD, put it into the keyring, "
    "or let notify ask for it"
)
_NO_DATABASE_PASSWORDS = (
    "passwords never stand in this file: name a `password_command`, set NOTIFY_LEDGER_PASSWORD, or put it into "
    "~/.pgpass or a service file of PostgreSQL"
)
_NO_TOKENS = "tokens never stand in this file: name a `token_command`, which prints one"
_NEVER_HERE = {
    "password": _NO_PASSWORDS,
    "passwort": _NO_PASSWORDS,
    "app_password": _NO_PASSWORDS,
    "token": _NO_TOKENS,
    "access_token": _NO_TOKENS,
}

#: What other programs call some keys.
_SYNONYMS = {
    "hostname": "host",
    "login": "user",
    "mail": "email",
    "provider": "preset",
    "server": "host",
    "smtp": "host",
    "username": "user",
}

#: The names of the keys of each section.
_NAMES = {section.path: [key.name for key in section.keys] for section in SECTIONS}


def unknown(place: Place, value: object) -> str:
    """Return one sentence on an unknown key or section: where it belongs, what it resembles, or what there is."""
    *enclosing, name = (str(part) for part in place if isinstance(part, str))
    section = tuple(enclosing)
    if never := _NEVER_HERE.get(name.lower()):
        return _NO_DATABASE_PASSWORDS if never is _NO_PASSWORDS and section == LEDGER.path else never
    if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return _unknown_section((*section, name))
    return _belongs(section, name) or _resembles(section, name) or _known(section, name)


def is_mistyped(
    path: tuple[str, ...], section: Mapping[str, object], values: Mapping[str, object] | None = None
) -> bool:
    """Tell whether a key that is missing stands there under a name, or in a section, that is told to be mistyped.

    :param section: what stands in its section.
    :param values: all sections.
    """
    *enclosing, name = path
    names, sections = _NAMES[tuple(enclosing)], [known[0] for known in _NAMES if len(known) == 1]
    keys = [written for written in section if written not in names]
    headers = [written for written in values or () if written not in sections]
    return any(name in _near(written, names) for written in keys) or any(
        enclosing[0] in _near(written, sections) for written in headers
    )


def _unknown_section(path: tuple[str, ...]) -> str:
    written = header(tuple(printable(part) for part in path))
    same = [known for known in _NAMES if known[-1] == path[-1]]
    near = same or [tuple(found.split(".")) for found in _near(".".join(path), [".".join(known) for known in _NAMES])]
    mend = f"did you mean {header(near[0])}?" if near else f"the sections are {listed([*map(header, _NAMES)], 'and')}"
    return f"unknown section {written}: {mend}"


def _belongs(section: tuple[str, ...], name: str) -> str:
    """Name the other section that has this key. A field of a contact may be called as a key elsewhere is."""
    if section == COLUMNS.path[:1] and name in _NAMES[COLUMNS.path]:
        return f"`{name}` belongs in {COLUMNS.header}"
    others = [header(path) for path, names in _NAMES.items() if name in names and path != COLUMNS.path]
    return f"`{name}` belongs in {listed(others)}" if others else ""


def _resembles(section: tuple[str, ...], name: str) -> str:
    if near := _near(name, _NAMES.get(section, [])):
        return f"unknown key `{printable(name)}`: did you mean `{near[0]}`?"
    for path, names in _NAMES.items():
        if COLUMNS.path not in (path, section) and (near := _near(name, names)):
            return f"unknown key `{printable(name)}`: did you mean `{near[0]}` in {header(path)}?"
    return ""


def _known(section: tuple[str, ...], name: str) -> str:
    if not section:
        return f"unknown key `{printable(name)}` before the first section"
    return f"unknown key `{printable(name)}`: {header(section)} has {listed(_NAMES[section], 'and')}"


def _near(name: str, names: list[str]) -> list[str]:
    if (meant := _SYNONYMS.get(name.lower())) in names:
        return [meant]
    # with difflib's 0.6 `kind` would be `id`, and `surname` would be `name`
    return get_close_matches(name.lower().replace("-", "_"), names, 1, 0.75)
